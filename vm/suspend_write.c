/* Writes the state of a suspended call. */
#include <stdlib.h>

#include "base/array.h"
#include "vm/suspend_state.h"

/* A frame on the stack, as it is found there. */
struct stack_frame {
    struct layout_key key;
    const slot *fp;
};

struct code_range {
    const union word *start, *end;
    uint32_t body;
    bool exact;
};

struct checkpoint {
    struct store *s;
    struct instance *i;
    struct module *m;
    struct buffer *out;
    struct code_range *ranges;     /* by address */
    uint32_t range_count, range_capacity;
    struct stack_frame *frames;    /* the innermost first */
    uint32_t frame_count, frame_capacity;
    struct layouts layouts;
    struct error *e;
};

void store_suspend_at(struct store *s, uint64_t gas_left)
{
    s->suspend_floor = gas_left;
    if (s->scheduled) store_set_gas(s, store_gas_left(s));
}

bool store_can_suspend(const struct store *s)
{
    return s->scheduled && s->host_depth == 1 && s->foreign_count == 0;
}

bool store_is_suspended(const struct store *s)
{
    return s->suspended.stopped;
}

uint32_t store_suspended_function(const struct store *s)
{
    return s->suspended.function;
}

/* ---- frames ------------------------------------------------------------------------------------------------------ */

static bool add_range(struct checkpoint *c, uint32_t body, bool exact, const union word *code, uint32_t words)
{
    if (!array_grow(&c->ranges, c->range_count, &c->range_capacity, sizeof *c->ranges)) return false;
    c->ranges[c->range_count++] = (struct code_range){code, code + words, body, exact};
    return true;
}

static int compare_ranges(const void *a, const void *b)
{
    uintptr_t x = (uintptr_t)((const struct code_range *)a)->start, y = (uintptr_t)((const struct code_range *)b)->start;
    return x < y ? -1 : x > y;
}

static bool list_code(struct checkpoint *c)
{
    for (uint32_t k = 0; k < c->m->body_count; k++) {
        struct body *b = &c->m->bodies[k];
        const union word *code = atomic_load(&b->code), *exact = atomic_load(&b->exact);
        if (code != b->stub && !add_range(c, k, false, code, atomic_load(&b->words))) return false;
        if (exact && !add_range(c, k, true, exact, atomic_load(&b->exact_words))) return false;
    }
    if (c->range_count) qsort(c->ranges, c->range_count, sizeof *c->ranges, compare_ranges);
    return true;
}

/* Null: not in this module's code. */
static const struct code_range *range_of(const struct checkpoint *c, const union word *pc)
{
    uint32_t low = 0, high = c->range_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if ((uintptr_t)c->ranges[middle].start <= (uintptr_t)pc) low = middle + 1;
        else high = middle;
    }
    const struct code_range *r = low ? &c->ranges[low - 1] : NULL;
    return r && (uintptr_t)pc < (uintptr_t)r->end ? r : NULL;
}

static enum status add_frame(struct checkpoint *c, const struct code_range *r, uint32_t kind, const union word *pc,
                             const slot *fp)
{
    struct layout_key key = {r->body, r->exact, (uint8_t)kind, (uint64_t)(pc - r->start)};
    if (kind == POINT_CHARGE) key.place--; /* stopped at the amount */
    if (!array_grow(&c->frames, c->frame_count, &c->frame_capacity, sizeof *c->frames) ||
        !layouts_want(&c->layouts, key, UINT32_MAX))
        return error_no_memory(c->e);
    c->frames[c->frame_count++] = (struct stack_frame){key, fp};
    return STATUS_OK;
}

