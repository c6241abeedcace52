/* The result of a receipt is the sum of its actions' results; a sum that no longer fits is an error. */
#include "runtime/action_result.h"
#include "tests/test.h"

enum { SUMS = 4 };
static const struct u128 most = {UINT64_MAX, UINT64_MAX}, one = {1, 0};

static enum status merge(struct action_result *r, const struct action_result *next)
{
    struct apply_state s = {0};
    struct error e;
    return action_result_merge(&s, r, next, &e);
}

static void test_tokens(void)
{
    test_begin("tokens");
    struct action_result r = {.tokens_burnt = {5, 0}, .subsidized_amount = {7, 0}};
    const struct action_result next = {.tokens_burnt = {10, 0}, .subsidized_amount = {20, 0}};
    CHECK_EQUAL(merge(&r, &next), STATUS_OK);
    CHECK_EQUAL(r.tokens_burnt.low, 15);
    CHECK_EQUAL(r.subsidized_amount.low, 27);
    const struct action_result burnt = {.tokens_burnt = one}, subsidized = {.subsidized_amount = one};
    r = (struct action_result){.tokens_burnt = most};
    CHECK_EQUAL(merge(&r, &burnt), STATUS_INVALID);
    r = (struct action_result){.subsidized_amount = most};
    CHECK_EQUAL(merge(&r, &subsidized), STATUS_INVALID);
}

static uint64_t *sum_of(struct action_result *r, int i)
{
    uint64_t *const sums[SUMS] = {&r->gas_used, &r->gas_burnt, &r->gas_burnt_for_function_call, &r->compute_usage};
    return sums[i];
}

static void test_gas(void)
{
    test_begin("gas");
    for (int i = 0; i < SUMS; i++) {
        struct action_result r = {0}, next = {0};
        *sum_of(&r, i) = 3;
        *sum_of(&next, i) = 4;
        CHECK_EQUAL(merge(&r, &next), STATUS_OK);
        for (int k = 0; k < SUMS; k++) CHECK_EQUAL(*sum_of(&r, k), k == i ? 7 : 0);
        *sum_of(&r, i) = UINT64_MAX - 3;
        CHECK_EQUAL(merge(&r, &next), STATUS_INVALID);
    }
}

int main(void)
{
    test_tokens();
    test_gas();
    return test_end();
}
