#include "vm/opcodes.h"

enum { TYPE_NONE = 0 };

/* Opcodes of two bytes stand behind those of one in opcodes.def and are 0xfc00 + n, so that each array is filled by
 * the rows of its own range; the other rows go to a spare last element. */
#define ROW(text, immediate, p1, p2, result, feature) \
    {text, IMM_##immediate, TYPE_##p1, TYPE_##p2, TYPE_##result, feature, true}

#if defined(__clang__)
#pragma clang diagnostic ignored "-Winitializer-overrides"
#else
#pragma GCC diagnostic ignored "-Woverride-init"
#endif

const struct opcode_info opcode_table[256] = {
#define X(opcode, name, text, immediate, p1, p2, result, feature) \
    [(opcode) < 256 ? (opcode) : 0xff] = ROW(text, immediate, p1, p2, result, feature),
#include "vm/opcodes.def"
#undef X
    [0xff] = {0},
};

const struct opcode_info opcode_table_fc[32] = {
#define X(opcode, name, text, immediate, p1, p2, result, feature) \
    [(opcode) >= 0xfc00 ? (opcode) & 31 : 31] = ROW(text, immediate, p1, p2, result, feature),
#include "vm/opcodes.def"
#undef X
    [31] = {0},
};
