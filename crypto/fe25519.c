#include "crypto/fe25519.h"

#include "base/bytes.h"

/* A sum of products of 64-bit numbers. */
#ifndef WIDE_PORTABLE
typedef wide product_sum;

static inline void add_product(product_sum *s, uint64_t a, uint64_t b)
{
    *s += (wide)a * b;
}

/* The low 51 bits; the rest becomes the carry. */
static inline uint64_t split(product_sum s, uint64_t *carry)
{
    s += *carry;
    *carry = (uint64_t)(s >> 51);
    return (uint64_t)s & FE25519_MASK;
}
#else
typedef struct {
    uint64_t low, high;
} product_sum;

static inline void add_product(product_sum *s, uint64_t a, uint64_t b)
{
    uint64_t carry = 0;
    s->low = multiply_add(a, b, s->low, &carry);
    s->high += carry;
}

static inline uint64_t split(product_sum s, uint64_t *carry)
{
    unsigned char over = 0;
    s.low = add_carry(s.low, *carry, &over);
    s.high += over;
    *carry = s.high << 13 | s.low >> 51;
    return s.low & FE25519_MASK;
}
#endif

/* Carries through all limbs; what leaves the top comes back times 19, for 2^255 = 19. With loose factors every sum is
 * below 2^115, so every carry is below 2^64, and so is 19 times the last one, whose sum has no factor 19. */
static inline void reduce(struct fe25519 *r, const product_sum t[5])
{
    uint64_t carry = 0;
    for (int i = 0; i < 5; i++) r->v[i] = split(t[i], &carry);
    r->v[0] += carry * 19;
    r->v[1] += r->v[0] >> 51;
    r->v[0] &= FE25519_MASK;
}

void fe25519_multiply(struct fe25519 *r, const struct fe25519 *a, const struct fe25519 *b)
{
    const uint64_t *x = a->v, *y = b->v;
    const uint64_t y1 = y[1] * 19, y2 = y[2] * 19, y3 = y[3] * 19, y4 = y[4] * 19;
    const uint64_t factors[5][5] = {{y[0], y4, y3, y2, y1},
                                    {y[1], y[0], y4, y3, y2},
                                    {y[2], y[1], y[0], y4, y3},
                                    {y[3], y[2], y[1], y[0], y4},
                                    {y[4], y[3], y[2], y[1], y[0]}};
    product_sum t[5] = {0};
#pragma GCC unroll 5
    for (int i = 0; i < 5; i++) {
#pragma GCC unroll 5
        for (int j = 0; j < 5; j++) add_product(&t[i], x[j], factors[i][j]);
    }
    reduce(r, t);
}

void fe25519_square(struct fe25519 *r, const struct fe25519 *a)
{
    const uint64_t *x = a->v;
    const uint64_t d0 = x[0] * 2, d1 = x[1] * 2, d2 = x[2] * 2, x3 = x[3] * 19, x4 = x[4] * 19;
    const uint64_t factors[5][3][2] = {{{x[0], x[0]}, {d1, x4}, {d2, x3}},
                                       {{d0, x[1]}, {d2, x4}, {x[3], x3}},
                                       {{d0, x[2]}, {x[1], x[1]}, {x[3] * 2, x4}},
                                       {{d0, x[3]}, {d1, x[2]}, {x[4], x4}},
                                       {{d0, x[4]}, {d1, x[3]}, {x[2], x[2]}}};
    product_sum t[5] = {0};
#pragma GCC unroll 5
    for (int i = 0; i < 5; i++) {
#pragma GCC unroll 3
        for (int j = 0; j < 3; j++) add_product(&t[i], factors[i][j][0], factors[i][j][1]);
    }
    reduce(r, t);
}

static void square_times(struct fe25519 *r, const struct fe25519 *a, int times)
{
    fe25519_square(r, a);
    for (int i = 1; i < times; i++) fe25519_square(r, r);
}

