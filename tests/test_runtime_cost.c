/* What transactions and actions cost. The numbers were added up from the published configuration, by hand. */
#include "runtime/cost.h"
#include "near/universal_state_init.h"
#include "tests/test.h"

static const struct account_id bob = {3, "bob"};

/* Gas of sending to oneself, to another account, and of executing. */
static void check_fees(uint32_t version, const struct action *a, const struct account_id *receiver, uint64_t sir,
                       uint64_t not_sir, uint64_t exec)
{
    const struct protocol_parameters *p = parameters_of(version);
    struct cost c = {0};
    struct error e;
    CHECK(cost_send_fees(p, true, a, 1, receiver, &c, &e) == STATUS_OK);
    CHECK_EQUAL(c.gas, sir);
    CHECK(cost_send_fees(p, false, a, 1, receiver, &c, &e) == STATUS_OK);
    CHECK_EQUAL(c.gas, not_sir);
    CHECK(cost_exec_fee(p, a, receiver, &c, &e) == STATUS_OK);
    CHECK_EQUAL(c.gas, exec);
    CHECK(cost_prepaid_exec_fees(p, a, 1, receiver, &c, &e) == STATUS_OK);
    CHECK_EQUAL(c.gas, exec);
    CHECK(cost_prepaid_send_fees(p, a, 1, &c, &e) == STATUS_OK);
    CHECK_EQUAL(c.gas, 0);
}

/* An action whose fees are the same three times. */
static void check_same(enum action_kind kind, uint64_t fee)
{
    const struct action a = {.kind = kind};
    check_fees(84, &a, &bob, fee, fee, fee);
}

static void test_plain_actions(void)
{
    test_begin("actions without a size");
    check_same(ACTION_KIND_create_account, 3850000000000);
    check_same(ACTION_KIND_transfer, 115123062500);
    check_same(ACTION_KIND_delete_key, 94946625000);
    check_same(ACTION_KIND_delete_account, 147489000000);
    const struct action stake = {.kind = ACTION_KIND_stake};
    check_fees(84, &stake, &bob, 141715687500, 141715687500, 102217625000);
    const struct account_id implicit =
        account_id_of("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef");
    const struct action transfer = {.kind = ACTION_KIND_transfer};
    check_fees(84, &transfer, &implicit, 4066888187500, 4066888187500, 4066888187500);
    check_fees(85, &transfer, &implicit, 716888187500, 716888187500, 7416888187500);
}

static void test_sizes(void)
{
    test_begin("actions that are paid by their bytes");
    struct action call = {.kind = ACTION_KIND_function_call};
    call.function_call.method_name = bytes_of_string("method");
    call.function_call.arguments = bytes_of_string("arguments");
    check_fees(84, &call, &bob, 200000000000 + 15 * 2235934, 200000000000 + 15 * UINT64_C(47683715),
               780000000000 + 15 * 2235934);
    struct action deploy = {.kind = ACTION_KIND_deploy_contract, .deploy_contract = {bytes_of_string("1234")}};
    check_fees(84, &deploy, &bob, 184765750000 + 4 * 6812999, 184765750000 + 4 * 47683715, 184765750000 + 4 * 64572944);
    struct action global = {.kind = ACTION_KIND_deploy_global_contract};
    global.deploy_global_contract.code = bytes_of_string("1234");
    check_fees(84, &global, &bob, 184765750000 + 4 * 6812999, 184765750000 + 4 * 47683715, 184765750000 + 4 * 70000000);
    struct action use = {.kind = ACTION_KIND_use_global_contract};
    check_fees(84, &use, &bob, 184765750000 + 32 * 6812999, 184765750000 + 32 * UINT64_C(47683715),
               184765750000 + 32 * UINT64_C(64572944));
    use.use_global_contract.contract = (struct global_contract_id){.mode = GLOBAL_BY_ACCOUNT_ID, .account_id = bob};
    check_fees(84, &use, &bob, 184765750000 + 3 * 6812999, 184765750000 + 3 * 47683715, 184765750000 + 3 * 64572944);
    const struct state_entry entries[] = {{bytes_of_string("a"), bytes_of_string("bcd")},
                                          {bytes_of_string("e"), {0}}};
    struct action init = {.kind = ACTION_KIND_deterministic_state_init};
    init.deterministic_state_init.state_init.entries = entries;
    init.deterministic_state_init.state_init.entry_count = 2;
    check_fees(84, &init, &bob, 3850000000000 + 5 * 72000000, 3850000000000 + 5 * 72000000,
               4080000000000 + 5 * 70000000 + 2 * 200000000000);
}

