/* Accounts that nobody creates by name (deterministic, universal, Ethereum's) and what new accounts cost, held to the
 * expectations of nearcore's own tests. */
#include "tests/runtime_expectations.h"

/* ---- what they share --------------------------------------------------------------------------------------------- */

static const char contract[] =
    "(module (import \"env\" \"log_utf8\" (func $log (param i64 i64))) (memory 1) (data (i32.const 0) \"hello\")"
    "  (func (export \"log_something\") (call $log (i64.const 5) (i64.const 0))))";

/* The contract as a global one, by its account's name and by its hash: what deploying it leaves in the state. */
static struct global_contract_id deploy_global(struct fixture *f, enum global_contract_mode mode)
{
    struct buffer code = binary_of(contract);
    struct crypto_hash hash = crypto_hash_of(bytes_of(code.data, code.size));
    struct global_contract_id id = {.mode = mode};
    if (mode == GLOBAL_BY_ACCOUNT_ID) id.account_id = account_id_of("account");
    else memcpy(id.code_hash, hash.bytes, sizeof id.code_hash);
    struct trie_key key = trie_key_of_contract(TRIE_KEY_GLOBAL_CONTRACT_CODE, &id);
    fixture_set(f, &key, &code);
    buffer_free(&code);
    return id;
}

static void begin(struct fixture *f, uint32_t version)
{
    fixture_begin(f, version);
    fixture_add_account(f, "account0", 100);
    fixture_add_account(f, "account2", 100);
    fixture_add_account(f, "account", 100);
}

static const char *log_something(struct fixture *f, const char *name, uint64_t nonce)
{
    return act(f, "account2", name, call_with("log_something", bytes_of("", 0), u128_of(0)), nonce);
}

/* ---- deterministic accounts: test-loop-tests/src/tests/deterministic_account_id.rs ------------------------------ */

struct deterministic {
    struct fixture f;
    struct action init;
    struct state_entry entry;
    uint64_t nonce;
    char name[ACCOUNT_ID_TEXT_SIZE];
};

/* An account with so many bytes under the key "key"; none without them. */
static void begin_deterministic(struct deterministic *d, uint32_t version, enum global_contract_mode mode,
                                size_t bytes)
{
    begin(&d->f, version);
    d->nonce = 1;
    d->init = (struct action){.kind = ACTION_KIND_deterministic_state_init};
    struct deterministic_state_init *init = &d->init.deterministic_state_init.state_init;
    init->code = deploy_global(&d->f, mode);
    if (bytes) {
        uint8_t *zeros = arena_alloc(&d->f.arena, bytes);
        memset(zeros, 0, bytes);
        d->entry = (struct state_entry){bytes_of_string("key"), bytes_of(zeros, bytes)};
        init->entries = &d->entry;
        init->entry_count = 1;
    }
    struct buffer b = {0};
    deterministic_state_init_write(init, &b);
    struct account_id id = account_id_deterministic(bytes_of(b.data, b.size));
    account_id_text(&id, d->name);
    buffer_free(&b);
}

static const char *initialize(struct deterministic *d, struct u128 deposit)
{
    d->init.deterministic_state_init.deposit = deposit;
    return act(&d->f, "account0", d->name, d->init, d->nonce++);
}

/* test_deterministic_state_init_by_id_no_data, by_hash_no_data, by_id_zba, by_hash_zba, by_id_above_zba,
 * by_hash_above_zba (the exact amounts), above_zba. */
static void test_init(uint32_t version, enum global_contract_mode mode, size_t bytes, const char *amount)
{
    struct deterministic d;
    struct u128 deposit = {0, 0};
    CHECK(u128_parse(bytes_of_string(amount), &deposit));
    begin_deterministic(&d, version, mode, bytes);
    if (!u128_equal(deposit, u128_of(0))) {
        CHECK_TEXT(initialize(&d, u128_of(0)), "ActionError.LackBalanceForState");
        CHECK_TEXT(initialize(&d, minus(deposit, u128_of(1))), "ActionError.LackBalanceForState");
    }
    CHECK_TEXT(initialize(&d, deposit), "");
    CHECK(u128_equal(balance(&d.f, d.name), deposit));
    CHECK_TEXT(log_something(&d.f, d.name, 1), "");
    fixture_end(&d.f);
}

