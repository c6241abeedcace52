/* Contract calls: a case has `wasm`, what goes in, and in `expect` everything that came out of the production VM. The
 * call is run over the mock external, its outcome written in the same form, and compared member by member. */
#include <stdio.h>

#include "cli/case_read.h"
#include "cli/case_write.h"
#include "host/trace.h"
#include "tests/conformance.h"

enum { PATH_SIZE = 160, MAX_LEVELS = 16 };

static bool recognises(struct json_object *json)
{
    return conformance_member(json, "wasm") && conformance_member(json, "expect");
}

/* ---- comparing -------------------------------------------------------------------------------------------------- */

static const char *text_of(struct json_object *json)
{
    const char *text = json ? json_object_to_json_string_ext(json, JSON_C_TO_STRING_PLAIN) : "null";
    return text ? text : "(no memory)";
}

static void compare(struct conformance_case *c, const char *path, struct json_object *wanted, struct json_object *got,
                    unsigned level);

static void compare_objects(struct conformance_case *c, const char *path, struct json_object *wanted,
                            struct json_object *got, unsigned level)
{
    char place[PATH_SIZE];
    json_object_object_foreach(wanted, name, value)
    {
        struct json_object *other = NULL;
        snprintf(place, sizeof place, "%s%s%s", path, *path ? "." : "", name);
        if (json_object_object_get_ex(got, name, &other)) compare(c, place, value, other, level);
        else conformance_difference(c, place, "wanted %.200s, got nothing", text_of(value));
    }
    json_object_object_foreach(got, extra, surplus)
    {
        snprintf(place, sizeof place, "%s%s%s", path, *path ? "." : "", extra);
        if (!json_object_object_get_ex(wanted, extra, NULL))
            conformance_difference(c, place, "wanted nothing, got %.200s", text_of(surplus));
    }
}

static void compare_arrays(struct conformance_case *c, const char *path, struct json_object *wanted,
                           struct json_object *got, unsigned level)
{
    char place[PATH_SIZE];
    const size_t count = json_object_array_length(wanted), other = json_object_array_length(got);
    if (count != other) conformance_difference(c, path, "wanted %zu elements, got %zu", count, other);
    snprintf(place, sizeof place, "%s[]", path);
    for (size_t i = 0; i < count && i < other; i++)
        compare(c, place, json_object_array_get_idx(wanted, i), json_object_array_get_idx(got, i), level);
}

static void compare(struct conformance_case *c, const char *path, struct json_object *wanted, struct json_object *got,
                    unsigned level)
{
    const enum json_type type = json_object_get_type(wanted);
    const bool inside = type == json_object_get_type(got) && level < MAX_LEVELS;
    if (inside && type == json_type_object) compare_objects(c, path, wanted, got, level + 1);
    else if (inside && type == json_type_array) compare_arrays(c, path, wanted, got, level + 1);
    else conformance_text(c, path, text_of(wanted), text_of(got));
}

/* Messages in which production quotes wasmtime's or a cryptography library's own words. */
static bool is_free_text(const char *kind, const char *message)
{
    static const char ending[] = "InvalidInput";
    const size_t length = strlen(kind), ending_length = sizeof ending - 1;
    if (strcmp(kind, "LinkError") == 0) return strncmp(message, "types incompatible", 18) == 0;
    if (strcmp(kind, "LoadingError") == 0 || strcmp(kind, "HostError.ECRecoverError") == 0) return true;
    return length > ending_length && strcmp(kind + length - ending_length, ending) == 0;
}

/* Where the message is free, takes ours for theirs, and counts whether they agreed. */
static void excuse_message(struct conformance_case *c, struct json_object *wanted, struct json_object *got)
{
    struct json_object *error = conformance_member(wanted, "error"), *ours = conformance_member(got, "error");
    const char *kind = conformance_member_text(error, "kind");
    c->group = error ? kind : NULL;
    if (!error || !ours || strcmp(kind, conformance_member_text(ours, "kind")) != 0) return;
    const char *message = conformance_member_text(error, "message");
    if (!is_free_text(kind, message)) return;
    c->free_texts++;
    if (strcmp(message, conformance_member_text(ours, "message")) == 0) c->equal_free_texts++;
    else json_object_object_add(ours, "message", json_object_get(conformance_member(error, "message")));
}

/* ---- running ---------------------------------------------------------------------------------------------------- */

/* The tree of calls must add up to what was burnt, to the unit. */
static void check_trace(struct conformance_case *c, const struct call_trace *t, uint64_t burnt)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < t->count; i++) sum += t->nodes[i].own_gas;
    conformance_u64(c, "trace", burnt, sum);
}

static enum status call(struct conformance_case *c, const struct call_case *k, struct call_trace *trace,
                        struct mock_external *m, struct json_object **got, struct error *e)
{
    const struct contract_options how = {.borrow_bytes = true, .traced = trace != NULL};
    const struct call_options options = {.max_gas_burnt = k->max_gas_burnt, .trace = trace};
    struct contract *contract = NULL;
    struct call_outcome outcome = {0};
    enum status status = call_case_fill(k, m, e);
    if (status == STATUS_OK) status = contract_prepare(k->parameters, k->code, &how, &contract, e);
    if (status == STATUS_OK) {
        status = contract_call(contract, k->method, &k->context, &m->external, &options, &outcome, e);
        if (status == STATUS_OK) {
            status = case_write_expect(&outcome, m, got, e);
            if (trace) check_trace(c, trace, outcome.burnt_gas);
            call_outcome_free(&outcome);
        }
    }
    contract_free(contract);
    return status;
}

/* `trace` may be null. */
static void run_once(struct conformance_case *c, const struct call_case *k, struct call_trace *trace)
{
    struct error e = {0};
    struct json_object *got = NULL;
    struct mock_external m;
    mock_external_init(&m);
    if (call(c, k, trace, &m, &got, &e) == STATUS_OK) {
        excuse_message(c, k->expect, got);
        compare(c, "", k->expect, got, 0);
    } else {
        conformance_difference(c, "case", "no outcome: %s: %s", status_name(e.status), e.message);
    }
    json_object_put(got);
    mock_external_free(&m);
}

static void run(struct conformance_case *c)
{
    struct error e = {0};
    struct call_case k = {0};
    struct call_trace trace = {0};
    if (call_case_read(c->json, &k, &e) != STATUS_OK) {
        conformance_difference(c, "case", "%s", e.message);
        return;
    }
    run_once(c, &k, NULL);
    const unsigned free_texts = c->free_texts, equal_free_texts = c->equal_free_texts;
    if (c->differences == 0) run_once(c, &k, &trace);
    c->free_texts = free_texts;
    c->equal_free_texts = equal_free_texts;
    trace_free(&trace);
    call_case_free(&k);
}

const struct conformance_kind conformance_contract = {"contract", recognises, run};
