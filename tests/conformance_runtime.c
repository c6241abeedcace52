/* Applying chunks: a scenario starts with a state and goes on for some blocks, in one shard or several. Each chunk is
 * applied to the state that the one before has left, with the receipts that the block before has sent, and everything
 * that comes out is compared with what the production runtime said. Then it is applied once more on its recorded proof
 * alone, with equal results, and on that proof without a row, which must be refused. */
#include "tests/conformance_runtime.h"

#include <stdlib.h>

#include "base/base64.h"
#include "cli/json_write.h"

static bool recognises(struct json_object *json)
{
    return conformance_member(json, "genesis_state") &&
           json_object_is_type(conformance_member(json, "blocks"), json_type_array);
}

/* Copies to the scenario's arena; data is null if there is no memory. */
static struct bytes keep(struct runtime_scenario *s, const struct buffer *b)
{
    uint8_t *copy = b->failed ? NULL : arena_alloc(&s->arena, b->size);
    if (copy && b->size) memcpy(copy, b->data, b->size);
    return (struct bytes){copy, copy ? b->size : 0};
}

/* ---- one chunk --------------------------------------------------------------------------------------------------- */

/* Large scenarios show no more of receipts and transactions than an id: what is not there is not compared. */
static void complete_view(struct json_object *wanted, struct json_object *got)
{
    struct json_object *view = conformance_member(wanted, "json"), *ours = conformance_member(got, "json");
    if (!json_object_is_type(wanted, json_type_object) || !ours) return;
    if (!view) json_object_object_add(wanted, "json", json_object_get(ours));
    if (!json_object_is_type(view, json_type_object) || conformance_member(view, "receiver_id")) return;
    json_object_object_foreach(ours, name, value)
    {
        if (!conformance_member(view, name)) json_object_object_add(view, name, json_object_get(value));
    }
}

static void complete_views(struct json_object *wanted, struct json_object *got)
{
    if (!json_object_is_type(wanted, json_type_array)) return;
    for (size_t i = 0; i < json_object_array_length(wanted) && i < json_object_array_length(got); i++)
        complete_view(json_object_array_get_idx(wanted, i), json_object_array_get_idx(got, i));
}

/* Some have no proof either. What all say of the production runtime's own replay is not compared. */
static void complete(struct json_object *wanted, struct json_object *got)
{
    complete_views(conformance_member(wanted, "outgoing_receipts"), conformance_member(got, "outgoing_receipts"));
    if (!conformance_member(wanted, "proof"))
        json_object_object_add(wanted, "proof", json_object_get(conformance_member(got, "proof")));
    json_object_object_del(wanted, "proof_replay_ok");
    json_object_object_del(wanted, "shard_id");
}

/* Fills a partial store with what was recorded, but for the row of that index. */
static enum status store_of_proof(const struct bytes *rows, size_t count, size_t left_out, struct trie_store *out,
                                  struct error *e)
{
    enum status status = STATUS_OK;
    trie_store_init_partial(out);
    for (size_t i = 0; i < count && status == STATUS_OK; i++)
        if (i != left_out) status = trie_partial_add(out, rows[i], NULL, e);
    return status;
}

/* Code is not in proofs. That a contract does not exist is therefore something that a proof alone cannot show, and a
 * replay has to refuse, where production's takes it for missing. */
static bool code_is_absent(struct json_object *first, const struct error *e)
{
    const char *outcomes = json_object_to_json_string(conformance_member(first, "outcomes"));
    return e->code == TRIE_MISSING_VALUE && outcomes && strstr(outcomes, "CodeDoesNotExist");
}

/* The same chunk on its proof alone: everything must come out again, and nothing more may be read. */
static void replay(struct runtime_scenario *s, const struct chunk *chunk, const struct trie_hash *before,
                   const struct bytes *rows, size_t count, struct json_object *first)
{
    struct trie_store store = {0};
    struct trie_recorder again = {0};
    struct chunk_result result = {0};
    struct error e = {0};
    const struct trie trie = {.store = &store, .root = *before, .recorder = &again};
    if (store_of_proof(rows, count, SIZE_MAX, &store, &e) == STATUS_OK &&
        apply_chunk(chunk, &trie, s->contracts, &result, &e) == STATUS_OK) {
        struct json_object *second = runtime_result_json(chunk, before, &result, &again, true);
        conformance_json(s->c, "replay", first, second);
        json_object_put(second);
        chunk_result_free(&result);
    } else if (!code_is_absent(first, &e)) {
        conformance_difference(s->c, "replay", "%s: %s", status_name(e.status), e.message);
    }
    trie_recorder_free(&again);
    trie_store_free(&store);
}

