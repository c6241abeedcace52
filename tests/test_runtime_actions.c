/* Actions and transactions of versions 85 to 88, which the recorded scenarios (version 84) do not have: gas keys,
 * delegate actions of both versions, universal accounts, strict nonces, and what changed between versions. */
#include "near/universal_state_init.h"
#include "tests/modules.h"
#include "tests/runtime_fixture.h"

static struct u128 minus(struct u128 a, struct u128 b)
{
    struct u128 difference = {0, 0};
    CHECK(u128_subtract(a, b, &difference));
    return difference;
}

static struct u128 plus(struct u128 a, struct u128 b)
{
    struct u128 sum = {0, 0};
    CHECK(u128_add(a, b, &sum));
    return sum;
}

static struct u128 balance(struct fixture *f, const char *name)
{
    struct account a = {0};
    return fixture_account(f, name, &a) ? a.amount : u128_of(0);
}

/* One action in a transaction with the signer's own key. */
static const char *act(struct fixture *f, const char *signer, const char *receiver, const struct action *a,
                       uint64_t nonce)
{
    struct test_key k = test_key_of(signer);
    struct transaction t = fixture_transaction(signer, receiver, &k, nonce, a, 1);
    return fixture_run(f, &t, &k);
}

static struct action transfer(struct u128 deposit)
{
    return (struct action){.kind = ACTION_KIND_transfer, .transfer = {deposit}};
}

/* ---- gas keys ---------------------------------------------------------------------------------------------------- */

static struct action add_gas_key(const struct test_key *k, uint16_t nonces)
{
    struct action a = {.kind = ACTION_KIND_add_key, .add_key = {.public_key = &k->public}};
    a.add_key.access_key = (struct access_key){.permission = PERMISSION_GAS_KEY_FULL_ACCESS, .num_nonces = nonces};
    return a;
}

static struct action fund(const struct test_key *k, struct u128 deposit)
{
    return (struct action){.kind = ACTION_KIND_transfer_to_gas_key,
                           .transfer_to_gas_key = {&k->public, deposit}};
}

static struct action withdraw(const struct test_key *k, struct u128 amount)
{
    return (struct action){.kind = ACTION_KIND_withdraw_from_gas_key, .withdraw_from_gas_key = {&k->public, amount}};
}

/* alice with a gas key of two nonces that holds so many NEAR. */
static void begin_with_gas_key(struct fixture *f, uint32_t version, const struct test_key *gas, uint64_t near)
{
    fixture_begin(f, version);
    fixture_add_account(f, "alice", 100);
    fixture_add_account(f, "bob", 100);
    struct action add = add_gas_key(gas, 2), give = fund(gas, near_tokens(near));
    CHECK_TEXT(act(f, "alice", "alice", &add, 1), "");
    if (near) CHECK_TEXT(act(f, "alice", "alice", &give, 2), "");
}

