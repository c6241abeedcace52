#include "host/registers.h"

#include <stdlib.h>

#include "base/array.h"

void registers_free(struct registers *r)
{
    for (uint32_t i = 0; i < r->count; i++) free(r->entries[i].owned);
    free(r->entries);
    *r = (struct registers){0};
}

static struct register_entry *find(const struct registers *r, uint64_t id)
{
    for (uint32_t i = 0; i < r->count; i++)
        if (r->entries[i].id == id) return &r->entries[i];
    return NULL;
}

bool registers_find(const struct registers *r, uint64_t id, struct bytes *out)
{
    const struct register_entry *e = find(r, id);
    if (e) *out = e->data;
    return e != NULL;
}

enum host_error registers_read(const struct registers *r, struct gas_counter *g, uint64_t id, struct bytes *out)
{
    const struct register_entry *entry = find(r, id);
    if (!entry) return HOST_InvalidRegisterId;
    enum host_error e = gas_pay(g, EXT_read_register_base);
    if (!e) e = gas_pay_per(g, EXT_read_register_byte, entry->data.size);
    if (!e) *out = entry->data;
    return e;
}

/* ---- writing ---------------------------------------------------------------------------------------------------- */

/* What a register counts for, beside its bytes. */
enum { REGISTER_OVERHEAD = 8 };

static enum host_error check_limits(const struct registers *r, const struct protocol_limits *limits,
                                    const struct register_entry *old, uint64_t size, uint64_t *usage)
{
    if (size > limits->max_register_size) return HOST_MemoryAccessViolation;
    /* With all registers in use, none can be written any more, not even one that exists: the protocol's rule. */
    if (r->count >= limits->max_number_registers) return HOST_MemoryAccessViolation;
    uint64_t others = r->memory_usage - (old ? old->data.size + REGISTER_OVERHEAD : 0);
    if (size > UINT64_MAX - REGISTER_OVERHEAD || size + REGISTER_OVERHEAD > UINT64_MAX - others)
        return HOST_MemoryAccessViolation;
    *usage = others + size + REGISTER_OVERHEAD;
    return *usage > limits->registers_memory_limit ? HOST_MemoryAccessViolation : HOST_OK;
}

/* Memory is kept for the next value of the register, unless most of it would lie idle. */
static bool fits(const struct register_entry *e, size_t size)
{
    enum { ALWAYS_KEPT = 4096 };
    return e->owned && size <= e->capacity && (e->capacity <= ALWAYS_KEPT || size >= e->capacity / 2);
}

static bool store_copy(struct register_entry *e, struct bytes data)
{
    if (!fits(e, data.size)) {
        size_t capacity = data.size ? data.size : 1;
        void *memory = malloc(capacity);
        if (!memory) return false;
        if (data.size) memcpy(memory, data.data, data.size);
        free(e->owned);
        e->owned = memory;
        e->capacity = capacity;
    } else if (data.size) {
        memmove(e->owned, data.data, data.size);
    }
    e->data = bytes_of(e->owned, data.size);
    return true;
}

static void store_shared(struct register_entry *e, struct bytes data)
{
    free(e->owned);
    e->owned = NULL;
    e->capacity = 0;
    e->data = data;
}

static enum host_error set(struct registers *r, struct gas_counter *g, uint64_t id, struct bytes data, bool shared)
{
    struct register_entry *old = find(r, id);
    uint64_t usage = 0;
    enum host_error e = check_limits(r, &g->parameters->limits, old, data.size, &usage);
    if (e) return e;
    if (!old && !array_grow(&r->entries, r->count, &r->capacity, sizeof *r->entries)) return HOST_EXTERNAL_FAILURE;
    struct register_entry *entry = old ? old : &r->entries[r->count];
    if (!old) *entry = (struct register_entry){.id = id};
    if (shared) store_shared(entry, data);
    else if (!store_copy(entry, data)) return HOST_EXTERNAL_FAILURE;
    r->count += !old;
    r->memory_usage = usage;
    return HOST_OK;
}

bool registers_restore(struct registers *r, const struct protocol_limits *limits, uint64_t id, struct bytes data,
                       bool *no_memory)
{
    uint64_t usage;
    if (find(r, id) || check_limits(r, limits, NULL, data.size, &usage) != HOST_OK) return false;
    struct register_entry entry = {.id = id};
    *no_memory = !array_grow(&r->entries, r->count, &r->capacity, sizeof *r->entries) || !store_copy(&entry, data);
    if (*no_memory) {
        free(entry.owned);
        return false;
    }
    r->entries[r->count++] = entry;
    r->memory_usage = usage;
    return true;
}

enum host_error registers_write(struct registers *r, struct gas_counter *g, uint64_t id, struct bytes data)
{
    enum host_error e = gas_pay(g, EXT_write_register_base);
    if (!e) e = gas_pay_per(g, EXT_write_register_byte, data.size);
    return e ? e : set(r, g, id, data, false);
}

enum host_error registers_write_shared(struct registers *r, struct gas_counter *g, uint64_t id, struct bytes data)
{
    enum host_error e = gas_pay(g, EXT_write_register_base);
    return e ? e : set(r, g, id, data, true);
}
