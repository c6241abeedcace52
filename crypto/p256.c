#include "crypto/p256.h"

#include <bearssl.h>

#include "crypto/field.h"

/* Fields have a bit to spare at the top, so those of 256 bits use six limbs, and R is 2^384 (field.h). */
#define LIMBS 6

static const struct field coordinates = {
    .modulus = {0xffffffffffffffff, 0x00000000ffffffff, 0x0000000000000000, 0xffffffff00000001},
    .factor = 0x0000000000000001,
    .one = {0xfffffffefffffffe, 0x00000002ffffffff, 0x0000000000000002, 0xfffffffe00000001},
    .r2 = {0xfffffffd0000000a, 0xffffffedfffffff7, 0x00000005fffffffc, 0x0000001800000001},
    .r3 = {0x00000071ffffffe8, 0x000000810000009b, 0xffffff3dffffffa3, 0xffffff32ffffff75},
    .limbs = LIMBS,
};
static const struct field scalars = {
    .modulus = {0xf3b9cac2fc632551, 0xbce6faada7179e84, 0xffffffffffffffff, 0xffffffff00000000},
    .factor = 0xccd1c8aaee00bc4f,
    .one = {0xf01cf013fc632551, 0x679b73e19ad16947, 0x652e96b7ccca0a99, 0x431905529c0166ce},
    .r2 = {0xac8ebec90b65a624, 0x111f28ae0c0555c9, 0x2543b9246ba5e93f, 0x503a54e76407be65},
    .r3 = {0x7539d4bb8904254b, 0x0589f38e79fb72af, 0x2de086e677edba3e, 0x9796d4a41f32fa88},
    .limbs = LIMBS,
};

/* y² = x³ - 3x + b: -3 R and b R; and the plain (p + 1) / 4. */
static const uint64_t minus_three[LIMBS] = {0x0000000300000003, 0xfffffffa00000000, 0xfffffffffffffff9,
                                            0x00000002ffffffff};
static const uint64_t curve_b[LIMBS] = {0xea2968e000934964, 0xdb9cbcb9e0b74e51, 0xf7e591103f9b54ff,
                                        0xc359e6509bc0e10e};
static const uint64_t root_exponent[4] = {0x0000000000000000, 0x0000000040000000, 0x4000000000000000,
                                          0x3fffffffc0000000};

static void load(uint64_t r[LIMBS], const uint8_t bytes[32])
{
    memset(r, 0, LIMBS * sizeof *r);
    for (int i = 0; i < 32; i++) r[i / 8] |= (uint64_t)bytes[31 - i] << i % 8 * 8;
}

static void store(uint8_t bytes[32], const uint64_t a[LIMBS])
{
    for (int i = 0; i < 32; i++) bytes[31 - i] = (uint8_t)(a[i / 8] >> i % 8 * 8);
}

static bool is_zero(const uint64_t a[LIMBS])
{
    uint64_t any = 0;
    for (int i = 0; i < LIMBS; i++) any |= a[i];
    return any == 0;
}

/* r = a - m */
static void subtract(uint64_t r[LIMBS], const uint64_t a[LIMBS], const uint64_t m[LIMBS])
{
    unsigned char borrow = 0;
    for (int i = 0; i < LIMBS; i++) r[i] = subtract_borrow(a[i], m[i], &borrow);
}

/* r = a mod m for a below 2m */
static void reduce_once(uint64_t r[LIMBS], const struct field *f)
{
    if (!field_is_reduced(r, f)) subtract(r, r, f->modulus);
}

static void add(uint64_t r[LIMBS], const uint64_t a[LIMBS], const uint64_t b[LIMBS], const struct field *f)
{
    unsigned char carry = 0;
    for (int i = 0; i < LIMBS; i++) r[i] = add_carry(a[i], b[i], &carry);
    reduce_once(r, f);
}

