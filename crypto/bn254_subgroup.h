/* The group G2 of BN254 within the points of the twist. For the files of the curve. */
#ifndef CRYPTO_BN254_SUBGROUP_H
#define CRYPTO_BN254_SUBGROUP_H

#include "crypto/bn254_curve.h"

/* psi: the Frobenius map carried over to the twist; multiplication by p on G2. Infinity stays infinity. */
void bn254_psi(struct g2_affine *r, const struct g2_affine *p);

/* Whether [r] p = 0 for a point of the twist. */
bool bn254_g2_has_order_r(const struct g2_affine *p);

#endif
