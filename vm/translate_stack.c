/* The simulated operand stack. */
#include "vm/translator.h"

const struct entry *entry_at(const struct translator *t, uint32_t from_top)
{
    return &t->stack[t->height - 1 - from_top];
}

static struct temporary *temporary_of(struct translator *t, const struct entry *e)
{
    return &t->temporary[type_class(e->type)][e->reg];
}

void push_entry(struct translator *t, struct entry e)
{
    if (!grow(t, &t->stack, t->height, &t->stack_capacity, sizeof *t->stack)) return;
    t->stack[t->height++] = e;
}

void push_slot(struct translator *t, uint8_t type)
{
    push_entry(t, (struct entry){.kind = ENTRY_SLOT, .type = type});
}

void push_local(struct translator *t, uint32_t local)
{
    push_entry(t, (struct entry){.kind = ENTRY_LOCAL, .type = t->local_types[local], .local = local,
                                 .previous = t->alias[local]});
    t->alias[local] = t->height;
}

void push_const(struct translator *t, uint8_t type, uint64_t value)
{
    push_entry(t, (struct entry){.kind = ENTRY_CONST, .type = type, .value = value});
}

void pop_entries(struct translator *t, uint32_t n)
{
    while (n--) {
        const struct entry *e = &t->stack[--t->height];
        if (e->kind == ENTRY_REGISTER) temporary_of(t, e)->busy = false;
        else if (e->kind == ENTRY_LOCAL) t->alias[e->local] = e->previous;
    }
    if (t->flushed > t->height) t->flushed = t->height;
}

/* A register of the class that holds neither a local nor an entry; NOT_PINNED: there is none. */
static unsigned free_register(const struct translator *t, unsigned class)
{
    unsigned n = class == INTS ? t->ints : t->floats;
    unsigned pinned = class == INTS ? t->pinned_ints : t->pinned_floats;
    for (unsigned i = n; i > pinned; i--)
        if (!t->temporary[class][i - 1].busy) return i - 1;
    return NOT_PINNED;
}

static unsigned registers_of(const struct translator *t, unsigned class)
{
    return class == INTS ? t->ints : t->floats;
}

static struct place local_place(const struct translator *t, uint32_t local)
{
    unsigned reg = t->local_register[local];
    unsigned class = type_class(t->local_types[local]);
    if (reg != NOT_PINNED) return (struct place){.index = reg};
    return (struct place){.index = registers_of(t, class), .slot = (uint16_t)local};
}

/* Whether the operation that computed a register entry can be patched to write somewhere else. */
static void retarget(struct translator *t, struct temporary *p, unsigned from, struct place to)
{
    uint32_t variant = p->variant - from * p->stride + to.index * p->stride;
    t->code[p->position].p = t->handlers[t->first[p->operation] + variant];
    t->code[p->position + 1].d = to.slot;
}

/* Copies an entry that is a local, or writes a constant, to `to` (a register or slot of its class). */
static void emit_copy(struct translator *t, const struct entry *e, struct place from, struct place to)
{
    unsigned class = type_class(e->type);
    if (e->kind == ENTRY_CONST) {
        bool narrow = class == INTS && (int64_t)e->value == (int32_t)e->value;
        enum operation op = class == FLOATS ? OPERATION_FCONST : narrow ? OPERATION_CONST32 : OPERATION_CONST64;
        uint32_t p = emit(t, op, to.index, narrow ? 2 : 3);
        if (t->failed) return;
        t->code[p + 1].d = to.slot;
        if (narrow) t->code[p + 1].imm = (int32_t)e->value;
        else t->code[p + 2].u = e->value;
        return;
    }
    uint32_t p = class == INTS ? emit(t, OPERATION_COPY, VARIANT(t, UNARY, to.index, from.index), 2)
                               : emit(t, OPERATION_FCOPY, VARIANT(t, FUNARY, to.index, from.index), 2);
    if (t->failed) return;
    t->code[p + 1].d = to.slot;
    t->code[p + 1].a = from.slot;
}

