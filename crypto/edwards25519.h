/* The twisted Edwards curve -x² + y² = 1 + d x² y² over the field of 2^255 - 19 (RFC 8032), for ed25519. */
#ifndef CRYPTO_EDWARDS25519_H
#define CRYPTO_EDWARDS25519_H

#include "crypto/fe25519.h"

/* Extended coordinates: x = X/Z, y = Y/Z, xy = T/Z. */
struct edwards25519 {
    struct fe25519 x, y, z, t;
};

/* Reads a point as curve25519-dalek does: bit 255 is the sign of x, the rest is y, which need not be below p; x = 0 may
 * have either sign. False if there is no such point. Variable time. */
bool edwards25519_from_bytes(struct edwards25519 *r, const uint8_t bytes[32]);

/* The canonical encoding. Constant time. */
void edwards25519_to_bytes(uint8_t bytes[32], const struct edwards25519 *p);

/* r = a B, B the base point, a below L, 32 bytes little-endian. Constant time. */
void edwards25519_multiply_base(struct edwards25519 *r, const uint8_t a[32]);

/* r = a B - b P, a and b below L. Variable time. */
void edwards25519_double_multiply(struct edwards25519 *r, const uint8_t a[32], const uint8_t b[32],
                                  const struct edwards25519 *p);

#endif
