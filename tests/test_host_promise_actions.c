/* host/promise_action*.c: what every action costs, hands to the outside, and refuses, in which order. */
#include "tests/promise_fixture.h"

static struct fixture f;

enum { ANY = 0 };

/* Promises 0: to bob.near, 1: to alice.near herself, 2: joint. */
static void start(uint32_t version)
{
    fixture_init(&f, version);
    fixture_start(&f);
    make_promise(&f, "bob.near");
    make_promise(&f, "alice.near");
    join_promise(&f, 0);
}

static uint64_t put_key(uint8_t type, size_t size)
{
    uint8_t key[1 + PUBLIC_KEY_MAX];
    memset(key, 7, sizeof key);
    key[0] = type;
    return put(&f, key, size);
}

static bool is_key(const struct public_key *key, uint8_t type)
{
    return key && key->type == type && key->data[0] == 7 && key->data[key_type_size(type) - 1] == 7;
}

/* That the promise has to exist and to be of one receipt is checked after the arguments were read, before the action
 * is paid: the same ext costs as with a good promise, none of an action. */
static void check_promise_index(host_import function, const uint64_t *args, size_t count, const struct ext_charge *ext)
{
    uint64_t copy[10] = {0};
    uint32_t before = f.mock.log_count;
    memcpy(copy, args, count * sizeof *args);
    copy[0] = 123;
    CHECK_EQUAL(fixture_call(&f, function, copy), HOST_InvalidPromiseIndex);
    CHECK_EQUAL(f.host.fault.a, 123);
    expect_costs(&f, ext, NO_ACTIONS, 0);
    copy[0] = 2;
    CHECK_EQUAL(fixture_call(&f, function, copy), HOST_CannotAppendActionToJointPromise);
    expect_costs(&f, ext, NO_ACTIONS, 0);
    CHECK_EQUAL(f.mock.log_count, before);
}
#define CHECK_INDEX(name, ext, ...)                                                                                   \
    check_promise_index(import_##name, (const uint64_t[]){ANY, __VA_ARGS__},                                          \
                        sizeof (uint64_t[]){ANY, __VA_ARGS__} / sizeof(uint64_t), ext)

/* ---- accounts --------------------------------------------------------------------------------------------------- */

static void test_accounts(void)
{
    test_begin("create_account, delete_account");
    start(88);
    uint64_t sam = put_text(&f, "sam"), zero = 0;
    check_promise_index(import_promise_batch_action_create_account, &zero, 1, EXT({EXT_base, 1}));
    for (uint64_t self = 0; self < 2; self++) {
        CALL_OK(&f, promise_batch_action_create_account, self);
        expect_costs(&f, EXT({EXT_base, 1}), ACTIONS(action_charge(&f, ACTION_create_account, self, 1)), 0);
        logged_action(&f, ACTION_KIND_create_account, self);
    }
    const struct ext_charge *ext = EXT({EXT_base, 1}, {EXT_read_memory_base, 1}, {EXT_read_memory_byte, 3},
                                       {EXT_utf8_decoding_base, 1}, {EXT_utf8_decoding_byte, 3});
    CHECK_INDEX(promise_batch_action_delete_account, ext, 3, sam);
    CALL_OK(&f, promise_batch_action_delete_account, 0, 3, sam);
    expect_costs(&f, ext, ACTIONS(action_charge(&f, ACTION_delete_account, false, 1)), 0);
    CHECK(is_account(&logged_action(&f, ACTION_KIND_delete_account, 0)->delete_account.beneficiary_id, "sam"));
    CALL_FAILS(&f, InvalidAccountId, promise_batch_action_delete_account, 0, 1, sam);
    fixture_end(&f);
}

/* A transfer pays for the account that it makes. */
static void check_transfer(const char *receiver, bool account, bool key)
{
    uint64_t promise = make_promise(&f, receiver), one = put_amount(&f, 1);
    CALL_OK(&f, promise_batch_action_transfer, promise, one);
    struct action_charge charge = action_charge(&f, ACTION_transfer, false, 1);
    struct action_charge more = action_charge(&f, ACTION_create_account, false, account);
    charge.burnt += more.burnt;
    charge.promised += more.promised;
    more = action_charge(&f, ACTION_add_full_access_key, false, key);
    charge.burnt += more.burnt;
    charge.promised += more.promised;
    expect_costs(&f, EXT({EXT_base, 1}, {EXT_read_memory_base, 1}, {EXT_read_memory_byte, 16}), ACTIONS(charge), 0);
}

