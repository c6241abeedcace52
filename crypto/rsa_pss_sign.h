/* RSA keys and RSASSA-PSS signatures (RFC 8017), for issuing: deterministic, the key by HMAC_DRBG (SP 800-90A) from a
 * seed and a label, the salt from the key and the message. BearSSL does the arithmetic, without a look at secrets in
 * branches or addresses. The parameters can be wrong on purpose, so that others can test that they are refused. */
#ifndef CRYPTO_RSA_PSS_SIGN_H
#define CRYPTO_RSA_PSS_SIGN_H

#include <bearssl.h>

#include "base/bytes.h"
#include "base/error.h"

enum { RSA_SIGN_MIN_BITS = 1024, RSA_SIGN_MAX_BITS = 4096, RSA_SIGN_MAX_SIZE = RSA_SIGN_MAX_BITS / 8 };

/* Big-endian. The public exponent is 65537. */
struct rsa_sign_key {
    uint32_t bits;                 /* a multiple of 256 */
    uint8_t p[RSA_SIGN_MAX_SIZE / 2], q[RSA_SIGN_MAX_SIZE / 2]; /* bits / 16 bytes each */
    uint8_t dp[RSA_SIGN_MAX_SIZE / 2], dq[RSA_SIGN_MAX_SIZE / 2], iq[RSA_SIGN_MAX_SIZE / 2];
    uint8_t modulus[RSA_SIGN_MAX_SIZE];                         /* bits / 8 bytes */
};

/* The key that belongs to seed, label and size. Takes seconds for 4096 bits. STATUS_USAGE: a size that is out of range or
 * no multiple of 256; STATUS_INVALID: BearSSL found none (does not happen with sizes in range). */
enum status rsa_sign_key_derive(uint32_t bits, const uint8_t seed[32], const char *label, struct rsa_sign_key *out,
                                struct error *e);
void rsa_sign_key_wipe(struct rsa_sign_key *key);
struct bytes rsa_sign_modulus(const struct rsa_sign_key *key);
/* Writes the private exponent: bits / 8 bytes, big-endian. False if the key is none. */
bool rsa_sign_exponent(const struct rsa_sign_key *key, uint8_t *d);

struct rsa_pss_sign {
    const br_hash_class *hash, *mgf_hash;
    size_t salt_size;
    uint8_t trailer;               /* 0xbc */
};
#define RSA_PSS_SIGN_SHA384 ((struct rsa_pss_sign){&br_sha384_vtable, &br_sha384_vtable, 48, 0xbc})

/* Writes bits / 8 bytes. STATUS_USAGE: salt and hash do not fit the key's size. */
enum status rsa_pss_sign(const struct rsa_sign_key *key, const struct rsa_pss_sign *parameters, struct bytes message,
                         uint8_t *signature, struct error *e);
/* RSASSA-PKCS1-v1_5 with SHA-256, -384 or -512. */
enum status rsa_pkcs1_sign(const struct rsa_sign_key *key, const br_hash_class *hash, struct bytes message,
                           uint8_t *signature, struct error *e);

#endif