static void test_inits(uint32_t version)
{
    test_init(version, GLOBAL_BY_ACCOUNT_ID, 0, "0");
    test_init(version, GLOBAL_BY_CODE_HASH, 0, "0");
    test_init(version, GLOBAL_BY_ACCOUNT_ID, 5, "0");
    test_init(version, GLOBAL_BY_CODE_HASH, 5, "0");
    test_init(version, GLOBAL_BY_ACCOUNT_ID, 100000, "1001500000000000000000000");
    test_init(version, GLOBAL_BY_CODE_HASH, 100000, "1001750000000000000000000");
}

/* test_repeated_deterministic_state_init: ten times what it takes; the account keeps just that, twice. */
static void test_repeated(uint32_t version)
{
    struct deterministic d;
    begin_deterministic(&d, version, GLOBAL_BY_ACCOUNT_ID, 100000);
    const struct u128 required = times(u128_of(UINT64_C(10000000000000000000)), 100150);
    const struct u128 before = balance(&d.f, "account0");
    CHECK_TEXT(initialize(&d, times(required, 10)), "");
    CHECK(u128_equal(balance(&d.f, d.name), required));
    const struct u128 between = balance(&d.f, "account0"), burnt = d.f.burnt;
    CHECK(u128_equal(plus(plus(between, required), burnt), before));
    CHECK_TEXT(initialize(&d, times(required, 10)), "");
    CHECK(u128_equal(balance(&d.f, d.name), required));
    CHECK(u128_less(minus(between, required), balance(&d.f, "account0")));
    CHECK(u128_equal(plus(balance(&d.f, "account0"), minus(d.f.burnt, burnt)), between));
    fixture_end(&d.f);
}

/* test_deterministic_state_init_missing_global_contract. */
static void test_missing_contract(uint32_t version)
{
    struct deterministic d;
    begin_deterministic(&d, version, GLOBAL_BY_ACCOUNT_ID, 0);
    struct deterministic_state_init *init = &d.init.deterministic_state_init.state_init;
    init->code.account_id = account_id_of("account2");
    struct buffer b = {0};
    deterministic_state_init_write(init, &b);
    struct account_id id = account_id_deterministic(bytes_of(b.data, b.size));
    account_id_text(&id, d.name);
    buffer_free(&b);
    CHECK_TEXT(initialize(&d, u128_of(0)), "ActionError.GlobalContractDoesNotExist");
    fixture_end(&d.f);
}

/* test_deterministic_state_init_invalid_derived_id, .._named_receiver. */
static void test_receivers(uint32_t version)
{
    static const char *const wrong[] = {"0s1234567890123456789012345678901234567890", "named.near"};
    struct deterministic d;
    begin_deterministic(&d, version, GLOBAL_BY_ACCOUNT_ID, 0);
    for (int i = 0; i < 2; i++)
        CHECK_TEXT(act(&d.f, "account0", wrong[i], d.init, 1),
                   "InvalidTxError.ActionsValidation.InvalidDeterministicStateInitReceiver");
    fixture_end(&d.f);
}

/* test_deterministic_state_init_prepay_for_storage (and the beginning of test_sharded_contract_owner_check). */
static void test_prepay(uint32_t version)
{
    static const char missing[] = "ActionError.FunctionCallError.CompilationError.CodeDoesNotExist";
    struct deterministic d;
    begin_deterministic(&d, version, GLOBAL_BY_ACCOUNT_ID, 100000);
    const struct u128 required = times(u128_of(UINT64_C(10000000000000000000)), 100150);
    CHECK_TEXT(initialize(&d, u128_of(0)), "ActionError.LackBalanceForState");
    CHECK_TEXT(act(&d.f, "account2", d.name, transfer(required), 1), "");
    CHECK(u128_equal(balance(&d.f, d.name), required));
    CHECK_TEXT(log_something(&d.f, d.name, 2), missing);
    CHECK_TEXT(initialize(&d, u128_of(0)), "");
    CHECK_TEXT(log_something(&d.f, d.name, 3), "");
    CHECK(u128_equal(balance(&d.f, d.name), required) || version < 87); /* rewards for the call */
    fixture_end(&d.f);
}

