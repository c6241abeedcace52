/* What actions may be, post-quantum keys, meta transactions and the one yoctoNEAR that contracts are given, held to the
 * expectations of nearcore's own tests. */
#include "runtime/cost.h"
#include "runtime/validate_actions.h"
#include "tests/runtime_expectations.h"

/* ---- nearcore, runtime/runtime/src/action_validation.rs ---------------------------------------------------------- */

enum { VALID = -1 };

static const struct public_key ed25519 = {.type = KEY_ED25519}, post_quantum = {.type = KEY_ML_DSA_65, .data = {7}};
static struct validation_error why; /* of the last refusal */

static int check_under(const struct protocol_parameters *p, uint32_t version, const struct action *a, uint32_t count,
                       const char *receiver)
{
    struct account_id id = account_id_of(receiver);
    struct error e;
    bool valid = false;
    CHECK(validate_actions(p, version, RECEIPT_NEW, a, count, &id, &valid, &why, &e) == STATUS_OK);
    return valid ? VALID : (int)why.kind;
}

static int check(uint32_t version, struct action a)
{
    return check_under(parameters_of(version), version, &a, 1, "alice.near");
}

static struct action add_key(const struct public_key *k, struct access_key access)
{
    return (struct action){.kind = ACTION_KIND_add_key, .add_key = {k, access}};
}

static struct action call_for(uint64_t gas)
{
    struct action a = call_with("hello", bytes_of_string("abc"), u128_of(0));
    a.function_call.gas = gas;
    return a;
}

/* test_validate_action_invalid_add_key_gas_key_before_protocol_feature, test_validate_add_gas_key_valid,
 * .._invalid_num_nonces, .._allowance_set, .._method_name_too_long. */
static void test_gas_keys(void)
{
    static char name[257];
    const struct bytes method = {(const uint8_t *)name, sizeof name};
    struct access_key key = {.permission = PERMISSION_GAS_KEY_FULL_ACCESS, .num_nonces = 10};
    memset(name, 'A', sizeof name);
    CHECK_EQUAL(check(84, add_key(&ed25519, key)), validation_error_UnsupportedProtocolFeature);
    CHECK(bytes_equal(why.UnsupportedProtocolFeature.protocol_feature, bytes_of_string("GasKeys")));
    CHECK_EQUAL(why.UnsupportedProtocolFeature.version, 84);
    for (uint32_t version = 85; version <= 88; version++) {
        key = (struct access_key){.permission = PERMISSION_GAS_KEY_FULL_ACCESS, .num_nonces = 10};
        CHECK_EQUAL(check(version, add_key(&ed25519, key)), VALID);
        for (uint16_t nonces = 0; nonces <= 1025; nonces = (uint16_t)(nonces + 1025)) {
            key.num_nonces = nonces;
            CHECK_EQUAL(check(version, add_key(&ed25519, key)), validation_error_GasKeyInvalidNumNonces);
            CHECK_EQUAL(why.GasKeyInvalidNumNonces.requested_nonces, nonces);
            CHECK_EQUAL(why.GasKeyInvalidNumNonces.limit, 1024);
        }
        key = (struct access_key){.permission = PERMISSION_GAS_KEY_FUNCTION_CALL, .num_nonces = 10,
                                  .receiver_id = bytes_of_string("bob.near"), .has_allowance = true,
                                  .allowance = u128_of(1000)};
        CHECK_EQUAL(check(version, add_key(&ed25519, key)), validation_error_GasKeyFunctionCallAllowanceNotAllowed);
        key.has_allowance = false;
        key.method_names = &method;
        key.method_count = 1;
        CHECK_EQUAL(check(version, add_key(&ed25519, key)), validation_error_AddKeyMethodNameLengthExceeded);
        CHECK_EQUAL(why.AddKeyMethodNameLengthExceeded.length, 257);
        CHECK_EQUAL(why.AddKeyMethodNameLengthExceeded.limit, 256);
    }
}

