/* Scenarios (scenario.h): their blocks are applied, and everything that comes out is compared with what they say. */
#include <stdlib.h>

#include "cli/file_xz.h"
#include "json/json_compare.h"
#include "cli/progress.h"
#include "cli/replay.h"
#include "documents/scenario.h"

/* A scenario under way. */
struct applying {
    struct replay *replay;
    struct replay_file *file;
    const struct scenario *scenario;
    bool different;
    bool missing;          /* blocks, or what belongs to them */
};

/* ---- one value --------------------------------------------------------------------------------------------------- */

/* A value that is compared: a check of its own, with perhaps several differences. */
struct comparing {
    struct applying *applying;
    enum replay_check check;
    struct replay_place at;
    bool different;
};

static void differ(void *context, const char *path, const char *wanted, const char *found)
{
    struct comparing *c = context;
    (c->different ? replay_also_different : replay_different)(c->applying->replay, c->check, &c->at, path,
                                                              wanted ? wanted : "nothing", found ? found : "nothing");
    c->different = c->applying->different = true;
}

static void compare(struct applying *a, enum replay_check check, const struct replay_place *at, const char *path,
                    struct json *wanted, struct json *found)
{
    struct comparing c = {a, check, *at, false};
    json_compare(path, wanted, found, differ, &c);
    if (!c.different) replay_equal(a->replay, check, at);
}

/* ---- kinds ------------------------------------------------------------------------------------------------------- */

static uint32_t kinds_of_actions(const struct action *actions, uint32_t count)
{
    uint32_t kinds = 0;
    for (uint32_t i = 0; i < count; i++) kinds |= UINT32_C(1) << actions[i].kind;
    return kinds;
}

static uint32_t kinds_of_receipt(const struct receipt *r)
{
    if (account_id_is_system(&r->predecessor_id)) return UINT32_C(1) << REPLAY_KIND_REFUND;
    if (!receipt_has_actions(r)) return UINT32_C(1) << REPLAY_KIND_OTHER;
    return kinds_of_actions(r->action.actions, r->action.action_count);
}

static uint32_t kinds_of_transaction(const struct signed_transaction *t)
{
    return kinds_of_actions(t->transaction.actions, t->transaction.action_count);
}

/* What an outcome is of: a transaction or a receipt. */
static uint32_t kinds_of_outcome(const struct scenario_chunk *c, const struct crypto_hash *id)
{
    for (uint32_t i = 0; i < c->chunk->transaction_count; i++)
        if (crypto_hash_equal(&c->chunk->transactions[i].hash, id))
            return kinds_of_transaction(&c->chunk->transactions[i]);
    for (uint32_t i = 0; i < c->result->processed_count; i++)
        if (crypto_hash_equal(&c->result->processed[i].receipt->receipt_id, id))
            return kinds_of_receipt(c->result->processed[i].receipt);
    for (uint32_t i = 0; i < c->chunk->incoming_count; i++)
        if (crypto_hash_equal(&c->chunk->incoming[i].receipt_id, id)) return kinds_of_receipt(&c->chunk->incoming[i]);
    return 0;
}

static void count_seen(struct applying *a, const struct scenario_chunk *c)
{
    for (unsigned kind = 0; kind < REPLAY_KIND_COUNT; kind++) {
        uint64_t *seen = &a->replay->seen[kind];
        for (uint32_t i = 0; i < c->chunk->transaction_count; i++)
            *seen += kinds_of_transaction(&c->chunk->transactions[i]) >> kind & 1;
        for (uint32_t i = 0; i < c->result->processed_count; i++)
            *seen += kinds_of_receipt(c->result->processed[i].receipt) >> kind & 1;
    }
    a->file->chunks++;
    a->file->transactions += c->chunk->transaction_count;
    a->file->receipts += c->result->processed_count;
}

/* ---- members of a result ----------------------------------------------------------------------------------------- */