static void test_transfer(void)
{
    test_begin("transfer");
    start(88);
    uint64_t amount = put_amount(&f, 110);
    CHECK_INDEX(promise_batch_action_transfer,
                EXT({EXT_base, 1}, {EXT_read_memory_base, 1}, {EXT_read_memory_byte, 16}), amount);
    check_transfer("rick.test", false, false);
    check_transfer("0011223344556677889900112233445566778899001122334455667788990011", true, true);
    check_transfer("0x0011223344556677889900112233445566778899", true, false);
    check_transfer("0s0011223344556677889900112233445566778899", true, false);
    struct account_id universal = account_id_universal(bytes_of("", 0));
    char text[ACCOUNT_ID_TEXT_SIZE];
    check_transfer(account_id_text(&universal, text), f.parameters.flags.universal_accounts, false);
    CHECK(u128_equal(logged_action(&f, ACTION_KIND_transfer, logged(&f, 1)->action.receipt)->transfer.deposit,
                     u128_of(1)));
    CHECK(u128_equal(f.host.balance, u128_of(105)));
    uint32_t before = f.mock.log_count;
    CALL_FAILS(&f, BalanceExceeded, promise_batch_action_transfer, 0, amount); /* the action is paid nevertheless */
    expect_costs(&f, EXT({EXT_base, 1}, {EXT_read_memory_base, 1}, {EXT_read_memory_byte, 16}),
                 ACTIONS(action_charge(&f, ACTION_transfer, false, 1)), 0);
    CHECK_EQUAL(f.mock.log_count, before);
    CHECK(u128_equal(f.host.balance, u128_of(105)));
    CALL_FAILS(&f, MemoryAccessViolation, promise_batch_action_transfer, 0, FIXTURE_MEMORY - 15);
    CALL_FAILS(&f, MemoryAccessViolation, promise_batch_action_transfer, 0, UINT64_MAX);
    fixture_end(&f);

    start(84); /* the id of a universal account was a name like any other then */
    CHECK(!f.parameters.flags.universal_accounts);
    check_transfer(account_id_text(&universal, text), false, false);
    fixture_end(&f);
}

/* ---- function calls --------------------------------------------------------------------------------------------- */

static void test_function_call(void)
{
    test_begin("function_call, function_call_weight");
    start(88);
    uint64_t method = put_text(&f, "m"), zero = put_amount(&f, 0), too_much = put_amount(&f, 111);
    CALL_OK(&f, promise_batch_action_function_call_weight, 1, 1, method, 0, 0, zero, 5, UINT64_MAX);
    const struct ext_charge *ext =
        EXT({EXT_base, 1}, {EXT_read_memory_base, 3}, {EXT_read_memory_byte, 17});
    expect_costs(&f, ext,
                 ACTIONS(action_charge(&f, ACTION_function_call_base, true, 1),
                         action_charge(&f, ACTION_function_call_byte, true, 1)),
                 5);
    CHECK(logged_action(&f, ACTION_KIND_function_call, 1)->function_call.gas_weight == UINT64_MAX);
    CHECK_INDEX(promise_batch_action_function_call, ext, 1, method, 0, 0, zero, 5);
    CHECK_INDEX(promise_batch_action_function_call_weight, ext, 1, method, 0, 0, zero, 5, 1);

    /* the name is looked at before the arguments are read */
    CALL_FAILS(&f, EmptyMethodName, promise_batch_action_function_call, 0, 0, method, 1, NOWHERE, zero, 0);
    expect_costs(&f, EXT({EXT_base, 1}, {EXT_read_memory_base, 2}, {EXT_read_memory_byte, 16}), NO_ACTIONS, 0);
    /* gas is promised before there is not enough balance */
    CALL_FAILS(&f, BalanceExceeded, promise_batch_action_function_call, 0, 1, method, 0, 0, too_much, 5);
    expect_costs(&f, ext,
                 ACTIONS(action_charge(&f, ACTION_function_call_base, false, 1),
                         action_charge(&f, ACTION_function_call_byte, false, 1)),
                 5);
    CALL_FAILS(&f, IntegerOverflow, promise_batch_action_function_call, 0, 1, method, 0, 0, zero, UINT64_MAX);
    CALL_FAILS(&f, GasExceeded, promise_batch_action_function_call, 0, 1, method, 0, 0, zero, UINT64_MAX >> 1);

    fixture_end(&f);

    /* name and arguments from registers */
    start(88);
    zero = put_amount(&f, 0);
    CHECK_EQUAL(registers_write(&f.host.registers, &f.host.gas, 3, bytes_of_string("register")), HOST_OK);
    CALL_OK(&f, promise_batch_action_function_call, 0, UINT64_MAX, 3, UINT64_MAX, 3, zero, 0);
    expect_costs(&f,
                 EXT({EXT_base, 1}, {EXT_read_memory_base, 1}, {EXT_read_memory_byte, 16},
                     {EXT_read_register_base, 2}, {EXT_read_register_byte, 16}),
                 ACTIONS(action_charge(&f, ACTION_function_call_base, false, 1),
                         action_charge(&f, ACTION_function_call_byte, false, 16)),
                 0);
    CHECK(is_text(logged_action(&f, ACTION_KIND_function_call, 0)->function_call.arguments, "register"));
    fixture_end(&f);
}

