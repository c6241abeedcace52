/* Actions: their names and numbers, what they bring along, identifiers of global contracts in Borsh. */
#include "base/hex.h"
#include "near/action.h"
#include "tests/test.h"

static void test_kinds(void)
{
    test_begin("kinds");
    /* the numbers are those of the wire */
    static const char *const names[] = {
        "CreateAccount", "DeployContract", "FunctionCall", "Transfer", "Stake", "AddKey", "DeleteKey", "DeleteAccount",
        "Delegate", "DeployGlobalContract", "UseGlobalContract", "DeterministicStateInit", "TransferToGasKey",
        "WithdrawFromGasKey", "DelegateV2", "UniversalStateInit"};
    CHECK_EQUAL(ACTION_KIND_COUNT, 16);
    for (unsigned i = 0; i < 16; i++) CHECK_TEXT(action_kind_name((enum action_kind)i), names[i]);
    CHECK_TEXT(action_kind_name(ACTION_KIND_COUNT), "unknown");
}

static void test_deposits(void)
{
    test_begin("gas and deposits");
    for (unsigned i = 0; i < ACTION_KIND_COUNT; i++) {
        struct action action = {.kind = (enum action_kind)i};
        CHECK_EQUAL(action_prepaid_gas(&action), 0);
        CHECK(u128_equal(action_deposit(&action), u128_of(0)));
    }
    struct u128 five = u128_of(5);
    struct action call = {
        .kind = ACTION_KIND_function_call, .function_call = {.gas = 7, .gas_weight = 9, .deposit = five}};
    CHECK_EQUAL(action_prepaid_gas(&call), 7);
    CHECK(u128_equal(action_deposit(&call), five));
    struct action with_deposit[] = {
        {.kind = ACTION_KIND_transfer, .transfer.deposit = five},
        {.kind = ACTION_KIND_deterministic_state_init, .deterministic_state_init.deposit = five},
        {.kind = ACTION_KIND_universal_state_init, .universal_state_init.deposit = five},
        {.kind = ACTION_KIND_transfer_to_gas_key, .transfer_to_gas_key.deposit = five},
    };
    for (unsigned i = 0; i < 4; i++) CHECK(u128_equal(action_deposit(&with_deposit[i]), five));
    /* what is staked or withdrawn does not go to the receiver */
    struct action stake = {.kind = ACTION_KIND_stake, .stake.stake = five};
    struct action withdraw = {.kind = ACTION_KIND_withdraw_from_gas_key, .withdraw_from_gas_key.amount = five};
    CHECK(u128_equal(action_deposit(&stake), u128_of(0)));
    CHECK(u128_equal(action_deposit(&withdraw), u128_of(0)));
}

static void check_hex(const struct buffer *b, const char *expected)
{
    struct buffer hex = {0};
    hex_encode(bytes_of(b->data, b->size), &hex);
    buffer_append_byte(&hex, 0);
    CHECK(!b->failed && !hex.failed);
    CHECK_TEXT((const char *)hex.data, expected);
    buffer_free(&hex);
}

static void test_global_contracts(void)
{
    test_begin("global contracts");
    struct global_contract_id hash = {.mode = GLOBAL_BY_CODE_HASH}, other = hash;
    memset(hash.code_hash, 0x22, 32);
    struct global_contract_id account = {.mode = GLOBAL_BY_ACCOUNT_ID, .account_id = account_id_of("a.near")};
    CHECK_EQUAL(global_contract_id_size(&hash), 32);
    CHECK_EQUAL(global_contract_id_size(&account), 6);
    CHECK(global_contract_id_equal(&hash, &hash));
    CHECK(global_contract_id_equal(&account, &account));
    CHECK(!global_contract_id_equal(&hash, &other));
    CHECK(!global_contract_id_equal(&hash, &account));
    struct buffer b = {0};
    global_contract_id_write(&hash, &b);
    check_hex(&b, "002222222222222222222222222222222222222222222222222222222222222222");
    b.size = 0;
    global_contract_id_write(&account, &b);
    check_hex(&b, "0106000000612e6e656172");
    b.size = 0;
    const struct state_entry entry = {bytes_of_string("key"), bytes_of_string("")};
    struct deterministic_state_init init = {.code = account, .entries = &entry, .entry_count = 1};
    deterministic_state_init_write(&init, &b);
    check_hex(&b, "000106000000612e6e65617201000000030000006b657900000000");
    buffer_free(&b);
}

int main(void)
{
    test_kinds();
    test_deposits();
    test_global_contracts();
    return test_end();
}
