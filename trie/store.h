/* The rows of a store and who refers to them. */
#ifndef TRIE_STORE_H
#define TRIE_STORE_H

#include "trie/node.h"

/* One row may be a node and a value at once: contracts store what they like. In a partial store nothing is counted, and
 * `node` and `value` are for whoever fills it. */
struct row {
    struct trie_hash hash; /* first: hash_table.h */
    uint32_t size;
    uint32_t node_refs;    /* from nodes above, and as a root */
    uint32_t value_refs;
    bool node : 1, value : 1; /* as what it is there; a node holds references to what is below it */
    bool linked : 1;       /* behind the data there is a struct row_links */
    bool given : 1;        /* in a partial store: it came in by trie_partial_add or row_view */
    bool borrowed : 1;     /* the data is the address of the bytes, which are somebody else's */
    uint8_t marks;         /* in a partial store: by which recorders */
    union {
        uint32_t reach;    /* while a snapshot is read: nibbles to the end of the longest key below */
        struct row *next;  /* while it waits to be freed */
    };
    uint8_t data[];
};

/* A branch that an update has changed is, but for a child or two, as it was, and mostly the old one is let go soon
 * after. To count and uncount all the others each time would mean to look up sixteen rows twice. So the new one, the
 * heir, holds references only to what the old one, its origin, has not at the same place; what they share is the
 * origin's until it is let go, and the heir's then. A node has at most one heir. */
struct row_links {
    struct row *origin, *heir;
};

static inline struct bytes row_bytes(const struct row *r)
{
    const uint8_t *data = r->data;
    if (r->borrowed) memcpy(&data, r->data, sizeof data);
    return bytes_of(data, r->size);
}

/* A row outside any store, with its hash, to be freed with free; `linked`: it can have an origin and an heir.
 * TRIE_LONG_VALUE, STATUS_NO_MEMORY. */
enum status row_new(struct bytes data, bool linked, struct row **out, struct error *e);

/* The same, given, without a copy of the bytes, which must stay. */
enum status row_view(struct bytes data, struct row **out, struct error *e);

/* Puts a row into the store, for which there is room in its table, or frees it if there is one already; *added (may be
 * null) says which. The row that is in the store then. */
struct row *store_add(struct trie_store *s, struct row *r, bool *added);

/* Makes a row of a store that counts a node. All that the node refers to must be there. `origin` (may be null): a node
 * of the store with much the same below it. */
void store_make_node(struct trie_store *s, struct row *r, struct row *origin);

/* Null: not there. */
struct row *store_find(const struct trie_store *s, const struct trie_hash *hash);

#endif