static struct place place_of(struct translator *t, uint32_t i)
{
    const struct entry *e = &t->stack[i];
    unsigned n = registers_of(t, type_class(e->type));
    switch (e->kind) {
    case ENTRY_REGISTER: return (struct place){.index = e->reg};
    case ENTRY_LOCAL: return local_place(t, e->local);
    case ENTRY_CONST: return (struct place){.index = n + 1, .immediate = (int64_t)e->value};
    default: return (struct place){.index = n, .slot = (uint16_t)home_slot(t, i)};
    }
}

/* Takes the entry out of the chain of its local; it is nearly always the first. */
static void unlink_alias(struct translator *t, uint32_t i)
{
    const struct entry *e = &t->stack[i];
    if (t->alias[e->local] == i + 1) {
        t->alias[e->local] = e->previous;
        return;
    }
    struct entry *above = &t->stack[t->alias[e->local] - 1];
    while (above->previous != i + 1) above = &t->stack[above->previous - 1];
    above->previous = e->previous;
}

static void to_home(struct translator *t, uint32_t i)
{
    struct entry *e = &t->stack[i];
    if (t->failed || e->kind == ENTRY_SLOT) return;
    struct place home = {.index = registers_of(t, type_class(e->type)), .slot = (uint16_t)home_slot(t, i)};
    if (e->kind == ENTRY_REGISTER) {
        struct temporary *p = temporary_of(t, e);
        if (!e->clean) {
            if (p->position != NO_POSITION) retarget(t, p, e->reg, home);
            else emit_copy(t, e, place_of(t, i), home);
        }
        p->busy = false;
    } else {
        emit_copy(t, e, place_of(t, i), home);
        if (e->kind == ENTRY_LOCAL) unlink_alias(t, i);
    }
    e->kind = ENTRY_SLOT;
}

/* A constant becomes a value in a register, or in its home if none is free. */
static void constant_to_register(struct translator *t, uint32_t i)
{
    struct entry *e = &t->stack[i];
    unsigned class = type_class(e->type), reg = free_register(t, class);
    if (reg == NOT_PINNED) {
        to_home(t, i);
        return;
    }
    uint32_t position = t->size;
    emit_copy(t, e, (struct place){0}, (struct place){.index = reg});
    bool narrow = class == INTS && (int64_t)e->value == (int32_t)e->value;
    enum operation op = class == FLOATS ? OPERATION_FCONST : narrow ? OPERATION_CONST32 : OPERATION_CONST64;
    t->temporary[class][reg] = (struct temporary){true, i, position, (uint16_t)op, 1, reg};
    *e = (struct entry){.kind = ENTRY_REGISTER, .type = e->type, .reg = (uint8_t)reg};
}

struct place operand(struct translator *t, uint32_t from_top)
{
    uint32_t i = t->height - 1 - from_top;
    if (t->stack[i].kind == ENTRY_CONST) constant_to_register(t, i);
    return place_of(t, i);
}

struct place operand_or_immediate(struct translator *t, uint32_t from_top, bool wide)
{
    const struct entry *e = entry_at(t, from_top);
    bool fits = wide || e->type == TYPE_I32 || (int64_t)e->value == (int32_t)e->value;
    if (e->kind == ENTRY_CONST && fits && type_class(e->type) == INTS) return place_of(t, t->height - 1 - from_top);
    return operand(t, from_top);
}

uint16_t operand_in_slot(struct translator *t, uint32_t from_top)
{
    uint32_t i = t->height - 1 - from_top;
    const struct entry *e = &t->stack[i];
    if (e->kind == ENTRY_LOCAL && t->local_register[e->local] == NOT_PINNED) return (uint16_t)e->local;
    to_home(t, i);
    return (uint16_t)home_slot(t, i);
}

