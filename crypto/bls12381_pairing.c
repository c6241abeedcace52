/* BLS12-381: the ate pairing (Barreto, Lynn, Scott, "Constructing elliptic curves with prescribed embedding degrees"),
 * as far as a check for one needs it: up to a power that is prime to r. */
#include "crypto/bls12381_encoding.h"
#include "crypto/bls12381_subgroup.h"
#include "crypto/fp12.h"

#include "crypto/miller.inc"

#define PORTION 16 /* pairs that share the squarings */

/* r = f^x, x negative; the inverse is the conjugate here. */
static void power_x(struct fp12 *r, const struct fp12 *f)
{
    fp12_cyclotomic_power(r, f, BLS12381_MINUS_X);
    fp12_conjugate(r, r);
}

/* f^((x - 1)^2 (x + p) (x^2 + p^2 - 1) + 3), three times the hard part (p^4 - p^2 + 1)/r (Hayashida, Hayasaka, Teruya,
 * eprint 2020/875). */
static void hard_part(struct fp12 *r, const struct fp12 *f)
{
    struct fp12 a, b, inverse;
    a = *f;
    for (unsigned i = 0; i < 2; i++) {   /* a = f^((x - 1)^2) */
        fp12_conjugate(&inverse, &a);
        power_x(&a, &a);
        fp12_multiply(&a, &a, &inverse);
    }
    fp12_frobenius(&b, &a);
    power_x(&a, &a);
    fp12_multiply(&a, &a, &b);           /* a = a^(x + p) */
    power_x(&b, &a);
    power_x(&b, &b);
    fp12_conjugate(&inverse, &a);
    fp12_frobenius(&a, &a);
    fp12_frobenius(&a, &a);
    fp12_multiply(&a, &a, &b);
    fp12_multiply(&a, &a, &inverse);     /* a = a^(x^2 + p^2 - 1) */
    b = *f;
    fp12_cyclotomic_square(&b);
    fp12_multiply(&b, &b, f);
    fp12_multiply(r, &a, &b);            /* times f^3 */
}

/* The loop count is |x|, x negative: the function for x is the conjugate, up to what the final exponentiation
 * removes. */
static void multiply_pairings(struct fp12 *product, struct miller_pair *pairs, size_t count)
{
    struct fp12 f;
    miller_loop(&f, pairs, count);
    fp12_conjugate(&f, &f);
    fp12_multiply(product, product, &f);
}

/* Reads one element; false if it breaks a rule. */
static bool read_pair(struct miller_pair *pair, const uint8_t *bytes)
{
    return bls12381_read_g1(&pair->p, bytes, false) && bls12381_in_g1(&pair->p)
        && bls12381_read_g2(&pair->q, bytes + BLS12381_G1_SIZE, false) && bls12381_in_g2(&pair->q);
}

enum status bls12381_pairing_check(struct bytes input, uint64_t *ret, struct error *e)
{
    enum status status =
        bls12381_check_length(input, BLS12381_PAIRING_CHECK_ELEMENT_SIZE, "bls12381_pairing_check", e);
    if (status != STATUS_OK) return status;

    struct miller_pair pairs[PORTION];
    struct fp12 product, easy;
    fp12_set_one(&product);
    *ret = BLS12381_BAD_INPUT;
    size_t count = 0;
    for (size_t i = 0; i < input.size; i += BLS12381_PAIRING_CHECK_ELEMENT_SIZE) {
        struct miller_pair *pair = &pairs[count];
        if (!read_pair(pair, input.data + i)) return STATUS_OK;
        if (g1_affine_is_infinity(&pair->p) || g2_affine_is_infinity(&pair->q)) continue; /* pairs to one */
        if (++count < PORTION) continue;
        multiply_pairings(&product, pairs, count);
        count = 0;
    }
    if (count > 0) multiply_pairings(&product, pairs, count);
    fp12_easy_part(&easy, &product);
    hard_part(&product, &easy);
    *ret = fp12_is_one(&product) ? BLS12381_DONE : BLS12381_NOT_ONE;
    return STATUS_OK;
}
