/* The curve P-256, y² = x³ - 3x + b, and the field of its coordinates (FIPS 186-5, SP 800-186). Variable time. */
#ifndef CRYPTO_P256_CURVE_H
#define CRYPTO_P256_CURVE_H

#include "crypto/field.h"

/* Fields have a bit to spare at the top, so this one of 256 bits uses six limbs, and R is 2^384 (field.h). */
#define P256_LIMBS 6

static const struct field p256_coordinates = {
    .modulus = {0xffffffffffffffff, 0x00000000ffffffff, 0x0000000000000000, 0xffffffff00000001},
    .factor = 0x0000000000000001,
    .one = {0xfffffffefffffffe, 0x00000002ffffffff, 0x0000000000000002, 0xfffffffe00000001},
    .r2 = {0xfffffffd0000000a, 0xffffffedfffffff7, 0x00000005fffffffc, 0x0000001800000001},
    .r3 = {0x00000071ffffffe8, 0x000000810000009b, 0xffffff3dffffffa3, 0xffffff32ffffff75},
    .limbs = P256_LIMBS,
};

#define FP_LIMBS P256_LIMBS
#define FP_FIELD p256_coordinates
#include "crypto/fp.h"

/* One of the two y for an x, if the curve has any there. */
bool p256_solve_for_y(struct fp *y, const struct fp *x);

/* The x of u1 G + u2 Q, plain; G is the base point, Q = (x, y) a point of the curve, u1 and u2 are below 2^256, plain.
 * False if the sum is infinity. */
bool p256_combine(uint64_t result[P256_LIMBS], const uint64_t u1[4], const uint64_t u2[4], const struct fp *x,
                  const struct fp *y);

#endif
