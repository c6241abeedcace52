#include "runtime/staking_key.h"

#include "crypto/edwards25519.h"

bool staking_key_valid(const struct public_key *key)
{
    /* L - 1, L being the order of the subgroup, little-endian (RFC 8032, section 5.1). */
    static const uint8_t order_less_one[32] = {
        0xec, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
        0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0x10,
    };
    static const uint8_t zero[32];
    struct edwards25519 point, multiple;
    uint8_t expected[32], got[32];
    if (key->type != KEY_ED25519 || !edwards25519_from_bytes(&point, key->data)) return false;
    /* -(L - 1) P = P says the same as L P = 0. */
    edwards25519_double_multiply(&multiple, zero, order_less_one, &point);
    edwards25519_to_bytes(expected, &point);
    edwards25519_to_bytes(got, &multiple);
    return memcmp(expected, got, sizeof got) == 0;
}
