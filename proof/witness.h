/* The rows of a partial state: hashed and looked up in one place for all that is done with them, and what they are
 * reached by. For build.c, light.c and full.c. */
#ifndef PROOF_WITNESS_H
#define PROOF_WITNESS_H

#include "proof/refusal.h"
#include "trie/store.h"

/* A row's `node` and `value` say as what it is reached. */
struct witness {
    struct trie_store store;  /* partial; the rows, and what updates have made since */
    struct row **rows;        /* in the order in which they were given */
    size_t count;
};

/* Marks of the recorders (trie.h): which rows checking reads, and which ones execution. */
enum { WITNESS_CHECKED = 1, WITNESS_EXECUTED = 2 };

/* Takes the rows in, of which no two may be equal; their bytes must stay. Release with witness_free; on failure *out is
 * zero. STATUS_LIMIT, STATUS_NO_MEMORY. */
enum status witness_of(const struct bytes *rows, size_t count, struct witness *out, struct error *e);
void witness_free(struct witness *w);

/* Null: none of that hash was given. */
struct row *witness_find(const struct witness *w, const struct trie_hash *hash);

/* Finds what is reached from the root through the rows that were given, as a node or as a value; what was not is passed
 * over. STATUS_INVALID, with *r filled: a row that stands where a node must be and is none, or is none that may be
 * there; STATUS_NO_MEMORY. */
enum status witness_walk(struct witness *w, const struct trie_hash *root, struct refusal *r, struct error *e);

/* New values that are there count as reached, too. */
void witness_reach_new_values(const struct witness *w, const struct proof_change *changes, uint32_t count);

static inline bool witness_reached(const struct row *row)
{
    return row->node || row->value;
}

#endif
