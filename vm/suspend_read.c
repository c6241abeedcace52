/* Reads a suspended state, believing nothing of it, and goes on with the run. */
#include <stdlib.h>

#include "vm/suspend_state.h"

struct read_frame {
    struct body *body;
    uint32_t offset;
    struct layout_key key;
    uint32_t locals, operands;
    struct bytes local_values, operand_values; /* 8 bytes each */
    size_t at;                     /* where it stands in the state */
};

struct restoration {
    struct store *s;
    struct module *m;
    struct instance *i;
    struct borsh_reader r;
    struct read_frame *frames;     /* the outermost first */
    uint32_t frame_count;
    struct layouts layouts;
    struct error *e;
};

#define INVALID(x, offset, ...) error_set((x)->e, STATUS_INVALID, VM_ERROR_STATE_INVALID, offset, __VA_ARGS__)

static uint64_t here(const struct restoration *x)
{
    return (uint64_t)(x->r.p - x->r.start);
}

/* What could not be read, if anything. */
static enum status check_reader(const struct restoration *x)
{
    if (!x->r.failed) return STATUS_OK;
    return INVALID(x, x->r.failed_at, "suspended state: %s", x->r.problem);
}

static enum status check_count(struct restoration *x, uint32_t expected, const char *what)
{
    const uint64_t at = here(x);
    const uint32_t count = borsh_read_u32(&x->r);
    if (x->r.failed || count == expected) return check_reader(x);
    return INVALID(x, at, "suspended state: %u %s, but there are %u", count, what, expected);
}

/* ---- who it is of ------------------------------------------------------------------------------------------------ */

static enum status check_hash(struct restoration *x, const uint8_t expected[STATE_HASH_SIZE], const char *what)
{
    const uint64_t at = here(x);
    const struct bytes found = borsh_read_fixed(&x->r, STATE_HASH_SIZE);
    if (x->r.failed) return check_reader(x);
    if (memcmp(found.data, expected, STATE_HASH_SIZE) == 0) return STATUS_OK;
    return error_set(x->e, STATUS_INVALID, VM_ERROR_STATE_ENGINE, at, "suspended state: %s", what);
}

static enum status read_header(struct restoration *x)
{
    uint8_t hash[STATE_HASH_SIZE];
    const struct bytes magic = borsh_read_fixed(&x->r, STATE_MAGIC_SIZE);
    const uint32_t version = borsh_read_u16(&x->r);
    if (x->r.failed) return check_reader(x);
    if (memcmp(magic.data, STATE_MAGIC, STATE_MAGIC_SIZE) != 0) return INVALID(x, 0, "this is no suspended state");
    if (version != STATE_VERSION)
        return error_set(x->e, STATUS_INVALID, VM_ERROR_STATE_ENGINE, STATE_MAGIC_SIZE,
                         "suspended state: version %u of the format, this is version %u", version, STATE_VERSION);
    if (!state_engine_hash(x->s, x->m, hash)) return error_no_memory(x->e);
    enum status status = check_hash(x, hash, "suspended under other fees, features or limits");
    if (status != STATUS_OK) return status;
    state_module_hash(x->m, hash);
    return check_hash(x, hash, "it is of another module");
}

/* ---- memories, tables, globals, segments ------------------------------------------------------------------------- */

static enum status read_memories(struct restoration *x)
{
    enum status status = check_count(x, x->s->memory_count, "memories");
    for (uint32_t k = 0; k < x->s->memory_count && status == STATUS_OK; k++) {
        const char *why;
        const bool fits = state_read_memory(&x->r, x->s->memories[k], &why);
        status = fits || x->r.failed ? check_reader(x) : INVALID(x, here(x), "suspended state: %s", why);
    }
    return status;
}

/* A value in the form that it has in a slot. */
static enum status read_value(struct restoration *x, uint8_t type, uint64_t v, uint64_t at, slot *out)
{
    *out = v;
    if (type_is_narrow(type) && v > UINT32_MAX)
        return INVALID(x, at, "suspended state: a value of type %s that does not fit it", valtype_name(type));
    if (type != TYPE_FUNCREF) return STATUS_OK;
    if (v > x->m->function_count)
        return INVALID(x, at, "suspended state: a reference to function %llu of %u", (unsigned long long)(v - 1),
                       x->m->function_count);
    *out = v ? (slot)(uintptr_t)x->i->funcs[v - 1] : 0;
    return STATUS_OK;
}

