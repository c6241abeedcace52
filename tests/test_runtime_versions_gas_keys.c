/* Gas keys (versions 85 to 88), held to the expectations of nearcore's own tests. */
#include "tests/runtime_expectations.h"

static const uint64_t first_nonce = (FIXTURE_HEIGHT - 1) * UINT64_C(1000000); /* of keys added in the first block */

/* ---- nearcore, runtime/runtime/src/access_keys.rs ---------------------------------------------------------------- */

/* alice with a gas key of two nonces, as the tests there begin. */
static void begin_unit(struct fixture *f, uint32_t version, const struct test_key *gas)
{
    fixture_begin(f, version);
    fixture_add_account(f, "alice", 100);
    fixture_add_account(f, "bob", 100);
    CHECK_TEXT(act(f, "alice", "alice", add_gas_key(gas, 2), 1), "");
}

static struct u128 gas_key_balance(struct fixture *f, const char *name, const struct test_key *gas)
{
    struct access_key key = {0};
    CHECK(fixture_access_key(f, name, gas, &key));
    return key.gas_key_balance;
}

/* test_add_gas_key, test_view_gas_key_nonces, test_cannot_add_duplicate_gas_key,
 * test_cannot_add_gas_key_with_same_public_key_as_access_key. There the height is 10; the nonces are
 * (height - 1) * 10^6. The storage: key, access key and record, and for each nonce key, index, nonce and record. */
static void test_add(uint32_t version)
{
    struct fixture f;
    struct test_key gas = test_key_of("gas"), own = test_key_of("alice");
    struct access_key key = {0};
    fixture_begin(&f, version);
    f.chunk.block_height = 10;
    fixture_add_account(&f, "alice", 100);
    CHECK_TEXT(act(&f, "alice", "alice", add_gas_key(&gas, 2), 1), "");
    CHECK(fixture_access_key(&f, "alice", &gas, &key));
    CHECK_EQUAL(key.permission, PERMISSION_GAS_KEY_FULL_ACCESS);
    CHECK_EQUAL(key.num_nonces, 2);
    CHECK_EQUAL(key.nonce, 0);
    CHECK(u128_equal(key.gas_key_balance, u128_of(0)));
    CHECK_EQUAL(storage_usage(&f, "alice"), 182 + (33 + 27 + 40) + 2 * (33 + 2 + 8 + 40));
    CHECK_EQUAL(fixture_nonce(&f, "alice", &gas, 0), 9000000);
    CHECK_EQUAL(fixture_nonce(&f, "alice", &gas, 1), 9000000);
    CHECK_EQUAL(fixture_nonce(&f, "alice", &gas, 2), 0);
    CHECK_TEXT(act(&f, "alice", "alice", add_gas_key(&gas, 2), 2), "ActionError.AddKeyAlreadyExists");
    CHECK_TEXT(act(&f, "alice", "alice", add_gas_key(&own, 2), 3), "ActionError.AddKeyAlreadyExists");
    fixture_end(&f);
}

/* test_delete_gas_key, test_delete_nonexistent_gas_key. */
static void test_delete(uint32_t version)
{
    struct fixture f;
    struct test_key gas = test_key_of("gas"), unknown = test_key_of("nonexistent");
    struct access_key key = {0};
    begin_unit(&f, version, &gas);
    CHECK_TEXT(act(&f, "alice", "alice", delete_key(&gas), 2), "");
    CHECK(!fixture_access_key(&f, "alice", &gas, &key));
    CHECK_EQUAL(storage_usage(&f, "alice"), 182);
    CHECK_EQUAL(fixture_nonce(&f, "alice", &gas, 0), 0);
    CHECK_EQUAL(fixture_nonce(&f, "alice", &gas, 1), 0);
    CHECK_TEXT(act(&f, "alice", "alice", delete_key(&unknown), 3), "ActionError.DeleteKeyDoesNotExist");
    fixture_end(&f);
}

