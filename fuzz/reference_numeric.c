/* Numeric instructions, one case each, as the specification's section 4.3 has them. */
#include "fuzz/reference_state.h"

#include <math.h>

static float to_f32(uint64_t bits)
{
    uint32_t b = (uint32_t)bits;
    float f;
    memcpy(&f, &b, 4);
    return f;
}
static double to_f64(uint64_t bits)
{
    double d;
    memcpy(&d, &bits, 8);
    return d;
}
static uint64_t raw32(float f)
{
    uint32_t b;
    memcpy(&b, &f, 4);
    return b;
}
static uint64_t raw64(double d)
{
    uint64_t b;
    memcpy(&b, &d, 8);
    return b;
}
/* What arithmetic made: NaN is canonical. */
static uint64_t made32(float f)
{
    return isnan(f) ? 0x7fc00000u : raw32(f);
}
static uint64_t made64(double d)
{
    return isnan(d) ? 0x7ff8000000000000u : raw64(d);
}

static float min32(float a, float b)
{
    if (isnan(a) || isnan(b)) return NAN;
    if (a == 0 && b == 0) return signbit(a) ? a : b;
    return a < b ? a : b;
}
static float max32(float a, float b)
{
    if (isnan(a) || isnan(b)) return NAN;
    if (a == 0 && b == 0) return signbit(a) ? b : a;
    return a > b ? a : b;
}
static double min64(double a, double b)
{
    if (isnan(a) || isnan(b)) return NAN;
    if (a == 0 && b == 0) return signbit(a) ? a : b;
    return a < b ? a : b;
}
static double max64(double a, double b)
{
    if (isnan(a) || isnan(b)) return NAN;
    if (a == 0 && b == 0) return signbit(a) ? b : a;
    return a > b ? a : b;
}

static uint32_t count_bits(uint64_t v)
{
    uint32_t n = 0;
    for (; v; v &= v - 1) n++;
    return n;
}
static uint32_t leading(uint64_t v, uint32_t width)
{
    uint32_t n = 0;
    while (n < width && !(v >> (width - 1 - n) & 1)) n++;
    return n;
}
static uint32_t trailing(uint64_t v, uint32_t width)
{
    uint32_t n = 0;
    while (n < width && !(v >> n & 1)) n++;
    return n;
}

/* Truncation of x to an integer in [low, high): both exact as doubles; f32 converts exactly to double. */
static bool truncate(struct reference *r, double x, double low, double high, bool is_signed, uint64_t *out)
{
    if (isnan(x)) return ref_trap(r, TRAP_INVALID_CONVERSION);
    double t = trunc(x);
    if (!(t >= low && t < high)) return ref_trap(r, TRAP_INTEGER_OVERFLOW);
    *out = is_signed ? (uint64_t)(int64_t)t : (uint64_t)t;
    return true;
}
static uint64_t saturate(double x, double low, double high, uint64_t lowest, uint64_t highest, bool is_signed)
{
    if (isnan(x)) return 0;
    double t = trunc(x);
    if (t < low) return lowest;
    if (t >= high) return highest;
    return is_signed ? (uint64_t)(int64_t)t : (uint64_t)t;
}

#define TWO31 2147483648.0
#define TWO32 4294967296.0
#define TWO63 9223372036854775808.0
#define TWO64 18446744073709551616.0
#define LOW32 0xffffffffu

#define UNARY(T, from, expression) { T a = from(ref_pop(r)); ref_push(r, (expression)); return true; }
#define BINARY(T, from, expression) \
    { T b = from(ref_pop(r)); T a = from(ref_pop(r)); ref_push(r, (expression)); return true; }
#define AS32(x) ((uint32_t)(x))
#define AS64(x) ((uint64_t)(x))
#define SIGNED32(x) ((int32_t)AS32(x))
#define SIGNED64(x) ((int64_t)AS64(x))

