/* ECDSA (FIPS 186-5) on P-256 and P-384: verification of hashes, with public keys as points. Variable time: all inputs
 * are public. For signatures of NEAR's contracts see p256.h, which has rules of its own. */
#ifndef CRYPTO_ECDSA_H
#define CRYPTO_ECDSA_H

#include "base/bytes.h"

enum ecdsa_curve { ECDSA_P256, ECDSA_P384 };

enum { ECDSA_MAX_SIGNATURE = 96 };

/* Bytes of a coordinate and of each half of a signature, and of the hash that is signed: SHA-256 with P-256 (32),
 * SHA-384 with P-384 (48). */
size_t ecdsa_size(enum ecdsa_curve curve);

/* Whether x ‖ y (big-endian) is a point of the curve. */
bool ecdsa_public_key_valid(enum ecdsa_curve curve, struct bytes point);

/* `hash` has ecdsa_size bytes. The signature is r ‖ s, big-endian, both between 1 and n - 1; s may be in the upper
 * half, so that (r, n - s) is as good as (r, s). False if anything has another size or is wrong. */
bool ecdsa_verify(enum ecdsa_curve curve, struct bytes point, const uint8_t *hash, struct bytes signature);

/* The same for a signature as certificates have it: Ecdsa-Sig-Value (RFC 3279, 2.2.3), in DER and nothing else. */
bool ecdsa_verify_der(enum ecdsa_curve curve, struct bytes point, const uint8_t *hash, struct bytes signature);

/* r ‖ s of an Ecdsa-Sig-Value: 2 · ecdsa_size bytes. False if it is not DER or a number does not fit. */
bool ecdsa_signature_from_der(enum ecdsa_curve curve, struct bytes der, uint8_t *signature);

#endif
