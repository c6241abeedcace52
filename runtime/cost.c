#include "runtime/cost.h"

#include "runtime/action_fee.h"

static enum status overflow(struct error *e)
{
    return error_set(e, STATUS_LIMIT, 0, ERROR_NO_OFFSET, "costs leave the range of their type");
}

const struct delegate_action *action_delegate_of(const struct action *a)
{
    return a->kind == ACTION_KIND_delegate || a->kind == ACTION_KIND_delegate_v2 ? a->delegate.parsed : NULL;
}

static enum status fee_finish(const struct fee_sum *s, enum status status, struct cost *out, struct error *e)
{
    if (status != STATUS_OK) return status;
    if (s->overflow) return overflow(e);
    *out = s->total;
    return STATUS_OK;
}

/* ---- all actions ------------------------------------------------------------------------------------------------- */

/* Delegate actions hold no delegate actions, so what is inside of one needs no further descent. */
static enum status fees_flat(struct fee_sum *s, const struct action *actions, uint32_t count,
                             const struct account_id *receiver, struct error *e)
{
    enum status status = STATUS_OK;
    for (uint32_t i = 0; i < count && status == STATUS_OK; i++) status = fee_of_action(s, &actions[i], receiver, e);
    return status;
}

enum status cost_send_fees(const struct protocol_parameters *p, bool sir, const struct action *actions, uint32_t count,
                           const struct account_id *receiver, struct cost *out, struct error *e)
{
    struct fee_sum s = {.p = p, .phase = sir ? SEND_SIR : SEND_NOT_SIR};
    enum status status = fees_flat(&s, actions, count, receiver, e);
    for (uint32_t i = 0; i < count && status == STATUS_OK; i++) {
        const struct delegate_action *d = action_delegate_of(&actions[i]);
        if (d) status = fees_flat(&s, d->actions, d->action_count, &d->receiver_id, e);
    }
    return fee_finish(&s, status, out, e);
}

enum status cost_prepaid_send_fees(const struct protocol_parameters *p, const struct action *actions, uint32_t count,
                                   struct cost *out, struct error *e)
{
    struct fee_sum s = {.p = p};
    enum status status = STATUS_OK;
    for (uint32_t i = 0; i < count && status == STATUS_OK; i++) {
        const struct delegate_action *d = action_delegate_of(&actions[i]);
        if (!d) continue;
        s.phase = account_id_equal(&d->sender_id, &d->receiver_id) ? SEND_SIR : SEND_NOT_SIR;
        status = fees_flat(&s, d->actions, d->action_count, &d->receiver_id, e);
    }
    return fee_finish(&s, status, out, e);
}

enum status cost_exec_fee(const struct protocol_parameters *p, const struct action *a,
                          const struct account_id *receiver, struct cost *out, struct error *e)
{
    struct fee_sum s = {.p = p, .phase = EXEC};
    return fee_finish(&s, fee_of_action(&s, a, receiver, e), out, e);
}

enum status cost_prepaid_exec_fees(const struct protocol_parameters *p, const struct action *actions, uint32_t count,
                                   const struct account_id *receiver, struct cost *out, struct error *e)
{
    struct fee_sum s = {.p = p, .phase = EXEC};
    enum status status = fees_flat(&s, actions, count, receiver, e);
    for (uint32_t i = 0; i < count && status == STATUS_OK; i++) {
        const struct delegate_action *d = action_delegate_of(&actions[i]);
        if (!d) continue;
        status = fees_flat(&s, d->actions, d->action_count, &d->receiver_id, e);
        fee_pay(&s, ACTION_new_action_receipt, 1);
    }
    return fee_finish(&s, status, out, e);
}

bool cost_prepaid_gas(const struct action *actions, uint32_t count, uint64_t *out)
{
    uint64_t total = 0;
    for (uint32_t i = 0; i < count; i++) {
        const struct delegate_action *d = action_delegate_of(&actions[i]);
        const struct action *inner = d ? d->actions : &actions[i];
        uint32_t inner_count = d ? d->action_count : 1;
        for (uint32_t k = 0; k < inner_count; k++) {
            uint64_t gas = action_prepaid_gas(&inner[k]);
            if (gas > UINT64_MAX - total) return false;
            total += gas;
        }
    }
    *out = total;
    return true;
}

bool cost_deposit(const struct action *actions, uint32_t count, struct u128 *out)
{
    struct u128 total = {0, 0};
    for (uint32_t i = 0; i < count; i++) {
        const struct delegate_action *d = action_delegate_of(&actions[i]);
        const struct action *inner = d ? d->actions : &actions[i];
        uint32_t inner_count = d ? d->action_count : 1;
        for (uint32_t k = 0; k < inner_count; k++)
            if (!u128_add(total, action_deposit(&inner[k]), &total)) return false;
    }
    *out = total;
    return true;
}

/* ---- receipts, signatures, state --------------------------------------------------------------------------------- */