uint32_t emit_result(struct translator *t, enum operation op, uint32_t rest, uint32_t words, uint32_t pops,
                     uint8_t type)
{
    const uint32_t stride = t->stride[operation_family[op]];
    pop_entries(t, pops);
    unsigned class = type_class(type), reg = free_register(t, class);
    uint32_t d = reg == NOT_PINNED ? registers_of(t, class) : reg;
    uint32_t position = emit(t, op, d * stride + rest, words);
    if (t->failed) return 0;
    if (reg == NOT_PINNED) {
        t->code[position + 1].d = (uint16_t)home_slot(t, t->height);
        push_slot(t, type);
        return position;
    }
    t->temporary[class][reg] = (struct temporary){true, t->height, position, (uint16_t)op, (uint16_t)stride,
                                                  d * stride + rest};
    push_entry(t, (struct entry){.kind = ENTRY_REGISTER, .type = type, .reg = (uint8_t)reg});
    return position;
}

void flush_top(struct translator *t, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) to_home(t, t->height - 1 - i);
}

void flush_all(struct translator *t, uint32_t n)
{
    flush_top(t, n);
    for (uint32_t i = t->height - n; i > t->flushed; i--)
        if (t->stack[i - 1].kind != ENTRY_CONST) to_home(t, i - 1);
    t->flushed = t->height;
}

void spill_temporaries(struct translator *t)
{
    for (unsigned class = 0; class < 2; class++)
        for (unsigned i = 0; i < registers_of(t, class); i++)
            if (t->temporary[class][i].busy) to_home(t, t->temporary[class][i].entry);
}

struct temporary *last_result(struct translator *t)
{
    const struct entry *e = entry_at(t, 0);
    if (e->kind != ENTRY_REGISTER) return NULL;
    struct temporary *p = temporary_of(t, e);
    if (p->position == NO_POSITION) return NULL;
    return p->position == t->last ? p : NULL;
}

void set_local(struct translator *t, uint32_t local)
{
    struct entry e = *entry_at(t, 0);
    uint32_t i = t->height - 1;
    struct place to = local_place(t, local);
    if (e.kind == ENTRY_LOCAL && e.local == local) {
        pop_entries(t, 1);
        return;
    }
    struct temporary *p = t->alias[local] ? NULL : last_result(t);
    if (p) {
        retarget(t, p, e.reg, to);
        pop_entries(t, 1);
        return;
    }
    struct place from = place_of(t, i);
    pop_entries(t, 1);
    /* who still wants the old value gets a copy of it */
    while (t->alias[local]) to_home(t, t->alias[local] - 1);
    emit_copy(t, &e, from, to);
}

void move_top(struct translator *t, uint32_t n, uint32_t to_entry)
{
    if (to_entry == t->height - n || n > MOVED_SINGLY) flush_top(t, n);
    if (to_entry == t->height - n) return;
    if (n > MOVED_SINGLY) {
        uint32_t p = emit(t, OPERATION_MOVE, 0, 3);
        if (t->failed) return;
        t->code[p + 1].d = (uint16_t)home_slot(t, to_entry);
        t->code[p + 1].a = (uint16_t)home_slot(t, t->height - n);
        t->code[p + 2].u = n;
        return;
    }
    for (uint32_t k = 0; k < n; k++) {
        uint32_t i = t->height - n + k;
        const struct entry *e = &t->stack[i];
        unsigned class = type_class(e->type);
        emit_copy(t, e, place_of(t, i), (struct place){.index = registers_of(t, class),
                                                      .slot = (uint16_t)home_slot(t, to_entry + k)});
    }
}

void push_call_result(struct translator *t, uint8_t type)
{
    unsigned class = type_class(type), last = registers_of(t, class) - 1;
    t->temporary[class][last] = (struct temporary){.busy = true, .entry = t->height, .position = NO_POSITION};
    push_entry(t, (struct entry){.kind = ENTRY_REGISTER, .type = type, .reg = (uint8_t)last, .clean = true});
}
