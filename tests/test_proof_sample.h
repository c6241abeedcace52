/* Proofs to test with. What is proven is a *script*: chunks, each with what an execution of it gives, reads and
 * changes. Playing it is deterministic and reads and changes a real trie, so that it can stand for an executor where it
 * does not matter what receipts mean. */
#ifndef TESTS_TEST_PROOF_SAMPLE_H
#define TESTS_TEST_PROOF_SAMPLE_H

#include <stdio.h>
#include <stdlib.h>

#include "proof/proof.h"
#include "proof/full.h"

struct script_step {
    struct chunk chunk;
    struct chunk_result result;   /* without the state root */
    const struct bytes *reads;    /* keys whose values are read */
    uint32_t read_count;
};

struct script {
    struct script_step *steps;
    uint32_t step_count;
    unsigned codes_added;
    struct crypto_hash run;       /* hash of the contract that was run */
};

/* ---- as an executor ---------------------------------------------------------------------------------------------- */

static inline enum status script_add_code(void *context, const struct crypto_hash *hash, struct bytes code,
                                          struct error *e)
{
    struct script *s = context;
    (void)hash;
    if (code.size == 0) return error_set(e, STATUS_INVALID, 0, ERROR_NO_OFFSET, "a contract of no bytes");
    s->codes_added++;
    return STATUS_OK;
}

static inline enum status script_apply(void *context, const struct chunk *chunk, const struct trie *state,
                                       struct chunk_result *out, struct error *e)
{
    const struct script *s = context;
    const struct script_step *step = NULL;
    enum status status = STATUS_OK;
    for (uint32_t i = 0; i < s->step_count; i++)
        if (s->steps[i].chunk.block_height == chunk->block_height) step = &s->steps[i];
    if (!step) return error_set(e, STATUS_INVALID, 0, ERROR_NO_OFFSET, "a block that nobody knows");
    for (uint32_t i = 0; i < step->read_count && status == STATUS_OK; i++) {
        struct bytes value;
        bool found;
        status = trie_get(state, step->reads[i], NULL, &found, &value, e);
    }
    *out = step->result;
    if (status != STATUS_OK) return status;
    return trie_apply(state, out->changes, out->change_count, &out->state_root, &out->memory_usage, e);
}

static inline void script_release(void *context, struct chunk_result *r)
{
    (void)context;
    *r = (struct chunk_result){0};
}

static inline bool script_has_run(void *context, const struct crypto_hash *hash)
{
    const struct script *s = context;
    return crypto_hash_equal(&s->run, hash);
}

static inline struct executor script_executor(struct script *s)
{
    return (struct executor){s, script_add_code, script_apply, script_release, script_has_run, NULL};
}

/* Plays the script from `old` and makes a proof of it, encoded. */
static inline enum status script_prove(struct script *s, const struct trie *old, const struct proof_code *codes,
                                       uint32_t code_count, struct bytes scheme, struct buffer *out, struct error *e)
{
    enum { MOST = 64 };
    struct trie_recorder recorder = {0};
    struct trie state = {old->store, old->root, &recorder, NULL};
    struct chunk_result results[MOST];
    struct proof_step steps[MOST];
    struct execution_proof p = {0};
    struct crypto_hash statement;
    uint32_t done = 0;
    enum status status = STATUS_OK;
    for (; done < s->step_count && done < MOST && status == STATUS_OK; done++) {
        status = script_apply(s, &s->steps[done].chunk, &state, &results[done], e);
        if (status != STATUS_OK) break;
        steps[done] = (struct proof_step){&s->steps[done].chunk, &results[done]};
        state.root = results[done].state_root;
    }
    const struct proof_parts parts = {.old = old, .steps = steps, .step_count = done, .recorder = &recorder,
                                      .codes = codes, .code_count = code_count};
    if (status == STATUS_OK) status = proof_build(&parts, &p, e);
    if (status == STATUS_OK && scheme.size) {
        status = execution_proof_statement(&p, &statement, e);
        if (status == STATUS_OK) status = proof_attest(&p, scheme, crypto_hash_bytes(&statement), e);
    }
    if (status == STATUS_OK) {
        execution_proof_encode(&p, out);
        if (out->failed) status = error_no_memory(e);
    }
    execution_proof_free(&p);
    while (done > 0) trie_release(old->store, &results[--done].state_root);
    trie_recorder_free(&recorder);
    return status;
}

/* The attestation of the tests: the evidence is the statement's hash. */
static inline enum status sample_attestation(void *context, const struct crypto_hash *statement, struct bytes evidence,
                                             struct error *e)
{
    (void)context;
    if (bytes_equal(crypto_hash_bytes(statement), evidence)) return STATUS_OK;
    return error_set(e, STATUS_INVALID, 0, ERROR_NO_OFFSET, "it is for another statement");
}

