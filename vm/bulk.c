/* Instructions that work on ranges of memories and tables. Bounds are checked before anything is written. */
#include "vm/runtime.h"

/* The operands of all three-operand instructions: destination, source (or value), count. */
struct span {
    uint64_t to, from, count;
};

static struct span span(const slot *v)
{
    return (struct span){(uint32_t)v[0], (uint32_t)v[1], (uint32_t)v[2]};
}

bool bulk_charge(struct instance *i, uint32_t n)
{
    struct store *s = i->store;
    const struct fee_schedule *f = i->module->config.schedule;
    if (!f) return true;
    uint64_t unit = f->linear_unit, cost;
    if (__builtin_mul_overflow(unit, (uint64_t)n, &cost) || __builtin_add_overflow(cost, f->linear_base, &cost))
        cost = UINT64_MAX;
    return store_burn(s, cost);
}

uint32_t bulk_memory_grow(struct instance *i, uint32_t pages)
{
    uint32_t old = i->memory->pages;
    return memory_grow(i->memory, pages) ? old : UINT32_MAX;
}

enum trap bulk_memory_init(struct instance *i, const slot *v, uint32_t segment)
{
    struct span x = span(v);
    struct bytes data = i->data_dropped[segment] ? (struct bytes){0} : i->module->data[segment].bytes;
    if (x.from + x.count > data.size || x.to + x.count > i->memory->size) return TRAP_MEMORY_BOUNDS;
    if (x.count) memcpy(i->memory->data + x.to, data.data + x.from, x.count);
    return TRAP_NONE;
}

enum trap bulk_memory_copy(struct instance *i, const slot *v)
{
    struct span x = span(v);
    if (x.from + x.count > i->memory->size || x.to + x.count > i->memory->size) return TRAP_MEMORY_BOUNDS;
    if (x.count) memmove(i->memory->data + x.to, i->memory->data + x.from, x.count);
    return TRAP_NONE;
}

enum trap bulk_memory_fill(struct instance *i, const slot *v)
{
    struct span x = span(v);
    if (x.to + x.count > i->memory->size) return TRAP_MEMORY_BOUNDS;
    if (x.count) memset(i->memory->data + x.to, (int)(x.from & 0xff), x.count);
    return TRAP_NONE;
}

enum trap bulk_table_get(struct instance *i, slot *v, uint32_t table)
{
    return table_get(i->tables[table], (uint32_t)v[0], &v[0]) ? TRAP_NONE : TRAP_TABLE_BOUNDS;
}

enum trap bulk_table_set(struct instance *i, const slot *v, uint32_t table)
{
    return table_set(i->tables[table], (uint32_t)v[0], v[1]) ? TRAP_NONE : TRAP_TABLE_BOUNDS;
}

uint32_t bulk_table_grow(struct instance *i, const slot *v, uint32_t table)
{
    struct table *t = i->tables[table];
    uint32_t old = t->size;
    return table_grow(t, (uint32_t)v[1], v[0]) ? old : UINT32_MAX;
}

enum trap bulk_table_fill(struct instance *i, const slot *v, uint32_t table)
{
    struct table *t = i->tables[table];
    uint64_t to = (uint32_t)v[0], count = (uint32_t)v[2];
    if (to + count > t->size) return TRAP_TABLE_BOUNDS;
    for (uint64_t k = 0; k < count; k++) t->elements[to + k] = v[1];
    return TRAP_NONE;
}

enum trap bulk_table_copy(struct instance *i, const slot *v, uint32_t to, uint32_t from)
{
    struct span x = span(v);
    struct table *a = i->tables[to], *b = i->tables[from];
    if (x.from + x.count > b->size || x.to + x.count > a->size) return TRAP_TABLE_BOUNDS;
    if (x.count) memmove(a->elements + x.to, b->elements + x.from, x.count * sizeof *a->elements);
    return TRAP_NONE;
}

enum trap bulk_table_init(struct instance *i, const slot *v, uint32_t table, uint32_t segment)
{
    struct span x = span(v);
    struct table *t = i->tables[table];
    uint32_t size = i->element_dropped[segment] ? 0 : i->module->elements[segment].count;
    if (x.from + x.count > size || x.to + x.count > t->size) return TRAP_TABLE_BOUNDS;
    if (x.count) memcpy(t->elements + x.to, i->element_values[segment] + x.from, x.count * sizeof *t->elements);
    return TRAP_NONE;
}