/* One yoctoNEAR from an account that has nothing is given by the protocol, no more, and not to those who have some. */
static void check_one_yocto(bool flag, uint64_t balance, uint64_t deposit, enum host_error expected,
                            uint64_t subsidized)
{
    fixture_init(&f, 88);
    f.parameters.flags.one_yocto_on_promise = flag;
    f.context.account_balance = u128_of(balance);
    f.context.attached_deposit = u128_of(0);
    fixture_start(&f);
    make_promise(&f, "bob.near");
    uint64_t method = put_text(&f, "m"), amount = put_amount(&f, deposit);
    CHECK_EQUAL(CALL(&f, promise_batch_action_function_call, 0, 1, method, 0, 0, amount, 0), expected);
    CHECK(u128_equal(f.host.subsidized_amount, u128_of(subsidized)));
    uint64_t left = expected == HOST_OK && !subsidized ? balance - deposit : balance;
    CHECK(u128_equal(f.host.balance, u128_of(left)));
    if (expected == HOST_OK) {
        const struct action *action = logged_action(&f, ACTION_KIND_function_call, 0);
        CHECK(u128_equal(action->function_call.deposit, u128_of(deposit)));
    }
    fixture_end(&f);
}

static void test_one_yocto(void)
{
    test_begin("one yoctoNEAR");
    check_one_yocto(true, 0, 1, HOST_OK, 1);
    check_one_yocto(true, 0, 2, HOST_BalanceExceeded, 0);
    check_one_yocto(true, 0, 0, HOST_OK, 0);
    check_one_yocto(true, 1, 1, HOST_OK, 0);
    check_one_yocto(false, 0, 1, HOST_BalanceExceeded, 0);
    check_one_yocto(false, 1, 1, HOST_OK, 0);
}

/* ---- keys ------------------------------------------------------------------------------------------------------- */

static void test_stake(void)
{
    test_begin("stake");
    start(88);
    uint64_t amount = put_amount(&f, 1000), key = put_key(KEY_ED25519, 33);
    const struct ext_charge *ext =
        EXT({EXT_base, 1}, {EXT_read_memory_base, 2}, {EXT_read_memory_byte, 16 + 33});
    CHECK_INDEX(promise_batch_action_stake, ext, amount, 33, key);
    CALL_OK(&f, promise_batch_action_stake, 0, amount, 33, key); /* no balance is taken */
    expect_costs(&f, ext, ACTIONS(action_charge(&f, ACTION_stake, false, 1)), 0);
    const struct action *action = logged_action(&f, ACTION_KIND_stake, 0);
    CHECK(u128_equal(action->stake.stake, u128_of(1000)) && is_key(action->stake.public_key, KEY_ED25519));
    CHECK(u128_equal(f.host.balance, u128_of(110)));

    /* a key that is none is noticed last: promise and fee come before */
    CALL_FAILS(&f, InvalidPromiseIndex, promise_batch_action_stake, 9, amount, 32, key);
    CALL_FAILS(&f, InvalidPublicKey, promise_batch_action_stake, 0, amount, 32, key);
    expect_costs(&f, EXT({EXT_base, 1}, {EXT_read_memory_base, 2}, {EXT_read_memory_byte, 16 + 32}),
                 ACTIONS(action_charge(&f, ACTION_stake, false, 1)), 0);
    fixture_end(&f);
}