static enum status read_table(struct restoration *x, struct table *t)
{
    const uint64_t at = here(x);
    const bool functions = t->type == TYPE_FUNCREF;
    const uint32_t size = borsh_read_count(&x->r, functions ? 4 : 8);
    if (x->r.failed) return check_reader(x);
    if (size < t->size || !table_grow(t, size - t->size, 0))
        return INVALID(x, at, "suspended state: a table of %u elements, which it cannot have", size);
    for (uint32_t n = 0; n < size; n++) {
        const uint64_t element = here(x), v = functions ? borsh_read_u32(&x->r) : borsh_read_u64(&x->r);
        enum status status = read_value(x, t->type, v, element, &t->elements[n]);
        if (status != STATUS_OK) return status;
    }
    return check_reader(x);
}

static enum status read_tables(struct restoration *x)
{
    enum status status = check_count(x, x->s->table_count, "tables");
    for (uint32_t k = 0; k < x->s->table_count && status == STATUS_OK; k++) status = read_table(x, x->s->tables[k]);
    return status;
}

static enum status read_globals(struct restoration *x)
{
    uint32_t count = 0;
    for (uint32_t k = 0; k < x->m->global_count; k++) count += x->m->globals[k].is_mutable;
    enum status status = check_count(x, count, "mutable globals");
    for (uint32_t k = 0; k < x->m->global_count && status == STATUS_OK; k++) {
        if (!x->m->globals[k].is_mutable) continue;
        const uint64_t at = here(x), v = borsh_read_u64(&x->r);
        status = check_reader(x);
        if (status == STATUS_OK) status = read_value(x, x->m->globals[k].type, v, at, &x->i->globals[k]->value);
    }
    return status;
}

static enum status read_flag(struct restoration *x, bool was_used, bool *flag)
{
    const uint64_t at = here(x);
    *flag = borsh_read_bool(&x->r);
    if (x->r.failed || *flag || !was_used) return check_reader(x);
    return INVALID(x, at, "suspended state: a segment that instantiation drops is there");
}

static enum status read_dropped(struct restoration *x)
{
    enum status status = check_count(x, x->m->data_segments, "data segments");
    for (uint32_t k = 0; k < x->m->data_segments && status == STATUS_OK; k++)
        status = read_flag(x, x->m->data[k].mode == SEGMENT_ACTIVE, &x->i->data_dropped[k]);
    if (status == STATUS_OK) status = check_count(x, x->m->element_count, "element segments");
    for (uint32_t k = 0; k < x->m->element_count && status == STATUS_OK; k++)
        status = read_flag(x, x->m->elements[k].mode != SEGMENT_PASSIVE, &x->i->element_dropped[k]);
    return status;
}

/* ---- frames ------------------------------------------------------------------------------------------------------ */

static struct bytes read_values(struct restoration *x, uint32_t *count)
{
    *count = borsh_read_count(&x->r, 8);
    return borsh_read_fixed(&x->r, (size_t)*count * 8);
}

static enum status read_frame(struct restoration *x, struct read_frame *f, bool innermost)
{
    const uint64_t at = f->at = (size_t)here(x);
    const uint32_t function = borsh_read_u32(&x->r);
    f->offset = borsh_read_u32(&x->r);
    f->local_values = read_values(x, &f->locals);
    f->operand_values = read_values(x, &f->operands);
    if (x->r.failed) return check_reader(x);
    const uint32_t imported = x->m->imported_functions;
    if (function < imported || function - imported >= x->m->body_count)
        return INVALID(x, at, "suspended state: a frame of function %u, which has no code here", function);
    f->body = &x->m->bodies[function - imported];
    if (f->locals != f->body->locals)
        return INVALID(x, at, "suspended state: %u locals in a frame of function %u, which has %u", f->locals, function,
                       f->body->locals);
    if (f->operands > f->body->max_stack)
        return INVALID(x, at, "suspended state: %u operands in a frame of function %u, which has at most %u",
                       f->operands, function, f->body->max_stack);
    f->key = (struct layout_key){function - imported, innermost, innermost ? POINT_CHARGE : POINT_CALL, f->offset};
    return layouts_want(&x->layouts, f->key, f->operands) ? STATUS_OK : error_no_memory(x->e);
}

