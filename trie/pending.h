/* The changed keys of an update, in order, each with at least one change. Kept as an array of sorted blocks, so that
 * every operation takes little time whatever the keys are. */
#ifndef TRIE_PENDING_H
#define TRIE_PENDING_H

#include "trie/trie.h"

enum pending_state { PENDING_NOTHING, PENDING_SET, PENDING_REMOVED };

struct pending_value {
    enum pending_state state;
    struct bytes value; /* owned */
};

struct pending_entry {
    struct pending_entry *next; /* of the uncommitted ones */
    struct pending_value committed, uncommitted;
    uint32_t key_size;
    uint8_t key[];
};

static inline struct bytes pending_key(const struct pending_entry *p)
{
    return bytes_of(p->key, p->key_size);
}

/* What counts: the uncommitted change, or else the committed one. */
static inline const struct pending_value *pending_now(const struct pending_entry *p)
{
    return p->uncommitted.state ? &p->uncommitted : &p->committed;
}

/* Where an entry is, or would be put in. */
struct pending_place {
    uint32_t block, index;
};

/* The first entry whose key is not less. */
struct pending_place pending_seek(const struct trie_update *u, struct bytes key);
/* The entry at a place, or null behind the last one. The place is put right if it is at the end of a block. */
struct pending_entry *pending_at(const struct trie_update *u, struct pending_place *place);
struct pending_entry *pending_find(const struct trie_update *u, struct bytes key);

/* The key's entry, a new one without changes if there is none; null without memory. */
struct pending_entry *pending_make(struct trie_update *u, struct bytes key);

/* Takes an entry out and frees it. */
void pending_remove(struct trie_update *u, struct pending_entry *p);

void pending_free(struct trie_update *u);

#endif
