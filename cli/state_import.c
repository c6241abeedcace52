#include <time.h>
#include <unistd.h>

#include "base/compare.h"
#include "base/sort.h"
#include "json/json_read.h"
#include "node/records_import.h"
#include "documents/records_stream.h"
#include "cli/state.h"

static const struct usage usage = {
    .command = "state import",
    .operands = "FILE [RPC.json]",
    .text = "Adds to a state: genesis records (an array of them, or a genesis file with \"records\" in it), or the\n"
            "data of a contract as an RPC server answers view_state. Records of what is there already are refused; data\n"
            "take the place of those with the same key. If anything is wrong, the state stays as it was. \"-\" is\n"
            "standard input.\n",
    .examples = "  nvm state import dev.state --records records.json\n"
                "  nvm state import dev.state --view-state token.near answer.json\n",
    .min_operands = 1,
    .max_operands = 2,
    .failure = "is not used",
};

/* ---- genesis records -------------------------------------------------------------------------------------------- */

/* A line that is written over itself. */
struct progress {
    bool shown;
    struct timespec last;
};

static void progress_show(struct progress *p, const struct records_stream *s, bool end)
{
    struct timespec now;
    char size[24];
    if (!isatty(STDERR_FILENO)) return;
    if (end) {
        if (p->shown) fprintf(stderr, "\r\033[K");
        return;
    }
    clock_gettime(CLOCK_MONOTONIC, &now);
    if (p->last.tv_sec == 0) p->last = now;
    const double seconds = (double)(now.tv_sec - p->last.tv_sec) + (double)(now.tv_nsec - p->last.tv_nsec) / 1e9;
    if (seconds < 0.2) return;
    p->last = now;
    p->shown = true;
    readable_size(size, s->offset);
    fprintf(stderr, "\r\033[K%llu records, %s", (unsigned long long)s->number, size);
    if (s->total) fprintf(stderr, " (%.0f %%)", 100.0 * (double)s->offset / (double)s->total);
    fflush(stderr);
}

static enum status add_all(struct records_import *import, struct records_stream *stream, struct error *e)
{
    struct progress progress = {0};
    struct bytes text;
    bool found = true;
    enum status status = STATUS_OK;
    while (status == STATUS_OK) {
        status = records_stream_next(stream, &found, &text, e);
        if (status != STATUS_OK || !found) break;
        status = records_import_one(import, text, e);
        if (status != STATUS_OK) records_stream_locate(stream, e);
        if (stream->number % 256 == 0) progress_show(&progress, stream, false);
    }
    progress_show(&progress, stream, true);
    return status == STATUS_OK ? records_import_finish(import, e) : status;
}

static void say_other_usage(const struct records_import *i)
{
    char text[ACCOUNT_ID_TEXT_SIZE];
    if (!i->other_usage_count) return;
    fprintf(stderr,
            "nvm: note: the storage usage of %llu account%s was counted anew (%s: %llu, the record says %llu)\n",
            (unsigned long long)i->other_usage_count, i->other_usage_count == 1 ? "" : "s",
            account_id_text(&i->other_usage.account, text), (unsigned long long)i->other_usage.bytes,
            (unsigned long long)i->other_usage.given);
    say_hint("--keep-usage takes them as they are");
}

int state_add_records(struct state_file *s, const char *path, bool keep_usage, uint64_t *records)
{
    struct records_stream stream = {0};
    struct records_import import = {0};
    struct error e;
    enum status status = records_import_begin(&import, s, keep_usage, &e);
    if (status == STATUS_OK) status = records_stream_open(&stream, path, &e);
    if (status == STATUS_OK) status = add_all(&import, &stream, &e);
    *records = import.record_count;
    records_stream_close(&stream);
    if (status == STATUS_OK) say_other_usage(&import);
    records_import_free(&import);
    return status == STATUS_OK ? -1 : say_file_error(path, &e);
}

/* ---- the answer to view_state: {"values": [{"key": ..., "value": ...}, ...]}, alone or as `result` -------------- */

struct data_import {
    struct state_file *state;
    const struct account_id *id;
    struct account account;
    struct arena arena;
    uint64_t count;
};

/* Sets a key and counts its storage. */
static enum status put_data(struct data_import *i, struct bytes name, struct bytes value, struct error *e)
{
    const struct trie_key key = trie_key_of_data(i->id, name);
    struct bytes old;
    bool found = false;
    enum status status = state_file_get(i->state, &key, &found, &old, e);
    if (status != STATUS_OK) return status;
    const uint64_t freed = found ? storage_of_data(name, old) : 0;
    i->account.storage_usage -= freed < i->account.storage_usage ? freed : i->account.storage_usage;
    i->account.storage_usage += storage_of_data(name, value);
    i->count++;
    return state_file_set(i->state, &key, value, e);
}

static enum status read_entry(struct data_import *i, const struct json_place *p, struct state_entry *out,
                              struct error *e)
{
    static const char *const names[] = {"key", "value", "proof"};
    struct json_place key = {0}, value = {0};
    enum status status = json_check_object(p, names, sizeof names / sizeof *names, e);
    if (status == STATUS_OK) status = json_required(p, "key", &key, e);
    if (status == STATUS_OK) status = json_required(p, "value", &value, e);
    if (status == STATUS_OK) status = json_read_base64(&key, &i->arena, &out->key, e);
    return status == STATUS_OK ? json_read_base64(&value, &i->arena, &out->value, e) : status;
}

