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

/* ---- in pieces ----------------------------------------------------------------------------------------------------- */

enum { PIECE = WORK_PER_LOOK };    /* bytes */

/* After a piece of so many bytes: TRAP_INTERRUPTED, or on with the next. */
static enum trap worked(struct instance *i, uint64_t bytes)
{
    if (store_work(i->store, bytes)) return TRAP_NONE;
    i->store->inside_stretch = true;
    return TRAP_INTERRUPTED;
}

static enum trap fill_bytes(struct instance *i, uint8_t *to, int value, uint64_t count)
{
    enum trap trap = TRAP_NONE;
    for (uint64_t n; count && trap == TRAP_NONE; to += n, count -= n) {
        n = count < PIECE ? count : PIECE;
        memset(to, value, (size_t)n);
        trap = worked(i, n);
    }
    return trap;
}

static enum trap fill_slots(struct instance *i, slot *to, slot value, uint64_t count)
{
    enum trap trap = TRAP_NONE;
    for (uint64_t n; count && trap == TRAP_NONE; to += n, count -= n) {
        n = count < PIECE / sizeof *to ? count : PIECE / sizeof *to;
        for (uint64_t k = 0; k < n; k++) to[k] = value;
        trap = worked(i, n * sizeof *to);
    }
    return trap;
}

/* The ranges may overlap: where the destination is higher, the last piece goes first. */
static enum trap copy_bytes(struct instance *i, void *to, const void *from, uint64_t count)
{
    uint8_t *const t = to;
    const uint8_t *const f = from;
    const bool last_first = (uintptr_t)to > (uintptr_t)from;
    enum trap trap = TRAP_NONE;
    for (uint64_t done = 0, n; done < count && trap == TRAP_NONE; done += n) {
        n = count - done < PIECE ? count - done : PIECE;
        const uint64_t at = last_first ? count - done - n : done;
        memmove(t + at, f + at, (size_t)n);
        trap = worked(i, n);
    }
    return trap;
}

/* ---- instructions -------------------------------------------------------------------------------------------------- */

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
    return x.count ? copy_bytes(i, i->memory->data + x.to, data.data + x.from, x.count) : TRAP_NONE;
}

enum trap bulk_memory_copy(struct instance *i, const slot *v)
{
    struct span x = span(v);
    if (x.from + x.count > i->memory->size || x.to + x.count > i->memory->size) return TRAP_MEMORY_BOUNDS;
    return x.count ? copy_bytes(i, i->memory->data + x.to, i->memory->data + x.from, x.count) : TRAP_NONE;
}

enum trap bulk_memory_fill(struct instance *i, const slot *v)
{
    struct span x = span(v);
    if (x.to + x.count > i->memory->size) return TRAP_MEMORY_BOUNDS;
    return x.count ? fill_bytes(i, i->memory->data + x.to, (int)(x.from & 0xff), x.count) : TRAP_NONE;
}

enum trap bulk_table_get(struct instance *i, slot *v, uint32_t table)
{
    return table_get(i->tables[table], (uint32_t)v[0], &v[0]) ? TRAP_NONE : TRAP_TABLE_BOUNDS;
}

enum trap bulk_table_set(struct instance *i, const slot *v, uint32_t table)
{
    return table_set(i->tables[table], (uint32_t)v[0], v[1]) ? TRAP_NONE : TRAP_TABLE_BOUNDS;
}

/* New elements are written at once: there are at most LIMIT_TABLE_ELEMENTS. */
enum trap bulk_table_grow(struct instance *i, slot *v, uint32_t table)
{
    struct table *t = i->tables[table];
    const uint32_t old = t->size, capacity = t->capacity, n = (uint32_t)v[1];
    const bool grown = table_grow(t, n, v[0]);
    v[0] = grown ? old : UINT32_MAX;
    if (!grown) return TRAP_NONE;
    return worked(i, (n + (t->capacity != capacity ? (uint64_t)old : 0)) * sizeof *t->elements);
}

enum trap bulk_table_fill(struct instance *i, const slot *v, uint32_t table)
{
    struct table *t = i->tables[table];
    uint64_t to = (uint32_t)v[0], count = (uint32_t)v[2];
    if (to + count > t->size) return TRAP_TABLE_BOUNDS;
    return fill_slots(i, t->elements + to, v[1], count);
}

enum trap bulk_table_copy(struct instance *i, const slot *v, uint32_t to, uint32_t from)
{
    struct span x = span(v);
    struct table *a = i->tables[to], *b = i->tables[from];
    if (x.from + x.count > b->size || x.to + x.count > a->size) return TRAP_TABLE_BOUNDS;
    return copy_bytes(i, a->elements + x.to, b->elements + x.from, x.count * sizeof *a->elements);
}

enum trap bulk_table_init(struct instance *i, const slot *v, uint32_t table, uint32_t segment)
{
    struct span x = span(v);
    struct table *t = i->tables[table];
    uint32_t size = i->element_dropped[segment] ? 0 : i->module->elements[segment].count;
    if (x.from + x.count > size || x.to + x.count > t->size) return TRAP_TABLE_BOUNDS;
    if (!x.count) return TRAP_NONE;
    return copy_bytes(i, t->elements + x.to, i->element_values[segment] + x.from, x.count * sizeof *t->elements);
}
