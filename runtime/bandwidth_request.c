/* Parameters of the scheduler, and requests. */
#include "runtime/bandwidth.h"

struct bandwidth_parameters bandwidth_parameters_of(const struct protocol_parameters *p, uint32_t shard_count)
{
    const struct runtime_parameters *r = &p->runtime;
    const uint64_t others = shard_count > 1 ? shard_count - 1 : 1;
    /* One link may get max_single_grant; what is left then must be enough for the base of all others. */
    const uint64_t base = (r->bandwidth_max_shard - r->bandwidth_max_single_grant) / others;
    return (struct bandwidth_parameters){
        .base_bandwidth = base < r->bandwidth_max_base ? base : r->bandwidth_max_base,
        .max_shard_bandwidth = r->bandwidth_max_shard,
        .max_single_grant = r->bandwidth_max_single_grant,
        .max_receipt_size = p->limits.max_receipt_size,
        .max_allowance = r->bandwidth_max_allowance,
    };
}

void bandwidth_values(const struct bandwidth_parameters *b, uint64_t out[static BANDWIDTH_REQUEST_VALUES])
{
    const uint64_t range = b->max_single_grant - b->base_bandwidth;
    for (unsigned i = 0; i < BANDWIDTH_REQUEST_VALUES; i++)
        out[i] = b->base_bandwidth + range * (i + 1) / BANDWIDTH_REQUEST_VALUES;
}

void bandwidth_asker_init(struct bandwidth_asker *a, const struct bandwidth_parameters *b)
{
    *a = (struct bandwidth_asker){.parameters = b};
    bandwidth_values(b, a->values);
}

void bandwidth_asker_add(struct bandwidth_asker *a, uint64_t size)
{
    if (a->full) return;
    a->total = a->total + size < size ? UINT64_MAX : a->total + size;
    if (a->total <= a->parameters->base_bandwidth) return;
    for (unsigned i = 0; i < BANDWIDTH_REQUEST_VALUES; i++) {
        if (a->values[i] < a->total) continue;
        a->request.bitmap[i / 8] |= (uint8_t)(1u << i % 8);
        return;
    }
    a->full = true;
}

bool bandwidth_asker_needs(const struct bandwidth_asker *a)
{
    for (unsigned i = 0; i < BANDWIDTH_BITMAP_SIZE; i++)
        if (a->request.bitmap[i]) return true;
    return false;
}
