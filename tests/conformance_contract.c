/* Contract calls: a case has `wasm`, what goes in, and in `expect` everything that came out of the production VM. The
 * call is run over the mock external, its outcome written in the same form, and compared member by member. Where
 * `expect` is {"no_outcome": why}, production has none (it takes the state for inconsistent, or stops), and neither may
 * we. */
#include "documents/case_read.h"
#include "documents/case_write.h"
#include "host/trace.h"
#include "json/json_write.h"
#include "tests/conformance.h"

static bool recognises(struct json *json)
{
    return conformance_member(json, "wasm") && conformance_member(json, "expect");
}

/* ---- comparing -------------------------------------------------------------------------------------------------- */

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
static void excuse_message(struct conformance_case *c, struct json *wanted, struct json *got)
{
    struct json *error = conformance_member(wanted, "error"), *ours = conformance_member(got, "error");
    const char *kind = conformance_member_text(error, "kind");
    c->group = error ? kind : NULL;
    if (!error || !ours || strcmp(kind, conformance_member_text(ours, "kind")) != 0) return;
    const char *message = conformance_member_text(error, "message");
    if (!is_free_text(kind, message)) return;
    c->free_texts++;
    if (strcmp(message, conformance_member_text(ours, "message")) == 0) c->equal_free_texts++;
    else json_add(ours, "message", json_copy(conformance_member(error, "message")));
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
                        struct mock_external *m, struct json **got, struct error *e)
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
    struct json *got = NULL;
    struct mock_external m;
    mock_external_init(&m);
    enum status status = call(c, k, trace, &m, &got, &e);
    if (conformance_member(k->expect, "no_outcome")) {
        if (status == STATUS_OK) conformance_difference(c, "no_outcome", "there is one");
        if (status == STATUS_NO_MEMORY) conformance_difference(c, "no_outcome", "for want of memory");
    } else if (status == STATUS_OK) {
        excuse_message(c, k->expect, got);
        conformance_json(c, "", k->expect, got);
    } else {
        conformance_difference(c, "case", "no outcome: %s: %s", status_name(e.status), e.message);
    }
    json_free(got);
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
