/* Rules for actions and receipts that need no state: each of them, at its limit and one beyond, by version. */
#include "crypto/ed25519.h"
#include "near/universal_state_init.h"
#include "runtime/staking_key.h"
#include "runtime/validate_actions.h"
#include "tests/test.h"

static const struct account_id bob = {3, "bob"};

/* ---- the question ------------------------------------------------------------------------------------------------ */

enum { VALID = -1 };

static struct validation_error why; /* of the last refusal */

static int validate_as(uint32_t version, enum receipt_validation_mode mode, const struct action *actions,
                       uint32_t count, const struct account_id *receiver)
{
    bool valid = false;
    struct error e;
    if (!CHECK(validate_actions(parameters_of(version), version, mode, actions, count, receiver, &valid, &why, &e) ==
               STATUS_OK))
        return -2;
    return valid ? VALID : (int)why.kind;
}

static int validate(uint32_t version, const struct action *actions, uint32_t count)
{
    return validate_as(version, RECEIPT_NEW, actions, count, &bob);
}

/* ---- lists ------------------------------------------------------------------------------------------------------- */

static void test_counts(void)
{
    test_begin("numbers of actions");
    struct action a[101];
    for (int i = 0; i < 101; i++) a[i] = (struct action){.kind = ACTION_KIND_create_account};
    CHECK_EQUAL(validate(84, a, 0), VALID);
    CHECK_EQUAL(validate(84, a, 100), VALID);
    CHECK_EQUAL(validate(84, a, 101), validation_error_TotalNumberOfActionsExceeded);
    CHECK_EQUAL(why.TotalNumberOfActionsExceeded.total_number_of_actions, 101);
    CHECK_EQUAL(why.TotalNumberOfActionsExceeded.limit, 100);
    for (int i = 0; i < 11; i++) a[i].kind = i % 2 ? ACTION_KIND_deploy_contract : ACTION_KIND_deploy_global_contract;
    CHECK_EQUAL(validate(84, a, 10), VALID);
    CHECK_EQUAL(validate(84, a, 11), validation_error_TotalNumberOfDeployActionsExceeded);
    CHECK_EQUAL(why.TotalNumberOfDeployActionsExceeded.number_of_deploy_actions, 11);
    CHECK_EQUAL(validate_as(84, RECEIPT_EXISTING, a, 11, &bob), VALID); /* it is on its way already */
    struct action last[2] = {{.kind = ACTION_KIND_delete_account, .delete_account = {bob}},
                             {.kind = ACTION_KIND_create_account}};
    CHECK_EQUAL(validate(84, last, 1), VALID);
    CHECK_EQUAL(validate(84, last, 2), validation_error_DeleteActionMustBeFinal);
}

static void test_gas(void)
{
    test_begin("attached gas");
    struct action calls[2] = {{.kind = ACTION_KIND_function_call}, {.kind = ACTION_KIND_function_call}};
    calls[0].function_call.method_name = calls[1].function_call.method_name = bytes_of_string("f");
    CHECK_EQUAL(validate(84, calls, 1), validation_error_FunctionCallZeroAttachedGas);
    calls[0].function_call.gas = parameters_of(84)->limits.max_total_prepaid_gas - 1;
    calls[1].function_call.gas = 1;
    CHECK_EQUAL(validate(84, calls, 2), VALID);
    calls[1].function_call.gas = 2;
    CHECK_EQUAL(validate(84, calls, 2), validation_error_TotalPrepaidGasExceeded);
    CHECK_EQUAL(why.TotalPrepaidGasExceeded.total_prepaid_gas, why.TotalPrepaidGasExceeded.limit + 1);
    calls[1].function_call.gas = UINT64_MAX;
    CHECK_EQUAL(validate(84, calls, 2), validation_error_IntegerOverflow);
}

