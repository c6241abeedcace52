/* The groups G1 and G2 of BLS12-381 within the points of their curves. For the files of the curve. */
#ifndef CRYPTO_BLS12381_SUBGROUP_H
#define CRYPTO_BLS12381_SUBGROUP_H

#include "crypto/bls12381_curve.h"

/* psi: the Frobenius map carried over to the twist; multiplication by x on G2. */
void bls12381_psi(struct g2 *r, const struct g2 *p);

/* Whether [r] p = 0 for a point of the curve, also infinity. */
bool bls12381_in_g1(const struct g1_affine *p);
bool bls12381_in_g2(const struct g2_affine *p);

#endif