/* a^(2^250 - 1), and a^11 beside it. */
static void power_250(struct fe25519 *r, struct fe25519 *a11, const struct fe25519 *a)
{
    struct fe25519 t, a9, e5, e10, e20, e50, e100; /* eN = a^(2^N - 1) */
    fe25519_square(&t, a);
    square_times(&a9, &t, 2);
    fe25519_multiply(&a9, &a9, a);
    fe25519_multiply(a11, &a9, &t);
    fe25519_square(&t, a11);
    fe25519_multiply(&e5, &t, &a9);
    square_times(&t, &e5, 5);
    fe25519_multiply(&e10, &t, &e5);
    square_times(&t, &e10, 10);
    fe25519_multiply(&e20, &t, &e10);
    square_times(&t, &e20, 20);
    fe25519_multiply(&t, &t, &e20);
    square_times(&t, &t, 10);
    fe25519_multiply(&e50, &t, &e10);
    square_times(&t, &e50, 50);
    fe25519_multiply(&e100, &t, &e50);
    square_times(&t, &e100, 100);
    fe25519_multiply(&t, &t, &e100);
    square_times(&t, &t, 50);
    fe25519_multiply(r, &t, &e50);
}

void fe25519_invert(struct fe25519 *r, const struct fe25519 *a)
{
    struct fe25519 t, a11; /* p - 2 = 2^5 (2^250 - 1) + 11 */
    power_250(&t, &a11, a);
    square_times(&t, &t, 5);
    fe25519_multiply(r, &t, &a11);
}

void fe25519_power_p58(struct fe25519 *r, const struct fe25519 *a)
{
    struct fe25519 t, a11; /* (p - 5)/8 = 2^2 (2^250 - 1) + 1 */
    power_250(&t, &a11, a);
    square_times(&t, &t, 2);
    fe25519_multiply(r, &t, a);
}

void fe25519_from_bytes(struct fe25519 *r, const uint8_t bytes[32])
{
    uint64_t w0 = load_le64(bytes), w1 = load_le64(bytes + 8), w2 = load_le64(bytes + 16), w3 = load_le64(bytes + 24);
    r->v[0] = w0 & FE25519_MASK;
    r->v[1] = (w0 >> 51 | w1 << 13) & FE25519_MASK;
    r->v[2] = (w1 >> 38 | w2 << 26) & FE25519_MASK;
    r->v[3] = (w2 >> 25 | w3 << 39) & FE25519_MASK;
    r->v[4] = w3 >> 12 & FE25519_MASK;
}

/* Makes all limbs 51 bits; what leaves the top comes back times 19, if `wrap`, and else is dropped. */
static void carry_through(uint64_t v[5], bool wrap)
{
    uint64_t carry = 0;
    for (int i = 0; i < 5; i++) {
        v[i] += carry;
        carry = v[i] >> 51;
        v[i] &= FE25519_MASK;
    }
    if (wrap) v[0] += carry * 19;
}

void fe25519_to_bytes(uint8_t bytes[32], const struct fe25519 *a)
{
    uint64_t v[5];
    for (int i = 0; i < 5; i++) v[i] = a->v[i];
    carry_through(v, true);
    carry_through(v, true); /* now below 2^255: p is to be subtracted once at most */

    /* v + 19 reaches 2^255 exactly if v is not below p. */
    uint64_t quotient = (v[0] + 19) >> 51;
    for (int i = 1; i < 5; i++) quotient = (v[i] + quotient) >> 51;
    v[0] += quotient * 19;
    carry_through(v, false);
    store_le64(bytes, v[0] | v[1] << 51);
    store_le64(bytes + 8, v[1] >> 13 | v[2] << 38);
    store_le64(bytes + 16, v[2] >> 26 | v[3] << 25);
    store_le64(bytes + 24, v[3] >> 39 | v[4] << 12);
}

bool fe25519_equal(const struct fe25519 *a, const struct fe25519 *b)
{
    uint8_t x[32], y[32];
    unsigned difference = 0;
    fe25519_to_bytes(x, a);
    fe25519_to_bytes(y, b);
    for (int i = 0; i < 32; i++) difference |= (unsigned)(x[i] ^ y[i]);
    return difference == 0;
}

bool fe25519_is_negative(const struct fe25519 *a)
{
    uint8_t bytes[32];
    fe25519_to_bytes(bytes, a);
    return bytes[0] & 1;
}