/* test_validate_actions_ml_dsa_add_key_gated. */
static void test_post_quantum_gate(void)
{
    const struct access_key full = {.permission = PERMISSION_FULL_ACCESS};
    CHECK_EQUAL(check(84, add_key(&post_quantum, full)), validation_error_UnsupportedProtocolFeature);
    for (uint32_t version = 85; version <= 88; version++)
        CHECK_EQUAL(check(version, add_key(&post_quantum, full)), VALID);
}

/* test_validate_actions_empty, .._valid_function_call, .._too_much_gas, .._gas_overflow, .._num_actions,
 * test_validate_delete_must_be_final, .._must_work_if_its_final, and those of single actions. */
static void test_lists(uint32_t version)
{
    struct protocol_parameters p = *parameters_of(version);
    struct action calls[2] = {call_for(100), call_for(150)};
    p.limits.max_total_prepaid_gas = 220;
    CHECK_EQUAL(check_under(&p, version, NULL, 0, "alice.near"), VALID);
    CHECK_EQUAL(check_under(&p, version, calls, 1, "alice.near"), VALID);
    CHECK_EQUAL(check_under(&p, version, calls, 2, "alice.near"), validation_error_TotalPrepaidGasExceeded);
    CHECK_EQUAL(why.TotalPrepaidGasExceeded.total_prepaid_gas, 250);
    CHECK_EQUAL(why.TotalPrepaidGasExceeded.limit, 220);
    calls[0] = calls[1] = call_for(UINT64_MAX / 2 + 1);
    CHECK_EQUAL(check_under(&p, version, calls, 2, "alice.near"), validation_error_IntegerOverflow);
    CHECK_EQUAL(check(version, call_for(0)), validation_error_FunctionCallZeroAttachedGas);

    const struct action create = {.kind = ACTION_KIND_create_account};
    const struct action leave = {.kind = ACTION_KIND_delete_account, .delete_account = {account_id_of("bob")}};
    const struct action first[2] = {leave, create}, last[2] = {create, leave}, two[2] = {create, create};
    p.limits.max_actions_per_receipt = 1;
    CHECK_EQUAL(check_under(&p, version, two, 2, "alice.near"), validation_error_TotalNumberOfActionsExceeded);
    CHECK_EQUAL(why.TotalNumberOfActionsExceeded.total_number_of_actions, 2);
    CHECK_EQUAL(why.TotalNumberOfActionsExceeded.limit, 1);
    p.limits.max_actions_per_receipt = 3;
    CHECK_EQUAL(check_under(&p, version, first, 2, "alice.near"), validation_error_DeleteActionMustBeFinal);
    CHECK_EQUAL(check_under(&p, version, last, 2, "alice.near"), VALID);

    const struct action stake = {.kind = ACTION_KIND_stake, .stake = {.stake = u128_of(100), .public_key = &ed25519}};
    CHECK_EQUAL(check(version, stake), validation_error_UnsuitableStakingKey);
    CHECK_EQUAL(check(version, transfer(u128_of(10))), VALID);
    CHECK_EQUAL(check(version, create), VALID);
    CHECK_EQUAL(check(version, leave), VALID);
    const struct bytes names[2] = {bytes_of_string("hello"), bytes_of_string("world")};
    CHECK_EQUAL(check(version, add_key(&ed25519, (struct access_key){.permission = PERMISSION_FULL_ACCESS})), VALID);
    CHECK_EQUAL(check(version, add_key(&ed25519, (struct access_key){
                    .permission = PERMISSION_FUNCTION_CALL, .has_allowance = true, .allowance = u128_of(1000),
                    .receiver_id = bytes_of_string("alice.near"), .method_names = names, .method_count = 2})), VALID);
}

/* test_validate_actions_num_deploy_actions: a limit of 2, inside of delegate actions for itself;
 * test_delegate_action_must_be_only_one. */