static void test_gas_key_actions(void)
{
    test_begin("gas keys are added, filled, emptied and deleted");
    struct fixture f;
    struct test_key gas = test_key_of("gas"), other = test_key_of("alice");
    struct access_key key = {0};
    struct account alice;
    begin_with_gas_key(&f, 85, &gas, 3);
    CHECK(fixture_access_key(&f, "alice", &gas, &key));
    CHECK_EQUAL(key.num_nonces, 2);
    CHECK(u128_equal(key.gas_key_balance, near_tokens(3)));
    CHECK_EQUAL(fixture_nonce(&f, "alice", &gas, 0), (FIXTURE_HEIGHT - 1) * 1000000); /* the height it was added at */
    CHECK_EQUAL(fixture_nonce(&f, "alice", &gas, 1), (FIXTURE_HEIGHT - 1) * 1000000);
    CHECK(fixture_account(&f, "alice", &alice));
    /* 33 bytes of key, 27 of access key, 40 for the record; for each nonce 33 + 2 + 8 + 40 */
    CHECK_EQUAL(alice.storage_usage, 182 + 100 + 2 * 83);

    struct action again = add_gas_key(&gas, 1), del = {.kind = ACTION_KIND_delete_key, .delete_key = {&gas.public}};
    struct action much = withdraw(&gas, near_tokens(4)), most = withdraw(&gas, near_tokens(2));
    struct action wrong = fund(&other, u128_of(1));
    CHECK_TEXT(act(&f, "alice", "alice", &again, 3), "ActionError.AddKeyAlreadyExists");
    CHECK_TEXT(act(&f, "alice", "alice", &wrong, 4), "ActionError.GasKeyDoesNotExist");
    CHECK_TEXT(act(&f, "alice", "alice", &much, 5), "ActionError.InsufficientGasKeyBalance");
    CHECK_TEXT(act(&f, "alice", "alice", &del, 6), "ActionError.GasKeyBalanceTooHigh");
    CHECK_TEXT(act(&f, "alice", "alice", &most, 7), "");
    CHECK(fixture_access_key(&f, "alice", &gas, &key));
    CHECK(u128_equal(key.gas_key_balance, near_tokens(1)));
    CHECK_TEXT(act(&f, "alice", "alice", &del, 8), ""); /* one NEAR is burnt */
    CHECK(!fixture_access_key(&f, "alice", &gas, &key));
    CHECK_EQUAL(fixture_nonce(&f, "alice", &gas, 0), 0);
    CHECK(fixture_account(&f, "alice", &alice));
    CHECK_EQUAL(alice.storage_usage, 182);
    CHECK(u128_equal(plus(alice.amount, f.burnt), near_tokens(100)));
    CHECK(u128_less(near_tokens(1), f.burnt));
    fixture_end(&f);
}

static void test_gas_key_strangers(void)
{
    test_begin("others may fill a gas key, but not empty it");
    struct fixture f;
    struct test_key gas = test_key_of("gas");
    struct access_key key = {0};
    begin_with_gas_key(&f, 85, &gas, 0);
    struct action give = fund(&gas, near_tokens(2)), take = withdraw(&gas, near_tokens(1));
    CHECK_TEXT(act(&f, "bob", "alice", &give, 1), "");
    CHECK_TEXT(act(&f, "bob", "alice", &take, 2), "ActionError.ActorNoPermission");
    CHECK(fixture_access_key(&f, "alice", &gas, &key) && u128_equal(key.gas_key_balance, near_tokens(2)));
    struct action leave = {.kind = ACTION_KIND_delete_account, .delete_account = {account_id_of("bob")}};
    CHECK_TEXT(act(&f, "alice", "alice", &leave, 3), "ActionError.GasKeyBalanceTooHigh");
    CHECK_TEXT(act(&f, "alice", "alice", &take, 4), "");
    CHECK_TEXT(act(&f, "alice", "alice", &leave, 5), "ActionError.AccountDoesNotExist"); /* says the refund of gas */
    CHECK(!fixture_access_key(&f, "alice", &gas, &key));
    CHECK_EQUAL(fixture_nonce(&f, "alice", &gas, 1), 0);
    CHECK(u128_equal(balance(&f, "alice"), u128_of(0)));
    CHECK(u128_equal(plus(balance(&f, "bob"), f.burnt), near_tokens(200)));
    fixture_end(&f);
}

static void test_gas_key_versions(void)
{
    test_begin("gas keys before version 85");
    struct fixture f;
    struct test_key gas = test_key_of("gas"), alice = test_key_of("alice");
    fixture_begin(&f, 84);
    fixture_add_account(&f, "alice", 100);
    struct action add = add_gas_key(&gas, 2), give = fund(&gas, u128_of(1)), pay = transfer(u128_of(1));
    CHECK_TEXT(act(&f, "alice", "alice", &add, 1), "InvalidTxError.ActionsValidation.UnsupportedProtocolFeature");
    CHECK_TEXT(act(&f, "alice", "alice", &give, 1), "InvalidTxError.ActionsValidation.UnsupportedProtocolFeature");
    struct transaction t = fixture_transaction("alice", "alice", &alice, 1, &pay, 1);
    t.version = TRANSACTION_V1;
    CHECK_TEXT(fixture_run(&f, &t, &alice), "InvalidTxError.InvalidTransactionVersion");
    fixture_end(&f);
}

