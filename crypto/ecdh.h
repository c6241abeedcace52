/* Diffie-Hellman on P-256 (SP 800-56A). Points are uncompressed SEC1: 0x04 ‖ x ‖ y; secrets are big-endian numbers. Time
 * does not depend on secrets. Nothing is allocated. The work is BearSSL's. */
#ifndef CRYPTO_ECDH_H
#define CRYPTO_ECDH_H

#include "base/bytes.h"

enum { ECDH_SECRET_SIZE = 32, ECDH_POINT_SIZE = 65, ECDH_SHARED_SIZE = 32 };

/* Whether the number is from 1 to n - 1, as a secret must be; that alone is not kept secret. Of random bytes all but one in
 * 2^32 are. */
bool ecdh_secret_valid(const uint8_t secret[ECDH_SECRET_SIZE]);

/* The public half of a valid secret. */
void ecdh_public(const uint8_t secret[ECDH_SECRET_SIZE], uint8_t point[ECDH_POINT_SIZE]);

/* The x of the common point, to be put through a key derivation. False, and zeros, if the other's is not the uncompressed
 * form of a point of the curve. */
bool ecdh_shared(const uint8_t secret[ECDH_SECRET_SIZE], const uint8_t point[ECDH_POINT_SIZE],
                 uint8_t shared[ECDH_SHARED_SIZE]);

#endif
