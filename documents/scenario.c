#include "documents/scenario.h"

#include "base/base64.h"
#include "json/json_write.h"

/* ---- what is compared -------------------------------------------------------------------------------------------- */

/* Large scenarios show no more of receipts and transactions than an id: what is not there is not compared. */
static void complete_view(struct json *wanted, const struct json *got)
{
    const struct json *ours = json_get(got, "json");
    if (!json_is(wanted, JSON_OBJECT) || !ours) return;
    if (!json_get(wanted, "json")) json_add(wanted, "json", json_copy(ours));
    struct json *view = json_get(wanted, "json");
    if (!json_is(view, JSON_OBJECT) || json_get(view, "receiver_id")) return;
    for (size_t i = 0; i < json_length(ours); i++) {
        const char *name = json_name_at(ours, i);
        if (json_at(ours, i) && !json_get(view, name)) json_add(view, name, json_copy(json_at(ours, i)));
    }
}

static void complete_views(struct json *wanted, struct json *got)
{
    if (!json_is(wanted, JSON_ARRAY)) return;
    for (size_t i = 0; i < json_length(wanted) && i < json_length(got); i++)
        complete_view(json_at(wanted, i), json_at(got, i));
}

/* Some have no proof either. What all say of the production runtime's own replay is not compared. */
static void complete(struct json *wanted, struct json *got)
{
    complete_views(scenario_member(wanted, "outgoing_receipts"), scenario_member(got, "outgoing_receipts"));
    if (!json_get(wanted, "proof")) json_add(wanted, "proof", json_copy(scenario_member(got, "proof")));
    json_remove(wanted, "proof_replay_ok");
    json_remove(wanted, "shard_id");
}

/* ---- receipts between blocks ------------------------------------------------------------------------------------- */

/* Copies to the scenario's arena; data is null if there is no memory. */
static struct bytes keep(struct scenario *s, const struct buffer *b)
{
    uint8_t *copy = b->failed ? NULL : arena_alloc(&s->arena, b->size);
    if (copy && b->size) memcpy(copy, b->data, b->size);
    return (struct bytes){copy, copy ? b->size : 0};
}

/* Keeps what leaves the shard until all shards have been through the block. */
static enum status collect(struct scenario *s, const struct chunk_result *result, struct scenario_shard *from,
                           struct error *e)
{
    struct bytes *list = arena_array(&s->arena, result->outgoing_count, sizeof *list);
    for (uint32_t i = 0; list && i < result->outgoing_count; i++) {
        struct buffer borsh = {0};
        receipt_write(result->outgoing[i], &borsh);
        list[i] = keep(s, &borsh);
        buffer_free(&borsh);
        if (!list[i].data) list = NULL;
    }
    from->sent = list;
    from->sent_count = list ? result->outgoing_count : 0;
    return list ? STATUS_OK : error_no_memory(e);
}

/* The shard that a receipt goes to. */
static uint32_t destination(const struct scenario *s, struct bytes borsh)
{
    struct arena arena = {0};
    struct receipt r;
    uint32_t index = 0;
    if (receipt_from_borsh(borsh, &arena, &r, NULL) == STATUS_OK) {
        if (r.kind != RECEIPT_global_contract_distribution) index = shard_index_of_account(&s->layout, &r.receiver_id);
        else (void)shard_index_of_id(&s->layout, r.global_contract_distribution.target_shard, &index);
    }
    arena_free(&arena);
    return index;
}

/* What was sent in a block arrives in the next one, in the order of the sending shards. */
static enum status deliver(struct scenario *s, struct error *e)
{
    for (uint32_t i = 0; i < s->layout.shard_count; i++) {
        struct scenario_shard *from = &s->shards[i];
        for (uint32_t j = 0; j < from->sent_count; j++)
            if (!scenario_add_receipt(s, destination(s, from->sent[j]), from->sent[j])) return error_no_memory(e);
        from->sent_count = 0;
    }
    return STATUS_OK;
}