static bool no_post_quantum_keys(void *self)
{
    (void)self;
    return false;
}

static void test_full_access_and_delete(void)
{
    test_begin("add_key_with_full_access, delete_key");
    static const struct { uint8_t type; size_t size; } keys[] = {
        {KEY_ED25519, 33}, {KEY_SECP256K1, 65}, {KEY_ML_DSA_65, 1953}};
    for (size_t i = 0; i < 3; i++) {
        start(88);
        size_t size = keys[i].size;
        uint64_t key = put_key(keys[i].type, size);
        const struct ext_charge *ext = EXT({EXT_base, 1}, {EXT_read_memory_base, 1}, {EXT_read_memory_byte, size});
        CHECK_INDEX(promise_batch_action_add_key_with_full_access, ext, size, key, 1);
        CHECK_INDEX(promise_batch_action_delete_key, ext, size, key);
        CALL_OK(&f, promise_batch_action_add_key_with_full_access, 1, size, key, UINT64_MAX);
        expect_costs(&f, ext, ACTIONS(action_charge(&f, ACTION_add_full_access_key, true, 1)), 0);
        const struct action *action = logged_action(&f, ACTION_KIND_add_key, 1);
        CHECK(is_key(action->add_key.public_key, keys[i].type));
        CHECK(action->add_key.access_key.nonce == UINT64_MAX);
        CHECK(action->add_key.access_key.permission == PERMISSION_FULL_ACCESS);
        CALL_OK(&f, promise_batch_action_delete_key, 0, size, key);
        expect_costs(&f, ext, ACTIONS(action_charge(&f, ACTION_delete_key, false, 1)), 0);
        CHECK(is_key(logged_action(&f, ACTION_KIND_delete_key, 0)->delete_key.public_key, keys[i].type));
        CALL_FAILS(&f, InvalidPublicKey, promise_batch_action_delete_key, 0, size - 1, key);
        CALL_FAILS(&f, InvalidPublicKey, promise_batch_action_delete_key, 0, size + 1, key);
        CALL_FAILS(&f, InvalidPublicKey, promise_batch_action_delete_key, 0, 0, key);
        f.functions.post_quantum_keys_enabled = no_post_quantum_keys;
        enum host_error expected = keys[i].type == KEY_ML_DSA_65 ? HOST_InvalidPublicKey : HOST_OK;
        CHECK_EQUAL(CALL(&f, promise_batch_action_delete_key, 0, size, key), expected);
        fixture_end(&f);
    }
}

static void test_function_call_key(void)
{
    test_begin("add_key_with_function_call");
    start(88);
    uint64_t key = put_key(KEY_ED25519, 33), allowance = put_amount(&f, 999), zero = put_amount(&f, 0);
    uint64_t sam = put_text(&f, "sam"), names = put_text(&f, "foo,bar,,");
    const struct ext_charge *ext =
        EXT({EXT_base, 1}, {EXT_read_memory_base, 4}, {EXT_read_memory_byte, 33 + 16 + 3 + 7},
            {EXT_utf8_decoding_base, 1}, {EXT_utf8_decoding_byte, 3});
    CHECK_INDEX(promise_batch_action_add_key_with_function_call, ext, 33, key, 1, allowance, 3, sam, 7, names);
    CALL_OK(&f, promise_batch_action_add_key_with_function_call, 0, 33, key, 1, allowance, 3, sam, 7, names);
    /* a byte more for each name than its letters */
    expect_costs(&f, ext,
                 ACTIONS(action_charge(&f, ACTION_add_function_call_key_base, false, 1),
                         action_charge(&f, ACTION_add_function_call_key_byte, false, 8)),
                 0);
    const struct access_key *access = &logged_action(&f, ACTION_KIND_add_key, 0)->add_key.access_key;
    CHECK(access->permission == PERMISSION_FUNCTION_CALL && access->nonce == 1);
    CHECK(access->has_allowance && u128_equal(access->allowance, u128_of(999)));
    CHECK(is_text(access->receiver_id, "sam"));
    if (CHECK_EQUAL(access->method_count, 2))
        CHECK(is_text(access->method_names[0], "foo") && is_text(access->method_names[1], "bar"));

    CALL_OK(&f, promise_batch_action_add_key_with_function_call, 0, 33, key, 1, zero, 3, sam, 0, names);
    access = &logged_action(&f, ACTION_KIND_add_key, 0)->add_key.access_key;
    CHECK(!access->has_allowance && access->method_count == 0);

    uint64_t empty[] = {8, 9}; /* "foo,bar," and "foo,bar,,": a name of nothing, known before the promise is */
    for (size_t i = 0; i < 2; i++) {
        CALL_FAILS(&f, EmptyMethodName, promise_batch_action_add_key_with_function_call, 99, 33, key, 1, zero, 3, sam,
                   empty[i], names);
    }
    CALL_FAILS(&f, EmptyMethodName, promise_batch_action_add_key_with_function_call, 0, 33, key, 1, zero, 3, sam, 4,
               names + 3);
    CALL_FAILS(&f, InvalidAccountId, promise_batch_action_add_key_with_function_call, 0, 33, key, 1, zero, 4, names,
               0, 0);
    CALL_FAILS(&f, InvalidPublicKey, promise_batch_action_add_key_with_function_call, 0, 3, key, 1, zero, 3, sam, 7,
               names);
    fixture_end(&f);
}

