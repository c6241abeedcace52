/* The cubic extension Fp6 = Fp2[v] / (v^3 - xi); the curve's header gives fp2_multiply_nonresidue (times xi). To be
 * included after crypto/fp2.h. Results may be the same objects as operands. */
#ifndef CRYPTO_FP6_H
#define CRYPTO_FP6_H

#include "crypto/fp2.h"

/* c0 + c1 v + c2 v^2 */
struct fp6 {
    struct fp2 c0, c1, c2;
};

static inline void fp6_add(struct fp6 *r, const struct fp6 *a, const struct fp6 *b)
{
    fp2_add(&r->c0, &a->c0, &b->c0);
    fp2_add(&r->c1, &a->c1, &b->c1);
    fp2_add(&r->c2, &a->c2, &b->c2);
}

static inline void fp6_subtract(struct fp6 *r, const struct fp6 *a, const struct fp6 *b)
{
    fp2_subtract(&r->c0, &a->c0, &b->c0);
    fp2_subtract(&r->c1, &a->c1, &b->c1);
    fp2_subtract(&r->c2, &a->c2, &b->c2);
}

static inline void fp6_negate(struct fp6 *r, const struct fp6 *a)
{
    fp2_negate(&r->c0, &a->c0);
    fp2_negate(&r->c1, &a->c1);
    fp2_negate(&r->c2, &a->c2);
}

/* r = v a */
static inline void fp6_multiply_v(struct fp6 *r, const struct fp6 *a)
{
    struct fp2 last = a->c2;
    r->c2 = a->c1;
    r->c1 = a->c0;
    fp2_multiply_nonresidue(&r->c0, &last);
}

/* r = (a0 + a1)(b0 + b1) - without_0 - without_1: a sum of cross products */
static inline void fp6_cross(struct fp2 *r, const struct fp2 *a0, const struct fp2 *a1, const struct fp2 *b0,
                             const struct fp2 *b1, const struct fp2 *without_0, const struct fp2 *without_1)
{
    struct fp2 sum_a, sum_b;
    fp2_add(&sum_a, a0, a1);
    fp2_add(&sum_b, b0, b1);
    fp2_multiply(r, &sum_a, &sum_b);
    fp2_subtract(r, r, without_0);
    fp2_subtract(r, r, without_1);
}

/* Karatsuba in three parts (Devegili et al., eprint 2006/471) */
LOCAL void fp6_multiply(struct fp6 *r, const struct fp6 *a, const struct fp6 *b)
{
    struct fp2 v0, v1, v2, x01, x02, x12;
    fp2_multiply(&v0, &a->c0, &b->c0);
    fp2_multiply(&v1, &a->c1, &b->c1);
    fp2_multiply(&v2, &a->c2, &b->c2);
    fp6_cross(&x12, &a->c1, &a->c2, &b->c1, &b->c2, &v1, &v2);
    fp6_cross(&x01, &a->c0, &a->c1, &b->c0, &b->c1, &v0, &v1);
    fp6_cross(&x02, &a->c0, &a->c2, &b->c0, &b->c2, &v0, &v2);
    fp2_multiply_nonresidue(&x12, &x12);
    fp2_add(&r->c0, &v0, &x12);
    fp2_add(&r->c2, &x02, &v1);
    fp2_multiply_nonresidue(&v2, &v2);
    fp2_add(&r->c1, &x01, &v2);
}

/* r = a (b0 + b1 v) */
LOCAL void fp6_multiply_01(struct fp6 *r, const struct fp6 *a, const struct fp2 *b0, const struct fp2 *b1)
{
    struct fp2 v0, v1, x01, a2b0, a2b1;
    fp2_multiply(&v0, &a->c0, b0);
    fp2_multiply(&v1, &a->c1, b1);
    fp2_multiply(&a2b0, &a->c2, b0);
    fp2_multiply(&a2b1, &a->c2, b1);
    fp6_cross(&x01, &a->c0, &a->c1, b0, b1, &v0, &v1);
    fp2_multiply_nonresidue(&a2b1, &a2b1);
    fp2_add(&r->c0, &v0, &a2b1);
    r->c1 = x01;
    fp2_add(&r->c2, &v1, &a2b0);
}

/* r = a b for b in Fp2 */
LOCAL void fp6_multiply_fp2(struct fp6 *r, const struct fp6 *a, const struct fp2 *b)
{
    fp2_multiply(&r->c0, &a->c0, b);
    fp2_multiply(&r->c1, &a->c1, b);
    fp2_multiply(&r->c2, &a->c2, b);
}

/* r = 1/a: adjoint over norm (Beuchat et al., eprint 2010/354, algorithm 17); 0 for 0 */
LOCAL void fp6_inverse(struct fp6 *r, const struct fp6 *a)
{
    struct fp2 t0, t1, t2, norm, product;
    fp2_multiply(&product, &a->c1, &a->c2);
    fp2_multiply_nonresidue(&product, &product);
    fp2_square(&t0, &a->c0);
    fp2_subtract(&t0, &t0, &product);          /* t0 = a0^2 - xi a1 a2 */
    fp2_multiply(&product, &a->c0, &a->c1);
    fp2_square(&t1, &a->c2);
    fp2_multiply_nonresidue(&t1, &t1);
    fp2_subtract(&t1, &t1, &product);          /* t1 = xi a2^2 - a0 a1 */
    fp2_multiply(&product, &a->c0, &a->c2);
    fp2_square(&t2, &a->c1);
    fp2_subtract(&t2, &t2, &product);          /* t2 = a1^2 - a0 a2 */
    fp2_multiply(&norm, &a->c2, &t1);
    fp2_multiply(&product, &a->c1, &t2);
    fp2_add(&norm, &norm, &product);
    fp2_multiply_nonresidue(&norm, &norm);
    fp2_multiply(&product, &a->c0, &t0);
    fp2_add(&norm, &norm, &product);           /* a0 t0 + xi (a2 t1 + a1 t2) */
    fp2_inverse(&norm, &norm);
    fp2_multiply(&r->c0, &t0, &norm);
    fp2_multiply(&r->c1, &t1, &norm);
    fp2_multiply(&r->c2, &t2, &norm);
}

#endif
