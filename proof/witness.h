/* The rows of a partial state as a set: what they are reached by. For build.c and light.c. */
#ifndef PROOF_WITNESS_H
#define PROOF_WITNESS_H

#include "proof/refusal.h"

struct witness_row {
    struct trie_hash hash;
    struct bytes bytes;
    bool used;     /* as a node or as a value */
    bool as_node;
};

struct witness {
    struct witness_row *rows; /* by hash */
    size_t count;
};

/* Hashes the rows, of which no two may be equal. Release with witness_free. STATUS_NO_MEMORY. */
enum status witness_of(const struct bytes *rows, size_t count, struct witness *out, struct error *e);
void witness_free(struct witness *w);

/* Null: there is none of that hash. */
struct witness_row *witness_find(const struct witness *w, const struct trie_hash *hash);

/* Marks every row that is reached from the root through rows of the set, as a node or as a value. Rows that are not
 * there are passed over. STATUS_INVALID, with *r filled: a row that stands where a node must be and is none, or is none
 * that may be there; STATUS_NO_MEMORY. */
enum status witness_walk(struct witness *w, const struct trie_hash *root, struct refusal *r, struct error *e);

#endif
