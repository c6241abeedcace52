/* Fees made of several costs. The numbers were added up from the published configuration, by hand. */
#include "near/fees.h"
#include "near/public_key.h"
#include "tests/test.h"

static void check_cost(struct cost c, uint64_t gas)
{
    CHECK_EQUAL(c.gas, gas);
    CHECK_EQUAL(c.compute, gas); /* these fees have no compute cost of their own */
}

enum { PLAIN, MAKES_ACCOUNT, MAKES_ACCOUNT_AND_KEY };

static void check_transfer(uint32_t version, enum account_kind kind, int what)
{
    const struct protocol_parameters *p = parameters_of(version);
    static const uint64_t old_fees[] = {115123062500, 3965123062500, 4066888187500};
    static const uint64_t new_send[] = {115123062500, 615123062500, 716888187500};
    static const uint64_t new_exec[] = {115123062500, 7315123062500, 7416888187500};
    bool raised = version >= 85; /* since then an account costs more to make */
    check_cost(transfer_send_fee(p, true, kind), raised ? new_send[what] : old_fees[what]);
    check_cost(transfer_send_fee(p, false, kind), raised ? new_send[what] : old_fees[what]);
    check_cost(transfer_exec_fee(p, kind), raised ? new_exec[what] : old_fees[what]);
}

static void test_transfers(void)
{
    test_begin("transfers");
    static const uint32_t versions[] = {67, 69, 70, 87, 88};
    for (size_t i = 0; i < sizeof versions / sizeof versions[0]; i++) {
        uint32_t v = versions[i];
        check_transfer(v, ACCOUNT_NAMED, PLAIN);
        check_transfer(v, ACCOUNT_NEAR_IMPLICIT, MAKES_ACCOUNT_AND_KEY);
        check_transfer(v, ACCOUNT_NEAR_DETERMINISTIC, MAKES_ACCOUNT);
        check_transfer(v, ACCOUNT_ETH_IMPLICIT, v >= 70 ? MAKES_ACCOUNT : PLAIN);
        check_transfer(v, ACCOUNT_UNIVERSAL, v >= 88 ? MAKES_ACCOUNT : PLAIN);
    }
}

static void test_gas_keys(void)
{
    test_begin("gas keys");
    const struct protocol_parameters *p = parameters_of(88);
    size_t account = strlen("alice.near"), key = 33;
    CHECK_EQUAL(access_key_key_length(account, key), 45);
    struct split_fee send = gas_key_transfer_send_fee(p, true, key);
    check_cost(send.per_byte, 1958796312);
    CHECK_EQUAL(send.base.gas, p->action[ACTION_gas_key_transfer_base].send_sir.gas);
    CHECK_EQUAL(split_fee_total(send).gas, send.base.gas + 1958796312);
    struct split_fee exec = gas_key_transfer_exec_fee(p, account, key);
    check_cost(exec.base, 235676644250);
    check_cost(exec.per_byte, 7303348800);
    check_cost(split_fee_total(exec), 242979993050);
    check_cost(gas_key_add_key_send_fee(p, false), 1068434352);
    struct split_fee added = gas_key_add_key_exec_fee(p, account, key, 5);
    check_cost(added.base, 320983680000);
    check_cost(added.per_byte, 27894735000);
    added = gas_key_add_key_exec_fee(p, account, key, 0);
    check_cost(split_fee_total(added), 0);
}

