/* ECDSA on P-256 (FIPS 186-5): verification of a prehash, accepting what the Rust crate p256 accepts.
 * Variable time: all inputs are public. */
#ifndef CRYPTO_P256_H
#define CRYPTO_P256_H

#include "base/bytes.h"

#define P256_PUBLIC_KEY_SIZE 33
#define P256_SIGNATURE_SIZE 64
#define P256_MIN_PREHASH_SIZE 16

/* Whether r and s (big-endian) are both between 1 and n - 1; s may be in the upper half. */
bool p256_signature_valid(const uint8_t signature[P256_SIGNATURE_SIZE]);

/* Reads a key in the forms of SEC1 that have 33 bytes: 0x02 or 0x03 (y even or odd), and 0x05, "compact": y is the
 * lesser of the two. False if x is not below the modulus or there is no such point. Writes x ‖ y, big-endian. */
bool p256_decompress(const uint8_t public_key[P256_PUBLIC_KEY_SIZE], uint8_t point[64]);

/* False if the signature, the key or the prehash is bad: a prehash has at least 16 bytes, and of one longer than 32 the
 * first 32 count. */
bool p256_verify(const uint8_t public_key[P256_PUBLIC_KEY_SIZE], struct bytes prehash,
                 const uint8_t signature[P256_SIGNATURE_SIZE]);

#endif
