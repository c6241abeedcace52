/* Formulas: Hisil, Wong, Carter, Dawson, "Twisted Edwards Curves Revisited" (2008), for a = -1. They are complete: no
 * pair of points, however small their order, is an exception. */
#include "crypto/edwards25519.h"

#include "base/bytes.h"
#include "crypto/secret.h"

/* What is added often: an affine point as (y + x, y - x, 2dxy), a projective one as (Y + X, Y - X, Z, 2dT). */
struct niels {
    struct fe25519 sum, difference, t2d;
};
struct projective_niels {
    struct fe25519 sum, difference, z, t2d;
};

/* A sum or double before its last multiplications: x = X/Z, y = Y/T. */
struct completed {
    struct fe25519 x, y, z, t;
};

#include "crypto/ed25519_constants.inc"

static const struct edwards25519 neutral = {{{0}}, {{1}}, {{1}}, {{0}}};

/* The coordinates X, Y, Z suffice where a doubling follows; T costs one more multiplication. */
static void complete_without_t(struct edwards25519 *r, const struct completed *p)
{
    fe25519_multiply(&r->x, &p->x, &p->t);
    fe25519_multiply(&r->y, &p->y, &p->z);
    fe25519_multiply(&r->z, &p->z, &p->t);
}

static void complete(struct edwards25519 *r, const struct completed *p)
{
    complete_without_t(r, p);
    fe25519_multiply(&r->t, &p->x, &p->y);
}

static void double_point(struct completed *r, const struct edwards25519 *p)
{
    struct fe25519 xx, yy, zz, sum;
    fe25519_square(&xx, &p->x);
    fe25519_square(&yy, &p->y);
    fe25519_square(&zz, &p->z);
    fe25519_add(&sum, &p->x, &p->y);
    fe25519_square(&sum, &sum);
    fe25519_add(&r->y, &yy, &xx);
    fe25519_subtract(&r->z, &yy, &xx);
    fe25519_subtract(&r->x, &sum, &r->y);
    for (int i = 0; i < 5; i++) zz.v[i] = 2 * zz.v[i] + xx.v[i];
    fe25519_subtract(&r->t, &zz, &yy);
}

/* What all additions share: p + q, where twice_zz is 2 Z1 Z2. */
static inline void add_parts(struct completed *r, const struct edwards25519 *p, const struct fe25519 *q_sum,
                             const struct fe25519 *q_difference, const struct fe25519 *q_t2d,
                             const struct fe25519 *twice_zz)
{
    struct fe25519 a, b, c;
    fe25519_add(&a, &p->y, &p->x);
    fe25519_multiply(&a, &a, q_sum);
    fe25519_subtract(&b, &p->y, &p->x);
    fe25519_multiply(&b, &b, q_difference);
    fe25519_multiply(&c, &p->t, q_t2d);
    fe25519_subtract(&r->x, &a, &b);
    fe25519_add(&r->y, &a, &b);
    fe25519_add(&r->z, twice_zz, &c);
    fe25519_subtract(&r->t, twice_zz, &c);
}

/* The same for p - q: q's sum and difference change places, its T its sign. */
static inline void subtract_parts(struct completed *r, const struct edwards25519 *p, const struct fe25519 *q_sum,
                                  const struct fe25519 *q_difference, const struct fe25519 *q_t2d,
                                  const struct fe25519 *twice_zz)
{
    add_parts(r, p, q_difference, q_sum, q_t2d, twice_zz);
    struct fe25519 z = r->z;
    r->z = r->t;
    r->t = z;
}

static void add_niels(struct completed *r, const struct edwards25519 *p, const struct niels *q, bool minus)
{
    struct fe25519 twice_z;
    fe25519_add(&twice_z, &p->z, &p->z);
    if (minus) subtract_parts(r, p, &q->sum, &q->difference, &q->t2d, &twice_z);
    else add_parts(r, p, &q->sum, &q->difference, &q->t2d, &twice_z);
}

