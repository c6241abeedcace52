#include "crypto/p256.h"

#include "crypto/p256_curve.h"

#define LIMBS P256_LIMBS

/* Numbers modulo n, the order of the base point. */
static const struct field scalars = {
    .modulus = {0xf3b9cac2fc632551, 0xbce6faada7179e84, 0xffffffffffffffff, 0xffffffff00000000},
    .factor = 0xccd1c8aaee00bc4f,
    .one = {0xf01cf013fc632551, 0x679b73e19ad16947, 0x652e96b7ccca0a99, 0x431905529c0166ce},
    .r2 = {0xac8ebec90b65a624, 0x111f28ae0c0555c9, 0x2543b9246ba5e93f, 0x503a54e76407be65},
    .r3 = {0x7539d4bb8904254b, 0x0589f38e79fb72af, 0x2de086e677edba3e, 0x9796d4a41f32fa88},
    .limbs = LIMBS,
};

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

static bool is_less(const uint64_t a[LIMBS], const uint64_t b[LIMBS])
{
    unsigned char borrow = 0;
    for (int i = 0; i < LIMBS; i++) (void)subtract_borrow(a[i], b[i], &borrow);
    return borrow;
}

/* r = r mod m, for r below 2m */
static void reduce_once(uint64_t r[LIMBS], const struct field *f)
{
    if (!field_is_reduced(r, f)) subtract(r, r, f->modulus);
}

/* The point of a key in one of the three forms that have 33 bytes. */
static bool load_point(struct fp *x, struct fp *y, const uint8_t public_key[33])
{
    uint64_t plain[LIMBS], one[LIMBS], other[LIMBS];
    const uint8_t form = public_key[0];
    if (form != 2 && form != 3 && form != 5) return false;
    load(plain, public_key + 1);
    if (!fp_from_plain(x, plain) || !p256_solve_for_y(y, x)) return false;
    fp_to_plain(one, y);
    subtract(other, p256_coordinates.modulus, one); /* y is not 0: no point of P-256 has order 2 */
    const bool take_other = form == 5 ? is_less(other, one) : (one[0] & 1) != (form & 1);
    if (take_other) fp_negate(y, y);
    return true;
}

bool p256_decompress(const uint8_t public_key[33], uint8_t point[64])
{
    struct fp x, y;
    uint64_t plain[LIMBS];
    if (!load_point(&x, &y, public_key)) return false;
    fp_to_plain(plain, &x);
    store(point, plain);
    fp_to_plain(plain, &y);
    store(point + 32, plain);
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

bool p256_verify(const uint8_t public_key[33], struct bytes prehash, const uint8_t signature[64])
{
    uint64_t r[LIMBS], s[LIMBS], z[LIMBS], u1[LIMBS], u2[LIMBS], sum[LIMBS];
    struct fp x, y;
    if (prehash.size < P256_MIN_PREHASH_SIZE) return false;
    if (!load_scalar(r, signature) || !load_scalar(s, signature + 32)) return false;
    if (!load_point(&x, &y, public_key)) return false;
    load_prehash(z, prehash);

    field_from_plain(s, s, &scalars);
    field_inverse(s, s, &scalars);
    field_multiply(u1, z, s, &scalars); /* a plain number times one in Montgomery form: plain */
    field_multiply(u2, r, s, &scalars);
    if (!p256_combine(sum, u1, u2, &x, &y)) return false;
    reduce_once(sum, &scalars);
    return memcmp(sum, r, sizeof sum) == 0;
}