static void test_deploys(uint32_t version)
{
    struct protocol_parameters p = *parameters_of(version);
    const struct bytes code = bytes_of_string("\1\1\1\1\1");
    const struct action local = {.kind = ACTION_KIND_deploy_contract, .deploy_contract = {code}};
    const struct action global = {.kind = ACTION_KIND_deploy_global_contract, .deploy_global_contract = {.code = code}};
    const struct action create = {.kind = ACTION_KIND_create_account};
    const struct action lists[3][3] = {{local, local, local}, {global, global, global}, {local, global, local}};
    p.limits.max_deploy_actions_per_receipt = 2;
    for (int i = 0; i < 3; i++) {
        CHECK_EQUAL(check_under(&p, version, lists[i], 3, "alice.near"),
                    validation_error_TotalNumberOfDeployActionsExceeded);
        CHECK_EQUAL(why.TotalNumberOfDeployActionsExceeded.number_of_deploy_actions, 3);
        CHECK_EQUAL(why.TotalNumberOfDeployActionsExceeded.limit, 2);
    }
    CHECK_EQUAL(check_under(&p, version, lists[2], 2, "alice.near"), VALID);
    const struct action between[5] = {create, local, create, global, create};
    CHECK_EQUAL(check_under(&p, version, between, 5, "alice.near"), VALID);

    struct delegate_action d = {.sender_id = account_id_of("bob.test.near"),
                                .receiver_id = account_id_of("token.test.near"), .actions = lists[2],
                                .action_count = 3, .nonce = 19000001, .max_block_height = 57, .public_key = &ed25519};
    const struct action delegate = {.kind = ACTION_KIND_delegate, .delegate = {.parsed = &d}};
    CHECK_EQUAL(check_under(&p, version, &delegate, 1, "alice.near"),
                validation_error_TotalNumberOfDeployActionsExceeded);
    d.action_count = 2;
    const struct action both[3] = {local, global, delegate}, twice[2] = {delegate, delegate};
    const struct action after[2] = {create, delegate};
    CHECK_EQUAL(check_under(&p, version, both, 3, "alice.near"), VALID);
    d.actions = &create;
    d.action_count = 1;
    CHECK_EQUAL(check_under(&p, version, both, 3, "alice.near"), VALID);
    CHECK_EQUAL(check_under(&p, version, twice, 2, "alice.near"), validation_error_DelegateActionMustBeOnlyOne);
    CHECK_EQUAL(check_under(&p, version, &delegate, 1, "alice.near"), VALID);
    CHECK_EQUAL(check_under(&p, version, after, 2, "alice.near"), VALID);
}

/* test_validate_action_invalid_delegate_v2_before_protocol_feature. */
static void test_delegate_v2(void)
{
    struct delegate_action d = {.is_v2 = true, .sender_id = account_id_of("alice.near"),
                                .receiver_id = account_id_of("bob.near"), .nonce = 1, .has_nonce_index = true,
                                .max_block_height = 1000, .public_key = &ed25519};
    const struct action a = {.kind = ACTION_KIND_delegate_v2, .delegate = {.parsed = &d}};
    CHECK_EQUAL(check(84, a), validation_error_UnsupportedProtocolFeature);
    CHECK(bytes_equal(why.UnsupportedProtocolFeature.protocol_feature, bytes_of_string("DelegateV2")));
    CHECK_EQUAL(why.UnsupportedProtocolFeature.version, 84);
}

