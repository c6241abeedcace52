/* BN254: the optimal ate pairing (Vercauteren, eprint 2008/096), as far as a check for one needs it: up to a power that
 * is prime to r. */
#include "crypto/bn254_encoding.h"
#include "crypto/bn254_subgroup.h"
#include "crypto/fp12.h"

#define TWIST_IS_D
#include "crypto/miller.inc"

#define PORTION 16 /* pairs that share the squarings */

/* The two additions after the loop: of psi(q) and -psi^2(q). */
static void finish_miller_loop(struct fp12 *f, struct miller_pair *pairs, size_t count)
{
    struct line line;
    struct g2_affine image;
    for (size_t i = 0; i < count; i++) {
        struct miller_pair *pair = &pairs[i];
        bn254_psi(&image, &pair->q);
        line_add(&line, &pair->t, &image);
        line_apply(f, &line, &pair->p);
        bn254_psi(&image, &image);
        g2_affine_negate(&image, &image);
        line_add(&line, &pair->t, &image);
        line_apply(f, &line, &pair->p);
    }
}

/* f^(l0 + l1 p + l2 p^2 + l3 p^3) with l0 = 1 + 6x + 12x^2 + 12x^3, l1 = 4x + 6x^2 + 12x^3, l2 = 6x + 6x^2 + 12x^3,
 * l3 = l1 - 1: the multiple by 2x(6x^2 + 3x + 1) of the hard part (p^4 - p^2 + 1)/r, which is prime to r
 * (Fuentes-Castaneda, Knapp, Rodriguez-Henriquez, "Faster hashing to G2"). Inverses are conjugates here. */
static void hard_part(struct fp12 *r, const struct fp12 *f)
{
    struct fp12 x2, x4, x6, xx6, xxx12, l1, l2, l3;
    fp12_cyclotomic_power(&x2, f, BN254_X);
    fp12_cyclotomic_square(&x2);
    x4 = x2;
    fp12_cyclotomic_square(&x4);
    fp12_multiply(&x6, &x4, &x2);
    fp12_cyclotomic_power(&xx6, &x6, BN254_X);
    xxx12 = xx6;
    fp12_cyclotomic_square(&xxx12);
    fp12_cyclotomic_power(&xxx12, &xxx12, BN254_X);

    fp12_multiply(&l1, &xxx12, &xx6);
    fp12_multiply(&l2, &l1, &x6);
    fp12_multiply(&l1, &l1, &x4);
    fp12_multiply(r, &l2, &xx6);
    fp12_multiply(r, r, f); /* l0 */
    fp12_conjugate(&l3, f);
    fp12_multiply(&l3, &l3, &l1);
    fp12_frobenius(&l1, &l1);
    fp12_multiply(r, r, &l1);
    fp12_frobenius(&l2, &l2);
    fp12_frobenius(&l2, &l2);
    fp12_multiply(r, r, &l2);
    for (unsigned i = 0; i < 3; i++) fp12_frobenius(&l3, &l3);
    fp12_multiply(r, r, &l3);
}

static void multiply_pairings(struct fp12 *product, struct miller_pair *pairs, size_t count)
{
    struct fp12 f;
    miller_loop(&f, pairs, count);
    finish_miller_loop(&f, pairs, count);
    fp12_multiply(product, product, &f);
}

enum status bn254_pairing_check(struct bytes input, bool *is_one, struct error *e)
{
    enum status status = bn254_check_length(input, BN254_PAIRING_CHECK_ELEMENT_SIZE, e);
    if (status != STATUS_OK) return status;

    struct miller_pair pairs[PORTION];
    struct fp12 product, easy;
    fp12_set_one(&product);
    size_t count = 0;
    for (size_t i = 0; i < input.size; i += BN254_PAIRING_CHECK_ELEMENT_SIZE) {
        struct miller_pair *pair = &pairs[count];
        if ((status = bn254_read_g1(&pair->p, input, i, e)) != STATUS_OK) return status;
        if ((status = bn254_read_g2(&pair->q, input, i + BN254_G1_SIZE, e)) != STATUS_OK) return status;
        if (g1_affine_is_infinity(&pair->p) || g2_affine_is_infinity(&pair->q)) continue; /* pairs to one */
        if (++count < PORTION) continue;
        multiply_pairings(&product, pairs, count);
        count = 0;
    }
    if (count > 0) multiply_pairings(&product, pairs, count);
    fp12_easy_part(&easy, &product);
    hard_part(&product, &easy);
    *is_one = fp12_is_one(&product);
    return STATUS_OK;
}