static void add_projective(struct completed *r, const struct edwards25519 *p, const struct projective_niels *q,
                           bool minus)
{
    struct fe25519 zz;
    fe25519_multiply(&zz, &p->z, &q->z);
    fe25519_add(&zz, &zz, &zz);
    if (minus) subtract_parts(r, p, &q->sum, &q->difference, &q->t2d, &zz);
    else add_parts(r, p, &q->sum, &q->difference, &q->t2d, &zz);
}

static void to_projective_niels(struct projective_niels *r, const struct edwards25519 *p)
{
    fe25519_add(&r->sum, &p->y, &p->x);
    fe25519_subtract(&r->difference, &p->y, &p->x);
    r->z = p->z;
    fe25519_multiply(&r->t2d, &p->t, &edwards_2d);
}

/* x = ±sqrt(u/v), the even one: u v³ (u v⁷)^((p-5)/8) is a root of u/v, or of -u/v and then i times it one of u/v, or
 * there is none. v is never 0 here. */
static bool square_root_of_ratio(struct fe25519 *x, const struct fe25519 *u, const struct fe25519 *v)
{
    struct fe25519 v3, t, zero = {{0}}, minus_u;
    fe25519_square(&v3, v);
    fe25519_multiply(&v3, &v3, v);
    fe25519_square(&t, &v3);
    fe25519_multiply(&t, &t, v);
    fe25519_multiply(&t, &t, u);
    fe25519_power_p58(&t, &t);
    fe25519_multiply(&t, &t, &v3);
    fe25519_multiply(x, &t, u);

    fe25519_square(&t, x);
    fe25519_multiply(&t, &t, v);
    fe25519_subtract(&minus_u, &zero, u);
    if (!fe25519_equal(&t, u)) {
        if (!fe25519_equal(&t, &minus_u)) return false;
        fe25519_multiply(x, x, &square_root_of_minus_1);
    }
    return true;
}

bool edwards25519_from_bytes(struct edwards25519 *r, const uint8_t bytes[32])
{
    struct fe25519 u, v, one = FE25519_ONE, zero = {{0}};
    fe25519_from_bytes(&r->y, bytes);
    fe25519_square(&u, &r->y);
    fe25519_multiply(&v, &u, &edwards_d);
    fe25519_subtract(&u, &u, &one); /* y² - 1 */
    fe25519_multiply(&u, &u, &one); /* made tight, for it is subtracted */
    fe25519_add(&v, &v, &one);      /* d y² + 1 */
    if (!square_root_of_ratio(&r->x, &u, &v)) return false;
    if (fe25519_is_negative(&r->x) != (bytes[31] >> 7)) {
        fe25519_subtract(&r->x, &zero, &r->x); /* x = 0 stays 0 */
        fe25519_multiply(&r->x, &r->x, &one);
    }
    r->z = one;
    fe25519_multiply(&r->t, &r->x, &r->y);
    return true;
}

void edwards25519_to_bytes(uint8_t bytes[32], const struct edwards25519 *p)
{
    struct fe25519 inverse, x, y;
    fe25519_invert(&inverse, &p->z);
    fe25519_multiply(&x, &p->x, &inverse);
    fe25519_multiply(&y, &p->y, &inverse);
    fe25519_to_bytes(bytes, &y);
    bytes[31] = (uint8_t)(bytes[31] ^ fe25519_is_negative(&x) << 7);
}

/* 64 digits from -8 to 8 in base 16. With a below 2^253 the last is at most 2. */
static void signed_radix_16(int8_t digits[64], const uint8_t a[32])
{
    int carry = 0;
    for (int i = 0; i < 64; i++) {
        int digit = (a[i / 2] >> i % 2 * 4 & 15) + carry;
        carry = (digit + 8) >> 4;
        digits[i] = (int8_t)(digit - carry * 16);
    }
}

static void select_if(struct fe25519 *r, const struct fe25519 *a, uint64_t mask)
{
    for (int i = 0; i < 5; i++) r->v[i] ^= (r->v[i] ^ a->v[i]) & mask;
}

