/* The prime field of a curve as a type: arithmetic over crypto/field.h with the size and the modulus known to the
 * compiler. To be included by a curve's own header after it has defined FP_LIMBS (4 or 6) and FP_FIELD (a static const
 * struct field); everything is local to the file that includes it, so that each curve has its own `struct fp`.
 *
 * Elements are in Montgomery form and fully reduced. Results may be the same objects as operands. Variable time. */
#ifndef CRYPTO_FP_H
#define CRYPTO_FP_H

#include <string.h>

#include "crypto/field.h"

#define FP_SIZE (FP_LIMBS * 8)

/* For functions of these headers that are too large to be inlined everywhere and not used by every file. */
#define LOCAL __attribute__((unused, noinline)) static

struct fp {
    uint64_t limb[FP_LIMBS];
};

static inline void fp_set_zero(struct fp *r)
{
    memset(r, 0, sizeof *r);
}

static inline void fp_set_one(struct fp *r)
{
    memcpy(r->limb, FP_FIELD.one, sizeof r->limb);
}

static inline bool fp_is_zero(const struct fp *a)
{
    uint64_t any = 0;
    for (unsigned i = 0; i < FP_LIMBS; i++) any |= a->limb[i];
    return any == 0;
}

static inline bool fp_equal(const struct fp *a, const struct fp *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

/* r = a - p if that is not negative, else a; a below 2p. */
static inline void fp_reduce_once(struct fp *r, const struct fp *a)
{
    struct fp less;
    unsigned char borrow = 0;
#pragma GCC unroll 6
    for (unsigned i = 0; i < FP_LIMBS; i++) less.limb[i] = subtract_borrow(a->limb[i], FP_FIELD.modulus[i], &borrow);
    const uint64_t keep = (uint64_t)0 - borrow;
#pragma GCC unroll 6
    for (unsigned i = 0; i < FP_LIMBS; i++) r->limb[i] = (a->limb[i] & keep) | (less.limb[i] & ~keep);
}

static inline void fp_add(struct fp *r, const struct fp *a, const struct fp *b)
{
    struct fp sum;
    unsigned char carry = 0;
#pragma GCC unroll 6
    for (unsigned i = 0; i < FP_LIMBS; i++) sum.limb[i] = add_carry(a->limb[i], b->limb[i], &carry);
    fp_reduce_once(r, &sum);
}

static inline void fp_subtract(struct fp *r, const struct fp *a, const struct fp *b)
{
    struct fp difference;
    unsigned char borrow = 0, carry = 0;
#pragma GCC unroll 6
    for (unsigned i = 0; i < FP_LIMBS; i++) difference.limb[i] = subtract_borrow(a->limb[i], b->limb[i], &borrow);
    const uint64_t below = (uint64_t)0 - borrow;
#pragma GCC unroll 6
    for (unsigned i = 0; i < FP_LIMBS; i++)
        r->limb[i] = add_carry(difference.limb[i], FP_FIELD.modulus[i] & below, &carry);
}

static inline void fp_double(struct fp *r, const struct fp *a)
{
    fp_add(r, a, a);
}

static inline void fp_negate(struct fp *r, const struct fp *a)
{
    struct fp zero;
    fp_set_zero(&zero);
    fp_subtract(r, &zero, a);
}

/* r = a / 2 */
static inline void fp_halve(struct fp *r, const struct fp *a)
{
    const uint64_t odd = (uint64_t)0 - (a->limb[0] & 1);
    struct fp sum;
    unsigned char carry = 0;
    for (unsigned i = 0; i < FP_LIMBS; i++) sum.limb[i] = add_carry(a->limb[i], FP_FIELD.modulus[i] & odd, &carry);
    for (unsigned i = 0; i + 1 < FP_LIMBS; i++) r->limb[i] = sum.limb[i] >> 1 | sum.limb[i + 1] << 63;
    r->limb[FP_LIMBS - 1] = sum.limb[FP_LIMBS - 1] >> 1;
}

static inline void fp_multiply(struct fp *r, const struct fp *a, const struct fp *b)
{
#if FP_LIMBS == 4
    field_multiply_4(r->limb, a->limb, b->limb, &FP_FIELD);
#else
    field_multiply_6(r->limb, a->limb, b->limb, &FP_FIELD);
#endif
}

static inline void fp_square(struct fp *r, const struct fp *a)
{
    fp_multiply(r, a, a);
}

/* r = 1/a; 0 for 0. */
static inline void fp_inverse(struct fp *r, const struct fp *a)
{
    field_inverse(r->limb, a->limb, &FP_FIELD);
}

/* The number as a plain one and back; fp_from_plain answers false, leaving r alone, if it is not below p. */
static inline void fp_to_plain(uint64_t plain[FP_LIMBS], const struct fp *a)
{
    field_to_plain(plain, a->limb, &FP_FIELD);
}

static inline bool fp_from_plain(struct fp *r, const uint64_t plain[FP_LIMBS])
{
    if (!field_is_reduced(plain, &FP_FIELD)) return false;
    field_from_plain(r->limb, plain, &FP_FIELD);
    return true;
}

#endif
