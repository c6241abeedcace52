/* Blocks, branches, calls and returns. */
#include "vm/translate_order.h"
#include "vm/translate_parts.h"

static struct block *label_block(struct translator *t, uint32_t depth)
{
    return &t->blocks[t->depth - 1 - depth];
}

static uint32_t label_arity(const struct block *b)
{
    return b->opcode == OPCODE_LOOP ? b->type.params : b->type.results;
}

static void push_block(struct translator *t, uint8_t opcode, struct functype type, uint32_t label, uint32_t else_label)
{
    if (!grow(t, &t->blocks, t->depth, &t->block_capacity, sizeof *t->blocks)) return;
    t->blocks[t->depth++] = (struct block){.opcode = opcode, .height = t->height - type.params, .type = type,
                                           .label = label, .else_label = else_label};
}

static struct functype read_block_type(struct translator *t)
{
    static const uint8_t none = 0;
    uint8_t byte = *t->r.p;
    if (byte == 0x40) {
        t->r.p++;
        return (struct functype){0, 0, &none};
    }
    if (byte > 0x40 && byte < 0x80) {
        /* the byte itself is a list of one type, and the module's bytes outlive the translation */
        return (struct functype){0, 1, t->r.p++};
    }
    int64_t index = 0;
    leb_read_s33(&t->r.p, t->r.end, &index);
    return t->m->types[index];
}

void translate_block(struct translator *t, uint8_t opcode)
{
    struct functype type = read_block_type(t);
    if (opcode == OPCODE_BLOCK) {
        flush_all(t, type.params);
        push_block(t, opcode, type, new_label(t), 0);
        return;
    }
    if (opcode == OPCODE_LOOP) {
        flush_all(t, type.params);
        uint32_t label = new_label(t);
        place_label(t, label);
        /* the loop instruction is paid on every turn: it belongs to the stretch of its label */
        push_block(t, opcode, type, label, 0);
        return;
    }
    uint32_t end = new_label(t), otherwise = new_label(t);
    struct condition c;
    take_condition(t, &c);
    flush_all(t, type.params);
    emit_condition(t, &c, true, otherwise);
    push_block(t, opcode, type, end, otherwise);
}

/* Leaves what is on the stack above the block's height in the places where its results are expected. */
static void finish_block(struct translator *t, const struct block *b)
{
    if (!t->dead) flush_all(t, b->type.results);
}

static void reset_stack(struct translator *t, const struct block *b, const uint8_t *types, uint32_t n)
{
    pop_entries(t, t->height - b->height);
    for (uint32_t i = 0; i < n; i++) push_slot(t, types[i]);
    t->flushed = t->height;
}

void translate_else(struct translator *t)
{
    struct block *b = &t->blocks[t->depth - 1];
    finish_block(t, b);
    if (!t->dead) {
        emit_jump(t, b->label);
        b->targeted = true;
    }
    t->dead = true;
    place_label(t, b->else_label);
    t->dead = false;
    b->opcode = OPCODE_ELSE;
    reset_stack(t, b, b->type.types, b->type.params);
}

void translate_end(struct translator *t)
{
    struct block b = t->blocks[t->depth - 1];
    if (b.opcode == 0) {
        if (!t->dead) emit_return(t);
        t->depth--;
        return;
    }
    bool label_here = b.opcode != OPCODE_LOOP && (b.targeted || b.opcode == OPCODE_IF);
    if (label_here) finish_block(t, &b);
    if (b.opcode == OPCODE_IF) {
        /* without an else, the parameters are the results, in the same slots */
        place_label(t, b.else_label);
        t->dead = false;
    }
    if (b.targeted && b.opcode != OPCODE_LOOP) {
        place_label(t, b.label);
        t->dead = false;
    }
    t->depth--;
    if (label_here) reset_stack(t, &b, b.type.types + b.type.params, b.type.results);
    else if (t->dead) pop_entries(t, t->height - b.height);
}

/* ---- branches --------------------------------------------------------------------------------------------------- */

void emit_jump(struct translator *t, uint32_t label)
{
    bool metered = t->metered && !t->exact;
    uint32_t p = emit(t, metered ? OPERATION_JUMP_METERED : OPERATION_JUMP, 0, metered ? 3 : 2);
    branch_to(t, p, p + 1, metered ? p + 2 : NO_POSITION, label, FIXUP_BRANCH);
}

static bool is_function_label(const struct translator *t, const struct block *b)
{
    return b == &t->blocks[0];
}

/* A branch that is taken: values to their places, then the jump, or the return. */
static void emit_taken(struct translator *t, struct block *b)
{
    if (is_function_label(t, b)) {
        emit_return(t);
        return;
    }
    uint32_t n = label_arity(b);
    if (n) move_top(t, n, b->height);
    emit_jump(t, b->label);
    b->targeted = true;
}

void translate_br(struct translator *t)
{
    struct block *b = label_block(t, read_u32(&t->r));
    emit_taken(t, b);
    t->dead = true;
}