/* Without one of the rows it must fail, and say which one is missing. */
static void replay_without(struct runtime_scenario *s, const struct chunk *chunk, const struct trie_hash *before,
                           const struct bytes *rows, size_t count, size_t left_out)
{
    struct trie_store store = {0};
    struct trie_recorder again = {0};
    struct chunk_result result = {0};
    struct error e = {0};
    const struct crypto_hash hash = crypto_hash_of(rows[left_out]);
    const struct trie trie = {.store = &store, .root = *before, .recorder = &again};
    struct buffer hex = {0};
    const char *name = conformance_encode_hex(&hex, crypto_hash_bytes(&hash));
    if (store_of_proof(rows, count, left_out, &store, &e) != STATUS_OK || !name)
        conformance_difference(s->c, "incomplete proof", "no memory");
    else if (apply_chunk(chunk, &trie, s->contracts, &result, &e) == STATUS_OK)
        conformance_difference(s->c, "incomplete proof", "row %s is not missed", name);
    else if ((e.code != TRIE_MISSING_NODE && e.code != TRIE_MISSING_VALUE) ||
             (!strstr(e.message, name) && !strstr(e.message, "the code of contract")))
        conformance_difference(s->c, "incomplete proof", "row %s: %s: %s", name, status_name(e.status), e.message);
    chunk_result_free(&result);
    buffer_free(&hex);
    trie_recorder_free(&again);
    trie_store_free(&store);
}

static void check_proof(struct runtime_scenario *s, const struct chunk *chunk, const struct trie_hash *before,
                        const struct trie_recorder *recorder, struct json_object *first)
{
    enum { LEFT_OUT = 3 }; /* rows of each proof, another choice in each block */
    struct bytes *rows = NULL;
    size_t count = 0;
    struct error e = {0};
    if (trie_recorder_rows(recorder, &rows, &count, &e) != STATUS_OK) {
        conformance_difference(s->c, "replay", "%s", e.message);
        return;
    }
    replay(s, chunk, before, rows, count, first);
    for (size_t i = 0; i < LEFT_OUT && i < count; i++)
        replay_without(s, chunk, before, rows, count, (size_t)(chunk->block_height + i * 31) % count);
    free(rows);
}

static void compare_transactions(struct runtime_scenario *s, const struct chunk *chunk, struct json_object *wanted)
{
    struct json_object *got = runtime_transactions_json(chunk);
    complete_views(conformance_member(wanted, "transactions"), conformance_member(got, "transactions"));
    json_object_object_del(wanted, "shard_id");
    conformance_json(s->c, "transactions_json", wanted, got);
    json_object_put(got);
}

static void compare(struct runtime_scenario *s, const struct chunk *chunk, const struct trie_hash *before,
                    const struct chunk_result *result, const struct trie_recorder *recorder,
                    struct json_object *wanted)
{
    struct json_object *got = runtime_result_json(chunk, before, result, recorder, true);
    complete(wanted, got);
    conformance_json(s->c, "", wanted, got);
    check_proof(s, chunk, before, recorder, got);
    json_object_put(got);
}

/* Keeps what leaves the shard until all shards have been through the block. */
static bool collect(struct runtime_scenario *s, const struct chunk_result *result, struct runtime_shard *from)
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
    if (!list) conformance_difference(s->c, "memory", "none left");
    return list != NULL;
}

/* Receipts that the case adds to those on their way. */
static bool inject(struct runtime_scenario *s, struct json_object *block, uint32_t shard)
{
    struct json_object *list = conformance_member(block, "receipts");
    if (list && !json_object_is_type(list, json_type_array)) return false;
    for (size_t i = 0; list && i < json_object_array_length(list); i++) {
        struct buffer borsh = {0};
        struct json_object *text = json_object_array_get_idx(list, i);
        const bool ok = text && base64_decode(bytes_of_string(json_object_get_string(text)), &borsh);
        const struct bytes kept = ok ? keep(s, &borsh) : (struct bytes){0};
        buffer_free(&borsh);
        if (!kept.data || !runtime_shard_add(s, shard, kept)) return false;
    }
    return true;
}

