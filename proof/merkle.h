/* Binary Merkle trees as NEAR's blocks have them: over outcomes, receipts, blocks. Two neighbours are joined by SHA-256
 * of both hashes; the last node of a level with an odd number of them goes up unchanged; without leaves the root is
 * zero.
 * Source: near-primitives 0.38.0, merkle.rs.
 *
 * A leaf here is a hash: for items, SHA-256 of their Borsh bytes. Nothing allocates but
 * what says so. */
#ifndef PROOF_MERKLE_H
#define PROOF_MERKLE_H

#include "base/arena.h"
#include "near/crypto_hash.h"
#include "near/record_reader.h"

enum { MERKLE_PATH_MAX = 64 }; /* levels of a tree with at most 2^64 leaves */

/* Where the neighbour stands. In the protocol's order (Borsh). */
enum merkle_direction { MERKLE_LEFT = 0, MERKLE_RIGHT = 1 };

struct merkle_path_item {
    struct crypto_hash hash; /* of the neighbour */
    enum merkle_direction direction;
};

/* From the leaf up. */
struct merkle_path {
    uint32_t length;
    struct merkle_path_item items[MERKLE_PATH_MAX];
};

struct crypto_hash merkle_combine(const struct crypto_hash *left, const struct crypto_hash *right);

/* The root; `leaves` may be null if count is 0. */
struct crypto_hash merkle_root(const struct crypto_hash *leaves, size_t count);

/* The root that the path leads to from the leaf. */
struct crypto_hash merkle_path_root(const struct merkle_path *path, const struct crypto_hash *leaf);

/* Whether the path has the shape of the one for that leaf in a tree of `count` leaves. A root alone does not say how
 * many leaves there are, so a path that must belong to a certain leaf has to pass this, too. */
bool merkle_path_is_of(const struct merkle_path *path, uint64_t index, uint64_t count);

/* ---- whole trees -------------------------------------------------------------------------------------------------- */

/* A tree with all its nodes, so that each is computed once for all paths. */
struct merkle_levels {
    const struct crypto_hash *nodes[MERKLE_PATH_MAX + 1]; /* leaves first; the last level is the root */
    size_t counts[MERKLE_PATH_MAX + 1];
    uint32_t count;
};

/* The leaves must stay; what is above them comes from `arena`. False: no memory. */
bool merkle_levels_of(const struct crypto_hash *leaves, size_t count, struct arena *arena, struct merkle_levels *out);
struct crypto_hash merkle_levels_root(const struct merkle_levels *l);
/* The path of the leaf with that index. False: there is none; *out is then unchanged. */
bool merkle_levels_path(const struct merkle_levels *l, size_t index, struct merkle_path *out);

/* ---- trees that grow --------------------------------------------------------------------------------------------- */

/* Leaves one after the other, without keeping them; zero-initialise. After n leaves it holds one hash for each bit that
 * is set in n. */
struct merkle_tree {
    uint64_t count;
    struct crypto_hash peaks[MERKLE_PATH_MAX]; /* largest subtree first */
};

/* Up to 2^64 - 1 leaves. */
void merkle_tree_add(struct merkle_tree *t, const struct crypto_hash *leaf);
struct crypto_hash merkle_tree_root(const struct merkle_tree *t);

/* ---- Borsh: a count, then hash and direction of each item -------------------------------------------------------- */

void merkle_path_write(const struct merkle_path *path, struct buffer *out);
/* Refuses more than MERKLE_PATH_MAX items. */
struct merkle_path merkle_path_read(struct record_reader *r);

#endif