static void test_function_call(void)
{
    test_begin("function calls");
    static uint8_t long_name[257], arguments[4194305];
    struct action call = {.kind = ACTION_KIND_function_call};
    call.function_call.gas = 1;
    CHECK_EQUAL(validate(86, &call, 1), VALID); /* without a name it fails when it is run */
    CHECK_EQUAL(validate(87, &call, 1), validation_error_FunctionCallEmptyMethodName);
    CHECK_EQUAL(validate_as(87, RECEIPT_EXISTING, &call, 1, &bob), VALID);
    call.function_call.method_name = bytes_of(long_name, 256);
    CHECK_EQUAL(validate(84, &call, 1), VALID);
    call.function_call.method_name.size++;
    CHECK_EQUAL(validate(84, &call, 1), validation_error_FunctionCallMethodNameLengthExceeded);
    CHECK_EQUAL(why.FunctionCallMethodNameLengthExceeded.length, 257);
    call.function_call.method_name.size = 1;
    call.function_call.arguments = bytes_of(arguments, sizeof arguments - 1);
    CHECK_EQUAL(validate(84, &call, 1), VALID);
    call.function_call.arguments.size++;
    CHECK_EQUAL(validate(84, &call, 1), validation_error_FunctionCallArgumentsLengthExceeded);
    struct action deploy = {.kind = ACTION_KIND_deploy_contract, .deploy_contract = {call.function_call.arguments}};
    CHECK_EQUAL(validate(84, &deploy, 1), validation_error_ContractSizeExceeded);
    CHECK_EQUAL(why.ContractSizeExceeded.size, 4194305);
    deploy.deploy_contract.code.size--;
    CHECK_EQUAL(validate(84, &deploy, 1), VALID);
}

/* ---- keys -------------------------------------------------------------------------------------------------------- */

static void test_permissions(void)
{
    test_begin("function call keys");
    static uint8_t name[257];
    struct bytes methods[8];
    for (int i = 0; i < 8; i++) methods[i] = bytes_of(name, 249);
    struct action add = {.kind = ACTION_KIND_add_key};
    struct access_key *key = &add.add_key.access_key;
    *key = (struct access_key){.permission = PERMISSION_FUNCTION_CALL, .receiver_id = bytes_of_string("carol"),
                               .method_names = methods, .method_count = 8};
    CHECK_EQUAL(validate(84, &add, 1), VALID); /* 8 × 250 bytes, with what ends them */
    methods[0].size++;
    CHECK_EQUAL(validate(84, &add, 1), validation_error_AddKeyMethodNamesNumberOfBytesExceeded);
    CHECK_EQUAL(why.AddKeyMethodNamesNumberOfBytesExceeded.total_number_of_bytes, 2001);
    key->method_count = 1;
    methods[0].size = 257;
    CHECK_EQUAL(validate(84, &add, 1), validation_error_AddKeyMethodNameLengthExceeded);
    key->method_count = 0;
    key->receiver_id = bytes_of_string("Not an account");
    CHECK_EQUAL(validate(84, &add, 1), validation_error_InvalidAccountId);
    /* A text that is too long is cut, but never within a character. */
    static uint8_t text[200];
    memset(text, 'a', sizeof text);
    memcpy(text + 127, "\xe2\x82\xac", 3);
    key->receiver_id = bytes_of(text, sizeof text);
    CHECK_EQUAL(validate(84, &add, 1), validation_error_InvalidAccountId);
    CHECK_EQUAL(why.InvalidAccountId.account_id.size, 127);
    CHECK_EQUAL(validate(56, &add, 1), VALID); /* any text was allowed once */
}