static enum status read_frames(struct restoration *x)
{
    const uint64_t at = here(x);
    x->frame_count = borsh_read_count(&x->r, 16);
    if (x->r.failed) return check_reader(x);
    if (!x->frame_count) return INVALID(x, at, "suspended state: no frames");
    x->frames = calloc(x->frame_count, sizeof *x->frames);
    if (!x->frames) return error_no_memory(x->e);
    for (uint32_t k = 0; k < x->frame_count; k++) {
        enum status status = read_frame(x, &x->frames[k], k + 1 == x->frame_count);
        if (status != STATUS_OK) return status;
    }
    if (x->r.p != x->r.end) return INVALID(x, here(x), "suspended state: bytes behind its end");
    return layouts_find(&x->layouts) ? STATUS_OK : error_no_memory(x->e);
}

/* ---- the stack --------------------------------------------------------------------------------------------------- */

/* Writes the locals to their slots, and those that live in registers to `ints` and `floats`, too. */
static enum status place_locals(struct restoration *x, const struct read_frame *f, const struct body_layout *b, slot *fp,
                                uint64_t *ints, uint64_t *floats)
{
    for (uint32_t k = 0; k < f->locals; k++) {
        enum status status = read_value(x, b->types[k], load_le64(f->local_values.data + 8 * (size_t)k),
                                        (uint64_t)(f->local_values.data - x->r.start) + 8 * (uint64_t)k, &fp[k]);
        if (status != STATUS_OK) return status;
    }
    for (unsigned k = 0; k < b->pinned_ints; k++) ints[k] = fp[b->body->pinned_int[k]];
    for (unsigned k = 0; k < b->pinned_floats; k++) floats[k] = fp[b->body->pinned_float[k]];
    return STATUS_OK;
}

static enum status place_operands(struct restoration *x, const struct read_frame *f, const struct frame_layout *l,
                                  slot *fp)
{
    struct suspended *to = &x->s->suspended;
    for (uint32_t k = 0; k < f->operands; k++) {
        const struct entry *e = &l->entries[k];
        const uint64_t at = (uint64_t)(f->operand_values.data - x->r.start) + 8 * (uint64_t)k;
        slot v;
        enum status status = read_value(x, e->type, load_le64(f->operand_values.data + 8 * (size_t)k), at, &v);
        if (status != STATUS_OK) return status;
        if ((e->kind == ENTRY_CONST && v != e->value) || (e->kind == ENTRY_LOCAL && v != fp[e->local]))
            return INVALID(x, at, "suspended state: operand %u of function %u is not what the code has put there", k,
                           f->body->index);
        fp[l->body->home + k] = v;
        if (e->kind == ENTRY_REGISTER) {
            if (type_class(e->type) == FLOATS) to->floats[e->reg] = v;
            else to->ints[e->reg] = v;
        }
    }
    return STATUS_OK;
}

static enum status check_callee(struct restoration *x, const struct read_frame *f, const struct frame_layout *l)
{
    const struct read_frame *callee = f + 1;
    const uint32_t *canonical = x->m->type_canonical;
    const bool fits = l->callee != UINT32_MAX ? l->callee == callee->body->index
                                              : canonical[l->type] == canonical[callee->body->type];
    if (fits) return STATUS_OK;
    return INVALID(x, callee->at, "suspended state: function %u does not call function %u at 0x%x", f->body->index,
                   callee->body->index, f->offset);
}

static enum status check_place(struct restoration *x, const struct read_frame *f, const struct frame_layout *l)
{
    if (!l)
        return INVALID(x, f->at, "suspended state: function %u cannot stand at 0x%x", f->body->index, f->offset);
    if (f->operands != l->height - l->results || (f->operands && !l->entries))
        return INVALID(x, f->at, "suspended state: %u operands in function %u at 0x%x, where it has %u", f->operands,
                       f->body->index, f->offset, l->height - l->results);
    return STATUS_OK;
}

/* The code that a frame goes on in: right behind its call, or, for the innermost one, at the charge. */
static const union word *code_of(struct restoration *x, const struct read_frame *f, const struct frame_layout *l)
{
    if (l->key.exact) {
        const union word *exact = execute_exact(x->i, f->body);
        return exact ? exact + l->position : NULL;
    }
    const union word *code = atomic_load(&f->body->code);
    if (code == f->body->stub) code = execute_translate(x->i, f->body, false);
    return code ? code + l->position + 1 : NULL;
}