enum status cost_of_receipt(const struct protocol_parameters *p, const struct action *actions, uint32_t count,
                            const struct account_id *receiver, struct cost *out, struct error *e)
{
    struct cost total;
    uint64_t attached;
    enum status status = cost_prepaid_exec_fees(p, actions, count, receiver, &total, e);
    if (status != STATUS_OK) return status;
    if (!cost_prepaid_gas(actions, count, &attached) || !cost_add(total, (struct cost){attached, 0}, &total) ||
        !cost_add(total, action_exec_fee(p, ACTION_new_action_receipt), &total))
        return overflow(e);
    *out = total;
    return STATUS_OK;
}

bool cost_gas_to_balance(uint64_t gas, struct u128 gas_price, struct u128 *out)
{
    return u128_multiply(gas_price, u128_of(gas), out);
}

struct cost cost_signature_verification(const struct protocol_parameters *p, unsigned key_type)
{
    uint64_t gas = key_type == KEY_ML_DSA_65 ? p->runtime.ml_dsa_65_verification_cost : 0;
    return (struct cost){gas, gas};
}

enum status cost_storage_removes(const struct protocol_parameters *p, uint64_t count, uint64_t key_bytes,
                                 uint64_t value_bytes, uint64_t *compute, struct error *e)
{
    struct cost base, keys, values;
    if (!cost_multiply(p->ext[EXT_storage_remove_base], count, &base) ||
        !cost_multiply(p->ext[EXT_storage_remove_key_byte], key_bytes, &keys) ||
        !cost_multiply(p->ext[EXT_storage_remove_ret_value_byte], value_bytes, &values) ||
        !cost_add(base, keys, &base) || !cost_add(base, values, &base))
        return overflow(e);
    *compute = base.compute;
    return STATUS_OK;
}

/* ---- transactions ------------------------------------------------------------------------------------------------ */

/* Gas and compute that making the receipt burns. */
static enum status conversion_cost(const struct protocol_parameters *p, const struct transaction *t, struct cost *out,
                                   struct error *e)
{
    bool sir = account_id_equal(&t->signer_id, &t->receiver_id);
    struct cost total, signature = cost_signature_verification(p, t->public_key->type);
    enum status status = cost_send_fees(p, sir, t->actions, t->action_count, &t->receiver_id, &total, e);
    if (status != STATUS_OK) return status;
    if (!cost_add(total, action_send_fee(p, ACTION_new_action_receipt, sir), &total) ||
        !cost_add(total, signature, &total))
        return overflow(e);
    for (uint32_t i = 0; i < t->action_count; i++) {
        const struct delegate_action *d = action_delegate_of(&t->actions[i]);
        if (!d) continue;
        struct cost inner = cost_signature_verification(p, d->public_key->type);
        /* The time is then counted where the signature is checked. */
        if (p->flags.fix_ml_dsa_cost_charging) inner.compute = 0;
        if (!cost_add(total, inner, &total)) return overflow(e);
    }
    *out = total;
    return STATUS_OK;
}

static enum status remaining_gas(const struct protocol_parameters *p, const struct transaction *t, uint64_t *out,
                                 struct error *e)
{
    struct cost receipt, send;
    enum status status = cost_of_receipt(p, t->actions, t->action_count, &t->receiver_id, &receipt, e);
    if (status == STATUS_OK) status = cost_prepaid_send_fees(p, t->actions, t->action_count, &send, e);
    if (status != STATUS_OK) return status;
    if (!cost_add(receipt, send, &receipt)) return overflow(e);
    *out = receipt.gas;
    return STATUS_OK;
}

enum status cost_of_transaction(const struct protocol_parameters *p, const struct transaction *t,
                                struct u128 gas_price, struct transaction_cost *out, struct error *e)
{
    struct transaction_cost c = {0};
    struct cost burnt = {0};
    struct u128 remaining;
    enum status status = conversion_cost(p, t, &burnt, e);
    if (status == STATUS_OK) status = remaining_gas(p, t, &c.gas_remaining, e);
    if (status != STATUS_OK) return status;
    c.gas_burnt = burnt.gas;
    c.compute_burnt = burnt.compute;
    /* Gas for later is never bought below a floor: what it is burnt for then may be less, and the rest comes back. */
    struct u128 floor = p->runtime.min_gas_purchase_price;
    c.receipt_gas_price = u128_less(gas_price, floor) ? floor : gas_price;
    if (!cost_gas_to_balance(c.gas_burnt, gas_price, &c.burnt_amount) ||
        !cost_gas_to_balance(c.gas_remaining, c.receipt_gas_price, &remaining) ||
        !u128_add(c.burnt_amount, remaining, &c.gas_cost) ||
        !cost_deposit(t->actions, t->action_count, &c.deposit_cost) ||
        !u128_add(c.gas_cost, c.deposit_cost, &c.total_cost))
        return overflow(e);
    *out = c;
    return STATUS_OK;
}
