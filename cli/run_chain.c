#include "cli/run_chain.h"

#include <stdlib.h>

#include "near/ids.h"

bool run_chain_wanted(const struct run_options *o)
{
    return o->trie || o->proof || o->follow;
}

/* The first block has the seed that was given; the others, like the hashes of blocks, follow from their height. */
static void make_hashes(const struct run_chain *c, struct chunk *k)
{
    static const struct crypto_hash zero;
    struct crypto_hash seed;
    memcpy(seed.bytes, c->run->call.context.random_seed.data, sizeof seed.bytes);
    k->prev_block_hash = id_of(&zero, k->block_height - 1, 0);
    k->random_seed = c->block_count ? id_of(&seed, k->block_height, 1) : seed;
}

/* What the shard asked for in the last block. */
static void add_bandwidth(struct run_chain *c, struct chunk *k)
{
    const struct chunk_result *last = c->block_count ? &c->results[c->block_count - 1] : NULL;
    struct shard_bandwidth_requests *own = &c->bandwidth[c->block_count];
    if (!last || !last->bandwidth_requests.count) return;
    *own = (struct shard_bandwidth_requests){k->shards.shard_ids[0], last->bandwidth_requests};
    k->bandwidth_requests = own;
    k->bandwidth_request_count = 1;
}

/* The block that applies c->incoming. */
static struct chunk *make_chunk(struct run_chain *c)
{
    static const uint64_t shard_id = 0;
    const struct run *run = c->run;
    const struct call_context *x = &run->call.context;
    struct chunk *k = &c->chunks[c->block_count];
    *k = (struct chunk){
        .calls = suspension_active(run->suspension) ? &run->suspension->hook : NULL,
        .parameters = run->call.parameters,
        .protocol_version = run->call.protocol_version,
        .chain_id = bytes_of_string("test"),
        .shards = {.shard_ids = &shard_id, .shard_count = 1},
        .block_height = x->block_height + c->block_count,
        .block_timestamp = x->block_timestamp + c->block_count * (uint64_t)CHAIN_BLOCK_TIME,
        .epoch_height = x->epoch_height,
        .gas_price = u128_of(CHAIN_GAS_PRICE),
        .gas_limit = UINT64_MAX,
        .is_new_chunk = true,
        .congestion = &c->congestion[c->block_count],
        .congestion_count = 1,
        .incoming = c->incoming,
        .incoming_count = c->incoming_count,
    };
    make_hashes(c, k);
    add_bandwidth(c, k);
    return k;
}

static enum status apply_block(struct run_chain *c, struct error *e)
{
    struct chunk_result *r = &c->results[c->block_count];
    if (c->block_count) c->congestion[c->block_count].info = r[-1].congestion_info;
    struct chunk *k = make_chunk(c);
    enum status status = apply_chunk(k, &c->trie, c->contracts, r, e);
    if (status != STATUS_OK) return status;
    c->block_count++;
    c->trie.root = r->state_root;
    return STATUS_OK;
}

/* What the last block has sent is what the next one gets: there is one shard, and all accounts are in it. */
static enum status next_incoming(struct run_chain *c, struct error *e)
{
    const struct chunk_result *last = &c->results[c->block_count - 1];
    c->incoming = arena_array(&c->arena, last->outgoing_count, sizeof *c->incoming);
    if (!c->incoming) return error_no_memory(e);
    for (uint32_t i = 0; i < last->outgoing_count; i++) c->incoming[i] = *last->outgoing[i];
    c->incoming_count = last->outgoing_count;
    return STATUS_OK;
}

static enum status apply_all(struct run_chain *c, struct error *e)
{
    const uint32_t most = c->run->options.follow ? CHAIN_BLOCKS_MAX : 1;
    c->chunks = arena_array(&c->arena, most, sizeof *c->chunks);
    c->results = arena_array(&c->arena, most, sizeof *c->results);
    c->congestion = arena_array(&c->arena, most, sizeof *c->congestion);
    c->bandwidth = arena_array(&c->arena, most, sizeof *c->bandwidth);
    c->contracts = contract_cache_new();
    if (!c->chunks || !c->results || !c->congestion || !c->bandwidth || !c->contracts) return error_no_memory(e);
    c->trie = c->state.trie;
    c->trie.recorder = &c->recorder;
    enum status status = contract_cache_add(c->contracts, c->run->call.parameters, c->run->call.code, e);
    if (status == STATUS_OK) status = apply_block(c, e);
    while (status == STATUS_OK && c->run->options.follow) {
        status = next_incoming(c, e);
        bool more = c->incoming_count || c->results[c->block_count - 1].delayed_receipt_count;
        if (status != STATUS_OK || !more) break;
        if (c->block_count == most) {
            c->cut = true;
            break;
        }
        status = apply_block(c, e);
    }
    return status;
}

/* ---- the proof --------------------------------------------------------------------------------------------------- */

/* All code that was run: the contract's, and what other accounts have or was deployed. */
static enum status list_codes(struct run_chain *c, struct proof_code **out, uint32_t *count, struct error *e)
{
    struct crypto_hash hash;
    struct bytes code;
    uint32_t found = 0;
    for (size_t at = 0; contract_cache_next_found(c->contracts, &at, &hash, &code);) found++;
    struct proof_code *codes = arena_array(&c->arena, (size_t)found + 1, sizeof *codes);
    if (!codes) return error_no_memory(e);
    *out = codes;
    *count = 0;
    if (contract_cache_used(c->contracts, c->run->call.parameters, &c->code_hash))
        codes[(*count)++].code = c->run->call.code;
    for (size_t at = 0; contract_cache_next_found(c->contracts, &at, &hash, &code);) codes[(*count)++].code = code;
    return STATUS_OK;
}

