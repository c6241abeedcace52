/* Proofs of scenarios of several shards, executed by the runtime: every chunk alone, and all chunks of a shard in one
 * proof. What one shard sends to another is given there; what it sends to itself has its origin in the proof. Skipped
 * if the scenarios are not there. */
#include "documents/scenario.h"
#include "proof/chain.h"
#include "proof/full.h"
#include "tests/runtime_vectors.h"

enum { MOST_BLOCKS = 64, MOST_SHARDS = 16 };

/* The chunks of a shard, read again from proofs of each alone: so they outlive the scenario's own. */
struct shard {
    struct trie_hash first_root;
    struct buffer bytes[MOST_BLOCKS];
    struct execution_proof proofs[MOST_BLOCKS];
    struct chunk chunks[MOST_BLOCKS];
    uint32_t count;
};

struct history {
    struct scenario told;
    struct shard shards[MOST_SHARDS];
};

struct totals {
    unsigned scenarios, chunks, in_one, refused, given, sent;
};

/* ---- executing: contracts are in the scenario's cache ------------------------------------------------------------ */

static enum status add_no_code(void *context, const struct crypto_hash *hash, struct bytes code, struct error *e)
{
    (void)context, (void)hash, (void)code, (void)e;
    return STATUS_OK;
}

static enum status apply(void *context, const struct chunk *chunk, const struct trie *state, struct chunk_result *out,
                         struct error *e)
{
    struct history *h = context;
    return apply_chunk(chunk, state, h->told.contracts, out, e);
}

static void release(void *context, struct chunk_result *result)
{
    (void)context;
    chunk_result_free(result);
}

/* ---- chains that there are not ----------------------------------------------------------------------------------- */

static uint64_t own_missed(const struct chunk *c)
{
    for (uint32_t i = 0; i < c->congestion_count; i++)
        if (c->congestion[i].shard_id == c->shards.shard_ids[c->shard_index]) return c->congestion[i].missed_chunks;
    return 0;
}

/* The scenarios count missing chunks one block later than production, and change prices and limits as they like. */
static enum proof_error impossible(const struct chunk *chunks, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        const struct chunk *a = i ? &chunks[i - 1] : NULL, *b = &chunks[i];
        if (a && (b->validator_update || a->epoch_height != b->epoch_height)) return PROOF_EPOCH;
        if (a && !u128_equal(a->gas_price, b->gas_price)) return PROOF_GAS_PRICE;
        if (a && a->gas_limit != b->gas_limit) return PROOF_GAS_LIMIT;
        if (b->is_new_chunk != (own_missed(b) == 0)) return PROOF_CONGESTION;
    }
    return PROOF_NO_ERROR;
}

/* ---- proofs ------------------------------------------------------------------------------------------------------ */

static void check(struct history *h, const struct execution_proof *p, enum proof_error expected)
{
    const struct executor executor = {.context = h, .add_code = add_no_code, .apply = apply, .release = release};
    const struct full_options options = {.executor = &executor};
    struct full_report report = {0};
    struct error e = {0};
    const enum status status = proof_verify_full(p, &options, &report, &e);
    const bool right = CHECK_EQUAL(status, expected ? STATUS_INVALID : STATUS_OK) &&
                       CHECK_EQUAL(report.light.refusal.code, expected);
    if (!right) printf("%s (expected %s)\n", e.message, proof_error_name(expected));
}

/* Builds, encodes and reads again. */
static bool make(const struct proof_parts *parts, struct buffer *bytes, struct execution_proof *out)
{
    struct execution_proof p;
    struct error e = {0};
    if (!CHECK_EQUAL(proof_build(parts, &p, &e), STATUS_OK)) {
        printf("%s\n", e.message);
        return false;
    }
    execution_proof_encode(&p, bytes);
    execution_proof_free(&p);
    return CHECK_EQUAL(execution_proof_decode(bytes_of(bytes->data, bytes->size), out, &e), STATUS_OK);
}

static struct totals totals;

