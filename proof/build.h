/* Making execution proofs of what was executed. */
#ifndef PROOF_BUILD_H
#define PROOF_BUILD_H

#include "proof/refusal.h"

/* One chunk that apply_chunk was given, and what it gave. All chunks of a proof have the same protocol version, chain,
 * shards and shard index. */
struct proof_step {
    const struct chunk *chunk;
    const struct chunk_result *result;
};

struct proof_code {
    struct bytes code;
    bool leave_out;  /* name the hash alone */
};

struct proof_parts {
    const struct trie *old;                /* the state before the first step; its recorder is not used */
    const struct proof_step *steps;        /* in the order of execution; at least one */
    uint32_t step_count;
    const struct trie_recorder *recorder;  /* of all steps: what they read */
    const struct proof_code *codes;        /* of the contracts that were run, each once, in any order */
    uint32_t code_count;
};

/* Puts a proof together: the statement, and the smallest witness that is enough for light.h and full.h: what the steps
 * read of the old state, what it takes to look up the changed keys and to change them all at once, the new values.
 * The proof refers to the parts, which must stay. Release with execution_proof_free; on failure *out is zero.
 * STATUS_INVALID: the steps' changes do not lead to their last state root, or a row is missing in `old`;
 * STATUS_USAGE: no steps, or steps that do not belong together; STATUS_NO_MEMORY. */
enum status proof_build(const struct proof_parts *parts, struct execution_proof *out, struct error *e);

/* What one step adds to a proof; memory comes from `arena`. STATUS_NO_MEMORY. */
enum status proof_block_of(const struct proof_step *step, struct arena *arena, struct proof_block *out,
                           struct error *e);

/* Adds the attestation to a proof: `evidence` is for execution_proof_statement(p). Both texts must stay.
 * STATUS_USAGE: the scheme's name is not one (proof_scheme_valid). */
enum status proof_attest(struct execution_proof *p, struct bytes scheme, struct bytes evidence, struct error *e);

#endif