/* Elements that are compared one by one, each at a place of its own. */
typedef void place_element(const struct scenario_chunk *c, uint32_t i, struct replay_place *at);

static void place_outcome(const struct scenario_chunk *c, uint32_t i, struct replay_place *at)
{
    at->what = "outcome";
    at->id = &c->result->outcomes[i].id;
    at->kinds = kinds_of_outcome(c, at->id);
}

static void place_outgoing(const struct scenario_chunk *c, uint32_t i, struct replay_place *at)
{
    at->what = "outgoing receipt";
    at->id = &c->result->outgoing[i]->receipt_id;
    at->kinds = kinds_of_receipt(c->result->outgoing[i]);
}

static void place_processed(const struct scenario_chunk *c, uint32_t i, struct replay_place *at)
{
    at->what = "executed receipt";
    at->id = &c->result->processed[i].receipt->receipt_id;
    at->kinds = kinds_of_receipt(c->result->processed[i].receipt);
}

static void place_transaction(const struct scenario_chunk *c, uint32_t i, struct replay_place *at)
{
    at->what = "transaction";
    at->id = &c->chunk->transactions[i].hash;
    at->kinds = kinds_of_transaction(&c->chunk->transactions[i]);
}

static void place_change(const struct scenario_chunk *c, uint32_t i, struct replay_place *at)
{
    (void)c;
    (void)i;
    at->what = "change";
}

static const struct member {
    const char *name;
    enum replay_check check;
    place_element *place; /* null: it is compared as a whole */
} members[] = {
    {"outcomes", REPLAY_run_outcomes, place_outcome},
    {"outcome_root", REPLAY_run_outcomes, NULL},
    {"outgoing_receipts", REPLAY_run_outgoing, place_outgoing},
    {"state_root_before", REPLAY_run_root, NULL},
    {"state_root_after", REPLAY_run_root, NULL},
    {"state_root_after_hex", REPLAY_run_root, NULL},
    {"state_changes", REPLAY_run_changes, place_change},
    {"proof", REPLAY_run_proof, NULL},
    {"processed_receipts", REPLAY_run_rest, place_processed},
};

static const struct member *member_of(const char *name)
{
    static const struct member rest = {NULL, REPLAY_run_rest, NULL};
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        if (strcmp(members[i].name, name) == 0) return &members[i];
    return &rest;
}

static size_t length(struct json *json)
{
    return json_is(json, JSON_ARRAY) ? json_length(json) : SIZE_MAX;
}

/* Lists that are equally long element by element, everything else as a whole. */
static void compare_member(struct applying *a, const struct scenario_chunk *c, const struct replay_place *chunk,
                           enum replay_check check, place_element *place, const char *name,
                           struct json *wanted, struct json *found)
{
    const size_t count = length(found);
    char path[80];
    if (!place || count == SIZE_MAX || length(wanted) != count) {
        compare(a, check, chunk, name, wanted, found);
        return;
    }
    snprintf(path, sizeof path, "%s[]", name);
    for (size_t i = 0; i < count; i++) {
        struct replay_place at = *chunk;
        place(c, (uint32_t)i, &at);
        compare(a, check, &at, path, json_at(wanted, i), json_at(found, i));
    }
}

static void compare_result(struct applying *a, const struct scenario_chunk *c, const struct replay_place *at)
{
    for (size_t i = 0; i < json_length(c->wanted); i++) {
        const char *name = json_name_at(c->wanted, i);
        const struct member *m = member_of(name);
        struct json *found = NULL;
        if (json_find(c->got, name, &found))
            compare_member(a, c, at, m->check, m->place, name, json_at(c->wanted, i), found);
        else
            replay_unchecked(a->replay, m->check, at, "a member of a result that this version does not know");
    }
    for (size_t i = 0; i < json_length(c->got); i++) {
        const char *extra = json_name_at(c->got, i);
        if (!json_find(c->wanted, extra, NULL))
            replay_unchecked(a->replay, member_of(extra)->check, at, "the scenario does not say");
    }
}

