/* Outcome proofs as light clients get them: that an outcome is one of those of a block, and that the block is one of
 * those before a head that the client trusts.
 *
 * From the outcome's leaf a path leads to the outcome root of its shard, from that root (as a leaf: hashed again)
 * another one to the outcome root of the block, which the block's header holds; the hash of the header leads by a third
 * path to the block Merkle root of the head.
 * Source: NEAR protocol specification, light client; near-primitives 0.38.0, views.rs, block_header.rs. */
#ifndef PROOF_OUTCOME_PROOF_H
#define PROOF_OUTCOME_PROOF_H

#include "near/outcome.h"
#include "proof/merkle.h"
#include "proof/refusal.h"

/* What light clients see of a block's header. */
struct block_header_lite {
    struct crypto_hash prev_block_hash, inner_rest_hash;
    uint64_t height, timestamp; /* nanoseconds */
    struct crypto_hash epoch_id, next_epoch_id, prev_state_root, outcome_root, next_bp_hash, block_merkle_root;
};

/* The hash of the block. STATUS_NO_MEMORY. */
enum status block_header_lite_hash(const struct block_header_lite *h, struct crypto_hash *out, struct error *e);

struct outcome_proof {
    struct execution_outcome outcome;  /* its error, compute usage and profile are not part of what is proven */
    struct crypto_hash block_hash;
    struct merkle_path path;           /* to the shard's outcome root */
    struct merkle_path root_path;      /* from there to the block's outcome root */
    struct block_header_lite header;
    struct merkle_path block_path;     /* from the block's hash to the head's block Merkle root */
};

/* What the proof leads to. */
struct outcome_proof_roots {
    struct crypto_hash leaf, shard_outcome_root, outcome_root, block_hash, head_root;
};

/* Checks all steps up to the block's hash, and the last one if `head_root` is not null: without it nothing says that
 * there is such a block. STATUS_INVALID: *r and *e say what does not hold; STATUS_NO_MEMORY. *roots is filled as far as
 * it was computed. */
enum status outcome_proof_verify(const struct outcome_proof *p, const struct crypto_hash *head_root,
                                 struct outcome_proof_roots *roots, struct refusal *r, struct error *e);

#endif
