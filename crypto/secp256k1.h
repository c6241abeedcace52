/* ECDSA on secp256k1: recovery of the signer's key, as ecrecover does it, and verification of transactions' signatures.
 * The work is libsecp256k1's. Variable time: all inputs are public. */
#ifndef CRYPTO_SECP256K1_H
#define CRYPTO_SECP256K1_H

#include "base/bytes.h"

#define SECP256K1_HASH_SIZE 32
#define SECP256K1_SIGNATURE_SIZE 65 /* r ‖ s ‖ recovery id, r and s big-endian */
#define SECP256K1_PUBLIC_KEY_SIZE 64 /* x ‖ y, big-endian */

/* Whether r and s are below the order of the group; with `reject_upper`, s must also be at most half of it, rounded
 * down (EIP-2). Zeros pass. `signature` has 64 bytes at least. */
bool secp256k1_signature_values_valid(const uint8_t *signature, bool reject_upper);

/* The key that made the signature of the hash, if there is one. False, too, for r or s of zero or not below the order,
 * and for a recovery id above 3. */
bool secp256k1_recover_key(const uint8_t hash[SECP256K1_HASH_SIZE], const uint8_t signature[SECP256K1_SIGNATURE_SIZE],
                           uint8_t public_key[SECP256K1_PUBLIC_KEY_SIZE]);

/* Verifies a signature of a transaction as near-crypto does: the recovery id must be 0 to 3 but is not used otherwise,
 * an s above half of the order is refused, and the key must be a point of the curve. */
bool secp256k1_verify(const uint8_t public_key[SECP256K1_PUBLIC_KEY_SIZE], const uint8_t hash[SECP256K1_HASH_SIZE],
                      const uint8_t signature[SECP256K1_SIGNATURE_SIZE]);

/* Whether x ‖ y is a point of the curve. */
bool secp256k1_public_key_valid(const uint8_t public_key[SECP256K1_PUBLIC_KEY_SIZE]);

#endif
