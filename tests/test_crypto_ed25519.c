/* The parts of ed25519: the field, with and without a 128-bit type, the scalars, the points. */
#define WIDE_PORTABLE
#define fe25519_from_bytes portable_from_bytes
#define fe25519_to_bytes portable_to_bytes
#define fe25519_multiply portable_multiply
#define fe25519_square portable_square
#define fe25519_invert portable_invert
#define fe25519_power_p58 portable_power_p58
#define fe25519_equal portable_equal
#define fe25519_is_negative portable_is_negative
#include "crypto/fe25519.c"
#undef fe25519_to_bytes
#undef fe25519_multiply
#undef fe25519_square
#undef fe25519_invert

#include "crypto/ed25519.h"
#include "crypto/edwards25519.h"
#include "crypto/scalar25519.h"
#include "tests/test.h"

void fe25519_to_bytes(uint8_t bytes[32], const struct fe25519 *a);
void fe25519_multiply(struct fe25519 *r, const struct fe25519 *a, const struct fe25519 *b);
void fe25519_square(struct fe25519 *r, const struct fe25519 *a);
void fe25519_invert(struct fe25519 *r, const struct fe25519 *a);

static uint64_t random_state = 1;

static uint64_t random_u64(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state;
}

/* Limbs at random, at their largest (loose) or at zero. */
static struct fe25519 random_element(void)
{
    const uint64_t largest = ((uint64_t)1 << 54) - 1;
    struct fe25519 a;
    for (int i = 0; i < 5; i++) {
        const unsigned kind = random_u64() % 8;
        a.v[i] = kind == 0 ? 0 : kind == 1 ? largest : kind == 2 ? FE25519_MASK : random_u64() & largest;
    }
    return a;
}

static bool same_number(const struct fe25519 *a, const struct fe25519 *b)
{
    uint8_t x[32], y[32];
    fe25519_to_bytes(x, a);
    portable_to_bytes(y, b);
    return memcmp(x, y, 32) == 0;
}

static void test_field(void)
{
    test_begin("field: with and without 128-bit numbers");
    for (int i = 0; i < 20000; i++) {
        struct fe25519 a = random_element(), b = random_element(), r, s, t;
        fe25519_multiply(&r, &a, &b);
        portable_multiply(&s, &a, &b);
        CHECK(memcmp(&r, &s, sizeof r) == 0);
        fe25519_multiply(&t, &b, &a);
        CHECK(same_number(&r, &t));
        fe25519_square(&r, &a);
        portable_square(&s, &a);
        CHECK(memcmp(&r, &s, sizeof r) == 0);
        fe25519_multiply(&t, &a, &a);
        CHECK(same_number(&t, &s));
        for (int j = 0; j < 5; j++) CHECK(r.v[j] < ((uint64_t)1 << 51) + (1 << 13));
        if (i % 100) continue;
        const struct fe25519 one = FE25519_ONE;
        uint8_t bytes[32] = {0};
        fe25519_to_bytes(bytes, &a);
        fe25519_invert(&r, &a);
        fe25519_multiply(&t, &r, &a);
        bool zero = true;
        for (int j = 0; j < 32; j++) zero &= bytes[j] == 0;
        CHECK(zero || same_number(&t, &one));
    }
}

/* p - 1, p, p + 1, 2^255 - 1 in their canonical forms, bit 255 ignored. */
static void test_canonical(void)
{
    test_begin("field: canonical form");
    for (int low = 0xec; low <= 0xff; low++) {
        uint8_t bytes[32], out[32], wanted[32] = {0};
        struct fe25519 a;
        memset(bytes, 0xff, sizeof bytes);
        bytes[0] = (uint8_t)low;
        fe25519_from_bytes(&a, bytes);
        fe25519_to_bytes(out, &a);
        if (low == 0xec) {
            memcpy(wanted, bytes, 32);
            wanted[31] = 0x7f;
        } else {
            wanted[0] = (uint8_t)(low - 0xed);
        }
        CHECK(memcmp(out, wanted, 32) == 0);
    }
}

static const uint8_t order[32] = {0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7,
                                  0xa2, 0xde, 0xf9, 0xde, 0x14, 0,    0,    0,    0,    0,    0,
                                  0,    0,    0,    0,    0,    0,    0,    0,    0,    0x10};

