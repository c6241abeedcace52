/* For tests that hold the runtime to what nearcore's own tests expect: one step of a scenario each, on the chain of
 * tests/runtime_fixture.h. A scenario names the file and the test of nearcore that its values are from. */
#ifndef TESTS_RUNTIME_EXPECTATIONS_H
#define TESTS_RUNTIME_EXPECTATIONS_H

#include "tests/modules.h"
#include "tests/runtime_fixture.h"

static inline struct u128 minus(struct u128 a, struct u128 b)
{
    struct u128 difference = {0, 0};
    CHECK(u128_subtract(a, b, &difference));
    return difference;
}

static inline struct u128 plus(struct u128 a, struct u128 b)
{
    struct u128 sum = {0, 0};
    CHECK(u128_add(a, b, &sum));
    return sum;
}

static inline struct u128 times(struct u128 a, uint64_t n)
{
    struct u128 product = {0, 0};
    CHECK(u128_multiply(a, u128_of(n), &product));
    return product;
}

/* Thousandths of a NEAR. */
static inline struct u128 millinear(uint64_t n)
{
    return times(times(u128_of(1000000000000), 1000000000), n);
}

static inline struct u128 balance(struct fixture *f, const char *name)
{
    struct account a = {0};
    return fixture_account(f, name, &a) ? a.amount : u128_of(0);
}

static inline uint64_t storage_usage(struct fixture *f, const char *name)
{
    struct account a = {0};
    return fixture_account(f, name, &a) ? a.storage_usage : 0;
}

/* Actions in a transaction with the signer's own key. Why it failed; "" if it did not. */
static inline const char *act_all(struct fixture *f, const char *signer, const char *receiver, const struct action *a,
                                  uint32_t count, uint64_t nonce)
{
    struct test_key k = test_key_of(signer);
    struct transaction t = fixture_transaction(signer, receiver, &k, nonce, a, count);
    return fixture_run(f, &t, &k);
}

static inline const char *act(struct fixture *f, const char *signer, const char *receiver, struct action a,
                              uint64_t nonce)
{
    return act_all(f, signer, receiver, &a, 1, nonce);
}

static inline struct action transfer(struct u128 deposit)
{
    return (struct action){.kind = ACTION_KIND_transfer, .transfer = {deposit}};
}

static inline struct action call_with(const char *method, struct bytes arguments, struct u128 deposit)
{
    struct action a = {.kind = ACTION_KIND_function_call};
    a.function_call.method_name = bytes_of_string(method);
    a.function_call.arguments = arguments;
    a.function_call.gas = UINT64_C(100000000000000);
    a.function_call.deposit = deposit;
    return a;
}

static inline struct action add_gas_key(const struct test_key *k, uint16_t nonces)
{
    struct action a = {.kind = ACTION_KIND_add_key, .add_key = {.public_key = &k->public}};
    a.add_key.access_key = (struct access_key){.permission = PERMISSION_GAS_KEY_FULL_ACCESS, .num_nonces = nonces};
    return a;
}

static inline struct action fund(const struct test_key *k, struct u128 deposit)
{
    return (struct action){.kind = ACTION_KIND_transfer_to_gas_key,
                           .transfer_to_gas_key = {&k->public, deposit}};
}

static inline struct action withdraw(const struct test_key *k, struct u128 amount)
{
    return (struct action){.kind = ACTION_KIND_withdraw_from_gas_key, .withdraw_from_gas_key = {&k->public, amount}};
}

static inline struct action delete_key(const struct test_key *k)
{
    return (struct action){.kind = ACTION_KIND_delete_key, .delete_key = {&k->public}};
}

#endif