/* test_delete_account_removes_gas_keys: three of them, and nothing is left under the account's access keys. */
static void test_delete_account(uint32_t version)
{
    static const char *const seeds[] = {"gas one", "gas two", "gas three"};
    struct fixture f;
    struct access_key key = {0};
    struct action leave = {.kind = ACTION_KIND_delete_account, .delete_account = {account_id_of("bob")}};
    struct test_key keys[3];
    fixture_begin(&f, version);
    fixture_add_account(&f, "alice", 100);
    fixture_add_account(&f, "bob", 100);
    for (int i = 0; i < 3; i++) {
        keys[i] = test_key_of(seeds[i]);
        CHECK_TEXT(act(&f, "alice", "alice", add_gas_key(&keys[i], 2), (uint64_t)i + 1), "");
    }
    act(&f, "alice", "alice", leave, 4); /* succeeds; the refund of gas does not */
    CHECK(u128_equal(balance(&f, "alice"), u128_of(0)));
    for (int i = 0; i < 3; i++) {
        CHECK(!fixture_access_key(&f, "alice", &keys[i], &key));
        CHECK_EQUAL(fixture_nonce(&f, "alice", &keys[i], 0), 0);
        CHECK_EQUAL(fixture_nonce(&f, "alice", &keys[i], 1), 0);
    }
    struct test_key own = test_key_of("alice");
    CHECK(!fixture_access_key(&f, "alice", &own, &key));
    fixture_end(&f);
}

/* test_transfer_to_gas_key_success, .._nonexistent_key, .._not_gas_key. */
static void test_fund(uint32_t version)
{
    struct fixture f;
    struct test_key gas = test_key_of("gas"), own = test_key_of("alice"), unknown = test_key_of("nonexistent");
    begin_unit(&f, version, &gas);
    CHECK_TEXT(act(&f, "alice", "alice", fund(&gas, u128_of(1000000)), 2), "");
    CHECK(u128_equal(gas_key_balance(&f, "alice", &gas), u128_of(1000000)));
    CHECK_TEXT(act(&f, "alice", "alice", fund(&gas, u128_of(1000000)), 3), "");
    CHECK(u128_equal(gas_key_balance(&f, "alice", &gas), u128_of(2000000)));
    CHECK_TEXT(act(&f, "alice", "alice", fund(&unknown, u128_of(1000000)), 4), "ActionError.GasKeyDoesNotExist");
    CHECK_TEXT(act(&f, "alice", "alice", fund(&own, u128_of(1000000)), 5), "ActionError.GasKeyDoesNotExist");
    fixture_end(&f);
}

/* test_withdraw_from_gas_key_success. */
static void test_withdraw(uint32_t version)
{
    struct fixture f;
    struct test_key gas = test_key_of("gas");
    begin_unit(&f, version, &gas);
    CHECK_TEXT(act(&f, "alice", "alice", fund(&gas, u128_of(1000000)), 2), "");
    struct u128 all = plus(balance(&f, "alice"), f.burnt);
    CHECK_TEXT(act(&f, "alice", "alice", withdraw(&gas, u128_of(400000)), 3), "");
    CHECK(u128_equal(gas_key_balance(&f, "alice", &gas), u128_of(600000)));
    CHECK(u128_equal(plus(balance(&f, "alice"), f.burnt), plus(all, u128_of(400000))));
    fixture_end(&f);
}

/* test_withdraw_from_gas_key_insufficient_balance, .._nonexistent_key, .._not_gas_key. */
static void test_withdraw_too_much(uint32_t version)
{
    struct fixture f;
    struct test_key gas = test_key_of("gas"), own = test_key_of("alice"), unknown = test_key_of("nonexistent");
    begin_unit(&f, version, &gas);
    CHECK_TEXT(act(&f, "alice", "alice", fund(&gas, u128_of(100)), 2), "");
    struct action much = withdraw(&gas, u128_of(1000));
    struct transaction t = fixture_transaction("alice", "alice", &own, 3, &much, 1);
    struct signed_transaction s = fixture_sign(&f, &t, &own);
    fixture_block(&f, &s, 1);
    CHECK_EQUAL(f.result.outcome_count, 2);
    CHECK_TEXT(fixture_error(&f, 1), "ActionError.InsufficientGasKeyBalance");
    const struct execution_error *error = f.result.outcomes[1].error;
    CHECK(u128_equal(error->action.InsufficientGasKeyBalance.balance, u128_of(100)));
    CHECK(u128_equal(error->action.InsufficientGasKeyBalance.required, u128_of(1000)));
    CHECK_TEXT(act(&f, "alice", "alice", withdraw(&unknown, u128_of(1000)), 4), "ActionError.GasKeyDoesNotExist");
    CHECK_TEXT(act(&f, "alice", "alice", withdraw(&own, u128_of(1000)), 5), "ActionError.GasKeyDoesNotExist");
    fixture_end(&f);
}

/* ---- nearcore, test-loop-tests/src/tests/gas_keys.rs ------------------------------------------------------------- */

