/* host/promise.c, promise_result.c: making promises, joining them, costs and limits; what came of those before. */
#include "tests/promise_fixture.h"

static struct fixture f;

/* ---- create, then, and ------------------------------------------------------------------------------------------ */

static void test_create(void)
{
    test_begin("promise_batch_create");
    fixture_init(&f, 88);
    fixture_start(&f);
    uint64_t bob = put_text(&f, "bob.near"), self = put_text(&f, "alice.near"), bad = put_text(&f, "Bob.near");

    CHECK_EQUAL(VALUE_OF(&f, promise_batch_create, 8, bob), 0);
    expect_costs(&f,
                 EXT({EXT_base, 1}, {EXT_read_memory_base, 1}, {EXT_read_memory_byte, 8}, {EXT_utf8_decoding_base, 1},
                     {EXT_utf8_decoding_byte, 8}),
                 ACTIONS(action_charge(&f, ACTION_new_action_receipt, false, 1)), 0);
    CHECK(logged(&f, 1)->kind == MOCK_CREATE_RECEIPT);
    CHECK(is_account(&logged(&f, 1)->create_receipt.receiver, "bob.near"));
    CHECK_EQUAL(logged(&f, 1)->create_receipt.dependency_count, 0);

    CHECK_EQUAL(VALUE_OF(&f, promise_batch_create, 10, self), 1);
    expect_costs(&f,
                 EXT({EXT_base, 1}, {EXT_read_memory_base, 1}, {EXT_read_memory_byte, 10},
                     {EXT_utf8_decoding_base, 1}, {EXT_utf8_decoding_byte, 10}),
                 ACTIONS(action_charge(&f, ACTION_new_action_receipt, true, 1)), 0);

    CALL_FAILS(&f, InvalidAccountId, promise_batch_create, 8, bad);
    CALL_FAILS(&f, MemoryAccessViolation, promise_batch_create, 8, NOWHERE);
    CALL_FAILS(&f, InvalidRegisterId, promise_batch_create, UINT64_MAX, 7);
    CHECK_EQUAL(f.host.fault.a, 7);
    CHECK_EQUAL(f.host.promise_count, 2);
    CHECK_EQUAL(f.mock.log_count, 2);
    fixture_end(&f);
}

static void test_then(void)
{
    test_begin("promise_batch_then");
    fixture_init(&f, 88);
    fixture_start(&f);
    uint64_t bob = put_text(&f, "bob.near");
    uint64_t to_bob = make_promise(&f, "bob.near"), to_carol = make_promise(&f, "carol.near");

    CALL_OK(&f, promise_batch_then, to_bob, 8, bob);
    CHECK_EQUAL(f.result, 2);
    struct action_charge receipt = action_charge(&f, ACTION_new_action_receipt, false, 1);
    struct cost data_same = action_send_fee(&f.parameters, ACTION_new_data_receipt_base, true);
    struct cost data_other = action_send_fee(&f.parameters, ACTION_new_data_receipt_base, false);
    uint64_t data_exec = action_exec_fee(&f.parameters, ACTION_new_data_receipt_base).gas;
    struct action_charge one_same = receipt, both = receipt;
    one_same.burnt += data_same.gas + data_exec; /* executing a data receipt is burnt when it is sent */
    both.burnt += data_same.gas + data_other.gas + 2 * data_exec;
    const struct ext_charge *ext = EXT({EXT_base, 1}, {EXT_read_memory_base, 1}, {EXT_read_memory_byte, 8},
                                       {EXT_utf8_decoding_base, 1}, {EXT_utf8_decoding_byte, 8});
    expect_costs(&f, ext, ACTIONS(one_same), 0);
    CHECK_EQUAL(logged(&f, 1)->create_receipt.dependency_count, 1);
    CHECK_EQUAL(logged(&f, 1)->create_receipt.dependencies[0], 0);

    uint8_t pair[16];
    store_le64(pair, to_bob);
    store_le64(pair + 8, to_carol);
    uint64_t joint = VALUE_OF(&f, promise_and, put(&f, pair, sizeof pair), 2);
    CHECK_EQUAL(joint, 3);
    CALL_OK(&f, promise_batch_then, joint, 8, bob);
    expect_costs(&f, ext, ACTIONS(both), 0);
    CHECK_EQUAL(logged(&f, 1)->create_receipt.dependency_count, 2);
    CHECK_EQUAL(logged(&f, 1)->create_receipt.dependencies[1], 1);

    CALL_FAILS(&f, InvalidPromiseIndex, promise_batch_then, 123, 8, bob);
    CHECK_EQUAL(f.host.fault.a, 123);
    CALL_FAILS(&f, InvalidPromiseIndex, promise_batch_then, (uint64_t)1 << 32, 8, bob);
    CALL_FAILS(&f, InvalidPromiseIndex, promise_batch_then, UINT64_MAX, 8, bob);
    expect_costs(&f, ext, NO_ACTIONS, 0);
    fixture_end(&f);
}

