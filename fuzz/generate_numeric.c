/* Numeric operations with their types, and the operands that keep those that can trap from always trapping. */
#include "fuzz/generator.h"

/* X(first opcode, last opcode, number of operands, their type, result) */
#define OPERATIONS \
    X(0x45, 0x45, 1, I32, I32) X(0x46, 0x4f, 2, I32, I32) X(0x50, 0x50, 1, I64, I32) X(0x51, 0x5a, 2, I64, I32) \
    X(0x5b, 0x60, 2, F32, I32) X(0x61, 0x66, 2, F64, I32) X(0x67, 0x69, 1, I32, I32) X(0x6a, 0x78, 2, I32, I32) \
    X(0x79, 0x7b, 1, I64, I64) X(0x7c, 0x8a, 2, I64, I64) X(0x8b, 0x91, 1, F32, F32) X(0x92, 0x98, 2, F32, F32) \
    X(0x99, 0x9f, 1, F64, F64) X(0xa0, 0xa6, 2, F64, F64) X(0xa7, 0xa7, 1, I64, I32) X(0xa8, 0xa9, 1, F32, I32) \
    X(0xaa, 0xab, 1, F64, I32) X(0xac, 0xad, 1, I32, I64) X(0xae, 0xaf, 1, F32, I64) X(0xb0, 0xb1, 1, F64, I64) \
    X(0xb2, 0xb3, 1, I32, F32) X(0xb4, 0xb5, 1, I64, F32) X(0xb6, 0xb6, 1, F64, F32) X(0xb7, 0xb8, 1, I32, F64) \
    X(0xb9, 0xba, 1, I64, F64) X(0xbb, 0xbb, 1, F32, F64) X(0xbc, 0xbc, 1, F32, I32) X(0xbd, 0xbd, 1, F64, I64) \
    X(0xbe, 0xbe, 1, I32, F32) X(0xbf, 0xbf, 1, I64, F64) X(0xc0, 0xc1, 1, I32, I32) X(0xc2, 0xc4, 1, I64, I64)

struct operation {
    uint8_t first, last, operands, type, result;
};
static const struct operation operations[] = {
#define X(first, last, operands, type, result) {first, last, operands, type, result},
    OPERATIONS
#undef X
};
enum { COUNT = sizeof operations / sizeof operations[0] };

static bool divides(uint8_t opcode)
{
    return (opcode >= 0x6d && opcode <= 0x70) || (opcode >= 0x7f && opcode <= 0x82);
}

static bool truncates(uint8_t opcode)
{
    return (opcode >= 0xa8 && opcode <= 0xab) || (opcode >= 0xae && opcode <= 0xb1);
}

/* The number after 0xfc of the saturating form. */
static uint8_t saturating(uint8_t opcode)
{
    return (uint8_t)(opcode <= 0xab ? opcode - 0xa8 : opcode - 0xae + 4);
}

/* Before a division: makes the divisor, on top of the stack, odd and so not zero. -1 stays possible. */
static void guard_divisor(struct generator *g, uint8_t type)
{
    put(g, type == I32 ? 0x41 : 0x42);
    put_s(g, 1);
    put(g, type == I32 ? 0x72 : 0x84); /* or */
}

static void emit_operation(struct generator *g, uint8_t opcode, uint8_t type)
{
    if (divides(opcode) && chance(&g->c, 97)) guard_divisor(g, type);
    /* the bits of a NaN show in reinterpretations and in copysign's second operand */
    bool shows = opcode == 0xbc || opcode == 0xbd || opcode == 0x98 || opcode == 0xa6;
    if (g->o.portable && shows) canonicalise(g, type);
    if (truncates(opcode) && chance(&g->c, 90)) {
        put(g, 0xfc);
        put(g, saturating(opcode));
    } else {
        put(g, opcode);
    }
}

void numeric(struct generator *g, uint8_t wanted, int depth)
{
    uint32_t i = choose(&g->c, COUNT);
    while (wanted && operations[i].result != wanted) i = (i + 1) % COUNT;
    const struct operation *o = &operations[i];
    uint8_t opcode = (uint8_t)(o->first + choose(&g->c, o->last - o->first + 1u));
    const uint8_t operands[2] = {o->type, o->type};
    g->left--;
    if (wanted) {
        for (int k = 0; k < o->operands; k++) push_value(g, o->type, depth);
        g->height -= o->operands;
    } else {
        need(g, operands, o->operands);
    }
    emit_operation(g, opcode, o->type);
    push_type(g, o->result);
    /* a reinterpreted integer may be any NaN */
    if (g->o.portable && (opcode == 0xbe || opcode == 0xbf)) canonicalise(g, o->result);
}
