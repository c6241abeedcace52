/* ed25519 (RFC 8032): signatures of transactions and of the host function.
 *
 * Verification accepts exactly what ed25519-dalek 2 accepts with `verify`, on which consensus depends: s below L; any
 * public key that decompresses, also of small order, also with y not below p; and R' = sB - kA encoded canonically must
 * be the signature's R byte by byte (cofactorless, so that a non-canonical R never passes). */
#ifndef CRYPTO_ED25519_H
#define CRYPTO_ED25519_H

#include "base/bytes.h"

#define ED25519_SEED_SIZE 32
#define ED25519_PUBLIC_KEY_SIZE 32
#define ED25519_SIGNATURE_SIZE 64

/* Variable time: all its inputs are public. */
bool ed25519_verify(const uint8_t public_key[ED25519_PUBLIC_KEY_SIZE], struct bytes message,
                    const uint8_t signature[ED25519_SIGNATURE_SIZE]);

/* Whether the bytes decompress to a point, as ed25519_verify demands of a public key. */
bool ed25519_public_key_valid(const uint8_t public_key[ED25519_PUBLIC_KEY_SIZE]);

/* What signing needs. The public key is always the seed's own: signing with another one would give the secret away. */
struct ed25519_key {
    uint8_t scalar[32];
    uint8_t prefix[32];
    uint8_t public_key[ED25519_PUBLIC_KEY_SIZE];
};

/* Both constant time: they look the same for every seed. The caller wipes the key after use (ed25519_key_wipe). */
void ed25519_key_from_seed(struct ed25519_key *key, const uint8_t seed[ED25519_SEED_SIZE]);
void ed25519_sign(const struct ed25519_key *key, struct bytes message, uint8_t signature[ED25519_SIGNATURE_SIZE]);

void ed25519_key_wipe(struct ed25519_key *key);

#endif