/* r = digit · B, looking at every entry of the table, whatever the digit. */
static void select_base_multiple(struct niels *r, int8_t digit)
{
    const uint64_t negative = secret_mask((uint64_t)0 - ((uint64_t)digit >> 63));
    const uint64_t absolute = ((uint64_t)digit ^ negative) - negative;
    *r = (struct niels){FE25519_ONE, FE25519_ONE, {{0}}};
    for (uint64_t i = 0; i < 8; i++) {
        const uint64_t mask = secret_mask((uint64_t)0 - (((absolute ^ (i + 1)) - 1) >> 63));
        select_if(&r->sum, &base_multiples[i].sum, mask);
        select_if(&r->difference, &base_multiples[i].difference, mask);
        select_if(&r->t2d, &base_multiples[i].t2d, mask);
    }
    struct fe25519 sum = r->sum, zero = {{0}}, minus_t2d;
    select_if(&r->sum, &r->difference, negative);
    select_if(&r->difference, &sum, negative);
    fe25519_subtract(&minus_t2d, &zero, &r->t2d);
    select_if(&r->t2d, &minus_t2d, negative);
}

void edwards25519_multiply_base(struct edwards25519 *r, const uint8_t a[32])
{
    int8_t digits[64];
    struct niels multiple;
    struct completed c;
    signed_radix_16(digits, a);
    *r = neutral;
    for (int i = 63; i >= 0; i--) {
        for (int j = 0; j < 4; j++) {
            double_point(&c, r);
            complete(r, &c);
        }
        select_base_multiple(&multiple, digits[i]);
        add_niels(&c, r, &multiple, false);
        complete(r, &c);
    }
}

#define BASE_WINDOW 7  /* odd digits up to 63 */
#define POINT_WINDOW 5 /* odd digits up to 15 */

/* The non-adjacent form of a with odd digits below 2^(window - 1) in absolute value, at most one in `window` places. */
static void non_adjacent_form(int8_t digits[256], const uint8_t a[32], unsigned window)
{
    uint64_t w[5] = {0};
    for (int i = 0; i < 4; i++) w[i] = load_le64(a + 8 * i);
    memset(digits, 0, 256);
    uint64_t carry = 0;
    for (unsigned at = 0; at < 256;) {
        uint64_t bits = w[at / 64] >> at % 64;
        if (at % 64) bits |= w[at / 64 + 1] << (64 - at % 64);
        uint64_t digit = (bits & (((uint64_t)1 << window) - 1)) + carry;
        if (digit % 2 == 0) { /* also if carry and a bit of 1 make 2: the carry stays */
            at++;
            continue;
        }
        carry = digit >> (window - 1);
        digits[at] = (int8_t)((int)digit - (int)(carry << window));
        at += window;
    }
}

static void odd_multiples(struct projective_niels r[8], const struct edwards25519 *p)
{
    struct completed c;
    struct edwards25519 twice, q;
    double_point(&c, p);
    complete(&twice, &c);
    to_projective_niels(&r[0], p);
    for (int i = 1; i < 8; i++) {
        add_projective(&c, &twice, &r[i - 1], false);
        complete(&q, &c);
        to_projective_niels(&r[i], &q);
    }
}

void edwards25519_double_multiply(struct edwards25519 *r, const uint8_t a[32], const uint8_t b[32],
                                  const struct edwards25519 *p)
{
    int8_t base_digits[256], point_digits[256];
    struct projective_niels multiples[8];
    struct completed c;
    non_adjacent_form(base_digits, a, BASE_WINDOW);
    non_adjacent_form(point_digits, b, POINT_WINDOW);
    odd_multiples(multiples, p);
    *r = neutral;
    int i = 255;
    while (i >= 0 && base_digits[i] == 0 && point_digits[i] == 0) i--;
    for (; i >= 0; i--) {
        double_point(&c, r);
        const int digit = point_digits[i], base_digit = base_digits[i];
        if (digit) {
            complete(r, &c);
            add_projective(&c, r, &multiples[(digit > 0 ? digit : -digit) / 2], digit > 0);
        }
        if (base_digit) {
            complete(r, &c);
            add_niels(&c, r, &base_odd_multiples[(base_digit > 0 ? base_digit : -base_digit) / 2], base_digit < 0);
        }
        if (i == 0) complete(r, &c);
        else complete_without_t(r, &c);
    }
}
