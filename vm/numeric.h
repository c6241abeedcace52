/* Numbers as WebAssembly has them, where C differs or leaves things open. NaNs that arithmetic makes are canonical.
 * Internal to vm/. */
#ifndef VM_NUMERIC_H
#define VM_NUMERIC_H

#include <math.h>
#include <stdint.h>
#include <string.h>

/* Calls on i386 pass floats through x87 registers, which quiet signalling NaNs: nothing here is ever called there. */
#ifdef __i386__
#define FLOAT_INLINE static inline __attribute__((always_inline))
#else
#define FLOAT_INLINE static inline
#endif

FLOAT_INLINE float bits_to_f32(uint32_t b)
{
    float f;
    memcpy(&f, &b, 4);
    return f;
}
FLOAT_INLINE double bits_to_f64(uint64_t b)
{
    double f;
    memcpy(&f, &b, 8);
    return f;
}
FLOAT_INLINE uint32_t f32_to_bits(float f)
{
    uint32_t b;
    memcpy(&b, &f, 4);
    return b;
}
FLOAT_INLINE uint64_t f64_to_bits(double f)
{
    uint64_t b;
    memcpy(&b, &f, 8);
    return b;
}

FLOAT_INLINE float canonical32(float f)
{
    return __builtin_expect(f == f, 1) ? f : bits_to_f32(0x7fc00000);
}
FLOAT_INLINE double canonical64(double f)
{
    return __builtin_expect(f == f, 1) ? f : bits_to_f64(0x7ff8000000000000);
}

/* Sign operations work on the bits: they must keep a NaN's payload. */
FLOAT_INLINE float abs32(float f) { return bits_to_f32(f32_to_bits(f) & 0x7fffffff); }
FLOAT_INLINE float neg32(float f) { return bits_to_f32(f32_to_bits(f) ^ 0x80000000); }
FLOAT_INLINE double abs64(double f) { return bits_to_f64(f64_to_bits(f) & 0x7fffffffffffffff); }
FLOAT_INLINE double neg64(double f) { return bits_to_f64(f64_to_bits(f) ^ 0x8000000000000000); }
FLOAT_INLINE float copysign32(float a, float b)
{
    return bits_to_f32((f32_to_bits(a) & 0x7fffffff) | (f32_to_bits(b) & 0x80000000));
}
FLOAT_INLINE double copysign64(double a, double b)
{
    return bits_to_f64((f64_to_bits(a) & 0x7fffffffffffffff) | (f64_to_bits(b) & 0x8000000000000000));
}

/* A NaN operand gives a NaN, and -0 is less than +0. */
FLOAT_INLINE float min32(float a, float b)
{
    if (a != a || b != b) return bits_to_f32(0x7fc00000);
    if (a == b) return bits_to_f32(f32_to_bits(a) | f32_to_bits(b));
    return a < b ? a : b;
}
FLOAT_INLINE float max32(float a, float b)
{
    if (a != a || b != b) return bits_to_f32(0x7fc00000);
    if (a == b) return bits_to_f32(f32_to_bits(a) & f32_to_bits(b));
    return a > b ? a : b;
}
FLOAT_INLINE double min64(double a, double b)
{
    if (a != a || b != b) return bits_to_f64(0x7ff8000000000000);
    if (a == b) return bits_to_f64(f64_to_bits(a) | f64_to_bits(b));
    return a < b ? a : b;
}
FLOAT_INLINE double max64(double a, double b)
{
    if (a != a || b != b) return bits_to_f64(0x7ff8000000000000);
    if (a == b) return bits_to_f64(f64_to_bits(a) & f64_to_bits(b));
    return a > b ? a : b;
}

/* Saturating conversions; a NaN gives 0. */
FLOAT_INLINE uint32_t sat_i32(double a)
{
    if (a != a) return 0;
    if (a <= -2147483648.0) return (uint32_t)INT32_MIN;
    if (a >= 2147483647.0) return (uint32_t)INT32_MAX;
    return (uint32_t)(int32_t)a;
}
FLOAT_INLINE uint32_t sat_u32(double a)
{
    if (!(a > 0)) return 0;
    if (a >= 4294967295.0) return UINT32_MAX;
    return (uint32_t)a;
}
FLOAT_INLINE uint64_t sat_i64(double a)
{
    if (a != a) return 0;
    if (a <= -9223372036854775808.0) return (uint64_t)INT64_MIN;
    if (a >= 9223372036854775808.0) return (uint64_t)INT64_MAX;
    return (uint64_t)(int64_t)a;
}
FLOAT_INLINE uint64_t sat_u64(double a)
{
    if (!(a > 0)) return 0;
    if (a >= 18446744073709551616.0) return UINT64_MAX;
    return (uint64_t)a;
}

/* Memory is little-endian on every host. */
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define LITTLE16(v) __builtin_bswap16(v)
#define LITTLE32(v) __builtin_bswap32(v)
#define LITTLE64(v) __builtin_bswap64(v)
#else
#define LITTLE16(v) (v)
#define LITTLE32(v) (v)
#define LITTLE64(v) (v)
#endif

#define MEMORY_INTEGER(type, raw, little)                  \
    static inline type load_##type(const uint8_t *p)       \
    {                                                      \
        raw v;                                             \
        memcpy(&v, p, sizeof v);                           \
        return (type)little(v);                            \
    }
#define PLAIN(v) (v)
MEMORY_INTEGER(uint8_t, uint8_t, PLAIN)
MEMORY_INTEGER(int8_t, uint8_t, PLAIN)
MEMORY_INTEGER(uint16_t, uint16_t, LITTLE16)
MEMORY_INTEGER(int16_t, uint16_t, LITTLE16)
MEMORY_INTEGER(uint32_t, uint32_t, LITTLE32)
MEMORY_INTEGER(int32_t, uint32_t, LITTLE32)
MEMORY_INTEGER(uint64_t, uint64_t, LITTLE64)
#undef MEMORY_INTEGER
FLOAT_INLINE float load_float(const uint8_t *p) { return bits_to_f32(load_uint32_t(p)); }
FLOAT_INLINE double load_double(const uint8_t *p) { return bits_to_f64(load_uint64_t(p)); }

static inline void store_uint8_t(uint8_t *p, uint64_t v) { *p = (uint8_t)v; }
static inline void store_uint16_t(uint8_t *p, uint64_t v)
{
    uint16_t x = LITTLE16((uint16_t)v);
    memcpy(p, &x, sizeof x);
}
static inline void store_uint32_t(uint8_t *p, uint64_t v)
{
    uint32_t x = LITTLE32((uint32_t)v);
    memcpy(p, &x, sizeof x);
}
static inline void store_uint64_t(uint8_t *p, uint64_t v)
{
    uint64_t x = LITTLE64(v);
    memcpy(p, &x, sizeof x);
}
FLOAT_INLINE void store_float(uint8_t *p, float v) { store_uint32_t(p, f32_to_bits(v)); }
FLOAT_INLINE void store_double(uint8_t *p, double v) { store_uint64_t(p, f64_to_bits(v)); }

#endif