/* test_deterministic_state_init_multi_action_before_fix: a transfer of 5 NEAR, the init, a call. The fix that the next
 * test there expects was taken back before it was in any version (nearcore, pull request 15551): more actions could
 * have added keys. */
static void test_multi_action(uint32_t version)
{
    struct deterministic d;
    struct account a = {0};
    begin_deterministic(&d, version, GLOBAL_BY_ACCOUNT_ID, 5);
    struct action actions[3] = {transfer(near_tokens(5)), d.init,
                                call_with("log_something", bytes_of("", 0), u128_of(0))};
    actions[2].function_call.gas = UINT64_C(50000000000000);
    CHECK_TEXT(act_all(&d.f, "account0", d.name, actions, 3, 1), "ActionError.AccountDoesNotExist");
    CHECK(!fixture_account(&d.f, d.name, &a));
    CHECK_TEXT(act_all(&d.f, "account0", d.name, actions + 1, 2, 2), ""); /* nothing else is wrong with them */
    fixture_end(&d.f);
}

/* ---- universal accounts: test-loop-tests/src/tests/universal_account_id.rs --------------------------------------- */

struct universal {
    struct fixture f;
    struct test_key key;
    struct action init;
    uint64_t nonce;
    char name[ACCOUNT_ID_TEXT_SIZE];
};

/* With a key or else with the global contract of "account". */
static void begin_universal(struct universal *u, uint32_t version, bool with_key)
{
    struct buffer b = {0};
    begin(&u->f, version);
    u->nonce = 1;
    u->key = test_key_of("universal");
    struct public_key_handle handle = public_key_handle_of(&u->key.public);
    struct global_contract_id code = deploy_global(&u->f, GLOBAL_BY_ACCOUNT_ID);
    borsh_write_u8(&b, 0);
    borsh_write_bool(&b, !with_key);
    if (!with_key) global_contract_id_write(&code, &b);
    borsh_write_u32(&b, 0);
    borsh_write_u32(&b, with_key);
    if (with_key) public_key_handle_write(&handle, &b);
    u->init = (struct action){.kind = ACTION_KIND_universal_state_init};
    u->init.universal_state_init.state_init = fixture_keep(&u->f, b.data, b.size);
    struct account_id id = account_id_universal(u->init.universal_state_init.state_init);
    account_id_text(&id, u->name);
    buffer_free(&b);
}

static const char *install(struct universal *u, struct u128 deposit)
{
    u->init.universal_state_init.deposit = deposit;
    return act(&u->f, "account0", u->name, u->init, u->nonce++);
}

static void check_full_access(struct universal *u)
{
    struct access_key key = {0};
    CHECK(fixture_access_key(&u->f, u->name, &u->key, &key));
    CHECK_EQUAL(key.permission, PERMISSION_FULL_ACCESS);
}

/* test_universal_state_init_key_only, test_universal_state_init_repeated: 1 NEAR each time. */
static void test_key_only(void)
{
    struct universal u;
    begin_universal(&u, 88, true);
    CHECK_TEXT(install(&u, near_tokens(1)), "");
    CHECK(storage_usage(&u.f, u.name) > 0);
    check_full_access(&u);
    const struct u128 first = balance(&u.f, u.name);
    CHECK_TEXT(install(&u, near_tokens(1)), "");
    CHECK(u128_equal(balance(&u.f, u.name), first));
    CHECK(u128_equal(plus(balance(&u.f, "account0"), u.f.burnt), near_tokens(100)));
    fixture_end(&u.f);
}

/* test_universal_state_init_contract. */
static void test_contract_only(void)
{
    struct universal u;
    begin_universal(&u, 88, false);
    CHECK_TEXT(install(&u, near_tokens(1)), "");
    CHECK_TEXT(log_something(&u.f, u.name, 1), "");
    fixture_end(&u.f);
}

