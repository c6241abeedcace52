#include "cli/run.h"

#include "base/base64.h"
#include "json/json_read.h"
#include "json/json_write.h"

#include <errno.h>

/* ---- reading: {"values": [{"key": ..., "value": ...}, ...]}, alone or as the `result` of an answer to view_state - */

static enum status read_entry(struct run *run, const struct json_place *p, struct state_entry *out, struct error *e)
{
    static const char *const names[] = {"key", "value", "proof"};
    struct json_place key = {0}, value = {0};
    struct bytes old;
    enum status status = json_check_object(p, names, sizeof names / sizeof *names, e);
    if (status == STATUS_OK) status = json_required(p, "key", &key, e);
    if (status == STATUS_OK) status = json_required(p, "value", &value, e);
    if (status == STATUS_OK) status = json_read_base64(&key, &run->arena, &out->key, e);
    if (status == STATUS_OK) status = json_read_base64(&value, &run->arena, &out->value, e);
    if (status == STATUS_OK && state_map_get(&run->mock.state, out->key, &old))
        status = json_refuse(&key, e, "the key %.60s is there twice", json_chars(key.json));
    if (status == STATUS_OK) status = state_map_put(&run->mock.state, out->key, out->value, e);
    return status;
}

static enum status read_values(struct run *run, const struct json_place *state, struct error *e)
{
    struct json_place values = {0};
    size_t count = 0;
    enum status status = json_required(state, "values", &values, e);
    if (status == STATUS_OK) status = json_check_array(&values, &count, e);
    if (status != STATUS_OK) return status;
    struct state_entry *entries = arena_array(&run->arena, count, sizeof *entries);
    if (!entries) return error_no_memory(e);
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        struct json_place entry = json_element(&values, i);
        status = read_entry(run, &entry, &entries[i], e);
    }
    run->state = entries;
    run->state_count = count;
    return status;
}

/* What the RPC server says instead of a state, as far as it fits and without what could command a terminal. */
static enum status refuse_answer(struct json *refusal, struct error *e)
{
    char text[150] = {0};
    struct buffer json = {0};
    json_print(refusal, &json);
    for (size_t i = 0; i < json.size && i + 1 < sizeof text; i++)
        text[i] = json.data[i] >= ' ' && json.data[i] < 0x7f ? (char)json.data[i] : '?';
    buffer_free(&json);
    return error_set(e, STATUS_INVALID, 0, ERROR_NO_OFFSET, "this is no state but an error of the RPC server: %s",
                     text);
}

static enum status read_document(struct run *run, struct json *document, struct error *e)
{
    struct json_place root = json_root(document), result = {0}, refusal = {0};
    if (!json_is(document, JSON_OBJECT))
        return json_expected(&root, "a state: {\"values\": [{\"key\": BASE64, \"value\": BASE64}, ...]}", e);
    if (json_member(&root, "error", &refusal)) return refuse_answer(refusal.json, e);
    if (!json_member(&root, "result", &result)) return read_values(run, &root, e);
    if (json_is(result.json, JSON_OBJECT)) return read_values(run, &result, e);
    return json_expected(&result, "an object with \"values\"", e);
}

static enum status read_file(struct run *run, const char *path, struct error *e)
{
    struct buffer text = {0};
    struct json *document = NULL;
    enum status status = suspension_input(run->suspension, INPUT_STATE, path, &text, e);
    if (status == STATUS_OK) status = json_read_document(bytes_of(text.data, text.size), &document, e);
    buffer_free(&text);
    if (status == STATUS_OK) status = read_document(run, document, e);
    json_free(document);
    return status;
}

/* Where the state is saved, if it is. */
static const char *save_path(const struct run *run)
{
    const char *path = run->options.save_state;
    return path && !path[0] ? run->options.state : path;
}

/* What is changed belongs to this run from before it is read until the end. */
static int lock_state(struct run *run)
{
    struct error e;
    const char *path = save_path(run);
    if (!path || file_lock(&run->lock, path, &e) == STATUS_OK) return -1;
    say_error("%s", e.message);
    if (e.code == EBUSY) say_hint("nothing was changed; try again when that process has ended");
    return EXIT_INPUT;
}

int run_read_state(struct run *run)
{
    const char *path = run->options.state;
    struct error e;
    const int code = lock_state(run);
    if (code >= 0) return code;
    if (path) {
        if (read_file(run, path, &e) != STATUS_OK) {
            say_file_error(path, &e);
            if (e.status == STATUS_IO && run->options.save_state)
                say_hint("to begin without a state: --save-state=%s, and no --state", path);
            return EXIT_INPUT;
        }
        run->call.state_count = 0; /* the file takes the place of the context's state */
    } else {
        run->state = run->call.state;
        run->state_count = run->call.state_count;
    }
    if (call_case_fill(&run->call, &run->mock, &e) == STATUS_OK) return -1;
    say_error("%s", e.message);
    return EXIT_INPUT;
}

/* ---- writing ----------------------------------------------------------------------------------------------------- */

static void write_entries(const struct state_entry *entries, size_t count, struct buffer *out)
{
    buffer_append_string(out, "{\"values\":[");
    for (size_t i = 0; i < count; i++) {
        buffer_append_string(out, i ? ",\n{\"key\":\"" : "\n{\"key\":\"");
        base64_encode(entries[i].key, out);
        buffer_append_string(out, "\",\"value\":\"");
        base64_encode(entries[i].value, out);
        buffer_append_string(out, "\"}");
    }
    buffer_append_string(out, "\n]}\n");
}

int run_save_state(struct run *run)
{
    const char *path = save_path(run);
    struct state_entry *entries = NULL;
    struct buffer text = {0};
    struct error e;
    enum status status = state_map_entries(&run->mock.state, &run->arena, &entries, &run->saved_keys, &e);
    if (status == STATUS_OK) write_entries(entries, run->saved_keys, &text);
    if (status == STATUS_OK && text.failed) status = error_no_memory(&e);
    if (status == STATUS_OK) status = file_write(path, text.data, text.size, &e);
    buffer_free(&text);
    if (status != STATUS_OK) return say_file_error(path, &e);
    file_unlock(&run->lock);
    run->saved = path;
    return -1;
}
