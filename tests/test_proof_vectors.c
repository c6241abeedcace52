/* Execution proofs of the runtime's scenarios: each chunk, with the nodes that production recorded, and all chunks of a
 * scenario in one proof. Skipped if the scenarios are not there. */
#include "documents/scenario.h"
#include "tests/runtime_vectors.h"
#include "tests/test_proof_sample.h"
#include "trie/hash_table.h"
#include "trie/read.h"

enum { MOST_BLOCKS = 64 };

/* A scenario of one shard, as it went in production. */
struct history {
    struct scenario told;
    struct arena arena;
    struct trie_store store;
    struct script_step steps[MOST_BLOCKS];
    struct trie_hash roots[MOST_BLOCKS + 1];  /* before and after each block */
    struct json *results;
    uint32_t count;
    struct buffer scratch;
};

struct totals {
    unsigned scenarios, chunks, in_one, refused;
    uint64_t bytes, rows, recorded;
};

static void *many(struct history *s, size_t count, size_t size)
{
    void *p = arena_array(&s->arena, count, size);
    if (!p) abort();
    return p;
}

static struct bytes keep(struct history *s, struct bytes b)
{
    uint8_t *copy = many(s, b.size, 1);
    if (b.size) memcpy(copy, b.data, b.size);
    return bytes_of(copy, b.size);
}

static struct bytes hex_of(struct history *s, struct json *text)
{
    return keep(s, from_hex(text, &s->scratch));
}

static struct bytes base64_of(struct history *s, struct json *text)
{
    return keep(s, from_base64(text, &s->scratch));
}

/* ---- reading ----------------------------------------------------------------------------------------------------- */

static void read_genesis(struct history *s, struct json *json)
{
    struct json *state = member(json, "genesis_state");
    const size_t count = elements(state);
    struct trie_change *changes = many(s, count, sizeof *changes);
    const struct trie empty = {.store = &s->store};
    struct error e = {0};
    for (size_t i = 0; i < count; i++)
        changes[i] = (struct trie_change){hex_of(s, element(element(state, i), 0)),
                                          hex_of(s, element(element(state, i), 1)), false};
    CHECK_EQUAL(trie_apply(&empty, changes, count, &s->roots[0], NULL, &e), STATUS_OK);
}

static void read_changes(struct history *s, struct json *result, struct chunk_result *r)
{
    struct json *list = member(result, "state_changes");
    r->change_count = elements(list);
    r->changes = many(s, r->change_count, sizeof *r->changes);
    for (size_t i = 0; i < r->change_count; i++) {
        struct json *change = element(list, i), *value = member(change, "value_hex");
        r->changes[i].key = hex_of(s, member(change, "trie_key_hex"));
        r->changes[i].remove = value == NULL;
        if (value) r->changes[i].value = hex_of(s, value);
    }
}

static void read_status(struct history *s, struct json *json, struct execution_outcome *o)
{
    struct json *value = member(json, "SuccessValue"), *id = member(json, "SuccessReceiptId");
    o->status = value ? EXECUTION_SUCCESS_VALUE : id ? EXECUTION_SUCCESS_RECEIPT_ID : EXECUTION_FAILURE;
    if (value) o->value = base64_of(s, value);
    if (id) o->receipt_id = hash_of_json(id);
}

static void read_outcome(struct history *s, struct json *json, struct execution_outcome *o)
{
    struct json *logs = member(json, "logs"), *ids = member(json, "receipt_ids");
    struct bytes *texts = many(s, elements(logs), sizeof *texts);
    struct crypto_hash *hashes = many(s, elements(ids), sizeof *hashes);
    for (size_t i = 0; i < elements(logs); i++) texts[i] = keep(s, string_bytes(element(logs, i)));
    for (size_t i = 0; i < elements(ids); i++) hashes[i] = hash_of_json(element(ids, i));
    *o = (struct execution_outcome){
        .id = hash_of_json(member(json, "id")), .logs = texts, .log_count = (uint32_t)elements(logs),
        .receipt_ids = hashes, .receipt_id_count = (uint32_t)elements(ids),
        .gas_burnt = number(member(json, "gas_burnt")), .compute_usage = number(member(json, "compute_usage"))};
    CHECK(account_id_parse(string_bytes(member(json, "executor_id")), &o->executor_id, NULL));
    CHECK(u128_parse(string_bytes(member(json, "tokens_burnt")), &o->tokens_burnt));
    read_status(s, member(json, "status"), o);
}