/* Slow and plain: one bit after the other, from the top. */
static void reduce_bitwise(uint8_t r[32], const uint8_t a[64])
{
    memset(r, 0, 32);
    for (int i = 511; i >= 0; i--) {
        unsigned carry = a[i / 8] >> i % 8 & 1;
        for (int j = 0; j < 32; j++) {
            carry |= (unsigned)r[j] << 1;
            r[j] = (uint8_t)carry;
            carry >>= 8;
        }
        if (scalar25519_is_canonical(r)) continue;
        int borrow = 0;
        for (int j = 0; j < 32; j++) {
            int difference = r[j] - order[j] - borrow;
            borrow = difference < 0;
            r[j] = (uint8_t)difference;
        }
    }
}

static void test_scalars(void)
{
    uint8_t s[32], wide_number[64], got[32], wanted[32];
    test_begin("scalars");
    memcpy(s, order, 32);
    CHECK(!scalar25519_is_canonical(s));
    s[0]--;
    CHECK(scalar25519_is_canonical(s));
    s[0] += 2;
    CHECK(!scalar25519_is_canonical(s));
    for (int i = 0; i < 3000; i++) {
        for (int j = 0; j < 64; j++) wide_number[j] = (uint8_t)(i == 0 ? 0xff : i == 1 ? 0 : random_u64());
        if (i % 5 == 4) memset(wide_number + 32, 0, 32);
        if (i % 7 == 6) memcpy(wide_number + 20, order, 32);
        scalar25519_reduce(got, wide_number);
        reduce_bitwise(wanted, wide_number);
        CHECK(memcmp(got, wanted, 32) == 0 && scalar25519_is_canonical(got));
    }
    for (int i = 0; i < 500; i++) { /* (a b + c) - distributes over c = a d: a (b + d) by two ways */
        uint8_t a[32], b[32], c[32], one[32] = {1}, sum[32], left[32], right[32], zero[32] = {0};
        uint8_t *const numbers[3] = {a, b, c};
        for (int k = 0; k < 3; k++) {
            for (int j = 0; j < 64; j++) wide_number[j] = (uint8_t)random_u64();
            scalar25519_reduce(numbers[k], wide_number);
        }
        scalar25519_multiply_add(sum, b, one, c);
        scalar25519_multiply_add(left, a, sum, zero);
        scalar25519_multiply_add(right, a, c, zero);
        scalar25519_multiply_add(right, a, b, right);
        CHECK(memcmp(left, right, 32) == 0);
    }
}

/* The constant-time and the variable-time product by B agree, for borders and at random. */
static void test_base_products(void)
{
    struct edwards25519 p, q, any;
    test_begin("multiples of the base point");
    uint8_t scalar[32], zero[32] = {0}, x[32], y[32], wide_number[64], base[32];
    memset(base, 0x66, sizeof base);
    base[0] = 0x58;
    CHECK(edwards25519_from_bytes(&any, base));
    for (int i = 0; i < 300; i++) {
        for (int j = 0; j < 64; j++) wide_number[j] = (uint8_t)random_u64();
        scalar25519_reduce(scalar, wide_number);
        if (i < 40) {
            memset(scalar, 0, sizeof scalar);
            scalar[0] = (uint8_t)i;
        } else if (i < 80) {
            memcpy(scalar, order, sizeof scalar);
            scalar[0] = (uint8_t)(scalar[0] - (i - 39));
        }
        edwards25519_multiply_base(&p, scalar);
        edwards25519_to_bytes(x, &p);
        edwards25519_double_multiply(&q, scalar, zero, &any);
        edwards25519_to_bytes(y, &q);
        CHECK(memcmp(x, y, 32) == 0);
        if (i == 1) CHECK(memcmp(x, base, 32) == 0);
        /* s B - s B = 0 */
        edwards25519_double_multiply(&q, scalar, scalar, &any);
        edwards25519_to_bytes(y, &q);
        const uint8_t neutral[32] = {1};
        CHECK(memcmp(y, neutral, 32) == 0);
    }
}

static void test_signing_in_place(void)
{
    struct ed25519_key key;
    uint8_t seed[32] = {7}, both[64], message[64], signature[64];
    test_begin("signature over the message");
    for (int i = 0; i < 64; i++) both[i] = message[i] = (uint8_t)i;
    ed25519_key_from_seed(&key, seed);
    ed25519_sign(&key, bytes_of(message, 64), signature);
    ed25519_sign(&key, bytes_of(both, 64), both);
    CHECK(memcmp(both, signature, 64) == 0);
    CHECK(ed25519_public_key_valid(key.public_key));
    ed25519_key_wipe(&key);
    for (size_t i = 0; i < sizeof key; i++) CHECK(((const uint8_t *)&key)[i] == 0);
}

int main(void)
{
    test_field();
    test_canonical();
    test_scalars();
    test_base_products();
    test_signing_in_place();
    return test_end();
}
