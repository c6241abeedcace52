/* Stores: the value stack, gas, interned types, and everything that is freed together. */
#include <stdlib.h>
#include <sys/mman.h>

#include "base/array.h"
#include "base/hash.h"
#include "vm/runtime.h"

void store_config_default(struct store_config *c)
{
    *c = (struct store_config){.stack_slots = LIMIT_STACK_SLOTS, .gas = UINT64_MAX, .stack_bytes = UINT64_MAX,
                               .memory_pages = 65536, .table_elements = LIMIT_TABLE_ELEMENTS};
}

static size_t stack_bytes(const struct store *s)
{
    return ((size_t)s->config.stack_slots + STACK_MARGIN) * sizeof(slot);
}

enum status store_new(const struct store_config *config, struct store **out, struct error *e)
{
    *out = NULL;
    struct store *s = calloc(1, sizeof *s);
    if (!s) return error_no_memory(e);
    s->config = *config;
    if (s->config.memory_pages > 65536) s->config.memory_pages = 65536;
    if (s->config.table_elements > LIMIT_TABLE_ELEMENTS) s->config.table_elements = LIMIT_TABLE_ELEMENTS;
    /* pages of the stack are committed as calls get deeper */
    void *stack = mmap(NULL, stack_bytes(s), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (stack == MAP_FAILED) {
        free(s);
        return error_no_memory(e);
    }
    s->stack = s->sp = stack;
    s->stack_end = s->stack + s->config.stack_slots;
    s->stack_left = s->config.stack_bytes;
    s->gas_reserve = s->config.gas;
    *out = s;
    return STATUS_OK;
}

void store_free(struct store *s)
{
    if (!s) return;
    for (uint32_t i = 0; i < s->memory_count; i++) memory_release(s->memories[i]);
    for (uint32_t i = 0; i < s->table_count; i++) free(s->tables[i]->elements);
    munmap(s->stack, stack_bytes(s));
    free(s->memories);
    free(s->tables);
    free(s->foreign);
    free(s->types);
    free(s->type_slots);
    arena_free(&s->arena);
    free(s);
}

/* ---- gas: what is left is `gas` (never negative outside handlers) and the reserve --------------------------------- */

uint64_t store_gas_left(const struct store *s)
{
    return s->gas_reserve + (uint64_t)(s->gas > 0 && s->scheduled ? s->gas : 0);
}

bool store_is_scheduled(const struct store *s)
{
    return s->scheduled;
}

void store_set_gas(struct store *s, uint64_t gas)
{
    uint64_t most = gas > s->suspend_floor ? gas - s->suspend_floor : 0;
    uint64_t slice = !s->scheduled ? 0 : most < s->gas_slice ? most : s->gas_slice;
    s->gas = (int64_t)slice;
    s->gas_reserve = gas - slice;
}

/* The register keeps its slice as far as that goes: a new one comes with a look for an interruption. */
bool store_burn(struct store *s, uint64_t gas)
{
    if (!s->scheduled) return true; /* nobody counts */
    uint64_t left = store_gas_left(s);
    if (gas > left) {
        s->pending = gas;
        s->short_of = left;
        s->short_at_once = true;
        store_set_gas(s, 0);
        return false;
    }
    left -= gas;
    const uint64_t most = left > s->suspend_floor ? left - s->suspend_floor : 0;
    if (s->gas < 0 || (uint64_t)s->gas > most) s->gas = (int64_t)(s->gas < 0 ? 0 : most);
    s->gas_reserve = left - (uint64_t)s->gas;
    return true;
}

void store_set_observer(struct store *s, const struct call_observer *o)
{
    s->observer = o ? *o : (struct call_observer){0};
}

void store_interrupt(struct store *s)
{
    atomic_store(&s->interrupted, true);
}

bool store_is_interrupted(const struct store *s)
{
    return atomic_load_explicit(&s->interrupted, memory_order_relaxed);
}

bool store_look(struct store *s)
{
    s->looks++;
    s->work = 0;
    s->stopping = s->stopping || store_is_interrupted(s);
    return s->stopping;
}

bool store_work(struct store *s, uint64_t n)
{
    s->work += n;
    return s->work < WORK_PER_LOOK || !s->metered || !store_look(s);
}

void store_settle(struct store *s)
{
    if (s->host_depth || !s->stopping) return;
    s->stopping = false;
    atomic_store(&s->interrupted, false);
}

/* ---- tables of things -------------------------------------------------------------------------------------------- */

static uint32_t type_hash(const struct store *s, const struct functype *t)
{
    return (uint32_t)hash_bytes(bytes_of(t->types, t->params + t->results), &s->table_key) + t->params;
}

static bool rehash_types(struct store *s)
{
    if (!s->type_slots) s->table_key = hash_key_new();
    uint32_t size = s->type_slots ? (s->type_mask + 1) * 2 : 64;
    uint32_t *slots = calloc(size, sizeof *slots);
    if (!slots) return false;
    for (uint32_t i = 0; i < s->type_count; i++) {
        uint32_t h = type_hash(s, &s->types[i]) & (size - 1);
        while (slots[h]) h = (h + 1) & (size - 1);
        slots[h] = i + 1;
    }
    free(s->type_slots);
    s->type_slots = slots;
    s->type_mask = size - 1;
    return true;
}

uint32_t store_type_id(struct store *s, const struct functype *t)
{
    if (!s->type_slots || s->type_count * 2 > s->type_mask)
        if (!rehash_types(s)) return UINT32_MAX;
    uint32_t h = type_hash(s, t) & s->type_mask;
    for (; s->type_slots[h]; h = (h + 1) & s->type_mask)
        if (functype_equal(t, &s->types[s->type_slots[h] - 1])) return s->type_slots[h] - 1;
    if (!array_grow(&s->types, s->type_count, &s->type_capacity, sizeof *s->types)) return UINT32_MAX;
    uint32_t n = t->params + t->results;
    uint8_t *types = arena_alloc(&s->arena, n);
    if (!types) return UINT32_MAX;
    if (n) memcpy(types, t->types, n);
    s->types[s->type_count] = (struct functype){t->params, t->results, types};
    s->type_slots[h] = ++s->type_count;
    return s->type_count - 1;
}

static bool has_f32(const struct functype *t)
{
    return t->params && memchr(t->types, TYPE_F32, t->params) != NULL;
}

enum status func_new_host(struct store *s, const struct functype *type, host_function f, void *user, struct func **out,
                          struct error *e)
{
    if (type->params > LIMIT_PARAMS || type->results > LIMIT_RESULTS)
        return error_set(e, STATUS_LIMIT, 0, ERROR_NO_OFFSET, "a host function with %u parameters and %u results",
                         type->params, type->results);
    struct func *func = arena_alloc(&s->arena, sizeof *func);
    struct functype *copy = arena_alloc(&s->arena, sizeof *copy);
    uint32_t id = store_type_id(s, type);
    if (!func || !copy || id == UINT32_MAX) return error_no_memory(e);
    *copy = s->types[id];
    *func = (struct func){.type = copy, .type_id = id, .host = f, .user = user, .has_f32 = has_f32(copy),
                           .store = s};
    *out = func;
    return STATUS_OK;
}

const struct functype *func_type(const struct func *f)
{
    return f->type;
}

struct store *func_store(const struct func *f)
{
    return f->store;
}
