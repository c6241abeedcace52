/* RSASSA-PSS with SHA-384, MGF1 with SHA-384 and a salt of 48 bytes: Wycheproof's vectors, and what is refused. */
#include <stdlib.h>

#include "crypto/rsa_pss.h"
#include "crypto/rsa_pss_sign.h"
#include "crypto/sha2.h"
#include "tests/vectors.h"

static void test_wycheproof(void)
{
    struct vectors v;
    unsigned count = 0, valid = 0;
    test_begin("RSA-PSS: Wycheproof");
    if (!vectors_open(&v, "tests/vectors/crypto/rsa_pss.txt.xz")) return;
    while (vectors_next(&v)) {
        const struct bytes modulus = vectors_hex(&v, "modulus", 0), exponent = vectors_hex(&v, "exponent", 1),
                           hash = vectors_hex(&v, "hash", 2), signature = vectors_hex(&v, "signature", 3);
        if (!CHECK(hash.size == SHA384_SIZE)) continue;
        CHECK(rsa_public_key_valid(modulus, exponent));
        const bool accepted = rsa_pss_sha384_verify(modulus, exponent, hash.data, signature);
        if (!CHECK(accepted == vectors_valid(&v))) printf("  %s\n", vectors_text(&v, "id"));
        count++;
        valid += accepted;
    }
    CHECK(count > 100 && valid > 20 && valid < count);
    vectors_close(&v);
}

struct signer {
    struct rsa_sign_key key;
    uint8_t signature[RSA_SIGN_MAX_SIZE], hash[SHA384_SIZE];
    size_t size;
};
static const uint8_t exponent_bytes[] = {1, 0, 1};
static const struct bytes exponent = {exponent_bytes, sizeof exponent_bytes};

static bool verify(const struct signer *s)
{
    return rsa_pss_sha384_verify(rsa_sign_modulus(&s->key), exponent, s->hash, bytes_of(s->signature, s->size));
}

static const struct bytes message = {(const uint8_t *)"message", 7};

static bool sign(struct signer *s, struct rsa_pss_sign parameters)
{
    struct error e = {0};
    return CHECK(rsa_pss_sign(&s->key, &parameters, message, s->signature, &e) == STATUS_OK);
}

static void test_parameters(struct signer *s)
{
    struct error e = {0};
    test_begin("RSA-PSS: other parameters");
    const struct rsa_pss_sign good = RSA_PSS_SIGN_SHA384, bad[] = {
        {good.hash, good.mgf_hash, 32, 0xbc}, {good.hash, good.mgf_hash, 0, 0xbc}, {good.hash, good.mgf_hash, 49, 0xbc},
        {good.hash, &br_sha256_vtable, 48, 0xbc}, {&br_sha256_vtable, good.mgf_hash, 48, 0xbc},
        {&br_sha256_vtable, &br_sha256_vtable, 48, 0xbc}, {good.hash, good.mgf_hash, 48, 0xcc},
    };
    if (sign(s, good)) CHECK(verify(s));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (sign(s, bad[i])) CHECK(!verify(s));
    CHECK(rsa_pkcs1_sign(&s->key, &br_sha384_vtable, message, s->signature, &e) == STATUS_OK);
    CHECK(!verify(s));
}

static void test_changes(struct signer *s)
{
    test_begin("RSA-PSS: changed bits and sizes");
    if (!sign(s, RSA_PSS_SIGN_SHA384)) return;
    for (size_t bit = 0; bit < 8 * s->size; bit += 31) {
        s->signature[bit / 8] ^= (uint8_t)(1 << bit % 8);
        CHECK(!verify(s));
        s->signature[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    for (size_t bit = 0; bit < 8 * SHA384_SIZE; bit += 13) {
        s->hash[bit / 8] ^= (uint8_t)(1 << bit % 8);
        CHECK(!verify(s));
        s->hash[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    CHECK(verify(s));
    const size_t size = s->size;
    for (s->size = 0; s->size < size; s->size += s->size < 250 ? 25 : 1) CHECK(!verify(s));
    CHECK(s->size == size && verify(s));
    /* The signature as a number must be below the modulus. */
    memcpy(s->signature, rsa_sign_modulus(&s->key).data, size);
    CHECK(!verify(s));
    memset(s->signature, 0xff, size);
    CHECK(!verify(s));
    memset(s->signature, 0, size);
    CHECK(!verify(s));
}

static void test_keys(const struct signer *s)
{
    uint8_t modulus[RSA_SIGN_MAX_SIZE + 1];
    const struct bytes good = rsa_sign_modulus(&s->key);
    static const uint8_t exponents[] = {1, 2, 3, 4, 0, 0, 3, 0xff, 0xff, 0xff, 0xff, 1, 0, 0, 0, 1};
    test_begin("RSA-PSS: keys");
    memset(modulus, 0xff, sizeof modulus);
    CHECK(rsa_public_key_valid(good, exponent));
    CHECK(rsa_public_key_valid(bytes_of(modulus, 256), exponent) && rsa_public_key_valid(bytes_of(modulus, 512), exponent));
    CHECK(!rsa_public_key_valid(bytes_of(modulus, 255), exponent) && !rsa_public_key_valid(bytes_of(modulus, 513), exponent));
    CHECK(!rsa_public_key_valid(bytes_of(NULL, 0), exponent) && !rsa_public_key_valid(good, bytes_of(NULL, 0)));
    modulus[0] = 0x7f;
    CHECK(!rsa_public_key_valid(bytes_of(modulus, 256), exponent));
    modulus[0] = 0xff;
    modulus[255] = 0xfe;
    CHECK(!rsa_public_key_valid(bytes_of(modulus, 256), exponent));
    CHECK(!rsa_public_key_valid(good, bytes_of(exponents, 1)));     /* 1 */
    CHECK(!rsa_public_key_valid(good, bytes_of(exponents + 1, 1))); /* 2 */
    CHECK(rsa_public_key_valid(good, bytes_of(exponents + 2, 1)));  /* 3 */
    CHECK(!rsa_public_key_valid(good, bytes_of(exponents + 3, 1))); /* 4 */
    CHECK(!rsa_public_key_valid(good, bytes_of(exponents + 5, 2))); /* 00 03 */
    CHECK(rsa_public_key_valid(good, bytes_of(exponents + 7, 4)));  /* 2^32 - 1 */
    CHECK(!rsa_public_key_valid(good, bytes_of(exponents + 11, 5)));
    CHECK(!rsa_pss_sha384_verify(good, bytes_of(exponents, 1), s->hash, bytes_of(s->signature, s->size)));
}

int main(void)
{
    static struct signer s;
    static const uint8_t seed[32] = {7};
    struct error e = {0};
    test_wycheproof();
    test_begin("RSA-PSS: a key");
    s.size = 256;
    if (!CHECK(rsa_sign_key_derive(2048, seed, "test", &s.key, &e) == STATUS_OK)) return test_end();
    sha384(message, s.hash);
    test_parameters(&s);
    test_changes(&s);
    test_keys(&s);
    return test_end();
}