/* A fee whose three parts differ: nothing is taken from the wrong one. */
static void test_parts(void)
{
    test_begin("parts of a fee");
    struct protocol_parameters p = *parameters_of(88);
    p.action[ACTION_transfer] = (struct action_fee){{1, 10}, {2, 20}, {4, 40}};
    p.action[ACTION_create_account] = (struct action_fee){{100, 1000}, {200, 2000}, {400, 4000}};
    p.action[ACTION_add_full_access_key] = (struct action_fee){{10000, 100000}, {20000, 200000}, {40000, 400000}};
    struct cost c = transfer_send_fee(&p, true, ACCOUNT_NEAR_IMPLICIT);
    CHECK(c.gas == 10101 && c.compute == 101010);
    c = transfer_send_fee(&p, false, ACCOUNT_NEAR_IMPLICIT);
    CHECK(c.gas == 20202 && c.compute == 202020);
    c = transfer_exec_fee(&p, ACCOUNT_NEAR_IMPLICIT);
    CHECK(c.gas == 40404 && c.compute == 404040);
    c = transfer_exec_fee(&p, ACCOUNT_ETH_IMPLICIT);
    CHECK(c.gas == 404 && c.compute == 4040);
    p.action[ACTION_gas_key_byte] = (struct action_fee){{1, 10}, {2, 20}, {4, 40}};
    CHECK_EQUAL(gas_key_transfer_send_fee(&p, true, 7).per_byte.gas, 7);
    CHECK_EQUAL(gas_key_transfer_send_fee(&p, false, 7).per_byte.gas, 14);
    CHECK_EQUAL(gas_key_transfer_exec_fee(&p, 3, 7).per_byte.compute, (1 + 3 + 1 + 7 + 27) * 40);
    CHECK_EQUAL(gas_key_add_key_send_fee(&p, true).gas, 18);
    CHECK_EQUAL(gas_key_add_key_exec_fee(&p, 3, 7, 2).per_byte.gas, (1 + 3 + 1 + 7 + 2 + 8) * 4 * 2);
}

static void test_universal(void)
{
    test_begin("universal state init");
    struct fee_term terms[2];
    universal_state_init_size_terms(77, terms);
    CHECK(terms[0].cost == ACTION_universal_state_init_base && terms[0].units == 1);
    CHECK(terms[1].cost == ACTION_universal_state_init_byte && terms[1].units == 77);
    universal_state_init_content_terms((struct universal_state_init_counts){1, 2, 3}, terms);
    CHECK(terms[0].cost == ACTION_universal_state_init_entry && terms[0].units == 2);
    CHECK(terms[1].cost == ACTION_add_full_access_key && terms[1].units == 3);
}

static void test_overflow(void)
{
    test_begin("overflow");
    struct cost most = {UINT64_MAX, 1}, out = {7, 7};
    CHECK(!cost_add(most, (struct cost){1, 0}, &out));
    CHECK(!cost_add((struct cost){0, UINT64_MAX}, (struct cost){0, 1}, &out));
    CHECK(!cost_multiply(most, 2, &out));
    CHECK(!cost_multiply((struct cost){0, 1ull << 63}, 2, &out));
    CHECK(out.gas == 7 && out.compute == 7);
    CHECK(cost_add(most, (struct cost){0, 1}, &out) && out.gas == UINT64_MAX && out.compute == 2);
    CHECK(cost_multiply((struct cost){3, 5}, 4, &out) && out.gas == 12 && out.compute == 20);
    CHECK(cost_multiply(most, 0, &out) && out.gas == 0 && out.compute == 0);
    CHECK_EQUAL(gas_key_transfer_exec_fee(parameters_of(88), 0, SIZE_MAX / 2).per_byte.gas, UINT64_MAX);
}

static void test_refunds(void)
{
    test_begin("refunds, least gas");
    const struct protocol_parameters *p = parameters_of(88);
    CHECK_EQUAL(min_receipt_with_function_call_gas(p), 1196119000000);
    CHECK_EQUAL(gas_penalty_for_gas_refund(p, UINT64_MAX), 0); /* in all versions so far */
    struct protocol_parameters penal = *p;
    penal.runtime.gas_refund_penalty = (struct ratio){5, 100};
    penal.runtime.min_gas_refund_penalty = 1000;
    CHECK_EQUAL(gas_penalty_for_gas_refund(&penal, 0), 0);
    CHECK_EQUAL(gas_penalty_for_gas_refund(&penal, 999), 999);
    CHECK_EQUAL(gas_penalty_for_gas_refund(&penal, 20000), 1000);
    CHECK_EQUAL(gas_penalty_for_gas_refund(&penal, 20039), 1001); /* rounded down */
    CHECK_EQUAL(gas_penalty_for_gas_refund(&penal, UINT64_MAX), UINT64_MAX / 20);
}

int main(void)
{
    test_transfers();
    test_gas_keys();
    test_parts();
    test_universal();
    test_overflow();
    test_refunds();
    return test_end();
}
