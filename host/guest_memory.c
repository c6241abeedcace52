/* What host functions read from and write to the guest's memory and the registers, and what that costs. Source:
 * near-vm-runner, logic/host.rs. */
#include "host/context.h"

enum host_error memory_view(struct host *h, uint64_t ptr, uint64_t len, struct bytes *out)
{
    if (ptr > h->memory_size || len > h->memory_size - ptr) return host_fail(h, HOST_MemoryAccessViolation);
    *out = bytes_of(ptr ? h->memory + ptr : h->memory, (size_t)len); /* without a memory, h->memory is null */
    return HOST_OK;
}

enum host_error memory_read(struct host *h, uint64_t ptr, uint64_t len, struct bytes *out)
{
    TRY(gas_pay(&h->gas, EXT_read_memory_base));
    TRY(gas_pay_per(&h->gas, EXT_read_memory_byte, len));
    return memory_view(h, ptr, len, out);
}

enum host_error memory_write(struct host *h, uint64_t ptr, struct bytes data)
{
    struct bytes target;
    TRY(gas_pay(&h->gas, EXT_write_memory_base));
    TRY(gas_pay_per(&h->gas, EXT_write_memory_byte, data.size));
    TRY(memory_view(h, ptr, data.size, &target));
    if (data.size) memmove(h->memory + ptr, data.data, data.size);
    return HOST_OK;
}

enum host_error register_read(struct host *h, uint64_t id, struct bytes *out)
{
    enum host_error e = registers_read(&h->registers, &h->gas, id, out);
    return e == HOST_InvalidRegisterId ? host_fail_numbers(h, e, id, 0) : host_check(h, e);
}

enum host_error register_write(struct host *h, uint64_t id, struct bytes data)
{
    return host_check(h, registers_write(&h->registers, &h->gas, id, data));
}

enum host_error memory_or_register(struct host *h, uint64_t len, uint64_t ptr, struct bytes *out)
{
    return len == UINT64_MAX ? register_read(h, ptr, out) : memory_read(h, ptr, len, out);
}

enum host_error memory_read_u128(struct host *h, uint64_t ptr, struct u128 *out)
{
    struct bytes data = {0};
    TRY(memory_read(h, ptr, 16, &data));
    *out = u128_load(data.data);
    return HOST_OK;
}

enum host_error memory_write_u128(struct host *h, uint64_t ptr, struct u128 value)
{
    uint8_t data[16];
    u128_store(data, value);
    return memory_write(h, ptr, bytes_of(data, sizeof data));
}

/* Versions before 83 take any text as an account id. What does not fit into one cannot name an account, whatever the
 * version. */
enum host_error memory_read_account_id(struct host *h, uint64_t len, uint64_t ptr, struct account_id *out)
{
    struct bytes text = {0};
    TRY(memory_or_register(h, len, ptr, &text));
    TRY(gas_pay(&h->gas, EXT_utf8_decoding_base));
    TRY(gas_pay_per(&h->gas, EXT_utf8_decoding_byte, text.size));
    if (!utf8_valid(text.data, text.size)) return host_fail(h, HOST_BadUTF8);
    if (h->parameters->limits.account_id_validity_rules_version >= ACCOUNT_ID_CHECKED) {
        if (!account_id_parse(text, out, NULL)) return host_fail(h, HOST_InvalidAccountId);
        return HOST_OK;
    }
    if (text.size > ACCOUNT_ID_MAX) return host_fail(h, HOST_InvalidAccountId);
    *out = (struct account_id){.length = (uint8_t)text.size};
    if (text.size) memcpy(out->text, text.data, text.size);
    return HOST_OK;
}

/* ---- text ------------------------------------------------------------------------------------------------------- */

/* How many bytes of logs there is still room for: what is read is always meant to become a log or a panic. */
static uint64_t log_room(const struct host *h)
{
    uint64_t limit = h->parameters->limits.max_total_log_length;
    return limit > h->total_log_length ? limit - h->total_log_length : 0;
}

enum host_error host_log_length_exceeded(struct host *h, uint64_t length)
{
    uint64_t total = length > UINT64_MAX - h->total_log_length ? UINT64_MAX : h->total_log_length + length;
    return host_fail_numbers(h, HOST_TotalLogLengthExceeded, total, h->parameters->limits.max_total_log_length);
}