static void test_and(void)
{
    test_begin("promise_and");
    fixture_init(&f, 88);
    fixture_start(&f);
    make_promise(&f, "bob.near");
    make_promise(&f, "carol.near");
    uint8_t three[24];
    for (unsigned i = 0; i < 3; i++) store_le64(three + 8 * i, i % 2);
    CALL_OK(&f, promise_and, put(&f, three, sizeof three), 3);
    expect_costs(&f,
                 EXT({EXT_base, 1}, {EXT_promise_and_base, 1}, {EXT_promise_and_per_promise, 24},
                     {EXT_read_memory_base, 1}, {EXT_read_memory_byte, 24}),
                 NO_ACTIONS, 0);
    const struct promise *joint = &f.host.promises[f.result];
    CHECK(joint->joint && joint->receipt_count == 3);
    CHECK_EQUAL(joint->receipts[2], 0);

    /* a joint promise in a joint promise counts all its receipts */
    uint64_t again = join_promise(&f, f.result);
    CHECK_EQUAL(f.host.promises[again].receipt_count, 3);
    CHECK_EQUAL(VALUE_OF(&f, promise_and, 0, 0), again + 1);
    CHECK_EQUAL(f.host.promises[f.result].receipt_count, 0);

    CALL_FAILS(&f, IntegerOverflow, promise_and, 0, UINT64_MAX / 8 + 1);
    CALL_FAILS(&f, MemoryAccessViolation, promise_and, FIXTURE_MEMORY - 8, 2);
    CALL_FAILS(&f, InvalidPromiseIndex, promise_and, put_index(&f, 99), 1);
    CHECK_EQUAL(f.host.fault.a, 99);
    CHECK_EQUAL(f.mock.log_count, 2); /* nothing of this reaches the outside */
    fixture_end(&f);
}

/* ---- limits ----------------------------------------------------------------------------------------------------- */

static void test_limits(void)
{
    test_begin("limits of promises and dependencies");
    fixture_init(&f, 88);
    f.parameters.limits.max_promises_per_function_call_action = 3;
    f.parameters.limits.max_number_input_data_dependencies = 2;
    fixture_start(&f);
    uint64_t bob = put_text(&f, "bob.near"), zeros = put(&f, (uint8_t[32]){0}, 32);
    make_promise(&f, "bob.near");
    CALL_OK(&f, promise_and, zeros, 2);
    uint64_t joint = f.result;
    CALL_FAILS(&f, NumberInputDataDependenciesExceeded, promise_and, zeros, 4);
    CHECK_EQUAL(f.host.fault.a, 3); /* counted up to where it was too much */
    CHECK_EQUAL(f.host.fault.b, 2);
    uint8_t two[16] = {0};
    store_le64(two, joint);
    store_le64(two + 8, joint);
    CALL_FAILS(&f, NumberInputDataDependenciesExceeded, promise_and, put(&f, two, sizeof two), 2);
    CHECK_EQUAL(f.host.fault.a, 4);
    store_le64(two + 8, 77); /* what comes after too many is looked at no more, but this is not too many yet */
    CALL_FAILS(&f, InvalidPromiseIndex, promise_and, put(&f, two, sizeof two), 2);

    make_promise(&f, "bob.near");
    CALL_FAILS(&f, NumberPromisesExceeded, promise_batch_create, 8, bob);
    CHECK_EQUAL(f.host.fault.a, 4);
    CHECK_EQUAL(f.host.fault.b, 3);
    CHECK_EQUAL(f.mock.log_count, 3); /* the receipt was made before the promise was counted */
    CALL_FAILS(&f, NumberPromisesExceeded, promise_and, zeros, 1);
    fixture_end(&f);
}

/* ---- convenience, refunds, returning ---------------------------------------------------------------------------- */