/* test_validate_deterministic_state_init_receiver: the id of the code of ft.near without data. */
static void test_deterministic_receiver(uint32_t version)
{
    static const char *const wrong[] = {"0s1234567890123456789012345678901234567890", "alice.near",
                                        "eab5a5da5a83e1ffb05ed0905a104e09b7e13159fd4daf82e43d047887ce4e47"};
    struct action a = {.kind = ACTION_KIND_deterministic_state_init};
    const struct account_id derived = account_id_of("0s69284a5453e7be5632b28b6a01baecf6c12c156d");
    a.deterministic_state_init.state_init.code =
        (struct global_contract_id){.mode = GLOBAL_BY_ACCOUNT_ID, .account_id = account_id_of("ft.near")};
    const struct protocol_parameters *p = parameters_of(version);
    CHECK_EQUAL(check_under(p, version, &a, 1, "0s69284a5453e7be5632b28b6a01baecf6c12c156d"), VALID);
    for (int i = 0; i < 3; i++) {
        const struct account_id receiver = account_id_of(wrong[i]);
        CHECK_EQUAL(check_under(p, version, &a, 1, wrong[i]), validation_error_InvalidDeterministicStateInitReceiver);
        CHECK(account_id_equal(&why.InvalidDeterministicStateInitReceiver.receiver_id, &receiver));
        CHECK(account_id_equal(&why.InvalidDeterministicStateInitReceiver.derived_id, &derived));
    }
}

/* test_validate_deterministic_state_init_data: keys of 2,048 bytes and values of 4,194,304, no more. */
static void test_deterministic_data(uint32_t version)
{
    static const struct { size_t key, value; int expected; } cases[] = {
        {10, 20, VALID},
        {2048, 4194304, VALID},
        {2049, 4194304, validation_error_DeterministicStateInitKeyLengthExceeded},
        {2048, 4194305, validation_error_DeterministicStateInitValueLengthExceeded},
    };
    static uint8_t bytes[4194305];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct action a = {.kind = ACTION_KIND_deterministic_state_init};
        struct deterministic_state_init *init = &a.deterministic_state_init.state_init;
        const struct state_entry entry = {bytes_of(bytes, cases[i].key), bytes_of(bytes, cases[i].value)};
        char name[ACCOUNT_ID_TEXT_SIZE];
        struct buffer b = {0};
        init->code = (struct global_contract_id){.mode = GLOBAL_BY_ACCOUNT_ID, .account_id = account_id_of("ft.near")};
        init->entries = &entry;
        init->entry_count = 1;
        deterministic_state_init_write(init, &b);
        struct account_id id = account_id_deterministic(bytes_of(b.data, b.size));
        account_id_text(&id, name);
        CHECK_EQUAL(check_under(parameters_of(version), version, &a, 1, name), cases[i].expected);
        buffer_free(&b);
    }
    CHECK_EQUAL(why.DeterministicStateInitValueLengthExceeded.length, 4194305);
    CHECK_EQUAL(why.DeterministicStateInitValueLengthExceeded.limit, 4194304);
}

/* ---- post-quantum keys ------------------------------------------------------------------------------------------- */

/* test-loop-tests/src/tests/ml_dsa_access_key.rs, test_ml_dsa_65_full_access_key: added, seen, deleted. (The transfer
 * in between would need somebody who signs.) */
static void test_post_quantum_key(uint32_t version)
{
    struct fixture f;
    struct access_key key = {0};
    const struct test_key pq = {.public = post_quantum};
    const struct access_key full = {.permission = PERMISSION_FULL_ACCESS};
    fixture_begin(&f, version);
    fixture_add_account(&f, "sender", 1000);
    CHECK_TEXT(act(&f, "sender", "sender", add_key(&post_quantum, full), 1), "");
    CHECK(fixture_access_key(&f, "sender", &pq, &key));
    CHECK_EQUAL(key.permission, PERMISSION_FULL_ACCESS);
    CHECK_TEXT(act(&f, "sender", "sender", delete_key(&pq), 2), "");
    CHECK(!fixture_access_key(&f, "sender", &pq, &key));
    CHECK_EQUAL(storage_usage(&f, "sender"), 182);
    fixture_end(&f);
}

/* test-loop-tests/src/tests/ml_dsa_verification_cost.rs, both tests: 100 Ggas more, of the signer's or the delegate
 * action's key, and no less for the receipt. */
