/* One update while it is made: the nodes that change, unpacked, linked to those that do not by their hashes. Nothing
 * is hashed before the end. */
#ifndef TRIE_BATCH_H
#define TRIE_BATCH_H

#include "base/arena.h"
#include "trie/read.h"
#include "trie/store.h"

struct work_node;

/* What a node or the root refers to: a changed node, one in the store, or (both null) nothing. */
struct link {
    struct work_node *node;
    const struct trie_hash *hash;
};

struct work_node {
    enum node_kind kind;
    bool has_value, new_value;
    struct row *origin;          /* the row that it was unpacked from, if any */
    struct nibbles key;
    struct trie_value old_value; /* unless new_value is set */
    struct bytes value;          /* if it is: the caller's bytes */
    uint64_t below;              /* sum of the memory usage of the children that are linked by hash */
    uint64_t memory_usage;       /* once it is encoded */
    struct link *children;       /* 16 of a branch, 1 of an extension */
};

struct new_row {
    struct row *row, *origin;    /* origin: as of a work_node */
    bool node;
};

struct batch {
    const struct trie *trie;
    bool root_only;              /* no rows are made */
    struct arena arena;          /* every work_node and its nibbles */
    struct link root;
    struct trie_old old;         /* of the key that was changed last */
    struct link **path;          /* on the way to the key being removed */
    uint32_t path_count, path_capacity;
    struct new_row *rows;        /* what is to go into the store, children before their parents */
    uint32_t row_count, row_capacity;
    struct buffer scratch;
    struct error *error;
};

/* Unpacks a key into the arena; data is null if there is no memory. */
struct nibbles batch_nibbles(struct batch *b, struct bytes key);

/* A new node with its (empty) children; null without memory. */
struct work_node *batch_node(struct batch *b, enum node_kind kind, struct nibbles key);

/* Makes the node that is linked by hash a changed one; `parent` is the node that has the link (null: it is the root),
 * `way` the nibbles of the path to it. Nothing to do if it is changed already. */
enum status batch_load(struct batch *b, struct link *link, struct work_node *parent, struct nibbles way);

/* One change. `value` stays the caller's and must stay. */
enum status batch_set(struct batch *b, struct nibbles key, struct bytes value);
enum status batch_remove(struct batch *b, struct nibbles key);

/* Encodes and hashes what has changed; the rows are then in b->rows, unless b->root_only is set, the root's hash in
 * *root. */
enum status batch_encode(struct batch *b, struct trie_hash *root, uint64_t *memory_usage);

/* Puts the rows into the store, and a reference to the root. Nothing has changed if it fails. */
enum status batch_install(struct batch *b, const struct trie_hash *root);

void batch_free(struct batch *b);

/* Without the first `count`. */
static inline struct nibbles nibbles_after(struct nibbles n, size_t count)
{
    return (struct nibbles){n.data + count, n.count - count};
}
static inline struct nibbles nibbles_first(struct nibbles n, size_t count)
{
    return (struct nibbles){n.data, count};
}

#endif
