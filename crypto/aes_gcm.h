/* AES-256 in Galois/counter mode (NIST SP 800-38D) with nonces of 96 bits and tags of 128. One key must never be used with
 * the same nonce for two messages. Time depends on lengths alone. Nothing is allocated. The work is BearSSL's, by the
 * processor's own instructions if it has them. */
#ifndef CRYPTO_AES_GCM_H
#define CRYPTO_AES_GCM_H

#include "base/bytes.h"

enum { AES_GCM_KEY_SIZE = 32, AES_GCM_NONCE_SIZE = 12, AES_GCM_TAG_SIZE = 16 };

/* The most that a message may have: 2^32 - 2 blocks. */
#define AES_GCM_MAX_SIZE (((uint64_t)1 << 36) - 32)

enum aes_gcm_engine { AES_GCM_FASTEST, AES_GCM_PORTABLE };

/* `out` has as many bytes as `plain` and may be the same memory; otherwise they must not overlap. */
void aes_gcm_encrypt(enum aes_gcm_engine engine, const uint8_t key[AES_GCM_KEY_SIZE],
                     const uint8_t nonce[AES_GCM_NONCE_SIZE], struct bytes associated, struct bytes plain, uint8_t *out,
                     uint8_t tag[AES_GCM_TAG_SIZE]);

/* False if the tag is not right; then `out` holds zeros. The tag is compared in constant time. Memory as above. */
bool aes_gcm_decrypt(enum aes_gcm_engine engine, const uint8_t key[AES_GCM_KEY_SIZE],
                     const uint8_t nonce[AES_GCM_NONCE_SIZE], struct bytes associated, struct bytes cipher,
                     const uint8_t tag[AES_GCM_TAG_SIZE], uint8_t *out);

#endif
