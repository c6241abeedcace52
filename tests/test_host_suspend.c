/* Contract calls that are suspended and go on elsewhere: the vectors that the production VM made, each stopped at random
 * points, must end as they do in one piece, in all fields. Then what is refused. */
#include "tests/test.h"

#include <stdlib.h>

#include "cli/case_read.h"
#include "cli/case_write.h"

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
    struct json_object *got = NULL;
    mock_external_init(&m);
    enum status status = call_case_fill(k, &m, e);
    if (status == STATUS_OK) status = contract_prepare(k->parameters, k->code, &how, &contract, e);
    if (status == STATUS_OK)
        status = contract_call(contract, k->method, &k->context, &m.external, options, &outcome, e);
    if (status == STATUS_OK) {
        status = case_write_expect(&outcome, &m, &got, e);
        if (status == STATUS_OK) buffer_append_string(json, json_object_to_json_string(got));
        *burnt = outcome.burnt_gas;
        json_object_put(got);
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

int main(void)
{
    test_begin("contract vectors, suspended at random points");
    run_file("xz -dc tests/vectors/contract.jsonl.xz", 1, 500);
    test_begin("vectors of host functions");
    run_file("xz -dc tests/vectors/host.jsonl.xz", 4, 200);
    return test_end();
}