static enum host_error text_copy(struct host *h, struct bytes text, struct bytes *out)
{
    *out = host_copy(h, text);
    return out->data ? HOST_OK : host_out_of_memory(h);
}

/* Each byte is paid for, and read, by itself, the NUL, too. */
static enum host_error view_until_nul(struct host *h, uint64_t ptr, uint64_t room, struct bytes *out)
{
    struct bytes byte = {0};
    for (uint64_t i = 0;; i++) {
        if (ptr > UINT64_MAX - i) return host_fail(h, HOST_MemoryAccessViolation);
        TRY(memory_read(h, ptr + i, 1, &byte));
        if (*byte.data == 0) return memory_view(h, ptr, i, out);
        if (i == room) return host_log_length_exceeded(h, room == UINT64_MAX ? room : room + 1);
    }
}

enum host_error memory_read_utf8(struct host *h, uint64_t len, uint64_t ptr, struct bytes *out)
{
    struct bytes text = {0};
    uint64_t room = log_room(h);
    TRY(gas_pay(&h->gas, EXT_utf8_decoding_base));
    if (len == UINT64_MAX) {
        TRY(view_until_nul(h, ptr, room, &text));
    } else {
        if (len > room) return host_log_length_exceeded(h, len);
        TRY(memory_read(h, ptr, len, &text));
    }
    TRY(gas_pay_per(&h->gas, EXT_utf8_decoding_byte, text.size));
    if (!utf8_valid(text.data, text.size)) return host_fail(h, HOST_BadUTF8);
    return text_copy(h, text, out);
}

/* The same for 16-bit units. */
static enum host_error view_until_wide_nul(struct host *h, uint64_t ptr, uint64_t room, struct bytes *out)
{
    struct bytes unit;
    for (uint64_t length = 0;;) {
        if (ptr > UINT64_MAX - length) return host_fail(h, HOST_MemoryAccessViolation);
        TRY(memory_read(h, ptr + length, 2, &unit));
        if (load_le16(unit.data) == 0) return memory_view(h, ptr, length, out);
        if (length > UINT64_MAX - 2) return host_log_length_exceeded(h, UINT64_MAX);
        length += 2;
        if (length > room) return host_log_length_exceeded(h, length);
    }
}

static size_t utf8_encode(uint32_t c, uint8_t *out)
{
    if (c < 0x80) {
        out[0] = (uint8_t)c;
        return 1;
    }
    size_t more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
    static const uint8_t lead[] = {0, 0xc0, 0xe0, 0xf0};
    out[0] = (uint8_t)(lead[more] | c >> 6 * more);
    for (size_t i = 1; i <= more; i++) out[i] = (uint8_t)(0x80 | (c >> 6 * (more - i) & 0x3f));
    return more + 1;
}

/* False: a surrogate without its other half. `out` has room for three bytes for each unit. */
static bool utf16_to_utf8(struct bytes text, uint8_t *out, size_t *size)
{
    size_t n = 0;
    for (size_t i = 0; i < text.size; i += 2) {
        uint32_t c = load_le16(text.data + i);
        if (c >= 0xd800 && c < 0xe000) {
            if (c >= 0xdc00 || text.size - i < 4) return false;
            uint32_t low = load_le16(text.data + i + 2);
            if (low < 0xdc00 || low >= 0xe000) return false;
            c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
            i += 2;
        }
        n += utf8_encode(c, out + n);
    }
    *size = n;
    return true;
}

enum host_error memory_read_utf16(struct host *h, uint64_t len, uint64_t ptr, struct bytes *out)
{
    struct bytes text = {0};
    uint64_t room = log_room(h);
    TRY(gas_pay(&h->gas, EXT_utf16_decoding_base));
    if (len == UINT64_MAX) TRY(view_until_wide_nul(h, ptr, room, &text));
    else TRY(memory_read(h, ptr, len, &text));
    if (text.size % 2) return host_fail(h, HOST_BadUTF16);
    if (text.size > room) return host_log_length_exceeded(h, text.size);
    TRY(gas_pay_per(&h->gas, EXT_utf16_decoding_byte, text.size));
    uint8_t *utf8 = arena_array(h->arena, text.size / 2, 3);
    if (!utf8) return host_out_of_memory(h);
    size_t size;
    if (!utf16_to_utf8(text, utf8, &size)) return host_fail(h, HOST_BadUTF16);
    *out = bytes_of(utf8, size);
    return HOST_OK;
}
