/* ML-DSA-65 (FIPS 204): verification as NEAR uses it, of messages not hashed before, with an empty context. */
#ifndef CRYPTO_ML_DSA_H
#define CRYPTO_ML_DSA_H

#include "base/bytes.h"

#define ML_DSA_65_PUBLIC_KEY_SIZE 1952
#define ML_DSA_65_SIGNATURE_SIZE 3309

/* Every string of the right length is a key; most sign nothing. False, too, for a signature that is not in the one
 * encoding of itself (FIPS 204, algorithm 21). Variable time: all inputs are public. Takes about 12 KB of stack. */
bool ml_dsa_65_verify(const uint8_t public_key[ML_DSA_65_PUBLIC_KEY_SIZE], struct bytes message,
                      const uint8_t signature[ML_DSA_65_SIGNATURE_SIZE]);

/* The same for M' = prefix ‖ message (algorithm 8): the prefix names pre-hashing and context. */
bool ml_dsa_65_verify_internal(const uint8_t public_key[ML_DSA_65_PUBLIC_KEY_SIZE], struct bytes prefix,
                               struct bytes message, const uint8_t signature[ML_DSA_65_SIGNATURE_SIZE]);

#endif
