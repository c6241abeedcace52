#include "vm/stack_bytes.h"

#include <stdlib.h>

#include "base/array.h"
#include "vm/opcodes.h"
#include "vm/reader.h"
#include "vm/validate.h"

struct stack_frame {
    uint32_t height;
    struct functype type;
    bool dead;                     /* behind an unconditional branch: nothing is pushed or popped */
};

struct stack_analysis {
    const struct module *m;
    const uint8_t *locals;
    struct reader r;
    struct error ignored;          /* the body is valid: reading cannot fail */
    uint32_t *sizes;               /* of the operands */
    uint32_t height, capacity;
    uint64_t size, most;
    struct stack_frame *frames;
    uint32_t depth, frame_capacity;
    bool failed;
};

static bool dead(const struct stack_analysis *s)
{
    return s->frames[s->depth - 1].dead;
}

static void push_size(struct stack_analysis *s, uint8_t type)
{
    if (dead(s)) return;
    if (!array_grow(&s->sizes, s->height, &s->capacity, sizeof *s->sizes)) {
        s->failed = true;
        return;
    }
    bool small = type == TYPE_I32 || type == TYPE_F32;
    s->sizes[s->height] = small ? s->m->schedule.bytes32 : s->m->schedule.bytes64;
    s->size += s->sizes[s->height++];
    if (s->size > s->most) s->most = s->size;
}

static void pop_sizes(struct stack_analysis *s, uint32_t n)
{
    if (dead(s)) return;
    for (; n > 0 && s->height > 0; n--) s->size -= s->sizes[--s->height];
}

static void open_block(struct stack_analysis *s, struct functype type, uint32_t params)
{
    if (!array_grow(&s->frames, s->depth, &s->frame_capacity, sizeof *s->frames)) {
        s->failed = true;
        return;
    }
    struct stack_frame f = {.height = s->height, .type = type, .dead = s->depth > 0 && dead(s)};
    if (!f.dead) f.height -= params < f.height ? params : f.height;
    s->frames[s->depth++] = f;
}

static struct functype close_block(struct stack_analysis *s)
{
    struct stack_frame f = s->frames[--s->depth];
    if (s->depth > 0) pop_sizes(s, s->height - f.height);
    return f.type;
}

static void push_types(struct stack_analysis *s, const uint8_t *types, uint32_t n)
{
    if (dead(s)) return;
    for (uint32_t i = 0; i < n; i++) push_size(s, types[i]);
}

static struct functype read_block_type(struct stack_analysis *s)
{
    static const uint8_t none = 0;
    uint8_t byte = *s->r.p;
    if (byte == 0x40) {
        s->r.p++;
        return (struct functype){0, 0, &none};
    }
    if (byte > 0x40 && byte < 0x80) return (struct functype){0, 1, s->r.p++};
    int64_t index = 0;
    leb_read_s33(&s->r.p, s->r.end, &index);
    return s->m->types[index];
}

static void call(struct stack_analysis *s, const struct functype *t)
{
    pop_sizes(s, t->params); /* of call_indirect, the index among them */
    push_types(s, t->types + t->params, t->results);
}

static void read_control(struct stack_analysis *s, uint32_t opcode, const struct opcode_info *info)
{
    struct functype type;
    switch (opcode) {
    case OPCODE_BLOCK: case OPCODE_LOOP: case OPCODE_IF:
        if (opcode == OPCODE_IF) pop_sizes(s, 1);
        type = read_block_type(s);
        open_block(s, type, type.params);
        return;
    case OPCODE_ELSE:
        type = close_block(s);
        open_block(s, type, 0);
        push_types(s, type.types, type.params);
        return;
    case OPCODE_END:
        type = close_block(s);
        if (s->depth > 0) push_types(s, type.types + type.params, type.results);
        return;
    case OPCODE_CALL: call(s, &s->m->types[s->m->function_types[read_u32(&s->r)]]); return;
    case OPCODE_CALL_INDIRECT:
        type = s->m->types[read_u32(&s->r)];
        read_u32(&s->r);
        call(s, &type);
        return;
    }
    opcode_skip_immediate(&s->r, info);
    if (opcode == OPCODE_BR_IF) pop_sizes(s, 1);
    else if (opcode != OPCODE_NOP) s->frames[s->depth - 1].dead = true; /* unreachable, br, br_table, return */
}