static void test_keys(void)
{
    test_begin("keys");
    static const struct public_key ed25519 = {.type = KEY_ED25519}, pq = {.type = KEY_ML_DSA_65};
    const struct bytes methods[] = {bytes_of_string("a"), bytes_of_string("bcd")};
    struct action add = {.kind = ACTION_KIND_add_key, .add_key = {.public_key = &ed25519}};
    add.add_key.access_key.permission = PERMISSION_FULL_ACCESS;
    check_fees(84, &add, &bob, 101765125000, 101765125000, 101765125000);
    add.add_key.access_key = (struct access_key){.permission = PERMISSION_FUNCTION_CALL, .method_names = methods,
                                                 .method_count = 2};
    check_fees(84, &add, &bob, 102217625000 + 6 * 1925331, 102217625000 + 6 * 47683715, 102217625000 + 6 * 1925331);
    /* Executing: for each nonce a base, and the bytes of the trie's key (1 + 3 + 1 + 33 + 2) and of the nonce (8). */
    add.add_key.access_key = (struct access_key){.permission = PERMISSION_GAS_KEY_FULL_ACCESS, .num_nonces = 3};
    check_fees(85, &add, &bob, 101765125000 + 18 * UINT64_C(59357464), 101765125000 + 18 * UINT64_C(59357464),
               101765125000 + 3 * (64196736000 + 48 * UINT64_C(101435400)));
    /* Executing: the bytes of the trie's key (1 + 3 + 1 + 33) and of the smallest gas key (27). */
    struct action fund = {.kind = ACTION_KIND_transfer_to_gas_key, .transfer_to_gas_key = {.public_key = &ed25519}};
    uint64_t send = 115123062500 + 33 * UINT64_C(59357464), exec = 235676644250 + 65 * UINT64_C(101435400);
    check_fees(85, &fund, &bob, send, send, exec);
    fund.transfer_to_gas_key.public_key = &pq; /* as it stands in the state: a hash */
    check_fees(85, &fund, &bob, send, send, exec);
    struct action take = {.kind = ACTION_KIND_withdraw_from_gas_key, .withdraw_from_gas_key = {.public_key = &ed25519}};
    check_fees(85, &take, &bob, send, send, exec);
    struct protocol_parameters fixed = *parameters_of(88);
    struct cost c;
    struct error e;
    fixed.flags.fix_ml_dsa_cost_charging = true;
    CHECK(cost_send_fees(&fixed, true, &fund, 1, &bob, &c, &e) == STATUS_OK);
    CHECK_EQUAL(c.gas, 115123062500 + 1953 * UINT64_C(59357464)); /* as it is sent */
    CHECK(cost_exec_fee(&fixed, &fund, &bob, &c, &e) == STATUS_OK);
    CHECK_EQUAL(c.gas, exec);
}

static void test_universal(void)
{
    test_begin("universal state inits");
    /* No code, two entries with the same key, no keys. */
    static const uint8_t twice[] = {0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 'k', 0, 0, 0, 0,
                                    1, 0, 0, 0, 'k', 0, 0, 0, 0, 0, 0, 0, 0};
    static const uint8_t none[] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    struct action init = {.kind = ACTION_KIND_universal_state_init};
    init.universal_state_init.state_init = bytes_of(twice, sizeof twice);
    uint64_t send = 500000000000 + sizeof twice * UINT64_C(78000000) + 3100000000;
    uint64_t exec = 7430000000000 + sizeof twice * UINT64_C(74000000) + 200000000000;
    check_fees(88, &init, &bob, send, send, exec); /* one entry in the end */
    init.universal_state_init.state_init = bytes_of(none, sizeof none - 1);
    send = 500000000000 + (sizeof none - 1) * UINT64_C(78000000);
    exec = 7430000000000 + (sizeof none - 1) * UINT64_C(74000000);
    check_fees(88, &init, &bob, send, send, exec); /* cannot be read: its bytes alone */
    struct universal_state_init_counts bound = universal_state_init_counts_bound(43);
    CHECK_EQUAL(bound.num_bytes, 43);
    CHECK_EQUAL(bound.num_entries, 5); /* (43 - 6) / 8, up */
    CHECK_EQUAL(bound.num_keys, 1);
    CHECK_EQUAL(universal_state_init_counts_bound(44).num_keys, 2);
    CHECK_EQUAL(universal_state_init_counts_bound(0).num_entries, 0);
}

