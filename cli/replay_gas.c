/* Gas and tokens of transactions and receipts, as far as they follow from the fees of the protocol version. Source:
 * nearcore, runtime/runtime/src/config.rs and lib.rs: before version 78 receipts were paid for at an inflated price and
 * the difference came back (refund_unspent_gas_and_deposits before NEP-536); since version 85 gas is burnt at the lower
 * of both prices. */
#include "cli/replay.h"

#include "runtime/cost.h"

enum {
    VERSION_REFUNDS = 78,       /* one price for the whole of a transaction */
    VERSION_CHEAPER_BURNING = 85,
    VERSION_FIXED_MINIMUM = 66, /* the least gas of a receipt with a call no longer follows from the fees */
};
#define FIXED_MINIMUM_NEW_RECEIPT_GAS UINT64_C(4855842000000)

#define NO_VERSION "the fees of this protocol version are not known"
#define NO_CODE "the size of a contract that is deployed is not in the stream"
#define NO_PRICE "the gas price is in the header of the previous block, which is not in the stream"
#define NO_STATE "what a contract burns is not known without its state"

static struct u128 times(struct u128 price, uint64_t gas, bool *fits)
{
    struct u128 product = u128_of(0);
    if (!u128_multiply(price, u128_of(gas), &product)) *fits = false;
    return product;
}

static struct u128 plus(struct u128 a, struct u128 b, bool *fits)
{
    struct u128 sum = a;
    if (!u128_add(a, b, &sum)) *fits = false;
    return sum;
}

static struct u128 minus(struct u128 a, struct u128 b)
{
    struct u128 difference = u128_of(0);
    (void)u128_subtract(a, b, &difference);
    return difference;
}

static const char *reason_of(enum status status)
{
    return status == STATUS_NO_MEMORY ? "no memory" : "the costs leave their range";
}

/* ---- receipts ---------------------------------------------------------------------------------------------------- */

/* How many of the receipt's actions were charged for: all up to the one that failed. */
static uint32_t charged_actions(const struct lake_executed_receipt *x)
{
    const struct lake_outcome *o = &x->outcome;
    uint32_t count = x->receipt.actions.count;
    if (o->outcome.status != EXECUTION_FAILURE || !o->has_error_index || o->error_index >= count) return count;
    return (uint32_t)o->error_index + 1;
}

bool replay_fees_of_receipt(const struct replay_context *c, const struct lake_executed_receipt *x, uint64_t *out,
                            const char **reason)
{
    const struct lake_actions *actions = &x->receipt.actions;
    const struct account_id *receiver = &x->receipt.receipt.receiver_id;
    struct cost total, one;
    *reason = !c->parameters ? NO_VERSION : NO_CODE;
    if (!c->parameters || actions->code_unknown) return false;
    total = action_exec_fee(c->parameters, ACTION_new_action_receipt);
    enum status status = STATUS_OK;
    for (uint32_t i = 0, count = charged_actions(x); i < count && status == STATUS_OK; i++) {
        status = cost_exec_fee(c->parameters, &actions->items[i], receiver, &one, NULL);
        if (status == STATUS_OK && !cost_add(total, one, &total)) status = STATUS_LIMIT;
    }
    if (status == STATUS_OK && x->outcome.outcome.status != EXECUTION_FAILURE) {
        status = cost_prepaid_send_fees(c->parameters, actions->items, actions->count, &one, NULL);
        if (status == STATUS_OK && !cost_add(total, one, &total)) status = STATUS_LIMIT;
    }
    *out = total.gas;
    *reason = reason_of(status);
    return status == STATUS_OK;
}

/* Gas that was paid for and neither burnt nor handed on. */
static bool unused_gas(const struct replay_context *c, const struct lake_executed_receipt *x, uint64_t *out,
                       const char **reason)
{
    const struct lake_actions *a = &x->receipt.actions;
    const bool failed = x->outcome.outcome.status == EXECUTION_FAILURE;
    struct cost exec, send;
    uint64_t gas = 0;
    *out = 0;
    *reason = NO_STATE;
    if (!failed) return !replay_has_call(a); /* what delegate actions bring along is handed on */
    enum status status = cost_of_receipt(c->parameters, a->items, a->count, &x->receipt.receipt.receiver_id, &exec,
                                         NULL);
    if (status == STATUS_OK) status = cost_prepaid_send_fees(c->parameters, a->items, a->count, &send, NULL);
    if (status == STATUS_OK && !cost_add(exec, send, &exec)) status = STATUS_LIMIT;
    *reason = reason_of(status);
    if (status != STATUS_OK) return false;
    gas = x->outcome.outcome.gas_burnt;
    *reason = "more gas was burnt than was paid for";
    if (gas > exec.gas) return false;
    *out = exec.gas - gas;
    return true;
}

