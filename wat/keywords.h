/* The words of the text format: instructions and everything else. */
#ifndef WAT_KEYWORDS_H
#define WAT_KEYWORDS_H

#include "wat/lexer.h"

/* What follows an instruction's name. The names are those of the table of instructions; what the binary format has
 * to say behind the opcode is the same, in another form. */
enum immediate_kind {
    IMMEDIATE_NONE,
    IMMEDIATE_BLOCK,
    IMMEDIATE_LABEL,
    IMMEDIATE_BR_TABLE,
    IMMEDIATE_FUNC,
    IMMEDIATE_CALL_INDIRECT,
    IMMEDIATE_SELECT,
    IMMEDIATE_LOCAL,
    IMMEDIATE_GLOBAL,
    IMMEDIATE_TABLE,
    IMMEDIATE_MEMORY1,        /* a memarg, by natural alignment in bytes */
    IMMEDIATE_MEMORY2,
    IMMEDIATE_MEMORY4,
    IMMEDIATE_MEMORY8,
    IMMEDIATE_MEMORY_INDEX,
    IMMEDIATE_I32,
    IMMEDIATE_I64,
    IMMEDIATE_F32,
    IMMEDIATE_F64,
    IMMEDIATE_REF_TYPE,
    IMMEDIATE_MEMORY_INIT,
    IMMEDIATE_MEMORY_COPY,
    IMMEDIATE_DATA,
    IMMEDIATE_TABLE_INIT,
    IMMEDIATE_TABLE_COPY,
    IMMEDIATE_ELEM,
};

struct instruction {
    const char *name;
    uint8_t size;             /* of the name */
    uint8_t immediate;        /* enum immediate_kind */
    uint16_t opcode;          /* 0xfc00 + the second number for those of two */
};

/* Finds instructions by name; made anew for each text, since the library keeps no state. */
enum { INSTRUCTION_SLOTS = 1024 };
struct instruction_table {
    uint8_t slots[INSTRUCTION_SLOTS]; /* 1 + place in the list, or 0 */
};

void instruction_table_init(struct instruction_table *t);

/* The instruction of that name, null if there is none. */
const struct instruction *instruction_find(const struct instruction_table *t, const char *name, size_t size);

/* Whether the language has this word outside of instructions. */
bool is_keyword(const char *word, size_t size);

#endif