static bool visit(void *context, const struct scenario_chunk *c)
{
    struct history *h = context;
    struct shard *s = &h->shards[c->shard];
    struct trie_store *store = &h->told.shards[c->shard].store;
    if (!CHECK(c->result) || s->count == MOST_BLOCKS) return false;
    if (s->count == 0) {
        s->first_root = c->before;
        CHECK_EQUAL(trie_retain(store, &s->first_root, NULL), STATUS_OK);
    }
    struct chunk chunk = *c->chunk;
    if (!chunk.is_new_chunk) chunk.incoming_count = 0; /* they wait */
    const struct trie old = {.store = store, .root = c->before};
    const struct proof_step step = {&chunk, c->result};
    const struct proof_parts parts = {.old = &old, .steps = &step, .step_count = 1, .recorder = c->recorder};
    struct execution_proof *p = &s->proofs[s->count];
    if (!make(&parts, &s->bytes[s->count], p)) return false;
    check(h, p, impossible(&chunk, 1));
    CHECK_EQUAL(proof_chunk(p, &p->blocks[0], &p->arena, &s->chunks[s->count], NULL), STATUS_OK);
    s->count++;
    totals.chunks++;
    return true;
}

static void count_origins(const struct execution_proof *p)
{
    struct proof_chain c;
    struct refusal r = {0};
    if (CHECK_EQUAL(proof_chain_read(p, &c, &r, NULL), STATUS_OK)) {
        totals.given += c.given_count;
        for (uint32_t i = 0; i < p->block_count; i++)
            for (uint32_t k = 0; k < p->blocks[i].incoming_count; k++) totals.sent += !c.origins[i][k].given;
    }
    proof_chain_free(&c);
}

static void check_all_in_one(struct history *h, uint32_t index)
{
    struct shard *s = &h->shards[index];
    struct trie_store *store = &h->told.shards[index].store;
    struct trie_recorder recorder = {0};
    struct chunk_result results[MOST_BLOCKS];
    struct proof_step steps[MOST_BLOCKS];
    struct trie state = {.store = store, .root = s->first_root, .recorder = &recorder};
    const struct trie old = {.store = store, .root = s->first_root};
    struct buffer bytes = {0};
    struct execution_proof p;
    uint32_t done = 0;
    while (done < s->count &&
           CHECK_EQUAL(apply_chunk(&s->chunks[done], &state, h->told.contracts, &results[done], NULL), STATUS_OK)) {
        steps[done] = (struct proof_step){&s->chunks[done], &results[done]};
        state.root = results[done++].state_root;
    }
    const struct proof_parts parts = {.old = &old, .steps = steps, .step_count = done, .recorder = &recorder};
    if (done && make(&parts, &bytes, &p)) {
        const enum proof_error expected = impossible(s->chunks, done);
        check(h, &p, expected);
        if (!expected) count_origins(&p);
        if (expected) totals.refused++;
        else totals.in_one++;
        execution_proof_free(&p);
    }
    buffer_free(&bytes);
    while (done > 0) chunk_result_free(&results[--done]);
    trie_recorder_free(&recorder);
}

static void free_history(struct history *h)
{
    for (uint32_t i = 0; i < MOST_SHARDS; i++)
        for (uint32_t k = 0; k < h->shards[i].count; k++) {
            execution_proof_free(&h->shards[i].proofs[k]);
            buffer_free(&h->shards[i].bytes[k]);
        }
    scenario_free(&h->told);
    free(h);
}

static void each(struct json *json, void *context)
{
    struct history *h = calloc(1, sizeof *h);
    struct error e = {0};
    const unsigned failed_before = test.failed;
    (void)context;
    if (!h) abort();
    if (CHECK_EQUAL(scenario_read(json, &h->told, &e), STATUS_OK) && CHECK(h->told.layout.shard_count <= MOST_SHARDS)) {
        CHECK_EQUAL(scenario_run(&h->told, visit, h, NULL, &e), STATUS_OK);
        for (uint32_t i = 0; i < h->told.layout.shard_count; i++) check_all_in_one(h, i);
    }
    if (test.failed != failed_before) printf("in %s\n", h->told.name);
    totals.scenarios++;
    free_history(h);
}

int main(void)
{
    test_begin("proofs of scenarios of several shards");
    if (each_scenario("runtime-multishard.jsonl.xz", each, NULL)) {
        CHECK(totals.in_one && totals.given && totals.sent);
        printf("  %u scenarios, %u proofs of one chunk, %u of all chunks of a shard with %u given receipts and %u that "
               "were sent in the proof, %u of chains that there are not\n", totals.scenarios, totals.chunks,
               totals.in_one, totals.given, totals.sent, totals.refused);
    }
    return test_end();
}
