/* ECDSA keys and signatures on P-256 and P-384 (FIPS 186-5), for issuing: both are deterministic, the key by HMAC_DRBG
 * (SP 800-90A) from a seed and a label, the nonce of a signature by RFC 6979. Time does not depend on secrets; the work
 * is BearSSL's. Nothing is allocated. */
#ifndef CRYPTO_ECDSA_SIGN_H
#define CRYPTO_ECDSA_SIGN_H

#include "base/bytes.h"
#include "crypto/hmac.h"

#define ECDSA_SIGN_SEED_SIZE 32
#define ECDSA_SIGN_MAX_COORDINATE 48

/* The value is the size in bytes of a coordinate, of r and of s. */
enum ecdsa_sign_curve { ECDSA_SIGN_P256 = 32, ECDSA_SIGN_P384 = 48 };

struct ecdsa_sign_key {
    enum ecdsa_sign_curve curve;
    uint8_t secret[ECDSA_SIGN_MAX_COORDINATE];    /* big-endian, 1 … n - 1 */
    uint8_t point[2 * ECDSA_SIGN_MAX_COORDINATE]; /* x ‖ y, each of the curve's size */
};

/* The key that belongs to the seed and the label: the same for the same, independent for others. */
void ecdsa_sign_key_derive(enum ecdsa_sign_curve curve, const uint8_t seed[ECDSA_SIGN_SEED_SIZE], const char *label,
                           struct ecdsa_sign_key *out);
/* A key from its secret number (of the curve's size, big-endian). False, and *out zero, if it is 0 or not below n. */
bool ecdsa_sign_key_from_secret(enum ecdsa_sign_curve curve, const uint8_t *secret, struct ecdsa_sign_key *out);
void ecdsa_sign_key_wipe(struct ecdsa_sign_key *key);

/* x ‖ y */
struct bytes ecdsa_sign_point(const struct ecdsa_sign_key *key);

/* Writes r ‖ s, big-endian, twice the curve's size. `hash` made the digest, and makes the nonce. */
void ecdsa_sign_digest(const struct ecdsa_sign_key *key, enum hash hash, const uint8_t *digest, uint8_t *signature);
/* Hashes the message first. */
void ecdsa_sign_message(const struct ecdsa_sign_key *key, enum hash hash, struct bytes message, uint8_t *signature);

#endif
