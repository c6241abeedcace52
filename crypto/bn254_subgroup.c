#include "crypto/bn254_subgroup.h"

void bn254_psi(struct g2_affine *r, const struct g2_affine *p)
{
    fp2_conjugate(&r->x, &p->x);
    fp2_multiply(&r->x, &r->x, &psi_factor[0]);
    fp2_conjugate(&r->y, &p->y);
    fp2_multiply(&r->y, &r->y, &psi_factor[1]);
}

/* psi(p) = [6x^2] p. On the twist psi^2 - t psi + p = 0; with psi = t - 1 = 6x^2 that becomes p + 1 - t = r, so the
 * equation says [r] p = 0. Conversely psi is multiplication by p = t - 1 (mod r) on the points of order r. */
bool bn254_g2_has_order_r(const struct g2_affine *p)
{
    struct g2 point, left, right, twice;
    struct g2_affine image;
    g2_from_affine(&point, p);
    g2_multiply_word(&right, &point, BN254_X);
    g2_multiply_word(&right, &right, BN254_X);
    g2_double(&twice, &right);
    g2_add(&right, &twice, &right);
    g2_double(&right, &right);
    bn254_psi(&image, p);
    g2_from_affine(&left, &image);
    return g2_equal(&left, &right);
}