/* One frame at fp, which returns to *back; gives where the next one begins, and what it returns to. */
static enum status place_frame(struct restoration *x, const struct read_frame *f, slot **fp, const union word **back)
{
    struct suspended *to = &x->s->suspended;
    const struct frame_layout *l = layouts_get(&x->layouts, f->key);
    enum status status = check_place(x, f, l);
    if (status != STATUS_OK) return status;
    const struct body_layout *b = l->body;
    const bool innermost = l->key.kind == POINT_CHARGE;
    if (x->i->stack_end - *fp < (ptrdiff_t)b->home + f->body->max_stack || to->stack_left < b->frame_bytes)
        return INVALID(x, f->at, "suspended state: more frames than the stack holds");
    to->stack_left -= b->frame_bytes;
    slot *const saved = *fp + b->header + 1;
    (*fp)[b->header] = (slot)(uintptr_t)*back;
    status = place_locals(x, f, b, *fp, innermost ? to->ints : saved, innermost ? to->floats : saved + SAVED_INTS);
    if (status == STATUS_OK) status = place_operands(x, f, l, *fp);
    if (status != STATUS_OK) return status;
    *back = code_of(x, f, l);
    if (!*back) return error_no_memory(x->e);
    if (innermost) return STATUS_OK;
    *fp += b->home + f->operands;
    return check_callee(x, f, l);
}

static enum status place_frames(struct restoration *x)
{
    struct suspended *to = &x->s->suspended;
    const union word *back = &x->s->stub[STUB_EXIT];
    slot *fp = x->s->sp;
    *to = (struct suspended){.instance = x->i, .base = fp, .function = x->frames[0].body->index,
                             .stack_left = x->s->config.stack_bytes};
    for (uint32_t k = 0; k < x->frame_count; k++) {
        enum status status = place_frame(x, &x->frames[k], &fp, &back);
        if (status != STATUS_OK) return status;
    }
    to->fp = fp;
    to->from = back;
    to->restored = true;
    return STATUS_OK;
}

/* ---- all of it --------------------------------------------------------------------------------------------------- */

static enum status read_state(struct restoration *x, const struct external *imports, size_t count)
{
    enum status status = read_header(x);
    if (status == STATUS_OK) status = instance_allocate(x->s, x->m, imports, count, &x->i, x->e);
    if (status != STATUS_OK) return status;
    const uint64_t gas = borsh_read_u64(&x->r);
    status = check_reader(x);
    if (status == STATUS_OK) status = read_memories(x);
    if (status == STATUS_OK) status = read_tables(x);
    if (status == STATUS_OK) status = read_globals(x);
    if (status == STATUS_OK) status = read_dropped(x);
    if (status == STATUS_OK) status = read_frames(x);
    if (status == STATUS_OK) status = place_frames(x);
    if (status == STATUS_OK) store_set_gas(x->s, gas);
    return status;
}

enum status instance_restore(struct store *s, struct module *m, const struct external *imports, size_t count,
                             struct bytes state, struct instance **out, struct error *e)
{
    struct restoration x = {.s = s, .m = m, .r = borsh_reader_of(state), .layouts = {.module = m, .by_offset = true},
                            .e = e};
    *out = NULL;
    if (!m->config.schedule || s->used || s->sp != s->stack)
        return error_set(e, STATUS_USAGE, 0, ERROR_NO_OFFSET,
                         "a suspended state goes on in a new store, and in a module with fees");
    enum status status = read_state(&x, imports, count);
    if (status == STATUS_OK) *out = x.i;
    layouts_free(&x.layouts);
    free(x.frames);
    return status;
}

enum trap store_continue(struct store *s, slot *values, struct trap_info *trap)
{
    struct suspended *x = &s->suspended;
    if (trap) *trap = (struct trap_info){0};
    s->trap_message = NULL;
    if (!x->restored) {
        if (trap) *trap = (struct trap_info){.trap = TRAP_INTERRUPTED, .message = "there is nothing to go on with"};
        return TRAP_INTERRUPTED;
    }
    const struct functype *t = x->instance->funcs[x->function]->type;
    slot *const base = x->base;
    s->stack_left = x->stack_left;
    /* the first charge asks for gas, and finds the way out of exact code */
    s->gas_reserve += (uint64_t)s->gas;
    s->gas = 0;
    s->starved = 0;
    enum trap result = execute_run(s, x->instance, &s->stub[STUB_RESUME], base, x->fp, x->function, trap);
    s->stack_left = s->config.stack_bytes;
    if (result != TRAP_NONE) return result;
    for (uint32_t k = 0; k < t->results; k++)
        values[k] = type_is_narrow(t->types[t->params + k]) ? (uint32_t)base[k] : base[k];
    return result;
}
