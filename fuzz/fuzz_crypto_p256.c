/* P-256: any 33 bytes as a key, any signature and prehash. */
#include <stdlib.h>

#include "crypto/p256.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The two keys with the same x are both points or both none, with different y; the third form is one of them. */
static void check_point(const uint8_t key[33])
{
    uint8_t even[64], odd[64], compact[64], forms[33];
    memcpy(forms, key, sizeof forms);
    forms[0] = 2;
    bool valid = p256_decompress(forms, even);
    forms[0] = 3;
    if (p256_decompress(forms, odd) != valid) abort();
    forms[0] = 5;
    if (p256_decompress(forms, compact) != valid) abort();
    if (!valid) return;
    if ((even[63] & 1) != 0 || (odd[63] & 1) != 1 || memcmp(even, odd, 32) != 0) abort();
    if (memcmp(compact, even, 64) != 0 && memcmp(compact, odd, 64) != 0) abort();
    if (memcmp(compact, even, 64) > 0 || memcmp(compact, odd, 64) > 0) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 97) return 0;
    uint8_t key[33];
    struct bytes prehash = bytes_of(data + 97, size - 97);
    memcpy(key, data, sizeof key);
    if (data[0] >= 8) key[0] = (uint8_t)(data[0] % 8);
    check_point(key);
    bool accepted = p256_verify(key, prehash, data + 33);
    if (accepted && (!p256_signature_valid(data + 33) || prehash.size < P256_MIN_PREHASH_SIZE)) abort();
    return 0;
}