static void test_create_with_call(void)
{
    test_begin("promise_create and promise_then");
    fixture_init(&f, 88);
    fixture_start(&f);
    uint64_t bob = put_text(&f, "bob.near"), method = put_text(&f, "method"), args = put_text(&f, "args!");
    uint64_t amount = put_amount(&f, 30);

    CHECK_EQUAL(VALUE_OF(&f, promise_create, 8, bob, 6, method, 5, args, amount, 1000), 0);
    expect_costs(&f,
                 EXT({EXT_base, 2}, {EXT_read_memory_base, 4}, {EXT_read_memory_byte, 8 + 6 + 5 + 16},
                     {EXT_utf8_decoding_base, 1}, {EXT_utf8_decoding_byte, 8}),
                 ACTIONS(action_charge(&f, ACTION_new_action_receipt, false, 1),
                         action_charge(&f, ACTION_function_call_base, false, 1),
                         action_charge(&f, ACTION_function_call_byte, false, 11)),
                 1000);
    const struct action *call = logged_action(&f, ACTION_KIND_function_call, 0);
    CHECK(is_text(call->function_call.method_name, "method") && is_text(call->function_call.arguments, "args!"));
    CHECK(u128_equal(call->function_call.deposit, u128_of(30)));
    CHECK_EQUAL(call->function_call.gas, 1000);
    CHECK_EQUAL(call->function_call.gas_weight, 0);
    CHECK(u128_equal(f.host.balance, u128_of(80)));

    CHECK_EQUAL(VALUE_OF(&f, promise_then, 0, 8, bob, 6, method, 5, args, amount, 0), 1);
    CHECK_EQUAL(logged(&f, 2)->create_receipt.dependency_count, 1);
    CHECK(logged_action(&f, ACTION_KIND_function_call, 2)->function_call.gas == 0);
    CHECK(u128_equal(f.host.balance, u128_of(50)));

    /* the receipt stays although the call fails */
    uint32_t before = f.mock.log_count;
    CALL_FAILS(&f, EmptyMethodName, promise_create, 8, bob, 0, method, 5, args, amount, 0);
    CHECK_EQUAL(f.mock.log_count, before + 1);
    CHECK(logged(&f, 1)->kind == MOCK_CREATE_RECEIPT);
    fixture_end(&f);
}

static void test_gas_falls_short(void)
{
    test_begin("gas that ends in the middle");
    fixture_init(&f, 88);
    f.context.prepaid_gas = 1000000000000;
    fixture_start(&f);
    uint64_t bob = put_text(&f, "bob.near"), zero = put_amount(&f, 0);
    /* enough for the receipt and its action, not for what the call is to take along */
    CALL_FAILS(&f, GasExceeded, promise_create, 8, bob, 1, bob, 0, 0, zero, 1000000000000);
    CHECK_EQUAL(f.mock.log_count, 1);
    CHECK(logged(&f, 1)->kind == MOCK_CREATE_RECEIPT);
    CHECK(gas_used(&f.host.gas) <= f.context.prepaid_gas);
    fixture_end(&f);
}

static void test_refund_and_return(void)
{
    test_begin("promise_set_refund_to and promise_return");
    fixture_init(&f, 88);
    fixture_start(&f);
    uint64_t bob = put_text(&f, "bob.near");
    make_promise(&f, "carol.near");
    uint64_t second = make_promise(&f, "carol.near"), joint = join_promise(&f, second);

    CALL_OK(&f, promise_set_refund_to, second, 8, bob);
    CHECK(logged(&f, 1)->kind == MOCK_SET_REFUND_TO);
    CHECK_EQUAL(logged(&f, 1)->set_refund_to.receipt, 1);
    CHECK(is_account(&logged(&f, 1)->set_refund_to.account, "bob.near"));
    expect_costs(&f,
                 EXT({EXT_base, 1}, {EXT_read_memory_base, 1}, {EXT_read_memory_byte, 8}, {EXT_utf8_decoding_base, 1},
                     {EXT_utf8_decoding_byte, 8}),
                 NO_ACTIONS, 0);
    CALL_FAILS(&f, CannotSetRefundToOnJointPromise, promise_set_refund_to, joint, 8, bob);
    CALL_FAILS(&f, InvalidPromiseIndex, promise_set_refund_to, 3, 8, bob);

    CHECK_EQUAL(f.host.return_kind, RETURN_NONE);
    CALL_FAILS(&f, CannotReturnJointPromise, promise_return, joint);
    CALL_FAILS(&f, InvalidPromiseIndex, promise_return, 3);
    CHECK_EQUAL(f.host.return_kind, RETURN_NONE);
    CALL_OK(&f, promise_return, second);
    expect_costs(&f, EXT({EXT_base, 1}, {EXT_promise_return, 1}), NO_ACTIONS, 0);
    CHECK_EQUAL(f.host.return_kind, RETURN_RECEIPT);
    CHECK_EQUAL(f.host.return_receipt, 1);
    fixture_end(&f);
}

/* ---- results ---------------------------------------------------------------------------------------------------- */

