/* The instructions of the binary format, from opcodes.def. */
#ifndef VM_OPCODES_H
#define VM_OPCODES_H

#include "vm/vm.h"

enum opcode {
#define X(opcode, name, text, immediate, p1, p2, result, effect, feature) OPCODE_##name = opcode,
#include "vm/opcodes.def"
#undef X
};

/* How the bytes behind an opcode are read. */
enum immediate {
    IMM_NONE,
    IMM_BLOCK,         /* a block type */
    IMM_LABEL,
    IMM_BR_TABLE,
    IMM_FUNC,
    IMM_CALL_INDIRECT, /* type, table */
    IMM_SELECT,        /* a vector of types */
    IMM_LOCAL,
    IMM_GLOBAL,
    IMM_TABLE,
    IMM_MEMORY1,       /* a memarg, by natural alignment in bytes */
    IMM_MEMORY2,
    IMM_MEMORY4,
    IMM_MEMORY8,
    IMM_MEMORY_INDEX,  /* a zero byte */
    IMM_I32,
    IMM_I64,
    IMM_F32,
    IMM_F64,
    IMM_REF_TYPE,
    IMM_MEMORY_INIT,   /* data segment, zero byte */
    IMM_MEMORY_COPY,   /* two zero bytes */
    IMM_DATA,
    IMM_TABLE_INIT,    /* element segment, table */
    IMM_TABLE_COPY,    /* table, table */
    IMM_ELEM,
};

/* What an instruction is to the instructions around it when gas is charged: which are charged together is finite-wasm's
 * analysis (gas_groups.h), and in exact code (translator.h) each border has a charge of its own. */
enum effect {
    EFFECT_NONE,       /* it computes */
    EFFECT_STATE,      /* others see it: a border in exact code, but none of the analysis */
    EFFECT_TRAP,       /* it may trap, or calls: a border */
    EFFECT_BULK,       /* pays by its operand, too */
    EFFECT_CONTROL,    /* begins or ends a block, or branches */
    EFFECT_RETURN,
};

/* One row of the table. `known` is false for bytes that are no opcode. */
struct opcode_info {
    const char *text;
    uint8_t immediate;
    uint8_t p1, p2, result;  /* enum valtype; 0: none, or it depends on context */
    uint8_t effect;          /* enum effect */
    bool known;
    uint32_t feature;        /* enum feature, or 0 */
};

extern const struct opcode_info opcode_table[256];
extern const struct opcode_info opcode_table_fc[32];

/* The row of `opcode` (0xfc00 + n for the second table); null if there is none. */
static inline const struct opcode_info *opcode_find(uint32_t opcode)
{
    const struct opcode_info *i = NULL;
    if (opcode < 256) i = &opcode_table[opcode];
    else if (opcode >= 0xfc00 && opcode < 0xfc00 + 32) i = &opcode_table_fc[opcode - 0xfc00];
    return i && i->known ? i : NULL;
}

/* How many charges of the analysis the instruction can be the reason for, at most; a return or an operation on a range
 * takes as many bytes as several. */
static inline uint32_t opcode_charges(const struct opcode_info *i)
{
    static const uint8_t charges[] = {[EFFECT_NONE] = 0, [EFFECT_STATE] = 0, [EFFECT_TRAP] = 1, [EFFECT_BULK] = 3,
                                      [EFFECT_CONTROL] = 1, [EFFECT_RETURN] = 2};
    return charges[i->effect];
}

/* Reads past the immediate of an instruction of a validated body. */
struct reader;
void opcode_skip_immediate(struct reader *r, const struct opcode_info *info);

#endif