static struct receipt *read_receipts(struct history *s, struct json *list, const char *name, uint32_t *count)
{
    struct receipt *receipts = many(s, elements(list), sizeof *receipts);
    *count = (uint32_t)elements(list);
    for (uint32_t i = 0; i < *count; i++) {
        struct json *text = name ? member(element(list, i), name) : element(list, i);
        CHECK_EQUAL(receipt_from_borsh(base64_of(s, text), &s->arena, &receipts[i], NULL), STATUS_OK);
    }
    return receipts;
}

static void read_stats(struct json *json, struct chunk_stats *out)
{
    CHECK(u128_parse(string_bytes(member(json, "tx_burnt_amount")), &out->tx_burnt_amount));
    CHECK(u128_parse(string_bytes(member(json, "slashed_burnt_amount")), &out->slashed_burnt_amount));
    CHECK(u128_parse(string_bytes(member(json, "other_burnt_amount")), &out->other_burnt_amount));
}

static void read_result(struct history *s, struct json *json, struct chunk_result *r)
{
    struct json *outcomes = member(json, "outcomes");
    read_changes(s, json, r);
    read_stats(member(json, "stats"), &r->stats);
    r->outcome_count = (uint32_t)elements(outcomes);
    r->outcomes = many(s, r->outcome_count, sizeof *r->outcomes);
    for (uint32_t i = 0; i < r->outcome_count; i++) read_outcome(s, element(outcomes, i), &r->outcomes[i]);
    struct receipt *outgoing = read_receipts(s, member(json, "outgoing_receipts"), "borsh_base64", &r->outgoing_count);
    r->outgoing = many(s, r->outgoing_count, sizeof *r->outgoing);
    for (uint32_t i = 0; i < r->outgoing_count; i++) r->outgoing[i] = &outgoing[i];
}

/* What waits for the next new chunk: first what the block has been given, then what the last one has sent. */
static void add_waiting(struct history *s, struct json *json, uint32_t block)
{
    struct json *given = member(json, "receipts");
    for (size_t i = 0; i < elements(given); i++)
        CHECK(scenario_add_receipt(&s->told, 0, base64_of(s, element(given, i))));
    struct json *sent = block ? member(element(s->results, block - 1), "outgoing_receipts") : NULL;
    for (size_t i = 0; i < elements(sent); i++)
        CHECK(scenario_add_receipt(&s->told, 0, base64_of(s, member(element(sent, i), "borsh_base64"))));
}

static void read_chunk(struct history *s, struct json *json, uint32_t block, struct chunk *c)
{
    struct error e = {0};
    add_waiting(s, json, block);
    if (!CHECK_EQUAL(scenario_read_chunk(&s->told, json, 0, &s->arena, c, &e), STATUS_OK)) printf("%s\n", e.message);
    if (c->is_new_chunk) s->told.shards[0].incoming_count = 0;
    else c->incoming_count = 0; /* they wait */
}

/* What is changed has been read, at least where there are tokens. */
static void read_before_changing(struct history *s, struct script_step *step)
{
    struct bytes *keys = many(s, step->result.change_count, sizeof *keys);
    for (size_t i = 0; i < step->result.change_count; i++) keys[i] = step->result.changes[i].key;
    step->reads = keys;
    step->read_count = (uint32_t)step->result.change_count;
}

static void history_read(struct history *s, struct json *json)
{
    struct json *blocks = member(json, "blocks");
    s->results = member(json, "results");
    s->count = (uint32_t)elements(blocks) < MOST_BLOCKS ? (uint32_t)elements(blocks) : MOST_BLOCKS;
    struct error problem = {0};
    if (!CHECK_EQUAL(scenario_read(json, &s->told, &problem), STATUS_OK)) printf("%s\n", problem.message);
    read_genesis(s, json);
    for (uint32_t i = 0; i < s->count; i++) {
        struct error e = {0};
        const struct trie state = {.store = &s->store, .root = s->roots[i]};
        struct chunk_result *r = &s->steps[i].result;
        read_chunk(s, element(blocks, i), i, &s->steps[i].chunk);
        read_result(s, element(s->results, i), r);
        read_before_changing(s, &s->steps[i]);
        CHECK_EQUAL(trie_apply(&state, r->changes, r->change_count, &s->roots[i + 1], NULL, &e), STATUS_OK);
        const struct crypto_hash expected = hash_of_json(member(element(s->results, i), "state_root_after"));
        const struct crypto_hash found = crypto_hash_of_trie(&s->roots[i + 1]);
        CHECK(crypto_hash_equal(&expected, &found));
    }
}