static enum status walk_stack(struct checkpoint *c)
{
    const struct suspended *x = &c->s->suspended;
    const union word *pc = x->pc, *exit = &c->s->stub[STUB_EXIT];
    const slot *fp = x->fp;
    uint32_t kind = x->in_registers ? POINT_CHARGE : POINT_CALL;
    for (;;) {
        const struct code_range *r = range_of(c, pc);
        if (!r)
            return error_set(c->e, STATUS_USAGE, 0, ERROR_NO_OFFSET, "the suspended call is in code of another instance");
        enum status status = add_frame(c, r, kind, pc, fp);
        if (status != STATUS_OK) return status;
        const union word *to = (const union word *)(uintptr_t)fp[c->m->bodies[r->body].locals];
        if (to == exit) break;
        pc = to - 1;
        fp -= pc->delta;
        kind = POINT_CALL;
    }
    return layouts_find(&c->layouts) ? STATUS_OK : error_no_memory(c->e);
}

/* ---- values ------------------------------------------------------------------------------------------------------ */

/* The number of a function in the module, plus one. */
static enum status function_number(const struct checkpoint *c, const struct func *f, uint32_t *number)
{
    *number = 0;
    if (!f) return STATUS_OK;
    if (f->instance == c->i) {
        *number = f->index + 1;
        return STATUS_OK;
    }
    for (uint32_t k = 0; k < c->m->imported_functions && !*number; k++)
        if (c->i->funcs[k] == f) *number = k + 1;
    if (*number) return STATUS_OK;
    return error_set(c->e, STATUS_USAGE, 0, ERROR_NO_OFFSET, "a reference to a function that is not the module's");
}

static enum status write_value(const struct checkpoint *c, uint8_t type, slot v)
{
    uint32_t number;
    if (type_is_narrow(type)) v = (uint32_t)v;
    if (type == TYPE_FUNCREF) {
        enum status status = function_number(c, (const struct func *)(uintptr_t)v, &number);
        if (status != STATUS_OK) return status;
        v = number;
    }
    borsh_write_u64(c->out, v);
    return STATUS_OK;
}

/* A local that lives in a register is in that, or where calls save it. */
static slot local_value(const struct checkpoint *c, const struct frame_layout *f, const slot *fp, bool in_registers,
                        uint32_t local)
{
    const struct body_layout *b = f->body;
    const struct suspended *x = &c->s->suspended;
    const bool is_float = type_class(b->types[local]) == FLOATS;
    const uint16_t *pinned = is_float ? b->body->pinned_float : b->body->pinned_int;
    const unsigned count = is_float ? b->pinned_floats : b->pinned_ints;
    for (unsigned k = 0; k < count; k++) {
        if (pinned[k] != local) continue;
        if (in_registers) return is_float ? x->floats[k] : x->ints[k];
        return fp[b->header + 1 + (is_float ? SAVED_INTS : 0) + k];
    }
    return fp[local];
}

static slot entry_value(const struct checkpoint *c, const struct frame_layout *f, const slot *fp, bool in_registers,
                        uint32_t n)
{
    const struct entry *e = &f->entries[n];
    const struct suspended *x = &c->s->suspended;
    if (e->kind == ENTRY_CONST) return e->value;
    if (e->kind == ENTRY_LOCAL) return local_value(c, f, fp, in_registers, e->local);
    if (e->kind == ENTRY_REGISTER && in_registers)
        return type_class(e->type) == FLOATS ? x->floats[e->reg] : x->ints[e->reg];
    return fp[f->body->home + n];
}

static enum status write_frame(struct checkpoint *c, const struct stack_frame *s, bool innermost)
{
    const struct frame_layout *f = layouts_get(&c->layouts, s->key);
    if (!f || !f->entries)
        return error_set(c->e, STATUS_USAGE, 0, ERROR_NO_OFFSET, "the suspended call stands where it cannot be described");
    const bool in_registers = innermost && c->s->suspended.in_registers;
    const uint32_t locals = f->body->body->locals, operands = f->height - (innermost ? 0 : f->results);
    /* the innermost one stands behind the host function's call */
    const size_t offset = innermost && f->key.kind == POINT_CALL ? f->next : f->offset;
    enum status status = STATUS_OK;
    borsh_write_u32(c->out, f->body->body->index);
    borsh_write_u32(c->out, (uint32_t)offset);
    borsh_write_u32(c->out, locals);
    for (uint32_t k = 0; k < locals && status == STATUS_OK; k++)
        status = write_value(c, f->body->types[k], local_value(c, f, s->fp, in_registers, k));
    borsh_write_u32(c->out, operands);
    for (uint32_t k = 0; k < operands && status == STATUS_OK; k++)
        status = write_value(c, f->entries[k].type, entry_value(c, f, s->fp, in_registers, k));
    return status;
}