/* ---- gas keys --------------------------------------------------------------------------------------------------- */

static void check_transfer_to_gas_key(uint8_t type, size_t size, bool by_stored_size, size_t stored_size)
{
    start(88);
    f.parameters.flags.fix_ml_dsa_cost_charging = by_stored_size;
    uint64_t key = put_key(type, size), amount = put_amount(&f, 60);
    const struct ext_charge *ext =
        EXT({EXT_base, 1}, {EXT_read_memory_base, 2}, {EXT_read_memory_byte, 16 + size});
    CHECK_INDEX(promise_batch_action_transfer_to_gas_key, ext, size, key, amount);
    CALL_OK(&f, promise_batch_action_transfer_to_gas_key, 0, size, key, amount);
    /* sent: the key; executed: the key of the trie (column, account, separator, key) and the smallest value there */
    struct action_charge base = action_charge(&f, ACTION_gas_key_transfer_base, false, 1);
    struct action_charge bytes = action_charge(&f, ACTION_gas_key_byte, false, size);
    bytes.promised =
        action_exec_fee(&f.parameters, ACTION_gas_key_byte).gas * (1 + strlen("bob.near") + 1 + stored_size + 27);
    expect_costs(&f, ext, ACTIONS(base, bytes), 0);
    const struct action *action = logged_action(&f, ACTION_KIND_transfer_to_gas_key, 0);
    CHECK(is_key(action->transfer_to_gas_key.public_key, type));
    CHECK(u128_equal(action->transfer_to_gas_key.deposit, u128_of(60)));
    CHECK(u128_equal(f.host.balance, u128_of(50)));

    /* the balance is looked at before the key */
    CALL_FAILS(&f, BalanceExceeded, promise_batch_action_transfer_to_gas_key, 0, size - 1, key, amount);
    uint64_t one = put_amount(&f, 1);
    CALL_FAILS(&f, InvalidPublicKey, promise_batch_action_transfer_to_gas_key, 0, size - 1, key, one);
    bytes.burnt = 0; /* what can't be decoded has no length */
    bytes.promised = action_exec_fee(&f.parameters, ACTION_gas_key_byte).gas * (1 + strlen("bob.near") + 1 + 27);
    expect_costs(&f, EXT({EXT_base, 1}, {EXT_read_memory_base, 2}, {EXT_read_memory_byte, 16 + size - 1}),
                 ACTIONS(base, bytes), 0);
    CHECK(u128_equal(f.host.balance, u128_of(49)));
    fixture_end(&f);
}

/* What a gas key costs more than another key, by the number of its nonces. */
static void gas_key_charges(struct action_charge out[2], uint64_t num_nonces, size_t stored_size, bool sir)
{
    uint64_t byte = action_exec_fee(&f.parameters, ACTION_gas_key_byte).gas;
    size_t receiver = strlen(sir ? "alice.near" : "bob.near");
    out[0] = action_charge(&f, ACTION_gas_key_nonce_write_base, sir, num_nonces);
    out[0].burnt = 0;
    out[1] = action_charge(&f, ACTION_gas_key_byte, sir, 18); /* sent: balance and number of nonces */
    out[1].promised = byte * num_nonces * (1 + receiver + 1 + stored_size + 2 + 8);
}