/* Before version 78: the difference of prices comes back, or is taken from what comes back. */
static void settle_old(struct u128 paid, struct u128 now, uint64_t burnt, uint64_t unused,
                       struct replay_settlement *out, bool *fits)
{
    struct u128 deficit = u128_of(0);
    out->refund = times(paid, unused, fits);
    if (u128_less(paid, now)) {
        deficit = times(minus(now, paid), burnt, fits);
        struct u128 taken = u128_less(out->refund, deficit) ? out->refund : deficit;
        out->refund = minus(out->refund, taken);
        deficit = minus(deficit, taken);
    } else {
        out->refund = plus(out->refund, times(minus(paid, now), burnt, fits), fits);
    }
    out->tokens_burnt = minus(times(now, burnt, fits), deficit);
}

static bool makes_accounts(const struct lake_executed_receipt *x)
{
    for (uint32_t i = 0; i < x->receipt.actions.count; i++) {
        const struct action *a = &x->receipt.actions.items[i];
        bool implicit = account_kind_is_implicit(account_id_kind(&x->receipt.receipt.receiver_id));
        if (a->kind == ACTION_KIND_create_account || a->kind == ACTION_KIND_deterministic_state_init ||
            a->kind == ACTION_KIND_universal_state_init || (a->kind == ACTION_KIND_transfer && implicit))
            return true;
    }
    return false;
}

/* Actions that burn tokens beside those for gas. */
static const char *other_costs(const struct replay_context *c, const struct lake_executed_receipt *x)
{
    uint32_t kinds = replay_kinds_of(&x->receipt.actions);
    if (x->outcome.outcome.status == EXECUTION_FAILURE) return NULL;
    if (kinds >> ACTION_KIND_deploy_global_contract & 1) return NO_CODE;
    if (c->version < VERSION_CHEAPER_BURNING) return NULL;
    if (makes_accounts(x)) return "whether an account was made, and what that costs, needs the state";
    if ((kinds >> ACTION_KIND_delete_key & 1) || (kinds >> ACTION_KIND_delete_account & 1))
        return "the balance of a gas key, burnt with it, needs the state";
    return NULL;
}

/* Since version 78. A penalty, if there is one, is a share of what was not used. */
static void settle_new(const struct replay_context *c, struct u128 paid, uint64_t burnt, uint64_t unused,
                       struct replay_settlement *out, bool *fits)
{
    const bool cheaper = c->version >= VERSION_CHEAPER_BURNING && u128_less(c->gas_price, paid);
    const struct u128 burn = cheaper ? c->gas_price : paid;
    const struct u128 penalty = times(burn, gas_penalty_for_gas_refund(c->parameters, unused), fits);
    out->tokens_burnt = plus(times(burn, burnt, fits), penalty, fits);
    out->refund = minus(times(paid, unused, fits), penalty);
    out->refund = plus(out->refund, times(minus(paid, burn), burnt, fits), fits);
}

/* Whether the tokens burnt depend on the gas that was not used. */
static bool unused_matters(const struct replay_context *c, struct u128 paid)
{
    if (c->version < VERSION_REFUNDS) return u128_less(paid, c->gas_price);
    return c->parameters->runtime.gas_refund_penalty.numerator || c->parameters->runtime.min_gas_refund_penalty;
}

struct replay_settlement replay_settle(const struct replay_context *c, const struct lake_executed_receipt *x)
{
    const struct receipt *r = &x->receipt.receipt;
    const struct u128 paid = r->action.gas_price;
    const uint64_t burnt = x->outcome.outcome.gas_burnt;
    struct replay_settlement out = {0};
    uint64_t unused;
    bool fits = true;
    if (account_id_is_system(&r->predecessor_id)) {
        out.tokens_known = out.refund_known = true;
        return out;
    }
    out.reason = !c->parameters ? NO_VERSION : NO_CODE;
    if (!c->parameters || x->receipt.actions.code_unknown) return out;
    if ((out.reason = other_costs(c, x))) return out;
    out.reason = NO_PRICE;
    if (!c->price_known && (c->version < VERSION_REFUNDS || c->version >= VERSION_CHEAPER_BURNING)) return out;
    out.refund_known = unused_gas(c, x, &unused, &out.reason);
    out.tokens_known = out.refund_known || !unused_matters(c, paid);
    if (c->version < VERSION_REFUNDS) settle_old(paid, c->gas_price, burnt, unused, &out, &fits);
    else settle_new(c, paid, burnt, unused, &out, &fits);
    if (fits) return out;
    return (struct replay_settlement){.reason = "the costs leave their range"};
}