void translate_br_if(struct translator *t)
{
    struct block *b = label_block(t, read_u32(&t->r));
    uint32_t n = label_arity(b);
    struct condition c;
    take_condition(t, &c);
    bool in_place = !is_function_label(t, b) && (n == 0 || b->height == t->height - n);
    if (in_place) {
        if (n) flush_top(t, n);
        b->targeted = true;
        emit_condition(t, &c, false, b->label);
        return;
    }
    /* the values must move, or the function returns: only if the branch is taken */
    uint32_t around = new_label(t);
    /* what is in registers now may be patched later, and the moves would miss it */
    spill_temporaries(t);
    /* nor may a return move values as long as the other path still looks for them where they are */
    if (n > MOVED_SINGLY) flush_top(t, n);
    if (is_function_label(t, b) && (n > 1 || (n == 1 && type_class(entry_at(t, 0)->type) == FLOATS))) flush_top(t, n);
    emit_condition(t, &c, true, around);
    emit_taken(t, b);
    t->dead = true;
    place_label(t, around);
    t->dead = false;
}

/* Where an entry of a br_table goes: straight to the label, or to a piece of code behind the table that moves the
 * values there. */
static bool needs_stub(const struct translator *t, const struct block *b, uint32_t n)
{
    return is_function_label(t, b) || (n && b->height != t->height - n);
}

static void emit_stub(struct translator *t, struct block *b, uint32_t label)
{
    t->dead = true;
    place_label(t, label);
    t->dead = false;
    emit_taken(t, b);
}

void translate_br_table(struct translator *t)
{
    uint32_t count = read_u32(&t->r);
    bool metered = t->metered && !t->exact;
    struct place index = operand(t, 0);
    pop_entries(t, 1);
    const uint8_t *targets = t->r.p;
    struct block *first = label_block(t, read_u32(&t->r));
    t->r.p = targets;
    uint32_t n = label_arity(first);
    flush_top(t, n);
    spill_temporaries(t);
    uint32_t p = emit(t, OPERATION_BR_TABLE, VARIANT(t, SWITCH, metered, index.index), 2 + count + 1);
    if (t->failed) return;
    t->code[p + 1].a = index.slot;
    t->code[p + 1].offset = count;
    uint32_t first_label = t->label_count;
    for (uint32_t i = 0; i <= count; i++) {
        struct block *b = label_block(t, read_u32(&t->r));
        uint32_t label = b->label;
        if (needs_stub(t, b, n)) {
            if (b->stub < first_label || b->stub >= t->label_count) b->stub = new_label(t);
            label = b->stub;
        } else {
            b->targeted = true;
        }
        branch_to(t, p, p + 2 + i, metered ? p + 2 + i : NO_POSITION, label, FIXUP_TABLE);
    }
    t->r.p = targets;
    for (uint32_t i = 0; i <= count && !t->failed; i++) {
        struct block *b = label_block(t, read_u32(&t->r));
        if (needs_stub(t, b, n) && t->labels[b->stub].position == NO_POSITION) emit_stub(t, b, b->stub);
    }
    t->dead = true;
}

/* ---- conditions ------------------------------------------------------------------------------------------------- */

void take_condition(struct translator *t, struct condition *c)
{
    struct temporary *p = last_result(t);
    if (p && p->position + 2 == t->size && (is_int_compare(p->operation) || is_float_compare(p->operation))) {
        const bool ints = is_int_compare(p->operation);
        const uint32_t v = p->variant;
        const union word *w = &t->code[p->position + 1];
        c->operation = p->operation;
        c->b = (struct place){ints ? THIRD_OF_THREE(t, BINARY, v) : THIRD_OF_THREE(t, FCOMPARE, v), w->b, w->imm};
        c->a = (struct place){ints ? SECOND_OF_THREE(t, BINARY, v) : SECOND_OF_THREE(t, FCOMPARE, v), w->a, 0};
        t->size = p->position;
        t->last = NO_POSITION;
        pop_entries(t, 1);
        return;
    }
    c->operation = OPERATION_I32_NE;
    c->a = operand(t, 0);
    c->b = immediate_place(t, 0);
    pop_entries(t, 1);
}

void emit_condition(struct translator *t, const struct condition *c, bool negate, uint32_t label)
{
    bool metered = t->metered && !t->exact, is_float = is_float_compare(c->operation);
    bool immediate = !is_float && is_immediate(t, c->b);
    uint32_t variant = is_float ? VARIANT(t, FBRANCH, metered, c->a.index, c->b.index)
                                : VARIANT(t, BRANCH, metered, c->a.index, c->b.index);
    uint32_t words = 2 + immediate;
    uint32_t p = emit(t, branch_of(c->operation, negate), variant, words + metered);
    if (t->failed) return;
    t->code[p + 1].x = c->a.slot;
    t->code[p + 1].y = c->b.slot;
    if (immediate) t->code[p + 2].i = c->b.immediate;
    branch_to(t, p, p + 1, metered ? p + words : NO_POSITION, label, FIXUP_BRANCH);
    next_stretch(t, p + words, CHARGE_FALL);
}

