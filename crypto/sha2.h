/* SHA-224, SHA-256, SHA-384 and SHA-512 (FIPS 180-4), in one go or piece by piece.
 *
 * The caller owns every context; nothing is allocated, nothing fails. Time depends on the length of the input alone,
 * so that secrets may be hashed. The work is BearSSL's; SHA-256 uses the processor's own instructions, if it has them.
 */
#ifndef CRYPTO_SHA2_H
#define CRYPTO_SHA2_H

#include <bearssl.h>

#include "base/bytes.h"

#define SHA224_SIZE 28
#define SHA256_SIZE 32
#define SHA384_SIZE 48
#define SHA512_SIZE 64

void sha224(struct bytes input, uint8_t out[SHA224_SIZE]);
void sha256(struct bytes input, uint8_t out[SHA256_SIZE]);
void sha384(struct bytes input, uint8_t out[SHA384_SIZE]);
void sha512(struct bytes input, uint8_t out[SHA512_SIZE]);

/* Piece by piece: init, any number of updates, finish. After finish the context still holds the state of the input so
 * far: more updates and another finish give the hash of the longer input. */
struct sha256 {
    br_sha256_context context;
};

void sha256_init(struct sha256 *h);
void sha256_update(struct sha256 *h, struct bytes input);
void sha256_finish(const struct sha256 *h, uint8_t out[SHA256_SIZE]);

struct sha512 {
    br_sha512_context context;
};

void sha512_init(struct sha512 *h);
void sha512_update(struct sha512 *h, struct bytes input);
void sha512_finish(const struct sha512 *h, uint8_t out[SHA512_SIZE]);

#endif