static struct json *transactions_of(struct json *json)
{
    return scenario_member(json, "transactions");
}

/* What comes after a difference is different, too: it stops there. */
static bool visit(void *context, const struct scenario_chunk *c)
{
    struct applying *a = context;
    const struct replay_place at = {.scenario = a->scenario->name, .height = c->chunk->block_height,
                                    .shard_id = c->chunk->shards.shard_ids[c->shard]};
    if (!c->result) {
        replay_different(a->replay, REPLAY_run_root, &at, "the chunk", "a result", c->failure->message);
        a->different = true;
        return false;
    }
    count_seen(a, c);
    compare_member(a, c, &at, REPLAY_run_transactions, place_transaction, "transactions",
                   transactions_of(c->wanted_transactions), transactions_of(c->got_transactions));
    compare_result(a, c, &at);
    return !a->different;
}

/* ---- scenarios --------------------------------------------------------------------------------------------------- */

static void check_first_roots(struct applying *a)
{
    for (uint32_t i = 0; i < a->scenario->layout.shard_count; i++) {
        const struct replay_place at = {.scenario = a->scenario->name, .what = "genesis_root of shard index"};
        char found[CRYPTO_HASH_TEXT_SIZE], what[24];
        const char *wanted = scenario_first_root(a->scenario, i);
        struct crypto_hash hash;
        memcpy(hash.bytes, a->scenario->shards[i].root.bytes, sizeof hash.bytes);
        crypto_hash_text(&hash, found);
        snprintf(what, sizeof what, "%lu", (unsigned long)i);
        const bool equal = strcmp(wanted, found) == 0;
        a->different |= !equal;
        replay_verdict(a->replay, REPLAY_run_first_root, &at, equal, what, wanted, found);
    }
}

/* One list of the scenario beside its blocks: an entry that has no block, or the other way round, is something that is
 * missing. */
static void check_list(struct applying *a, const char *name)
{
    const struct replay_place at = {.scenario = a->scenario->name, .what = name};
    struct json *list = scenario_member(a->scenario->json, name);
    const size_t blocks = a->scenario->block_count, count = length(list) == SIZE_MAX ? 0 : length(list);
    char found[80], wanted[80];
    if (count == blocks) {
        replay_equal(a->replay, REPLAY_run_blocks, &at);
        return;
    }
    struct json *first = scenario_for_shard(a->scenario, count > blocks ? list : NULL, blocks, 0);
    const uint64_t height = json_number(scenario_member(first, "height"));
    snprintf(wanted, sizeof wanted, "%zu, one for each block", blocks);
    const int size = snprintf(found, sizeof found, "%zu", count);
    if (height)
        snprintf(found + size, sizeof found - (size_t)size, "; that of height %llu has no block",
                 (unsigned long long)height);
    replay_different(a->replay, REPLAY_run_blocks, &at, count > blocks ? "a block is missing" : "some are missing",
                     wanted, found);
    a->missing = true;
}

static void check_lists(struct applying *a)
{
    check_list(a, "results");
    check_list(a, "transactions_json");
}

static enum status check_left(struct applying *a, struct error *e)
{
    const struct replay_place at = {.scenario = a->scenario->name};
    struct json *found = scenario_unprocessed(a->scenario);
    if (!found) return error_no_memory(e);
    compare(a, REPLAY_run_left, &at, "unprocessed_receipts",
            scenario_member(a->scenario->json, "unprocessed_receipts"), found);
    json_free(found);
    return STATUS_OK;
}

