/* P-256's arithmetic against BearSSL's. */
#include <bearssl.h>

#include "crypto/p256.h"
#include "crypto/p256_curve.h"
#include "tests/test.h"

static const br_ec_impl *const bear = &br_ec_p256_m31;

static const uint8_t order[32] = {0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff,
                                  0xff, 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17,
                                  0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51};

static uint64_t random_state = 256;

static uint8_t random_byte(void)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (uint8_t)(random_state >> 56);
}

/* Big-endian, below the order: at random, or at the borders. */
static void random_scalar(uint8_t k[32], unsigned kind)
{
    if (kind % 5 == 4) {
        memcpy(k, order, 32);
        k[31] = (uint8_t)(k[31] - 1 - kind / 5 % 40);
    } else if (kind % 5 == 3) {
        memset(k, 0, 32);
        k[31] = (uint8_t)(1 + kind / 5);
    } else {
        do
            for (int i = 0; i < 32; i++) k[i] = random_byte();
        while (memcmp(k, order, 32) >= 0);
    }
}

static void to_words(uint64_t words[4], const uint8_t big_endian[32])
{
    memset(words, 0, 32);
    for (int i = 0; i < 32; i++) words[i / 8] |= (uint64_t)big_endian[31 - i] << i % 8 * 8;
}

static void to_field(struct fp *r, const uint8_t big_endian[32])
{
    uint64_t words[P256_LIMBS] = {0};
    to_words(words, big_endian);
    CHECK(fp_from_plain(r, words));
}

/* The x of u1 G + u2 Q, Q = 4 ‖ x ‖ y, as ours; false for infinity. */
static bool combine(uint8_t x[32], const uint8_t u1[32], const uint8_t u2[32], const uint8_t q[65])
{
    uint64_t k1[4], k2[4], plain[P256_LIMBS] = {0};
    struct fp qx, qy;
    to_words(k1, u1);
    to_words(k2, u2);
    to_field(&qx, q + 1);
    to_field(&qy, q + 33);
    if (!p256_combine(plain, k1, k2, &qx, &qy)) return false;
    for (int i = 0; i < 32; i++) x[31 - i] = (uint8_t)(plain[i / 8] >> i % 8 * 8);
    return true;
}

static void test_combine(void)
{
    test_begin("sums of two products");
    for (unsigned i = 0; i < 400; i++) {
        uint8_t d[32], u1[32], u2[32], q[65], sum[65], x[32] = {0};
        const uint8_t zero[32] = {0};
        random_scalar(d, i / 3);
        random_scalar(u1, i);
        random_scalar(u2, i / 7);
        CHECK_EQUAL(bear->mulgen(q, d, 32, BR_EC_secp256r1), 65);

        memcpy(sum, q, 65);
        bool finite = bear->muladd(sum, NULL, 65, u2, 32, u1, 32, BR_EC_secp256r1);
        CHECK(combine(x, u1, u2, q) == finite && (!finite || memcmp(x, sum + 1, 32) == 0));

        memcpy(sum, q, 65);
        CHECK(bear->mul(sum, 65, u2, 32, BR_EC_secp256r1));
        CHECK(combine(x, zero, u2, q) && memcmp(x, sum + 1, 32) == 0);

        CHECK_EQUAL(bear->mulgen(sum, u1, 32, BR_EC_secp256r1), 65);
        CHECK(combine(x, u1, zero, q) && memcmp(x, sum + 1, 32) == 0);
        CHECK(!combine(x, zero, zero, q));
        CHECK(!combine(x, order, order, q));
    }
}

/* u1 G = ±u2 Q: the sum is a double, or infinity. */
static void test_equal_and_opposite(void)
{
    test_begin("equal and opposite products");
    for (unsigned i = 0; i < 60; i++) {
        uint8_t d[32], q[65], twice[65], x[32], one[32] = {0}, minus_d[32];
        int borrow = 0;
        random_scalar(d, i);
        one[31] = 1;
        for (int j = 31; j >= 0; j--) {
            int difference = order[j] - d[j] - borrow;
            borrow = difference < 0;
            minus_d[j] = (uint8_t)difference;
        }
        CHECK_EQUAL(bear->mulgen(q, d, 32, BR_EC_secp256r1), 65);
        const uint8_t two[1] = {2};
        memcpy(twice, q, 65);
        CHECK(bear->mul(twice, 65, two, 1, BR_EC_secp256r1));
        CHECK(combine(x, d, one, q) && memcmp(x, twice + 1, 32) == 0);
        CHECK(!combine(x, minus_d, one, q));
    }
}

static void test_decompress(void)
{
    test_begin("decompression");
    for (unsigned i = 0; i < 300; i++) {
        uint8_t d[32], q[65], key[33], point[64];
        random_scalar(d, i);
        CHECK_EQUAL(bear->mulgen(q, d, 32, BR_EC_secp256r1), 65);
        key[0] = (uint8_t)(2 + (q[64] & 1));
        memcpy(key + 1, q + 1, 32);
        CHECK(p256_decompress(key, point) && memcmp(point, q + 1, 64) == 0);
        key[0] ^= 1;
        CHECK(p256_decompress(key, point) && memcmp(point, q + 1, 32) == 0 && memcmp(point + 32, q + 33, 32) != 0);
        for (unsigned form = 0; form < 256; form++) {
            key[0] = (uint8_t)form;
            CHECK(p256_decompress(key, point) == (form == 2 || form == 3 || form == 5));
        }
    }
}

int main(void)
{
    test_combine();
    test_equal_and_opposite();
    test_decompress();
    return test_end();
}
