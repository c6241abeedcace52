#include "crypto/p256_curve.h"

#include "crypto/scalar.h"

/* Jacobian coordinates: x = X/Z², y = Y/Z³; Z = 0 is infinity. */
struct point {
    struct fp x, y, z;
};

static const struct point base = {
    {{0x1f32c8f1d8cd38c5, 0x3fc326b1bdc7b53d, 0xbc1f7b96f9764b4a, 0x2f5505cf6e901dc5}},
    {{0xf870e40e2a987a95, 0x5ad98483aafa5c9d, 0x32f7f6b9d62471fc, 0xbd724f6b0a0f6aaf}},
    {{0xfffffffefffffffe, 0x00000002ffffffff, 0x0000000000000002, 0xfffffffe00000001}},
};
static const struct fp curve_b = {{0xea2968e000934964, 0xdb9cbcb9e0b74e51, 0xf7e591103f9b54ff, 0xc359e6509bc0e10e}};
static const struct fp three = {{0xfffffffcfffffffc, 0x00000006ffffffff, 0x0000000000000006, 0xfffffffc00000001}};

bool p256_solve_for_y(struct fp *y, const struct fp *x)
{
    static const uint64_t exponent[4] = {0x0000000000000000, 0x0000000040000000, 0x4000000000000000,
                                         0x3fffffffc0000000}; /* (p + 1) / 4 */
    struct fp t, square;
    fp_square(&t, x);
    fp_subtract(&t, &t, &three);
    fp_multiply(&t, &t, x);
    fp_add(&t, &t, &curve_b);
    field_power(y->limb, t.limb, exponent, 4, &p256_coordinates);
    fp_square(&square, y);
    return fp_equal(&square, &t);
}

/* dbl-2001-b of the Explicit-Formulas Database, for a = -3; infinity stays infinity. */
static void double_point(struct point *r, const struct point *p)
{
    struct fp delta, gamma, beta, alpha, t, u;
    fp_square(&delta, &p->z);
    fp_square(&gamma, &p->y);
    fp_multiply(&beta, &p->x, &gamma);
    fp_subtract(&t, &p->x, &delta);
    fp_add(&u, &p->x, &delta);
    fp_multiply(&alpha, &t, &u);
    fp_double(&t, &alpha);
    fp_add(&alpha, &t, &alpha);

    fp_add(&t, &p->y, &p->z);
    fp_square(&t, &t);
    fp_subtract(&t, &t, &gamma);
    fp_subtract(&r->z, &t, &delta);

    fp_double(&beta, &beta);
    fp_double(&beta, &beta); /* 4 beta */
    fp_square(&t, &alpha);
    fp_subtract(&t, &t, &beta);
    fp_subtract(&r->x, &t, &beta);
    fp_subtract(&t, &beta, &r->x);
    fp_multiply(&t, &alpha, &t);
    fp_double(&gamma, &gamma);
    fp_square(&gamma, &gamma);
    fp_double(&gamma, &gamma); /* 8 gamma² */
    fp_subtract(&r->y, &t, &gamma);
}

/* The general case of p + q: h = U2 - U1, s = S2 - S1, with which x1 ≠ x2 (h ≠ 0). */
static void add_different(struct point *r, const struct point *p, const struct point *q, const struct fp *u1,
                          const struct fp *s1, const struct fp *h, const struct fp *s)
{
    struct fp hh, hhh, v, t;
    fp_square(&hh, h);
    fp_multiply(&hhh, &hh, h);
    fp_multiply(&v, u1, &hh);
    fp_multiply(&t, &p->z, &q->z);
    fp_multiply(&r->z, &t, h);
    fp_square(&t, s);
    fp_subtract(&t, &t, &hhh);
    fp_subtract(&t, &t, &v);
    fp_subtract(&r->x, &t, &v);
    fp_subtract(&v, &v, &r->x);
    fp_multiply(&v, &v, s);
    fp_multiply(&t, s1, &hhh);
    fp_subtract(&r->y, &v, &t);
}

/* r = p + q, whatever they are. */
static void add_points(struct point *r, const struct point *p, const struct point *q)
{
    struct fp zz1, zz2, u1, u2, s1, s2;
    if (fp_is_zero(&p->z)) {
        *r = *q;
        return;
    }
    if (fp_is_zero(&q->z)) {
        *r = *p;
        return;
    }
    fp_square(&zz1, &p->z);
    fp_square(&zz2, &q->z);
    fp_multiply(&u1, &p->x, &zz2);
    fp_multiply(&u2, &q->x, &zz1);
    fp_multiply(&s1, &p->y, &zz2);
    fp_multiply(&s1, &s1, &q->z);
    fp_multiply(&s2, &q->y, &zz1);
    fp_multiply(&s2, &s2, &p->z);
    fp_subtract(&u2, &u2, &u1);
    fp_subtract(&s2, &s2, &s1);
    if (!fp_is_zero(&u2)) add_different(r, p, q, &u1, &s1, &u2, &s2);
    else if (fp_is_zero(&s2)) double_point(r, p);
    else *r = (struct point){0};
}

#define WINDOW 5
#define MULTIPLES (1 << (WINDOW - 1))

/* p, 2p, ... 16p */
static void make_multiples(struct point table[MULTIPLES], const struct point *p)
{
    table[0] = *p;
    for (unsigned i = 1; i < MULTIPLES; i++) add_points(&table[i], &table[i - 1], p);
}

static void add_digit(struct point *r, const struct point table[MULTIPLES], int digit)
{
    if (digit == 0) return;
    struct point q = table[(digit > 0 ? digit : -digit) - 1];
    if (digit < 0) fp_negate(&q.y, &q.y);
    add_points(r, r, &q);
}

bool p256_combine(uint64_t result[P256_LIMBS], const uint64_t u1[4], const uint64_t u2[4], const struct fp *x,
                  const struct fp *y)
{
    struct point base_multiples[MULTIPLES], multiples[MULTIPLES], sum = {0}, q = {.x = *x, .y = *y};
    struct scalar k1, k2;
    fp_set_one(&q.z);
    memcpy(k1.limb, u1, sizeof k1.limb);
    memcpy(k2.limb, u2, sizeof k2.limb);
    make_multiples(base_multiples, &base);
    make_multiples(multiples, &q);
    for (unsigned i = scalar_windows(WINDOW); i-- > 0;) {
        for (unsigned j = 0; j < WINDOW; j++) double_point(&sum, &sum);
        add_digit(&sum, base_multiples, scalar_digit(&k1, i, WINDOW));
        add_digit(&sum, multiples, scalar_digit(&k2, i, WINDOW));
    }
    if (fp_is_zero(&sum.z)) return false;
    struct fp inverse;
    fp_inverse(&inverse, &sum.z);
    fp_square(&inverse, &inverse);
    fp_multiply(&inverse, &sum.x, &inverse);
    fp_to_plain(result, &inverse);
    return true;
}