static void test_post_quantum_cost(uint32_t version)
{
    const struct protocol_parameters *p = parameters_of(version);
    const struct action pay = transfer(near_tokens(1));
    struct delegate_action d = {.sender_id = account_id_of("inner"), .receiver_id = account_id_of("receiver"),
                                .actions = &pay, .action_count = 1, .nonce = 1, .max_block_height = UINT64_MAX};
    const struct action delegate = {.kind = ACTION_KIND_delegate, .delegate = {.parsed = &d}};
    struct transaction t = {.signer_id = account_id_of("sender"), .receiver_id = account_id_of("receiver"),
                            .nonce = 1, .actions = &pay, .action_count = 1};
    struct transaction_cost plain, large;
    struct error e;
    t.public_key = &ed25519;
    CHECK(cost_of_transaction(p, &t, u128_of(100000000), &plain, &e) == STATUS_OK);
    t.public_key = &post_quantum;
    CHECK(cost_of_transaction(p, &t, u128_of(100000000), &large, &e) == STATUS_OK);
    CHECK_EQUAL(large.gas_burnt, plain.gas_burnt + UINT64_C(100000000000));
    CHECK_EQUAL(large.gas_remaining, plain.gas_remaining);
    t = (struct transaction){.signer_id = account_id_of("relayer"), .receiver_id = account_id_of("inner"),
                             .public_key = &ed25519, .nonce = 1, .actions = &delegate, .action_count = 1};
    d.public_key = &ed25519;
    CHECK(cost_of_transaction(p, &t, u128_of(100000000), &plain, &e) == STATUS_OK);
    d.public_key = &post_quantum;
    CHECK(cost_of_transaction(p, &t, u128_of(100000000), &large, &e) == STATUS_OK);
    CHECK_EQUAL(large.gas_burnt, plain.gas_burnt + UINT64_C(100000000000));
    CHECK_EQUAL(large.gas_remaining, plain.gas_remaining);
}

/* ---- test-loop-tests/src/tests/meta_tx.rs ------------------------------------------------------------------------ */

/* test_meta_tx: the candidate signs for a key more, the relayer pays; 123 NEAR stay what they are. */
static void test_meta_transaction(uint32_t version)
{
    struct fixture f;
    struct access_key key = {0};
    struct test_key candidate = test_key_of("candidate.relayer"), added = test_key_of("new_key");
    const struct action add = add_key(&added.public, (struct access_key){.permission = PERMISSION_FULL_ACCESS});
    struct delegate_action d = {.sender_id = account_id_of("candidate.relayer"), .actions = &add, .action_count = 1,
                                .nonce = 1, .max_block_height = FIXTURE_HEIGHT + 100};
    d.receiver_id = d.sender_id;
    fixture_begin(&f, version);
    fixture_add_account(&f, "relayer", 1000000);
    fixture_add_account(&f, "candidate.relayer", 123);
    CHECK(!fixture_access_key(&f, "candidate.relayer", &added, &key));
    CHECK_TEXT(act(&f, "relayer", "candidate.relayer", fixture_delegate(&f, &d, &candidate), 1), "");
    CHECK(fixture_access_key(&f, "candidate.relayer", &candidate, &key));
    CHECK(fixture_access_key(&f, "candidate.relayer", &added, &key));
    CHECK(u128_equal(balance(&f, "candidate.relayer"), near_tokens(123)));
    CHECK(u128_less(balance(&f, "relayer"), near_tokens(1000000)));
    CHECK(u128_equal(plus(balance(&f, "relayer"), f.burnt), near_tokens(1000000)));
    fixture_end(&f);
}

/* ---- runtime/near-vm-runner/src/logic/tests/promises.rs ---------------------------------------------------------- */

