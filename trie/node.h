/* Nodes as rows have them: Borsh of a tag, the fields and the memory usage; docs/trie.md. */
#ifndef TRIE_NODE_H
#define TRIE_NODE_H

#include "trie/trie.h"

enum node_kind {
    NODE_LEAF,      /* key and value */
    NODE_EXTENSION, /* key and one child */
    NODE_BRANCH,    /* up to 16 children and, perhaps, a value */
};

/* A view into the row it was decoded from. */
struct node {
    enum node_kind kind;
    bool has_value;
    uint16_t bitmap;         /* branch: bit i is set if there is a child i */
    uint64_t memory_usage;
    struct trie_value value;
    struct bytes key;        /* leaf and extension: hex-prefix encoded nibbles, at least one byte */
    const struct trie_hash *children; /* one for each bit of the bitmap; an extension's one child */
};

/* The row must be exactly one node in its canonical form: nibbles with the right prefix, an extension with at least one
 * of them, a branch with at least two children or one and a value, memory usage exact for a leaf and otherwise at least
 * its own. TRIE_BAD_NODE or TRIE_BAD_MEMORY_USAGE, with the offset in the row. */
enum status node_decode(struct bytes row, struct node *out, struct error *e);

/* The key's nibbles. */
size_t node_nibble_count(const struct node *n);
uint8_t node_nibble(const struct node *n, size_t i);

/* The child at this nibble of a branch, or null. */
const struct trie_hash *node_child(const struct node *n, unsigned nibble);
unsigned node_child_count(const struct node *n);

/* Memory usage of the node without its children. */
uint64_t node_own_usage(const struct node *n);

/* That `child` may stand under `parent`, as far as the two tell: TRIE_BAD_SHAPE, TRIE_BAD_MEMORY_USAGE. */
enum status node_check_child(const struct node *parent, const struct node *child, struct error *e);

/* ---- writing ---------------------------------------------------------------------------------------------------- */

/* Nibbles, one a byte. */
struct nibbles {
    const uint8_t *data;
    size_t count;
};

/* Length of the hex-prefix encoding of so many nibbles. */
static inline uint64_t node_key_size(size_t nibbles)
{
    return nibbles / 2 + 1;
}

/* Own memory usage: of a node with a key (leaf or extension), of a branch, of a value. */
static inline uint64_t node_usage_of_key(size_t nibbles)
{
    return 50 + 2 * node_key_size(nibbles);
}
enum { NODE_USAGE_OF_BRANCH = 50, NODE_USAGE_OF_VALUE = 50 /* and its length */ };

/* Append a row. `children` of a branch: null where there is none; `value`: null for none. */
void node_write_leaf(struct buffer *b, struct nibbles key, const struct trie_value *value, uint64_t memory_usage);
void node_write_extension(struct buffer *b, struct nibbles key, const struct trie_hash *child, uint64_t memory_usage);
void node_write_branch(struct buffer *b, const struct trie_value *value,
                       const struct trie_hash *const children[static 16], uint64_t memory_usage);

#endif
