/* Making promises: receipts for other accounts, one after another or joined. */
#include "host/promise.h"

#include "base/array.h"
#include "near/fees.h"

/* The receipts a promise stands for. */
static size_t receipts_of(const struct promise *promise, const uint64_t **out)
{
    if (promise->joint) {
        *out = promise->receipts;
        return promise->receipt_count;
    }
    *out = &promise->receipt;
    return 1;
}

enum host_error promise_begin(struct host *h, const char *function)
{
    TRY(gas_pay(&h->gas, EXT_base));
    TRY(host_prohibited_in_view(h, function));
    return HOST_OK;
}

const struct promise *promise_find(struct host *h, uint64_t index)
{
    if (index < h->promise_count) return &h->promises[index];
    host_fail_numbers(h, HOST_InvalidPromiseIndex, index, 0);
    return NULL;
}

enum host_error promise_push(struct host *h, struct promise promise, uint64_t *index)
{
    uint64_t limit = h->parameters->limits.max_promises_per_function_call_action;
    if (h->promise_count >= limit) {
        /* Production adds it first, so it counts. */
        return host_fail_numbers(h, HOST_NumberPromisesExceeded, (uint64_t)h->promise_count + 1, limit);
    }
    if (!array_grow(&h->promises, h->promise_count, &h->promise_capacity, sizeof *h->promises)) {
        return host_out_of_memory(h);
    }
    *index = h->promise_count;
    h->promises[h->promise_count++] = promise;
    return HOST_OK;
}

enum host_error promise_pay_receipt(struct host *h, bool sir, uint64_t same, uint64_t other)
{
    const struct protocol_parameters *p = h->parameters;
    struct cost burn = action_send_fee(p, ACTION_new_action_receipt, sir);
    for (int is_same = 0; is_same < 2; is_same++) {
        /* Sending and receiving the data are both burnt now. */
        struct cost data;
        if (!cost_add(action_send_fee(p, ACTION_new_data_receipt_base, is_same),
                      action_exec_fee(p, ACTION_new_data_receipt_base), &data) ||
            !cost_multiply(data, is_same ? same : other, &data) || !cost_add(burn, data, &burn)) {
            return host_fail(h, HOST_IntegerOverflow);
        }
    }
    return promise_pay_fees(h, ACTION_new_action_receipt, burn, action_exec_fee(p, ACTION_new_action_receipt).gas);
}

/* ---- create and then -------------------------------------------------------------------------------------------- */

static enum host_error batch_create(struct host *h, uint64_t account_len, uint64_t account_ptr, uint64_t *index)
{
    TRY(promise_begin(h, "promise_batch_create"));
    struct account_id receiver;
    TRY(memory_read_account_id(h, account_len, account_ptr, &receiver));
    TRY(promise_pay_receipt(h, account_id_equal(&receiver, &h->context->current_account), 0, 0));
    struct promise promise = {0};
    TRY(h->external->functions->create_action_receipt(h->external->self, NULL, 0, &receiver, &promise.receipt));
    return promise_push(h, promise, index);
}

static enum host_error batch_then(struct host *h, uint64_t before_index, uint64_t account_len, uint64_t account_ptr,
                                  uint64_t *index)
{
    const struct external_state *external = h->external;
    TRY(promise_begin(h, "promise_batch_then"));
    struct account_id receiver;
    TRY(memory_read_account_id(h, account_len, account_ptr, &receiver));
    const struct promise *before = promise_find(h, before_index);
    if (!before) return HOST_InvalidPromiseIndex;
    const uint64_t *receipts;
    size_t count = receipts_of(before, &receipts), same = 0;
    for (size_t i = 0; i < count; i++) {
        same += account_id_equal(external->functions->receipt_receiver(external->self, receipts[i]), &receiver);
    }
    bool sir = account_id_equal(&receiver, &h->context->current_account);
    TRY(promise_pay_receipt(h, sir, same, count - same));
    struct promise promise = {0};
    TRY(external->functions->create_action_receipt(external->self, receipts, count, &receiver, &promise.receipt));
    return promise_push(h, promise, index);
}

enum host_error import_promise_batch_create(struct host *h, const uint64_t *args, uint64_t *result)
{
    return batch_create(h, args[0], args[1], result);
}

