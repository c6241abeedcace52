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

/* Key, signature and prehash that belong together: RFC 6979, A.2.5, SHA-256, "sample". */
static const uint8_t valid[33 + 64 + 32] = {
    0x03, 0x60, 0xfe, 0xd4, 0xba, 0x25, 0x5a, 0x9d, 0x31, 0xc9, 0x61, 0xeb, 0x74, 0xc6, 0x35, 0x6d,
    0x68, 0xc0, 0x49, 0xb8, 0x92, 0x3b, 0x61, 0xfa, 0x6c, 0xe6, 0x69, 0x62, 0x2e, 0x60, 0xf2, 0x9f,
    0xb6, 0xef, 0xd4, 0x8b, 0x2a, 0xac, 0xb6, 0xa8, 0xfd, 0x11, 0x40, 0xdd, 0x9c, 0xd4, 0x5e, 0x81,
    0xd6, 0x9d, 0x2c, 0x87, 0x7b, 0x56, 0xaa, 0xf9, 0x91, 0xc3, 0x4d, 0x0e, 0xa8, 0x4e, 0xaf, 0x37,
    0x16, 0xf7, 0xcb, 0x1c, 0x94, 0x2d, 0x65, 0x7c, 0x41, 0xd4, 0x36, 0xc7, 0xa1, 0xb6, 0xe2, 0x9f,
    0x65, 0xf3, 0xe9, 0x00, 0xdb, 0xb9, 0xaf, 0xf4, 0x06, 0x4d, 0xc4, 0xab, 0x2f, 0x84, 0x3a, 0xcd,
    0xa8, 0xaf, 0x2b, 0xdb, 0xe1, 0xaa, 0x9b, 0x6e, 0xc1, 0xe2, 0xad, 0xe1, 0xd6, 0x94, 0xf4, 0x1f,
    0xc7, 0x1a, 0x83, 0x1d, 0x02, 0x68, 0xe9, 0x89, 0x15, 0x62, 0x11, 0x3d, 0x8a, 0x62, 0xad, 0xd1,
    0xbf,
};

/* With some bits flipped they do not, but where another first byte of the key means the same point. */
static void check_flipped(const uint8_t *flips, size_t size)
{
    uint8_t changed[sizeof valid];
    bool any = false;
    memcpy(changed, valid, sizeof valid);
    for (size_t i = 0; i < size && i < sizeof valid; i++) {
        changed[i] ^= flips[i];
        any |= flips[i] != 0;
    }
    bool accepted = p256_verify(changed, bytes_of(changed + 97, 32), changed + 33);
    if (accepted == any && changed[0] == valid[0]) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 0) check_flipped(data + 1, size - 1);
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
