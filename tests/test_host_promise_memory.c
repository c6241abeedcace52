/* Promises when memory runs out: the k-th allocation fails, for every k. The call then has no outcome, and says so;
 * nothing may crash or leak. Linked with --wrap (see the Makefile). */
#include "tests/promise_fixture.h"
#include "tests/failing_alloc.h"

static struct fixture f;

/* The guest's memory: an account id, 128 zero indices, an amount of 0, a key, an id of 32 bytes, method names. */
enum { ACCOUNT = 0, INDICES = 16, AMOUNT = INDICES, KEY = INDICES, ID = 4096, NAMES = 5120, NAMES_SIZE = 1999 };

static const struct step {
    host_import function;
    uint64_t args[9];
    unsigned times;
} program[] = {
    {import_promise_batch_create, {8, ACCOUNT}, 40},
    {import_promise_and, {INDICES, 128}, 40},
    {import_promise_batch_then, {40, 8, ACCOUNT}, 3},
    {import_promise_set_refund_to, {0, 8, ACCOUNT}, 1},
    {import_promise_batch_action_function_call_weight, {0, 5, NAMES, 3000, INDICES, AMOUNT, 0, 1}, 3},
    {import_promise_batch_action_add_key_with_function_call,
     {0, 33, KEY, 0, AMOUNT, 8, ACCOUNT, NAMES_SIZE, NAMES}, 3},
    {import_promise_batch_action_deploy_contract, {0, 9000, INDICES}, 3},
    {import_promise_batch_action_state_init, {0, 32, ID, AMOUNT}, 1},
    {import_promise_yield_create, {5, NAMES, 0, 0, 0, 0, 1}, 2},
    {import_promise_yield_create_with_id, {5, NAMES, 0, 0, AMOUNT, 0, 0, 32, ID}, 1},
    {import_promise_yield_resume_with_yield_id, {32, ID, 1000, INDICES}, 2},
};

static enum host_error run(void)
{
    for (size_t i = 0; i < sizeof program / sizeof *program; i++) {
        for (unsigned n = 0; n < program[i].times; n++) {
            uint64_t result = 0;
            enum host_error e = program[i].function(&f.host, program[i].args, &result);
            if (e != HOST_OK) return e;
        }
    }
    return HOST_OK;
}

int main(void)
{
    test_begin("every allocation fails once");
    for (long k = 0;; k++) {
        fixture_init(&f, 88);
        f.context.prepaid_gas = 1000000000000000;
        f.parameters.limits.max_gas_burnt = f.context.prepaid_gas;
        fixture_start(&f);
        memcpy(f.memory, "bob.near", 8);
        memset(f.memory + NAMES, 'm', NAMES_SIZE);
        for (size_t i = NAMES + 1; i < NAMES + NAMES_SIZE; i += 2) f.memory[i] = ',';
        failed = false;
        countdown = k;
        enum host_error e = run();
        countdown = -1;
        if (failed) {
            CHECK_EQUAL(e, HOST_EXTERNAL_FAILURE);
            CHECK_EQUAL(f.host.fault.error, HOST_EXTERNAL_FAILURE);
            CHECK(f.host.no_memory);
        } else {
            CHECK_EQUAL(e, HOST_OK);
            CHECK(k > 10); /* not because nothing was allocated */
        }
        fixture_end(&f);
        if (!failed || test.failed) break;
    }
    return test_end();
}
