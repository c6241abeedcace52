/* Scalars of 256 bits cut into signed windows (Booth), for multi-exponentiation. */
#ifndef CRYPTO_SCALAR_H
#define CRYPTO_SCALAR_H

#include "base/bytes.h"

#define SCALAR_LIMBS 4
#define SCALAR_BITS 256

struct scalar {
    uint64_t limb[SCALAR_LIMBS]; /* least significant first */
};

static inline void scalar_from_bytes(struct scalar *s, const uint8_t little_endian[32])
{
    for (unsigned i = 0; i < SCALAR_LIMBS; i++) s->limb[i] = load_le64(little_endian + 8 * i);
}

/* How many windows of `bits` bits cover any scalar: the top one needs room for the carry of the sign. */
static inline unsigned scalar_windows(unsigned bits)
{
    return SCALAR_BITS / bits + 1;
}

/* Digit number i, counted from the least significant, so that the scalar is the sum of digit(i) * 2^(bits * i); it lies
 * between -2^(bits-1) and 2^(bits-1). Bits bits*i-1 .. bits*i+bits-1 decide, the highest of them being negative. */
static inline int scalar_digit(const struct scalar *s, unsigned i, unsigned bits)
{
    unsigned window;
    if (i == 0) {
        window = (unsigned)s->limb[0] << 1;
    } else {
        unsigned low = bits * i - 1, word = low / 64, shift = low % 64;
        uint64_t value = s->limb[word] >> shift;
        if (shift + bits >= 64 && word + 1 < SCALAR_LIMBS) value |= s->limb[word + 1] << 1 << (63 - shift);
        window = (unsigned)value;
    }
    window &= (2u << bits) - 1;
    return (int)((window >> 1) + (window & 1)) - (int)(window >> bits << bits);
}

#endif