static bool key_before(const void *context, uint32_t a, uint32_t b)
{
    const struct state_entry *entries = context;
    return bytes_compare(entries[a].key, entries[b].key) < 0;
}

/* That no key is there twice. */
static enum status check_keys(struct data_import *i, const struct json_place *values,
                              const struct state_entry *entries, uint32_t count, struct error *e)
{
    uint32_t *order = arena_array(&i->arena, count, sizeof *order);
    uint32_t *spare = arena_array(&i->arena, count, sizeof *spare);
    if (!order || !spare) return error_no_memory(e);
    for (uint32_t n = 0; n < count; n++) order[n] = n;
    sort_order(order, spare, count, key_before, entries);
    for (uint32_t n = 1; n < count; n++) {
        if (!bytes_equal(entries[order[n]].key, entries[order[n - 1]].key)) continue;
        const struct json_place entry = json_element(values, order[n]);
        struct json_place key;
        json_member(&entry, "key", &key);
        return json_refuse(&key, e, "the key %.60s is there twice", json_chars(key.json));
    }
    return STATUS_OK;
}

static enum status add_values(struct data_import *i, const struct json_place *values, struct error *e)
{
    size_t count = 0;
    enum status status = json_check_array(values, &count, e);
    struct state_entry *entries = status == STATUS_OK ? arena_array(&i->arena, count, sizeof *entries) : NULL;
    if (status == STATUS_OK && !entries) status = error_no_memory(e);
    for (size_t n = 0; n < count && status == STATUS_OK; n++) {
        const struct json_place entry = json_element(values, n);
        status = read_entry(i, &entry, &entries[n], e);
    }
    if (status == STATUS_OK) status = check_keys(i, values, entries, (uint32_t)count, e);
    for (size_t n = 0; n < count && status == STATUS_OK; n++)
        status = put_data(i, entries[n].key, entries[n].value, e);
    return status;
}

static enum status add_document(struct data_import *i, struct json *document, struct error *e)
{
    struct json_place root = json_root(document), result = {0}, values = {0}, refusal = {0};
    if (json_member(&root, "error", &refusal))
        return json_refuse(&refusal, e, "this is no state but an error of the RPC server");
    const bool wrapped = json_member(&root, "result", &result);
    enum status status = json_required(wrapped ? &result : &root, "values", &values, e);
    return status == STATUS_OK ? add_values(i, &values, e) : status;
}

static int add_view_state(struct state_file *s, const char *account, const char *path, uint64_t *count)
{
    struct account_id id;
    struct data_import import = {.state = s, .id = &id};
    struct json *document = NULL;
    struct buffer text = {0};
    struct error e;
    int code = state_parse_account_id("state import: --view-state", bytes_of_string(account), &id);
    if (code < 0) code = state_require_account(s, &id, &import.account);
    if (code >= 0) return code;
    enum status status = file_read(path, FILE_LIMIT, &text, &e);
    if (status == STATUS_OK) status = json_read_document(bytes_of(text.data, text.size), &document, &e);
    if (status == STATUS_OK) status = add_document(&import, document, &e);
    if (status == STATUS_OK) status = state_file_set_account(s, &id, &import.account, &e);
    *count = import.count;
    json_free(document);
    buffer_free(&text);
    arena_free(&import.arena);
    return status == STATUS_OK ? -1 : say_file_error(path, &e);
}

/* ---- the command ------------------------------------------------------------------------------------------------ */

static int check(const char *records, const char *view_state, int count)
{
    const char *problem = NULL;
    if (!records && !view_state) problem = "what is to be imported?";
    else if (records && view_state) problem = "--records and --view-state exclude each other";
    else if (records && count == 2) problem = "only --view-state takes a second file";
    else if (view_state && count == 1) problem = "--view-state needs the file with the answer";
    if (!problem) return -1;
    say_error("state import: %s", problem);
    say_hint("nvm state import FILE --records RECORDS.json, or nvm state import FILE --view-state ACCOUNT RPC.json");
    return EXIT_INPUT;
}

int command_state_import(int argc, char **argv)
{
    const char *records = NULL, *view_state = NULL;
    bool keep_usage = false, json = false;
    const struct option options[] = {
        {"records", 0, OPTION_TEXT, &records, "RECORDS", "genesis records (JSON)", 0},
        {"view-state", 0, OPTION_TEXT, &view_state, "ACCOUNT", "data of this contract, from RPC.json", 0},
        {"keep-usage", 0, OPTION_FLAG, &keep_usage, NULL, "storage usages as the records have them, not counted", 0},
        {"json", 0, OPTION_FLAG, &json, NULL, "say as JSON how much was imported", 0},
        {0},
    };
    struct state_file s = {0};
    uint64_t added = 0;
    int count = 0;
    int code = options_parse(&usage, options, argc, argv, &count);
    if (code < 0) code = check(records, view_state, count);
    if (code < 0) code = state_open(&s, argv[0], STATE_CHANGE);
    if (code < 0 && records) code = state_add_records(&s, records, keep_usage, &added);
    if (code < 0 && view_state) code = add_view_state(&s, view_state, argv[1], &added);
    if (code < 0) code = state_save(&s);
    state_file_close(&s);
    if (code >= 0) return code;
    if (json) printf("{\"imported\":%llu}\n", (unsigned long long)added);
    else printf("%llu %s imported\n", (unsigned long long)added, records ? "records" : "keys");
    return state_finish_output();
}
