/* The host functions' errors, and what may be known of their result before all inputs are read. */
#include "crypto/host_functions.h"
#include "tests/test.h"

static const uint8_t zeros[4000];

static struct bytes some(size_t size)
{
    return bytes_of(zeros, size);
}

static void check_error(const struct host_crypto_result *r, enum host_crypto_error error, const char *message)
{
    char text[300] = "";
    CHECK_EQUAL(r->error, error);
    if (r->message.size < sizeof text) memcpy(text, r->message.data, r->message.size);
    CHECK_TEXT(text, message);
    CHECK(!r->writes_register);
}

static void test_ecrecover(void)
{
    static const struct {
        size_t hash, signature;
        uint64_t v, flag;
        const char *message;
    } cases[] = {
        /* the signature's length comes first, then v, the hash, the flag */
        {31, 63, 4, 2, "The length of the signature: 63, exceeds the limit of 64 bytes"},
        {31, 64, 4, 2, "V recovery byte 0 through 3 are valid but was provided 4"},
        {31, 64, UINT64_MAX, 2, "V recovery byte 0 through 3 are valid but was provided 18446744073709551615"},
        {31, 64, 256, 2, "V recovery byte 0 through 3 are valid but was provided 256"},
        {31, 64, 3, 2, "The length of the hash: 31, exceeds the limit of 32 bytes"},
        {32, 64, 3, 2, "Malleability flag needs to be 0 or 1, but is instead 2"},
        {32, 64, 3, UINT64_MAX, "Malleability flag needs to be 0 or 1, but is instead 18446744073709551615"},
    };
    test_begin("ecrecover: errors");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct host_crypto_result r = {0}, early = {0};
        struct error e;
        CHECK_EQUAL(host_ecrecover(some(cases[i].hash), some(cases[i].signature), cases[i].v, cases[i].flag, &r, &e),
                    STATUS_OK);
        check_error(&r, HOST_CRYPTO_ECRECOVER, cases[i].message);
        const bool go_on = host_check_ecrecover_signature(some(cases[i].signature), cases[i].v, &early);
        CHECK(go_on == (i >= 4));
        if (!go_on) check_error(&early, HOST_CRYPTO_ECRECOVER, cases[i].message);
        host_crypto_result_free(&r);
        host_crypto_result_free(&early);
    }
    struct host_crypto_result r = {0};
    struct error e;
    CHECK_EQUAL(host_ecrecover(some(32), some(64), 0, 0, &r, &e), STATUS_OK); /* r = s = 0 */
    CHECK(r.error == HOST_CRYPTO_NO_ERROR && r.ret == 0 && !r.writes_register);
    host_crypto_result_free(&r);
}

typedef enum status three_inputs(struct bytes a, struct bytes b, struct bytes c, struct host_crypto_result *r,
                                 struct error *e);

static void check_verify(three_inputs *function, size_t signature, size_t message, size_t key,
                         enum host_crypto_error error, const char *text)
{
    struct host_crypto_result r = {0};
    struct error e;
    CHECK_EQUAL(function(some(signature), some(message), some(key), &r, &e), STATUS_OK);
    check_error(&r, error, text);
    CHECK_EQUAL(r.ret, 0);
    host_crypto_result_free(&r);
}

static void test_lengths(void)
{
    test_begin("signatures: wrong lengths");
    for (size_t n = 0; n < 200; n++) {
        if (n != 64) check_verify(host_ed25519_verify, n, 3, 1, HOST_CRYPTO_ED25519_VERIFY, "invalid signature length");
        if (n != 32)
            check_verify(host_ed25519_verify, 64, 3, n, HOST_CRYPTO_ED25519_VERIFY, "invalid public key length");
        if (n != 64) check_verify(host_p256_verify, n, 32, 33, HOST_CRYPTO_P256_VERIFY, "invalid signature length");
    }
    check_verify(host_ml_dsa_verify, 3308, 3, 1951, HOST_CRYPTO_ML_DSA_VERIFY,
                 "invalid signature length: expected the input of 3309 bytes, but 3308 was given");
    check_verify(host_ml_dsa_verify, 3309, 3, 1953, HOST_CRYPTO_ML_DSA_VERIFY,
                 "invalid key length: expected the input of 1952 bytes, but 1953 was given");
    check_verify(host_ml_dsa_verify, 0, 0, 0, HOST_CRYPTO_ML_DSA_VERIFY,
                 "invalid signature length: expected the input of 3309 bytes, but 0 was given");
}

