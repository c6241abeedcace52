/* Miscellaneous API: the value that a call returns, panics and logs. */
#include "host/context.h"

#include "near/fees.h"

/* ---- the return value ------------------------------------------------------------------------------------------- */

/* Each receiver of the value gets a data receipt, whose bytes are paid for here, their execution included. */
static bool data_receipts_cost(const struct host *h, uint64_t size, struct cost *out)
{
    const struct protocol_parameters *p = h->parameters;
    *out = (struct cost){0};
    for (size_t i = 0; i < h->context->output_data_receiver_count; i++) {
        bool sir = account_id_equal(&h->context->output_data_receivers[i], &h->context->current_account);
        struct cost byte, all;
        if (!cost_add(action_send_fee(p, ACTION_new_data_receipt_byte, sir),
                      action_exec_fee(p, ACTION_new_data_receipt_byte), &byte) ||
            !cost_multiply(byte, size, &all) || !cost_add(*out, all, out))
            return false;
    }
    return true;
}

/* A later value takes the place of the one before, in memory that at least doubles, so that a contract cannot fill the
 * arena with values. */
static enum host_error keep_return_value(struct host *h, struct bytes value)
{
    if (!h->return_memory || value.size > h->return_capacity) {
        size_t capacity = h->return_memory && value.size <= SIZE_MAX / 2 ? value.size * 2 : value.size;
        uint8_t *memory = arena_alloc(h->arena, capacity);
        if (!memory) return host_out_of_memory(h);
        h->return_memory = memory;
        h->return_capacity = capacity;
    }
    if (value.size) memcpy(h->return_memory, value.data, value.size);
    h->return_value = bytes_of(h->return_memory, value.size);
    h->return_kind = RETURN_VALUE;
    return HOST_OK;
}

enum host_error import_value_return(struct host *h, const uint64_t *args, uint64_t *result)
{
    (void)result;
    struct bytes value;
    struct cost cost;
    TRY(gas_pay(&h->gas, EXT_base));
    TRY(memory_or_register(h, args[0], args[1], &value));
    uint64_t limit = h->parameters->limits.max_length_returned_data;
    if (value.size > limit) return host_fail_numbers(h, HOST_ReturnedValueLengthExceeded, value.size, limit);
    if (!data_receipts_cost(h, value.size, &cost)) return host_fail(h, HOST_IntegerOverflow);
    TRY(gas_pay_action(&h->gas, cost, cost.gas, ACTION_new_data_receipt_byte));
    return keep_return_value(h, value);
}

/* ---- panics ----------------------------------------------------------------------------------------------------- */

enum host_error import_panic(struct host *h, const uint64_t *args, uint64_t *result)
{
    (void)args, (void)result;
    TRY(gas_pay(&h->gas, EXT_base));
    return host_fail_text(h, HOST_GuestPanic, bytes_of_string("explicit guest panic"));
}

enum host_error import_panic_utf8(struct host *h, const uint64_t *args, uint64_t *result)
{
    (void)result;
    struct bytes text;
    TRY(gas_pay(&h->gas, EXT_base));
    TRY(memory_read_utf8(h, args[0], args[1], &text));
    return host_fail_text(h, HOST_GuestPanic, text);
}

/* ---- logs ------------------------------------------------------------------------------------------------------- */

static enum host_error check_log_count(struct host *h)
{
    uint64_t limit = h->parameters->limits.max_number_logs;
    return h->log_count >= limit ? host_fail_numbers(h, HOST_NumberOfLogsExceeded, limit, 0) : HOST_OK;
}

/* The array is in the arena, too: the outcome keeps it. */
static bool logs_grow(struct host *h)
{
    enum { FIRST_CAPACITY = 8 };
    if (h->log_count < h->log_capacity) return true;
    if (h->log_capacity > UINT32_MAX / 2) return false;
    uint32_t wanted = h->log_capacity ? h->log_capacity * 2 : FIRST_CAPACITY;
    struct bytes *logs = arena_array(h->arena, wanted, sizeof *logs);
    if (!logs) return false;
    if (h->log_count) memcpy(logs, h->logs, h->log_count * sizeof *logs);
    h->logs = logs;
    h->log_capacity = wanted;
    return true;
}

