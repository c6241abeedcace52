/* HMAC (RFC 2104, FIPS 198-1) and HKDF (RFC 5869) with SHA-2.
 *
 * Keys and secrets may have any length, also none. Time depends on lengths alone, not on the bytes. Nothing is
 * allocated. The work is BearSSL's. */
#ifndef CRYPTO_HMAC_H
#define CRYPTO_HMAC_H

#include "base/bytes.h"
#include "base/error.h"

enum hash {
    HASH_SHA224,
    HASH_SHA256,
    HASH_SHA384,
    HASH_SHA512,
};

#define HASH_MAX_SIZE 64

/* Bytes that the hash gives: 28, 32, 48 or 64. */
size_t hash_size(enum hash hash);

/* Writes hash_size(hash) bytes. */
void hmac(enum hash hash, struct bytes key, struct bytes message, uint8_t *out);

/* Extract and expand: `size` bytes derived from the secret. No salt is the same as one of hash_size zeros. STATUS_USAGE
 * if size is above 255 · hash_size, the most that RFC 5869 allows; then out is untouched. */
enum status hkdf(enum hash hash, struct bytes salt, struct bytes secret, struct bytes info, uint8_t *out, size_t size,
                 struct error *e);

#endif
