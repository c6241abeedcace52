/* BLS12-381: the fields, the curve y^2 = x^3 + 4 (of which G1 is a part) and its twist y^2 = x^3 + 4(1 + u) over Fp2
 * (of which G2 is a part). For the files of the curve; what others use is in bls12381.h. */
#ifndef CRYPTO_BLS12381_CURVE_H
#define CRYPTO_BLS12381_CURVE_H

#include "crypto/bls12381.h"
#include "crypto/scalar.h"

#include "crypto/field.h"

#include "crypto/bls12381_fields.inc"

#define FP_LIMBS 6
#define FP_FIELD bls12381_fp
#include "crypto/fp.h"
#include "crypto/fp2.h"

#include "crypto/bls12381_constants.inc"

/* The parameter x of the family is -BLS12381_MINUS_X. */
#define BLS12381_MINUS_X UINT64_C(0xd201000000010000)

/* r = (1 + u) a: the sextic non-residue of the tower */
static inline void fp2_multiply_nonresidue(struct fp2 *r, const struct fp2 *a)
{
    struct fp sum;
    fp_add(&sum, &a->c0, &a->c1);
    fp_subtract(&r->c0, &a->c0, &a->c1);
    r->c1 = sum;
}

#define POINT g1
#define COORDINATE fp
#include "crypto/point.inc"
#undef POINT
#undef COORDINATE

#define POINT g2
#define COORDINATE fp2
#include "crypto/point.inc"
#undef POINT
#undef COORDINATE

#endif
