/* The pass over a body. */
#include "vm/translate.h"

#include <stdlib.h>

#include "vm/stack_bytes.h"
#include "vm/translate_parts.h"
#include "vm/validate.h"

static void translate_dead(struct translator *t, uint32_t opcode, const struct opcode_info *info)
{
    if (opcode == OPCODE_BLOCK || opcode == OPCODE_LOOP || opcode == OPCODE_IF) t->dead_depth++;
    else if (opcode == OPCODE_END && t->dead_depth > 0) t->dead_depth--;
    else if (opcode == OPCODE_END) translate_end(t);
    else if (opcode == OPCODE_ELSE && t->dead_depth == 0) translate_else(t);
    opcode_skip_immediate(&t->r, info);
}

enum { SPLIT_COST = 1 << 30 };     /* stretches are split before their total outgrows 32 bits */

static void charge_instruction(struct translator *t, uint32_t opcode)
{
    const struct fee_schedule *s = &t->m->schedule;
    const uint64_t cost = opcode < 256 ? s->op[opcode] : s->op_fc[opcode & 31];
    if (t->cost > SPLIT_COST) {
        next_stretch(t, NO_POSITION, CHARGE_WORD);
        t->own_stretch = t->stretch_count - 1;
        watch_charge(t, t->at);
    }
    t->cost += cost;
    t->exact_cost += cost;
}

static void note_location(struct translator *t, const uint8_t *at, uint32_t stretch, bool *done)
{
    if (*done || t->size <= t->wanted) return;
    *done = true;
    /* a charge belongs to the instruction that comes next, whatever code that one has */
    const void *charge = t->handlers[t->first[OPERATION_CHARGE_EXACT]];
    if (t->wanted > 0 && t->code[t->wanted - 1].p == charge) at = t->r.p;
    t->found->offset = (size_t)(at - t->r.base);
    t->found_stretch = stretch;
    /* an instruction that ended its stretch has left nothing unspent */
    t->found_cost = t->stretch_count - 1 == stretch ? t->cost : UINT64_MAX;
}

static void translate_instruction(struct translator *t)
{
    uint32_t opcode = *t->r.p++;
    if (opcode == 0xfc) opcode = 0xfc00 + read_u32(&t->r);
    const struct opcode_info *info = opcode_find(opcode);
    if (t->dead) {
        translate_dead(t, opcode, info);
        return;
    }
    bool loop = opcode == OPCODE_LOOP;
    if (t->metered && !loop) charge_instruction(t, opcode);
    if (!translate_plain(t, opcode, info)) translate_other(t, opcode);
    if (info->effect == EFFECT_TRAP || info->effect == EFFECT_STATE) exact_border(t);
    if (!t->metered || !loop) return;
    watch_charge(t, t->at);        /* to jump to the loop is to stand at it, unpaid */
    charge_instruction(t, opcode);
}

static void pin_locals(struct translator *t)
{
    const struct body *b = t->body;
    t->pinned_ints = b->pinned_ints < t->ints - 1 ? b->pinned_ints : t->ints - 1;
    t->pinned_floats = b->pinned_floats < t->floats - 1 ? b->pinned_floats : t->floats - 1;
    for (unsigned i = 0; i < t->pinned_ints; i++) t->local_register[b->pinned_int[i]] = (uint8_t)i;
    for (unsigned i = 0; i < t->pinned_floats; i++) t->local_register[b->pinned_float[i]] = (uint8_t)i;
}

static uint64_t frame_cost(struct translator *t, uint64_t *bytes)
{
    const struct fee_schedule *s = &t->m->schedule;
    *bytes = s->frame_bytes;
    for (uint32_t i = 0; i < t->body->locals; i++)
        *bytes += t->local_types[i] == TYPE_I32 || t->local_types[i] == TYPE_F32 ? s->bytes32 : s->bytes64;
    return (*bytes + 7) / 8 * s->frame_unit;
}

/* The charge of the frame stands in front of the body. */
static void watch_frame(struct translator *t)
{
    if (!t->watch || t->failed) return;
    const struct translate_point p = {.kind = POINT_CHARGE, .position = t->frame_charge - 1, .offset = t->body->offset};
    t->watch->point(t->watch->user, t, &p);
}

