/* Instantiation (specification 4.5.4): imports are matched, everything is allocated, segments are copied, the start
 * function runs. */
#include <stdlib.h>

#include "vm/opcodes.h"
#include "vm/runtime.h"

struct instantiation {
    struct store *s;
    struct module *m;
    struct instance *i;
    const struct external *imports;
    struct error *e;
};

/* ---- imports ----------------------------------------------------------------------------------------------------- */

static enum status import_error(struct instantiation *x, uint32_t n, const char *why)
{
    const struct import_info *import = &x->m->imports[n];
    return error_set(x->e, STATUS_UNLINKABLE, VM_ERROR_IMPORT_TYPE, ERROR_NO_OFFSET,
                     "incompatible import type: \"%.*s\" \"%.*s\": %s",
                     (int)(import->module.size < 50 ? import->module.size : 50), (const char *)import->module.data,
                     (int)(import->name.size < 50 ? import->name.size : 50), (const char *)import->name.data, why);
}

static bool range_matches(uint32_t size, struct range actual, struct range wanted)
{
    if (size < wanted.min) return false;
    return !wanted.has_max || (actual.has_max && actual.max <= wanted.max);
}

static const char *import_mismatch(const struct extern_type *t, const struct external *x)
{
    if (t->kind != x->kind) return "it is of another kind";
    switch (t->kind) {
    case EXTERN_FUNC: return functype_equal(&t->func, x->func->type) ? NULL : "the function has another type";
    case EXTERN_TABLE:
        if (x->table->type != t->type) return "the table has another element type";
        return range_matches(x->table->size, x->table->range, t->range) ? NULL : "the table has another size";
    case EXTERN_MEMORY:
        return range_matches(x->memory->pages, x->memory->range, t->range) ? NULL : "the memory has another size";
    case EXTERN_GLOBAL:
        if (x->global->is_mutable != t->is_mutable) return "the global's mutability differs";
        return x->global->type == t->type ? NULL : "the global has another type";
    }
    return "it is of an unknown kind";
}

static enum status link_imports(struct instantiation *x)
{
    uint32_t functions = 0, tables = 0, globals = 0;
    for (uint32_t n = 0; n < x->m->import_count; n++) {
        const struct external *import = &x->imports[n];
        const char *why = import_mismatch(&x->m->imports[n].type, import);
        if (why) return import_error(x, n, why);
        switch (import->kind) {
        case EXTERN_FUNC: x->i->funcs[functions++] = import->func; break;
        case EXTERN_TABLE: x->i->tables[tables++] = import->table; break;
        case EXTERN_MEMORY: x->i->memory = import->memory; break;
        case EXTERN_GLOBAL: x->i->globals[globals++] = import->global; break;
        }
    }
    return STATUS_OK;
}

/* ---- allocation -------------------------------------------------------------------------------------------------- */

static bool allocate_arrays(struct instantiation *x)
{
    struct arena *a = &x->s->arena;
    struct module *m = x->m;
    struct instance *i = x->i;
    uint32_t *ids = arena_array(a, m->type_count, sizeof *ids);
    i->funcs = arena_array(a, m->function_count, sizeof *i->funcs);
    i->own_funcs = arena_array(a, m->body_count, sizeof *i->own_funcs);
    i->tables = arena_array(a, m->table_count, sizeof *i->tables);
    i->globals = arena_array(a, m->global_count, sizeof *i->globals);
    i->own_globals = arena_array(a, m->global_count - m->imported_globals, sizeof *i->own_globals);
    i->data_dropped = arena_array(a, m->data_segments, sizeof *i->data_dropped);
    i->element_dropped = arena_array(a, m->element_count, sizeof *i->element_dropped);
    i->element_values = arena_array(a, m->element_count, sizeof *i->element_values);
    if (!ids || !i->funcs || !i->own_funcs || !i->tables || !i->globals || !i->own_globals || !i->data_dropped ||
        !i->element_dropped || !i->element_values)
        return false;
    for (uint32_t k = 0; k < m->type_count; k++) {
        /* equal types have one id, and the canonical one comes first */
        ids[k] = m->type_canonical[k] == k ? store_type_id(x->s, &m->types[k]) : ids[m->type_canonical[k]];
        if (ids[k] == UINT32_MAX) return false;
    }
    i->type_ids = ids;
    return true;
}

static void make_functions(struct instantiation *x)
{
    const struct module *m = x->m;
    for (uint32_t k = 0; k < m->body_count; k++) {
        struct body *b = &m->bodies[k];
        struct func *f = &x->i->own_funcs[k];
        *f = (struct func){.instance = x->i, .body = b, .type = &m->types[b->type], .type_id = x->i->type_ids[b->type],
                           .index = b->index, .store = x->s};
        x->i->funcs[b->index] = f;
    }
}

