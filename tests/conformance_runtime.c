/* Applying chunks: everything that comes out of a scenario's chunks (documents/scenario.h) is compared with what the
 * production runtime said. Then each is applied once more on its recorded proof alone, with equal results, and on that
 * proof without a row, which must be refused. */
#include <stdlib.h>

#include "documents/scenario.h"
#include "json/json_write.h"
#include "proof/balance.h"
#include "tests/conformance.h"

/* A scenario, and where its differences go. */
struct run {
    struct conformance_case *c;
    struct scenario scenario;
};

/* ---- proofs ------------------------------------------------------------------------------------------------------ */

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
static bool code_is_absent(struct json *first, const struct error *e)
{
    struct buffer outcomes = {0};
    json_print(scenario_member(first, "outcomes"), &outcomes);
    buffer_append_byte(&outcomes, 0);
    const bool does_not_exist = !outcomes.failed && strstr((const char *)outcomes.data, "CodeDoesNotExist");
    buffer_free(&outcomes);
    return e->code == TRIE_MISSING_VALUE && does_not_exist;
}

/* The same chunk on its proof alone: everything must come out again, and nothing more may be read. */
static void replay(struct run *s, const struct chunk *chunk, const struct trie_hash *before,
                   const struct bytes *rows, size_t count, struct json *first)
{
    struct trie_store store = {0};
    struct trie_recorder again = {0};
    struct chunk_result result = {0};
    struct error e = {0};
    const struct trie trie = {.store = &store, .root = *before, .recorder = &again};
    if (store_of_proof(rows, count, SIZE_MAX, &store, &e) == STATUS_OK &&
        apply_chunk(chunk, &trie, s->scenario.contracts, &result, &e) == STATUS_OK) {
        struct json *second = scenario_result_json(chunk, before, &result, &again);
        conformance_json(s->c, "replay", first, second);
        json_free(second);
        chunk_result_free(&result);
    } else if (!code_is_absent(first, &e)) {
        conformance_difference(s->c, "replay", "%s: %s", status_name(e.status), e.message);
    }
    trie_recorder_free(&again);
    trie_store_free(&store);
}

/* Without one of the rows it must fail, and say which one is missing. */
static void replay_without(struct run *s, const struct chunk *chunk, const struct trie_hash *before,
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
    else if (apply_chunk(chunk, &trie, s->scenario.contracts, &result, &e) == STATUS_OK)
        conformance_difference(s->c, "incomplete proof", "row %s is not missed", name);
    else if ((e.code != TRIE_MISSING_NODE && e.code != TRIE_MISSING_VALUE) ||
             (!strstr(e.message, name) && !strstr(e.message, "the code of contract")))
        conformance_difference(s->c, "incomplete proof", "row %s: %s: %s", name, status_name(e.status), e.message);
    chunk_result_free(&result);
    buffer_free(&hex);
    trie_recorder_free(&again);
    trie_store_free(&store);
}

static void check_proof(struct run *s, const struct chunk *chunk, const struct trie_hash *before,
                        const struct trie_recorder *recorder, struct json *first)
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

/* ---- books ------------------------------------------------------------------------------------------------------- */

/* No token came from nowhere, and none got lost. */
static void check_balance(struct run *s, const struct scenario_chunk *c)
{
    const struct trie state = {.store = &s->scenario.shards[c->shard].store, .root = c->before};
    char before[U128_TEXT_SIZE], after[U128_TEXT_SIZE];
    struct balance b;
    struct error e = {0};
    enum status status = balance_of_chunk(c->chunk, &state, c->result, &b, &e);
    if (status != STATUS_OK) {
        conformance_difference(s->c, "balance", "%s: %s", status_name(status), e.message);
    } else if (!u128_equal(b.before, b.after)) {
        u128_print(b.before, before);
        u128_print(b.after, after);
        conformance_difference(s->c, "balance", "height %llu: %s before, %s after",
                               (unsigned long long)c->chunk->block_height, before, after);
    }
}

/* ---- chunks ------------------------------------------------------------------------------------------------------ */

/* What comes after a difference is different, too: it stops there. */
static bool visit(void *context, const struct scenario_chunk *chunk)
{
    struct run *s = context;
    const unsigned before = s->c->differences;
    if (!chunk->result) {
        conformance_difference(s->c, "no result", "height %llu: %s: %s",
                               (unsigned long long)chunk->chunk->block_height, status_name(chunk->failure->status),
                               chunk->failure->message);
        return false;
    }
    conformance_json(s->c, "transactions_json", chunk->wanted_transactions, chunk->got_transactions);
    conformance_json(s->c, "", chunk->wanted, chunk->got);
    check_balance(s, chunk);
    check_proof(s, chunk->chunk, &chunk->before, chunk->recorder, chunk->got);
    return s->c->differences == before;
}

static void check_first_roots(struct run *s)
{
    for (uint32_t i = 0; i < s->scenario.layout.shard_count; i++) {
        char root[CRYPTO_HASH_TEXT_SIZE];
        struct crypto_hash hash;
        memcpy(hash.bytes, s->scenario.shards[i].root.bytes, sizeof hash.bytes);
        conformance_text(s->c, "genesis_root", scenario_first_root(&s->scenario, i), crypto_hash_text(&hash, root));
    }
}

static void run(struct conformance_case *c)
{
    struct run s = {.c = c};
    struct error e = {0};
    bool done = false;
    enum status status = scenario_read(c->json, &s.scenario, &e);
    if (status == STATUS_OK) check_first_roots(&s);
    if (status == STATUS_OK && !c->differences) status = scenario_run(&s.scenario, visit, &s, &done, &e);
    if (status != STATUS_OK) conformance_difference(c, "case", "%s: %s", status_name(status), e.message);
    if (done) {
        struct json *got = scenario_unprocessed(&s.scenario);
        conformance_json(c, "unprocessed_receipts", conformance_member(c->json, "unprocessed_receipts"), got);
        json_free(got);
    }
    scenario_free(&s.scenario);
}

const struct conformance_kind conformance_runtime = {"runtime", scenario_is_one, run};