/* A signature that cannot be right ends the call before the key is looked at, however wrong that is. */
static void test_order(void)
{
    uint8_t signature[64] = {0};
    struct host_crypto_result r = {0};
    struct error e;
    test_begin("signatures: what settles a call early");
    signature[63] = 0x20;
    CHECK(!host_check_ed25519_signature(bytes_of(signature, 64), &r));
    CHECK_EQUAL(host_ed25519_verify(bytes_of(signature, 64), some(0), some(5), &r, &e), STATUS_OK);
    CHECK(r.error == HOST_CRYPTO_NO_ERROR && r.ret == 0);
    signature[63] = 0x1f; /* not below L either, but that is found out later */
    CHECK(host_check_ed25519_signature(bytes_of(signature, 64), &r));
    CHECK_EQUAL(host_ed25519_verify(bytes_of(signature, 64), some(0), some(32), &r, &e), STATUS_OK);
    CHECK(r.error == HOST_CRYPTO_NO_ERROR && r.ret == 0);

    CHECK(!host_check_p256_signature(some(64), &r));
    CHECK_EQUAL(host_p256_verify(some(64), some(0), some(5), &r, &e), STATUS_OK);
    CHECK(r.error == HOST_CRYPTO_NO_ERROR && r.ret == 0);
    signature[31] = 1;
    CHECK(host_check_p256_signature(bytes_of(signature, 64), &r));
    CHECK_EQUAL(host_p256_verify(bytes_of(signature, 64), some(0), some(5), &r, &e), STATUS_OK);
    check_error(&r, HOST_CRYPTO_P256_VERIFY, "invalid public key length");
    host_crypto_result_free(&r);
}

static void test_names(void)
{
    test_begin("names of errors");
    CHECK(host_crypto_error_name(HOST_CRYPTO_NO_ERROR) == NULL);
    CHECK(host_crypto_error_prefix(HOST_CRYPTO_NO_ERROR) == NULL);
    CHECK_TEXT(host_crypto_error_name(HOST_CRYPTO_ECRECOVER), "ECRecoverError");
    CHECK_TEXT(host_crypto_error_prefix(HOST_CRYPTO_ECRECOVER), "ECDSA recover error: ");
    CHECK_TEXT(host_crypto_error_name(HOST_CRYPTO_BLS12381), "BLS12381InvalidInput");
}

/* Curves: lengths, the messages of element errors, and what goes to the register. */
static void test_curves(void)
{
    struct host_crypto_result r = {0};
    struct error e;
    test_begin("curves");
    CHECK_EQUAL(host_alt_bn128_g1_sum(some(64), &r, &e), STATUS_OK);
    check_error(&r, HOST_CRYPTO_ALT_BN128, "slice of size 64 cannot be precisely split into chunks of size 65");
    host_crypto_result_free(&r);
    CHECK_EQUAL(host_bls12381_g1_multiexp(some(1), false, &r, &e), STATUS_OK);
    check_error(&r, HOST_CRYPTO_BLS12381, "Incorrect input length for bls12381_p1_multiexp: 1 is not divisible by 128");
    host_crypto_result_free(&r);
    CHECK_EQUAL(host_alt_bn128_g1_sum(some(0), &r, &e), STATUS_OK);
    CHECK(r.error == HOST_CRYPTO_NO_ERROR && r.writes_register && r.out.size == 64);
    host_crypto_result_free(&r);
    CHECK_EQUAL(host_bls12381_map_fp_to_g1(some(0), false, &r, &e), STATUS_OK);
    CHECK(r.error == HOST_CRYPTO_NO_ERROR && r.writes_register && r.out.size == 0 && r.ret == 0);
    host_crypto_result_free(&r);
    CHECK_EQUAL(host_bls12381_p1_sum(some(97), false, &r, &e), STATUS_OK); /* zeros are no point */
    CHECK(r.error == HOST_CRYPTO_NO_ERROR && !r.writes_register && r.out.size == 0 && r.ret == 1);
    host_crypto_result_free(&r);
    CHECK_EQUAL(host_alt_bn128_pairing_check(some(192), &r, &e), STATUS_OK); /* e(0, 0) = 1 */
    CHECK(r.error == HOST_CRYPTO_NO_ERROR && !r.writes_register && r.ret == 1);
    host_crypto_result_free(&r);
}

int main(void)
{
    test_ecrecover();
    test_lengths();
    test_order();
    test_names();
    test_curves();
    return test_end();
}