/* test_universal_state_init_after_transfer: 3 NEAR, then the init with 1 NEAR. */
static void test_after_transfer(void)
{
    struct universal u;
    struct account a = {0};
    begin_universal(&u, 88, true);
    CHECK_TEXT(act(&u.f, "account0", u.name, transfer(near_tokens(3)), u.nonce++), "");
    CHECK(fixture_account(&u.f, u.name, &a));
    CHECK(u128_equal(a.amount, near_tokens(3)));
    CHECK_EQUAL(a.code, ACCOUNT_CODE_NONE);
    const uint64_t usage = a.storage_usage;
    CHECK_TEXT(install(&u, near_tokens(1)), "");
    CHECK(!u128_less(balance(&u.f, u.name), near_tokens(3)));
    CHECK(storage_usage(&u.f, u.name) > usage);
    check_full_access(&u);
    fixture_end(&u.f);
}

/* test-loop-tests/src/tests/ban_universal_account_transfer.rs, both tests. */
static void test_ban(void)
{
    struct universal u;
    begin_universal(&u, 87, true);
    CHECK_TEXT(act(&u.f, "account0", u.name, transfer(near_tokens(1)), 1),
               "InvalidTxError.ActionsValidation.TransferToUniversalAccountNotAllowed");
    fixture_end(&u.f);
    begin_universal(&u, 88, true);
    CHECK_TEXT(act(&u.f, "account0", u.name, transfer(near_tokens(1)), 1), "");
    CHECK(u128_equal(balance(&u.f, u.name), near_tokens(1)));
    fixture_end(&u.f);
}

/* ---- wallets: test-loop-tests/src/tests/eth_implicit_missing_global_contract.rs ---------------------------------- */

/* An account of 5 NEAR whose contract was never deployed: calls fail, the chain goes on. */
static void test_missing_wallet(uint32_t version)
{
    static const char wallet[] = "0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    struct fixture f;
    struct account a = {0};
    begin(&f, version);
    CHECK_TEXT(act(&f, "account0", wallet, transfer(near_tokens(5)), 1), "");
    CHECK(fixture_account(&f, wallet, &a));
    CHECK(u128_equal(a.amount, near_tokens(5)));
    CHECK_EQUAL(a.code, ACCOUNT_CODE_GLOBAL);
    CHECK_TEXT(act(&f, "account0", wallet, call_with("rlp_execute", bytes_of_string("{}"), u128_of(0)), 2),
               "ActionError.FunctionCallError.CompilationError.CodeDoesNotExist");
    CHECK(u128_equal(balance(&f, wallet), near_tokens(5)));
    CHECK_TEXT(act(&f, "account0", "account2", transfer(near_tokens(1)), 3), "");
    CHECK(u128_equal(balance(&f, "account2"), near_tokens(101)));
    fixture_end(&f);
}

/* ---- test-loop-tests/src/tests/account_cost_increase.rs --------------------------------------------------------- */

static const char parent[] =
    "(module"
    "  (import \"env\" \"promise_batch_create\" (func $create (param i64 i64) (result i64)))"
    "  (import \"env\" \"promise_batch_action_create_account\" (func $account (param i64)))"
    "  (memory 1) (data (i32.const 0) \"a.parentb.parentc.parent\")"
    "  (func (export \"three\") (call $account (call $create (i64.const 8) (i64.const 0)))"
    "    (call $account (call $create (i64.const 8) (i64.const 8)))"
    "    (call $account (call $create (i64.const 8) (i64.const 16))))"
    "  (func (export \"panic\") unreachable))";

/* What a transaction of account0 costs it, apart from what it sends. */
static struct u128 cost_of(struct fixture *f, const char *receiver, const struct action *a, uint32_t count,
                           bool succeeds, uint64_t *nonce)
{
    const struct u128 before = balance(f, "account0");
    const char *error = act_all(f, "account0", receiver, a, count, (*nonce)++);
    CHECK((*error == 0) == succeeds);
    return minus(before, balance(f, "account0"));
}