static slot evaluate(const struct instance *i, const struct const_expr *c)
{
    switch (c->kind) {
    case CONST_GLOBAL: return i->globals[c->value]->value;
    case CONST_FUNC: return (slot)(uintptr_t)i->funcs[c->value];
    case CONST_VALUE: break;
    }
    return c->value;
}

static void make_globals(struct instantiation *x)
{
    const struct module *m = x->m;
    for (uint32_t k = m->imported_globals; k < m->global_count; k++) {
        const struct global_def *d = &m->globals[k];
        struct global *g = &x->i->own_globals[k - m->imported_globals];
        *g = (struct global){evaluate(x->i, &d->init), d->type, d->is_mutable, x->s};
        x->i->globals[k] = g;
    }
}

static enum status make_tables_and_memory(struct instantiation *x)
{
    const struct module *m = x->m;
    for (uint32_t k = m->imported_tables; k < m->table_count; k++) {
        enum status status = table_new(x->s, m->tables[k].type, m->tables[k].range, 0, &x->i->tables[k], x->e);
        if (status != STATUS_OK) return status;
    }
    if (m->memory_count > m->imported_memories) return memory_create(x->s, m->memories[0], &x->i->memory, x->e);
    return STATUS_OK;
}

static enum status interrupted(struct instantiation *x)
{
    store_settle(x->s);
    return error_set(x->e, STATUS_LIMIT, VM_ERROR_INTERRUPTED, ERROR_NO_OFFSET, "interrupted");
}

/* As store_work, for a store that may not have a module yet. */
static bool is_interrupted(struct instantiation *x, uint64_t work)
{
    x->s->work += work;
    return x->s->work >= WORK_PER_LOOK && module_is_metered(x->m) && store_look(x->s);
}

static enum status make_element_values(struct instantiation *x)
{
    for (uint32_t k = 0; k < x->m->element_count; k++) {
        const struct element_segment *s = &x->m->elements[k];
        slot *values = arena_array(&x->s->arena, s->count, sizeof *values);
        if (!values) return error_no_memory(x->e);
        for (uint32_t n = 0; n < s->count; n++) values[n] = evaluate(x->i, &s->items[n]);
        x->i->element_values[k] = values;
        if (is_interrupted(x, (s->count + (uint64_t)1) * sizeof *values)) return interrupted(x);
    }
    return STATUS_OK;
}

/* ---- segments and start ------------------------------------------------------------------------------------------ */

static enum trap copy_segments(struct instance *i)
{
    const struct module *m = i->module;
    for (uint32_t k = 0; k < m->element_count; k++) {
        const struct element_segment *s = &m->elements[k];
        if (s->mode == SEGMENT_ACTIVE) {
            slot v[3] = {evaluate(i, &s->offset), 0, s->count};
            enum trap trap = bulk_table_init(i, v, s->table, k);
            if (trap != TRAP_NONE) return trap;
        }
        if (s->mode != SEGMENT_PASSIVE) i->element_dropped[k] = true;
    }
    for (uint32_t k = 0; k < m->data_segments; k++) {
        const struct data_segment *s = &m->data[k];
        if (s->mode != SEGMENT_ACTIVE) continue;
        slot v[3] = {evaluate(i, &s->offset), 0, s->bytes.size};
        enum trap trap = bulk_memory_init(i, v, k);
        if (trap != TRAP_NONE) return trap;
        i->data_dropped[k] = true;
    }
    return TRAP_NONE;
}

/* One store runs code for one dispatcher, either metered or not: the gas register means one thing. */
static enum status check_store(struct instantiation *x)
{
    const struct store *s = x->s;
    if (!s->used || (s->dispatch == x->m->dispatch && s->metered == module_is_metered(x->m) &&
                     s->scheduled == (x->m->config.schedule != NULL)))
        return STATUS_OK;
    return error_set(x->e, STATUS_USAGE, 0, ERROR_NO_OFFSET,
                     "all modules of a store must agree in dispatcher, metering and interruption");
}

/* The first module that has an instance says how the store runs. */
static void claim_store(struct instantiation *x)
{
    struct store *s = x->s;
    const struct module *m = x->m;
    if (s->used) return;
    const void *const *handlers = m->dispatch->handlers();
    s->dispatch = m->dispatch;
    s->metered = module_is_metered(m);
    s->scheduled = m->config.schedule != NULL;
    s->gas_slice = SLICE_INSTRUCTIONS;
    if (s->scheduled && m->schedule.op[OPCODE_NOP] > 1) s->gas_slice *= m->schedule.op[OPCODE_NOP]; /* < 2^56 */
    s->stub[STUB_EXIT].p = handlers[m->first[OPERATION_EXIT]];
    s->stub[STUB_SUSPEND].p = handlers[m->first[OPERATION_SUSPEND]];
    s->stub[STUB_RESUME].p = handlers[m->first[OPERATION_RESUME]];
    s->stub[STUB_FOREIGN].p = handlers[m->first[OPERATION_FOREIGN_RETURN]];
    s->used = true;
}

