/* Yield and resume (NEP-519): a call of the current account that waits until it is resumed with a payload. */
#include "host/promise.h"

enum { RESUME_ID_SIZE = 32 }; /* data ids and yield ids */

/* The function call that waits. */
struct yielded_call {
    struct bytes method, arguments;
    uint64_t gas, gas_weight;
    struct u128 deposit;
};

static enum host_error read_call(struct host *h, const uint64_t *args, struct yielded_call *call)
{
    TRY(memory_or_register(h, args[CALL_METHOD_LEN], args[CALL_METHOD_PTR], &call->method));
    if (call->method.size == 0) return host_fail(h, HOST_EmptyMethodName);
    TRY(memory_or_register(h, args[CALL_ARGUMENTS_LEN], args[CALL_ARGUMENTS_PTR], &call->arguments));
    return HOST_OK;
}

static uint64_t call_size(const struct yielded_call *call)
{
    return (uint64_t)call->method.size + call->arguments.size;
}

/* The receipt waits for one data receipt, which the current account sends to itself. */
static enum host_error pay_receipt(struct host *h)
{
    return promise_pay_receipt(h, true, 1, 0);
}

static enum host_error pay_call(struct host *h, const struct yielded_call *call)
{
    TRY(promise_pay_action(h, ACTION_function_call_base, 1, true));
    return promise_pay_action(h, ACTION_function_call_byte, call_size(call), true);
}

static enum host_error append_call(struct host *h, uint64_t receipt, const struct yielded_call *call)
{
    struct action action = {
        .kind = ACTION_KIND_function_call,
        .function_call = {.method_name = call->method, .arguments = call->arguments, .gas = call->gas,
                          .gas_weight = call->gas_weight, .deposit = call->deposit},
    };
    return promise_append(h, receipt, &action, NULL);
}

enum host_error import_promise_yield_create(struct host *h, const uint64_t *args, uint64_t *result)
{
    const struct external_state *external = h->external;
    struct yielded_call call = {.gas = args[4], .gas_weight = args[5]};
    TRY(promise_begin(h, "promise_yield_create"));
    TRY(gas_pay(&h->gas, EXT_yield_create_base));
    TRY(read_call(h, args, &call));
    TRY(gas_pay_per(&h->gas, EXT_yield_create_byte, call_size(&call)));
    TRY(gas_prepay(&h->gas, call.gas));
    TRY(pay_receipt(h));
    struct promise promise = {0};
    uint8_t data_id[RESUME_ID_SIZE];
    TRY(external->functions->create_promise_yield_receipt(external->self, &h->context->current_account,
                                                          &promise.receipt, data_id));
    TRY(promise_push(h, promise, result));
    TRY(pay_call(h, &call));
    TRY(append_call(h, promise.receipt, &call));
    TRY(registers_write(&h->registers, &h->gas, args[6], bytes_of(data_id, sizeof data_id)));
    return HOST_OK;
}

enum host_error import_promise_yield_create_with_id(struct host *h, const uint64_t *args, uint64_t *result)
{
    const struct external_state *external = h->external;
    struct yielded_call call = {.gas = args[5], .gas_weight = args[6]};
    struct bytes id;
    TRY(promise_begin(h, "promise_yield_create_with_id"));
    TRY(gas_pay(&h->gas, EXT_yield_create_with_id_base));
    TRY(memory_read_u128(h, args[CALL_AMOUNT_PTR], &call.deposit));
    TRY(read_call(h, args, &call));
    TRY(memory_or_register(h, args[7], args[8], &id));
    if (id.size != RESUME_ID_SIZE) return host_fail(h, HOST_YieldIdMalformed);
    TRY(gas_pay_per(&h->gas, EXT_yield_create_byte, call_size(&call)));
    struct promise promise = {0};
    uint8_t data_id[RESUME_ID_SIZE]; /* the contract knows the yield id instead */
    bool created;
    TRY(external->functions->create_promise_yield_receipt_with_id(
        external->self, &h->context->current_account, id.data, &created, &promise.receipt, data_id));
    if (!created) {
        *result = UINT64_MAX; /* the id is taken; nothing more is paid */
        return HOST_OK;
    }
    TRY(gas_prepay(&h->gas, call.gas));
    TRY(pay_receipt(h));
    TRY(promise_push(h, promise, result));
    TRY(pay_call(h, &call));
    TRY(promise_deduct_deposit(h, call.deposit));
    return append_call(h, promise.receipt, &call);
}

/* ---- resume ----------------------------------------------------------------------------------------------------- */

/* The arguments of both ways to resume: the id and the payload. The payload is paid by the length that was asked for,
 * before it is known whether that means a register. */
static enum host_error read_resume(struct host *h, const uint64_t *args, const char *function, struct bytes *id,
                                   struct bytes *payload)
{
    uint64_t limit = h->parameters->limits.max_yield_payload_size;
    TRY(promise_begin(h, function));
    TRY(gas_pay(&h->gas, EXT_yield_resume_base));
    TRY(gas_pay_per(&h->gas, EXT_yield_resume_byte, args[2]));
    TRY(memory_or_register(h, args[0], args[1], id));
    TRY(memory_or_register(h, args[2], args[3], payload));
    if (payload->size > limit) return host_fail_numbers(h, HOST_YieldPayloadLength, payload->size, limit);
    return HOST_OK;
}

enum host_error import_promise_yield_resume(struct host *h, const uint64_t *args, uint64_t *result)
{
    const struct external_state *external = h->external;
    struct bytes id, payload;
    bool accepted;
    TRY(read_resume(h, args, "promise_yield_resume", &id, &payload));
    if (id.size != RESUME_ID_SIZE) return host_fail(h, HOST_DataIdMalformed);
    TRY(external->functions->submit_promise_resume_data(external->self, id.data, payload, &accepted));
    *result = accepted;
    return HOST_OK;
}

enum host_error import_promise_yield_resume_with_yield_id(struct host *h, const uint64_t *args, uint64_t *result)
{
    const struct external_state *external = h->external;
    struct bytes id, payload;
    bool accepted;
    TRY(read_resume(h, args, "promise_yield_resume_with_yield_id", &id, &payload));
    if (id.size != RESUME_ID_SIZE) return host_fail(h, HOST_YieldIdMalformed);
    TRY(external->functions->submit_promise_resume_data_with_yield_id(external->self, id.data, payload, &accepted));
    *result = accepted;
    return HOST_OK;
}
