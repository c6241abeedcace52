/* Instructions that compute: numbers, comparisons, loads and stores. */
#include "vm/translate_order.h"
#include "vm/translate_parts.h"

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

static void emit_binary(struct translator *t, enum operation op, struct place a, struct place b, uint8_t result)
{
    uint32_t p = emit_result(t, op, VARIANT(t, BINARY, 0, a.index, b.index), 2, 2, result);
    if (t->failed) return;
    t->code[p + 1].a = a.slot;
    if (is_immediate(t, b)) t->code[p + 1].imm = (int32_t)b.immediate;
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
    bool is_signed = op == OPERATION_I32_LT_S || op == OPERATION_I32_GE_S || op == OPERATION_I64_LT_S ||
                     op == OPERATION_I64_GE_S;
    bool wide = op >= OPERATION_I64_EQ;
    bool less = op == OPERATION_I32_LT_S || op == OPERATION_I32_LT_U || op == OPERATION_I64_LT_S ||
                op == OPERATION_I64_LT_U;
    uint64_t max = wide ? (is_signed ? (uint64_t)INT64_MAX : UINT64_MAX) : is_signed ? (uint64_t)INT32_MAX : UINT32_MAX;
    *known = !less;                /* max < a: never; max >= a: always */
    if (c->value == max) return false;
    c->value = wide ? c->value + 1 : (uint32_t)(c->value + 1);
    return true;
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
    uint32_t p = emit_result(t, op, VARIANT(t, DIVIDE, 0, immediate), 2, 2, result);
    if (t->failed) return;
    t->code[p + 1].a = a;
    if (immediate) t->code[p + 1].imm = value;
    else t->code[p + 1].b = b;
}

/* UNARY, FUNARY, TO_FLOAT, FROM_FLOAT: the operand's place is the last digit. */
static void unary(struct translator *t, enum operation op, uint8_t result)
{
    struct place a = operand(t, 0);
    uint32_t p = emit_result(t, op, a.index, 2, 1, result);
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
    /* FBINARY and FCOMPARE differ in the result's place alone */
    uint32_t p = emit_result(t, op, VARIANT(t, FBINARY, 0, a.index, b.index), 2, 2, result);
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
        return immediate_place(t, 0);
    }
    return operand(t, from_top);
}

static void load(struct translator *t, enum operation op, uint8_t result)
{
    uint32_t offset;
    struct place a = address(t, 0, &offset);
    uint32_t p = emit_result(t, op, VARIANT(t, LOAD, 0, a.index), 2, 1, result);
    if (t->failed) return;
    t->code[p + 1].a = a.slot;
    t->code[p + 1].offset = offset;
    exact_border(t);
}

static void store(struct translator *t, enum operation op, bool is_float)
{
    uint32_t offset;
    struct place a = address(t, 1, &offset), v = operand_or_immediate(t, 0, true);
    bool immediate = !is_float && is_immediate(t, v);
    uint32_t variant = is_float ? VARIANT(t, FSTORE, a.index, v.index) : VARIANT(t, STORE, a.index, v.index);
    uint32_t p = emit(t, op, variant, 2 + immediate);
    if (t->failed) return;
    t->code[p + 1].d = a.slot;
    t->code[p + 1].a = v.slot;
    t->code[p + 1].offset = offset;
    if (immediate) t->code[p + 2].i = v.immediate;
    pop_entries(t, 2);
    exact_border(t);
}

bool translate_plain(struct translator *t, uint32_t opcode, const struct opcode_info *info)
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
    case FORM_UNARY: unary(t, op, info->result); break;
    case FORM_LOAD: case FORM_FLOAD: load(t, op, info->result); break;
    case FORM_STORE: store(t, op, false); break;
    case FORM_FSTORE: store(t, op, true); break;
    case FORM_FBINARY: case FORM_FCOMPARE: fbinary(t, op, false, info->result); break;
    case FORM_FCOMPARE_SWAPPED: fbinary(t, op, true, info->result); break;
    case FORM_FUNARY: unary(t, op, info->result); break;
    case FORM_TO_FLOAT: unary(t, op, info->result); break;
    case FORM_FROM_FLOAT:
        unary(t, op, info->result);
        exact_border(t);
        break;
    case FORM_EQZ: translate_eqz(t, info->p1); break;
    }
    return true;
}

void translate_saturating(struct translator *t, uint32_t opcode, uint8_t result)
{
    unary(t, saturating_table[opcode & 7], result);
}