static bool divide32(struct reference *r, uint8_t opcode)
{
    uint32_t b = AS32(ref_pop(r)), a = AS32(ref_pop(r));
    if (b == 0) return ref_trap(r, TRAP_INTEGER_DIVIDE_BY_ZERO);
    bool overflow = a == 0x80000000u && b == LOW32;
    if (opcode == 0x6d && overflow) return ref_trap(r, TRAP_INTEGER_OVERFLOW);
    switch (opcode) {
    case 0x6d: ref_push(r, AS32((int32_t)a / (int32_t)b)); break;
    case 0x6e: ref_push(r, a / b); break;
    case 0x6f: ref_push(r, overflow ? 0 : AS32((int32_t)a % (int32_t)b)); break;
    default: ref_push(r, a % b); break;
    }
    return true;
}

static bool divide64(struct reference *r, uint8_t opcode)
{
    uint64_t b = ref_pop(r), a = ref_pop(r);
    if (b == 0) return ref_trap(r, TRAP_INTEGER_DIVIDE_BY_ZERO);
    bool overflow = a == UINT64_C(1) << 63 && b == UINT64_MAX;
    if (opcode == 0x7f && overflow) return ref_trap(r, TRAP_INTEGER_OVERFLOW);
    switch (opcode) {
    case 0x7f: ref_push(r, AS64((int64_t)a / (int64_t)b)); break;
    case 0x80: ref_push(r, a / b); break;
    case 0x81: ref_push(r, overflow ? 0 : AS64((int64_t)a % (int64_t)b)); break;
    default: ref_push(r, a % b); break;
    }
    return true;
}

static bool truncating(struct reference *r, uint8_t opcode)
{
    uint64_t bits = ref_pop(r), out = 0;
    bool from32 = opcode == 0xa8 || opcode == 0xa9 || opcode == 0xae || opcode == 0xaf;
    double x = from32 ? (double)to_f32(bits) : to_f64(bits);
    bool ok = false;
    switch (opcode) {
    case 0xa8: case 0xaa: ok = truncate(r, x, -TWO31, TWO31, true, &out); out = AS32(out); break;
    case 0xa9: case 0xab: ok = truncate(r, x, 0, TWO32, false, &out); break;
    case 0xae: case 0xb0: ok = truncate(r, x, -TWO63, TWO63, true, &out); break;
    case 0xaf: case 0xb1: ok = truncate(r, x, 0, TWO64, false, &out); break;
    default: break;
    }
    if (ok) ref_push(r, out);
    return ok;
}

bool reference_saturating(struct reference *r, uint32_t number)
{
    uint64_t bits = ref_pop(r);
    bool from32 = number == 0 || number == 1 || number == 4 || number == 5;
    double x = from32 ? (double)to_f32(bits) : to_f64(bits);
    switch (number) {
    case 0: case 2: ref_push(r, AS32(saturate(x, -TWO31, TWO31, 0x80000000u, 0x7fffffffu, true))); break;
    case 1: case 3: ref_push(r, saturate(x, 0, TWO32, 0, LOW32, false)); break;
    case 4: case 6: ref_push(r, saturate(x, -TWO63, TWO63, UINT64_C(1) << 63, INT64_MAX, true)); break;
    default: ref_push(r, saturate(x, 0, TWO64, 0, UINT64_MAX, false)); break;
    }
    return true;
}

