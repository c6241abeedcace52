/* Function calls as actions of a promise. */
#include "host/promise.h"

enum host_error promise_call(struct host *h, uint64_t promise_index, const uint64_t *args, uint64_t gas_weight)
{
    struct promise_receipt receipt;
    struct u128 amount;
    struct bytes method, arguments;
    TRY(promise_begin(h, "promise_batch_action_function_call"));
    TRY(memory_read_u128(h, args[CALL_AMOUNT_PTR], &amount));
    TRY(memory_or_register(h, args[CALL_METHOD_LEN], args[CALL_METHOD_PTR], &method));
    if (method.size == 0) return host_fail(h, HOST_EmptyMethodName);
    TRY(memory_or_register(h, args[CALL_ARGUMENTS_LEN], args[CALL_ARGUMENTS_PTR], &arguments));
    TRY(promise_receipt_of(h, promise_index, &receipt));
    TRY(promise_pay_action(h, ACTION_function_call_base, 1, receipt.sir));
    TRY(promise_pay_action(h, ACTION_function_call_byte, (uint64_t)method.size + arguments.size, receipt.sir));
    TRY(gas_prepay(&h->gas, args[CALL_GAS]));
    TRY(promise_deduct_deposit(h, amount));
    struct action action = {
        .kind = ACTION_KIND_function_call,
        .function_call = {.method_name = method, .arguments = arguments, .gas = args[CALL_GAS],
                          .gas_weight = gas_weight, .deposit = amount},
    };
    return promise_append(h, receipt.index, &action, NULL);
}

enum host_error import_promise_batch_action_function_call(struct host *h, const uint64_t *args, uint64_t *result)
{
    (void)result;
    return promise_call(h, args[0], args + 1, 0);
}

enum host_error import_promise_batch_action_function_call_weight(struct host *h, const uint64_t *args,
                                                                 uint64_t *result)
{
    (void)result;
    return promise_call(h, args[0], args + 1, args[7]);
}