/* account0 with 10^6 NEAR and a gas key of three nonces that holds 0.01 NEAR, account1 with 10^6 NEAR. */
static void begin_loop(struct fixture *f, uint32_t version, const struct test_key *gas)
{
    fixture_begin(f, version);
    fixture_add_account(f, "account0", 1000000);
    fixture_add_account(f, "account1", 1000000);
    CHECK_TEXT(act(f, "account0", "account0", add_gas_key(gas, 3), 1), "");
    CHECK_TEXT(act(f, "account0", "account0", fund(gas, millinear(10)), 2), "");
}

static struct transaction with_gas_key(const struct test_key *gas, uint64_t nonce, const struct action *a)
{
    struct transaction t = fixture_transaction("account0", "account1", gas, nonce, a, 1);
    t.version = TRANSACTION_V1;
    t.has_nonce_index = true;
    return t;
}

/* test_gas_key_transaction: the account pays the deposit of 10 NEAR, the key the gas. */
static void test_transaction(uint32_t version)
{
    struct fixture f;
    struct test_key gas = test_key_of("gas_key");
    begin_loop(&f, version, &gas);
    struct u128 sender = balance(&f, "account0"), key = gas_key_balance(&f, "account0", &gas), burnt = f.burnt;
    CHECK(u128_equal(key, millinear(10)));
    struct action pay = transfer(near_tokens(10));
    struct transaction t = with_gas_key(&gas, first_nonce + 1, &pay);
    CHECK_TEXT(fixture_run(&f, &t, &gas), "");
    CHECK_EQUAL(fixture_nonce(&f, "account0", &gas, 0), first_nonce + 1);
    CHECK(u128_equal(balance(&f, "account0"), minus(sender, near_tokens(10))));
    CHECK(u128_less(burnt, f.burnt));
    CHECK(u128_equal(gas_key_balance(&f, "account0", &gas), minus(key, minus(f.burnt, burnt))));
    CHECK(u128_equal(balance(&f, "account1"), near_tokens(1000010)));
    fixture_end(&f);
}

/* test_gas_key_refund: a call of nothing with 100 Tgas and 5 NEAR; the gas goes back to the key, the deposit to the
 * account. */
static void test_refund(uint32_t version)
{
    struct fixture f;
    struct test_key gas = test_key_of("gas_key");
    begin_loop(&f, version, &gas);
    CHECK_TEXT(act(&f, "account0", "account0", fund(&gas, near_tokens(1)), 3), ""); /* gas costs more here */
    struct u128 sender = balance(&f, "account0"), key = gas_key_balance(&f, "account0", &gas), burnt = f.burnt;
    struct action call = call_with("nonexistent_method", bytes_of("", 0), near_tokens(5));
    struct transaction t = with_gas_key(&gas, first_nonce + 1, &call);
    const char *error = fixture_run(&f, &t, &gas);
    CHECK(strncmp(error, "ActionError.FunctionCallError", strlen("ActionError.FunctionCallError")) == 0);
    CHECK(u128_less(burnt, f.burnt));
    CHECK(u128_equal(gas_key_balance(&f, "account0", &gas), minus(key, minus(f.burnt, burnt))));
    CHECK(u128_equal(balance(&f, "account0"), sender));
    fixture_end(&f);
}

/* test_gas_key_deposit_failed: 10^9 NEAR are not there. The key pays what the transaction burns, and nothing leaves. */
static void test_deposit_failed(uint32_t version)
{
    struct fixture f;
    struct test_key gas = test_key_of("gas_key");
    begin_loop(&f, version, &gas);
    struct u128 sender = balance(&f, "account0"), key = gas_key_balance(&f, "account0", &gas);
    struct action pay = transfer(near_tokens(1000000000));
    struct transaction t = with_gas_key(&gas, first_nonce + 1, &pay);
    struct signed_transaction s = fixture_sign(&f, &t, &gas);
    fixture_block(&f, &s, 1);
    CHECK_TEXT(fixture_error(&f, 0), "InvalidTxError.NotEnoughBalanceForDeposit");
    const struct execution_outcome *o = &f.result.outcomes[0];
    CHECK(o->gas_burnt > 0);
    CHECK(u128_equal(o->tokens_burnt, times(f.chunk.gas_price, o->gas_burnt)));
    CHECK_EQUAL(o->receipt_id_count, 0);
    CHECK(u128_equal(gas_key_balance(&f, "account0", &gas), minus(key, o->tokens_burnt)));
    CHECK(u128_equal(balance(&f, "account0"), sender));
    CHECK_EQUAL(fixture_nonce(&f, "account0", &gas, 0), first_nonce + 1);
    fixture_end(&f);
}

/* test-loop-tests/src/tests/gas_key_implicit_nonce_index.rs,
 * test_v0_tx_on_gas_key_rejected_before_implicit_nonce_index: a key of three nonces. */