/* A frame with many locals takes longer than its price says: an interruption must not wait for a slice of such calls. */
static void emit_work(struct translator *t, const struct functype *type)
{
    enum { FEW_LOCALS = 64 };
    const uint32_t zeroed = t->body->locals - type->params;
    if (!t->metered || zeroed <= FEW_LOCALS) return;
    const uint32_t p = emit(t, OPERATION_WORK, 0, 2);
    if (!t->failed) t->code[p + 1].u = zeroed * sizeof(uint64_t);
}

static void emit_entry(struct translator *t, const struct functype *type)
{
    const struct body *b = t->body;
    uint64_t bytes = 0, cost = 0;
    if (t->m->config.schedule) cost = frame_cost(t, &bytes);
    if (t->m->config.interruptible && !t->m->config.schedule) cost = 1;
    t->frame_bytes = 0;
    if (schedule_has_stack(&t->m->schedule) && t->m->config.schedule) {
        uint64_t operands;
        if (!stack_bytes(t->m, b, t->local_types, &operands)) t->failed = true;
        else t->frame_bytes = bytes + operands;
    }
    if (t->m->config.traced) {
        uint32_t p = emit(t, OPERATION_TRACE_ENTER, 0, 2);
        if (t->failed) return;
        t->code[p + 1].offset = b->index;
    }
    if (t->frame_bytes) {
        uint32_t p = emit(t, OPERATION_STACK_ENTER, 0, 2);
        if (t->failed) return;
        t->code[p + 1].u = t->frame_bytes;
    }
    emit_work(t, type);
    if (t->failed) return;
    bool metered = t->metered && !t->exact;
    uint32_t variant = VARIANT(t, ENTER, metered, t->pinned_floats > 0, t->pinned_ints);
    uint32_t p = emit(t, OPERATION_ENTER, variant, 5);
    if (t->failed) return;
    t->code[p + 1].d = (uint16_t)type->params;
    t->code[p + 1].a = (uint16_t)t->header;
    t->code[p + 1].offset = t->home + b->max_stack;
    for (unsigned i = 0; i < t->pinned_ints; i++) {
        if (i < 4) t->code[p + 2].s[i] = b->pinned_int[i];
        else t->code[p + 3].s[3] = b->pinned_int[i];
    }
    for (unsigned i = 0; i < t->pinned_floats; i++) t->code[p + 3].s[i] = b->pinned_float[i];
    if (!t->metered) return;
    next_stretch(t, p + 4, CHARGE_WORD);
    t->cost += cost;
    t->exact_cost += cost;
    if (t->exact && cost) {
        t->frame_charge = t->exact_position;
        watch_frame(t);
    }
    exact_border(t);
}

static void start_body(struct translator *t, const struct body *b)
{
    const struct functype *type = &t->m->types[b->type];
    t->body = b;
    t->r = (struct reader){.p = t->m->bytes.data + b->offset, .end = t->m->bytes.data + b->offset + b->size,
                           .base = t->m->bytes.data, .e = &t->ignored};
    read_locals(&t->r, t->m, type, t->local_types);
    pin_locals(t);
    t->header = b->locals;
    uint32_t saved = b->pinned_ints < SAVED_INTS ? b->pinned_ints : SAVED_INTS;
    if (b->pinned_floats) saved = SAVED_INTS + SAVED_FLOATS;
    t->home = t->header + 1 + saved;
    t->size = t->label_count = t->fixup_count = t->charge_count = t->stretch_count = 0;
    t->height = t->depth = t->flushed = t->dead_depth = 0;
    t->last = t->exact_position = t->frame_charge = NO_POSITION;
    t->cost = t->exact_cost = 0;
    t->dead = t->failed = false;
    memset(t->temporary, 0, sizeof t->temporary);
    emit_entry(t, type);
    if (!grow(t, &t->blocks, 0, &t->block_capacity, sizeof *t->blocks)) return;
    t->blocks[t->depth++] = (struct block){.type = {0, type->results, type->types + type->params},
                                           .label = new_label(t)};
}

enum { LOOK_BYTES = 1 << 12 };

static const uint8_t *look(struct translator *t, const uint8_t *looked)
{
    if (t->stop && t->stop(t->stop_user, (uint64_t)(t->at - looked))) t->stopped = t->failed = true;
    return t->at;
}

void translator_set_stop(struct translator *t, bool (*stop)(void *user, uint64_t bytes), void *user)
{
    t->stop = stop;
    t->stop_user = user;
}

bool translator_stopped(const struct translator *t)
{
    return t->stopped;
}

