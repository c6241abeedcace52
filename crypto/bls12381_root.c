#include "crypto/bls12381_root.h"

/* e = (p + d) / 2^shift for a small d */
static void exponent(uint64_t e[FP_LIMBS], int d, unsigned shift)
{
    memcpy(e, bls12381_fp.modulus, sizeof bls12381_fp.modulus);
    e[0] = e[0] + (uint64_t)(int64_t)d; /* ends in ...aaab: neither carries nor borrows */
    for (unsigned i = 0; i < FP_LIMBS; i++) e[i] = e[i] >> shift | (i + 1 < FP_LIMBS ? e[i + 1] << (64 - shift) : 0);
}

/* p = 3 mod 4: a^((p+1)/4) is a root if there is one. */
bool bls12381_fp_root(struct fp *r, const struct fp *a)
{
    uint64_t e[FP_LIMBS];
    struct fp root, square;
    exponent(e, 1, 2);
    field_power(root.limb, a->limb, e, FP_LIMBS, &bls12381_fp);
    fp_square(&square, &root);
    if (!fp_equal(&square, a)) return false;
    *r = root;
    return true;
}

/* By the norm ("complex method"): (x + y u)^2 = a means x^2 = (a0 + s)/2 and 2 x y = a1, where s is one of the roots of
 * the norm a0^2 + a1^2. With t = (a0 + s)/2 and w = t^((p-3)/4), so that t w^2 = 1 if t is a square, else -1:
 *   t a square: x = t w, y = (a1/2) w;
 *   else -s is the right root, (a0 - s)/2 = -(a1/2)^2 / t is a square, and x = (a1/2) w, y = -t w. */
bool bls12381_fp2_root(struct fp2 *r, const struct fp2 *a)
{
    uint64_t e[FP_LIMBS];
    struct fp s, t, w, tw, half;
    fp2_norm(&s, a);
    if (!bls12381_fp_root(&s, &s)) return false;
    fp_add(&t, &a->c0, &s);
    fp_halve(&t, &t);
    if (fp_is_zero(&t)) t = a->c0; /* then a1 = 0 and s = -a0: take the other root of the norm */
    exponent(e, -3, 2);
    field_power(w.limb, t.limb, e, FP_LIMBS, &bls12381_fp);
    fp_multiply(&tw, &t, &w);
    fp_halve(&half, &a->c1);
    fp_multiply(&half, &half, &w);

    struct fp2 root = {tw, half}, square;
    fp2_square(&square, &root);
    if (!fp2_equal(&square, a)) {
        root.c0 = half;
        fp_negate(&root.c1, &tw);
    }
    *r = root;
    return true;
}

/* Whether the plain number is above (p - 1) / 2, which is p / 2 rounded down. */
bool bls12381_fp_is_greater(const struct fp *a)
{
    uint64_t plain[FP_LIMBS], half[FP_LIMBS];
    unsigned char borrow = 0;
    fp_to_plain(plain, a);
    exponent(half, -1, 1);
    for (unsigned i = 0; i < FP_LIMBS; i++) (void)subtract_borrow(half[i], plain[i], &borrow);
    return borrow;
}

bool bls12381_fp2_is_greater(const struct fp2 *a)
{
    return bls12381_fp_is_greater(fp_is_zero(&a->c1) ? &a->c0 : &a->c1);
}

bool bls12381_fp_is_odd(const struct fp *a)
{
    uint64_t plain[FP_LIMBS];
    fp_to_plain(plain, a);
    return plain[0] & 1;
}

bool bls12381_fp2_is_odd(const struct fp2 *a)
{
    return bls12381_fp_is_odd(fp_is_zero(&a->c0) ? &a->c1 : &a->c0);
}