/* y, plain, one of the two; x is plain and below the modulus. */
static bool solve_for_y(uint64_t y[LIMBS], const uint64_t x[LIMBS])
{
    uint64_t m[LIMBS], t[LIMBS], square[LIMBS];
    field_from_plain(m, x, &coordinates);
    field_multiply(t, m, m, &coordinates);
    add(t, t, minus_three, &coordinates);
    field_multiply(t, t, m, &coordinates);
    add(t, t, curve_b, &coordinates);
    field_power(y, t, root_exponent, 4, &coordinates);
    field_multiply(square, y, y, &coordinates);
    if (memcmp(square, t, sizeof t) != 0) return false;
    field_to_plain(y, y, &coordinates);
    return true;
}

bool p256_decompress(const uint8_t public_key[33], uint8_t point[64])
{
    uint64_t x[LIMBS], y[LIMBS], other[LIMBS];
    const uint8_t form = public_key[0];
    if (form != 2 && form != 3 && form != 5) return false;
    load(x, public_key + 1);
    if (!field_is_reduced(x, &coordinates) || !solve_for_y(y, x)) return false;
    subtract(other, coordinates.modulus, y); /* y is not 0: no point of P-256 has order 2 */
    store(point, x);
    store(point + 32, y);
    uint8_t other_bytes[32];
    store(other_bytes, other);
    bool take_other = form == 5 ? memcmp(other_bytes, point + 32, 32) < 0 : (y[0] & 1) != (form & 1);
    if (take_other) memcpy(point + 32, other_bytes, 32);
    return true;
}

static bool load_scalar(uint64_t r[LIMBS], const uint8_t bytes[32])
{
    load(r, bytes);
    return field_is_reduced(r, &scalars) && !is_zero(r);
}

bool p256_signature_valid(const uint8_t signature[64])
{
    uint64_t r[LIMBS], s[LIMBS];
    return load_scalar(r, signature) && load_scalar(s, signature + 32);
}

/* The prehash as a number below n: zeros are put before a short one, a long one is cut. */
static void load_prehash(uint64_t z[LIMBS], struct bytes prehash)
{
    uint8_t bytes[32] = {0};
    size_t size = prehash.size < 32 ? prehash.size : 32;
    memcpy(bytes + 32 - size, prehash.data, size);
    load(z, bytes);
    reduce_once(z, &scalars);
}

/* point = u2 · point + u1 · G, x ‖ y after the byte 4. False if that is infinity. BearSSL's sum of two products is
 * wrong when one of them is infinity, so u1 = 0 goes another way; u2 is never 0. */
static bool combine(uint8_t point[65], const uint8_t u2[32], const uint8_t u1[32], bool u1_is_zero)
{
    const br_ec_impl *ec = &br_ec_p256_m31;
    if (u1_is_zero) return ec->mul(point, 65, u2, 32, BR_EC_secp256r1) == 1;
    return ec->muladd(point, NULL, 65, u2, 32, u1, 32, BR_EC_secp256r1) == 1;
}

bool p256_verify(const uint8_t public_key[33], struct bytes prehash, const uint8_t signature[64])
{
    uint64_t r[LIMBS], s[LIMBS], z[LIMBS], u1[LIMBS], u2[LIMBS], x[LIMBS];
    uint8_t point[65] = {4}, u1_bytes[32], u2_bytes[32];
    if (prehash.size < P256_MIN_PREHASH_SIZE) return false;
    if (!load_scalar(r, signature) || !load_scalar(s, signature + 32)) return false;
    if (!p256_decompress(public_key, point + 1)) return false;
    load_prehash(z, prehash);

    field_from_plain(s, s, &scalars);
    field_inverse(s, s, &scalars);
    field_multiply(u1, z, s, &scalars); /* a plain number times one in Montgomery form: plain */
    field_multiply(u2, r, s, &scalars);
    store(u1_bytes, u1);
    store(u2_bytes, u2);
    if (!combine(point, u2_bytes, u1_bytes, is_zero(u1))) return false;
    load(x, point + 1);
    reduce_once(x, &scalars);
    return memcmp(x, r, sizeof x) == 0;
}