static struct transaction with_gas_key(const struct test_key *gas, uint16_t index, uint64_t nonce,
                                       const struct action *a)
{
    struct transaction t = fixture_transaction("alice", "bob", gas, nonce, a, 1);
    t.version = TRANSACTION_V1;
    t.has_nonce_index = true;
    t.nonce_index = index;
    return t;
}

static void test_gas_key_transactions(void)
{
    test_begin("gas keys pay for gas, accounts for deposits");
    struct fixture f;
    struct test_key gas = test_key_of("gas"), alice = test_key_of("alice");
    struct access_key key = {0};
    const uint64_t first = (FIXTURE_HEIGHT - 1) * 1000000;
    begin_with_gas_key(&f, 85, &gas, 1);
    struct u128 before = balance(&f, "alice"), burnt = f.burnt;
    struct action pay = transfer(near_tokens(5)), too_much = transfer(near_tokens(1000));

    struct transaction t = with_gas_key(&gas, 1, first + 7, &pay);
    CHECK_TEXT(fixture_run(&f, &t, &gas), "");
    CHECK(u128_equal(balance(&f, "alice"), minus(before, near_tokens(5)))); /* no gas */
    CHECK(fixture_access_key(&f, "alice", &gas, &key));
    CHECK(u128_equal(key.gas_key_balance, minus(near_tokens(1), minus(f.burnt, burnt))));
    CHECK_EQUAL(key.nonce, 0);
    CHECK_EQUAL(fixture_nonce(&f, "alice", &gas, 0), first);
    CHECK_EQUAL(fixture_nonce(&f, "alice", &gas, 1), first + 7);

    CHECK_TEXT(fixture_run(&f, &t, &gas), "InvalidTxError.InvalidNonce");
    t = with_gas_key(&gas, 2, first + 8, &pay);
    CHECK_TEXT(fixture_run(&f, &t, &gas), "InvalidTxError.InvalidNonceIndex");
    t = with_gas_key(&alice, 0, first + 8, &pay);
    CHECK_TEXT(fixture_run(&f, &t, &alice), "InvalidTxError.InvalidAccessKeyError.AccessKeyNotFound");
    t = fixture_transaction("alice", "bob", &gas, first + 8, &pay, 1);
    CHECK_TEXT(fixture_run(&f, &t, &gas), "InvalidTxError.InvalidNonceIndex");

    /* A deposit that cannot be paid: only the gas for looking at it is gone, and the nonce. */
    struct u128 key_before = key.gas_key_balance;
    burnt = f.burnt;
    t = with_gas_key(&gas, 0, first + 1, &too_much);
    CHECK_TEXT(fixture_run(&f, &t, &gas), "InvalidTxError.NotEnoughBalanceForDeposit");
    CHECK(u128_equal(balance(&f, "alice"), minus(before, near_tokens(5))));
    CHECK(fixture_access_key(&f, "alice", &gas, &key));
    CHECK(u128_less(burnt, f.burnt));
    CHECK(u128_equal(key.gas_key_balance, minus(key_before, minus(f.burnt, burnt))));
    CHECK_EQUAL(fixture_nonce(&f, "alice", &gas, 0), first + 1);
    fixture_end(&f);
}

static void test_gas_key_without_tokens(void)
{
    test_begin("an empty gas key pays nothing");
    struct fixture f;
    struct test_key gas = test_key_of("gas");
    begin_with_gas_key(&f, 85, &gas, 0);
    struct u128 burnt = f.burnt;
    struct action pay = transfer(near_tokens(5));
    struct transaction t = with_gas_key(&gas, 0, (FIXTURE_HEIGHT - 1) * 1000000 + 1, &pay);
    CHECK_TEXT(fixture_run(&f, &t, &gas), "InvalidTxError.NotEnoughGasKeyBalance");
    CHECK(u128_equal(f.burnt, burnt));
    fixture_end(&f);
}

/* ---- nonces ------------------------------------------------------------------------------------------------------ */

