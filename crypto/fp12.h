/* The quadratic extension Fp12 = Fp6[w] / (w^2 - v), so that w^6 = xi; the curve's constants give frobenius_w[i] =
 * xi^(i (p-1)/6). To be included after crypto/fp6.h. Results may be the same objects as operands. */
#ifndef CRYPTO_FP12_H
#define CRYPTO_FP12_H

#include "crypto/fp6.h"

/* c0 + c1 w */
struct fp12 {
    struct fp6 c0, c1;
};

static inline void fp12_set_one(struct fp12 *r)
{
    memset(r, 0, sizeof *r);
    fp2_set_one(&r->c0.c0);
}

static inline bool fp12_is_one(const struct fp12 *a)
{
    struct fp12 one;
    fp12_set_one(&one);
    return memcmp(a, &one, sizeof one) == 0;
}

/* c0 - c1 w = a^(p^6); the inverse, where a^(p^6 + 1) = 1 */
static inline void fp12_conjugate(struct fp12 *r, const struct fp12 *a)
{
    r->c0 = a->c0;
    fp6_negate(&r->c1, &a->c1);
}

/* c0 = low + v high, c1 = cross - low - high: the end of every product (a0 + a1 w)(b0 + b1 w) */
static inline void fp12_finish_product(struct fp12 *r, const struct fp6 *low, const struct fp6 *high,
                                       const struct fp6 *cross)
{
    struct fp6 shifted;
    fp6_subtract(&r->c1, cross, low);
    fp6_subtract(&r->c1, &r->c1, high);
    fp6_multiply_v(&shifted, high);
    fp6_add(&r->c0, low, &shifted);
}

LOCAL void fp12_multiply(struct fp12 *r, const struct fp12 *a, const struct fp12 *b)
{
    struct fp6 low, high, sum_a, sum_b;
    fp6_multiply(&low, &a->c0, &b->c0);
    fp6_multiply(&high, &a->c1, &b->c1);
    fp6_add(&sum_a, &a->c0, &a->c1);
    fp6_add(&sum_b, &b->c0, &b->c1);
    fp6_multiply(&sum_a, &sum_a, &sum_b);
    fp12_finish_product(r, &low, &high, &sum_a);
}

/* (a0 + a1)(a0 + v a1) = a0^2 + v a1^2 + (1 + v) a0 a1 */
LOCAL void fp12_square(struct fp12 *r, const struct fp12 *a)
{
    struct fp6 product, sum, shifted;
    fp6_multiply(&product, &a->c0, &a->c1);
    fp6_add(&sum, &a->c0, &a->c1);
    fp6_multiply_v(&shifted, &a->c1);
    fp6_add(&shifted, &shifted, &a->c0);
    fp6_multiply(&sum, &sum, &shifted);
    fp6_subtract(&sum, &sum, &product);
    fp6_multiply_v(&shifted, &product);
    fp6_subtract(&r->c0, &sum, &shifted);
    fp6_add(&r->c1, &product, &product);
}

/* r = a (b0 + b1 v + b4 v w): a line of a pairing with an M-twist */
LOCAL void fp12_multiply_014(struct fp12 *r, const struct fp12 *a, const struct fp2 *b0, const struct fp2 *b1,
                             const struct fp2 *b4)
{
    struct fp6 low, high, sum;
    struct fp2 b14;
    fp6_multiply_01(&low, &a->c0, b0, b1);
    fp6_multiply_fp2(&high, &a->c1, b4);
    fp6_multiply_v(&high, &high);
    fp6_add(&sum, &a->c0, &a->c1);
    fp2_add(&b14, b1, b4);
    fp6_multiply_01(&sum, &sum, b0, &b14);
    fp12_finish_product(r, &low, &high, &sum);
}

/* r = a (b0 + b3 w + b4 v w): a line of a pairing with a D-twist */
LOCAL void fp12_multiply_034(struct fp12 *r, const struct fp12 *a, const struct fp2 *b0, const struct fp2 *b3,
                             const struct fp2 *b4)
{
    struct fp6 low, high, sum;
    struct fp2 b03;
    fp6_multiply_fp2(&low, &a->c0, b0);
    fp6_multiply_01(&high, &a->c1, b3, b4);
    fp6_add(&sum, &a->c0, &a->c1);
    fp2_add(&b03, b0, b3);
    fp6_multiply_01(&sum, &sum, &b03, b4);
    fp12_finish_product(r, &low, &high, &sum);
}