static enum status build_proof(struct run_chain *c, struct execution_proof *proof, struct error *e)
{
    struct proof_step *steps = arena_array(&c->arena, c->block_count, sizeof *steps);
    struct proof_code *codes = NULL;
    uint32_t code_count = 0;
    if (!steps) return error_no_memory(e);
    for (uint32_t i = 0; i < c->block_count; i++) steps[i] = (struct proof_step){&c->chunks[i], &c->results[i]};
    enum status status = list_codes(c, &codes, &code_count, e);
    if (status != STATUS_OK) return status;
    const struct proof_parts parts = {
        .old = &c->state.trie, .steps = steps, .step_count = c->block_count, .recorder = &c->recorder,
        .codes = codes, .code_count = code_count,
    };
    return proof_build(&parts, proof, e);
}

/* Returns -1, or the exit code after a message. */
static int encode_proof(struct run_chain *c, struct execution_proof *proof, struct buffer *out)
{
    struct error e = {.offset = ERROR_NO_OFFSET};
    struct buffer evidence = {0};
    int code = -1;
    if (c->run->attester.provider && run_attest(c->run, proof, &evidence, &e) != STATUS_OK) {
        say_tee_error("--attest", &e);
        code = EXIT_INPUT;
    } else if (evidence.size > 0 && proof_attest(proof, bytes_of_string(TEE_SCHEME),
                                                 bytes_of(evidence.data, evidence.size), &e) != STATUS_OK) {
        code = say_file_error(c->run->options.proof, &e);
    } else {
        execution_proof_encode(proof, out);
    }
    buffer_free(&evidence);
    if (!out->failed) return code;
    say_error("out of memory");
    return EXIT_INPUT;
}

/* Returns -1, or the exit code after a message: then nothing was written. */
static int write_proof(struct run_chain *c, size_t *size)
{
    const char *path = c->run->options.proof;
    struct error e = {.offset = ERROR_NO_OFFSET};
    struct execution_proof proof;
    struct buffer encoded = {0};
    if (build_proof(c, &proof, &e) != STATUS_OK) return say_file_error(path, &e);
    int code = encode_proof(c, &proof, &encoded);
    if (code < 0 && file_write(path, encoded.data, encoded.size, &e) != STATUS_OK) code = say_file_error(path, &e);
    *size = encoded.size;
    buffer_free(&encoded);
    execution_proof_free(&proof);
    return code;
}

/* ---- saving ------------------------------------------------------------------------------------------------------ */

/* Brings the contract's data of the last block to where --save-state takes them from. */
static enum status take_data(struct run_chain *c, struct error *e)
{
    struct buffer prefix = {0}, old = {0};
    struct trie_iterator it;
    struct state_map *map = &c->run->mock.state;
    bool found;
    c->trie.recorder = NULL;
    enum status status = STATUS_OK;
    for (size_t i = 0; i < c->run->state_count && status == STATUS_OK; i++)
        status = state_map_remove(map, c->run->state[i].key, &found, &old, e);
    trie_key_write_data_prefix(&c->run->call.context.current_account, (struct bytes){0}, &prefix);
    if (prefix.failed) status = error_no_memory(e);
    if (status == STATUS_OK) {
        status = trie_iterator_prefix(&it, &c->trie, bytes_of(prefix.data, prefix.size), e);
        while (status == STATUS_OK) {
            struct bytes key, value;
            bool there;
            status = trie_iterator_next(&it, &found, &key, &value, e);
            if (status != STATUS_OK || !found) break;
            key = bytes_of(key.data + prefix.size, key.size - prefix.size);
            status = state_map_set(map, key, value, &there, &old, e);
        }
        trie_iterator_free(&it);
    }
    buffer_free(&prefix);
    buffer_free(&old);
    return status;
}

/* ---- all of it --------------------------------------------------------------------------------------------------- */

static int finish(struct run_chain *c)
{
    struct error e = {0};
    size_t proof_size = 0;
    struct run *run = c->run;
    const int written = run->options.proof ? write_proof(c, &proof_size) : -1;
    if (written >= 0) return written;
    if (run->options.save_state && !chain_call_failed(c)) {
        if (take_data(c, &e) != STATUS_OK) return say_file_error(run->path, &e);
        int saved = run_save_state(run);
        if (saved >= 0) return saved;
    }
    return chain_report(c, run->options.proof, proof_size);
}

static enum status make_call(void *user, const struct contract *contract, struct bytes method,
                             const struct call_context *context, struct external_state *external,
                             struct call_outcome *out, struct error *e)
{
    return suspension_call(user, contract, method, context, external, UINT64_MAX, out, e);
}

int run_chain(struct run *run)
{
    struct run_chain c = {.run = run};
    struct error e = {0};
    int code = EXIT_INPUT;
    run->suspension->hook = (struct call_hook){make_call, run->suspension};
    enum status status = chain_make_state(&c, &e);
    if (status == STATUS_OK) status = chain_make_receipts(&c, &e);
    if (status == STATUS_OK) status = apply_all(&c, &e);
    if (status == STATUS_OK) code = finish(&c);
    else code = suspension_end(run->suspension, status, &e, run->call.code, run->options.json);
    for (uint32_t i = 0; i < c.block_count; i++) chunk_result_free(&c.results[i]);
    contract_cache_free(c.contracts);
    trie_recorder_free(&c.recorder);
    state_file_close(&c.state);
    arena_free(&c.arena);
    return code;
}
