#include "crypto/ecdsa.h"

#include <bearssl.h>

#include "crypto/p256.h"

size_t ecdsa_size(enum ecdsa_curve curve)
{
    return curve == ECDSA_P256 ? 32 : 48;
}

/* y² = x³ - 3x + b is checked by decompressing x. */
static bool p256_point_valid(struct bytes point)
{
    uint8_t compressed[P256_PUBLIC_KEY_SIZE], again[64];
    compressed[0] = 2 | (point.data[63] & 1);
    memcpy(compressed + 1, point.data, 32);
    return p256_decompress(compressed, again) && memcmp(again, point.data, sizeof again) == 0;
}

/* BearSSL checks a point when it multiplies it. */
static bool p384_point_valid(struct bytes point)
{
    static const uint8_t one[1] = {1};
    uint8_t encoded[97] = {4};
    memcpy(encoded + 1, point.data, 96);
    return br_ec_get_default()->mul(encoded, sizeof encoded, one, sizeof one, BR_EC_secp384r1) == 1;
}

bool ecdsa_public_key_valid(enum ecdsa_curve curve, struct bytes point)
{
    if (point.size != 2 * ecdsa_size(curve)) return false;
    return curve == ECDSA_P256 ? p256_point_valid(point) : p384_point_valid(point);
}

static bool p256_verify_point(struct bytes point, const uint8_t *hash, const uint8_t *signature)
{
    uint8_t compressed[P256_PUBLIC_KEY_SIZE];
    if (!p256_point_valid(point)) return false;
    compressed[0] = 2 | (point.data[63] & 1);
    memcpy(compressed + 1, point.data, 32);
    return p256_verify(compressed, bytes_of(hash, 32), signature);
}

/* Whether a number of 48 bytes is between 1 and the order of P-384 less one. */
static bool p384_scalar_valid(const uint8_t *x)
{
    static const uint8_t order[48] = {
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xc7, 0x63, 0x4d, 0x81, 0xf4, 0x37, 0x2d, 0xdf,
        0x58, 0x1a, 0x0d, 0xb2, 0x48, 0xb0, 0xa7, 0x7a, 0xec, 0xec, 0x19, 0x6a, 0xcc, 0xc5, 0x29, 0x73};
    static const uint8_t zero[48] = {0};
    return memcmp(x, zero, sizeof zero) != 0 && memcmp(x, order, sizeof order) < 0;
}

static bool p384_verify_point(struct bytes point, const uint8_t *hash, const uint8_t *signature)
{
    if (!p384_scalar_valid(signature) || !p384_scalar_valid(signature + 48)) return false;
    uint8_t encoded[97] = {4};
    memcpy(encoded + 1, point.data, 96);
    const br_ec_public_key key = {.curve = BR_EC_secp384r1, .q = encoded, .qlen = sizeof encoded};
    return br_ecdsa_vrfy_raw_get_default()(br_ec_get_default(), hash, 48, &key, signature, 96) == 1;
}

bool ecdsa_verify(enum ecdsa_curve curve, struct bytes point, const uint8_t *hash, struct bytes signature)
{
    const size_t size = ecdsa_size(curve);
    if (point.size != 2 * size || signature.size != 2 * size) return false;
    return curve == ECDSA_P256 ? p256_verify_point(point, hash, signature.data)
                               : p384_verify_point(point, hash, signature.data);
}

/* Takes one INTEGER, not negative and in its shortest form, from the front of *rest; right-aligned in `out`. */
static bool take_integer(struct bytes *rest, uint8_t *out, size_t size)
{
    if (rest->size < 3 || rest->data[0] != 0x02 || rest->data[1] == 0 || rest->data[1] > rest->size - 2) return false;
    const uint8_t *p = rest->data + 2;
    size_t n = rest->data[1];
    *rest = bytes_of(p + n, rest->size - 2 - n);
    if (p[0] & 0x80) return false;
    if (n > 1 && p[0] == 0) {
        if (!(p[1] & 0x80)) return false;
        p++;
        n--;
    }
    if (n > size) return false;
    memset(out, 0, size - n);
    memcpy(out + size - n, p, n);
    return true;
}

/* At most 6 + 2 · 49 bytes follow the header, so that every length has one byte. */
bool ecdsa_signature_from_der(enum ecdsa_curve curve, struct bytes der, uint8_t *signature)
{
    const size_t size = ecdsa_size(curve);
    if (der.size < 2 || der.data[0] != 0x30 || der.data[1] >= 0x80 || der.data[1] != der.size - 2) return false;
    struct bytes rest = bytes_of(der.data + 2, der.size - 2);
    return take_integer(&rest, signature, size) && take_integer(&rest, signature + size, size) && rest.size == 0;
}

bool ecdsa_verify_der(enum ecdsa_curve curve, struct bytes point, const uint8_t *hash, struct bytes signature)
{
    uint8_t raw[ECDSA_MAX_SIGNATURE];
    return ecdsa_signature_from_der(curve, signature, raw) &&
           ecdsa_verify(curve, point, hash, bytes_of(raw, 2 * ecdsa_size(curve)));
}