/* Receipts that the block adds to those on their way. */
static enum status inject(struct scenario *s, struct json *block, uint32_t shard, struct error *e)
{
    struct json *list = scenario_member(block, "receipts");
    const bool array = json_is(list, JSON_ARRAY);
    if (list && !array)
        return error_set(e, STATUS_MALFORMED, 0, ERROR_NO_OFFSET, "'receipts' of a block: expected an array");
    for (size_t i = 0; array && i < json_length(list); i++) {
        struct buffer borsh = {0};
        struct json *entry = json_at(list, i);
        const bool ok = json_is(entry, JSON_STRING) && base64_decode(json_string_bytes(entry), &borsh);
        const struct bytes kept = ok ? keep(s, &borsh) : (struct bytes){0};
        buffer_free(&borsh);
        if (!ok) return error_set(e, STATUS_MALFORMED, 0, ERROR_NO_OFFSET, "'receipts' of a block: no base64");
        if (!kept.data || !scenario_add_receipt(s, shard, kept)) return error_no_memory(e);
    }
    return STATUS_OK;
}

/* ---- blocks ------------------------------------------------------------------------------------------------------ */

/* What the scenario says of a block and one of its shards: what goes in, what comes out, how transactions look. */
struct part {
    struct json *in, *out, *transactions;
};

/* A run under way. */
struct run {
    struct scenario *scenario;
    scenario_visit *visit;
    void *context;
    bool stopped;
};

static enum status show(struct run *r, struct scenario_chunk *c, const struct part *part, struct error *e)
{
    c->wanted = json_copy(part->out);
    c->wanted_transactions = json_copy(part->transactions);
    bool ok = c->wanted && c->wanted_transactions;
    if (ok && c->result) {
        c->got = scenario_result_json(c->chunk, &c->before, c->result, c->recorder);
        c->got_transactions = scenario_transactions_json(c->chunk);
        if (c->got && c->got_transactions) {
            complete(c->wanted, c->got);
            complete_views(scenario_member(c->wanted_transactions, "transactions"),
                           scenario_member(c->got_transactions, "transactions"));
            json_remove(c->wanted_transactions, "shard_id");
        }
    }
    ok = ok && (!c->result || (c->got && c->got_transactions));
    if (ok) r->stopped = !r->visit(r->context, c) || !c->result;
    json_free(c->got);
    json_free(c->got_transactions);
    json_free(c->wanted);
    json_free(c->wanted_transactions);
    return ok ? STATUS_OK : error_no_memory(e);
}

/* Goes on from what came of the chunk, which takes over the result. */
static enum status move_on(struct run *r, const struct chunk *chunk, struct chunk_result *result, struct error *e)
{
    struct scenario_shard *at = &r->scenario->shards[chunk->shard_index];
    enum status status = collect(r->scenario, result, at, e);
    trie_release(&at->store, &at->root);
    at->root = result->state_root;
    if (chunk->is_new_chunk) at->incoming_count = 0;
    chunk_result_free(result);
    return status;
}

static enum status count_gas(void *user, uint32_t number, const struct execution_outcome *outcome, struct error *e)
{
    struct scenario *s = user;
    (void)number;
    if (outcome->gas_burnt > limits_gas(s->limits) - s->gas) return limit_exceeded(s->limits, LIMIT_gas, e);
    s->gas += outcome->gas_burnt;
    return STATUS_OK;
}

/* As apply_chunk, within the limits. */
static enum status apply_within(struct scenario *s, struct chunk *chunk, const struct trie *trie,
                                struct chunk_result *result, struct error *e)
{
    const struct limits standard = limits_standard();
    if (!s->limits) s->limits = &standard;
    const uint64_t memory = limits_memory(s->limits);
    const struct chunk_watch watch = {.outcome = count_gas, .user = s};
    struct arena_budget budget = {.left = memory < SIZE_MAX ? (size_t)memory : SIZE_MAX};
    chunk->watch = &watch;
    chunk->budget = &budget;
    enum status status = apply_chunk(chunk, trie, s->contracts, result, e);
    if (budget.exceeded) status = limit_exceeded(s->limits, LIMIT_memory, e);
    if (result->arena) result->arena->budget = NULL;
    if (s->limits == &standard) s->limits = NULL;
    chunk->watch = NULL;
    chunk->budget = NULL;
    return status;
}