enum status replay_scenario(struct replay *r, struct replay_file *file, struct json *json, struct error *e)
{
    struct scenario s;
    struct applying a = {.replay = r, .file = file, .scenario = &s};
    bool done = false;
    enum status status = scenario_read(json, &s, e);
    s.limits = &r->limits;
    if (status == STATUS_OK) check_first_roots(&a);
    if (status == STATUS_OK) check_lists(&a);
    if (status == STATUS_OK && !a.different) status = scenario_run(&s, visit, &a, &done, e);
    if (status == STATUS_OK && done && !a.missing) status = check_left(&a, e);
    if (status == STATUS_OK && (!done || a.missing)) {
        const struct replay_place at = {.scenario = s.name};
        replay_unchecked(r, REPLAY_run_left, &at,
                         done ? "a block is missing" : "what comes after a difference is not compared");
    }
    scenario_free(&s);
    if (status == STATUS_OK) file->scenarios++;
    return status;
}

/* ---- files ------------------------------------------------------------------------------------------------------- */

struct replay_file *replay_add_file(struct replay *r, const char *path)
{
    struct replay_file *file = arena_alloc(&r->arena, sizeof *file);
    if (!file) return NULL;
    file->path = path;
    if (!r->last_file) r->last_file = &r->files;
    *r->last_file = file;
    r->last_file = &file->next;
    return file;
}

bool replay_is_scenarios(const char *path)
{
    const size_t length_of_path = strlen(path);
    return file_is_xz(path) || (length_of_path > 6 && strcmp(path + length_of_path - 6, ".jsonl") == 0);
}

/* The next line that is not empty, and *at behind it. */
static bool next_line(struct bytes text, size_t *at, uint32_t *number, struct bytes *line)
{
    while (*at < text.size) {
        const uint8_t *start = text.data + *at, *end = memchr(start, '\n', text.size - *at);
        const size_t size = end ? (size_t)(end - start) : text.size - *at;
        *at += size + (end != NULL);
        ++*number;
        *line = bytes_of(start, size);
        if (size) return true;
    }
    return false;
}

static enum status apply_line(struct replay *r, struct replay_file *file, struct bytes line, struct error *e)
{
    struct json *json = NULL;
    enum status status = json_read_limited(line, &r->limits, &json, e);
    if (status == STATUS_OK) status = replay_scenario(r, file, json, e);
    json_free(json);
    return status;
}

static int count_lines(struct bytes text)
{
    struct bytes line;
    uint32_t number = 0;
    int count = 0;
    for (size_t at = 0; count < INT16_MAX && next_line(text, &at, &number, &line);) count++;
    return count;
}

static int apply_lines(struct replay *r, struct replay_file *file, struct bytes text)
{
    struct error e = {.offset = ERROR_NO_OFFSET};
    struct bytes line;
    enum status status = STATUS_OK;
    uint32_t number = 0;
    const int count = count_lines(text);
    const bool bar = progress_wanted(count);
    int done = 0;
    for (size_t at = 0; status == STATUS_OK && next_line(text, &at, &number, &line); done++) {
        if (bar && done < count) progress_draw(done, count);
        status = apply_line(r, file, line, &e);
    }
    if (bar) progress_clear();
    if (status != STATUS_OK) {
        if (!e.line) e.column = 1;
        e.line = number; /* each document is one line */
        return say_file_error(file->path, &e);
    }
    if (done) return -1;
    say_error("%s: no scenario in this file", file->path);
    return EXIT_INPUT;
}

int replay_scenarios(struct replay *r, const char *path, const struct buffer *unpacked)
{
    struct replay_file *file = replay_add_file(r, path);
    struct buffer text = {0};
    struct error e = {.offset = ERROR_NO_OFFSET};
    const bool packed = file_is_xz(path);
    enum status status = !file ? error_no_memory(&e) : packed ? STATUS_OK : file_read(path, FILE_LIMIT, &text, &e);
    if (packed) text = *unpacked;
    const int code = status == STATUS_OK ? apply_lines(r, file, bytes_of(text.data, text.size))
                                         : say_file_error(path, &e);
    if (packed) return code;
    buffer_free(&text);
    return code;
}