/* ---- transactions ------------------------------------------------------------------------------------------------ */

/* Rounded up, once for each hop: at most two of them here, so that 128 bits are enough. */
static bool inflate(struct u128 price, struct ratio factor, unsigned times_over, struct u128 *out)
{
    struct u128 numerator = u128_of(1), denominator = u128_of(1), rest;
    for (unsigned i = 0; i < times_over; i++) {
        if (!u128_multiply(numerator, u128_of(factor.numerator), &numerator) ||
            !u128_multiply(denominator, u128_of(factor.denominator), &denominator))
            return false;
    }
    if (!u128_multiply(price, numerator, &price) || !u128_add(price, denominator, &price) ||
        !u128_subtract(price, u128_of(1), &price))
        return false;
    return u128_divide(price, denominator, out, &rest);
}

bool replay_receipt_price(const struct replay_context *c, const struct lake_transaction *t, struct u128 *out,
                          const char **reason)
{
    const struct transaction *tx = &t->signed_transaction.transaction;
    struct cost send;
    uint64_t prepaid = 0;
    *reason = !c->parameters ? NO_VERSION : !c->price_known ? NO_PRICE : NO_CODE;
    if (!c->parameters || !c->price_known || t->actions.code_unknown) return false;
    if (c->version >= VERSION_REFUNDS) {
        struct u128 floor = c->parameters->runtime.min_gas_purchase_price;
        *out = u128_less(c->gas_price, floor) ? floor : c->gas_price;
        return true;
    }
    *reason = "the costs leave their range";
    if (!cost_prepaid_gas(tx->actions, tx->action_count, &prepaid) ||
        cost_prepaid_send_fees(c->parameters, tx->actions, tx->action_count, &send, NULL) != STATUS_OK ||
        send.gas > UINT64_MAX - prepaid)
        return false;
    prepaid += send.gas;
    uint64_t least = c->version < VERSION_FIXED_MINIMUM ? min_receipt_with_function_call_gas(c->parameters)
                                                        : FIXED_MINIMUM_NEW_RECEIPT_GAS;
    uint64_t hops = least ? prepaid / least : 0;
    if (!account_id_equal(&tx->signer_id, &tx->receiver_id)) hops++;
    *reason = "the price was inflated over many hops";
    if (hops > 10) return false; /* 103^10 × 10^11 is below 2^128 */
    return inflate(c->gas_price, c->parameters->runtime.pessimistic_gas_price_inflation, (unsigned)hops, out);
}

bool replay_transaction_gas(const struct replay_context *c, const struct lake_transaction *t, uint64_t *burnt,
                            uint64_t *remaining, const char **reason)
{
    struct transaction_cost cost;
    *reason = !c->parameters ? NO_VERSION : NO_CODE;
    if (!c->parameters || t->actions.code_unknown) return false;
    enum status status = cost_of_transaction(c->parameters, &t->signed_transaction.transaction, u128_of(0), &cost,
                                             NULL);
    *reason = reason_of(status);
    if (status != STATUS_OK) return false;
    *burnt = cost.gas_burnt;
    *remaining = cost.gas_remaining;
    return true;
}

bool replay_transaction_cost(const struct replay_context *c, const struct lake_transaction *t, struct u128 *out,
                             const char **reason)
{
    const struct transaction *tx = &t->signed_transaction.transaction;
    const struct lake_receipt *made = replay_find_receipt(c->replay, &t->outcome.outcome.receipt_id);
    uint64_t burnt, remaining;
    struct u128 price, deposit;
    bool fits = true;
    if (!replay_transaction_gas(c, t, &burnt, &remaining, reason)) return false;
    *reason = NO_PRICE;
    if (!c->price_known) return false;
    if (made && receipt_has_actions(&made->receipt)) price = made->receipt.action.gas_price;
    else if (!replay_receipt_price(c, t, &price, reason)) return false;
    *reason = "the costs leave their range";
    if (!cost_deposit(tx->actions, tx->action_count, &deposit)) return false;
    *out = plus(times(c->gas_price, burnt, &fits), times(price, remaining, &fits), &fits);
    *out = plus(*out, deposit, &fits);
    return fits;
}
