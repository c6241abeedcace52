/* Square roots and signs in the fields of BLS12-381. For the files of the curve. */
#ifndef CRYPTO_BLS12381_ROOT_H
#define CRYPTO_BLS12381_ROOT_H

#include "crypto/bls12381_curve.h"

/* *r = one of the roots of a, if it has any; else false, and *r is left alone. */
bool bls12381_fp_root(struct fp *r, const struct fp *a);
bool bls12381_fp2_root(struct fp2 *r, const struct fp2 *a);

/* Whether a > -a as numbers; in Fp2 c1 decides, or c0 if c1 is 0 (the sign bit of compressed points). */
bool bls12381_fp_is_greater(const struct fp *a);
bool bls12381_fp2_is_greater(const struct fp2 *a);

/* sgn0 of RFC 9380, section 4.1: the parity of a; in Fp2 that of c0, or of c1 if c0 is 0. */
bool bls12381_fp_is_odd(const struct fp *a);
bool bls12381_fp2_is_odd(const struct fp2 *a);

#endif
