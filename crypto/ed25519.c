#include "crypto/ed25519.h"

#include "crypto/edwards25519.h"
#include "crypto/scalar25519.h"
#include "crypto/sha2.h"

/* k = SHA-512(R ‖ A ‖ M) mod L, over the encodings as given. */
static void challenge(uint8_t k[32], const uint8_t r[32], const uint8_t a[32], struct bytes message)
{
    struct sha512 h;
    uint8_t digest[SHA512_SIZE];
    sha512_init(&h);
    sha512_update(&h, bytes_of(r, 32));
    sha512_update(&h, bytes_of(a, 32));
    sha512_update(&h, message);
    sha512_finish(&h, digest);
    scalar25519_reduce(k, digest);
}

bool ed25519_verify(const uint8_t public_key[32], struct bytes message, const uint8_t signature[64])
{
    struct edwards25519 a, r;
    uint8_t k[32], expected[32];
    const uint8_t *s = signature + 32;
    if (!scalar25519_is_canonical(s)) return false;
    if (!edwards25519_from_bytes(&a, public_key)) return false;
    challenge(k, signature, public_key, message);
    edwards25519_double_multiply(&r, s, k, &a);
    edwards25519_to_bytes(expected, &r);
    return memcmp(expected, signature, 32) == 0;
}

bool ed25519_public_key_valid(const uint8_t public_key[32])
{
    struct edwards25519 a;
    return edwards25519_from_bytes(&a, public_key);
}

void ed25519_key_from_seed(struct ed25519_key *key, const uint8_t seed[32])
{
    uint8_t expanded[SHA512_SIZE], clamped[64] = {0};
    struct edwards25519 a;
    sha512(bytes_of(seed, 32), expanded);
    memcpy(key->prefix, expanded + 32, 32);
    memcpy(clamped, expanded, 32);
    clamped[0] &= 0xf8;
    clamped[31] = (uint8_t)((clamped[31] & 0x7f) | 0x40);
    scalar25519_reduce(key->scalar, clamped); /* the same multiple of B, which has order L */
    edwards25519_multiply_base(&a, key->scalar);
    edwards25519_to_bytes(key->public_key, &a);
    explicit_bzero(expanded, sizeof expanded);
    explicit_bzero(clamped, sizeof clamped);
}

void ed25519_sign(const struct ed25519_key *key, struct bytes message, uint8_t signature[64])
{
    struct sha512 h;
    struct edwards25519 point;
    uint8_t digest[SHA512_SIZE], nonce[32], k[32], out[64];
    sha512_init(&h);
    sha512_update(&h, bytes_of(key->prefix, 32));
    sha512_update(&h, message);
    sha512_finish(&h, digest);
    scalar25519_reduce(nonce, digest);
    edwards25519_multiply_base(&point, nonce);
    edwards25519_to_bytes(out, &point);
    challenge(k, out, key->public_key, message);
    scalar25519_multiply_add(out + 32, k, key->scalar, nonce);
    memcpy(signature, out, sizeof out); /* only now: the message may lie there */
    explicit_bzero(&h, sizeof h);
    explicit_bzero(digest, sizeof digest);
    explicit_bzero(nonce, sizeof nonce);
}

void ed25519_key_wipe(struct ed25519_key *key)
{
    explicit_bzero(key, sizeof *key);
}
