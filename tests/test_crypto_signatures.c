/* ed25519, P-256, secp256k1 and ML-DSA-65 against official vectors. */
#include "crypto/ed25519.h"
#include "crypto/host_functions.h"
#include "crypto/ml_dsa.h"
#include "crypto/p256.h"
#include "crypto/secp256k1.h"
#include "tests/vectors.h"

static void test_ed25519_sign(void)
{
    struct vectors v;
    unsigned count = 0;
    test_begin("ed25519: RFC 8032 and sign.input");
    if (!vectors_open(&v, "tests/vectors/crypto/ed25519_sign.txt.xz")) return;
    while (vectors_next(&v)) {
        struct ed25519_key key;
        uint8_t signature[64];
        struct bytes seed = vectors_hex(&v, "seed", 0), public_key = vectors_hex(&v, "key", 1);
        struct bytes message = vectors_hex(&v, "msg", 2), wanted = vectors_hex(&v, "sig", 3);
        if (!CHECK(seed.size == 32 && public_key.size == 32 && wanted.size == 64)) continue;
        ed25519_key_from_seed(&key, seed.data);
        CHECK(memcmp(key.public_key, public_key.data, 32) == 0);
        ed25519_sign(&key, message, signature);
        CHECK(memcmp(signature, wanted.data, 64) == 0);
        CHECK(ed25519_verify(public_key.data, message, signature));
        signature[count % 64] ^= (uint8_t)(1 << count % 8);
        CHECK(!ed25519_verify(public_key.data, message, signature));
        count++;
    }
    CHECK_EQUAL(count, 253);
    vectors_close(&v);
}

/* As the host function sees them, so that wrong lengths count as refused, too. */
static bool host_accepts(enum status (*function)(struct bytes, struct bytes, struct bytes, struct host_crypto_result *,
                                                 struct error *),
                         struct bytes signature, struct bytes message, struct bytes key)
{
    struct host_crypto_result r = {0};
    struct error e = {0};
    CHECK_EQUAL(function(signature, message, key, &r, &e), STATUS_OK);
    bool accepted = r.error == HOST_CRYPTO_NO_ERROR && r.ret == 1;
    host_crypto_result_free(&r);
    return accepted;
}

static void test_ed25519_wycheproof(void)
{
    struct vectors v;
    unsigned count = 0;
    test_begin("ed25519: Wycheproof");
    if (!vectors_open(&v, "tests/vectors/crypto/ed25519_wycheproof.txt.xz")) return;
    while (vectors_next(&v)) {
        bool accepted = host_accepts(host_ed25519_verify, vectors_hex(&v, "sig", 0), vectors_hex(&v, "msg", 1),
                                     vectors_hex(&v, "key", 2));
        if (!CHECK(accepted == vectors_valid(&v))) printf("  case %s\n", vectors_text(&v, "id"));
        count++;
    }
    CHECK_EQUAL(count, 150);
    vectors_close(&v);
}

static void test_ed25519_taming(void)
{
    struct vectors v;
    unsigned count = 0;
    test_begin("ed25519: the twelve kinds of \"Taming the many EdDSAs\"");
    if (!vectors_open(&v, "tests/vectors/crypto/ed25519_taming.txt")) return;
    while (vectors_next(&v)) {
        struct bytes key = vectors_hex(&v, "key", 0), s = vectors_hex(&v, "sig", 2);
        if (!CHECK(key.size == 32 && s.size == 64)) continue;
        bool accepted = ed25519_verify(key.data, vectors_hex(&v, "msg", 1), s.data);
        if (!CHECK(accepted == vectors_valid(&v))) printf("  %s\n", vectors_text(&v, "kind"));
        count++;
    }
    CHECK_EQUAL(count, 12);
    vectors_close(&v);
}

static void test_p256(void)
{
    struct vectors v;
    unsigned count = 0;
    test_begin("P-256: NIST CAVP and Wycheproof");
    if (!vectors_open(&v, "tests/vectors/crypto/p256.txt.xz")) return;
    while (vectors_next(&v)) {
        bool accepted = host_accepts(host_p256_verify, vectors_hex(&v, "sig", 0), vectors_hex(&v, "prehash", 1),
                                     vectors_hex(&v, "key", 2));
        if (!CHECK(accepted == vectors_valid(&v))) printf("  %s\n", vectors_text(&v, "source"));
        count++;
    }
    CHECK_EQUAL(count, 634);
    vectors_close(&v);
}

static void test_ecrecover(void)
{
    struct vectors v;
    unsigned count = 0;
    test_begin("ecrecover: nearcore's cases");
    if (!vectors_open(&v, "tests/vectors/crypto/ecrecover.txt.xz")) return;
    while (vectors_next(&v)) {
        struct host_crypto_result r = {0};
        struct error e = {0};
        struct bytes key = vectors_hex(&v, "key", 2);
        CHECK_EQUAL(host_ecrecover(vectors_hex(&v, "hash", 0), vectors_hex(&v, "sig", 1), vectors_number(&v, "v"),
                                   vectors_number(&v, "malleability"), &r, &e),
                    STATUS_OK);
        CHECK_EQUAL(r.error, HOST_CRYPTO_NO_ERROR);
        CHECK_EQUAL(r.ret, key.size > 0);
        CHECK(r.writes_register == (key.size > 0) && bytes_equal(bytes_of(r.out.data, r.out.size), key));
        host_crypto_result_free(&r);
        count++;
    }
    CHECK_EQUAL(count, 161);
    vectors_close(&v);
}

