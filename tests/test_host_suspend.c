/* Contract calls that are suspended and go on elsewhere: the vectors that the production VM made, each stopped at random
 * points, must end as they do in one piece, in all fields. Then what is refused. */
#include "tests/json.h"
#include "tests/test.h"

#include <stdlib.h>

#include "documents/case_read.h"
#include "documents/case_write.h"
#include "host/trace.h"
#include "json/json_write.h"
#include "tests/suspend_guest.h"
#include "wat/wat.h"

static uint64_t random_state = 88172645463325252u;
static uint32_t suspensions, suspended_cases, unsuspendable;

static uint64_t random_below(uint64_t n)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return n ? (random_state >> 11) % n : 0;
}

/* One leg of a call, over an outside of its own. */
static enum status leg(const struct call_case *k, enum dispatcher d, const struct call_options *options, uint64_t *burnt,
                       struct buffer *json, struct error *e)
{
    const struct contract_options how = {.borrow_bytes = true, .dispatcher = d};
    struct mock_external m;
    struct contract *contract = NULL;
    struct call_outcome outcome = {0};
    struct json *got = NULL;
    mock_external_init(&m);
    enum status status = call_case_fill(k, &m, e);
    if (status == STATUS_OK) status = contract_prepare(k->parameters, k->code, &how, &contract, e);
    if (status == STATUS_OK)
        status = contract_call(contract, k->method, &k->context, &m.external, options, &outcome, e);
    if (status == STATUS_OK) {
        status = case_write_expect(&outcome, &m, &got, e);
        if (status == STATUS_OK) json_print(got, json);
        *burnt = outcome.burnt_gas;
        json_free(got);
        call_outcome_free(&outcome);
    }
    contract_free(contract);
    mock_external_free(&m);
    return status;
}

static enum dispatcher any_dispatcher(void)
{
    return random_below(2) && dispatcher_available(DISPATCH_TAIL) ? DISPATCH_TAIL : DISPATCH_PORTABLE;
}

/* In several legs; false: something went wrong, and *e or the outcome says what. */
static enum status in_legs(const struct call_case *k, uint64_t total, struct buffer *json, struct error *e)
{
    enum { LEGS = 4 };
    struct buffer states[LEGS + 1] = {{0}};
    struct call_options options = {.max_gas_burnt = k->max_gas_burnt};
    struct call_suspend s = {.at_gas = UINT64_MAX};
    uint64_t burnt = 0;
    enum status status = STATUS_SUSPENDED;
    uint32_t n = 0;
    for (; status == STATUS_SUSPENDED && n <= LEGS; n++) {
        s.state = &states[n];
        s.at_gas = random_below(3) ? s.burnt_gas + random_below(total - s.burnt_gas + 1) : UINT64_MAX;
        s.at_call = random_below(2) ? s.calls + 1 + random_below(4) : 0;
        options.suspend = n < LEGS ? &s : NULL;
        if (n) options.resume = bytes_of(states[n - 1].data, states[n - 1].size);
        status = leg(k, any_dispatcher(), &options, &burnt, json, e);
        suspensions += status == STATUS_SUSPENDED;
    }
    suspended_cases += n > 1;
    for (n = 0; n <= LEGS; n++) buffer_free(&states[n]);
    return status;
}

static void run_case(const char *line)
{
    struct call_case k = {0};
    struct error e = {0};
    struct buffer whole = {0}, moved = {0};
    uint64_t burnt = 0;
    if (!CHECK(call_case_parse(bytes_of_string(line), &k, &e) == STATUS_OK)) return;
    const struct call_options options = {.max_gas_burnt = k.max_gas_burnt};
    bool ok = CHECK(leg(&k, DISPATCH_DEFAULT, &options, &burnt, &whole, &e) == STATUS_OK);
    enum status status = ok ? in_legs(&k, burnt, &moved, &e) : STATUS_OK;
    if (status == STATUS_USAGE && strstr(e.message, "UTF-8")) unsuspendable++;
    else if (ok) ok = CHECK(status == STATUS_OK) && CHECK(bytes_equal(bytes_of(whole.data, whole.size),
                                                                      bytes_of(moved.data, moved.size)));
    if (!ok) printf("%.*s: %s %s\n", (int)k.name.size, (const char *)k.name.data, status_name(status), e.message);
    buffer_free(&whole);
    buffer_free(&moved);
    call_case_free(&k);
}

static void run_file(const char *command, size_t share, uint32_t least)
{
    FILE *f = popen(command, "r");
    char *line = NULL;
    size_t capacity = 0, n = 0;
    suspensions = suspended_cases = unsuspendable = 0;
    while (f && getline(&line, &capacity, f) > 0)
        if (n++ % share == 0 && strstr(line, "\"wasm\"") && strstr(line, "\"expect\"")) run_case(line);
    free(line);
    if (f) pclose(f);
    printf("  %zu cases, %u suspended, %u times in all; %u cannot be\n", n, suspended_cases, suspensions, unsuspendable);
    CHECK(suspended_cases >= least);
}

/* ---- what is refused --------------------------------------------------------------------------------------------- */

static enum status resume(const struct call_case *k, struct bytes state, struct error *e)
{
    struct buffer json = {0};
    uint64_t burnt;
    const struct call_options options = {.max_gas_burnt = k->max_gas_burnt, .resume = state};
    enum status status = leg(k, DISPATCH_DEFAULT, &options, &burnt, &json, e);
    buffer_free(&json);
    return status;
}

static void refused(const struct call_case *k, struct bytes state, int code, const char *what)
{
    struct error e = {.code = 0};
    if (!CHECK(resume(k, state, &e) == STATUS_INVALID) || !CHECK_EQUAL(e.code, code)) printf("%s: %s\n", what, e.message);
}