static void test_gas_keys(void)
{
    test_begin("gas keys");
    static const struct public_key ed25519 = {.type = KEY_ED25519};
    struct action add = {.kind = ACTION_KIND_add_key, .add_key = {.public_key = &ed25519}};
    struct access_key *key = &add.add_key.access_key;
    *key = (struct access_key){.permission = PERMISSION_GAS_KEY_FULL_ACCESS, .num_nonces = 1024};
    CHECK_EQUAL(validate(84, &add, 1), validation_error_UnsupportedProtocolFeature);
    CHECK(bytes_equal(why.UnsupportedProtocolFeature.protocol_feature, bytes_of_string("GasKeys")));
    CHECK_EQUAL(why.UnsupportedProtocolFeature.version, 84);
    CHECK_EQUAL(validate(85, &add, 1), VALID);
    key->num_nonces = 1025;
    CHECK_EQUAL(validate(85, &add, 1), validation_error_GasKeyInvalidNumNonces);
    CHECK_EQUAL(why.GasKeyInvalidNumNonces.requested_nonces, 1025);
    key->num_nonces = 0;
    CHECK_EQUAL(validate(85, &add, 1), validation_error_GasKeyInvalidNumNonces);
    key->num_nonces = 1;
    key->gas_key_balance = u128_of(1);
    CHECK_EQUAL(validate(85, &add, 1), validation_error_AddGasKeyWithNonZeroBalance);
    *key = (struct access_key){.permission = PERMISSION_GAS_KEY_FUNCTION_CALL, .num_nonces = 1, .has_allowance = true,
                               .receiver_id = bytes_of_string("carol")};
    CHECK_EQUAL(validate(85, &add, 1), validation_error_GasKeyFunctionCallAllowanceNotAllowed);
    key->has_allowance = false;
    CHECK_EQUAL(validate(85, &add, 1), VALID);
    struct action fund = {.kind = ACTION_KIND_transfer_to_gas_key, .transfer_to_gas_key = {.public_key = &ed25519}};
    CHECK_EQUAL(validate(84, &fund, 1), validation_error_UnsupportedProtocolFeature);
    CHECK_EQUAL(validate(85, &fund, 1), VALID);
    struct action take = {.kind = ACTION_KIND_withdraw_from_gas_key, .withdraw_from_gas_key = {.public_key = &ed25519}};
    CHECK_EQUAL(validate(84, &take, 1), validation_error_UnsupportedProtocolFeature);
    CHECK_EQUAL(validate(85, &take, 1), VALID);
}

static void test_staking_keys(void)
{
    test_begin("keys that may stake");
    static const uint8_t seed[ED25519_SEED_SIZE] = {1};
    struct ed25519_key secret;
    struct public_key key = {.type = KEY_ED25519};
    ed25519_key_from_seed(&secret, seed);
    memcpy(key.data, secret.public_key, sizeof secret.public_key);
    CHECK(staking_key_valid(&key));
    struct action stake = {.kind = ACTION_KIND_stake, .stake = {.public_key = &key}};
    CHECK_EQUAL(validate(84, &stake, 1), VALID);
    /* y = 0 is a point of order 4, y = 1 the neutral one, which is in every subgroup; y = 2 is no point. */
    struct public_key small = {.type = KEY_ED25519}, secp = {.type = KEY_SECP256K1};
    CHECK(ed25519_public_key_valid(small.data));
    CHECK(!staking_key_valid(&small));
    small.data[0] = 1;
    CHECK(staking_key_valid(&small));
    small.data[0] = 2;
    CHECK(!ed25519_public_key_valid(small.data));
    CHECK(!staking_key_valid(&small));
    CHECK(!staking_key_valid(&secp));
    stake.stake.public_key = &secp;
    CHECK_EQUAL(validate(84, &stake, 1), validation_error_UnsuitableStakingKey);
    CHECK(why.UnsuitableStakingKey.public_key == &secp);
}

