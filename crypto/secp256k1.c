#include "crypto/secp256k1.h"

#include <secp256k1.h>
#include <secp256k1_recovery.h>

static const uint8_t order[32] = {
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe,
    0xba, 0xae, 0xdc, 0xe6, 0xaf, 0x48, 0xa0, 0x3b, 0xbf, 0xd2, 0x5e, 0x8c, 0xd0, 0x36, 0x41, 0x41,
};
/* (order + 1) / 2 */
static const uint8_t half_order[32] = {
    0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0x5d, 0x57, 0x6e, 0x73, 0x57, 0xa4, 0x50, 0x1d, 0xdf, 0xe9, 0x2f, 0x46, 0x68, 0x1b, 0x20, 0xa1,
};

bool secp256k1_signature_values_valid(const uint8_t *signature, bool reject_upper)
{
    return memcmp(signature, order, 32) < 0 && memcmp(signature + 32, reject_upper ? half_order : order, 32) < 0;
}

/* The library calls abort() for a recovery id out of range, so this looks first. */
static bool parse_signature(const uint8_t signature[65], secp256k1_ecdsa_recoverable_signature *parsed)
{
    return signature[64] <= 3 && secp256k1_ecdsa_recoverable_signature_parse_compact(secp256k1_context_static, parsed,
                                                                                     signature, signature[64]);
}

static bool parse_key(const uint8_t public_key[64], secp256k1_pubkey *parsed)
{
    uint8_t uncompressed[65] = {4};
    memcpy(uncompressed + 1, public_key, 64);
    return secp256k1_ec_pubkey_parse(secp256k1_context_static, parsed, uncompressed, sizeof uncompressed);
}

bool secp256k1_recover_key(const uint8_t hash[32], const uint8_t signature[65], uint8_t public_key[64])
{
    secp256k1_ecdsa_recoverable_signature parsed;
    secp256k1_pubkey key;
    uint8_t uncompressed[65];
    size_t size = sizeof uncompressed;
    if (!parse_signature(signature, &parsed)) return false;
    if (!secp256k1_ecdsa_recover(secp256k1_context_static, &key, &parsed, hash)) return false;
    if (!secp256k1_ec_pubkey_serialize(secp256k1_context_static, uncompressed, &size, &key, SECP256K1_EC_UNCOMPRESSED))
        return false;
    memcpy(public_key, uncompressed + 1, 64);
    return true;
}

bool secp256k1_verify(const uint8_t public_key[64], const uint8_t hash[32], const uint8_t signature[65])
{
    secp256k1_ecdsa_recoverable_signature parsed;
    secp256k1_ecdsa_signature plain;
    secp256k1_pubkey key;
    if (!parse_signature(signature, &parsed)) return false;
    if (!secp256k1_ecdsa_recoverable_signature_convert(secp256k1_context_static, &plain, &parsed)) return false;
    if (!parse_key(public_key, &key)) return false;
    return secp256k1_ecdsa_verify(secp256k1_context_static, &plain, hash, &key);
}

bool secp256k1_public_key_valid(const uint8_t public_key[64])
{
    secp256k1_pubkey key;
    return parse_key(public_key, &key);
}
