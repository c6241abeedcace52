/* Actions of a promise: what all of them share, and those that concern the account as such. */
#include "host/promise.h"

#include "near/fees.h"

enum host_error promise_receipt_of(struct host *h, uint64_t promise_index, struct promise_receipt *out)
{
    const struct promise *promise = promise_find(h, promise_index);
    if (!promise) return HOST_InvalidPromiseIndex;
    if (promise->joint) {
        host_fail(h, HOST_CannotAppendActionToJointPromise);
        return HOST_CannotAppendActionToJointPromise;
    }
    out->index = promise->receipt;
    out->receiver = h->external->functions->receipt_receiver(h->external->self, promise->receipt);
    out->sir = account_id_equal(out->receiver, &h->context->current_account);
    return HOST_OK;
}

enum host_error promise_pay_fees(struct host *h, enum action_cost action, struct cost send, uint64_t execution_gas)
{
    if (execution_gas > UINT64_MAX - send.gas) return host_fail(h, HOST_IntegerOverflow);
    TRY(gas_pay_action(&h->gas, send, send.gas + execution_gas, action));
    return HOST_OK;
}

enum host_error promise_pay_action(struct host *h, enum action_cost action, uint64_t units, bool sir)
{
    struct cost send;
    uint64_t unit_execution = action_exec_fee(h->parameters, action).gas; /* its compute is not paid here */
    if (!cost_multiply(action_send_fee(h->parameters, action, sir), units, &send) ||
        (units && unit_execution > UINT64_MAX / units)) {
        return host_fail(h, HOST_IntegerOverflow);
    }
    return promise_pay_fees(h, action, send, unit_execution * units);
}

enum host_error promise_append(struct host *h, uint64_t receipt, const struct action *action, uint64_t *action_index)
{
    TRY(h->external->functions->append_action(h->external->self, receipt, action, action_index));
    return HOST_OK;
}

enum host_error promise_deduct_deposit(struct host *h, struct u128 deposit)
{
    if (h->parameters->flags.one_yocto_on_promise && u128_equal(deposit, u128_of(1)) &&
        u128_equal(h->balance, u128_of(0))) {
        /* Far from overflowing: there are at most as many as there is gas for. */
        u128_add(h->subsidized_amount, deposit, &h->subsidized_amount);
        return HOST_OK;
    }
    return host_deduct_balance(h, deposit);
}

/* ---- actions ---------------------------------------------------------------------------------------------------- */

enum host_error import_promise_batch_action_create_account(struct host *h, const uint64_t *args, uint64_t *result)
{
    (void)result;
    struct promise_receipt receipt;
    TRY(promise_begin(h, "promise_batch_action_create_account"));
    TRY(promise_receipt_of(h, args[0], &receipt));
    TRY(promise_pay_action(h, ACTION_create_account, 1, receipt.sir));
    struct action action = {.kind = ACTION_KIND_create_account};
    return promise_append(h, receipt.index, &action, NULL);
}

enum host_error import_promise_batch_action_delete_account(struct host *h, const uint64_t *args, uint64_t *result)
{
    (void)result;
    struct promise_receipt receipt;
    struct action action = {.kind = ACTION_KIND_delete_account};
    TRY(promise_begin(h, "promise_batch_action_delete_account"));
    TRY(memory_read_account_id(h, args[1], args[2], &action.delete_account.beneficiary_id));
    TRY(promise_receipt_of(h, args[0], &receipt));
    TRY(promise_pay_action(h, ACTION_delete_account, 1, receipt.sir));
    return promise_append(h, receipt.index, &action, NULL);
}

enum host_error import_promise_batch_action_transfer(struct host *h, const uint64_t *args, uint64_t *result)
{
    (void)result;
    struct promise_receipt receipt;
    struct u128 amount;
    TRY(promise_begin(h, "promise_batch_action_transfer"));
    TRY(memory_read_u128(h, args[1], &amount));
    TRY(promise_receipt_of(h, args[0], &receipt));
    enum account_kind kind = account_id_kind(receipt.receiver);
    TRY(promise_pay_fees(h, ACTION_transfer, transfer_send_fee(h->parameters, receipt.sir, kind),
                         transfer_exec_fee(h->parameters, kind).gas));
    TRY(host_deduct_balance(h, amount));
    struct action action = {.kind = ACTION_KIND_transfer, .transfer = {amount}};
    return promise_append(h, receipt.index, &action, NULL);
}

enum host_error import_promise_batch_action_stake(struct host *h, const uint64_t *args, uint64_t *result)
{
    (void)result;
    struct promise_receipt receipt;
    struct promise_key key;
    struct u128 amount;
    TRY(promise_begin(h, "promise_batch_action_stake"));
    TRY(memory_read_u128(h, args[1], &amount));
    TRY(promise_read_key(h, args[2], args[3], &key));
    TRY(promise_receipt_of(h, args[0], &receipt));
    TRY(promise_pay_action(h, ACTION_stake, 1, receipt.sir));
    TRY(promise_key_check(h, &key));
    struct action action = {.kind = ACTION_KIND_stake, .stake = {amount, &key.key}};
    return promise_append(h, receipt.index, &action, NULL);
}
