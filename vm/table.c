/* Tables and globals. */
#include <stdlib.h>

#include "base/array.h"
#include "vm/runtime.h"

enum status table_new(struct store *s, uint8_t type, struct range range, slot init, struct table **out,
                      struct error *e)
{
    if (!type_is_reference(type) || (range.has_max && range.max < range.min))
        return error_set(e, STATUS_USAGE, 0, ERROR_NO_OFFSET, "a table of %u to %u elements of type %s", range.min,
                         range.max, valtype_name(type));
    if (range.min > s->config.table_elements)
        return error_set(e, STATUS_LIMIT, 0, ERROR_NO_OFFSET, "a table of %u elements, at most %u are allowed",
                         range.min, s->config.table_elements);
    struct table *t = arena_alloc(&s->arena, sizeof *t);
    if (!t || !array_grow(&s->tables, s->table_count, &s->table_capacity, sizeof *s->tables))
        return error_no_memory(e);
    t->store = s;
    t->type = type;
    t->range = range;
    t->limit = s->config.table_elements;
    t->capacity = range.min ? range.min : 1;
    t->elements = calloc(t->capacity, sizeof *t->elements);
    if (!t->elements) return error_no_memory(e);
    s->tables[s->table_count++] = t;
    for (uint32_t i = 0; init && i < range.min; i++) t->elements[i] = init;
    t->size = range.min;
    *out = t;
    return STATUS_OK;
}

uint32_t table_size(const struct table *t) { return t->size; }
uint8_t table_type(const struct table *t) { return t->type; }
struct range table_range(const struct table *t) { return t->range; }

bool table_get(const struct table *t, uint32_t i, slot *out)
{
    if (i >= t->size) return false;
    *out = t->elements[i];
    return true;
}

bool table_set(struct table *t, uint32_t i, slot value)
{
    if (i >= t->size) return false;
    t->elements[i] = value;
    return true;
}

bool table_grow(struct table *t, uint32_t n, slot value)
{
    uint32_t most = t->range.has_max && t->range.max < t->limit ? t->range.max : t->limit;
    if (n > most || t->size > most - n) return false;
    uint32_t size = t->size + n;
    if (size > t->capacity) {
        uint32_t capacity = size > most / 2 ? most : size * 2;
        slot *elements = realloc(t->elements, capacity * sizeof *elements);
        if (!elements) return false;
        t->elements = elements;
        t->capacity = capacity;
    }
    for (uint32_t i = t->size; i < size; i++) t->elements[i] = value;
    t->size = size;
    return true;
}

static slot as_type(uint8_t type, slot value)
{
    return type == TYPE_I32 || type == TYPE_F32 ? (uint32_t)value : value;
}

enum status global_new(struct store *s, uint8_t type, bool is_mutable, slot value, struct global **out,
                       struct error *e)
{
    struct global *g = arena_alloc(&s->arena, sizeof *g);
    if (!g) return error_no_memory(e);
    *g = (struct global){as_type(type, value), type, is_mutable, s};
    *out = g;
    return STATUS_OK;
}

slot global_get(const struct global *g) { return as_type(g->type, g->value); }
void global_set(struct global *g, slot value) { g->value = as_type(g->type, value); }
uint8_t global_type(const struct global *g) { return g->type; }
bool global_is_mutable(const struct global *g) { return g->is_mutable; }