static void test_strict_nonces(void)
{
    test_begin("strict nonces");
    struct fixture f;
    struct test_key alice = test_key_of("alice");
    fixture_begin(&f, 85);
    fixture_add_account(&f, "alice", 100);
    struct action pay = transfer(u128_of(1));
    struct transaction t = fixture_transaction("alice", "alice", &alice, 2, &pay, 1);
    t.version = TRANSACTION_V1;
    t.nonce_mode = NONCE_STRICT;
    CHECK_TEXT(fixture_run(&f, &t, &alice), "InvalidTxError.InvalidNonce");
    t.nonce = 1;
    CHECK_TEXT(fixture_run(&f, &t, &alice), "");
    t.nonce_mode = NONCE_MONOTONIC;
    t.nonce = 17;
    CHECK_TEXT(fixture_run(&f, &t, &alice), "");
    t.nonce = 1000000 * f.chunk.block_height;
    CHECK_TEXT(fixture_run(&f, &t, &alice), "InvalidTxError.NonceTooLarge");
    fixture_end(&f);
}

/* ---- delegate actions -------------------------------------------------------------------------------------------- */

/* bob sends what alice has signed. */
static const char *relay(struct fixture *f, struct delegate_action *d, const struct test_key *k, uint64_t nonce)
{
    struct action a = fixture_delegate(f, d, k);
    return act(f, "bob", "alice", &a, nonce);
}

static struct delegate_action delegate_of(const struct action *inner, uint64_t nonce)
{
    return (struct delegate_action){
        .sender_id = account_id_of("alice"), .receiver_id = account_id_of("carol"), .actions = inner, .action_count = 1,
        .nonce = nonce, .max_block_height = 1000,
    };
}

static void test_delegate_v2(void)
{
    test_begin("delegate actions with gas keys");
    struct fixture f;
    struct test_key gas = test_key_of("gas"), alice = test_key_of("alice");
    const uint64_t first = (FIXTURE_HEIGHT - 1) * 1000000;
    struct action pay = transfer(near_tokens(1));
    struct delegate_action d = delegate_of(&pay, first + 1);
    begin_with_gas_key(&f, 86, &gas, 0);
    fixture_add_account(&f, "carol", 1);
    struct u128 before = balance(&f, "alice");

    CHECK_TEXT(relay(&f, &d, &gas, 1), "ActionError.DelegateActionAccessKeyError.DelegateActionRequiresNonGasKey");
    d.is_v2 = d.has_nonce_index = true;
    d.nonce_index = 1;
    CHECK_TEXT(relay(&f, &d, &gas, 2), "");
    CHECK(u128_equal(balance(&f, "carol"), near_tokens(2)));
    CHECK(u128_equal(balance(&f, "alice"), before)); /* bob has paid */
    CHECK_EQUAL(fixture_nonce(&f, "alice", &gas, 1), first + 1);
    CHECK_TEXT(relay(&f, &d, &gas, 3), "ActionError.DelegateActionInvalidNonce");
    d.nonce_index = 2;
    CHECK_TEXT(relay(&f, &d, &gas, 4), "ActionError.DelegateActionInvalidNonceIndex");
    CHECK_TEXT(relay(&f, &d, &alice, 5), "ActionError.DelegateActionAccessKeyError.DelegateActionRequiresGasKey");
    d.has_nonce_index = false;
    d.nonce_index = 0;
    CHECK_TEXT(relay(&f, &d, &alice, 6), "");
    f.chunk.protocol_version = 87;
    f.chunk.parameters = parameters_of(87);
    d.nonce++;
    CHECK_TEXT(relay(&f, &d, &alice, 7), "InvalidTxError.ActionsValidation.RemovedProtocolFeature");
    d.is_v2 = false;
    CHECK_TEXT(relay(&f, &d, &alice, 8), "");
    struct u128 rest = plus(plus(balance(&f, "alice"), balance(&f, "bob")), balance(&f, "carol"));
    CHECK(u128_equal(plus(rest, f.burnt), near_tokens(201)));
    fixture_end(&f);
}