/* ---- delegate actions -------------------------------------------------------------------------------------------- */

static void test_delegate(void)
{
    test_begin("delegate actions");
    const struct protocol_parameters *p = parameters_of(84);
    static const struct public_key key = {.type = KEY_ED25519};
    struct action inner[2] = {{.kind = ACTION_KIND_transfer}, {.kind = ACTION_KIND_function_call}};
    inner[0].transfer.deposit = u128_of(5);
    inner[1].function_call.gas = 1000;
    inner[1].function_call.deposit = u128_of(7);
    const struct delegate_action d = {.sender_id = {5, "alice"}, .receiver_id = bob, .actions = inner,
                                      .action_count = 2, .public_key = &key};
    const struct action a = {.kind = ACTION_KIND_delegate, .delegate = {.parsed = &d}};
    const struct account_id alice = {5, "alice"};
    struct cost c = {0};
    struct error e;
    uint64_t gas = 0;
    struct u128 deposit = {0, 0};
    CHECK(cost_send_fees(p, true, &a, 1, &alice, &c, &e) == STATUS_OK);
    CHECK_EQUAL(c.gas, 200000000000 + 115123062500 + 200000000000);
    CHECK(cost_prepaid_send_fees(p, &a, 1, &c, &e) == STATUS_OK);
    CHECK_EQUAL(c.gas, 115123062500 + 200000000000);
    CHECK(cost_exec_fee(p, &a, &alice, &c, &e) == STATUS_OK);
    CHECK_EQUAL(c.gas, 200000000000);
    CHECK(cost_prepaid_exec_fees(p, &a, 1, &alice, &c, &e) == STATUS_OK);
    CHECK_EQUAL(c.gas, 200000000000 + 115123062500 + 780000000000 + 108059500000);
    CHECK(cost_of_receipt(p, &a, 1, &alice, &c, &e) == STATUS_OK);
    CHECK_EQUAL(c.gas, 200000000000 + 115123062500 + 780000000000 + 2 * 108059500000 + 1000);
    CHECK_EQUAL(c.compute, c.gas - 1000); /* attached gas is no work yet */
    CHECK(cost_prepaid_gas(&a, 1, &gas));
    CHECK_EQUAL(gas, 1000);
    CHECK(cost_deposit(&a, 1, &deposit));
    CHECK(u128_equal(deposit, u128_of(12)));
}

static void test_overflow(void)
{
    test_begin("sums that leave their range");
    struct action calls[2] = {{.kind = ACTION_KIND_function_call}, {.kind = ACTION_KIND_function_call}};
    struct cost c;
    struct error e;
    uint64_t gas = 17;
    struct u128 sum = u128_of(17);
    calls[0].function_call.gas = UINT64_MAX;
    calls[1].function_call.gas = 1;
    calls[0].function_call.deposit = (struct u128){UINT64_MAX, UINT64_MAX};
    calls[1].function_call.deposit = u128_of(1);
    CHECK(!cost_prepaid_gas(calls, 2, &gas));
    CHECK_EQUAL(gas, 17);
    CHECK(!cost_deposit(calls, 2, &sum));
    CHECK(u128_equal(sum, u128_of(17)));
    CHECK(cost_of_receipt(parameters_of(84), calls, 1, &bob, &c, &e) == STATUS_LIMIT);
    CHECK(!cost_gas_to_balance(2, (struct u128){0, UINT64_C(1) << 63}, &sum));
}

/* ---- transactions ------------------------------------------------------------------------------------------------ */