static void test_gas_keys(void)
{
    test_begin("transfer_to_gas_key, add_gas_key_with_full_access, add_gas_key_with_function_call");
    for (unsigned fix = 0; fix < 2; fix++) {
        check_transfer_to_gas_key(KEY_ED25519, 33, fix, 33);
        check_transfer_to_gas_key(KEY_SECP256K1, 65, fix, 65);
        check_transfer_to_gas_key(KEY_ML_DSA_65, 1953, fix, fix ? 33 : 1953);
    }

    start(88);
    uint64_t key = put_key(KEY_ED25519, 33);
    struct action_charge gas_key[2];
    const struct ext_charge *ext = EXT({EXT_base, 1}, {EXT_read_memory_base, 1}, {EXT_read_memory_byte, 33});
    CHECK_INDEX(promise_batch_action_add_gas_key_with_full_access, ext, 33, key, 5);
    CALL_OK(&f, promise_batch_action_add_gas_key_with_full_access, 1, 33, key, 5);
    gas_key_charges(gas_key, 5, 33, true);
    expect_costs(&f, ext, ACTIONS(action_charge(&f, ACTION_add_full_access_key, true, 1), gas_key[0], gas_key[1]), 0);
    const struct access_key *access = &logged_action(&f, ACTION_KIND_add_key, 1)->add_key.access_key;
    CHECK(access->permission == PERMISSION_GAS_KEY_FULL_ACCESS && access->num_nonces == 5 && access->nonce == 0);
    CALL_FAILS(&f, IntegerOverflow, promise_batch_action_add_gas_key_with_full_access, 99, 33, key, 65536);
    CALL_FAILS(&f, InvalidPublicKey, promise_batch_action_add_gas_key_with_full_access, 0, 3, key, 1);

    uint64_t allowance = put_amount(&f, 9), names = put_text(&f, "a,bc");
    const struct ext_charge *call_ext =
        EXT({EXT_base, 1}, {EXT_read_memory_base, 4}, {EXT_read_memory_byte, 33 + 16 + 2 + 4},
            {EXT_utf8_decoding_base, 1}, {EXT_utf8_decoding_byte, 2});
    CHECK_INDEX(promise_batch_action_add_gas_key_with_function_call, call_ext, 33, key, 2, allowance, 2, names + 2, 4,
                names);
    CALL_OK(&f, promise_batch_action_add_gas_key_with_function_call, 0, 33, key, 2, allowance, 2, names + 2, 4, names);
    gas_key_charges(gas_key, 2, 33, false);
    expect_costs(&f, call_ext,
                 ACTIONS(action_charge(&f, ACTION_add_function_call_key_base, false, 1),
                         action_charge(&f, ACTION_add_function_call_key_byte, false, 5), gas_key[0], gas_key[1]),
                 0);
    access = &logged_action(&f, ACTION_KIND_add_key, 0)->add_key.access_key;
    CHECK(access->permission == PERMISSION_GAS_KEY_FUNCTION_CALL && access->num_nonces == 2);
    CHECK(access->has_allowance && is_text(access->receiver_id, "bc") && access->method_count == 2);
    /* the number of nonces is looked at before the allowance is read */
    CALL_FAILS(&f, IntegerOverflow, promise_batch_action_add_gas_key_with_function_call, 0, 33, key, 65536, NOWHERE,
               2, names, 0, 0);
    fixture_end(&f);
}

/* ---- contracts -------------------------------------------------------------------------------------------------- */