/* A call with a deposit and a method that the key does not allow: which of the two is named? */
static void check_deposit_error(uint32_t version, const char *expected)
{
    struct fixture f;
    struct test_key limited = test_key_of("limited");
    const struct bytes allowed = bytes_of_string("allowed");
    const struct access_key key = {.permission = PERMISSION_FUNCTION_CALL, .receiver_id = bytes_of_string("carol"),
                                   .method_names = &allowed, .method_count = 1};
    struct action call = {.kind = ACTION_KIND_function_call};
    call.function_call.method_name = bytes_of_string("other");
    call.function_call.gas = 1000000000000;
    call.function_call.deposit = u128_of(1);
    struct delegate_action d = delegate_of(&call, 1);
    fixture_begin(&f, version);
    fixture_add_account(&f, "alice", 100);
    fixture_add_account(&f, "bob", 100);
    fixture_add_key(&f, "alice", &limited, &key);
    CHECK_TEXT(relay(&f, &d, &limited, 1), expected);
    fixture_end(&f);
}

static void test_delegate_changes(void)
{
    test_begin("delegate actions: what changed");
    check_deposit_error(84, "ActionError.DelegateActionAccessKeyError.MethodNameMismatch");
    check_deposit_error(85, "ActionError.DelegateActionAccessKeyError.DepositWithFunctionCall");
    struct fixture f;
    struct test_key gas = test_key_of("gas"), alice = test_key_of("alice");
    struct action take = withdraw(&gas, near_tokens(1));
    struct delegate_action d = delegate_of(&take, 10);
    d.receiver_id = d.sender_id;
    begin_with_gas_key(&f, 86, &gas, 2);
    CHECK_TEXT(relay(&f, &d, &alice, 1), "");
    f.chunk.protocol_version = 87;
    f.chunk.parameters = parameters_of(87);
    d.nonce++;
    CHECK_TEXT(relay(&f, &d, &alice, 2), "InvalidTxError.ActionsValidation.WithdrawFromGasKeyNotAllowedInDelegate");
    fixture_end(&f);
}

/* ---- deleting accounts ------------------------------------------------------------------------------------------- */

static const char *delete_with_global_contract(uint32_t version)
{
    struct fixture f;
    struct global_contract_id id = {.mode = GLOBAL_BY_CODE_HASH};
    struct account a = {.form = ACCOUNT_V1, .amount = near_tokens(100), .storage_usage = 10032};
    struct action leave = {.kind = ACTION_KIND_delete_account, .delete_account = {account_id_of("bob")}};
    fixture_begin(&f, version);
    fixture_add_account(&f, "alice", 100);
    fixture_add_account(&f, "bob", 100);
    account_set_global_contract(&a, &id);
    fixture_set_account(&f, "alice", &a);
    const char *error = act(&f, "alice", "alice", &leave, 1);
    bool failed = strcmp(error, "ActionError.DeleteAccountWithLargeState") == 0;
    CHECK(u128_equal(balance(&f, "alice"), u128_of(0)) == !failed);
    fixture_end(&f);
    return failed ? "large" : "";
}

static void test_delete_account(void)
{
    test_begin("a global contract's identifier is no state that must be deleted");
    CHECK_TEXT(delete_with_global_contract(84), "large");
    CHECK_TEXT(delete_with_global_contract(85), "");
}

/* ---- universal accounts ------------------------------------------------------------------------------------------ */

/* Borsh of a state init with one key and one entry. */
static struct bytes state_init_of(struct fixture *f, const struct test_key *k)
{
    struct buffer b = {0};
    struct public_key_handle handle = public_key_handle_of(&k->public);
    borsh_write_u8(&b, 0);
    borsh_write_bool(&b, false);
    borsh_write_u32(&b, 1);
    borsh_write_bytes(&b, bytes_of_string("STATE"));
    borsh_write_bytes(&b, bytes_of_string("some"));
    borsh_write_u32(&b, 1);
    public_key_handle_write(&handle, &b);
    struct bytes kept = fixture_keep(f, b.data, b.size);
    buffer_free(&b);
    return kept;
}

struct universal {
    struct fixture f;
    struct test_key key;
    struct action init;
    char name[ACCOUNT_ID_TEXT_SIZE];
};

static void begin_universal(struct universal *u, uint32_t version, struct u128 deposit)
{
    fixture_begin(&u->f, version);
    fixture_add_account(&u->f, "alice", 100);
    u->key = test_key_of("universal");
    u->init = (struct action){.kind = ACTION_KIND_universal_state_init};
    u->init.universal_state_init.state_init = state_init_of(&u->f, &u->key);
    u->init.universal_state_init.deposit = deposit;
    struct account_id id = account_id_universal(u->init.universal_state_init.state_init);
    account_id_text(&id, u->name);
}