/* Puts the right digest at the end. */
static inline void sample_seal(uint8_t *proof, size_t size)
{
    const struct crypto_hash digest = crypto_hash_of(bytes_of(proof, size - CRYPTO_HASH_SIZE));
    memcpy(proof + size - CRYPTO_HASH_SIZE, digest.bytes, CRYPTO_HASH_SIZE);
}

/* ---- a small script with a little of everything ------------------------------------------------------------------ */

#define SAMPLE_CODE "\0asm\1\0\0\0"

struct sample {
    struct arena arena;
    struct trie_store store;
    struct trie old;
    struct script script;
    struct proof_code code;
    struct execution_error error;
    struct gas_profile profile;
    struct receipt receipts[2], sent;
    const struct receipt *outgoing[1];
};

static inline struct crypto_hash sample_hash(const char *text)
{
    return crypto_hash_of(bytes_of_string(text));
}

static inline void sample_context(struct sample *s, struct chunk *c, uint64_t height)
{
    static const uint64_t shard_ids[] = {3, 1};
    static struct bandwidth_request request = {3, {1, 2, 3, 4, 5}};
    struct account_id *boundary = arena_alloc(&s->arena, sizeof *boundary);
    struct account_balance *validator = arena_alloc(&s->arena, sizeof *validator);
    struct validator_accounts_update *update = arena_alloc(&s->arena, sizeof *update);
    struct shard_congestion *congestion = arena_array(&s->arena, 2, sizeof *congestion);
    struct shard_bandwidth_requests *bandwidth = arena_alloc(&s->arena, sizeof *bandwidth);
    if (!boundary || !validator || !update || !congestion || !bandwidth) return;
    *boundary = account_id_of("m.near");
    *validator = (struct account_balance){account_id_of("validator.near"), {5, 6}};
    *update = (struct validator_accounts_update){.stake_info = validator, .stake_info_count = 1, .has_treasury = true,
                                                 .treasury = account_id_of("treasury.near")};
    congestion[0] = (struct shard_congestion){3, {{1, 2}, {3, 4}, 5, 6}, 7};
    congestion[1] = (struct shard_congestion){1, {{9, 0}, {8, 0}, 7, 6}, 0};
    *bandwidth = (struct shard_bandwidth_requests){1, {&request, 1}};
    *c = (struct chunk){
        .parameters = parameters_of(84), .protocol_version = 84, .chain_id = bytes_of_string("localnet"),
        .shards = {shard_ids, boundary, 2}, .shard_index = 1, .block_height = height, .block_timestamp = height * 1000,
        .epoch_height = 2, .prev_block_hash = sample_hash(height == 10 ? "previous" : "first"),
        .random_seed = sample_hash(height == 10 ? "seed" : "another seed"),
        .gas_price = {100000000, 0}, .gas_limit = 1000000000000000, .is_new_chunk = true, .congestion = congestion,
        .congestion_count = 2, .bandwidth_requests = bandwidth, .bandwidth_request_count = 1, .validators = validator,
        .validator_count = 1, .minimum_stake = {9, 0}, .validator_update = height == 10 ? update : NULL};
}

static inline void sample_outcomes(struct sample *s, struct chunk_result *r, uint32_t count)
{
    static const struct bytes logs[] = {{(const uint8_t *)"first log", 9}, {(const uint8_t *)"second", 6}};
    static const struct crypto_hash none;
    struct execution_outcome *o = arena_array(&s->arena, count, sizeof *o);
    struct crypto_hash *ids = arena_array(&s->arena, count, sizeof *ids);
    struct crypto_hash *made = arena_array(&s->arena, count, sizeof *made);
    if (!o || !ids || !made) return;
    memset(&s->error, 0, sizeof s->error);
    s->error.kind = EXECUTION_ERROR_ACTION;
    s->error.action.kind = action_error_ReceiptStorageProofSizeExceeded;
    s->profile.wasm = 17;
    s->profile.ext[2] = 4;
    s->profile.action[1] = 5;
    for (uint32_t i = 0; i < count; i++) {
        char name[32];
        snprintf(name, sizeof name, "outcome %lu", (unsigned long)i);
        ids[i] = sample_hash(name);
        made[i] = crypto_hash_of(crypto_hash_bytes(&ids[i]));
        o[i] = (struct execution_outcome){
            .id = ids[i], .executor_id = account_id_of("contract.near"), .gas_burnt = 1000 + i,
            .compute_usage = 2000 + i,
            .tokens_burnt = {7, 1}, .receipt_ids = &made[i], .receipt_id_count = i % 2, .logs = logs,
            .log_count = i % 3,
            .status = i == 1 ? EXECUTION_FAILURE : i == 2 ? EXECUTION_SUCCESS_RECEIPT_ID : EXECUTION_SUCCESS_VALUE,
            .error = i == 1 ? &s->error : NULL, .value = bytes_of("\1\2", i == 1 || i == 2 ? 0 : 2),
            .receipt_id = i == 2 ? ids[0] : none, .profile = i == 0 ? &s->profile : NULL};
    }
    r->outcomes = o;
    r->outcome_count = count;
}

