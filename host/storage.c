/* Storage API. Reads and writes go through the external, which charges what it touches to the host's tracker. */
#include "host/context.h"

#include <stdio.h>

/* ---- the storage proof ------------------------------------------------------------------------------------------ */

/* "4.0 MB" as production prints a size: units of 1,000, chosen by powers of 1,024. */
static void size_text(uint64_t size, char out[static 32])
{
    static const char prefixes[] = "KMGTPE";
    if (size < 1000) {
        snprintf(out, 32, "%u B", (unsigned)size);
        return;
    }
    uint64_t unit = 1000, next = UINT64_C(1024) * 1024;
    size_t prefix = 0;
    while (prefix + 1 < sizeof prefixes - 1 && size > next) {
        unit *= 1000;
        prefix++;
        if (next > UINT64_MAX / 1024) break;
        next *= 1024;
    }
    uint64_t whole = size / unit, tenths = (size % unit * 10 + unit / 2) / unit;
    if (tenths == 10) whole++, tenths = 0;
    snprintf(out, 32, "%llu.%u %cB", (unsigned long long)whole, (unsigned)tenths, prefixes[prefix]);
}

/* To be called after every storage access: whether the proof of this receipt has become too large. */
static enum host_error check_storage_proof(struct host *h)
{
    const struct external_state *x = h->external;
    uint64_t size = x->functions->recorded_storage_size(x->self);
    uint64_t limit = h->parameters->limits.per_receipt_storage_proof_size_limit;
    if (size < h->storage_proof_base) return host_inconsistent(h, "the storage proof has become smaller");
    if (size - h->storage_proof_base <= limit) return HOST_OK;
    char text[32];
    size_text(limit, text);
    return host_fail_text(h, HOST_RecordedStorageExceeded, bytes_of_string(text));
}

/* ---- shared ----------------------------------------------------------------------------------------------------- */

static enum host_error read_key(struct host *h, uint64_t len, uint64_t ptr, struct bytes *key)
{
    uint64_t limit = h->parameters->limits.max_length_storage_key;
    TRY(memory_or_register(h, len, ptr, key));
    if (key->size > limit) return host_fail_numbers(h, HOST_KeyLengthExceeded, key->size, limit);
    return HOST_OK;
}

static enum host_error read_value(struct host *h, uint64_t len, uint64_t ptr, struct bytes *value)
{
    uint64_t limit = h->parameters->limits.max_length_storage_value;
    TRY(memory_or_register(h, len, ptr, value));
    if (value->size > limit) return host_fail_numbers(h, HOST_ValueLengthExceeded, value->size, limit);
    return HOST_OK;
}

static enum host_error usage_add(struct host *h, uint64_t bytes)
{
    if (bytes > UINT64_MAX - h->storage_usage) return host_inconsistent(h, "the account's storage usage overflows");
    h->storage_usage += bytes;
    return HOST_OK;
}

static enum host_error usage_subtract(struct host *h, uint64_t bytes)
{
    if (bytes > h->storage_usage)
        return host_inconsistent(h, "the account's storage usage is less than what is removed from it");
    h->storage_usage -= bytes;
    return HOST_OK;
}

/* What a record counts for in the account's storage usage. Lengths are limited: no overflow. */
static uint64_t record_usage(const struct host *h, size_t key, size_t value)
{
    return (uint64_t)key + value + h->parameters->runtime.num_extra_bytes_record;
}

static struct bytes former_value(const struct host *h)
{
    return bytes_of(h->scratch.data, h->scratch.size);
}

/* ---- the functions ---------------------------------------------------------------------------------------------- */

/* Stores before it pays for the register that the former value goes to. */
enum host_error import_storage_write(struct host *h, const uint64_t *args, uint64_t *result)
{
    const struct external_state *x = h->external;
    struct bytes key, value;
    bool replaced = false;
    TRY(gas_pay(&h->gas, EXT_base));
    TRY(host_prohibited_in_view(h, "storage_write"));
    TRY(gas_pay(&h->gas, EXT_storage_write_base));
    TRY(read_key(h, args[0], args[1], &key));
    TRY(read_value(h, args[2], args[3], &value));
    TRY(gas_pay_per(&h->gas, EXT_storage_write_key_byte, key.size));
    TRY(gas_pay_per(&h->gas, EXT_storage_write_value_byte, value.size));
    TRY(x->functions->storage_set(x->self, &h->tracker, key, value, &replaced, &h->scratch));
    if (h->scratch.failed) return host_out_of_memory(h);
    TRY(check_storage_proof(h));
    *result = replaced;
    if (!replaced) return usage_add(h, record_usage(h, key.size, value.size));
    TRY(usage_subtract(h, h->scratch.size));
    TRY(usage_add(h, value.size));
    return register_write(h, args[4], former_value(h));
}

