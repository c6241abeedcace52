/* The kinds of instructions, above translator.h and below translate.c. Internal to vm/translate*.c. */
#ifndef VM_TRANSLATE_PARTS_H
#define VM_TRANSLATE_PARTS_H

#include "vm/translator.h"

/* ---- translate_control.c: blocks, branches, calls, returns ---- */

/* What a conditional branch tests: a comparison, as an operation of the BINARY or FCOMPARE families. */
struct condition {
    unsigned operation;
    struct place a, b;
};

/* Pops the condition; a comparison that was just emitted is taken back and becomes part of the branch. */
void take_condition(struct translator *t, struct condition *c);
void emit_condition(struct translator *t, const struct condition *c, bool negate, uint32_t label);
void emit_jump(struct translator *t, uint32_t label);
void emit_return(struct translator *t);

void translate_block(struct translator *t, uint8_t opcode);
void translate_else(struct translator *t);
void translate_end(struct translator *t);
void translate_br(struct translator *t);
void translate_br_if(struct translator *t);
void translate_br_table(struct translator *t);
void translate_call(struct translator *t);
void translate_call_indirect(struct translator *t);
void translate_eqz(struct translator *t, uint8_t type);

/* ---- translate_plain.c ---- */

/* Instructions that compute (plain.def); false: it is another one. */
bool translate_plain(struct translator *t, uint32_t opcode, const struct opcode_info *info);

/* ---- translate_other.c ---- */

void translate_other(struct translator *t, uint32_t opcode);

#endif
