/* Constants, variables, select, references, memories and tables; and who does the rest. */
#include "vm/translate_parts.h"

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
    bool immediate = !is_float && is_immediate(t, b);
    uint32_t rest = is_float ? VARIANT(t, FSELECT, 0, a.index, b.index, c.index)
                             : VARIANT(t, SELECT, 0, a.index, b.index, c.index);
    uint32_t p = emit_result(t, is_float ? OPERATION_FSELECT : OPERATION_SELECT, rest, 2 + immediate, 3, type);
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
        uint32_t p = emit_result(t, is_float ? OPERATION_FGLOBAL_GET : OPERATION_GLOBAL_GET, 0, 2, 0, type);
        if (!t->failed) t->code[p + 1].offset = i;
        return;
    }
    struct place v = operand_or_immediate(t, 0, true);
    bool immediate = !is_float && is_immediate(t, v);
    uint32_t p = emit(t, is_float ? OPERATION_FGLOBAL_SET : OPERATION_GLOBAL_SET, v.index, 2 + immediate);
    if (t->failed) return;
    t->code[p + 1].d = v.slot;
    t->code[p + 1].offset = i;
    if (immediate) t->code[p + 2].i = v.immediate;
    pop_entries(t, 1);
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
    default: t->failed = true;     /* translate_other sends nothing else */
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

/* Every instruction of opcodes.def is here or in plain.def: else the compiler stops. */
#pragma GCC diagnostic push
#pragma GCC diagnostic error "-Wswitch"
void translate_other(struct translator *t, uint32_t opcode)
{
    switch ((enum opcode)opcode) {
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
        break;
    }
    case OPCODE_TABLE_SET:
        simple(t, OPERATION_TABLE_SET, 2, 0, read_u32(&t->r), 2, 0);
        break;
    case OPCODE_MEMORY_SIZE:
        t->r.p++;
        emit_result(t, OPERATION_MEMORY_SIZE, 0, 2, 0, TYPE_I32);
        break;
    case OPCODE_MEMORY_GROW:
        t->r.p++;
        linear(t, OPERATION_MEMORY_GROW, 1, TYPE_I32, 0, 2, 0);
        break;
    case OPCODE_I64_EXTEND_I32_U: translate_extend_u(t); break;
    case OPCODE_REF_NULL: push_const(t, *t->r.p++, 0); break;
    case OPCODE_REF_IS_NULL: translate_ref_is_null(t); break;
    case OPCODE_REF_FUNC: simple(t, OPERATION_REF_FUNC, 0, TYPE_FUNCREF, read_u32(&t->r), 2, 0); break;
    case OPCODE_MEMORY_INIT: case OPCODE_DATA_DROP: case OPCODE_MEMORY_COPY: case OPCODE_MEMORY_FILL:
    case OPCODE_TABLE_INIT: case OPCODE_ELEM_DROP: case OPCODE_TABLE_COPY: case OPCODE_TABLE_GROW:
    case OPCODE_TABLE_SIZE: case OPCODE_TABLE_FILL: translate_bulk(t, opcode); break;
    case OPCODE_I32_CONST: case OPCODE_I64_CONST: case OPCODE_F32_CONST: case OPCODE_F64_CONST:
        translate_const(t, opcode);
        break;
#define X(name, form, swap, operation) case OPCODE_##name:
#include "vm/plain.def"
#undef X
        break;                     /* translate_plain has done it */
    }
}
#pragma GCC diagnostic pop
