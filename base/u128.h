/* Unsigned numbers of 128 bits, for balances. Operations that can leave the range say so and then give no result. */
#ifndef BASE_U128_H
#define BASE_U128_H

#include "base/bytes.h"

struct u128 {
    uint64_t low, high;
};

enum { U128_TEXT_SIZE = 40 }; /* 39 digits and a NUL */

static inline struct u128 u128_of(uint64_t low)
{
    return (struct u128){low, 0};
}
static inline bool u128_equal(struct u128 a, struct u128 b)
{
    return a.low == b.low && a.high == b.high;
}
static inline bool u128_less(struct u128 a, struct u128 b)
{
    return a.high != b.high ? a.high < b.high : a.low < b.low;
}

/* False: overflow (or, subtracting, below zero, or dividing by zero); *out is then unchanged. */
bool u128_add(struct u128 a, struct u128 b, struct u128 *out);
bool u128_subtract(struct u128 a, struct u128 b, struct u128 *out);
bool u128_multiply(struct u128 a, struct u128 b, struct u128 *out);
bool u128_divide(struct u128 a, struct u128 b, struct u128 *quotient, struct u128 *remainder);

/* Decimal text, without leading zeros. Returns the length. */
size_t u128_print(struct u128 v, char text[static U128_TEXT_SIZE]);
/* Decimal digits and nothing else, at least one; false: something else, or too large. */
bool u128_parse(struct bytes text, struct u128 *out);

/* Sixteen bytes, little-endian. */
static inline struct u128 u128_load(const void *p)
{
    return (struct u128){load_le64(p), load_le64((const uint8_t *)p + 8)};
}
static inline void u128_store(void *p, struct u128 v)
{
    store_le64(p, v.low);
    store_le64((uint8_t *)p + 8, v.high);
}

#endif
