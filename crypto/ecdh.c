#include "crypto/ecdh.h"

#include <bearssl.h>

#include "crypto/secret.h"
#include "crypto/wipe.h"

/* The order of the base point. */
static const uint8_t order[ECDH_SECRET_SIZE] = {
    0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
};

bool ecdh_secret_valid(const uint8_t secret[ECDH_SECRET_SIZE])
{
    uint32_t borrow = 0, any = 0;
    for (int i = ECDH_SECRET_SIZE - 1; i >= 0; i--) {
        borrow = ((uint32_t)secret[i] - order[i] - borrow) >> 31;
        any |= secret[i];
    }
    return (borrow & (secret_mask(any) + 0xff) >> 8) == 1;
}

void ecdh_public(const uint8_t secret[ECDH_SECRET_SIZE], uint8_t point[ECDH_POINT_SIZE])
{
    br_ec_p256_m31.mulgen(point, secret, ECDH_SECRET_SIZE, BR_EC_secp256r1);
}

bool ecdh_shared(const uint8_t secret[ECDH_SECRET_SIZE], const uint8_t point[ECDH_POINT_SIZE],
                 uint8_t shared[ECDH_SHARED_SIZE])
{
    uint8_t common[ECDH_POINT_SIZE];
    memcpy(common, point, sizeof common);
    const bool ok = br_ec_p256_m31.mul(common, sizeof common, secret, ECDH_SECRET_SIZE, BR_EC_secp256r1) == 1;
    if (ok)
        memcpy(shared, common + 1, ECDH_SHARED_SIZE);
    else
        memset(shared, 0, ECDH_SHARED_SIZE);
    wipe(common, sizeof common);
    return ok;
}
