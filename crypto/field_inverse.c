/* Inversion by a binary extended Euclid that works on word-sized approximations (Pornin, "Optimized binary GCD for
 * modular inversion", eprint 2020/972), here in variable time.
 *
 * Besides a and b, which shrink from y and p to 0 and 1, it keeps u and v with a = y u and b = y v (mod p). STEP
 * halvings are done on 64-bit approximations, their low bits exact, and collected in a 2x2 matrix of factors; then the
 * matrix is applied to the long numbers once, divided by 2^STEP. */
#include <string.h>

#include "crypto/field.h"

#define STEP 31
#define WORDS (FIELD_MAX_LIMBS + 1)

/* a' = (f0 a + g0 b) / 2^STEP, b' = (f1 a + g1 b) / 2^STEP */
struct factors {
    int64_t f0, g0, f1, g1;
};

static unsigned bit_length(const uint64_t *a, unsigned limbs)
{
    while (limbs > 0 && a[limbs - 1] == 0) limbs--;
    return limbs == 0 ? 0 : limbs * 64 - (unsigned)__builtin_clzll(a[limbs - 1]);
}

/* The lowest 31 bits of a and, above them, those at n-33 .. n-1; the number itself if n <= 64. */
static uint64_t approximate(const uint64_t *a, unsigned n)
{
    if (n <= 64) return a[0];
    unsigned word = (n - 33) / 64, shift = (n - 33) % 64;
    uint64_t top = a[word] >> shift;
    if (shift > 31) top |= a[word + 1] << (64 - shift);
    return top << 31 | (a[0] & (((uint64_t)1 << 31) - 1));
}

static struct factors halve(uint64_t a, uint64_t b)
{
    struct factors m = {1, 0, 0, 1};
    unsigned left = STEP;
    for (;;) {
        unsigned zeros = (unsigned)__builtin_ctzll(a | (uint64_t)1 << left);
        a >>= zeros;
        m.f1 *= (int64_t)1 << zeros;
        m.g1 *= (int64_t)1 << zeros;
        left -= zeros;
        if (left == 0) return m;
        if (a < b) {
            uint64_t word = a;
            a = b;
            b = word;
            m = (struct factors){m.f1, m.g1, m.f0, m.g0};
        }
        a -= b;
        m.f0 -= m.f1;
        m.g0 -= m.g1;
    }
}

/* t = f x + g y in two's complement, one word longer than x and y. */
static void combine(uint64_t *t, const uint64_t *x, int64_t f, const uint64_t *y, int64_t g, unsigned limbs)
{
    uint64_t high_x = 0, high_y = 0;
    for (unsigned i = 0; i < limbs; i++) {
        t[i] = multiply_add(x[i], (uint64_t)f, 0, &high_x);
        t[i] = multiply_add(y[i], (uint64_t)g, t[i], &high_y);
    }
    t[limbs] = high_x + high_y;
    /* a negative factor was taken for itself plus 2^64 */
    unsigned char borrow_x = 0, borrow_y = 0;
    for (unsigned i = 1; i <= limbs; i++) {
        t[i] = subtract_borrow(t[i], f < 0 ? x[i - 1] : 0, &borrow_x);
        t[i] = subtract_borrow(t[i], g < 0 ? y[i - 1] : 0, &borrow_y);
    }
}

/* r = t / 2^STEP, t being divisible by that; r has one word less and wraps. */
static void shift_down(uint64_t *r, const uint64_t *t, unsigned limbs)
{
    for (unsigned i = 0; i < limbs; i++) r[i] = t[i] >> STEP | t[i + 1] << (64 - STEP);
}

static bool is_negative(const uint64_t *t, unsigned limbs)
{
    return t[limbs] >> 63;
}

/* x and y become the two combinations divided by 2^STEP; the factors of a negative one change sign with it. */
static void update_numbers(uint64_t *x, uint64_t *y, struct factors *m, unsigned limbs)
{
    uint64_t t0[WORDS], t1[WORDS];
    combine(t0, x, m->f0, y, m->g0, limbs);
    combine(t1, x, m->f1, y, m->g1, limbs);
    if (is_negative(t0, limbs)) {
        m->f0 = -m->f0;
        m->g0 = -m->g0;
        combine(t0, x, m->f0, y, m->g0, limbs);
    }
    if (is_negative(t1, limbs)) {
        m->f1 = -m->f1;
        m->g1 = -m->g1;
        combine(t1, x, m->f1, y, m->g1, limbs);
    }
    shift_down(x, t0, limbs);
    shift_down(y, t1, limbs);
}

/* r = (f u + g v) / 2^STEP mod p: first made divisible by adding a multiple of p, below 2^STEP p. */
static void combine_modular(uint64_t *r, const uint64_t *u, int64_t f, const uint64_t *v, int64_t g,
                            const struct field *p)
{
    const unsigned limbs = p->limbs;
    uint64_t t[WORDS];
    combine(t, u, f, v, g, limbs);
    bool negative = is_negative(t, limbs);
    uint64_t k = t[0] * p->factor & (((uint64_t)1 << STEP) - 1), high = 0;
    for (unsigned i = 0; i < limbs; i++) t[i] = multiply_add(k, p->modulus[i], t[i], &high);
    t[limbs] += high;
    negative = negative && is_negative(t, limbs);
    shift_down(r, t, limbs);
    /* now -p < r < 2p */
    unsigned char carry = 0;
    if (negative) {
        for (unsigned i = 0; i < limbs; i++) r[i] = add_carry(r[i], p->modulus[i], &carry);
    } else if (!field_is_reduced(r, p)) {
        for (unsigned i = 0; i < limbs; i++) r[i] = subtract_borrow(r[i], p->modulus[i], &carry);
    }
}

void field_inverse(uint64_t *r, const uint64_t *y, const struct field *f)
{
    const unsigned limbs = f->limbs;
    const size_t bytes = limbs * sizeof *y;
    uint64_t a[FIELD_MAX_LIMBS], b[FIELD_MAX_LIMBS], u[FIELD_MAX_LIMBS] = {1}, v[FIELD_MAX_LIMBS] = {0};
    memcpy(a, y, bytes);
    memcpy(b, f->modulus, bytes);
    for (;;) {
        unsigned n = bit_length(a, limbs), other = bit_length(b, limbs);
        if (n == 0) break; /* after at most 2 * 64 * limbs / STEP + 1 turns, by the theorem of the paper */
        if (other > n) n = other;
        struct factors m = halve(approximate(a, n), approximate(b, n));
        update_numbers(a, b, &m, limbs);
        uint64_t next[FIELD_MAX_LIMBS];
        combine_modular(next, u, m.f0, v, m.g0, f);
        combine_modular(v, u, m.f1, v, m.g1, f);
        memcpy(u, next, bytes);
    }
    field_multiply(r, v, f->r3, f); /* 1/(y R) * R^3 / R */
}