/* Wycheproof's "valid" here includes an s in the upper half, which transactions may not have; and what it calls valid
 * must be recoverable with one of the recovery ids. */
static void test_secp256k1(void)
{
    struct vectors v;
    unsigned count = 0;
    test_begin("secp256k1: Wycheproof");
    if (!vectors_open(&v, "tests/vectors/crypto/secp256k1_wycheproof.txt.xz")) return;
    while (vectors_next(&v)) {
        uint8_t signature[65], recovered[64];
        struct bytes key = vectors_hex(&v, "key", 0), hash = vectors_hex(&v, "hash", 1), s = vectors_hex(&v, "sig", 2);
        if (!CHECK(key.size == 64 && hash.size == 32 && s.size == 64)) continue;
        memcpy(signature, s.data, 64);
        const bool low = secp256k1_signature_values_valid(signature, true);
        bool accepted = false, found = false;
        for (signature[64] = 0; signature[64] < 4; signature[64]++) {
            accepted = secp256k1_verify(key.data, hash.data, signature);
            if (secp256k1_recover_key(hash.data, signature, recovered))
                found |= memcmp(recovered, key.data, 64) == 0;
        }
        if (!CHECK(accepted == (vectors_valid(&v) && low))) printf("  case %s\n", vectors_text(&v, "id"));
        CHECK(found == vectors_valid(&v));
        CHECK(!secp256k1_verify(key.data, hash.data, signature)); /* recovery id 4 */
        CHECK(!secp256k1_recover_key(hash.data, signature, recovered));
        count++;
    }
    CHECK_EQUAL(count, 224);
    vectors_close(&v);
}

/* Known answers come with a context; ACVP's messages are M' already. */
static bool ml_dsa_accepts(struct vectors *v)
{
    uint8_t prefix[2 + 255];
    struct bytes key = vectors_hex(v, "key", 0), message = vectors_hex(v, "msg", 1), s = vectors_hex(v, "sig", 2);
    struct bytes context = vectors_hex(v, "context", 3);
    if (!CHECK(key.size == ML_DSA_65_PUBLIC_KEY_SIZE && s.size == ML_DSA_65_SIGNATURE_SIZE)) return false;
    prefix[0] = 0;
    prefix[1] = (uint8_t)context.size;
    if (context.size) memcpy(prefix + 2, context.data, context.size);
    const bool has_context = vectors_text_at(v, "context", 0) != NULL;
    const bool accepted =
        ml_dsa_65_verify_internal(key.data, bytes_of(prefix, has_context ? 2 + context.size : 0), message, s.data);
    if (has_context) CHECK((context.size == 0 && accepted) == ml_dsa_65_verify(key.data, message, s.data));
    return accepted;
}

static void test_ml_dsa(void)
{
    struct vectors v;
    unsigned count = 0;
    test_begin("ML-DSA-65: FIPS 204 known answers, NIST ACVP, nearcore");
    if (!vectors_open(&v, "tests/vectors/crypto/ml_dsa_65.txt.xz")) return;
    while (vectors_next(&v)) {
        if (!CHECK(ml_dsa_accepts(&v) == vectors_valid(&v))) printf("  %s\n", vectors_text(&v, "source"));
        count++;
    }
    CHECK_EQUAL(count, 41);
    vectors_close(&v);
}

/* Every bit of a valid signature counts. */
static void test_ml_dsa_bits(void)
{
    struct vectors v;
    test_begin("ML-DSA-65: no bit of a signature may change");
    if (!vectors_open(&v, "tests/vectors/crypto/ml_dsa_65.txt.xz")) return;
    while (vectors_next(&v) && strcmp(vectors_text(&v, "source"), "nearcore") != 0) continue;
    struct bytes key = vectors_hex(&v, "key", 0), message = vectors_hex(&v, "msg", 1), s = vectors_hex(&v, "sig", 2);
    uint8_t signature[ML_DSA_65_SIGNATURE_SIZE];
    if (!CHECK(s.size == sizeof signature && key.size == ML_DSA_65_PUBLIC_KEY_SIZE)) return;
    memcpy(signature, s.data, sizeof signature);
    CHECK(ml_dsa_65_verify(key.data, message, signature));
    for (size_t i = 0; i < sizeof signature; i += i < 3240 ? 13 : 1) {
        for (unsigned bit = 0; bit < 8; bit += 3) {
            signature[i] ^= (uint8_t)(1 << bit);
            CHECK(!ml_dsa_65_verify(key.data, message, signature));
            signature[i] ^= (uint8_t)(1 << bit);
        }
    }
    vectors_close(&v);
}

int main(void)
{
    test_ed25519_sign();
    test_ed25519_wycheproof();
    test_ed25519_taming();
    test_p256();
    test_ecrecover();
    test_secp256k1();
    test_ml_dsa();
    test_ml_dsa_bits();
    return test_end();
}
