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

#if defined(__clang__)
#pragma clang diagnostic ignored "-Winitializer-overrides"
#else
#pragma GCC diagnostic ignored "-Woverride-init"
#endif

/* As in opcodes.c: rows of the other range go to an element that no instruction has. */
static const struct plain plain_table[256] = {
#define X(name, form, swap, operation) \
    [OPCODE_##name < 256 ? OPCODE_##name : 0xff] = {FORM_##form, swap, OPERATION_##operation},
#include "vm/plain.def"
#undef X
    [0xff] = {0},
};
static const struct plain plain_table_fc[32] = {
#define X(name, form, swap, operation) \
    [OPCODE_##name < 256 ? 31 : OPCODE_##name & 31] = {FORM_##form, swap, OPERATION_##operation},
#include "vm/plain.def"
#undef X
    [31] = {0},
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
}

bool translate_plain(struct translator *t, uint32_t opcode, const struct opcode_info *info)
{
    const struct plain *p = opcode < 256 ? &plain_table[opcode] : &plain_table_fc[opcode & 31];
    enum operation op = p->operation;
    switch ((enum form)p->form) {
    case FORM_OTHER: return false;
    case FORM_BINARY: binary(t, op, false, info->result); break;
    case FORM_COMMUTATIVE: binary(t, op, true, info->result); break;
    case FORM_COMPARE: compare(t, op, p->swap); break;
    case FORM_DIVIDE: divide(t, op, info->result); break;
    case FORM_UNARY: case FORM_FUNARY: case FORM_TO_FLOAT: case FORM_FROM_FLOAT: unary(t, op, info->result); break;
    case FORM_LOAD: case FORM_FLOAD: load(t, op, info->result); break;
    case FORM_STORE: store(t, op, false); break;
    case FORM_FSTORE: store(t, op, true); break;
    case FORM_FBINARY: case FORM_FCOMPARE: fbinary(t, op, false, info->result); break;
    case FORM_FCOMPARE_SWAPPED: fbinary(t, op, true, info->result); break;
    case FORM_EQZ: translate_eqz(t, info->p1); break;
    }
    return true;
}