/* `text` is in the arena. A text that is too long counts before it is refused, and is then counted again in the
 * message: production's way. */
static enum host_error push_log(struct host *h, struct bytes text)
{
    if (text.size > UINT64_MAX - h->total_log_length) return host_log_length_exceeded(h, text.size);
    h->total_log_length += text.size;
    if (h->total_log_length > h->parameters->limits.max_total_log_length)
        return host_log_length_exceeded(h, text.size);
    if (!logs_grow(h)) return host_out_of_memory(h);
    h->logs[h->log_count++] = text;
    return HOST_OK;
}

static enum host_error pay_log(struct host *h, uint64_t size)
{
    TRY(gas_pay(&h->gas, EXT_log_base));
    return host_check(h, gas_pay_per(&h->gas, EXT_log_byte, size));
}

enum host_error import_log_utf8(struct host *h, const uint64_t *args, uint64_t *result)
{
    (void)result;
    struct bytes text;
    TRY(gas_pay(&h->gas, EXT_base));
    TRY(check_log_count(h));
    TRY(memory_read_utf8(h, args[0], args[1], &text));
    TRY(pay_log(h, text.size));
    return push_log(h, text);
}

enum host_error import_log_utf16(struct host *h, const uint64_t *args, uint64_t *result)
{
    (void)result;
    struct bytes text;
    TRY(gas_pay(&h->gas, EXT_base));
    TRY(check_log_count(h));
    TRY(memory_read_utf16(h, args[0], args[1], &text));
    TRY(pay_log(h, text.size));
    return push_log(h, text);
}

/* ---- abort: AssemblyScript's, whose strings have their length in the four bytes before them --------------------- */

enum { ABORT_LENGTH_SIZE = 4 };

static enum host_error read_u32(struct host *h, uint64_t ptr, uint32_t *out)
{
    struct bytes data;
    TRY(memory_read(h, ptr, 4, &data));
    *out = load_le32(data.data);
    return HOST_OK;
}

static const char abort_prefix[] = "ABORT: ";

/* The log's text, in the arena; what follows the prefix is the panic's. */
static enum host_error abort_text(struct host *h, struct bytes message, struct bytes filename, uint32_t line,
                                  uint32_t column, struct bytes *out)
{
    struct buffer b = {0};
    buffer_append_string(&b, abort_prefix);
    buffer_append(&b, message.data, message.size);
    buffer_append_string(&b, ", filename: \"");
    buffer_append(&b, filename.data, filename.size);
    buffer_printf(&b, "\" line: %lu col: %lu", (unsigned long)line, (unsigned long)column);
    *out = b.failed ? (struct bytes){0} : host_copy(h, bytes_of(b.data, b.size));
    buffer_free(&b);
    return out->data ? HOST_OK : host_out_of_memory(h);
}

enum host_error import_abort(struct host *h, const uint64_t *args, uint64_t *result)
{
    (void)result;
    uint32_t message_ptr = (uint32_t)args[0], filename_ptr = (uint32_t)args[1], message_size = 0, filename_size = 0;
    struct bytes message, filename, text;
    TRY(gas_pay(&h->gas, EXT_base));
    if (message_ptr < ABORT_LENGTH_SIZE || filename_ptr < ABORT_LENGTH_SIZE) return host_fail(h, HOST_BadUTF16);
    TRY(check_log_count(h));
    TRY(read_u32(h, message_ptr - ABORT_LENGTH_SIZE, &message_size));
    TRY(read_u32(h, filename_ptr - ABORT_LENGTH_SIZE, &filename_size));
    TRY(memory_read_utf16(h, message_size, message_ptr, &message));
    TRY(memory_read_utf16(h, filename_size, filename_ptr, &filename));
    TRY(abort_text(h, message, filename, (uint32_t)args[2], (uint32_t)args[3], &text));
    const size_t prefix = sizeof abort_prefix - 1;
    struct bytes panic = bytes_of(text.data + prefix, text.size - prefix);
    TRY(pay_log(h, panic.size));
    TRY(push_log(h, text));
    return host_fail_text(h, HOST_GuestPanic, panic);
}