static void check_installed(struct universal *u, struct u128 amount, uint64_t nonce)
{
    struct account a = {0};
    struct access_key key = {0};
    CHECK(fixture_account(&u->f, u->name, &a));
    CHECK_EQUAL(a.form, ACCOUNT_V1);
    CHECK(u128_equal(a.amount, amount));
    /* the account, 5 + 4 bytes of data, 33 + 9 of key, and 40 for each record */
    CHECK_EQUAL(a.storage_usage, 100 + 9 + 40 + 42 + 40);
    CHECK(fixture_access_key(&u->f, u->name, &u->key, &key));
    CHECK_EQUAL(key.permission, PERMISSION_FULL_ACCESS);
    CHECK_EQUAL(key.nonce, nonce);
}

static void test_universal_by_relayer(void)
{
    test_begin("universal accounts: made by somebody else");
    struct universal u;
    begin_universal(&u, 88, near_tokens(1));
    CHECK_TEXT(act(&u.f, "alice", u.name, &u.init, 1), "");
    check_installed(&u, u128_of(0), FIXTURE_HEIGHT * UINT64_C(1000000)); /* executed a block later; needs no tokens */
    CHECK(u128_equal(plus(balance(&u.f, "alice"), u.f.burnt), near_tokens(100)));
    struct u128 before = balance(&u.f, "alice"), burnt = u.f.burnt;
    CHECK_TEXT(act(&u.f, "alice", u.name, &u.init, 2), ""); /* again: nothing but a refund */
    CHECK(u128_equal(balance(&u.f, "alice"), minus(before, minus(u.f.burnt, burnt))));
    CHECK_TEXT(act(&u.f, "alice", "bob", &u.init, 3),
               "InvalidTxError.ActionsValidation.InvalidUniversalStateInitReceiver");
    struct action pay = transfer(u128_of(0)), create = {.kind = ACTION_KIND_create_account};
    const uint64_t next = FIXTURE_HEIGHT * UINT64_C(1000000) + 1;
    struct transaction t = fixture_transaction(u.name, "alice", &u.key, next, &pay, 1);
    CHECK_TEXT(fixture_run(&u.f, &t, &u.key), "InvalidTxError.NotEnoughBalance"); /* the key is there */
    CHECK_TEXT(act(&u.f, "alice", u.name, &create, 4), "ActionError.AccountAlreadyExists");
    fixture_end(&u.f);
}

static void test_universal_by_itself(void)
{
    test_begin("universal accounts: made by a transaction of their own");
    struct universal u;
    struct account a = {0};
    begin_universal(&u, 88, u128_of(0));
    struct action pay = transfer(near_tokens(10)), leave = {.kind = ACTION_KIND_delete_account};
    leave.delete_account.beneficiary_id = account_id_of("alice");
    CHECK_TEXT(act(&u.f, "alice", u.name, &pay, 1), "");
    CHECK(fixture_account(&u.f, u.name, &a));
    CHECK_EQUAL(a.form, ACCOUNT_UNINITIALIZED);
    CHECK(u128_equal(a.amount, near_tokens(10)));
    const uint64_t nonce = a.bootstrap_nonce;
    CHECK_EQUAL(nonce, FIXTURE_HEIGHT * UINT64_C(1000000));
    CHECK_TEXT(act(&u.f, "alice", u.name, &leave, 2), "ActionError.AccountNotInitialized");

    struct test_key stranger = test_key_of("stranger");
    struct transaction t = fixture_transaction(u.name, u.name, &stranger, nonce + 1, &u.init, 1);
    CHECK_TEXT(fixture_run(&u.f, &t, &stranger), "InvalidTxError.InvalidAccessKeyError.AccessKeyNotFound");
    t.public_key = &u.key.public;
    t.nonce = nonce + 2;
    CHECK_TEXT(fixture_run(&u.f, &t, &u.key), "InvalidTxError.InvalidNonce"); /* strictly the next one */
    t.nonce = nonce + 1;
    struct u128 burnt = u.f.burnt;
    const uint64_t height = u.f.chunk.block_height;
    CHECK_TEXT(fixture_run(&u.f, &t, &u.key), "");
    check_installed(&u, minus(near_tokens(10), minus(u.f.burnt, burnt)), (height - 1) * 1000000);
    CHECK_TEXT(fixture_run(&u.f, &t, &u.key), "InvalidTxError.InvalidNonce"); /* not twice */
    fixture_end(&u.f);
}