static void test_post_quantum(void)
{
    test_begin("post-quantum keys");
    static const struct public_key ed25519 = {.type = KEY_ED25519}, pq = {.type = KEY_ML_DSA_65};
    struct action del = {.kind = ACTION_KIND_delete_key, .delete_key = {&pq}};
    CHECK_EQUAL(validate(84, &del, 1), validation_error_UnsupportedProtocolFeature);
    CHECK(bytes_equal(why.UnsupportedProtocolFeature.protocol_feature, bytes_of_string("PostQuantumSignatures")));
    CHECK_EQUAL(validate(85, &del, 1), VALID);
    struct delegate_action d = {.sender_id = bob, .receiver_id = bob, .actions = &del, .action_count = 1,
                                .public_key = &ed25519};
    struct action outer = {.kind = ACTION_KIND_delegate, .delegate = {.parsed = &d}};
    CHECK_EQUAL(validate(84, &outer, 1), validation_error_UnsupportedProtocolFeature);
    d.action_count = 0;
    CHECK_EQUAL(validate(84, &outer, 1), VALID);
    d.signature.type = KEY_ML_DSA_65;
    CHECK_EQUAL(validate(84, &outer, 1), validation_error_UnsupportedProtocolFeature);
    d.signature.type = KEY_ED25519;
    d.public_key = &pq;
    CHECK_EQUAL(validate(84, &outer, 1), validation_error_UnsupportedProtocolFeature);
}

/* ---- delegate actions -------------------------------------------------------------------------------------------- */

static void test_delegate(void)
{
    test_begin("delegate actions");
    static const struct public_key ed25519 = {.type = KEY_ED25519};
    static struct action inner[101];
    for (int i = 0; i < 101; i++) inner[i] = (struct action){.kind = ACTION_KIND_create_account};
    struct delegate_action d = {.sender_id = bob, .receiver_id = bob, .actions = inner, .action_count = 100,
                                .public_key = &ed25519};
    struct action a[2] = {{.kind = ACTION_KIND_delegate, .delegate = {.parsed = &d}}};
    a[1] = a[0];
    CHECK_EQUAL(validate(84, a, 1), VALID);
    CHECK_EQUAL(validate(84, a, 2), validation_error_DelegateActionMustBeOnlyOne);
    d.action_count = 101;
    CHECK_EQUAL(validate(84, a, 1), validation_error_TotalNumberOfActionsExceeded);
    d.action_count = 1;
    a[0].kind = ACTION_KIND_delegate_v2;
    CHECK_EQUAL(validate(84, a, 1), validation_error_UnsupportedProtocolFeature);
    CHECK_EQUAL(validate(86, a, 1), VALID);
    CHECK_EQUAL(validate(87, a, 1), validation_error_RemovedProtocolFeature);
    CHECK_EQUAL(validate_as(87, RECEIPT_EXISTING, a, 1, &bob), VALID);
    a[0].kind = ACTION_KIND_delegate;
    inner[0] = (struct action){.kind = ACTION_KIND_withdraw_from_gas_key,
                               .withdraw_from_gas_key = {.public_key = &ed25519}};
    CHECK_EQUAL(validate(86, a, 1), VALID);
    CHECK_EQUAL(validate(87, a, 1), validation_error_WithdrawFromGasKeyNotAllowedInDelegate);
    CHECK_EQUAL(validate_as(87, RECEIPT_EXISTING, a, 1, &bob), VALID);
    struct error e;
    bool valid;
    a[0].delegate.parsed = NULL;
    CHECK(validate_actions(parameters_of(84), 84, RECEIPT_NEW, a, 1, &bob, &valid, &why, &e) == STATUS_USAGE);
}

/* ---- accounts with a state --------------------------------------------------------------------------------------- */

static struct account_id deterministic_id(const struct deterministic_state_init *init)
{
    struct buffer b = {0};
    deterministic_state_init_write(init, &b);
    struct account_id id = account_id_deterministic(bytes_of(b.data, b.size));
    buffer_free(&b);
    return id;
}

