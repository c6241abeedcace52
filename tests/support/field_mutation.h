/* Changing one field of a proof in a way that its type allows, and making anew what follows from it: digest, outcome
 * roots, Merkle paths. */
#ifndef TESTS_SUPPORT_FIELD_MUTATION_H
#define TESTS_SUPPORT_FIELD_MUTATION_H

#include "base/error.h"
#include "tests/support/field_tree.h"

/* A sequence of numbers that a seed determines. */
struct field_random {
    uint64_t state;
};
uint64_t field_random_next(struct field_random *r);
uint32_t field_random_below(struct field_random *r, uint32_t n);

/* Changes the node, or how many there are of it. False: there is no way (structures change by their fields), or no
 * memory; the value may be the same as before. */
bool field_mutate(struct field_node *n, struct field_random *r, struct arena *arena);

/* A transaction, receipt or part of one with random cases and values, such as the decoder accepts. Null: no memory. */
struct field_node *field_tree_random(const struct proof_field *f, enum proof_type type, struct field_random *r,
                                     struct arena *arena);

/* A node to change: first a field of those that the tree has, then one of its nodes. Null: no memory. */
struct field_node *field_choose(struct field_node *root, struct field_random *r, struct arena *arena);

enum proof_repair {
    REPAIR_DIGEST = 1,
    REPAIR_OUTCOMES = 2, /* roots and paths; the digest, too */
    REPAIR_COUNTERS = 4, /* those that follow from the changes; the digest, too */
    REPAIR_CODES = 8,    /* as many as there are hashes, all of them left out */
};
/* What can be made anew without undoing the change. */
unsigned field_repairs(const struct field_node *changed);

/* Writes the tree with these repairs. What cannot be decoded gets a digest alone. False: no memory. */
bool proof_repaired(struct field_node *root, unsigned repairs, struct arena *arena, struct buffer *out);

#endif