static void test_deploy(void)
{
    test_begin("deploy_contract, deploy_global_contract, ..._by_account_id");
    start(88);
    f.parameters.limits.max_contract_size = 6;
    uint64_t code = put_text(&f, "sample!");
    const struct ext_charge *ext = EXT({EXT_base, 1}, {EXT_read_memory_base, 1}, {EXT_read_memory_byte, 6});
    CHECK_INDEX(promise_batch_action_deploy_contract, ext, 6, code);
    CALL_OK(&f, promise_batch_action_deploy_contract, 0, 6, code);
    expect_costs(&f, ext,
                 ACTIONS(action_charge(&f, ACTION_deploy_contract_base, false, 1),
                         action_charge(&f, ACTION_deploy_contract_byte, false, 6)),
                 0);
    CHECK(is_text(logged_action(&f, ACTION_KIND_deploy_contract, 0)->deploy_contract.code, "sample"));
    CALL_FAILS(&f, ContractSizeExceeded, promise_batch_action_deploy_contract, 99, 7, code);
    CHECK(f.host.fault.a == 7 && f.host.fault.b == 6);

    static const struct { host_import function; enum global_contract_mode mode; } global[] = {
        {import_promise_batch_action_deploy_global_contract, GLOBAL_BY_CODE_HASH},
        {import_promise_batch_action_deploy_global_contract_by_account_id, GLOBAL_BY_ACCOUNT_ID}};
    for (size_t i = 0; i < 2; i++) {
        check_promise_index(global[i].function, (const uint64_t[]){ANY, 6, code}, 3, ext);
        CHECK_EQUAL(fixture_call(&f, global[i].function, (const uint64_t[]){1, 6, code}), HOST_OK);
        expect_costs(&f, ext,
                     ACTIONS(action_charge(&f, ACTION_deploy_global_contract_base, true, 1),
                             action_charge(&f, ACTION_deploy_global_contract_byte, true, 6)),
                     0);
        const struct action *action = logged_action(&f, ACTION_KIND_deploy_global_contract, 1);
        CHECK(action->deploy_global_contract.mode == global[i].mode);
        CHECK(is_text(action->deploy_global_contract.code, "sample"));
        CHECK_EQUAL(fixture_call(&f, global[i].function, (const uint64_t[]){1, 7, code}), HOST_ContractSizeExceeded);
    }
    fixture_end(&f);
}

static void test_use_global(void)
{
    test_begin("use_global_contract, ..._by_account_id");
    start(88);
    uint8_t bytes[33];
    memset(bytes, 9, sizeof bytes);
    uint64_t hash = put(&f, bytes, sizeof bytes), sam = put_text(&f, "sam");
    const struct ext_charge *ext = EXT({EXT_base, 1}, {EXT_read_memory_base, 1}, {EXT_read_memory_byte, 32});
    CHECK_INDEX(promise_batch_action_use_global_contract, ext, 32, hash);
    CALL_OK(&f, promise_batch_action_use_global_contract, 0, 32, hash);
    expect_costs(&f, ext,
                 ACTIONS(action_charge(&f, ACTION_use_global_contract_base, false, 1),
                         action_charge(&f, ACTION_use_global_contract_byte, false, 32)),
                 0);
    const struct action *action = logged_action(&f, ACTION_KIND_use_global_contract, 0);
    CHECK(action->use_global_contract.contract.mode == GLOBAL_BY_CODE_HASH);
    CHECK(memcmp(action->use_global_contract.contract.code_hash, bytes, 32) == 0);
    CALL_FAILS(&f, ContractCodeHashMalformed, promise_batch_action_use_global_contract, 99, 31, hash);
    CALL_FAILS(&f, ContractCodeHashMalformed, promise_batch_action_use_global_contract, 99, 33, hash);

    ext = EXT({EXT_base, 1}, {EXT_read_memory_base, 1}, {EXT_read_memory_byte, 3}, {EXT_utf8_decoding_base, 1},
              {EXT_utf8_decoding_byte, 3});
    CHECK_INDEX(promise_batch_action_use_global_contract_by_account_id, ext, 3, sam);
    CALL_OK(&f, promise_batch_action_use_global_contract_by_account_id, 0, 3, sam);
    expect_costs(&f, ext,
                 ACTIONS(action_charge(&f, ACTION_use_global_contract_base, false, 1),
                         action_charge(&f, ACTION_use_global_contract_byte, false, 3)),
                 0);
    action = logged_action(&f, ACTION_KIND_use_global_contract, 0);
    CHECK(is_account(&action->use_global_contract.contract.account_id, "sam"));
    CALL_FAILS(&f, InvalidAccountId, promise_batch_action_use_global_contract_by_account_id, 0, 1, sam);
    fixture_end(&f);
}

int main(void)
{
    test_accounts();
    test_transfer();
    test_function_call();
    test_one_yocto();
    test_stake();
    test_full_access_and_delete();
    test_function_call_key();
    test_gas_keys();
    test_deploy();
    test_use_global();
    return test_end();
}