static inline struct trie_change *sample_changes(struct sample *s, uint32_t count)
{
    return arena_array(&s->arena, count, sizeof(struct trie_change));
}

static inline struct trie_change sample_set(const char *key, const char *value)
{
    return (struct trie_change){bytes_of_string(key), bytes_of_string(value), false};
}

/* Step 1 removes a neighbour, so that branches are merged; step 2 puts one back and changes what step 1 has set. */
static inline void sample_steps(struct sample *s)
{
    static const struct bytes reads[] = {{(const uint8_t *)"read", 4}, {(const uint8_t *)"absent", 6}};
    struct script_step *steps = arena_array(&s->arena, 2, sizeof *steps);
    struct trie_change *first = sample_changes(s, 4), *second = sample_changes(s, 3);
    if (!steps || !first || !second) return;
    sample_context(s, &steps[0].chunk, 10);
    sample_context(s, &steps[1].chunk, 11);
    first[0] = sample_set("key a", "one");
    first[1] = (struct trie_change){.key = bytes_of_string("key b"), .remove = true};
    first[2] = sample_set("new", "a value that is longer than a hash, to be seen in full");
    first[3] = sample_set("same", "as before");
    second[0] = sample_set("key a", "two");
    second[1] = sample_set("key c", "");
    second[2] = (struct trie_change){.key = bytes_of_string("new2"), .remove = true};
    steps[0].result.changes = first;
    steps[0].result.change_count = 4;
    steps[1].result.changes = second;
    steps[1].result.change_count = 3;
    steps[0].reads = reads;
    steps[0].read_count = 2;
    sample_outcomes(s, &steps[0].result, 5);
    steps[0].chunk.incoming = s->receipts;
    steps[0].chunk.incoming_count = 2;
    steps[0].result.outgoing = s->outgoing;
    steps[0].result.outgoing_count = 1;
    steps[0].result.stats.other_burnt_amount = u128_of(5); /* the refund, as its receiver is gone */
    s->script.steps = steps;
    s->script.step_count = 2;
}

/* STATUS_NO_MEMORY; release with sample_free, whatever the result. */
static inline enum status sample_begin(struct sample *s, struct error *e)
{
    const struct trie_change state[] = {
        sample_set("key a", "zero"), sample_set("key b", "zero"), sample_set("key d", "zero"),
        sample_set("read", "this value is read"), sample_set("same", "as before"), sample_set("other", "not looked at"),
    };
    const struct account_id alice = account_id_of("alice.near"), nancy = account_id_of("nancy.near");
    *s = (struct sample){.code = {bytes_of(SAMPLE_CODE, 8), false}};
    s->script.run = crypto_hash_of(s->code.code);
    s->old.store = &s->store;
    enum status status = trie_apply(&s->old, state, sizeof state / sizeof *state, &s->old.root, NULL, e);
    if (status == STATUS_OK) status = receipt_balance_refund(&nancy, u128_of(5), &s->arena, &s->receipts[0], e);
    if (status != STATUS_OK) return status;
    const struct crypto_hash data_id = sample_hash("data"), other_data_id = sample_hash("other data");
    s->receipts[1] = receipt_data(&alice, &nancy, &data_id, true, bytes_of_string("payload"));
    s->sent = receipt_data(&nancy, &alice, &other_data_id, true, bytes_of_string("payload"));
    s->receipts[0].receipt_id = sample_hash("refund");
    s->receipts[1].receipt_id = sample_hash("data receipt");
    s->sent.receipt_id = sample_hash("sent");
    s->outgoing[0] = &s->sent;
    sample_steps(s);
    return s->script.step_count == 2 && s->script.steps[1].chunk.shards.shard_count ? STATUS_OK : error_no_memory(e);
}

static inline void sample_free(struct sample *s)
{
    trie_store_free(&s->store);
    arena_free(&s->arena);
}

static inline enum status sample_prove(struct sample *s, struct buffer *out, struct error *e)
{
    return script_prove(&s->script, &s->old, &s->code, 1, bytes_of_string("test"), out, e);
}

/* Everything there is to check. `light_only` leaves the execution out. */
static inline enum status sample_verify(struct sample *s, const struct execution_proof *p, bool light_only,
                                        struct full_report *out, struct error *e)
{
    const struct attestation_verifier verifier = {"test", sample_attestation, NULL};
    const struct attestation_verifiers verifiers = {&verifier, 1, true};
    const struct executor executor = script_executor(&s->script);
    const struct full_options options = {.executor = &executor, .verifiers = &verifiers};
    if (!light_only) return proof_verify_full(p, &options, out, e);
    *out = (struct full_report){0};
    return proof_verify_light(p, &verifiers, &out->light, e);
}

#endif
