/* Registers API. */
#include "host/context.h"

enum host_error import_read_register(struct host *h, const uint64_t *args, uint64_t *result)
{
    (void)result;
    struct bytes data;
    TRY(gas_pay(&h->gas, EXT_base));
    TRY(register_read(h, args[0], &data));
    return memory_write(h, args[1], data);
}

enum host_error import_register_len(struct host *h, const uint64_t *args, uint64_t *result)
{
    struct bytes data;
    TRY(gas_pay(&h->gas, EXT_base));
    *result = registers_find(&h->registers, args[0], &data) ? data.size : UINT64_MAX;
    return HOST_OK;
}

enum host_error import_write_register(struct host *h, const uint64_t *args, uint64_t *result)
{
    (void)result;
    struct bytes data;
    TRY(gas_pay(&h->gas, EXT_base));
    TRY(memory_read(h, args[2], args[1], &data));
    return register_write(h, args[0], data);
}