static void test_no_index(uint32_t version)
{
    struct fixture f;
    struct test_key gas = test_key_of("gas_key");
    struct access_key key = {0};
    begin_loop(&f, version, &gas);
    CHECK(fixture_access_key(&f, "account0", &gas, &key));
    CHECK_EQUAL(key.nonce, 0);
    struct action pay = transfer(near_tokens(1));
    struct transaction t = fixture_transaction("account0", "account1", &gas, 1, &pay, 1);
    struct signed_transaction s = fixture_sign(&f, &t, &gas);
    fixture_block(&f, &s, 1);
    CHECK_TEXT(fixture_error(&f, 0), "InvalidTxError.InvalidNonceIndex");
    const struct invalid_tx_error *error = &f.result.outcomes[0].error->invalid_tx;
    CHECK(!error->InvalidNonceIndex.tx_nonce_index.present);
    CHECK_EQUAL(error->InvalidNonceIndex.num_nonces, 3);
    fixture_end(&f);
}

/* The input: a Borsh public key. The account is account0, whose name is at 1024; amounts at 4096: 0.01 NEAR, 0, 999. */
static const char contract[] =
    "(module"
    "  (import \"env\" \"input\" (func $input (param i64)))"
    "  (import \"env\" \"read_register\" (func $read (param i64 i64)))"
    "  (import \"env\" \"promise_batch_create\" (func $create (param i64 i64) (result i64)))"
    "  (import \"env\" \"promise_return\" (func $return (param i64)))"
    "  (import \"env\" \"promise_batch_action_add_gas_key_with_full_access\" (func $full (param i64 i64 i64 i64)))"
    "  (import \"env\" \"promise_batch_action_add_gas_key_with_function_call\""
    "    (func $limited (param i64 i64 i64 i64 i64 i64 i64 i64 i64)))"
    "  (import \"env\" \"promise_batch_action_transfer_to_gas_key\" (func $fund (param i64 i64 i64 i64)))"
    "  (memory 1) (data (i32.const 1024) \"account0\") (data (i32.const 1040) \"method1,method2\")"
    "  (data (i32.const 4096) \"\\00\\00\\40\\b2\\ba\\c9\\e0\\19\\1e\\02\")" /* 10^22 */
    "  (data (i32.const 4128) \"\\e7\\03\")"
    "  (func $start (result i64) (call $input (i64.const 0)) (call $read (i64.const 0) (i64.const 0))"
    "    (call $create (i64.const 8) (i64.const 1024)))"
    "  (func $add (param $nonces i64) (param $allowance i64) (local $promise i64) (local.set $promise (call $start))"
    "    (call $limited (local.get $promise) (i64.const 33) (i64.const 0) (local.get $nonces) (local.get $allowance)"
    "                   (i64.const 8) (i64.const 1024) (i64.const 15) (i64.const 1040))"
    "    (call $return (local.get $promise)))"
    "  (func (export \"full\") (call $full (call $start) (i64.const 33) (i64.const 0) (i64.const 3)))"
    "  (func (export \"limited\") (call $add (i64.const 2) (i64.const 4112)))"
    "  (func (export \"allowance\") (call $add (i64.const 1) (i64.const 4128)))"
    "  (func (export \"fund\") (call $fund (call $start) (i64.const 33) (i64.const 0) (i64.const 4096))))";

static const char *call_contract(struct fixture *f, const char *method, const struct test_key *gas, uint64_t nonce)
{
    uint8_t input[33] = {KEY_ED25519};
    memcpy(input + 1, gas->public.data, 32);
    return act(f, "account0", "account0", call_with(method, bytes_of(input, sizeof input), u128_of(0)), nonce);
}

/* test_gas_key_transfer_host_function: 0.1 NEAR, then 0.01 NEAR more by the contract. What it does not burn or get back
 * as a reward (30 %, none since version 87) is all that the account loses. */
static void test_host_fund(uint32_t version)
{
    struct fixture f;
    struct test_key gas = test_key_of("gas_key");
    fixture_begin(&f, version);
    fixture_add_contract(&f, "account0", contract);
    CHECK_TEXT(act(&f, "account0", "account0", add_gas_key(&gas, 3), 1), "");
    CHECK_TEXT(act(&f, "account0", "account0", fund(&gas, millinear(100)), 2), "");
    struct u128 before = balance(&f, "account0"), burnt = f.burnt;
    CHECK_TEXT(call_contract(&f, "fund", &gas, 3), "");
    CHECK(u128_equal(gas_key_balance(&f, "account0", &gas), millinear(110)));
    CHECK(u128_equal(balance(&f, "account0"), minus(minus(before, millinear(10)), minus(f.burnt, burnt))));
    fixture_end(&f);
}