static void test_universal_failed_bootstrap(void)
{
    test_begin("universal accounts: a failed start takes the nonce");
    struct universal u;
    struct account a = {0};
    begin_universal(&u, 88, u128_of(0));
    struct action pay = transfer(near_tokens(10)), actions[2] = {u.init, u.init};
    CHECK_TEXT(act(&u.f, "alice", u.name, &pay, 1), "");
    CHECK(fixture_account(&u.f, u.name, &a));
    struct global_contract_id missing = {.mode = GLOBAL_BY_CODE_HASH};
    actions[1] = (struct action){.kind = ACTION_KIND_use_global_contract, .use_global_contract = {missing}};
    struct transaction t = fixture_transaction(u.name, u.name, &u.key, a.bootstrap_nonce + 1, actions, 2);
    CHECK_TEXT(fixture_run(&u.f, &t, &u.key), "ActionError.GlobalContractDoesNotExist");
    const uint64_t nonce = a.bootstrap_nonce;
    CHECK(fixture_account(&u.f, u.name, &a));
    CHECK_EQUAL(a.form, ACCOUNT_UNINITIALIZED);
    CHECK_EQUAL(a.bootstrap_nonce, nonce + 1);
    CHECK_TEXT(fixture_run(&u.f, &t, &u.key), "InvalidTxError.InvalidNonce");
    fixture_end(&u.f);
}

static void test_universal_versions(void)
{
    test_begin("universal accounts before version 88");
    struct universal u;
    struct action pay = transfer(near_tokens(1));
    begin_universal(&u, 87, u128_of(0));
    CHECK_TEXT(act(&u.f, "alice", u.name, &pay, 1),
               "InvalidTxError.ActionsValidation.TransferToUniversalAccountNotAllowed");
    CHECK_TEXT(act(&u.f, "alice", u.name, &u.init, 1), "InvalidTxError.ActionsValidation.UnsupportedProtocolFeature");
    fixture_end(&u.f);
    begin_universal(&u, 86, u128_of(0));
    CHECK_TEXT(act(&u.f, "alice", u.name, &pay, 1), "ActionError.AccountDoesNotExist");
    fixture_end(&u.f);
}

/* ---- what contracts send ----------------------------------------------------------------------------------------- */

/* universal: the input is an account id of 54 bytes and a state init. gas: the input is a public key of 33 bytes, which
 * becomes a gas key of the contract's account. The tokens that go along are at 4096: 2^64. */
static const char sender[] =
    "(module"
    "  (import \"env\" \"input\" (func $input (param i64)))"
    "  (import \"env\" \"read_register\" (func $read (param i64 i64)))"
    "  (import \"env\" \"register_len\" (func $length (param i64) (result i64)))"
    "  (import \"env\" \"current_account_id\" (func $current (param i64)))"
    "  (import \"env\" \"promise_batch_create\" (func $create (param i64 i64) (result i64)))"
    "  (import \"env\" \"promise_batch_action_universal_state_init\" (func $init (param i64 i64 i64 i64)))"
    "  (import \"env\" \"promise_batch_action_add_gas_key_with_full_access\" (func $add (param i64 i64 i64 i64)))"
    "  (import \"env\" \"promise_batch_action_transfer_to_gas_key\" (func $fund (param i64 i64 i64 i64)))"
    "  (memory 1) (data (i32.const 4096) \"\\00\\00\\00\\00\\00\\00\\00\\00\\01\")"
    "  (func $start (call $input (i64.const 0)) (call $read (i64.const 0) (i64.const 0)))"
    "  (func (export \"universal\") (call $start)"
    "    (call $init (call $create (i64.const 54) (i64.const 0)) (i64.sub (call $length (i64.const 0)) (i64.const 54))"
    "                (i64.const 54) (i64.const 4096)))"
    "  (func (export \"gas\") (local $promise i64) (call $start)"
    "    (call $current (i64.const 1)) (call $read (i64.const 1) (i64.const 1024))"
    "    (local.set $promise (call $create (call $length (i64.const 1)) (i64.const 1024)))"
    "    (call $add (local.get $promise) (i64.const 33) (i64.const 0) (i64.const 3))"
    "    (call $fund (local.get $promise) (i64.const 33) (i64.const 0) (i64.const 4096))))";

