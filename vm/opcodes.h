/* The instructions of the binary format, from opcodes.def. */
#ifndef VM_OPCODES_H
#define VM_OPCODES_H

#include "vm/vm.h"

enum opcode {
#define X(opcode, name, text, immediate, p1, p2, result, feature) OPCODE_##name = opcode,
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

/* One row of the table. `known` is false for bytes that are no opcode. */
struct opcode_info {
    const char *text;
    uint8_t immediate;
    uint8_t p1, p2, result;  /* enum valtype; 0: none, or it depends on context */
    uint8_t feature;
    uint8_t charges;         /* how many of NEAR's charges (gas_groups.h) it can be the reason for, at most, by their size */
    bool known;
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

/* Reads past the immediate of an instruction of a validated body. */
struct reader;
void opcode_skip_immediate(struct reader *r, const struct opcode_info *info);

#endif
