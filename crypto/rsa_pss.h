/* RSASSA-PSS (RFC 8017, 8.1.2) with SHA-384, MGF1 with SHA-384, a salt of 48 bytes and trailer field 1: verification.
 * The modular arithmetic is BearSSL's. Variable time: all inputs are public. */
#ifndef CRYPTO_RSA_PSS_H
#define CRYPTO_RSA_PSS_H

#include "base/bytes.h"

/* Numbers are big-endian without leading zeros. The modulus: odd, of a multiple of 8 bits from 2048 to 4096. The
 * exponent: odd, from 3 to 2^32 - 1. */
bool rsa_public_key_valid(struct bytes modulus, struct bytes exponent);

/* `hash` is SHA-384 of the message. The signature must be as long as the modulus, and less than it. */
bool rsa_pss_sha384_verify(struct bytes modulus, struct bytes exponent, const uint8_t hash[48], struct bytes signature);

#endif