static void test_results(void)
{
    test_begin("promise_results_count and promise_result");
    static const struct promise_result results[] = {
        {PROMISE_SUCCESSFUL, {(const uint8_t *)"test", 4}}, {PROMISE_FAILED, {0}}, {PROMISE_NOT_READY, {0}}};
    struct bytes data;
    fixture_init(&f, 88);
    f.context.promise_results = results;
    f.context.promise_result_count = 3;
    fixture_start(&f);
    CHECK_EQUAL(VALUE_OF(&f, promise_results_count, 0), 3);
    expect_costs(&f, EXT({EXT_base, 1}), NO_ACTIONS, 0);
    CHECK_EQUAL(VALUE_OF(&f, promise_result, 1, 0), 2);
    CHECK_EQUAL(VALUE_OF(&f, promise_result, 2, 0), 0);
    CHECK(!registers_find(&f.host.registers, 0, &data));
    CHECK_EQUAL(VALUE_OF(&f, promise_result, 0, 0), 1);
    expect_costs(&f, EXT({EXT_base, 1}, {EXT_write_register_base, 1}), NO_ACTIONS, 0); /* not by byte */
    CHECK(registers_find(&f.host.registers, 0, &data) && is_text(data, "test"));
    CALL_FAILS(&f, InvalidPromiseResultIndex, promise_result, 3, 0);
    CHECK_EQUAL(f.host.fault.a, 3);
    fixture_end(&f);
}

/* ---- view calls ------------------------------------------------------------------------------------------------- */

/* Everything about promises is forbidden in a view call, and said so under the name of the function, or of that which
 * it is made of. */
static const struct {
    host_import function;
    const char *reported;
    bool pays_more; /* than base */
} forbidden[] = {
#define SAME(name) {import_##name, #name, false}
#define UNDER(name, reported) {import_##name, reported, false}
    UNDER(promise_create, "promise_batch_create"),
    UNDER(promise_then, "promise_batch_then"),
    SAME(promise_and),
    SAME(promise_batch_create),
    SAME(promise_batch_then),
    SAME(promise_set_refund_to),
    SAME(promise_batch_action_state_init),
    SAME(promise_batch_action_state_init_by_account_id),
    SAME(set_state_init_data_entry),
    SAME(promise_batch_action_universal_state_init),
    SAME(promise_batch_action_create_account),
    SAME(promise_batch_action_deploy_contract),
    SAME(promise_batch_action_deploy_global_contract),
    SAME(promise_batch_action_deploy_global_contract_by_account_id),
    SAME(promise_batch_action_use_global_contract),
    SAME(promise_batch_action_use_global_contract_by_account_id),
    SAME(promise_batch_action_function_call),
    UNDER(promise_batch_action_function_call_weight, "promise_batch_action_function_call"),
    SAME(promise_batch_action_transfer),
    SAME(promise_batch_action_stake),
    SAME(promise_batch_action_add_key_with_full_access),
    SAME(promise_batch_action_add_key_with_function_call),
    SAME(promise_batch_action_delete_key),
    SAME(promise_batch_action_delete_account),
    SAME(promise_batch_action_transfer_to_gas_key),
    SAME(promise_batch_action_add_gas_key_with_full_access),
    SAME(promise_batch_action_add_gas_key_with_function_call),
    SAME(promise_yield_create),
    SAME(promise_yield_create_with_id),
    SAME(promise_yield_resume),
    SAME(promise_yield_resume_with_yield_id),
    SAME(promise_results_count),
    SAME(promise_result),
    {import_promise_return, "promise_return", true},
#undef SAME
#undef UNDER
};

static void test_view(void)
{
    test_begin("view calls");
    fixture_init(&f, 88);
    f.context.is_view = true;
    f.context.view_max_gas = 100000000000000;
    fixture_start(&f);
    static const uint64_t args[10];
    for (size_t i = 0; i < sizeof forbidden / sizeof *forbidden; i++) {
        CHECK_EQUAL(fixture_call(&f, forbidden[i].function, args), HOST_ProhibitedInView);
        if (!CHECK(is_text(f.host.fault.text, forbidden[i].reported))) printf("  %s\n", forbidden[i].reported);
        expect_costs(&f, EXT({EXT_base, 1}, {EXT_promise_return, forbidden[i].pays_more}), NO_ACTIONS, 0);
    }
    CHECK_EQUAL(f.mock.log_count, 0);
    fixture_end(&f);
}

int main(void)
{
    test_create();
    test_then();
    test_and();
    test_limits();
    test_create_with_call();
    test_gas_falls_short();
    test_refund_and_return();
    test_results();
    test_view();
    return test_end();
}
