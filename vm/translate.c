/* Instructions, and the pass over a body. */
#include "vm/translate.h"

#include <stdlib.h>

#include "vm/translate_control.h"
#include "vm/validate.h"

/* How plain instructions become operations. */
enum form {
    FORM_OTHER,
    FORM_BINARY,
    FORM_COMMUTATIVE,
    FORM_COMPARE,                  /* operation: the one for a < b or a >= b; see compare() */
    FORM_DIVIDE,
    FORM_UNARY,
    FORM_LOAD, FORM_STORE, FORM_FLOAD, FORM_FSTORE,
    FORM_FBINARY, FORM_FUNARY, FORM_FCOMPARE, FORM_FCOMPARE_SWAPPED,
    FORM_TO_FLOAT, FORM_FROM_FLOAT,
    FORM_EQZ,
};

struct plain {
    uint8_t form;
    uint8_t swap;                  /* FORM_COMPARE: a > b is b < a */
    uint16_t operation;
};

#define SAME(form, name) [OPCODE_##name] = {FORM_##form, 0, OPERATION_##name}
#define AS(form, name, operation) [OPCODE_##name] = {FORM_##form, 0, OPERATION_##operation}
#define COMPARES(t)                                                                                              \
    [OPCODE_##t##_EQZ] = {FORM_EQZ, 0, 0},                                                                       \
    [OPCODE_##t##_EQ] = {FORM_COMMUTATIVE, 0, OPERATION_##t##_EQ},                                               \
    [OPCODE_##t##_NE] = {FORM_COMMUTATIVE, 0, OPERATION_##t##_NE},                                               \
    [OPCODE_##t##_LT_S] = {FORM_COMPARE, 0, OPERATION_##t##_LT_S},                                               \
    [OPCODE_##t##_LT_U] = {FORM_COMPARE, 0, OPERATION_##t##_LT_U},                                               \
    [OPCODE_##t##_GT_S] = {FORM_COMPARE, 1, OPERATION_##t##_LT_S},                                               \
    [OPCODE_##t##_GT_U] = {FORM_COMPARE, 1, OPERATION_##t##_LT_U},                                               \
    [OPCODE_##t##_LE_S] = {FORM_COMPARE, 1, OPERATION_##t##_GE_S},                                               \
    [OPCODE_##t##_LE_U] = {FORM_COMPARE, 1, OPERATION_##t##_GE_U},                                               \
    [OPCODE_##t##_GE_S] = {FORM_COMPARE, 0, OPERATION_##t##_GE_S},                                               \
    [OPCODE_##t##_GE_U] = {FORM_COMPARE, 0, OPERATION_##t##_GE_U}
#define ARITHMETIC(t)                                                                                            \
    SAME(UNARY, t##_CLZ), SAME(UNARY, t##_CTZ), SAME(UNARY, t##_POPCNT), SAME(COMMUTATIVE, t##_ADD),             \
    SAME(BINARY, t##_SUB), SAME(COMMUTATIVE, t##_MUL), SAME(DIVIDE, t##_DIV_S), SAME(DIVIDE, t##_DIV_U),         \
    SAME(DIVIDE, t##_REM_S), SAME(DIVIDE, t##_REM_U), SAME(COMMUTATIVE, t##_AND), SAME(COMMUTATIVE, t##_OR),     \
    SAME(COMMUTATIVE, t##_XOR), SAME(BINARY, t##_SHL), SAME(BINARY, t##_SHR_S), SAME(BINARY, t##_SHR_U),         \
    SAME(BINARY, t##_ROTL), SAME(BINARY, t##_ROTR)
#define FLOATING(t)                                                                                              \
    SAME(FCOMPARE, t##_EQ), SAME(FCOMPARE, t##_NE), SAME(FCOMPARE, t##_LT), SAME(FCOMPARE, t##_LE),              \
    AS(FCOMPARE_SWAPPED, t##_GT, t##_LT), AS(FCOMPARE_SWAPPED, t##_GE, t##_LE), SAME(FUNARY, t##_ABS),           \
    SAME(FUNARY, t##_NEG), SAME(FUNARY, t##_CEIL), SAME(FUNARY, t##_FLOOR), SAME(FUNARY, t##_TRUNC),             \
    SAME(FUNARY, t##_NEAREST), SAME(FUNARY, t##_SQRT), SAME(FBINARY, t##_ADD), SAME(FBINARY, t##_SUB),           \
    SAME(FBINARY, t##_MUL), SAME(FBINARY, t##_DIV), SAME(FBINARY, t##_MIN), SAME(FBINARY, t##_MAX),              \
    SAME(FBINARY, t##_COPYSIGN)

static const struct plain plain_table[256] = {
    AS(LOAD, I32_LOAD, LOAD32_U), AS(LOAD, I64_LOAD, LOAD64), AS(LOAD, I32_LOAD8_U, LOAD8_U),
    AS(LOAD, I32_LOAD16_U, LOAD16_U), AS(LOAD, I64_LOAD8_U, LOAD8_U), AS(LOAD, I64_LOAD16_U, LOAD16_U),
    AS(LOAD, I64_LOAD32_U, LOAD32_U), SAME(LOAD, I32_LOAD8_S), SAME(LOAD, I32_LOAD16_S), SAME(LOAD, I64_LOAD8_S),
    SAME(LOAD, I64_LOAD16_S), SAME(LOAD, I64_LOAD32_S), SAME(FLOAD, F32_LOAD), SAME(FLOAD, F64_LOAD),
    AS(STORE, I32_STORE, STORE32), AS(STORE, I64_STORE, STORE64), AS(STORE, I32_STORE8, STORE8),
    AS(STORE, I32_STORE16, STORE16), AS(STORE, I64_STORE8, STORE8), AS(STORE, I64_STORE16, STORE16),
    AS(STORE, I64_STORE32, STORE32), SAME(FSTORE, F32_STORE), SAME(FSTORE, F64_STORE),
    COMPARES(I32), COMPARES(I64), ARITHMETIC(I32), ARITHMETIC(I64), FLOATING(F32), FLOATING(F64),
    SAME(UNARY, I32_WRAP_I64), SAME(UNARY, I32_EXTEND8_S), SAME(UNARY, I32_EXTEND16_S), SAME(UNARY, I64_EXTEND8_S),
    SAME(UNARY, I64_EXTEND16_S), SAME(UNARY, I64_EXTEND32_S), AS(UNARY, I64_EXTEND_I32_S, I64_EXTEND32_S),
    SAME(FROM_FLOAT, I32_TRUNC_F32_S), SAME(FROM_FLOAT, I32_TRUNC_F32_U), SAME(FROM_FLOAT, I32_TRUNC_F64_S),
    SAME(FROM_FLOAT, I32_TRUNC_F64_U), SAME(FROM_FLOAT, I64_TRUNC_F32_S), SAME(FROM_FLOAT, I64_TRUNC_F32_U),
    SAME(FROM_FLOAT, I64_TRUNC_F64_S), SAME(FROM_FLOAT, I64_TRUNC_F64_U), SAME(FROM_FLOAT, I32_REINTERPRET_F32),
    SAME(FROM_FLOAT, I64_REINTERPRET_F64), SAME(TO_FLOAT, F32_CONVERT_I32_S), SAME(TO_FLOAT, F32_CONVERT_I32_U),
    SAME(TO_FLOAT, F32_CONVERT_I64_S), SAME(TO_FLOAT, F32_CONVERT_I64_U), SAME(TO_FLOAT, F64_CONVERT_I32_S),
    SAME(TO_FLOAT, F64_CONVERT_I32_U), SAME(TO_FLOAT, F64_CONVERT_I64_S), SAME(TO_FLOAT, F64_CONVERT_I64_U),
    SAME(TO_FLOAT, F32_REINTERPRET_I32), SAME(TO_FLOAT, F64_REINTERPRET_I64), SAME(FUNARY, F32_DEMOTE_F64),
    SAME(FUNARY, F64_PROMOTE_F32),
};

/* 0xfc 0…7 */
static const uint16_t saturating_table[8] = {
    OPERATION_I32_TRUNC_SAT_F32_S, OPERATION_I32_TRUNC_SAT_F32_U, OPERATION_I32_TRUNC_SAT_F64_S,
    OPERATION_I32_TRUNC_SAT_F64_U, OPERATION_I64_TRUNC_SAT_F32_S, OPERATION_I64_TRUNC_SAT_F32_U,
    OPERATION_I64_TRUNC_SAT_F64_S, OPERATION_I64_TRUNC_SAT_F64_U,
};

/* ---- plain instructions ----------------------------------------------------------------------------------------- */

static void emit_binary(struct translator *t, enum operation op, struct place a, struct place b, uint8_t result)
{
    uint32_t stride = (t->ints + 1) * (t->ints + 2);
    uint32_t p = emit_result(t, op, stride, a.index * (t->ints + 2) + b.index, 2, 2, result);
    if (t->failed) return;
    t->code[p + 1].a = a.slot;
    if (b.index == t->ints + 1) t->code[p + 1].imm = (int32_t)b.immediate;
    else t->code[p + 1].b = b.slot;
}

static bool is_const(const struct translator *t, uint32_t from_top)
{
    return entry_at(t, from_top)->kind == ENTRY_CONST;
}

static void binary(struct translator *t, enum operation op, bool commutative, uint8_t result)
{
    struct place a, b;
    if (commutative && is_const(t, 1) && !is_const(t, 0)) {
        b = operand_or_immediate(t, 1, false);
        a = operand(t, 0);
    } else {
        b = operand_or_immediate(t, 0, false);
        a = operand(t, 1);
    }
    emit_binary(t, op, a, b, result);
}

/* a < c is the only comparison with an immediate besides a >= c; the others become one of them, with c + 1 for c.
 * Where that does not exist, the result is known. */
static bool increment_const(struct entry *c, enum operation op, bool *known)
{
    bool is_signed = op == OPERATION_I32_LT_S || op == OPERATION_I32_GE_S || op == OPERATION_I64_LT_S || op == OPERATION_I64_GE_S;
    bool wide = op >= OPERATION_I64_EQ;
    bool less = op == OPERATION_I32_LT_S || op == OPERATION_I32_LT_U || op == OPERATION_I64_LT_S || op == OPERATION_I64_LT_U;
    uint64_t max = wide ? (is_signed ? (uint64_t)INT64_MAX : UINT64_MAX) : is_signed ? (uint64_t)INT32_MAX : UINT32_MAX;
    *known = !less;                /* max < a: never; max >= a: always */
    if (c->value == max) return false;
    c->value = wide ? c->value + 1 : (uint32_t)(c->value + 1);
    return true;
}

/* LT and GE are neighbours in operations.def, LT first. */
static enum operation opposite(enum operation op)
{
    return OPERATION_I32_EQ + ((op - OPERATION_I32_EQ) ^ 1u);
}

static void compare(struct translator *t, enum operation op, bool swap)
{
    /* x OP y, where x is the operand below if not swapped */
    uint32_t x = swap ? 0 : 1, y = 1 - x;
    if (is_const(t, x) && !is_const(t, y)) {
        /* c < y: y >= c + 1; c >= y: y < c + 1 */
        struct entry *c = &t->stack[t->height - 1 - x];
        bool known;
        if (!increment_const(c, op, &known)) {
            pop_entries(t, 2);
            push_const(t, TYPE_I32, known);
            return;
        }
        op = opposite(op);
        uint32_t z = x;
        x = y;
        y = z;
    }
    struct place b = operand_or_immediate(t, y, false), a = operand(t, x);
    emit_binary(t, op, a, b, TYPE_I32);
}

static void divide(struct translator *t, enum operation op, uint8_t result)
{
    const struct entry *e = entry_at(t, 0);
    bool immediate = e->kind == ENTRY_CONST && (e->type == TYPE_I32 || (int64_t)e->value == (int32_t)e->value);
    int32_t value = (int32_t)e->value;
    uint16_t b = immediate ? 0 : operand_in_slot(t, 0), a = operand_in_slot(t, 1);
    uint32_t p = emit_result(t, op, 2, immediate, 2, 2, result);
    if (t->failed) return;
    t->code[p + 1].a = a;
    if (immediate) t->code[p + 1].imm = value;
    else t->code[p + 1].b = b;
}

static void unary(struct translator *t, enum operation op, uint32_t places, uint8_t result)
{
    struct place a = operand(t, 0);
    uint32_t p = emit_result(t, op, places, a.index, 2, 1, result);
    if (!t->failed) t->code[p + 1].a = a.slot;
}

static void fbinary(struct translator *t, enum operation op, bool swap, uint8_t result)
{
    struct place b = operand(t, 0), a = operand(t, 1);
    if (swap) {
        struct place c = a;
        a = b;
        b = c;
    }
    uint32_t n = t->floats + 1;
    uint32_t p = emit_result(t, op, n * n, a.index * n + b.index, 2, 2, result);
    if (t->failed) return;
    t->code[p + 1].a = a.slot;
    t->code[p + 1].b = b.slot;
}

/* The address of a memory operation: a constant one is folded into the offset if the sum fits. */
static struct place address(struct translator *t, uint32_t from_top, uint32_t *offset)
{
    read_u32(&t->r);               /* the alignment is a hint */
    *offset = read_u32(&t->r);
    const struct entry *e = entry_at(t, from_top);
    if (e->kind == ENTRY_CONST && e->value + *offset <= UINT32_MAX) {
        *offset += (uint32_t)e->value;
        return (struct place){.index = t->ints + 1};
    }
    return operand(t, from_top);
}

static void load(struct translator *t, enum operation op, uint8_t result)
{
    uint32_t offset;
    struct place a = address(t, 0, &offset);
    uint32_t p = emit_result(t, op, t->ints + 2, a.index, 2, 1, result);
    if (t->failed) return;
    t->code[p + 1].a = a.slot;
    t->code[p + 1].offset = offset;
    exact_border(t);
}

static void store(struct translator *t, enum operation op, bool is_float)
{
    uint32_t offset;
    struct place a = address(t, 1, &offset), v = operand_or_immediate(t, 0, true);
    bool immediate = !is_float && v.index == t->ints + 1;
    uint32_t p = emit(t, op, a.index * (is_float ? t->floats + 1 : t->ints + 2) + v.index, 2 + immediate);
    if (t->failed) return;
    t->code[p + 1].d = a.slot;
    t->code[p + 1].a = v.slot;
    t->code[p + 1].offset = offset;
    if (immediate) t->code[p + 2].i = v.immediate;
    pop_entries(t, 2);
    exact_border(t);
}

static bool translate_plain(struct translator *t, uint32_t opcode, const struct opcode_info *info)
{
    const struct plain *p = &plain_table[opcode];
    enum operation op = p->operation;
    switch ((enum form)p->form) {
    case FORM_OTHER: return false;
    case FORM_BINARY: binary(t, op, false, info->result); break;
    case FORM_COMMUTATIVE: binary(t, op, true, info->result); break;
    case FORM_COMPARE: compare(t, op, p->swap); break;
    case FORM_DIVIDE:
        divide(t, op, info->result);
        exact_border(t);
        break;
    case FORM_UNARY: unary(t, op, t->ints + 1, info->result); break;
    case FORM_LOAD: case FORM_FLOAD: load(t, op, info->result); break;
    case FORM_STORE: store(t, op, false); break;
    case FORM_FSTORE: store(t, op, true); break;
    case FORM_FBINARY: case FORM_FCOMPARE: fbinary(t, op, false, info->result); break;
    case FORM_FCOMPARE_SWAPPED: fbinary(t, op, true, info->result); break;
    case FORM_FUNARY: unary(t, op, t->floats + 1, info->result); break;
    case FORM_TO_FLOAT: unary(t, op, t->ints + 1, info->result); break;
    case FORM_FROM_FLOAT:
        unary(t, op, t->floats + 1, info->result);
        exact_border(t);
        break;
    case FORM_EQZ: translate_eqz(t, info->p1); break;
    }
    return true;
}

/* ---- the others ------------------------------------------------------------------------------------------------- */

static void translate_const(struct translator *t, uint32_t opcode)
{
    switch (opcode) {
    case OPCODE_I32_CONST: push_const(t, TYPE_I32, (uint32_t)read_s32(&t->r)); break;
    case OPCODE_I64_CONST: push_const(t, TYPE_I64, (uint64_t)read_s64(&t->r)); break;
    case OPCODE_F32_CONST: push_const(t, TYPE_F32, load_le32(read_bytes(&t->r, 4).data)); break;
    default: push_const(t, TYPE_F64, load_le64(read_bytes(&t->r, 8).data));
    }
}

/* The condition of a select must be in the last register or in a slot. */
static struct place select_condition(struct translator *t)
{
    const struct entry *e = entry_at(t, 0);
    if (e->kind == ENTRY_REGISTER && e->reg == t->ints - 1) return (struct place){.index = 0};
    return (struct place){.index = 1, .slot = operand_in_slot(t, 0)};
}

static void translate_select(struct translator *t)
{
    uint8_t type = entry_at(t, 1)->type;
    bool is_float = type_class(type) == FLOATS;
    struct place c = select_condition(t), b = operand_or_immediate(t, 1, true), a = operand(t, 2);
    uint32_t n = is_float ? t->floats + 1 : t->ints + 1, b_places = is_float ? n : n + 1;
    bool immediate = !is_float && b.index == t->ints + 1;
    uint32_t p = emit_result(t, is_float ? OPERATION_FSELECT : OPERATION_SELECT, n * b_places * 2,
                             (a.index * b_places + b.index) * 2 + c.index, 2 + immediate, 3, type);
    if (t->failed) return;
    t->code[p + 1].a = a.slot;
    t->code[p + 1].b = b.slot;
    t->code[p + 1].c = c.slot;
    if (immediate) t->code[p + 2].i = b.immediate;
}

static void translate_global(struct translator *t, uint32_t opcode)
{
    uint32_t i = read_u32(&t->r);
    uint8_t type = t->m->globals[i].type;
    bool is_float = type_class(type) == FLOATS;
    if (opcode == OPCODE_GLOBAL_GET) {
        uint32_t p = emit_result(t, is_float ? OPERATION_FGLOBAL_GET : OPERATION_GLOBAL_GET, 1, 0, 2, 0, type);
        if (!t->failed) t->code[p + 1].offset = i;
        return;
    }
    struct place v = operand_or_immediate(t, 0, true);
    bool immediate = !is_float && v.index == t->ints + 1;
    uint32_t p = emit(t, is_float ? OPERATION_FGLOBAL_SET : OPERATION_GLOBAL_SET, v.index, 2 + immediate);
    if (t->failed) return;
    t->code[p + 1].d = v.slot;
    t->code[p + 1].offset = i;
    if (immediate) t->code[p + 2].i = v.immediate;
    pop_entries(t, 1);
    exact_border(t);
}

/* An operation on home slots: n operands, a result unless its type is 0. */
static void simple(struct translator *t, enum operation op, uint32_t n, uint8_t result, uint32_t number, uint32_t words,
                   uint32_t second)
{
    flush_top(t, n);
    uint32_t p = emit(t, op, 0, words);
    if (t->failed) return;
    t->code[p + 1].d = (uint16_t)home_slot(t, t->height - n);
    t->code[p + 1].offset = number;
    if (words == 3) t->code[p + 2].u = second;
    pop_entries(t, n);
    if (result) push_slot(t, result);
}

/* One whose cost depends on its operands: gas must be exact before and behind it. */
static void linear(struct translator *t, enum operation op, uint32_t n, uint8_t result, uint32_t number, uint32_t words,
                   uint32_t second)
{
    simple(t, op, n, result, number, words, second);
    next_stretch(t, NO_POSITION, CHARGE_WORD);
}

static void translate_bulk(struct translator *t, uint32_t opcode)
{
    uint32_t a = read_u32(&t->r), b;
    switch (opcode) {
    case OPCODE_MEMORY_INIT:
        read_u32(&t->r);
        linear(t, OPERATION_MEMORY_INIT, 3, 0, a, 2, 0);
        break;
    case OPCODE_DATA_DROP: simple(t, OPERATION_DATA_DROP, 0, 0, a, 2, 0); break;
    case OPCODE_MEMORY_COPY:
        read_u32(&t->r);
        linear(t, OPERATION_MEMORY_COPY, 3, 0, 0, 2, 0);
        break;
    case OPCODE_MEMORY_FILL: linear(t, OPERATION_MEMORY_FILL, 3, 0, 0, 2, 0); break;
    case OPCODE_TABLE_INIT:
        b = read_u32(&t->r);
        linear(t, OPERATION_TABLE_INIT, 3, 0, b, 3, a);
        break;
    case OPCODE_ELEM_DROP: simple(t, OPERATION_ELEM_DROP, 0, 0, a, 2, 0); break;
    case OPCODE_TABLE_COPY:
        b = read_u32(&t->r);
        linear(t, OPERATION_TABLE_COPY, 3, 0, a, 3, b);
        break;
    case OPCODE_TABLE_GROW: linear(t, OPERATION_TABLE_GROW, 2, TYPE_I32, a, 2, 0); break;
    case OPCODE_TABLE_SIZE: simple(t, OPERATION_TABLE_SIZE, 0, TYPE_I32, a, 2, 0); break;
    case OPCODE_TABLE_FILL: linear(t, OPERATION_TABLE_FILL, 3, 0, a, 2, 0); break;
    }
}

static void translate_ref_is_null(struct translator *t)
{
    translate_eqz(t, TYPE_I64);    /* null is 0 */
}

static void translate_local(struct translator *t, uint32_t opcode)
{
    uint32_t i = read_u32(&t->r);
    if (opcode != OPCODE_LOCAL_GET) set_local(t, i);
    if (opcode != OPCODE_LOCAL_SET) push_local(t, i);
}

/* An i32 in a slot or register has a high half of zeros, so that the same value is the i64. */
static void translate_extend_u(struct translator *t)
{
    t->stack[t->height - 1].type = TYPE_I64;
}

static void translate_other(struct translator *t, uint32_t opcode)
{
    switch (opcode) {
    case OPCODE_UNREACHABLE:
        emit(t, OPERATION_UNREACHABLE, 0, 1);
        t->dead = true;
        break;
    case OPCODE_NOP: break;
    case OPCODE_BLOCK: case OPCODE_LOOP: case OPCODE_IF: translate_block(t, (uint8_t)opcode); break;
    case OPCODE_ELSE: translate_else(t); break;
    case OPCODE_END: translate_end(t); break;
    case OPCODE_BR: translate_br(t); break;
    case OPCODE_BR_IF: translate_br_if(t); break;
    case OPCODE_BR_TABLE: translate_br_table(t); break;
    case OPCODE_RETURN:
        emit_return(t);
        t->dead = true;
        break;
    case OPCODE_CALL: translate_call(t); break;
    case OPCODE_CALL_INDIRECT: translate_call_indirect(t); break;
    case OPCODE_DROP: pop_entries(t, 1); break;
    case OPCODE_SELECT: translate_select(t); break;
    case OPCODE_SELECT_T:
        read_u32(&t->r);
        t->r.p++;
        translate_select(t);
        break;
    case OPCODE_LOCAL_GET: case OPCODE_LOCAL_SET: case OPCODE_LOCAL_TEE: translate_local(t, opcode); break;
    case OPCODE_GLOBAL_GET: case OPCODE_GLOBAL_SET: translate_global(t, opcode); break;
    case OPCODE_TABLE_GET: {
        uint32_t table = read_u32(&t->r);
        simple(t, OPERATION_TABLE_GET, 1, t->m->tables[table].type, table, 2, 0);
        exact_border(t);
        break;
    }
    case OPCODE_TABLE_SET:
        simple(t, OPERATION_TABLE_SET, 2, 0, read_u32(&t->r), 2, 0);
        exact_border(t);
        break;
    case OPCODE_MEMORY_SIZE:
        t->r.p++;
        emit_result(t, OPERATION_MEMORY_SIZE, 1, 0, 2, 0, TYPE_I32);
        break;
    case OPCODE_MEMORY_GROW:
        t->r.p++;
        linear(t, OPERATION_MEMORY_GROW, 1, TYPE_I32, 0, 2, 0);
        break;
    case OPCODE_I64_EXTEND_I32_U: translate_extend_u(t); break;
    case OPCODE_REF_NULL: push_const(t, *t->r.p++, 0); break;
    case OPCODE_REF_IS_NULL: translate_ref_is_null(t); break;
    case OPCODE_REF_FUNC: simple(t, OPERATION_REF_FUNC, 0, TYPE_FUNCREF, read_u32(&t->r), 2, 0); break;
    case OPCODE_I32_CONST: case OPCODE_I64_CONST: case OPCODE_F32_CONST: case OPCODE_F64_CONST:
        translate_const(t, opcode);
        break;
    default: translate_bulk(t, opcode);
    }
}

/* ---- dead code --------------------------------------------------------------------------------------------------- */

static void skip_immediate(struct translator *t, const struct opcode_info *info)
{
    struct reader *r = &t->r;
    int64_t wide;
    switch ((enum immediate)info->immediate) {
    case IMM_NONE: break;
    case IMM_BLOCK: leb_read_s33(&r->p, r->end, &wide); break;
    case IMM_I32: read_s32(r); break;
    case IMM_I64: read_s64(r); break;
    case IMM_F32: r->p += 4; break;
    case IMM_F64: r->p += 8; break;
    case IMM_REF_TYPE: r->p++; break;
    case IMM_SELECT:
        for (uint32_t n = read_u32(r); n > 0; n--) r->p++;
        break;
    case IMM_BR_TABLE:
        for (uint32_t n = read_u32(r) + 1; n > 0; n--) read_u32(r);
        break;
    case IMM_CALL_INDIRECT: case IMM_MEMORY1: case IMM_MEMORY2: case IMM_MEMORY4: case IMM_MEMORY8:
    case IMM_MEMORY_INIT: case IMM_MEMORY_COPY: case IMM_TABLE_INIT: case IMM_TABLE_COPY:
        read_u32(r);
        read_u32(r);
        break;
    default: read_u32(r);
    }
}

static void translate_dead(struct translator *t, uint32_t opcode, const struct opcode_info *info)
{
    if (opcode == OPCODE_BLOCK || opcode == OPCODE_LOOP || opcode == OPCODE_IF) t->dead_depth++;
    else if (opcode == OPCODE_END && t->dead_depth > 0) t->dead_depth--;
    else if (opcode == OPCODE_END) translate_end(t);
    else if (opcode == OPCODE_ELSE && t->dead_depth == 0) translate_else(t);
    skip_immediate(t, info);
}

/* ---- the pass ---------------------------------------------------------------------------------------------------- */

enum { SPLIT_COST = 1 << 30 };     /* stretches are split before their total outgrows 32 bits */

static void charge_instruction(struct translator *t, uint32_t opcode)
{
    const struct fee_schedule *s = &t->m->schedule;
    /* without a schedule, only turns of loops count: often enough to notice an interruption */
    uint64_t cost = opcode == OPCODE_LOOP;
    if (t->m->config.schedule) cost = opcode < 256 ? s->op[opcode] : s->op_fc[opcode & 31];
    if (t->cost > SPLIT_COST) next_stretch(t, NO_POSITION, CHARGE_WORD);
    t->cost += cost;
    t->exact_cost += cost;
}

static void note_location(struct translator *t, const uint8_t *at, uint32_t stretch, bool *done)
{
    if (*done || t->size <= t->wanted) return;
    *done = true;
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
    if (opcode < 256) {
        if (!translate_plain(t, opcode, info)) translate_other(t, opcode);
    } else if (opcode < 0xfc08) {
        unary(t, saturating_table[opcode & 7], t->floats + 1, info->result);
    } else {
        translate_bulk(t, opcode);
    }
    if (t->metered && loop) charge_instruction(t, opcode);
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

static void emit_entry(struct translator *t, const struct functype *type)
{
    const struct body *b = t->body;
    uint64_t bytes = 0, cost = 0;
    if (t->m->config.schedule) cost = frame_cost(t, &bytes);
    if (t->m->config.interruptible && !t->m->config.schedule) cost = 1;
    t->frame_bytes = t->m->config.schedule ? bytes + b->operand_bytes : 0;
    if (t->frame_bytes) {
        uint32_t p = emit(t, OPERATION_STACK_ENTER, 0, 2);
        if (t->failed) return;
        t->code[p + 1].u = t->frame_bytes;
    }
    bool metered = t->metered && !t->exact;
    uint32_t variant = (metered ? 2 * t->ints : 0) + (t->pinned_floats ? t->ints : 0) + t->pinned_ints;
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
    uint32_t saved = t->pinned_floats ? t->ints - 1 + t->floats - 1 : t->pinned_ints;
    t->home = t->header + 1 + saved;
    t->size = t->label_count = t->fixup_count = t->charge_count = t->stretch_count = 0;
    t->height = t->depth = t->flushed = t->dead_depth = 0;
    t->last = t->exact_position = NO_POSITION;
    t->cost = t->exact_cost = 0;
    t->dead = t->failed = false;
    memset(t->temporary, 0, sizeof t->temporary);
    emit_entry(t, type);
    if (!grow(t, &t->blocks, 0, &t->block_capacity, sizeof *t->blocks)) return;
    t->blocks[t->depth++] = (struct block){.type = {0, type->results, type->types + type->params},
                                           .label = new_label(t)};
}

/* Leaves the code in t->code. */
static bool run_pass(struct translator *t, const struct body *b, bool exact)
{
    bool found = false;
    t->exact = exact;
    start_body(t, b);
    if (t->wanted != NO_POSITION) note_location(t, t->r.p, 0, &found);
    while (t->depth > 0 && !t->failed) {
        const uint8_t *at = t->r.p;
        uint32_t stretch = t->stretch_count - 1;
        translate_instruction(t);
        if (t->wanted != NO_POSITION) note_location(t, at, stretch, &found);
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
    if (!run_pass(t, b, exact)) return false;
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
    /* exact code charges up to what may trap, and not beyond */
    if (t->found_cost != UINT64_MAX && t->metered && !exact)
        out->unspent = t->stretches[t->found_stretch].total - t->found_cost;
    for (uint32_t i = 0; i < t->stretch_count; i++)
        if (t->stretches[i].position == position) out->stretch = i;
    return true;
}

bool translate_exact_position(struct translator *t, const struct body *b, uint32_t stretch, uint32_t *position)
{
    t->wanted = NO_POSITION;
    if (!run_pass(t, b, true) || stretch >= t->stretch_count) return false;
    *position = t->stretches[stretch].position;
    return true;
}

struct translator *translator_new(struct module *m)
{
    struct translator *t = calloc(1, sizeof *t);
    if (!t) return NULL;
    size_t locals = (size_t)m->config.limits.locals + 1;
    t->m = m;
    t->dispatch = m->dispatch;
    t->ints = m->dispatch->ints;
    t->floats = m->dispatch->floats;
    t->handlers = m->dispatch->handlers();
    t->metered = module_is_metered(m);
    t->wanted = NO_POSITION;
    operation_first_variants(t->ints, t->floats, t->first);
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