/* Calls bob with 1 yoctoNEAR, once or twice, or with 2, or sends him 1. */
static const char giver[] =
    "(module"
    "  (import \"env\" \"promise_batch_create\" (func $create (param i64 i64) (result i64)))"
    "  (import \"env\" \"promise_batch_action_function_call\" (func $call (param i64 i64 i64 i64 i64 i64 i64)))"
    "  (import \"env\" \"promise_batch_action_transfer\" (func $transfer (param i64 i64)))"
    "  (memory 1) (data (i32.const 0) \"bob\") (data (i32.const 8) \"take\")"
    "  (data (i32.const 32) \"\\01\") (data (i32.const 64) \"\\02\")"
    "  (func $give (param $amount i64)"
    "    (call $call (call $create (i64.const 3) (i64.const 0)) (i64.const 4) (i64.const 8) (i64.const 0) (i64.const 0)"
    "                (local.get $amount) (i64.const 10000000000000)))"
    "  (func (export \"take\"))"
    "  (func (export \"one\") (call $give (i64.const 32)))"
    "  (func (export \"twice\") (call $give (i64.const 32)) (call $give (i64.const 32)))"
    "  (func (export \"two\") (call $give (i64.const 64)))"
    "  (func (export \"transfer\") (call $transfer (call $create (i64.const 3) (i64.const 0)) (i64.const 32))))";

static void check_gift(uint32_t version, const char *method, uint64_t amount, bool succeeds, uint64_t given)
{
    struct fixture f;
    struct account carol = {0};
    fixture_begin(&f, version);
    fixture_add_account(&f, "alice", 100);
    fixture_add_contract(&f, "bob", giver);
    fixture_add_contract(&f, "carol", giver);
    CHECK(fixture_account(&f, "carol", &carol));
    carol.amount = u128_of(amount);
    carol.storage_usage = 182; /* few enough bytes for an account without tokens */
    fixture_set_account(&f, "carol", &carol);
    const struct action call = call_with(method, bytes_of("", 0), u128_of(0));
    struct test_key k = test_key_of("alice");
    struct transaction t = fixture_transaction("alice", "carol", &k, 1, &call, 1);
    struct signed_transaction s = fixture_sign(&f, &t, &k);
    struct u128 subsidized = {0, 0};
    bool failed = false;
    for (int blocks = 0; blocks < 6; blocks++) {
        fixture_block(&f, &s, blocks == 0);
        subsidized = plus(subsidized, f.result.stats.subsidized_amount);
        for (uint32_t i = 0; i < f.result.outcome_count; i++) failed = failed || *fixture_error(&f, i);
    }
    CHECK(failed == !succeeds);
    CHECK(u128_equal(subsidized, u128_of(given)));
    struct u128 all = plus(plus(balance(&f, "alice"), balance(&f, "bob")), plus(balance(&f, "carol"), f.burnt));
    CHECK(u128_equal(all, plus(near_tokens(200), u128_of(amount + given)))); /* what is given is all that is new */
    fixture_end(&f);
}

/* test_one_yocto_near_on_promise_enabled, .._deducts_with_nonzero_balance, .._disabled. */
static void test_one_yocto(void)
{
    check_gift(84, "one", 0, false, 0);
    for (uint32_t version = 85; version <= 88; version++) {
        check_gift(version, "one", 0, true, 1);
        check_gift(version, "two", 0, false, 0);
        check_gift(version, "transfer", 0, false, 0);
        check_gift(version, "one", 1, true, 0);
        check_gift(version, "twice", 1, true, 1);
    }
}

int main(void)
{
    test_begin("rules as nearcore's tests have them");
    test_gas_keys();
    test_post_quantum_gate();
    test_delegate_v2();
    for (uint32_t version = 84; version <= 88; version++) {
        test_lists(version);
        test_deploys(version);
        test_deterministic_receiver(version);
        test_deterministic_data(version);
        test_meta_transaction(version);
        if (version < 85) continue;
        test_post_quantum_key(version);
        test_post_quantum_cost(version);
    }
    test_one_yocto();
    return test_end();
}