static void test_deterministic(void)
{
    test_begin("deterministic state inits");
    static const struct public_key ed25519 = {.type = KEY_ED25519};
    static uint8_t long_key[2049];
    struct state_entry entry = {bytes_of(long_key, 2048), bytes_of_string("value")};
    struct action a = {.kind = ACTION_KIND_deterministic_state_init};
    struct deterministic_state_init *init = &a.deterministic_state_init.state_init;
    init->entries = &entry;
    init->entry_count = 1;
    struct account_id id = deterministic_id(init);
    CHECK_EQUAL(validate_as(84, RECEIPT_NEW, &a, 1, &id), VALID);
    CHECK_EQUAL(validate_as(84, RECEIPT_NEW, &a, 1, &bob), validation_error_InvalidDeterministicStateInitReceiver);
    CHECK(account_id_equal(&why.InvalidDeterministicStateInitReceiver.derived_id, &id));
    CHECK(account_id_equal(&why.InvalidDeterministicStateInitReceiver.receiver_id, &bob));
    /* Inside of a delegate action it was once held against the outer receiver. */
    struct delegate_action d = {.sender_id = bob, .receiver_id = id, .actions = &a, .action_count = 1,
                                .public_key = &ed25519};
    struct action outer = {.kind = ACTION_KIND_delegate, .delegate = {.parsed = &d}};
    CHECK_EQUAL(validate(84, &outer, 1), validation_error_InvalidDeterministicStateInitReceiver);
    CHECK_EQUAL(validate(85, &outer, 1), VALID);
    entry.key.size++;
    id = deterministic_id(init);
    CHECK_EQUAL(validate_as(84, RECEIPT_NEW, &a, 1, &id), validation_error_DeterministicStateInitKeyLengthExceeded);
    CHECK_EQUAL(why.DeterministicStateInitKeyLengthExceeded.length, 2049);
}

static void test_entries(void)
{
    test_begin("entries of all state inits");
    static struct state_entry entries[1501];
    static uint8_t keys[1501][2];
    for (unsigned i = 0; i < 1501; i++) {
        keys[i][0] = (uint8_t)(i >> 8);
        keys[i][1] = (uint8_t)i;
        entries[i].key = bytes_of(keys[i], 2);
    }
    struct action a = {.kind = ACTION_KIND_deterministic_state_init};
    struct deterministic_state_init *init = &a.deterministic_state_init.state_init;
    init->entries = entries;
    init->entry_count = 1500;
    struct account_id id = deterministic_id(init);
    CHECK_EQUAL(validate_as(87, RECEIPT_NEW, &a, 1, &id), VALID);
    init->entry_count = 1501;
    id = deterministic_id(init);
    CHECK_EQUAL(validate_as(87, RECEIPT_NEW, &a, 1, &id), validation_error_TotalNumberOfStateInitEntriesExceeded);
    CHECK_EQUAL(why.TotalNumberOfStateInitEntriesExceeded.number_of_entries, 1501);
    CHECK_EQUAL(validate_as(87, RECEIPT_EXISTING, &a, 1, &id), VALID);
    CHECK_EQUAL(validate_as(86, RECEIPT_NEW, &a, 1, &id), VALID);
}

/* A state init without code and data, with keys 33 bytes long each. */
static size_t state_init_with_keys(uint8_t *out, uint32_t count, bool falling)
{
    memset(out, 0, 10 + 33 * (size_t)count);
    store_le32(out + 6, count);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t number = falling ? count - i : i;
        out[10 + 33 * i + 1] = (uint8_t)(number >> 8);
        out[10 + 33 * i + 2] = (uint8_t)number;
    }
    return 10 + 33 * (size_t)count;
}

static int validate_universal(uint32_t version, struct bytes bytes)
{
    struct action a = {.kind = ACTION_KIND_universal_state_init, .universal_state_init = {bytes, {0, 0}}};
    struct account_id id = account_id_universal(bytes);
    return validate_as(version, RECEIPT_NEW, &a, 1, &id);
}