/* A value of more than this many bytes is not kept in the trie's node. Source: INLINE_DISK_VALUE_THRESHOLD,
 * near-primitives-core. */
enum { INLINE_VALUE_MAX = 4000 };

static enum host_error pay_read(struct host *h, uint32_t length)
{
    TRY(gas_pay_per(&h->gas, EXT_storage_read_value_byte, length));
    if (length <= INLINE_VALUE_MAX) return HOST_OK;
    TRY(gas_pay(&h->gas, EXT_storage_large_read_overhead_base));
    return host_check(h, gas_pay_per(&h->gas, EXT_storage_large_read_overhead_byte, length));
}

/* The value is paid for by its length before it is read; reading it is then free of charge. */
enum host_error import_storage_read(struct host *h, const uint64_t *args, uint64_t *result)
{
    const struct external_state *x = h->external;
    struct stored_value found = {0};
    struct bytes key, value = {0};
    TRY(gas_pay(&h->gas, EXT_base));
    TRY(gas_pay(&h->gas, EXT_storage_read_base));
    TRY(read_key(h, args[0], args[1], &key));
    TRY(gas_pay_per(&h->gas, EXT_storage_read_key_byte, key.size));
    TRY(x->functions->storage_get(x->self, &h->tracker, key, &found));
    if (found.found) {
        TRY(pay_read(h, found.length));
        TRY(x->functions->storage_deref(x->self, NULL, &found, &value));
    }
    TRY(check_storage_proof(h));
    *result = found.found;
    return found.found ? register_write(h, args[2], value) : HOST_OK;
}

enum host_error import_storage_remove(struct host *h, const uint64_t *args, uint64_t *result)
{
    const struct external_state *x = h->external;
    struct bytes key;
    bool removed = false;
    TRY(gas_pay(&h->gas, EXT_base));
    TRY(host_prohibited_in_view(h, "storage_remove"));
    TRY(gas_pay(&h->gas, EXT_storage_remove_base));
    TRY(read_key(h, args[0], args[1], &key));
    TRY(gas_pay_per(&h->gas, EXT_storage_remove_key_byte, key.size));
    TRY(x->functions->storage_remove(x->self, &h->tracker, key, &removed, &h->scratch));
    if (h->scratch.failed) return host_out_of_memory(h);
    TRY(check_storage_proof(h));
    *result = removed;
    if (!removed) return HOST_OK;
    TRY(usage_subtract(h, record_usage(h, key.size, h->scratch.size)));
    return register_write(h, args[2], former_value(h));
}

/* Looks at the proof first, and only then at how the access itself ended. */
enum host_error import_storage_has_key(struct host *h, const uint64_t *args, uint64_t *result)
{
    const struct external_state *x = h->external;
    struct bytes key;
    bool found = false;
    TRY(gas_pay(&h->gas, EXT_base));
    TRY(gas_pay(&h->gas, EXT_storage_has_key_base));
    TRY(read_key(h, args[0], args[1], &key));
    TRY(gas_pay_per(&h->gas, EXT_storage_has_key_byte, key.size));
    enum host_error access = x->functions->storage_has_key(x->self, &h->tracker, key, &found);
    if (access != HOST_EXTERNAL_FAILURE) {
        enum host_error proof = check_storage_proof(h);
        if (proof != HOST_OK) return proof; /* recorded in the place of what the tracker may have recorded */
    }
    TRY(access);
    *result = found;
    return HOST_OK;
}

/* ---- iterators: gone, and free of charge ------------------------------------------------------------------------ */

static enum host_error deprecated(struct host *h, const char *function)
{
    return host_fail_text(h, HOST_Deprecated, bytes_of_string(function));
}

enum host_error import_storage_iter_prefix(struct host *h, const uint64_t *args, uint64_t *result)
{
    (void)args, (void)result;
    return deprecated(h, "storage_iter_prefix");
}

enum host_error import_storage_iter_range(struct host *h, const uint64_t *args, uint64_t *result)
{
    (void)args, (void)result;
    return deprecated(h, "storage_iter_range");
}

enum host_error import_storage_iter_next(struct host *h, const uint64_t *args, uint64_t *result)
{
    (void)args, (void)result;
    return deprecated(h, "storage_iter_next");
}
