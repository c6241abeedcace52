/* Refunds: what was paid ahead for a receipt and not used goes back, deposits of failed receipts too. Source: nearcore,
 * runtime/runtime/src/lib.rs (refund_unspent_gas_and_deposits); NEP-536. */
#include "runtime/cost.h"
#include "runtime/features.h"
#include "runtime/internal.h"

static struct u128 smaller(struct u128 a, struct u128 b)
{
    return u128_less(a, b) ? a : b;
}

/* 0 if that is below zero. */
static struct u128 less(struct u128 a, struct u128 b)
{
    struct u128 difference = u128_of(0);
    u128_subtract(a, b, &difference);
    return difference;
}

struct u128 receipt_gas_burn_price(const struct apply_state *s, const struct receipt *r)
{
    if (!feature_enabled(FEATURE_account_cost_increase, s->chunk->protocol_version)) return s->chunk->gas_price;
    return smaller(r->action.gas_price, s->chunk->gas_price);
}

/* Gas that was paid for and not used: on failure, all that was not burnt. */
static enum status unused_gas(const struct apply_state *s, const struct receipt *r, const struct action_result *result,
                              uint64_t *out, struct error *e)
{
    const struct action_receipt *a = &r->action;
    const uint64_t receipt_fee = action_exec_fee(s->parameters, ACTION_new_action_receipt).gas;
    const uint64_t used = result->failed ? result->gas_burnt : result->gas_used;
    struct cost send, execution;
    uint64_t prepaid;
    if (!cost_prepaid_gas(a->actions, a->action_count, &prepaid)) return integer_overflow(e, "gas of a receipt");
    enum status status = cost_prepaid_send_fees(s->parameters, a->actions, a->action_count, &send, e);
    if (status == STATUS_OK)
        status = cost_prepaid_exec_fees(s->parameters, a->actions, a->action_count, &r->receiver_id, &execution, e);
    if (status != STATUS_OK) return status;
    const uint64_t parts[] = {send.gas, execution.gas, receipt_fee};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (parts[i] > UINT64_MAX - prepaid) return integer_overflow(e, "gas of a receipt");
        prepaid += parts[i];
    }
    if (used > prepaid) return inconsistent_state(e, "a receipt used more gas than was paid for it");
    *out = prepaid - used;
    return STATUS_OK;
}

/* An account that was created costs more than the gas for it at today's price: the rest is taken from what the lower
 * price would give back. */
static enum status charge_for_account(const struct apply_state *s, struct u128 burn_price, struct u128 *refund,
                                      struct refund_result *out, struct error *e)
{
    const uint64_t gas = action_exec_fee(s->parameters, ACTION_create_account).gas;
    struct u128 burnt;
    if (!cost_gas_to_balance(gas, burn_price, &burnt)) return integer_overflow(e, "the cost of an account");
    out->create_account_charge = smaller(less(s->parameters->runtime.account_creation_charge, burnt), *refund);
    *refund = less(*refund, out->create_account_charge);
    return STATUS_OK;
}

/* Fills *out, and *gas_refund with what goes back to the signer. */
static enum status settle_gas(const struct apply_state *s, const struct receipt *r, const struct action_result *result,
                              bool created_account, struct u128 *gas_refund, struct refund_result *out,
                              struct error *e)
{
    const bool cost_increase = feature_enabled(FEATURE_account_cost_increase, s->chunk->protocol_version);
    const struct u128 paid = r->action.gas_price, burn = receipt_gas_burn_price(s, r);
    struct u128 unused_balance, price_refund = u128_of(0);
    uint64_t unused = 0;
    enum status status = unused_gas(s, r, result, &unused, e);
    if (status != STATUS_OK) return status;
    const uint64_t penalty = gas_penalty_for_gas_refund(s->parameters, unused);
    bool fits = cost_gas_to_balance(penalty, cost_increase ? burn : paid, &out->refund_penalty) &&
                cost_gas_to_balance(unused, paid, &unused_balance);
    /* one of the two differences is zero */
    fits = fits && cost_gas_to_balance(result->gas_burnt, less(burn, paid), &out->price_deficit) &&
           cost_gas_to_balance(result->gas_burnt, less(paid, burn), &out->price_surplus);
    if (!fits) return integer_overflow(e, "a refund");
    unused_balance = less(unused_balance, out->refund_penalty);
    if (cost_increase) price_refund = out->price_surplus;
    if (cost_increase && created_account) status = charge_for_account(s, burn, &price_refund, out, e);
    if (status != STATUS_OK) return status;
    return u128_add(unused_balance, price_refund, gas_refund) ? STATUS_OK : integer_overflow(e, "a refund");
}

static bool is_zero(struct u128 v)
{
    return u128_equal(v, u128_of(0));
}

enum status make_refunds(struct apply_state *s, const struct receipt *r, bool created_account,
                         struct action_result *result, struct refund_result *out, struct error *e)
{
    struct u128 deposit = u128_of(0), gas_refund = u128_of(0);
    struct receipt refund;
    *out = (struct refund_result){0};
    if (result->failed && !cost_deposit(r->action.actions, r->action.action_count, &deposit))
        return integer_overflow(e, "deposits of a receipt");
    enum status status = settle_gas(s, r, result, created_account, &gas_refund, out, e);
    if (status == STATUS_OK && !is_zero(deposit)) {
        status = receipt_balance_refund(receipt_balance_refund_receiver(r), deposit, s->arena, &refund, e);
        if (status == STATUS_OK) status = action_result_add_receipt(s, result, &refund, e);
    }
    if (status == STATUS_OK && !is_zero(gas_refund)) {
        status = receipt_gas_refund(&r->action.signer_id, gas_refund, r->action.signer_public_key, s->arena, &refund,
                                    e);
        if (status == STATUS_OK) status = action_result_add_receipt(s, result, &refund, e);
    }
    return status;
}