static struct u128 transfer_cost(struct fixture *f, const char *receiver, uint64_t *nonce)
{
    const struct action pay = transfer(u128_of(1));
    return cost_of(f, receiver, &pay, 1, true, nonce);
}

/* test_create_account_cost: 0.007 NEAR since version 85; not for the second transfer, and not for what failed. */
static void test_costs(uint32_t version)
{
    static const char *const implicit[] = {"8bca86065be487de45e795b2c3154fe834d53ffa07e0a44f29e76a2a5f075df8",
                                           "0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                                           "0s0000000000000000000000000000000000000000"};
    struct deterministic d;
    struct fixture *f = &d.f;
    const struct u128 charge = parameters_of(version)->runtime.account_creation_charge;
    begin_deterministic(&d, version, GLOBAL_BY_ACCOUNT_ID, 0);
    fixture_add_contract(f, "parent", parent);
    CHECK(u128_equal(charge, version < 85 ? u128_of(0) : millinear(7)));
    const struct action create = {.kind = ACTION_KIND_create_account};
    CHECK(u128_less(charge, cost_of(f, "newaccount.account0", &create, 1, true, &d.nonce)));
    for (int i = 0; i < 3; i++) {
        const struct u128 first = transfer_cost(f, implicit[i], &d.nonce);
        const struct u128 second = transfer_cost(f, implicit[i], &d.nonce);
        CHECK(u128_less(charge, first));
        CHECK(version < 85 ? u128_equal(second, first) : u128_less(second, first) && u128_less(second, charge));
    }
    CHECK(u128_less(charge, cost_of(f, d.name, &d.init, 1, true, &d.nonce)));
    struct action three = call_with("three", bytes_of("", 0), u128_of(0));
    three.function_call.gas = UINT64_C(300000000000000);
    CHECK(u128_less(times(charge, 3), cost_of(f, "parent", &three, 1, true, &d.nonce)));
    struct action failing[3] = {create, {.kind = ACTION_KIND_use_global_contract},
                                call_with("nothing there", bytes_of("", 0), u128_of(0))};
    failing[1].use_global_contract.contract = d.init.deterministic_state_init.state_init.code;
    const struct u128 failed = cost_of(f, "some.account0", failing, 3, false, &d.nonce);
    CHECK(version < 85 || u128_less(failed, charge));
    fixture_end(f);
}

/* test_create_account_cost_protocol_upgrade: bought before version 85 and executed after it; nothing can be charged,
 * and the account is there. */
static void test_upgrade(void)
{
    static const uint32_t bought[] = {84, 84, 85}, executed[] = {84, 85, 85};
    const struct u128 charge = millinear(7);
    for (int i = 0; i < 3; i++) {
        struct fixture f;
        struct account a = {0};
        struct test_key k = test_key_of("account0");
        const struct action create = {.kind = ACTION_KIND_create_account};
        begin(&f, bought[i]);
        struct transaction t = fixture_transaction("account0", "sub.account0", &k, 1, &create, 1);
        struct signed_transaction s = fixture_sign(&f, &t, &k);
        fixture_block(&f, &s, 1);
        f.chunk.protocol_version = executed[i];
        f.chunk.parameters = parameters_of(executed[i]);
        for (int blocks = 0; blocks < 4; blocks++) {
            fixture_block(&f, NULL, 0);
            for (uint32_t o = 0; o < f.result.outcome_count; o++) CHECK_TEXT(fixture_error(&f, o), "");
        }
        CHECK(fixture_account(&f, "sub.account0", &a));
        CHECK(i < 2 ? u128_less(f.burnt, charge) : u128_less(charge, f.burnt));
        fixture_end(&f);
    }
}

int main(void)
{
    test_begin("accounts as nearcore's tests have them");
    for (uint32_t version = 84; version <= 88; version++) {
        test_inits(version);
        test_repeated(version);
        test_missing_contract(version);
        test_receivers(version);
        test_prepay(version);
        test_multi_action(version);
        test_missing_wallet(version);
        test_costs(version);
    }
    test_key_only();
    test_contract_only();
    test_after_transfer();
    test_ban();
    test_upgrade();
    return test_end();
}