/* Leaves the code in t->code. */
static bool run_pass(struct translator *t, const struct body *b, bool exact)
{
    bool found = false;
    t->exact = exact;
    start_body(t, b);
    if (t->wanted != NO_POSITION) note_location(t, t->r.p, 0, &found);
    for (const uint8_t *looked = t->r.p; t->depth > 0 && !t->failed;) {
        const uint8_t *at = t->at = t->r.p;
        if ((size_t)(at - looked) >= LOOK_BYTES) looked = look(t, looked);
        t->own_stretch = t->stretch_count - 1;
        watch_charge(t, at);
        translate_instruction(t);
        if (t->wanted != NO_POSITION) note_location(t, at, t->own_stretch, &found);
    }
    if (t->failed) return false;
    resolve(t);
    /* what is kept for each local is as it was before: functions with many locals need not be cleaned up */
    pop_entries(t, t->height);
    for (unsigned i = 0; i < t->pinned_ints; i++) t->local_register[b->pinned_int[i]] = NOT_PINNED;
    for (unsigned i = 0; i < t->pinned_floats; i++) t->local_register[b->pinned_float[i]] = NOT_PINNED;
    return true;
}

bool translate_body(struct translator *t, const struct body *b, bool exact, struct code_arena *arena,
                    const union word **code, uint32_t *words)
{
    t->wanted = NO_POSITION;
    if (t->stop && t->stop(t->stop_user, b->size % LOOK_BYTES)) t->stopped = true;
    if (t->stopped || !run_pass(t, b, exact)) return false;
    union word *copy = arena ? code_alloc(arena, t->size) : malloc(t->size * sizeof *copy);
    if (!copy) return false;
    memcpy(copy, t->code, t->size * sizeof *copy);
    atomic_fetch_add(&t->m->code_bytes, t->size * sizeof *copy);
    *code = copy;
    *words = t->size;
    return true;
}

bool translate_locate(struct translator *t, const struct body *b, bool exact, uint32_t position, struct location *out)
{
    *out = (struct location){.stretch = UINT32_MAX};
    t->wanted = position;
    t->found = out;
    t->found_cost = UINT64_MAX;
    bool done = run_pass(t, b, exact);
    t->wanted = NO_POSITION;
    if (!done) return false;
    out->frame_charge = exact && position == t->frame_charge;
    /* exact code charges up to what may trap, and not beyond */
    if (t->found_cost != UINT64_MAX && t->metered && !exact)
        out->unspent = t->stretches[t->found_stretch].total - t->found_cost;
    for (uint32_t i = 0; i < t->stretch_count; i++)
        if (t->stretches[i].position == position) out->stretch = i;
    return true;
}

bool translate_stretch_position(struct translator *t, const struct body *b, bool exact, uint32_t stretch,
                                uint32_t *position, uint64_t *total)
{
    t->wanted = NO_POSITION;
    if (!run_pass(t, b, exact) || stretch >= t->stretch_count) return false;
    *position = t->stretches[stretch].position;
    if (total) *total = t->stretches[stretch].total;
    return true;
}

bool translate_watched(struct translator *t, const struct body *b, bool exact, const struct translate_watch *w)
{
    t->wanted = NO_POSITION;
    t->watch = w;
    bool done = run_pass(t, b, exact);
    t->watch = NULL;
    return done;
}

struct translator *translator_new(struct module *m)
{
    struct translator *t = calloc(1, sizeof *t);
    if (!t) return NULL;
    size_t locals = (size_t)m->most_locals + 1;
    t->m = m;
    t->dispatch = m->dispatch;
    t->ints = m->dispatch->ints;
    t->floats = m->dispatch->floats;
    t->handlers = m->dispatch->handlers();
    t->metered = module_is_metered(m);
    t->wanted = NO_POSITION;
    t->first = m->first;
    t->stride = m->stride;
    t->local_types = malloc(locals);
    t->local_register = malloc(locals);
    t->alias = calloc(locals, sizeof *t->alias);
    if (t->local_register) memset(t->local_register, NOT_PINNED, locals);
    if (t->local_types && t->local_register && t->alias) return t;
    translator_free(t);
    return NULL;
}

void translator_free(struct translator *t)
{
    if (!t) return;
    free(t->local_types);
    free(t->local_register);
    free(t->alias);
    free(t->stack);
    free(t->blocks);
    free(t->code);
    free(t->labels);
    free(t->fixups);
    free(t->charges);
    free(t->stretches);
    free(t);
}