/* ---- everything else --------------------------------------------------------------------------------------------- */

static enum status write_tables(struct checkpoint *c)
{
    borsh_write_u32(c->out, c->s->table_count);
    for (uint32_t k = 0; k < c->s->table_count; k++) {
        const struct table *t = c->s->tables[k];
        borsh_write_u32(c->out, t->size);
        for (uint32_t n = 0; n < t->size; n++) {
            uint32_t number;
            if (t->type != TYPE_FUNCREF) {
                borsh_write_u64(c->out, t->elements[n]);
                continue;
            }
            enum status status = function_number(c, (const struct func *)(uintptr_t)t->elements[n], &number);
            if (status != STATUS_OK) return status;
            borsh_write_u32(c->out, number);
        }
    }
    return STATUS_OK;
}

static enum status write_globals(struct checkpoint *c)
{
    uint32_t count = 0;
    for (uint32_t k = 0; k < c->m->global_count; k++) count += c->m->globals[k].is_mutable;
    borsh_write_u32(c->out, count);
    for (uint32_t k = 0; k < c->m->global_count; k++) {
        if (!c->m->globals[k].is_mutable) continue;
        enum status status = write_value(c, c->m->globals[k].type, c->i->globals[k]->value);
        if (status != STATUS_OK) return status;
    }
    return STATUS_OK;
}

static void write_flags(struct checkpoint *c, const bool *flags, uint32_t count)
{
    borsh_write_u32(c->out, count);
    for (uint32_t k = 0; k < count; k++) borsh_write_bool(c->out, flags[k]);
}

static enum status write_state(struct checkpoint *c)
{
    uint8_t hash[STATE_HASH_SIZE];
    buffer_append(c->out, STATE_MAGIC, STATE_MAGIC_SIZE);
    borsh_write_u16(c->out, STATE_VERSION);
    if (!state_engine_hash(c->s, c->m, hash)) return error_no_memory(c->e);
    buffer_append(c->out, hash, sizeof hash);
    state_module_hash(c->m, hash);
    buffer_append(c->out, hash, sizeof hash);
    borsh_write_u64(c->out, store_gas_left(c->s));
    borsh_write_u32(c->out, c->s->memory_count);
    for (uint32_t k = 0; k < c->s->memory_count; k++) state_write_memory(c->s->memories[k], c->out);
    enum status status = write_tables(c);
    if (status == STATUS_OK) status = write_globals(c);
    if (status != STATUS_OK) return status;
    write_flags(c, c->i->data_dropped, c->m->data_segments);
    write_flags(c, c->i->element_dropped, c->m->element_count);
    borsh_write_u32(c->out, c->frame_count);
    for (uint32_t k = c->frame_count; k > 0 && status == STATUS_OK; k--)
        status = write_frame(c, &c->frames[k - 1], k == 1);
    return status == STATUS_OK && c->out->failed ? error_no_memory(c->e) : status;
}

enum status instance_checkpoint(struct instance *i, struct buffer *out, struct error *e)
{
    struct checkpoint c = {.s = i->store, .i = i, .m = i->module, .out = out, .e = e};
    const size_t before = out->size;
    if (!c.s->suspended.stopped || c.s->suspended.instance != i || !c.s->scheduled)
        return error_set(e, STATUS_USAGE, 0, ERROR_NO_OFFSET, "no call of this instance is suspended");
    c.layouts.module = c.m;
    enum status status = list_code(&c) ? walk_stack(&c) : error_no_memory(e);
    if (status == STATUS_OK) status = write_state(&c);
    if (status != STATUS_OK && !out->failed) out->size = before;
    layouts_free(&c.layouts);
    free(c.ranges);
    free(c.frames);
    return status;
}
