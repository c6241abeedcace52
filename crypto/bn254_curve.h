/* BN254: the fields, the curve y^2 = x^3 + 3 (G1) and its twist y^2 = x^3 + 3/(9 + u) over Fp2 (G2). For the files of
 * the curve; what others use is in bn254.h. */
#ifndef CRYPTO_BN254_CURVE_H
#define CRYPTO_BN254_CURVE_H

#include "crypto/bn254.h"
#include "crypto/scalar.h"

#include "crypto/field.h"

#include "crypto/bn254_fields.inc"

#define FP_LIMBS 4
#define FP_FIELD bn254_fp
#include "crypto/fp.h"
#include "crypto/fp2.h"

#include "crypto/bn254_constants.inc"

/* The parameter x of the family. */
#define BN254_X UINT64_C(4965661367192848881)

/* r = (9 + u) a: the sextic non-residue of the tower */
static inline void fp2_multiply_nonresidue(struct fp2 *r, const struct fp2 *a)
{
    struct fp2 nine, copy = *a;
    fp2_double(&nine, a);
    fp2_double(&nine, &nine);
    fp2_double(&nine, &nine);
    fp2_add(&nine, &nine, a);
    fp_subtract(&r->c0, &nine.c0, &copy.c1);
    fp_add(&r->c1, &nine.c1, &copy.c0);
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
