/* From field elements to G1 and G2 of BLS12-381 (RFC 9380): map_to_curve by the simplified SWU method for AB = 0, then
 * clear_cofactor. For the files of the curve. */
#ifndef CRYPTO_BLS12381_MAP_H
#define CRYPTO_BLS12381_MAP_H

#include "crypto/bls12381_curve.h"

void bls12381_map_to_g1(struct g1 *r, const struct fp *u);
void bls12381_map_to_g2(struct g2 *r, const struct fp2 *u);

#endif
