/* Subgroup tests by endomorphisms (Scott, "A note on group membership tests for G1, G2 and GT on BLS pairing-friendly
 * curves", eprint 2021/1130). */
#include "crypto/bls12381_subgroup.h"

void bls12381_psi(struct g2 *r, const struct g2 *p)
{
    fp2_conjugate(&r->x, &p->x);
    fp2_conjugate(&r->y, &p->y);
    fp2_conjugate(&r->z, &p->z);
    fp2_multiply(&r->x, &r->x, &psi_factor[0]);
    fp2_multiply(&r->y, &r->y, &psi_factor[1]);
}

/* phi(p) = [-x^2] p for phi(x, y) = (beta x, y): since phi^2 + phi + 1 = 0, that says [x^4 - x^2 + 1] p = [r] p = 0. */
bool bls12381_in_g1(const struct g1_affine *p)
{
    struct g1 point, multiple;
    g1_from_affine(&point, p);
    g1_multiply_word(&multiple, &point, BLS12381_MINUS_X);
    g1_multiply_word(&multiple, &multiple, BLS12381_MINUS_X);
    g1_negate(&multiple, &multiple);
    fp_multiply(&point.x, &point.x, &beta);
    return g1_equal(&point, &multiple);
}

/* psi(p) = [x] p: with psi^2 - t psi + q = 0 (q the modulus, t = x + 1 the trace) that says [q + 1 - t] p = 0, and r is
 * all that q + 1 - t and the order of the twist have in common (curve_constants.py checks). */
bool bls12381_in_g2(const struct g2_affine *p)
{
    struct g2 point, multiple;
    g2_from_affine(&point, p);
    g2_multiply_word(&multiple, &point, BLS12381_MINUS_X);
    g2_negate(&multiple, &multiple);
    bls12381_psi(&point, &point);
    return g2_equal(&point, &multiple);
}