/* r = 1/a = (a0 - a1 w) / (a0^2 - v a1^2); 0 for 0 */
LOCAL void fp12_inverse(struct fp12 *r, const struct fp12 *a)
{
    struct fp6 norm, square;
    fp6_multiply(&norm, &a->c0, &a->c0);
    fp6_multiply(&square, &a->c1, &a->c1);
    fp6_multiply_v(&square, &square);
    fp6_subtract(&norm, &norm, &square);
    fp6_inverse(&norm, &norm);
    fp6_multiply(&r->c0, &a->c0, &norm);
    fp6_negate(&norm, &norm);
    fp6_multiply(&r->c1, &a->c1, &norm);
}

/* r = a^p: coefficients of w^i are conjugated and multiplied by (w^i)^p / w^i */
LOCAL void fp12_frobenius(struct fp12 *r, const struct fp12 *a)
{
    const struct fp2 *from[6] = {&a->c0.c0, &a->c1.c0, &a->c0.c1, &a->c1.c1, &a->c0.c2, &a->c1.c2};
    struct fp2 *to[6] = {&r->c0.c0, &r->c1.c0, &r->c0.c1, &r->c1.c1, &r->c0.c2, &r->c1.c2};
    for (unsigned i = 0; i < 6; i++) {
        fp2_conjugate(to[i], from[i]);
        if (i > 0) fp2_multiply(to[i], to[i], &frobenius_w[i]);
    }
}

/* (x + y s)^2 for s^2 = xi */
static inline void fp12_fp4_square(struct fp2 *rx, struct fp2 *ry, const struct fp2 *x, const struct fp2 *y)
{
    struct fp2 xx, yy;
    fp2_square(&xx, x);
    fp2_square(&yy, y);
    fp2_add(ry, x, y);
    fp2_square(ry, ry);
    fp2_subtract(ry, ry, &xx);
    fp2_subtract(ry, ry, &yy);
    fp2_multiply_nonresidue(&yy, &yy);
    fp2_add(rx, &xx, &yy);
}

/* z = 3 t - 2 z or 3 t + 2 z */
static inline void fp12_three_minus_two(struct fp2 *z, const struct fp2 *t)
{
    fp2_subtract(z, t, z);
    fp2_double(z, z);
    fp2_add(z, z, t);
}

static inline void fp12_three_plus_two(struct fp2 *z, const struct fp2 *t)
{
    fp2_add(z, t, z);
    fp2_double(z, z);
    fp2_add(z, z, t);
}

/* a = a^2 for a in the cyclotomic subgroup, a^(p^4 - p^2 + 1) = 1 (Granger, Scott, eprint 2009/565) */
LOCAL void fp12_cyclotomic_square(struct fp12 *a)
{
    struct fp2 t0, t1, t2, t3, t4, t5;
    fp12_fp4_square(&t0, &t1, &a->c0.c0, &a->c1.c1);
    fp12_fp4_square(&t2, &t3, &a->c1.c0, &a->c0.c2);
    fp12_fp4_square(&t4, &t5, &a->c0.c1, &a->c1.c2);
    fp2_multiply_nonresidue(&t5, &t5);
    fp12_three_minus_two(&a->c0.c0, &t0);
    fp12_three_plus_two(&a->c1.c1, &t1);
    fp12_three_minus_two(&a->c0.c1, &t2);
    fp12_three_plus_two(&a->c1.c2, &t3);
    fp12_three_plus_two(&a->c1.c0, &t5);
    fp12_three_minus_two(&a->c0.c2, &t4);
}

/* r = a^k for a in the cyclotomic subgroup and a word k */
LOCAL void fp12_cyclotomic_power(struct fp12 *r, const struct fp12 *a, uint64_t k)
{
    const struct fp12 base = *a;
    fp12_set_one(r);
    bool started = false;
    for (unsigned i = 64; i-- > 0;) {
        if (started) fp12_cyclotomic_square(r);
        if (k >> i & 1) {
            fp12_multiply(r, r, &base);
            started = true;
        }
    }
}

/* r = a^((p^6 - 1)(p^2 + 1)), the easy part of the final exponentiation, into the cyclotomic subgroup */
LOCAL void fp12_easy_part(struct fp12 *r, const struct fp12 *a)
{
    struct fp12 inverse, power;
    fp12_inverse(&inverse, a);
    fp12_conjugate(r, a);
    fp12_multiply(r, r, &inverse);
    fp12_frobenius(&power, r);
    fp12_frobenius(&power, &power);
    fp12_multiply(r, r, &power);
}

#endif