static void history_free(struct history *s)
{
    trie_store_free(&s->store);
    scenario_free(&s->told);
    buffer_free(&s->scratch);
    arena_free(&s->arena);
}

/* ---- chains that there are not ----------------------------------------------------------------------------------- */

/* Some scenarios give a chunk what no chain would. */
static enum proof_error impossible_alone(const struct chunk *c)
{
    if (c->is_new_chunk == (c->congestion[0].missed_chunks > 0)) return PROOF_CONGESTION;
    for (uint32_t i = 0; i < c->incoming_count; i++) {
        const struct receipt *r = &c->incoming[i];
        const bool system = account_id_is_system(&r->predecessor_id);
        if (system && account_id_is_system(&r->action.signer_id) && r->action.signer_public_key->data[0])
            return PROOF_SYSTEM; /* a refund of a deposit that somebody has signed */
        if (receipt_is_yield(r)) return PROOF_RECEIPT;
        if (receipt_has_actions(r) && r->action.input_data_id_count > 1 &&
            crypto_hash_equal(&r->action.input_data_ids[0], &r->action.input_data_ids[1]))
            return PROOF_TWICE;
        for (uint32_t k = 0; k < i && r->kind == RECEIPT_data; k++)
            if (c->incoming[k].kind == RECEIPT_data &&
                crypto_hash_equal(&c->incoming[k].data.data_id, &r->data.data_id))
                return PROOF_SAME_ID;
    }
    return PROOF_NO_ERROR;
}

static bool is_near(uint64_t a, uint64_t b)
{
    return b + b / 50 >= a && a + a / 50 >= b;
}

static enum proof_error impossible_pair(const struct chunk *a, const struct chunk *b)
{
    if (b->epoch_height != a->epoch_height || b->validator_update) return PROOF_EPOCH;
    if (!is_near(a->gas_price.low, b->gas_price.low)) return PROOF_GAS_PRICE;
    return a->gas_limit != b->gas_limit ? PROOF_GAS_LIMIT : PROOF_NO_ERROR;
}

static enum proof_error impossible(const struct history *s)
{
    enum proof_error code = PROOF_NO_ERROR;
    struct json *blocks = member(s->told.json, "blocks");
    for (uint32_t i = 1; i < s->count; i++)
        if (elements(member(element(blocks, i), "receipts"))) return PROOF_NO_ORIGIN;
    for (uint32_t i = 1; i < s->count && !code; i++)
        code = impossible_pair(&s->steps[i - 1].chunk, &s->steps[i].chunk);
    for (uint32_t i = 0; i < s->count && !code; i++) code = impossible_alone(&s->steps[i].chunk);
    return code;
}

/* ---- proofs ------------------------------------------------------------------------------------------------------ */

static void check_code(enum status status, enum proof_error code, enum proof_error expected, const struct error *e)
{
    if (!CHECK_EQUAL(status, expected ? STATUS_INVALID : STATUS_OK) || !CHECK_EQUAL(code, expected))
        printf("%s\n", e->message);
}

/* Read again, it is the same; and it holds, or is refused for the reason why there is no such chain. */
static void check_proof(const struct execution_proof *built, struct script *script, enum proof_error expected,
                        struct totals *totals)
{
    struct buffer bytes = {0}, again = {0}, json = {0};
    struct execution_proof p;
    struct light_report light;
    struct error e = {0};
    execution_proof_encode(built, &bytes);
    if (CHECK_EQUAL(execution_proof_decode(bytes_of(bytes.data, bytes.size), &p, &e), STATUS_OK)) {
        execution_proof_encode(&p, &again);
        CHECK(bytes_equal(bytes_of(bytes.data, bytes.size), bytes_of(again.data, again.size)));
        const enum status lightly = proof_verify_light(&p, NULL, &light, &e);
        check_code(lightly, light.refusal.code, expected, &e);
        CHECK_EQUAL(execution_proof_json(&p, true, &json, &e), STATUS_OK);
        struct json *view = json_of(bytes_of(json.data, json.size));
        CHECK_EQUAL(elements(member(view, "blocks")), p.block_count);
        json_free(view);
        if (script) {
            struct full_report full;
            const struct executor executor = script_executor(script);
            const struct full_options options = {.executor = &executor};
            const enum status fully = proof_verify_full(&p, &options, &full, &e);
            check_code(fully, full.light.refusal.code, expected, &e);
        }
        totals->bytes += bytes.size;
        totals->rows += p.row_count;
    } else {
        printf("%llu: %s\n", (unsigned long long)e.offset, e.message);
    }
    execution_proof_free(&p);
    buffer_free(&bytes);
    buffer_free(&again);
    buffer_free(&json);
}