static void test_transactions(void)
{
    test_begin("transactions");
    static const struct public_key ed25519 = {.type = KEY_ED25519}, pq = {.type = KEY_ML_DSA_65};
    struct action a = {.kind = ACTION_KIND_transfer, .transfer = {u128_of(1000)}};
    struct transaction t = {.signer_id = {5, "alice"}, .receiver_id = bob, .public_key = &ed25519, .actions = &a,
                            .action_count = 1};
    struct transaction_cost c;
    struct error e;
    const uint64_t half = 108059500000 + 115123062500;
    CHECK(cost_of_transaction(parameters_of(84), &t, u128_of(100), &c, &e) == STATUS_OK);
    CHECK_EQUAL(c.gas_burnt, half);
    CHECK_EQUAL(c.gas_remaining, half);
    CHECK(u128_equal(c.receipt_gas_price, u128_of(100)));
    CHECK(u128_equal(c.burnt_amount, u128_of(100 * half)));
    CHECK(u128_equal(c.gas_cost, u128_of(200 * half)));
    CHECK(u128_equal(c.deposit_cost, u128_of(1000)));
    CHECK(u128_equal(c.total_cost, u128_of(200 * half + 1000)));
    /* Gas for later is bought for 10^9 at least. */
    CHECK(cost_of_transaction(parameters_of(85), &t, u128_of(100), &c, &e) == STATUS_OK);
    CHECK(u128_equal(c.receipt_gas_price, u128_of(1000000000)));
    CHECK(u128_equal(c.burnt_amount, u128_of(100 * half)));
    struct u128 later = {0, 0};
    CHECK(u128_multiply(u128_of(half), u128_of(1000000000), &later) && u128_add(later, u128_of(100 * half), &later));
    CHECK(u128_equal(c.gas_cost, later));
    t.public_key = &pq;
    CHECK(cost_of_transaction(parameters_of(85), &t, u128_of(2000000000), &c, &e) == STATUS_OK);
    CHECK(u128_equal(c.receipt_gas_price, u128_of(2000000000)));
    CHECK_EQUAL(c.gas_burnt, half + 100000000000);
    CHECK_EQUAL(c.compute_burnt, half + 100000000000);
    CHECK_EQUAL(c.gas_remaining, half);
    a.transfer.deposit = (struct u128){UINT64_MAX, UINT64_MAX};
    CHECK(cost_of_transaction(parameters_of(85), &t, u128_of(1), &c, &e) == STATUS_LIMIT);
}

/* Checking the signature of a delegate action is paid by the relayer; the time is counted where it is done. */
static void test_delegate_signature(void)
{
    test_begin("signatures of delegate actions");
    static const struct public_key ed25519 = {.type = KEY_ED25519}, pq = {.type = KEY_ML_DSA_65};
    struct delegate_action d = {.sender_id = {5, "alice"}, .receiver_id = bob, .public_key = &ed25519};
    struct action a = {.kind = ACTION_KIND_delegate, .delegate = {.parsed = &d}};
    struct transaction t = {.signer_id = bob, .receiver_id = {5, "alice"}, .public_key = &ed25519, .actions = &a,
                            .action_count = 1};
    struct protocol_parameters fixed = *parameters_of(88);
    struct transaction_cost plain, large;
    struct error e;
    CHECK(cost_of_transaction(&fixed, &t, u128_of(1), &plain, &e) == STATUS_OK);
    d.public_key = &pq;
    CHECK(cost_of_transaction(&fixed, &t, u128_of(1), &large, &e) == STATUS_OK);
    CHECK_EQUAL(large.gas_burnt - plain.gas_burnt, 100000000000);
    CHECK_EQUAL(large.compute_burnt - plain.compute_burnt, 100000000000);
    CHECK_EQUAL(large.gas_remaining, plain.gas_remaining);
    fixed.flags.fix_ml_dsa_cost_charging = true;
    CHECK(cost_of_transaction(&fixed, &t, u128_of(1), &large, &e) == STATUS_OK);
    CHECK_EQUAL(large.gas_burnt - plain.gas_burnt, 100000000000);
    CHECK_EQUAL(large.compute_burnt, plain.compute_burnt);
}

static void test_removals(void)
{
    test_begin("removing from the state");
    uint64_t compute = 0;
    struct error e;
    CHECK(cost_storage_removes(parameters_of(84), 2, 80, 16, &compute, &e) == STATUS_OK);
    CHECK_EQUAL(compute, 2 * 200000000000 + 80 * UINT64_C(38220384) + 16 * 11531556);
    CHECK(cost_storage_removes(parameters_of(84), UINT64_MAX, 0, 0, &compute, &e) == STATUS_LIMIT);
}

int main(void)
{
    test_plain_actions();
    test_sizes();
    test_keys();
    test_universal();
    test_delegate();
    test_overflow();
    test_transactions();
    test_delegate_signature();
    test_removals();
    return test_end();
}
