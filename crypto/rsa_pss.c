#include "crypto/rsa_pss.h"

#include <bearssl.h>

#include "crypto/sha2.h"

enum { HASH = SHA384_SIZE, SALT = 48, MIN_MODULUS = 256, MAX_MODULUS = 512, MAX_EXPONENT = 4 };

bool rsa_public_key_valid(struct bytes modulus, struct bytes exponent)
{
    if (modulus.size < MIN_MODULUS || modulus.size > MAX_MODULUS || exponent.size < 1 || exponent.size > MAX_EXPONENT)
        return false;
    if (!(modulus.data[0] & 0x80) || !(modulus.data[modulus.size - 1] & 1)) return false;
    if (exponent.data[0] == 0 || !(exponent.data[exponent.size - 1] & 1)) return false;
    return exponent.size > 1 || exponent.data[0] >= 3;
}

/* Applies MGF1's mask of `seed` to the data. */
static void unmask(uint8_t *data, size_t size, const uint8_t seed[HASH])
{
    uint8_t input[HASH + 4] = {0}, mask[HASH];
    memcpy(input, seed, HASH);
    for (size_t at = 0; at < size; at += HASH) {
        const size_t counter = at / HASH; /* at most 10 */
        input[HASH + 3] = (uint8_t)counter;
        sha384(bytes_of(input, sizeof input), mask);
        for (size_t i = 0; i < HASH && at + i < size; i++) data[at + i] ^= mask[i];
    }
}

/* EMSA-PSS-VERIFY (RFC 8017, 9.1.2). The encoded message has one bit less than the modulus, so as many bytes. */
static bool encoding_valid(uint8_t *encoded, size_t size, const uint8_t hash[HASH])
{
    const size_t db_size = size - HASH - 1, zeros = db_size - SALT - 1;
    const uint8_t *h = encoded + db_size;
    if (encoded[size - 1] != 0xbc || encoded[0] & 0x80) return false;
    unmask(encoded, db_size, h);
    encoded[0] &= 0x7f;
    for (size_t i = 0; i < zeros; i++)
        if (encoded[i] != 0) return false;
    if (encoded[zeros] != 1) return false;

    uint8_t message[8 + HASH + SALT] = {0}, expected[HASH];
    memcpy(message + 8, hash, HASH);
    memcpy(message + 8 + HASH, encoded + zeros + 1, SALT);
    sha384(bytes_of(message, sizeof message), expected);
    return memcmp(expected, h, HASH) == 0;
}

/* What BearSSL takes: it writes to neither. */
static unsigned char *plain(struct bytes b)
{
    return (unsigned char *)(uintptr_t)b.data;
}

bool rsa_pss_sha384_verify(struct bytes modulus, struct bytes exponent, const uint8_t hash[48], struct bytes signature)
{
    uint8_t encoded[MAX_MODULUS];
    if (!rsa_public_key_valid(modulus, exponent) || signature.size != modulus.size) return false;
    memcpy(encoded, signature.data, signature.size);
    const br_rsa_public_key key = {plain(modulus), modulus.size, plain(exponent), exponent.size};
    if (!br_rsa_public_get_default()(encoded, signature.size, &key)) return false;
    return encoding_valid(encoded, signature.size, hash);
}
