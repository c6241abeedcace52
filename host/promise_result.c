/* What came of the promises that this call waited for. */
#include "host/promise.h"

enum host_error import_promise_results_count(struct host *h, const uint64_t *args, uint64_t *result)
{
    (void)args;
    TRY(promise_begin(h, "promise_results_count"));
    *result = h->context->promise_result_count;
    return HOST_OK;
}

enum host_error import_promise_result(struct host *h, const uint64_t *args, uint64_t *result)
{
    uint64_t index = args[0], register_id = args[1];
    TRY(promise_begin(h, "promise_result"));
    if (index >= h->context->promise_result_count) {
        return host_fail_numbers(h, HOST_InvalidPromiseResultIndex, index, 0);
    }
    const struct promise_result *r = &h->context->promise_results[index];
    if (r->kind == PROMISE_SUCCESSFUL) {
        TRY(registers_write_shared(&h->registers, &h->gas, register_id, r->data));
    }
    *result = r->kind;
    return HOST_OK;
}