void translate_eqz(struct translator *t, uint8_t type)
{
    struct temporary *p = last_result(t);
    if (p && (is_int_compare(p->operation) || is_float_equality(p->operation))) {
        p->operation = (uint16_t)opposite(p->operation);
        t->code[p->position].p = t->handlers[t->first[p->operation] + p->variant];
        t->stack[t->height - 1].type = TYPE_I32;
        return;
    }
    struct place a = operand(t, 0);
    uint32_t zero = VARIANT(t, BINARY, 0, a.index, immediate_place(t, 0).index);
    uint32_t position = emit_result(t, type == TYPE_I32 ? OPERATION_I32_EQ : OPERATION_I64_EQ, zero, 2, 1, TYPE_I32);
    if (t->failed) return;
    t->code[position + 1].a = a.slot;
}

/* ---- calls and returns ------------------------------------------------------------------------------------------ */

void emit_return(struct translator *t)
{
    const struct functype *type = &t->m->types[t->body->type];
    bool metered = t->metered;
    if (t->m->config.traced) emit(t, OPERATION_TRACE_LEAVE, 0, 1);
    if (t->frame_bytes) {
        uint32_t leave = emit(t, OPERATION_STACK_LEAVE, 0, 2);
        if (!t->failed) t->code[leave + 1].u = t->frame_bytes;
    }
    uint32_t p;
    if (type->results == 0) {
        p = emit(t, metered ? OPERATION_RETURN_VOID_METERED : OPERATION_RETURN_VOID, 0, 2);
    } else if (type->results == 1) {
        bool is_float = type_class(entry_at(t, 0)->type) == FLOATS;
        struct place a = operand_or_immediate(t, 0, true);
        bool immediate = !is_float && is_immediate(t, a);
        p = is_float ? emit(t, OPERATION_RETURN_FLOAT, VARIANT(t, RETURN_FLOAT, metered, a.index), 2)
                     : emit(t, OPERATION_RETURN_INT, VARIANT(t, RETURN_INT, metered, a.index), 2 + immediate);
        if (t->failed) return;
        t->code[p + 1].a = a.slot;
        if (immediate) t->code[p + 2].i = a.immediate;
    } else {
        flush_top(t, type->results);
        p = emit(t, metered ? OPERATION_RETURN_MANY_METERED : OPERATION_RETURN_MANY, 0, 3);
        if (t->failed) return;
        t->code[p + 1].a = (uint16_t)home_slot(t, t->height - type->results);
        t->code[p + 2].u = type->results;
    }
    if (!t->failed) t->code[p + 1].offset = t->header;
}

/* Arguments go home, where the callee's frame will be, and nothing stays in a temporary register. */
static void prepare_call(struct translator *t, const struct functype *type)
{
    flush_top(t, type->params);
    spill_temporaries(t);
}

/* `callee`: the function, or UINT32_MAX if only its type is known. */
static void finish_call(struct translator *t, uint32_t callee, uint32_t type_index, uint32_t call_word)
{
    const struct functype *type = &t->m->types[type_index];
    if (t->failed) return;
    t->code[call_word].delta = (uint16_t)home_slot(t, t->height - type->params);
    t->code[call_word].header = (uint16_t)t->header;
    pop_entries(t, type->params);
    if (type->results == 1) push_call_result(t, type->types[type->params]);
    else
        for (uint32_t i = 0; i < type->results; i++) push_slot(t, type->types[type->params + i]);
    const struct translate_point point = {.kind = POINT_CALL, .position = call_word, .callee = callee,
                                          .type = type_index, .results = type->results,
                                          .offset = (size_t)(t->at - t->r.base)};
    watch_call(t, point);
    next_stretch(t, call_word, CHARGE_AFTER);
}

void translate_call(struct translator *t)
{
    uint32_t f = read_u32(&t->r);
    const struct functype *type = &t->m->types[t->m->function_types[f]];
    prepare_call(t, type);
    bool imported = f < t->m->imported_functions;
    uint32_t variant = VARIANT(t, CALL, t->pinned_floats > 0, t->pinned_ints);
    uint32_t p = emit(t, imported ? OPERATION_CALL_IMPORT : OPERATION_CALL, variant, 3);
    if (t->failed) return;
    if (imported) t->code[p + 1].offset = f;
    else t->code[p + 1].body = &t->m->bodies[f - t->m->imported_functions];
    finish_call(t, f, t->m->function_types[f], p + 2);
}

void translate_call_indirect(struct translator *t)
{
    uint32_t type_index = read_u32(&t->r), table = read_u32(&t->r);
    const struct functype *type = &t->m->types[type_index];
    struct place index = operand(t, 0);
    pop_entries(t, 1);
    prepare_call(t, type);
    uint32_t variant = VARIANT(t, CALL_INDEX, t->pinned_floats > 0, t->pinned_ints, index.index);
    uint32_t p = emit(t, OPERATION_CALL_INDIRECT, variant, 4);
    if (t->failed) return;
    t->code[p + 1].a = index.slot;
    t->code[p + 1].offset = table;
    t->code[p + 2].u = type_index;
    finish_call(t, UINT32_MAX, type_index, p + 3);
}