/* What the case says of a block and one of its shards: what goes in, what comes out, how transactions look. */
struct part {
    struct json_object *in, *out, *transactions;
};

/* Applies the shard's chunk of a block. */
static bool apply(struct runtime_scenario *s, const struct part *part, uint32_t shard)
{
    struct runtime_shard *at = &s->shards[shard];
    struct trie_recorder recorder = {0};
    struct trie trie = {.store = &at->store, .root = at->root, .recorder = &recorder};
    struct chunk_result result = {0};
    struct arena arena = {0};
    struct chunk chunk;
    struct error e = {0};
    bool ok = runtime_chunk_read(s, part->in, shard, &arena, &chunk);
    if (ok && apply_chunk(&chunk, &trie, s->contracts, &result, &e) != STATUS_OK) {
        conformance_difference(s->c, "no result", "height %llu: %s: %s", (unsigned long long)chunk.block_height,
                               status_name(e.status), e.message);
        ok = false;
    }
    if (ok) {
        compare_transactions(s, &chunk, part->transactions);
        compare(s, &chunk, &at->root, &result, &recorder, part->out);
        ok = collect(s, &result, at);
        trie_release(&at->store, &at->root);
        at->root = result.state_root;
        if (chunk.is_new_chunk) at->incoming_count = 0;
        chunk_result_free(&result);
    }
    trie_recorder_free(&recorder);
    arena_free(&arena);
    return ok;
}

/* ---- blocks ------------------------------------------------------------------------------------------------------ */

/* The shard that a receipt goes to. */
static uint32_t destination(const struct runtime_scenario *s, struct bytes borsh)
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
static bool deliver(struct runtime_scenario *s)
{
    for (uint32_t i = 0; i < s->layout.shard_count; i++) {
        const struct runtime_shard *from = &s->shards[i];
        for (uint32_t j = 0; j < from->sent_count; j++)
            if (!runtime_shard_add(s, destination(s, from->sent[j]), from->sent[j])) return false;
    }
    return true;
}

/* False: a difference is recorded. */
static bool read_parts(struct runtime_scenario *s, size_t block, struct part *parts)
{
    struct json_object *in = conformance_member(s->json, "blocks"), *out = conformance_member(s->json, "results");
    struct json_object *transactions = conformance_member(s->json, "transactions_json");
    for (uint32_t i = 0; i < s->layout.shard_count; i++) {
        parts[i] = (struct part){runtime_for_shard(s, in, block, i), runtime_for_shard(s, out, block, i),
                                 runtime_for_shard(s, transactions, block, i)};
        if (parts[i].in && parts[i].out && parts[i].transactions && inject(s, parts[i].in, i)) continue;
        conformance_difference(s->c, "case", "block %zu cannot be read", block);
        return false;
    }
    return true;
}

static bool run_block(struct runtime_scenario *s, size_t block)
{
    struct part *parts = arena_array(&s->arena, s->layout.shard_count, sizeof *parts);
    bool ok = parts && read_parts(s, block, parts) && deliver(s);
    for (uint32_t i = 0; ok && i < s->layout.shard_count; i++) ok = apply(s, &parts[i], i);
    return ok;
}

/* How many receipts are still on their way at the end: a number, or one for each shard. */
static void check_unprocessed(struct runtime_scenario *s)
{
    struct json_builder list = json_array_begin();
    for (uint32_t i = 0; i < s->layout.shard_count; i++) json_append(&list, json_u64(s->shards[i].incoming_count));
    struct json_object *all = json_finish(&list);
    struct json_object *got = s->multi || !all ? all : json_object_array_get_idx(all, 0);
    conformance_json(s->c, "unprocessed_receipts", conformance_member(s->json, "unprocessed_receipts"), got);
    json_object_put(all);
}

static void run(struct conformance_case *c)
{
    struct runtime_scenario s;
    bool ok = runtime_scenario_read(c, &s);
    const size_t count = json_object_array_length(conformance_member(c->json, "blocks"));
    /* What comes after a difference is different, too. */
    for (size_t i = 0; ok && i < count && !c->differences; i++) ok = run_block(&s, i);
    if (ok && !c->differences && deliver(&s)) check_unprocessed(&s);
    runtime_scenario_free(&s);
}

const struct conformance_kind conformance_runtime = {"runtime", recognises, run};