static enum status prepare(struct instantiation *x)
{
    enum status status = check_store(x);
    if (status != STATUS_OK) return status;
    x->i = arena_alloc(&x->s->arena, sizeof *x->i);
    if (!x->i) return error_no_memory(x->e);
    x->i->store = x->s;
    x->i->module = x->m;
    x->i->stack_end = x->s->stack_end;
    x->i->memory = &x->s->empty_memory;
    if (!allocate_arrays(x)) return error_no_memory(x->e);
    status = link_imports(x);
    if (status != STATUS_OK) return status;
    make_functions(x);
    make_globals(x);
    status = make_tables_and_memory(x);
    if (status != STATUS_OK) return status;
    status = make_element_values(x);
    if (status == STATUS_OK) claim_store(x);
    return status;
}

static enum status allocate(struct instantiation *x, size_t count)
{
    if (count == x->m->import_count) return prepare(x);
    return error_set(x->e, STATUS_USAGE, 0, ERROR_NO_OFFSET, "%zu imports given, the module has %u", count,
                     x->m->import_count);
}

enum status instance_allocate(struct store *s, struct module *m, const struct external *imports, size_t count,
                              struct instance **out, struct error *e)
{
    struct instantiation x = {.s = s, .m = m, .imports = imports, .e = e};
    enum status status = allocate(&x, count);
    *out = status == STATUS_OK ? x.i : NULL;
    return status;
}

enum status instance_start(struct instance *i, struct trap_info *trap, struct error *e)
{
    const struct module *m = i->module;
    struct trap_info unused;
    if (!trap) trap = &unused;
    *trap = (struct trap_info){.trap = copy_segments(i)};
    trap->message = trap_text(trap->trap);
    store_settle(i->store);
    if (trap->trap == TRAP_NONE && m->has_start) {
        slot none[1] = {0};
        func_call(i->store, i->funcs[m->start], none, trap);
    }
    if (trap->trap == TRAP_NONE) return STATUS_OK;
    return error_set(e, STATUS_TRAP, 0, ERROR_NO_OFFSET, "instantiation trapped: %s", trap->message);
}

enum status instance_new(struct store *s, struct module *m, const struct external *imports, size_t count,
                         struct instance **out, struct trap_info *trap, struct error *e)
{
    struct instance *i;
    struct trap_info unused;
    *out = NULL;
    if (!trap) trap = &unused;
    *trap = (struct trap_info){0};
    struct error why;
    if (!e) e = &why;
    enum status status = instance_allocate(s, m, imports, count, &i, e);
    if (status == STATUS_LIMIT && e->code == VM_ERROR_INTERRUPTED) {
        trap->trap = TRAP_INTERRUPTED;
        trap->message = trap_text(trap->trap);
        return e->status = STATUS_TRAP;
    }
    if (status != STATUS_OK) return status;
    status = instance_start(i, trap, e);
    if (status == STATUS_OK || trap->trap == TRAP_SUSPENDED) *out = i;
    return status;
}

bool instance_export(struct instance *i, struct bytes name, struct external *out)
{
    const struct export_info *x = module_find_export(i->module, name);
    if (!x) return false;
    out->kind = x->type.kind;
    switch (out->kind) {
    case EXTERN_FUNC: out->func = i->funcs[x->index]; break;
    case EXTERN_TABLE: out->table = i->tables[x->index]; break;
    case EXTERN_MEMORY: out->memory = i->memory; break;
    case EXTERN_GLOBAL: out->global = i->globals[x->index]; break;
    }
    return true;
}

struct module *instance_module(const struct instance *i) { return i->module; }
void *instance_user(const struct instance *i) { return i->user; }
void instance_set_user(struct instance *i, void *user) { i->user = user; }

struct memory *instance_memory(struct instance *i, uint32_t index)
{
    return index < i->module->memory_count ? i->memory : NULL;
}

struct store *external_store(const struct external *x)
{
    switch (x->kind) {
    case EXTERN_FUNC: return x->func->store;
    case EXTERN_TABLE: return x->table->store;
    case EXTERN_MEMORY: return x->memory->store;
    case EXTERN_GLOBAL: return x->global->store;
    }
    return NULL;
}