/* Every recorded row is in the proof: the builder takes only what belongs to the old state. */
static void check_recorded(const struct execution_proof *p, struct json *nodes, struct buffer *scratch,
                           struct totals *totals)
{
    size_t missing = 0;
    for (size_t i = 0; i < elements(nodes); i++) {
        const struct bytes row = from_base64(element(nodes, i), scratch);
        bool found = false;
        for (uint32_t j = 0; j < p->row_count && !found; j++) found = bytes_equal(p->rows[j], row);
        missing += !found;
    }
    totals->recorded += elements(nodes);
    CHECK_EQUAL(missing, 0);
}

/* With what production recorded. */
static void check_chunk(struct history *s, uint32_t i, struct totals *totals)
{
    struct json *result = element(s->results, i), *nodes = member(member(result, "proof"), "nodes");
    if (!nodes) return;
    struct chunk_result r = s->steps[i].result;
    struct trie_recorder recorder = {0};
    struct execution_proof p;
    struct error e = {0};
    r.state_root = s->roots[i + 1];
    for (size_t j = 0; j < elements(nodes); j++) {
        const struct bytes row = from_base64(element(nodes, j), &s->scratch);
        const struct crypto_hash h = crypto_hash_of(row);
        const struct trie_hash hash = trie_hash_of_crypto(&h);
        CHECK_EQUAL(recorder_add(&recorder, &hash, row, &e), STATUS_OK);
    }
    const struct trie old = {.store = &s->store, .root = s->roots[i]};
    const struct proof_step step = {&s->steps[i].chunk, &r};
    const struct proof_parts parts = {.old = &old, .steps = &step, .step_count = 1, .recorder = &recorder};
    if (CHECK_EQUAL(proof_build(&parts, &p, &e), STATUS_OK)) {
        const struct crypto_hash root = hash_of_json(member(result, "outcome_root"));
        CHECK(crypto_hash_equal(&p.blocks[0].outcome_root, &root));
        check_recorded(&p, nodes, &s->scratch, totals);
        check_proof(&p, NULL, impossible_alone(&s->steps[i].chunk), totals);
        totals->chunks++;
    } else {
        printf("%s\n", e.message);
    }
    execution_proof_free(&p);
    trie_recorder_free(&recorder);
}

/* All chunks in one, executed by the script, which reads what it changes and nothing else. */
static void check_all_in_one(struct history *s, struct totals *totals)
{
    struct script script = {.steps = s->steps, .step_count = s->count};
    const struct trie old = {.store = &s->store, .root = s->roots[0]};
    struct buffer bytes = {0};
    struct execution_proof p;
    struct error e = {0};
    if (CHECK_EQUAL(script_prove(&script, &old, NULL, 0, (struct bytes){0}, &bytes, &e), STATUS_OK) &&
        CHECK_EQUAL(execution_proof_decode(bytes_of(bytes.data, bytes.size), &p, &e), STATUS_OK)) {
        CHECK_EQUAL(p.block_count, s->count);
        const enum proof_error expected = impossible(s);
        check_proof(&p, &script, expected, totals);
        execution_proof_free(&p);
        if (expected) totals->refused++;
        else totals->in_one++;
    } else {
        printf("%s\n", e.message);
    }
    buffer_free(&bytes);
}

static void visit(struct json *json, void *context)
{
    struct totals *totals = context;
    struct history *s = calloc(1, sizeof *s);
    if (!s) abort();
    const unsigned failed_before = test.failed;
    history_read(s, json);
    for (uint32_t i = 0; i < s->count; i++) check_chunk(s, i, totals);
    check_all_in_one(s, totals);
    if (test.failed != failed_before) printf("in %s\n", json_chars(member(json, "name")));
    totals->scenarios++;
    history_free(s);
    free(s);
}

int main(void)
{
    struct totals totals = {0};
    test_begin("proofs of the runtime's scenarios");
    if (each_scenario("runtime.jsonl.xz", visit, &totals)) {
        CHECK(totals.scenarios > 0 && totals.chunks > 0);
        printf("  %u scenarios, %u proofs of one chunk, %u of all chunks, %u of chains that there are not; "
               "%llu rows (%llu recorded by production), %llu bytes\n",
               totals.scenarios, totals.chunks, totals.in_one, totals.refused, (unsigned long long)totals.rows,
               (unsigned long long)totals.recorded, (unsigned long long)totals.bytes);
    }
    return test_end();
}