static struct action call_of(const char *method, struct bytes arguments)
{
    struct action a = {.kind = ACTION_KIND_function_call};
    a.function_call.method_name = bytes_of_string(method);
    a.function_call.arguments = arguments;
    a.function_call.gas = UINT64_C(100000000000000);
    return a;
}

static void test_universal_by_contract(void)
{
    test_begin("universal accounts: made by a contract");
    struct universal u;
    uint8_t input[256];
    begin_universal(&u, 88, u128_of(0));
    fixture_add_contract(&u.f, "carol", sender);
    struct bytes init = u.init.universal_state_init.state_init;
    memcpy(input, u.name, 54);
    memcpy(input + 54, init.data, init.size);
    struct action call = call_of("universal", bytes_of(input, 54 + init.size));
    CHECK_TEXT(act(&u.f, "alice", "carol", &call, 1), "");
    check_installed(&u, u128_of(0), (FIXTURE_HEIGHT + 1) * UINT64_C(1000000));
    struct u128 all = plus(balance(&u.f, "alice"), balance(&u.f, "carol"));
    CHECK(u128_equal(plus(all, u.f.burnt), near_tokens(200)));
    call.function_call.arguments.size--; /* these bytes have another id, which is looked at first */
    CHECK_TEXT(act(&u.f, "alice", "carol", &call, 2),
               "ActionError.NewReceiptValidationError.ActionsValidation.InvalidUniversalStateInitReceiver");
    struct account_id wrong = account_id_universal(bytes_of(init.data, init.size - 1));
    memcpy(input, wrong.text, 54);
    CHECK_TEXT(act(&u.f, "alice", "carol", &call, 3),
               "ActionError.NewReceiptValidationError.ActionsValidation.MalformedUniversalStateInit");
    fixture_end(&u.f);
}

static void test_gas_key_by_contract(void)
{
    test_begin("gas keys: added by a contract");
    struct fixture f;
    struct test_key gas = test_key_of("gas");
    struct access_key key = {0};
    uint8_t input[33] = {KEY_ED25519};
    memcpy(input + 1, gas.public.data, 32);
    fixture_begin(&f, 88);
    fixture_add_account(&f, "alice", 100);
    fixture_add_contract(&f, "carol", sender);
    struct action call = call_of("gas", bytes_of(input, sizeof input));
    CHECK_TEXT(act(&f, "alice", "carol", &call, 1), "");
    CHECK(fixture_access_key(&f, "carol", &gas, &key));
    CHECK_EQUAL(key.permission, PERMISSION_GAS_KEY_FULL_ACCESS);
    CHECK_EQUAL(key.num_nonces, 3);
    CHECK(u128_equal(key.gas_key_balance, (struct u128){0, 1}));
    CHECK_EQUAL(fixture_nonce(&f, "carol", &gas, 2), (FIXTURE_HEIGHT + 1) * UINT64_C(1000000));
    struct u128 all = plus(plus(balance(&f, "alice"), balance(&f, "carol")), key.gas_key_balance);
    CHECK(u128_equal(plus(all, f.burnt), near_tokens(200)));
    fixture_end(&f);
}

int main(void)
{
    test_gas_key_actions();
    test_gas_key_strangers();
    test_gas_key_versions();
    test_gas_key_transactions();
    test_gas_key_without_tokens();
    test_strict_nonces();
    test_delegate_v2();
    test_delegate_changes();
    test_delete_account();
    test_universal_by_relayer();
    test_universal_by_itself();
    test_universal_failed_bootstrap();
    test_universal_versions();
    test_universal_by_contract();
    test_gas_key_by_contract();
    return test_end();
}