/* test_gas_key_add_full_access_host_function, test_gas_key_add_function_call_host_function,
 * test_gas_key_add_function_call_nonzero_allowance_rejected. */
static void test_host_add(uint32_t version)
{
    struct fixture f;
    struct test_key full = test_key_of("full"), limited = test_key_of("limited"), refused = test_key_of("refused");
    struct access_key key = {0};
    fixture_begin(&f, version);
    fixture_add_contract(&f, "account0", contract);
    CHECK_TEXT(call_contract(&f, "full", &full, 1), "");
    CHECK(fixture_access_key(&f, "account0", &full, &key));
    CHECK_EQUAL(key.permission, PERMISSION_GAS_KEY_FULL_ACCESS);
    CHECK_EQUAL(key.num_nonces, 3);
    CHECK_EQUAL(key.nonce, 0);
    CHECK(u128_equal(key.gas_key_balance, u128_of(0)));
    for (uint16_t i = 0; i < 4; i++) CHECK((fixture_nonce(&f, "account0", &full, i) != 0) == (i < 3));

    CHECK_TEXT(call_contract(&f, "limited", &limited, 2), "");
    CHECK(fixture_access_key(&f, "account0", &limited, &key));
    CHECK_EQUAL(key.permission, PERMISSION_GAS_KEY_FUNCTION_CALL);
    CHECK_EQUAL(key.num_nonces, 2);
    CHECK_EQUAL(key.nonce, 0);
    CHECK(u128_equal(key.gas_key_balance, u128_of(0)));
    CHECK(!key.has_allowance); /* 0 is none */
    CHECK(bytes_equal(key.receiver_id, bytes_of_string("account0")));
    if (CHECK_EQUAL(key.method_count, 2)) {
        CHECK(bytes_equal(key.method_names[0], bytes_of_string("method1")));
        CHECK(bytes_equal(key.method_names[1], bytes_of_string("method2")));
    }
    for (uint16_t i = 0; i < 3; i++) CHECK((fixture_nonce(&f, "account0", &limited, i) != 0) == (i < 2));

    CHECK_TEXT(call_contract(&f, "allowance", &refused, 3),
               "ActionError.NewReceiptValidationError.ActionsValidation.GasKeyFunctionCallAllowanceNotAllowed");
    CHECK(!fixture_access_key(&f, "account0", &refused, &key));
    fixture_end(&f);
}

/* test_gas_key_add_then_fund_then_use: by the contract, with 0.01 NEAR, for a transfer of 0.001 NEAR to itself. */
static void test_host_use(uint32_t version)
{
    struct fixture f;
    struct test_key gas = test_key_of("new_gas_key");
    fixture_begin(&f, version);
    fixture_add_contract(&f, "account0", contract);
    CHECK_TEXT(call_contract(&f, "full", &gas, 1), "");
    CHECK_TEXT(act(&f, "account0", "account0", fund(&gas, millinear(10)), 2), "");
    CHECK(u128_equal(gas_key_balance(&f, "account0", &gas), millinear(10)));
    const uint64_t nonce = fixture_nonce(&f, "account0", &gas, 0);
    struct u128 before = balance(&f, "account0"), burnt = f.burnt;
    struct action pay = transfer(millinear(1));
    struct transaction t = with_gas_key(&gas, nonce + 1, &pay);
    t.receiver_id = t.signer_id;
    CHECK_TEXT(fixture_run(&f, &t, &gas), "");
    CHECK(u128_less(burnt, f.burnt));
    CHECK(u128_equal(gas_key_balance(&f, "account0", &gas), minus(millinear(10), minus(f.burnt, burnt))));
    CHECK(u128_equal(balance(&f, "account0"), before));
    CHECK_EQUAL(fixture_nonce(&f, "account0", &gas, 0), nonce + 1);
    fixture_end(&f);
}

int main(void)
{
    test_begin("gas keys as nearcore's tests have them");
    for (uint32_t version = 85; version <= 88; version++) {
        test_add(version);
        test_delete(version);
        test_delete_account(version);
        test_fund(version);
        test_withdraw(version);
        test_withdraw_too_much(version);
        test_transaction(version);
        test_refund(version);
        test_deposit_failed(version);
        test_no_index(version);
        test_host_fund(version);
        test_host_add(version);
        test_host_use(version);
    }
    return test_end();
}