/* Applies the shard's chunk of a block. */
static enum status apply(struct run *r, const struct part *part, uint32_t shard, struct error *e)
{
    struct scenario *s = r->scenario;
    struct scenario_shard *at = &s->shards[shard];
    struct trie_recorder recorder = {0};
    const struct trie trie = {.store = &at->store, .root = at->root, .recorder = &recorder};
    struct chunk_result result = {0};
    struct arena arena = {0};
    struct chunk chunk;
    struct error why = {0};
    enum status status = scenario_read_chunk(s, part->in, shard, &arena, &chunk, e);
    if (status == STATUS_OK) {
        const enum status applied = apply_within(s, &chunk, &trie, &result, &why);
        const bool ok = applied == STATUS_OK;
        struct scenario_chunk c = {.shard = shard, .chunk = &chunk, .before = at->root, .failure = &why,
                                   .result = ok ? &result : NULL, .recorder = &recorder};
        if (applied == STATUS_NO_MEMORY) status = error_no_memory(e);
        else if (applied == STATUS_LIMIT) status = error_set(e, applied, 0, ERROR_NO_OFFSET, "%s", why.message);
        else status = show(r, &c, part, e);
        if (ok && status == STATUS_OK) status = move_on(r, &chunk, &result, e);
        else chunk_result_free(&result);
    }
    trie_recorder_free(&recorder);
    arena_free(&arena);
    return status;
}

static enum status read_parts(struct scenario *s, size_t block, struct part *parts, struct error *e)
{
    struct json *in = scenario_member(s->json, "blocks"), *out = scenario_member(s->json, "results");
    struct json *transactions = scenario_member(s->json, "transactions_json");
    enum status status = STATUS_OK;
    for (uint32_t i = 0; i < s->layout.shard_count && status == STATUS_OK; i++) {
        parts[i] = (struct part){scenario_for_shard(s, in, block, i), scenario_for_shard(s, out, block, i),
                                 scenario_for_shard(s, transactions, block, i)};
        if (!parts[i].in || !parts[i].out || !parts[i].transactions)
            return error_set(e, STATUS_MALFORMED, 0, ERROR_NO_OFFSET,
                             "'blocks', 'results' and 'transactions_json' have no block %zu for shard %lu", block,
                             (unsigned long)i);
        status = inject(s, parts[i].in, i, e);
    }
    return status;
}

static enum status run_block(struct run *r, size_t block, struct error *e)
{
    struct scenario *s = r->scenario;
    struct part *parts = arena_array(&s->arena, s->layout.shard_count, sizeof *parts);
    if (!parts) return error_no_memory(e);
    enum status status = read_parts(s, block, parts, e);
    if (status == STATUS_OK) status = deliver(s, e);
    for (uint32_t i = 0; status == STATUS_OK && !r->stopped && i < s->layout.shard_count; i++)
        status = apply(r, &parts[i], i, e);
    return status;
}

enum status scenario_run(struct scenario *s, scenario_visit *visit, void *context, bool *done, struct error *e)
{
    struct run r = {s, visit, context, false};
    enum status status = STATUS_OK;
    for (size_t i = 0; i < s->block_count && status == STATUS_OK && !r.stopped; i++) status = run_block(&r, i, e);
    if (status == STATUS_OK && !r.stopped) status = deliver(s, e);
    if (done) *done = status == STATUS_OK && !r.stopped;
    return status;
}

struct json *scenario_unprocessed(const struct scenario *s)
{
    if (!s->multi) return json_u64(s->shards[0].incoming_count);
    struct json_builder list = json_array_begin();
    for (uint32_t i = 0; i < s->layout.shard_count; i++) json_append(&list, json_u64(s->shards[i].incoming_count));
    return json_finish(&list);
}
