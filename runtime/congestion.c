#include "runtime/congestion.h"

#include <math.h>

/* Above 64 bits the value is more than the maximum, so that nothing is lost by the conversion but what rounding to the
 * nearest double loses in production, too. */
static double clamped_fraction(struct u128 value, uint64_t max)
{
    if (value.high || value.low >= max) return 1.0;
    return (double)value.low / (double)max;
}

static double larger(double a, double b)
{
    return a > b ? a : b;
}

double congestion_level(const struct protocol_parameters *p, const struct congestion_info *info,
                        uint64_t missed_chunks)
{
    const struct runtime_parameters *r = &p->runtime;
    double level = clamped_fraction(info->delayed_receipts_gas, r->congestion_max_incoming_gas);
    level = larger(level, clamped_fraction(info->buffered_receipts_gas, r->congestion_max_outgoing_gas));
    level = larger(level, clamped_fraction(u128_of(info->receipt_bytes), r->congestion_max_memory_consumption));
    if (missed_chunks > 1)
        level = larger(level, clamped_fraction(u128_of(missed_chunks), r->congestion_max_missed_chunks));
    return level;
}

/* Linear interpolation, rounding after each step as production does: no two of the steps may be fused. */
static uint64_t mix(uint64_t left, uint64_t right, double ratio)
{
    const volatile double left_part = (double)left * (1.0 - ratio);
    const volatile double right_part = (double)right * ratio;
    const double total = round(left_part + right_part);
    return total >= 18446744073709551616.0 ? UINT64_MAX : (uint64_t)total;
}

uint64_t congestion_outgoing_gas_limit(const struct protocol_parameters *p, const struct congestion_info *info,
                                       uint64_t missed_chunks, uint64_t sender)
{
    const double level = congestion_level(p, info, missed_chunks);
    if (congestion_is_full(level))
        return sender == info->allowed_shard ? p->runtime.congestion_allowed_shard_outgoing_gas : 0;
    return mix(p->runtime.max_outgoing_gas, p->runtime.min_outgoing_gas, level);
}

uint16_t congestion_allowed_shard(const uint64_t *shard_ids, uint32_t count, uint64_t seed)
{
    return (uint16_t)shard_ids[seed % count];
}

/* ---- keeping count ----------------------------------------------------------------------------------------------- */

static enum status inconsistent(struct error *e, const char *what)
{
    return error_set(e, STATUS_INVALID, 0, ERROR_NO_OFFSET, "congestion info: %s leave the range", what);
}

static enum status add(struct congestion_info *info, struct u128 *total, struct u128 gas, uint64_t bytes,
                       struct error *e)
{
    if (info->receipt_bytes + bytes < bytes) return inconsistent(e, "the bytes of waiting receipts");
    if (!u128_add(*total, gas, total)) return inconsistent(e, "the gas of waiting receipts");
    info->receipt_bytes += bytes;
    return STATUS_OK;
}

static enum status take(struct congestion_info *info, struct u128 *total, struct u128 gas, uint64_t bytes,
                        struct error *e)
{
    if (info->receipt_bytes < bytes) return inconsistent(e, "the bytes of waiting receipts");
    if (!u128_subtract(*total, gas, total)) return inconsistent(e, "the gas of waiting receipts");
    info->receipt_bytes -= bytes;
    return STATUS_OK;
}

enum status congestion_add_delayed(struct congestion_info *info, struct u128 gas, uint64_t bytes, struct error *e)
{
    return add(info, &info->delayed_receipts_gas, gas, bytes, e);
}

enum status congestion_remove_delayed(struct congestion_info *info, struct u128 gas, uint64_t bytes, struct error *e)
{
    return take(info, &info->delayed_receipts_gas, gas, bytes, e);
}

enum status congestion_add_buffered(struct congestion_info *info, uint64_t gas, uint64_t bytes, struct error *e)
{
    return add(info, &info->buffered_receipts_gas, u128_of(gas), bytes, e);
}

enum status congestion_remove_buffered(struct congestion_info *info, uint64_t gas, uint64_t bytes, struct error *e)
{
    return take(info, &info->buffered_receipts_gas, u128_of(gas), bytes, e);
}
