/* Memory that runs out while a call is suspended and while it goes on: the k-th allocation fails, for every k. Nothing may
 * crash or leak, and the outcome is the right one or missing. Linked with --wrap (see the Makefile). */
#include "host/host.h"
#include "host/mock_external.h"
#include "tests/failing_alloc.h"
#include "tests/suspend_guest.h"
#include "tests/test.h"
#include "wat/wat.h"

static struct buffer module;

static enum status leg(struct call_options *options, uint64_t *burnt, struct error *e)
{
    struct call_context context;
    struct contract *contract = NULL;
    struct call_outcome outcome = {0};
    struct mock_external m;
    call_context_default(&context);
    mock_external_init(&m);
    enum status status = state_map_put(&m.state, bytes_of_string("key"), bytes_of_string("old"), e);
    const struct contract_options how = {.borrow_bytes = true};
    if (status == STATUS_OK)
        status = contract_prepare(parameters_of(PROTOCOL_VERSION_CURRENT), bytes_of(module.data, module.size), &how,
                                  &contract, e);
    if (status == STATUS_OK)
        status = contract_call(contract, bytes_of_string("main"), &context, &m.external, options, &outcome, e);
    *burnt = outcome.error_kind ? 0 : outcome.burnt_gas;
    if (status == STATUS_OK) call_outcome_free(&outcome);
    contract_free(contract);
    mock_external_free(&m);
    return status;
}

static enum status both_legs(uint64_t at_gas, uint64_t *burnt, struct error *e)
{
    struct buffer state = {0};
    struct call_suspend s = {.at_gas = at_gas, .at_call = 8, .state = &state};
    struct call_options options = {.max_gas_burnt = UINT64_MAX, .suspend = &s};
    enum status status = leg(&options, burnt, e);
    if (status == STATUS_SUSPENDED) {
        options = (struct call_options){.max_gas_burnt = UINT64_MAX, .resume = bytes_of(state.data, state.size)};
        status = leg(&options, burnt, e);
    }
    buffer_free(&state);
    return status;
}

static void fail_each(uint64_t at_gas)
{
    struct error e = {0};
    uint64_t wanted = 0, burnt = 0;
    struct call_options plain = {.max_gas_burnt = UINT64_MAX};
    CHECK(leg(&plain, &wanted, &e) == STATUS_OK && wanted > 0);
    unsigned wrong = 0, misreported = 0;
    long k = 0;
    for (failed = true; failed && k < 100000; k++) {
        countdown = k;
        failed = false;
        const enum status status = both_legs(at_gas, &burnt, &e);
        countdown = -1;
        wrong += status == STATUS_OK && burnt != wanted;
        /* the outside's own failure is in the error */
        const bool misnamed = status != STATUS_OK && status != STATUS_NO_MEMORY &&
                              !(status == STATUS_IO && e.status == STATUS_NO_MEMORY);
        misreported += misnamed;
        if (misnamed) printf("allocation %ld: %s: %s\n", k, status_name(status), e.message);
    }
    printf("  %ld allocations\n", k - 1);
    CHECK(k > 50 && k < 100000);
    CHECK_EQUAL(wrong, 0);
    CHECK_EQUAL(misreported, 0);
}

int main(void)
{
    struct error e = {0};
    struct wat_options options;
    wat_options_default(&options);
    if (!CHECK(wat_to_wasm(suspend_guest, strlen(suspend_guest), &options, &module, &e) == STATUS_OK)) return test_end();
    test_begin("suspended behind a host function");
    fail_each(UINT64_MAX);
    struct call_suspend s = {.at_gas = UINT64_MAX};
    struct buffer state = {0};
    struct call_options end = {.max_gas_burnt = UINT64_MAX, .suspend = &s};
    uint64_t burnt;
    s.state = &state;
    CHECK(leg(&end, &burnt, &e) == STATUS_OK);
    test_begin("suspended in the loop");
    fail_each(burnt - 100000000);
    buffer_free(&state);
    buffer_free(&module);
    return test_end();
}