static void test_others(const struct call_case *k, struct bytes state)
{
    struct state_entry entry = {bytes_of_string("key"), bytes_of_string("new")};
    struct buffer changed = {0};
    struct call_case other = *k;
    other.context.input = bytes_of_string("other");
    refused(&other, state, VM_ERROR_STATE_INVALID, "another input");
    other = *k;
    other.context.prepaid_gas--;
    refused(&other, state, VM_ERROR_STATE_INVALID, "other gas");
    other = *k;
    other.max_gas_burnt = UINT64_C(200000000000000);
    refused(&other, state, VM_ERROR_STATE_INVALID, "another limit of gas");
    other = *k;
    other.state = &entry;
    refused(&other, state, VM_ERROR_STATE_INVALID, "another value in the state");
    other.state_count = 0;
    refused(&other, state, VM_ERROR_STATE_INVALID, "no value in the state");
    other = *k;
    other.parameters = parameters_of(84);
    refused(&other, state, VM_ERROR_STATE_ENGINE, "another version of the protocol");
    buffer_append(&changed, k->code.data, k->code.size);
    static const uint8_t custom[] = {0, 2, 1, 'x'};
    buffer_append(&changed, custom, sizeof custom);
    other = *k;
    other.code = bytes_of(changed.data, changed.size);
    refused(&other, state, VM_ERROR_STATE_ENGINE, "another module");
    buffer_free(&changed);
}

/* A state that says of its log that it is shorter than it is could log more than a call may. */
static void test_log_length(const struct call_case *k, struct buffer *state)
{
    static const uint8_t logs[] = {8, 0, 0, 0, 0,   0,   0,   0,   1,   0,   0,   0,
                                   8, 0, 0, 0, 'b', 'o', 'b', '.', 'n', 'e', 'a', 'r'};
    size_t at = 0;
    while (at + sizeof logs <= state->size && memcmp(state->data + at, logs, sizeof logs) != 0) at++;
    if (!CHECK(at + sizeof logs <= state->size)) return;
    for (uint8_t length = 0; length <= 9; length++) {
        state->data[at] = length;
        if (length == 8) continue;
        refused(k, bytes_of(state->data, state->size), VM_ERROR_STATE_INVALID, "another length of the logs");
    }
    state->data[at] = 8;
}

static void test_altered(const struct call_case *k, struct buffer *state)
{
    struct error e;
    uint32_t invalid = 0, fine = 0;
    for (size_t n = 0; n < state->size; n += 1 + n / 64) {
        uint8_t *part = malloc(n ? n : 1);
        if (!part || n == 0) {
            free(part);
            continue; /* nothing is no state: the call begins */
        }
        memcpy(part, state->data, n);
        CHECK(resume(k, bytes_of(part, n), &e) == STATUS_INVALID);
        free(part);
    }
    for (size_t n = 0; n < state->size; n++) {
        const uint8_t bit = (uint8_t)(1 << random_below(8));
        state->data[n] ^= bit;
        enum status status = resume(k, bytes_of(state->data, state->size), &e);
        state->data[n] ^= bit;
        if (status == STATUS_OK) fine++;
        else if (CHECK(status == STATUS_INVALID)) invalid++;
        else printf("byte %zu: %s\n", n, e.message);
    }
    printf("  %u altered states refused, %u run\n", invalid, fine);
    CHECK(invalid > 400);
}

static void test_refused(void)
{
    struct buffer module = {0}, state = {0}, json = {0};
    struct error e = {0};
    struct wat_options options;
    struct call_case k = {0};
    const struct state_entry entry = {bytes_of_string("key"), bytes_of_string("old")};
    uint64_t burnt;
    test_begin("states of calls that do not fit, or were altered");
    wat_options_default(&options);
    if (!CHECK(wat_to_wasm(suspend_guest, strlen(suspend_guest), &options, &module, &e) == STATUS_OK) ||
        !CHECK(call_case_parse(bytes_of_string("{}"), &k, &e) == STATUS_OK)) {
        printf("%s\n", e.message);
        return;
    }
    k.code = bytes_of(module.data, module.size);
    k.state = &entry;
    k.state_count = 1;
    k.context.prepaid_gas = UINT64_C(5000000000000);
    struct call_suspend s = {.at_gas = UINT64_MAX, .at_call = 7, .state = &state};
    struct call_options stop = {.max_gas_burnt = k.max_gas_burnt, .suspend = &s};
    struct call_state_info info;
    CHECK(leg(&k, DISPATCH_DEFAULT, &stop, &burnt, &json, &e) == STATUS_SUSPENDED);
    CHECK(s.calls == 7 && call_state_inspect(bytes_of(state.data, state.size), &info, &e) == STATUS_OK);
    CHECK(info.calls == 7 && info.burnt_gas == s.burnt_gas && info.notes > 0 && info.events.size == 0);
    CHECK(resume(&k, bytes_of(state.data, state.size), &e) == STATUS_OK);
    if (state.size) {
        test_others(&k, bytes_of(state.data, state.size));
        test_log_length(&k, &state);
        test_altered(&k, &state);
    }
    /* traced calls cannot be suspended */
    struct call_trace trace = {0};
    stop.trace = &trace;
    CHECK(leg(&k, DISPATCH_DEFAULT, &stop, &burnt, &json, &e) == STATUS_USAGE);
    trace_free(&trace);
    buffer_free(&module);
    buffer_free(&state);
    buffer_free(&json);
    call_case_free(&k);
}

int main(void)
{
    test_refused();
    test_begin("contract vectors, suspended at random points");
    run_file("xz -dc tests/vectors/contract.jsonl.xz", 2, 300);
    test_begin("vectors of host functions");
    run_file("xz -dc tests/vectors/host.jsonl.xz", 8, 100);
    return test_end();
}