static void test_universal(void)
{
    test_begin("universal state inits");
    static uint8_t bytes[10 + 33 * 1025];
    size_t size = state_init_with_keys(bytes, 0, false);
    CHECK_EQUAL(validate_universal(87, bytes_of(bytes, size)), validation_error_UnsupportedProtocolFeature);
    CHECK_EQUAL(validate_universal(88, bytes_of(bytes, size)), VALID); /* nobody can use it, but it is well-formed */
    CHECK_EQUAL(validate_universal(88, bytes_of(bytes, size - 1)), validation_error_MalformedUniversalStateInit);
    CHECK_EQUAL(validate_universal(88, bytes_of(bytes, size + 1)), validation_error_MalformedUniversalStateInit);
    size = state_init_with_keys(bytes, 2, true);
    CHECK_EQUAL(validate_universal(88, bytes_of(bytes, size)), validation_error_MalformedUniversalStateInit);
    size = state_init_with_keys(bytes, 1024, false);
    CHECK_EQUAL(validate_universal(88, bytes_of(bytes, size)), VALID);
    size = state_init_with_keys(bytes, 1025, false);
    CHECK_EQUAL(validate_universal(88, bytes_of(bytes, size)), validation_error_TotalNumberOfStateInitKeysExceeded);
    CHECK_EQUAL(why.TotalNumberOfStateInitKeysExceeded.number_of_keys, 1025);
    struct action a = {.kind = ACTION_KIND_universal_state_init};
    a.universal_state_init.state_init = bytes_of(bytes, state_init_with_keys(bytes, 1, false));
    CHECK_EQUAL(validate_as(88, RECEIPT_NEW, &a, 1, &bob), validation_error_InvalidUniversalStateInitReceiver);
}

static void test_universal_reading(void)
{
    test_begin("reading universal state inits");
    /* Entries b = 1, a = 2, b = 3; no keys. */
    static const uint8_t input[] = {0, 0, 3, 0, 0, 0, 1, 0, 0, 0, 'b', 1, 0, 0, 0, 1, 1, 0, 0, 0, 'a', 1, 0, 0, 0, 2,
                                    1, 0, 0, 0, 'b', 1, 0, 0, 0, 3, 0, 0, 0, 0};
    struct arena arena = {0};
    struct universal_state_init init;
    struct universal_state_init_counts counts;
    struct error e;
    CHECK(universal_state_init_from_borsh(bytes_of(input, sizeof input), &arena, &init, &e) == STATUS_OK);
    CHECK(!init.canonical);
    CHECK_EQUAL(init.entry_count, 2);
    CHECK(bytes_equal(init.entries[0].key, bytes_of_string("a")));
    CHECK_EQUAL(init.entries[0].value.data[0], 2);
    CHECK(bytes_equal(init.entries[1].key, bytes_of_string("b")));
    CHECK_EQUAL(init.entries[1].value.data[0], 3); /* the last one counts */
    CHECK_EQUAL(universal_state_init_scan(bytes_of(input, sizeof input), &counts), UNIVERSAL_STATE_INIT_NOT_CANONICAL);
    CHECK_EQUAL(counts.num_entries, 3);
    CHECK(universal_state_init_count(bytes_of(input, sizeof input), &counts, &e) == STATUS_OK);
    CHECK_EQUAL(counts.num_entries, 2);
    CHECK_EQUAL(counts.num_bytes, sizeof input);
    for (size_t size = 0; size < sizeof input; size++) {
        CHECK(universal_state_init_from_borsh(bytes_of(input, size), &arena, &init, &e) == STATUS_MALFORMED);
        CHECK_EQUAL(universal_state_init_scan(bytes_of(input, size), &counts), UNIVERSAL_STATE_INIT_MALFORMED);
    }
    uint8_t version[sizeof input];
    memcpy(version, input, sizeof input);
    version[0] = 1;
    CHECK(universal_state_init_from_borsh(bytes_of(version, sizeof version), &arena, &init, &e) == STATUS_MALFORMED);
    arena_free(&arena);
}

