/* The quadratic extension Fp2 = Fp[u] / (u^2 + 1); p = 3 mod 4. To be included after crypto/fp.h (see there). */
#ifndef CRYPTO_FP2_H
#define CRYPTO_FP2_H

#include "crypto/fp.h"

/* c0 + c1 u */
struct fp2 {
    struct fp c0, c1;
};

static inline void fp2_set_zero(struct fp2 *r)
{
    memset(r, 0, sizeof *r);
}

static inline void fp2_set_one(struct fp2 *r)
{
    fp_set_one(&r->c0);
    fp_set_zero(&r->c1);
}

static inline bool fp2_is_zero(const struct fp2 *a)
{
    return fp_is_zero(&a->c0) && fp_is_zero(&a->c1);
}

static inline bool fp2_equal(const struct fp2 *a, const struct fp2 *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

LOCAL void fp2_add(struct fp2 *r, const struct fp2 *a, const struct fp2 *b)
{
    fp_add(&r->c0, &a->c0, &b->c0);
    fp_add(&r->c1, &a->c1, &b->c1);
}

LOCAL void fp2_subtract(struct fp2 *r, const struct fp2 *a, const struct fp2 *b)
{
    fp_subtract(&r->c0, &a->c0, &b->c0);
    fp_subtract(&r->c1, &a->c1, &b->c1);
}

LOCAL void fp2_double(struct fp2 *r, const struct fp2 *a)
{
    fp2_add(r, a, a);
}

LOCAL void fp2_negate(struct fp2 *r, const struct fp2 *a)
{
    fp_negate(&r->c0, &a->c0);
    fp_negate(&r->c1, &a->c1);
}

LOCAL void fp2_halve(struct fp2 *r, const struct fp2 *a)
{
    fp_halve(&r->c0, &a->c0);
    fp_halve(&r->c1, &a->c1);
}

/* c0 - c1 u, which is also a^p */
static inline void fp2_conjugate(struct fp2 *r, const struct fp2 *a)
{
    r->c0 = a->c0;
    fp_negate(&r->c1, &a->c1);
}

/* Karatsuba: (a0 + a1)(b0 + b1) = a0 b0 + a1 b1 + (a0 b1 + a1 b0) */
LOCAL void fp2_multiply(struct fp2 *r, const struct fp2 *a, const struct fp2 *b)
{
    struct fp low, high, sum_a, sum_b;
    fp_add(&sum_a, &a->c0, &a->c1);
    fp_add(&sum_b, &b->c0, &b->c1);
    fp_multiply(&low, &a->c0, &b->c0);
    fp_multiply(&high, &a->c1, &b->c1);
    fp_multiply(&r->c1, &sum_a, &sum_b);
    fp_subtract(&r->c1, &r->c1, &low);
    fp_subtract(&r->c1, &r->c1, &high);
    fp_subtract(&r->c0, &low, &high);
}

/* (a0 + a1)(a0 - a1) + 2 a0 a1 u */
LOCAL void fp2_square(struct fp2 *r, const struct fp2 *a)
{
    struct fp sum, difference, twice;
    fp_add(&sum, &a->c0, &a->c1);
    fp_subtract(&difference, &a->c0, &a->c1);
    fp_double(&twice, &a->c0);
    fp_multiply(&r->c1, &twice, &a->c1);
    fp_multiply(&r->c0, &sum, &difference);
}

static inline void fp2_multiply_fp(struct fp2 *r, const struct fp2 *a, const struct fp *b)
{
    fp_multiply(&r->c0, &a->c0, b);
    fp_multiply(&r->c1, &a->c1, b);
}

/* c0^2 + c1^2, the norm to Fp */
static inline void fp2_norm(struct fp *r, const struct fp2 *a)
{
    struct fp square;
    fp_square(&square, &a->c1);
    fp_square(r, &a->c0);
    fp_add(r, r, &square);
}

/* r = 1/a = conjugate / norm; 0 for 0. */
static inline void fp2_inverse(struct fp2 *r, const struct fp2 *a)
{
    struct fp norm;
    fp2_norm(&norm, a);
    fp_inverse(&norm, &norm);
    fp2_conjugate(r, a);
    fp2_multiply_fp(r, r, &norm);
}

#endif
