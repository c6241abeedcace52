/* secp256k1: any signature and hash. What is recovered must verify, once s is in the lower half. */
#include <stdlib.h>

#include "crypto/secp256k1.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 161) return 0;
    uint8_t signature[65], key[64];
    memcpy(signature, data, sizeof signature);
    signature[64] = data[64] % 5;
    (void)secp256k1_verify(data + 97, data + 65, signature);
    (void)secp256k1_public_key_valid(data + 97);
    bool recovered = secp256k1_recover_key(data + 65, signature, key);
    if (!recovered) return 0;
    if (!secp256k1_signature_values_valid(signature, false) || !secp256k1_public_key_valid(key)) abort();
    bool low = secp256k1_signature_values_valid(signature, true);
    if (secp256k1_verify(key, data + 65, signature) != low) abort();
    return 0;
}