/* Operations that keep the size of their first operand: unary and binary arithmetic. */
static bool keeps_operand(uint32_t opcode, const struct opcode_info *info)
{
    bool compares = opcode >= OPCODE_I32_EQZ && opcode <= OPCODE_F64_GE;
    bool converts = opcode >= OPCODE_I32_WRAP_I64 || info->immediate != IMM_NONE;
    return info->p1 && info->result && !compares && !converts;
}

static void read_parametric(struct stack_analysis *s, uint32_t opcode)
{
    uint32_t i;
    switch (opcode) {
    case OPCODE_DROP: pop_sizes(s, 1); return;
    case OPCODE_SELECT: pop_sizes(s, 2); return;
    case OPCODE_SELECT_T:
        for (i = read_u32(&s->r); i > 0; i--) s->r.p++;
        pop_sizes(s, 2);
        return;
    case OPCODE_LOCAL_GET: push_size(s, s->locals[read_u32(&s->r)]); return;
    case OPCODE_LOCAL_SET: case OPCODE_GLOBAL_SET:
        read_u32(&s->r);
        pop_sizes(s, 1);
        return;
    case OPCODE_LOCAL_TEE: read_u32(&s->r); return;
    case OPCODE_GLOBAL_GET: push_size(s, s->m->globals[read_u32(&s->r)].type); return;
    case OPCODE_TABLE_GET:
        read_u32(&s->r);
        pop_sizes(s, 1);
        push_size(s, TYPE_FUNCREF);
        return;
    default: /* table.set */
        read_u32(&s->r);
        pop_sizes(s, 2);
    }
}

static void read_other(struct stack_analysis *s, uint32_t opcode, const struct opcode_info *info)
{
    opcode_skip_immediate(&s->r, info);
    switch (opcode) {
    case OPCODE_MEMORY_GROW: case OPCODE_DATA_DROP: case OPCODE_ELEM_DROP: return;
    case OPCODE_MEMORY_SIZE: case OPCODE_TABLE_SIZE: push_size(s, TYPE_I32); return;
    case OPCODE_REF_NULL: case OPCODE_REF_FUNC: push_size(s, TYPE_FUNCREF); return;
    case OPCODE_REF_IS_NULL:
        pop_sizes(s, 1);
        push_size(s, TYPE_I32);
        return;
    case OPCODE_TABLE_GROW:
        pop_sizes(s, 2);
        push_size(s, TYPE_I32);
        return;
    case OPCODE_MEMORY_INIT: case OPCODE_MEMORY_COPY: case OPCODE_MEMORY_FILL: case OPCODE_TABLE_INIT:
    case OPCODE_TABLE_COPY: case OPCODE_TABLE_FILL: pop_sizes(s, 3); return;
    }
    uint32_t operands = (info->p1 ? 1u : 0u) + (info->p2 ? 1u : 0u);
    if (keeps_operand(opcode, info)) {
        pop_sizes(s, operands - 1);
        return;
    }
    pop_sizes(s, operands);
    if (info->result) push_size(s, info->result);
}

static void read_instruction(struct stack_analysis *s)
{
    uint32_t opcode = read_byte(&s->r);
    if (opcode == 0xfc) opcode = 0xfc00 + read_u32(&s->r);
    const struct opcode_info *info = opcode_find(opcode);
    if (!info) s->failed = true;
    else if (opcode <= OPCODE_CALL_INDIRECT) read_control(s, opcode, info);
    else if (opcode <= OPCODE_TABLE_SET) read_parametric(s, opcode);
    else read_other(s, opcode, info);
}

bool stack_bytes(const struct module *m, const struct body *b, const uint8_t *locals, uint64_t *bytes)
{
    struct stack_analysis s = {.m = m, .locals = locals};
    const struct functype *type = &m->types[b->type];
    const uint8_t *start = m->bytes.data + b->offset;
    uint8_t *own = locals ? NULL : malloc((size_t)m->most_locals + 1);
    s.r = (struct reader){.p = start, .end = start + b->size, .base = m->bytes.data, .e = &s.ignored};
    if (own) {
        read_locals(&s.r, m, type, own);
        s.locals = own;
    }
    for (uint32_t groups = locals ? read_u32(&s.r) : 0; groups > 0; groups--) {
        read_u32(&s.r);
        s.r.p++;
    }
    s.failed = !s.locals;
    if (!s.failed) open_block(&s, *type, 0);
    while (s.depth > 0 && !s.failed) read_instruction(&s);
    free(own);
    free(s.sizes);
    free(s.frames);
    *bytes = s.most;
    return !s.failed;
}
