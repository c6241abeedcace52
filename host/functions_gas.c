/* The import `gas`, which contracts that were instrumented long ago still call. */
#include "host/context.h"

enum host_error import_gas(struct host *h, const uint64_t *args, uint64_t *result)
{
    (void)result;
    return host_check(h, gas_burn(&h->gas, (uint64_t)(uint32_t)args[0] * h->parameters->regular_op_cost));
}
