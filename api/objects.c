/* Memories, tables and globals: the engine's objects, checked for use from outside. */
#include "api/api.h"

static struct memory *memory_of(const nvm_memory *m)
{
    return (struct memory *)(uintptr_t)m;
}
static struct table *table_of(const nvm_table *t)
{
    return (struct table *)(uintptr_t)t;
}
static struct global *global_of(const nvm_global *g)
{
    return (struct global *)(uintptr_t)g;
}

/* Whether the value may go into the table or global `x`. */
static bool accepts(struct external x, uint8_t type, const nvm_value *value)
{
    return value && value->type == type && api_value_fits(external_store(&x), value);
}
static bool table_accepts(const nvm_table *t, const nvm_value *value)
{
    struct table *const table = table_of(t);
    return t && accepts((struct external){EXTERN_TABLE, {.table = table}}, table_type(table), value);
}

/* ---- memories ---------------------------------------------------------------------------------------------------- */

nvm_status nvm_memory_new(nvm_store *store, uint32_t min, uint32_t max, nvm_memory **memory, nvm_error *error)
{
    struct error e;
    struct memory *m = NULL;
    if (!memory) return api_null(error, "memory");
    *memory = NULL;
    if (!store) return api_null(error, "store");
    if (min > max || max > 65536)
        return api_fail(error, NVM_USAGE, "a memory of %u to %u pages: expected min <= max <= 65536", min, max);
    const struct range range = {.min = min, .max = max, .has_max = true};
    if (memory_new(store->vm, range, &m, &e) != STATUS_OK) return api_error(error, &e);
    *memory = (nvm_memory *)m;
    return NVM_OK;
}

uint64_t nvm_memory_size(const nvm_memory *m)
{
    return m ? memory_size(memory_of(m)) : 0;
}

/* `data` is null only if nothing is copied. */
static bool inside(const nvm_memory *m, uint64_t address, const void *data, size_t size)
{
    uint64_t all = nvm_memory_size(m);
    return m && (data || !size) && size <= all && address <= all - size;
}

bool nvm_memory_read(const nvm_memory *m, uint64_t address, void *out, size_t size)
{
    if (!inside(m, address, out, size)) return false;
    if (size) memcpy(out, memory_data(memory_of(m)) + address, size);
    return true;
}

bool nvm_memory_write(nvm_memory *m, uint64_t address, const void *data, size_t size)
{
    if (!inside(m, address, data, size)) return false;
    if (size) memcpy(memory_data(memory_of(m)) + address, data, size);
    return true;
}

uint8_t *nvm_memory_data(nvm_memory *m)
{
    return m ? memory_data(memory_of(m)) : NULL;
}

bool nvm_memory_grow(nvm_memory *m, uint32_t pages)
{
    return m && memory_grow(memory_of(m), pages);
}

/* ---- tables ------------------------------------------------------------------------------------------------------ */

nvm_status nvm_table_new(nvm_store *store, nvm_type type, uint32_t min, uint32_t max, nvm_table **table,
                         nvm_error *error)
{
    struct error e;
    struct table *t = NULL;
    if (!table) return api_null(error, "table");
    *table = NULL;
    if (!store) return api_null(error, "store");
    if (type != NVM_FUNCREF && type != NVM_EXTERNREF)
        return api_fail(error, NVM_USAGE, "a table of %s: expected funcref or externref", nvm_type_name(type));
    if (min > max) return api_fail(error, NVM_USAGE, "a table of %u to %u elements: expected min <= max", min, max);
    const struct range range = {.min = min, .max = max, .has_max = true};
    if (table_new(store->vm, type, range, 0, &t, &e) != STATUS_OK) return api_error(error, &e);
    *table = (nvm_table *)t;
    return NVM_OK;
}

uint32_t nvm_table_size(const nvm_table *t)
{
    return t ? table_size(table_of(t)) : 0;
}

bool nvm_table_get(const nvm_table *t, uint32_t index, nvm_value *out)
{
    slot s = 0;
    if (!t || !out || !table_get(table_of(t), index, &s)) return false;
    *out = api_from_slot(table_type(table_of(t)), s);
    return true;
}

bool nvm_table_set(nvm_table *t, uint32_t index, const nvm_value *value)
{
    return table_accepts(t, value) && table_set(table_of(t), index, api_to_slot(value));
}

bool nvm_table_grow(nvm_table *t, uint32_t elements, const nvm_value *value)
{
    return table_accepts(t, value) && table_grow(table_of(t), elements, api_to_slot(value));
}

/* ---- globals ----------------------------------------------------------------------------------------------------- */

nvm_status nvm_global_new(nvm_store *store, const nvm_value *value, bool is_mutable, nvm_global **global,
                          nvm_error *error)
{
    struct error e;
    struct global *g = NULL;
    if (!global) return api_null(error, "global");
    *global = NULL;
    if (!store) return api_null(error, "store");
    if (!value) return api_null(error, "value");
    if (nvm_type_name(value->type)[0] == '?')
        return api_fail(error, NVM_USAGE, "a global of type 0x%02x, which is no value type", value->type);
    if (!api_value_fits(store->vm, value))
        return api_fail(error, NVM_USAGE, "the value is a function of another store");
    if (global_new(store->vm, value->type, is_mutable, api_to_slot(value), &g, &e) != STATUS_OK)
        return api_error(error, &e);
    *global = (nvm_global *)g;
    return NVM_OK;
}

nvm_value nvm_global_get(const nvm_global *g)
{
    return g ? api_from_slot(global_type(global_of(g)), global_get(global_of(g))) : (nvm_value){0};
}

bool nvm_global_set(nvm_global *g, const nvm_value *value)
{
    struct global *const global = global_of(g);
    if (!g || !global_is_mutable(global)) return false;
    if (!accepts((struct external){EXTERN_GLOBAL, {.global = global}}, global_type(global), value)) return false;
    global_set(global_of(g), api_to_slot(value));
    return true;
}