static void test_transfers(void)
{
    test_begin("transfers to universal accounts");
    static const uint8_t hash[32];
    struct account_id id = account_id_universal_of_hash(hash);
    struct action a = {.kind = ACTION_KIND_transfer};
    CHECK_EQUAL(validate_as(86, RECEIPT_NEW, &a, 1, &id), VALID);
    CHECK_EQUAL(validate_as(87, RECEIPT_NEW, &a, 1, &id), validation_error_TransferToUniversalAccountNotAllowed);
    CHECK_EQUAL(validate_as(87, RECEIPT_EXISTING, &a, 1, &id), VALID);
    CHECK_EQUAL(validate_as(88, RECEIPT_NEW, &a, 1, &id), VALID);
}

/* ---- receipts ---------------------------------------------------------------------------------------------------- */

static int validate_one(const struct receipt *r, enum receipt_validation_mode mode, struct receipt_error *out)
{
    const struct chunk chunk = {.protocol_version = 84};
    const struct apply_state s = {.chunk = &chunk, .parameters = parameters_of(84)};
    bool valid = false;
    struct error e;
    if (!CHECK(validate_receipt(&s, r, mode, &valid, out, &e) == STATUS_OK)) return -2;
    return valid ? VALID : (int)out->kind;
}

static void test_receipts(void)
{
    test_begin("receipts");
    static const struct public_key ed25519 = {.type = KEY_ED25519};
    static const struct crypto_hash ids[129];
    static uint8_t data[4194305];
    struct receipt_error error;
    struct action bad = {.kind = ACTION_KIND_function_call};
    struct receipt r = {.predecessor_id = bob, .receiver_id = bob, .kind = RECEIPT_action_v2};
    r.action = (struct action_receipt){.signer_id = bob, .signer_public_key = &ed25519, .input_data_ids = ids,
                                       .input_data_id_count = 128};
    CHECK_EQUAL(validate_one(&r, RECEIPT_NEW, &error), VALID);
    r.action.input_data_id_count = 129;
    CHECK_EQUAL(validate_one(&r, RECEIPT_NEW, &error), receipt_error_NumberInputDataDependenciesExceeded);
    CHECK_EQUAL(error.NumberInputDataDependenciesExceeded.number_of_input_data_dependencies, 129);
    r.action.input_data_id_count = 0;
    r.action.actions = &bad;
    r.action.action_count = 1;
    CHECK_EQUAL(validate_one(&r, RECEIPT_NEW, &error), receipt_error_ActionsValidation);
    CHECK_EQUAL(error.ActionsValidation.kind, validation_error_FunctionCallZeroAttachedGas);
    bad.function_call.gas = 1;
    bad.function_call.arguments = bytes_of(data, 4194304 - 10); /* allowed as arguments, but with the rest too much */
    CHECK_EQUAL(validate_one(&r, RECEIPT_NEW, &error), receipt_error_ReceiptSizeExceeded);
    CHECK_EQUAL(validate_one(&r, RECEIPT_EXISTING, &error), VALID);
    struct receipt d = receipt_data(&bob, &bob, &ids[0], true, bytes_of(data, sizeof data));
    CHECK_EQUAL(validate_one(&d, RECEIPT_EXISTING, &error), receipt_error_ReturnedValueLengthExceeded);
    CHECK_EQUAL(error.ReturnedValueLengthExceeded.length, sizeof data);
    d.data.data.size--;
    CHECK_EQUAL(validate_one(&d, RECEIPT_EXISTING, &error), VALID);
    r = (struct receipt){.predecessor_id = bob, .receiver_id = bob, .kind = RECEIPT_global_contract_distribution};
    CHECK_EQUAL(validate_one(&r, RECEIPT_EXISTING, &error), VALID);
}

int main(void)
{
    test_counts();
    test_gas();
    test_function_call();
    test_permissions();
    test_gas_keys();
    test_staking_keys();
    test_post_quantum();
    test_delegate();
    test_deterministic();
    test_entries();
    test_universal();
    test_universal_reading();
    test_transfers();
    test_receipts();
    return test_end();
}
