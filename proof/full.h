/* Checking an execution proof by executing again what it says, on its partial state alone, and comparing everything.
 * Nobody needs to be trusted: an attestation adds nothing.
 *
 * What executes is handed in, so that a proof can be checked by whatever applies chunks; it must be deterministic. */
#ifndef PROOF_FULL_H
#define PROOF_FULL_H

#include "base/limits.h"
#include "proof/build.h"
#include "proof/light.h"

struct executor {
    void *context;
    /* The code of a contract that may be run. It stays until the verification ends. */
    enum status (*add_code)(void *context, const struct crypto_hash *hash, struct bytes code, struct error *e);
    /* As apply_chunk (runtime/runtime.h): records what it reads with state->recorder, gives new rows to state->store,
     * and says with state->missing which row is not there. The chunk's result must stay until `release`. */
    enum status (*apply)(void *context, const struct chunk *chunk, const struct trie *state, struct chunk_result *out,
                         struct error *e);
    void (*release)(void *context, struct chunk_result *result);
    /* Whether the code of this hash has been run since add_code. Null: the executor cannot say; contracts that are
     * listed without being run are then not found out (full_report.codes_checked is false). */
    bool (*has_run)(void *context, const struct crypto_hash *hash);
    /* The contracts that were run without add_code, as their code is in the state or was deployed; *position is 0 at
     * first. False: there is no other. Null: there are none, as the executor runs only what was added. */
    bool (*next_found)(void *context, size_t *position, struct crypto_hash *hash);
};

struct full_options {
    const struct executor *executor;
    const struct attestation_verifiers *verifiers; /* as for proof_verify_light */
    const struct bytes *codes;                     /* those that the proof leaves out, in any order */
    size_t code_count;
    const struct limits *limits;                   /* gas, memory, those of proof_check_limits; null: the standard */
};

struct full_report {
    struct light_report light;
    bool codes_checked;
};

/* All of proof_verify_light, then the execution, with the books of each block (balance.h); it ends at the first outcome
 * or outgoing receipt that is not the one that the proof claims. STATUS_OK: everything is as the proof says, to the
 * last byte. STATUS_INVALID: out->light.refusal and *e say what is not; STATUS_LIMIT: *e says which limit was reached;
 * STATUS_NO_MEMORY. */
enum status proof_verify_full(const struct execution_proof *p, const struct full_options *options,
                              struct full_report *out, struct error *e);

/* How large the proof is, before anything is made of it: shards, blocks, receipts, rows. STATUS_LIMIT. */
enum status proof_check_limits(const struct execution_proof *p, const struct limits *limits, struct error *e);

/* Compares one outcome, or one outgoing receipt, of a block; `number` may be beyond those that are claimed. */
enum status proof_compare_outcome(const struct proof_block *claimed, uint32_t index, uint32_t number,
                                  const struct proof_outcome *found, struct refusal *r);
enum status proof_compare_outgoing(const struct proof_block *claimed, uint32_t index, uint32_t number,
                                   struct bytes found, struct refusal *r);
/* That the proof claims an outcome of this number with this id, which is about to be executed. */
enum status proof_compare_id(const struct proof_block *claimed, uint32_t index, uint32_t number,
                             const struct crypto_hash *id, struct refusal *r);

/* Compares a block with what execution gave: state root, every outcome field by field, outgoing receipts byte by byte.
 * `found` is made by proof_block_of; `index` is for the refusal. STATUS_INVALID: *r is filled. */
enum status proof_compare_block(const struct proof_block *claimed, const struct proof_block *found, uint32_t index,
                                struct refusal *r);

/* Compares what follows from all blocks: changes, counters. */
enum status proof_compare_totals(const struct execution_proof *claimed, const struct execution_proof *found,
                                 struct refusal *r);

#endif
