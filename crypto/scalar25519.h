/* Numbers modulo L = 2^252 + 27742317777372353535851937790883648493, the order of ed25519's base point: 32 bytes,
 * little-endian. Constant time, except that the answer of scalar25519_is_canonical is no secret. */
#ifndef CRYPTO_SCALAR25519_H
#define CRYPTO_SCALAR25519_H

#include <stdbool.h>
#include <stdint.h>

/* Whether s is below L. */
bool scalar25519_is_canonical(const uint8_t s[32]);

/* r = a mod L, for any 512-bit number a. */
void scalar25519_reduce(uint8_t r[32], const uint8_t a[64]);

/* r = (a b + c) mod L; all below L. */
void scalar25519_multiply_add(uint8_t r[32], const uint8_t a[32], const uint8_t b[32], const uint8_t c[32]);

#endif