enum host_error import_promise_batch_then(struct host *h, const uint64_t *args, uint64_t *result)
{
    return batch_then(h, args[0], args[1], args[2], result);
}

enum host_error import_promise_create(struct host *h, const uint64_t *args, uint64_t *result)
{
    TRY(batch_create(h, args[0], args[1], result));
    return promise_call(h, *result, args + 2, 0);
}

enum host_error import_promise_then(struct host *h, const uint64_t *args, uint64_t *result)
{
    TRY(batch_then(h, args[0], args[1], args[2], result));
    return promise_call(h, *result, args + 3, 0);
}

/* ---- and -------------------------------------------------------------------------------------------------------- */

/* How many receipts the promises stand for whose numbers are in `indices`, 8 bytes each. The limit is checked after
 * every promise, so that an unknown one behind it is not noticed. */
static enum host_error count_joined(struct host *h, struct bytes indices, uint32_t *total)
{
    uint64_t limit = h->parameters->limits.max_number_input_data_dependencies;
    uint64_t sum = 0;
    for (size_t at = 0; at < indices.size; at += 8) {
        const uint64_t *receipts;
        const struct promise *promise = promise_find(h, load_le64(indices.data + at));
        if (!promise) return HOST_InvalidPromiseIndex;
        sum += receipts_of(promise, &receipts);
        if (sum > limit || sum > UINT32_MAX) {
            return host_fail_numbers(h, HOST_NumberInputDataDependenciesExceeded, sum, limit);
        }
    }
    *total = (uint32_t)sum;
    return HOST_OK;
}

enum host_error import_promise_and(struct host *h, const uint64_t *args, uint64_t *result)
{
    uint64_t ptr = args[0], count = args[1];
    TRY(promise_begin(h, "promise_and"));
    TRY(gas_pay(&h->gas, EXT_promise_and_base));
    if (count > UINT64_MAX / 8) return host_fail(h, HOST_IntegerOverflow);
    /* Paid for each byte, whatever the name says. */
    TRY(gas_pay_per(&h->gas, EXT_promise_and_per_promise, count * 8));
    struct bytes indices;
    TRY(memory_read(h, ptr, count * 8, &indices));

    struct promise joint = {.joint = true};
    TRY(count_joined(h, indices, &joint.receipt_count));
    joint.receipts = arena_array(h->arena, joint.receipt_count, sizeof *joint.receipts);
    if (!joint.receipts) return host_out_of_memory(h);
    uint64_t *next = joint.receipts;
    for (size_t at = 0; at < indices.size; at += 8) {
        const uint64_t *receipts;
        size_t n = receipts_of(&h->promises[load_le64(indices.data + at)], &receipts);
        for (size_t i = 0; i < n; i++) *next++ = receipts[i];
    }
    return promise_push(h, joint, result);
}

/* ---- what a promise is to do besides its actions ---------------------------------------------------------------- */

enum host_error import_promise_set_refund_to(struct host *h, const uint64_t *args, uint64_t *result)
{
    (void)result;
    TRY(promise_begin(h, "promise_set_refund_to"));
    struct account_id refund_to;
    TRY(memory_read_account_id(h, args[1], args[2], &refund_to));
    const struct promise *promise = promise_find(h, args[0]);
    if (!promise) return HOST_InvalidPromiseIndex;
    if (promise->joint) return host_fail(h, HOST_CannotSetRefundToOnJointPromise);
    TRY(h->external->functions->set_refund_to(h->external->self, promise->receipt, &refund_to));
    return HOST_OK;
}

enum host_error import_promise_return(struct host *h, const uint64_t *args, uint64_t *result)
{
    (void)result;
    TRY(gas_pay(&h->gas, EXT_base));
    TRY(gas_pay(&h->gas, EXT_promise_return));
    TRY(host_prohibited_in_view(h, "promise_return"));
    const struct promise *promise = promise_find(h, args[0]);
    if (!promise) return HOST_InvalidPromiseIndex;
    if (promise->joint) return host_fail(h, HOST_CannotReturnJointPromise);
    h->return_kind = RETURN_RECEIPT;
    h->return_receipt = promise->receipt;
    return HOST_OK;
}