static bool integers(struct reference *r, uint8_t opcode)
{
    switch (opcode) {
    case 0x45: UNARY(uint32_t, AS32, a == 0)
    case 0x46: BINARY(uint32_t, AS32, a == b)
    case 0x47: BINARY(uint32_t, AS32, a != b)
    case 0x48: BINARY(int32_t, SIGNED32, a < b)
    case 0x49: BINARY(uint32_t, AS32, a < b)
    case 0x4a: BINARY(int32_t, SIGNED32, a > b)
    case 0x4b: BINARY(uint32_t, AS32, a > b)
    case 0x4c: BINARY(int32_t, SIGNED32, a <= b)
    case 0x4d: BINARY(uint32_t, AS32, a <= b)
    case 0x4e: BINARY(int32_t, SIGNED32, a >= b)
    case 0x4f: BINARY(uint32_t, AS32, a >= b)
    case 0x50: UNARY(uint64_t, AS64, a == 0)
    case 0x51: BINARY(uint64_t, AS64, a == b)
    case 0x52: BINARY(uint64_t, AS64, a != b)
    case 0x53: BINARY(int64_t, SIGNED64, a < b)
    case 0x54: BINARY(uint64_t, AS64, a < b)
    case 0x55: BINARY(int64_t, SIGNED64, a > b)
    case 0x56: BINARY(uint64_t, AS64, a > b)
    case 0x57: BINARY(int64_t, SIGNED64, a <= b)
    case 0x58: BINARY(uint64_t, AS64, a <= b)
    case 0x59: BINARY(int64_t, SIGNED64, a >= b)
    case 0x5a: BINARY(uint64_t, AS64, a >= b)
    case 0x67: UNARY(uint32_t, AS32, leading(a, 32))
    case 0x68: UNARY(uint32_t, AS32, trailing(a, 32))
    case 0x69: UNARY(uint32_t, AS32, count_bits(a))
    case 0x6a: BINARY(uint32_t, AS32, a + b)
    case 0x6b: BINARY(uint32_t, AS32, a - b)
    case 0x6c: BINARY(uint32_t, AS32, a * b)
    case 0x6d: case 0x6e: case 0x6f: case 0x70: return divide32(r, opcode);
    case 0x71: BINARY(uint32_t, AS32, a & b)
    case 0x72: BINARY(uint32_t, AS32, a | b)
    case 0x73: BINARY(uint32_t, AS32, a ^ b)
    case 0x74: BINARY(uint32_t, AS32, a << (b & 31))
    case 0x75: BINARY(uint32_t, AS32, AS32((int32_t)a >> (b & 31)))
    case 0x76: BINARY(uint32_t, AS32, a >> (b & 31))
    case 0x77: BINARY(uint32_t, AS32, AS32(a << (b & 31) | a >> (-b & 31)))
    case 0x78: BINARY(uint32_t, AS32, AS32(a >> (b & 31) | a << (-b & 31)))
    case 0x79: UNARY(uint64_t, AS64, leading(a, 64))
    case 0x7a: UNARY(uint64_t, AS64, trailing(a, 64))
    case 0x7b: UNARY(uint64_t, AS64, count_bits(a))
    case 0x7c: BINARY(uint64_t, AS64, a + b)
    case 0x7d: BINARY(uint64_t, AS64, a - b)
    case 0x7e: BINARY(uint64_t, AS64, a * b)
    case 0x7f: case 0x80: case 0x81: case 0x82: return divide64(r, opcode);
    case 0x83: BINARY(uint64_t, AS64, a & b)
    case 0x84: BINARY(uint64_t, AS64, a | b)
    case 0x85: BINARY(uint64_t, AS64, a ^ b)
    case 0x86: BINARY(uint64_t, AS64, a << (b & 63))
    case 0x87: BINARY(uint64_t, AS64, AS64((int64_t)a >> (b & 63)))
    case 0x88: BINARY(uint64_t, AS64, a >> (b & 63))
    case 0x89: BINARY(uint64_t, AS64, a << (b & 63) | a >> (-b & 63))
    case 0x8a: BINARY(uint64_t, AS64, a >> (b & 63) | a << (-b & 63))
    case 0xa7: UNARY(uint32_t, AS32, a)
    case 0xac: UNARY(int32_t, SIGNED32, AS64((int64_t)a))
    case 0xad: UNARY(uint32_t, AS32, a)
    case 0xc0: UNARY(uint32_t, AS32, AS32(((a & 0xff) ^ 0x80) - 0x80))
    case 0xc1: UNARY(uint32_t, AS32, AS32(((a & 0xffff) ^ 0x8000) - 0x8000))
    case 0xc2: UNARY(uint64_t, AS64, AS64((int64_t)(int8_t)(uint8_t)a))
    case 0xc3: UNARY(uint64_t, AS64, AS64((int64_t)(int16_t)(uint16_t)a))
    case 0xc4: UNARY(uint64_t, AS64, AS64((int64_t)(int32_t)(uint32_t)a))
    default: return true; /* reinterpretations: the bits stay */
    }
}

#define SIGN32 0x80000000u
#define SIGN64 0x8000000000000000u

