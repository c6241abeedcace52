/* ed25519: any 32 bytes as a point, any signature; what was signed must verify, and nothing near it. */
#include <stdlib.h>

#include "crypto/ed25519.h"
#include "crypto/edwards25519.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Decoding and encoding again gives the canonical form, which decodes to the same. */
static void check_point(const uint8_t bytes[32])
{
    struct edwards25519 p, q;
    uint8_t canonical[32], again[32];
    if (!edwards25519_from_bytes(&p, bytes)) return;
    edwards25519_to_bytes(canonical, &p);
    if (!edwards25519_from_bytes(&q, canonical)) abort();
    edwards25519_to_bytes(again, &q);
    if (memcmp(canonical, again, 32) != 0) abort();
}

static void check_signing(const uint8_t seed[32], struct bytes message)
{
    struct ed25519_key key;
    uint8_t signature[64];
    ed25519_key_from_seed(&key, seed);
    ed25519_sign(&key, message, signature);
    if (!ed25519_verify(key.public_key, message, signature)) abort();
    signature[seed[0] % 64] ^= (uint8_t)(1 << seed[1] % 8);
    if (ed25519_verify(key.public_key, message, signature)) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 96) return 0;
    struct bytes message = bytes_of(data + 96, size - 96);
    check_point(data);
    check_point(data + 32);
    check_signing(data, message);
    (void)ed25519_verify(data, message, data + 32);
    return 0;
}
