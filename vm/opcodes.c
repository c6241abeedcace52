#include "vm/opcodes.h"
#include "vm/reader.h"

enum { TYPE_NONE = 0 };

/* Opcodes of two bytes stand behind those of one in opcodes.def and are 0xfc00 + n, so that each array is filled by
 * the rows of its own range; the other rows go to a spare last element. */
#define ROW(text, immediate, p1, p2, result, effect, feature) \
    {text, IMM_##immediate, TYPE_##p1, TYPE_##p2, TYPE_##result, EFFECT_##effect, true, feature}

#if defined(__clang__)
#pragma clang diagnostic ignored "-Winitializer-overrides"
#else
#pragma GCC diagnostic ignored "-Woverride-init"
#endif

const struct opcode_info opcode_table[256] = {
#define X(opcode, name, text, immediate, p1, p2, result, effect, feature) \
    [(opcode) < 256 ? (opcode) : 0xff] = ROW(text, immediate, p1, p2, result, effect, feature),
#include "vm/opcodes.def"
#undef X
    [0xff] = {0},
};

const struct opcode_info opcode_table_fc[32] = {
#define X(opcode, name, text, immediate, p1, p2, result, effect, feature) \
    [(opcode) >= 0xfc00 ? (opcode) & 31 : 31] = ROW(text, immediate, p1, p2, result, effect, feature),
#include "vm/opcodes.def"
#undef X
    [31] = {0},
};

void opcode_skip_immediate(struct reader *r, const struct opcode_info *info)
{
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