static bool floats(struct reference *r, uint8_t opcode)
{
    switch (opcode) {
    case 0x5b: BINARY(float, to_f32, a == b)
    case 0x5c: BINARY(float, to_f32, a != b)
    case 0x5d: BINARY(float, to_f32, a < b)
    case 0x5e: BINARY(float, to_f32, a > b)
    case 0x5f: BINARY(float, to_f32, a <= b)
    case 0x60: BINARY(float, to_f32, a >= b)
    case 0x61: BINARY(double, to_f64, a == b)
    case 0x62: BINARY(double, to_f64, a != b)
    case 0x63: BINARY(double, to_f64, a < b)
    case 0x64: BINARY(double, to_f64, a > b)
    case 0x65: BINARY(double, to_f64, a <= b)
    case 0x66: BINARY(double, to_f64, a >= b)
    case 0x8b: UNARY(uint32_t, AS32, a & ~SIGN32)
    case 0x8c: UNARY(uint32_t, AS32, a ^ SIGN32)
    case 0x8d: UNARY(float, to_f32, made32(ceilf(a)))
    case 0x8e: UNARY(float, to_f32, made32(floorf(a)))
    case 0x8f: UNARY(float, to_f32, made32(truncf(a)))
    case 0x90: UNARY(float, to_f32, made32(rintf(a)))
    case 0x91: UNARY(float, to_f32, made32(sqrtf(a)))
    case 0x92: BINARY(float, to_f32, made32(a + b))
    case 0x93: BINARY(float, to_f32, made32(a - b))
    case 0x94: BINARY(float, to_f32, made32(a * b))
    case 0x95: BINARY(float, to_f32, made32(a / b))
    case 0x96: BINARY(float, to_f32, made32(min32(a, b)))
    case 0x97: BINARY(float, to_f32, made32(max32(a, b)))
    case 0x98: BINARY(uint32_t, AS32, (a & ~SIGN32) | (b & SIGN32))
    case 0x99: UNARY(uint64_t, AS64, a & ~SIGN64)
    case 0x9a: UNARY(uint64_t, AS64, a ^ SIGN64)
    case 0x9b: UNARY(double, to_f64, made64(ceil(a)))
    case 0x9c: UNARY(double, to_f64, made64(floor(a)))
    case 0x9d: UNARY(double, to_f64, made64(trunc(a)))
    case 0x9e: UNARY(double, to_f64, made64(rint(a)))
    case 0x9f: UNARY(double, to_f64, made64(sqrt(a)))
    case 0xa0: BINARY(double, to_f64, made64(a + b))
    case 0xa1: BINARY(double, to_f64, made64(a - b))
    case 0xa2: BINARY(double, to_f64, made64(a * b))
    case 0xa3: BINARY(double, to_f64, made64(a / b))
    case 0xa4: BINARY(double, to_f64, made64(min64(a, b)))
    case 0xa5: BINARY(double, to_f64, made64(max64(a, b)))
    case 0xa6: BINARY(uint64_t, AS64, (a & ~SIGN64) | (b & SIGN64))
    case 0xb2: UNARY(int32_t, SIGNED32, raw32((float)a))
    case 0xb3: UNARY(uint32_t, AS32, raw32((float)a))
    case 0xb4: UNARY(int64_t, SIGNED64, raw32((float)a))
    case 0xb5: UNARY(uint64_t, AS64, raw32((float)a))
    case 0xb6: UNARY(double, to_f64, made32((float)a))
    case 0xb7: UNARY(int32_t, SIGNED32, raw64((double)a))
    case 0xb8: UNARY(uint32_t, AS32, raw64((double)a))
    case 0xb9: UNARY(int64_t, SIGNED64, raw64((double)a))
    case 0xba: UNARY(uint64_t, AS64, raw64((double)a))
    case 0xbb: UNARY(float, to_f32, made64((double)a))
    default: return integers(r, opcode);
    }
}

bool reference_numeric(struct reference *r, uint8_t opcode)
{
    bool truncates = (opcode >= 0xa8 && opcode <= 0xab) || (opcode >= 0xae && opcode <= 0xb1);
    return truncates ? truncating(r, opcode) : floats(r, opcode);
}
