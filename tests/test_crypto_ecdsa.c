/* ECDSA on P-256 and P-384: Wycheproof's vectors, the examples of RFC 6979, and the borders of what is accepted. */
#include "base/hex.h"
#include "crypto/ecdsa.h"
#include "crypto/ecdsa_sign.h"
#include "crypto/sha2.h"
#include "tests/vectors.h"

static enum ecdsa_curve curve_named(const char *name)
{
    CHECK(strcmp(name, "P256") == 0 || strcmp(name, "P384") == 0);
    return strcmp(name, "P256") == 0 ? ECDSA_P256 : ECDSA_P384;
}

static void test_wycheproof(void)
{
    struct vectors v;
    unsigned count = 0;
    test_begin("ECDSA: Wycheproof");
    if (!vectors_open(&v, "tests/vectors/crypto/ecdsa.txt.xz")) return;
    while (vectors_next(&v)) {
        const enum ecdsa_curve curve = curve_named(vectors_text(&v, "curve"));
        const struct bytes key = vectors_hex(&v, "public_key", 0), hash = vectors_hex(&v, "hash", 1),
                           signature = vectors_hex(&v, "signature", 2);
        const bool der = strcmp(vectors_text(&v, "form"), "der") == 0;
        if (!CHECK(hash.size == ecdsa_size(curve))) continue;
        CHECK(ecdsa_public_key_valid(curve, key));
        const bool accepted = der ? ecdsa_verify_der(curve, key, hash.data, signature)
                                  : ecdsa_verify(curve, key, hash.data, signature);
        if (!CHECK(accepted == vectors_valid(&v))) printf("  %s\n", vectors_text(&v, "id"));
        count++;
    }
    CHECK(count > 1200);
    vectors_close(&v);
}

/* RFC 6979, A.2.5 and A.2.6: the message "sample". */
static const struct {
    const char *point, *signature;
} examples[] = {
    [ECDSA_P256] = {"60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
                    "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299",
                    "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
                    "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8"},
    [ECDSA_P384] = {"ec3a4e415b4e19a4568618029f427fa5da9a8bc4ae92e02e06aae5286b300c64def8f0ea9055866064a254515480bc13"
                    "8015d9b72d7d57244ea8ef9ac0c621896708a59367f9dfb9f54ca84b3f1c9db1288b231c3ae0d4fe7344fd2533264720",
                    "94edbb92a5ecb8aad4736e56c691916b3f88140666ce9fa73d64c4ea95ad133c81a648152e44acf96e36dd1e80fabe46"
                    "99ef4aeb15f178cea1fe40db2603138f130e740a19624526203b6351d0a3a94fa329c145786e679e7b82c71a38628ac8"},
};
static const char *const orders[] = {
    [ECDSA_P256] = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
    [ECDSA_P384] = "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973",
};
static const char *const primes[] = {
    [ECDSA_P256] = "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff",
    [ECDSA_P384] = "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffff",
};

static void from_hex(const char *text, uint8_t *out)
{
    for (size_t i = 0; text[2 * i]; i++)
        out[i] = (uint8_t)(hex_digit(text[2 * i]) << 4 | hex_digit(text[2 * i + 1]));
}

/* a - b, big-endian */
static void subtract(const uint8_t *a, const uint8_t *b, uint8_t *out, size_t size)
{
    int borrow = 0;
    for (size_t i = size; i-- > 0;) {
        const int d = a[i] - b[i] - borrow;
        borrow = d < 0;
        out[i] = (uint8_t)d;
    }
}

struct example {
    enum ecdsa_curve curve;
    size_t size;
    uint8_t point[96], signature[96], hash[48], order[48], prime[48];
};

static struct example example_of(enum ecdsa_curve curve)
{
    struct example x = {.curve = curve, .size = ecdsa_size(curve)};
    from_hex(examples[curve].point, x.point);
    from_hex(examples[curve].signature, x.signature);
    from_hex(orders[curve], x.order);
    from_hex(primes[curve], x.prime);
    if (curve == ECDSA_P256) sha256(bytes_of_string("sample"), x.hash);
    else sha384(bytes_of_string("sample"), x.hash);
    return x;
}

static bool verify(const struct example *x)
{
    return ecdsa_verify(x->curve, bytes_of(x->point, 2 * x->size), x->hash, bytes_of(x->signature, 2 * x->size));
}

static void test_numbers(enum ecdsa_curve curve)
{
    const struct example good = example_of(curve);
    const size_t n = good.size;
    test_begin(curve == ECDSA_P256 ? "ECDSA on P-256: numbers" : "ECDSA on P-384: numbers");
    CHECK(verify(&good));
    for (size_t half = 0; half < 2; half++) {
        struct example bad = good;
        memset(bad.signature + half * n, 0, n);
        CHECK(!verify(&bad));
        memcpy(bad.signature + half * n, good.order, n);
        CHECK(!verify(&bad));
        memset(bad.signature + half * n, 0xff, n);
        CHECK(!verify(&bad));
    }
    struct example other = good;
    subtract(good.order, good.signature + n, other.signature + n, n); /* (r, n - s) is as good */
    CHECK(memcmp(other.signature, good.signature, 2 * n) != 0);
    CHECK(verify(&other));
    subtract(good.order, good.signature, other.signature, n);
    CHECK(!verify(&other));
    for (size_t size = 0; size < 2 * n; size++)
        CHECK(!ecdsa_verify(curve, bytes_of(good.point, 2 * n), good.hash, bytes_of(good.signature, size)));
    for (size_t bit = 0; bit < 16 * n; bit += 7) {
        struct example bad = good;
        bad.signature[bit / 8] ^= (uint8_t)(1 << bit % 8);
        CHECK(!verify(&bad));
    }
    for (size_t bit = 0; bit < 8 * n; bit += 5) {
        struct example bad = good;
        bad.hash[bit / 8] ^= (uint8_t)(1 << bit % 8);
        CHECK(!verify(&bad));
    }
}

static void test_points(enum ecdsa_curve curve)
{
    struct example x = example_of(curve);
    const struct example good = x;
    const size_t n = x.size;
    test_begin(curve == ECDSA_P256 ? "ECDSA on P-256: points" : "ECDSA on P-384: points");
    CHECK(ecdsa_public_key_valid(curve, bytes_of(x.point, 2 * n)));
    CHECK(!ecdsa_public_key_valid(curve, bytes_of(x.point, 2 * n - 1)));
    CHECK(!ecdsa_public_key_valid(curve, bytes_of(NULL, 0)));
    subtract(x.prime, good.point + n, x.point + n, n); /* -Q is a point, but not the signer's */
    CHECK(ecdsa_public_key_valid(curve, bytes_of(x.point, 2 * n)));
    CHECK(!verify(&x));
    for (size_t bit = 0; bit < 16 * n; bit += 11) {
        x = good;
        x.point[bit / 8] ^= (uint8_t)(1 << bit % 8);
        CHECK(!ecdsa_public_key_valid(curve, bytes_of(x.point, 2 * n)));
        CHECK(!verify(&x));
    }
    memset(x.point, 0, sizeof x.point);
    CHECK(!ecdsa_public_key_valid(curve, bytes_of(x.point, 2 * n)));
    CHECK(!verify(&x));
    x = good;
    memcpy(x.point, x.prime, n); /* x is not below the modulus */
    CHECK(!ecdsa_public_key_valid(curve, bytes_of(x.point, 2 * n)));
}

/* Made by another implementation of the same standard: many keys and messages. */
static void test_signed(void)
{
    static const enum ecdsa_sign_curve curves[] = {[ECDSA_P256] = ECDSA_SIGN_P256, [ECDSA_P384] = ECDSA_SIGN_P384};
    static const enum hash hashes[] = {[ECDSA_P256] = HASH_SHA256, [ECDSA_P384] = HASH_SHA384};
    test_begin("ECDSA: signed here");
    for (unsigned k = 0; k < 24; k++) {
        const enum ecdsa_curve curve = k % 2 ? ECDSA_P384 : ECDSA_P256;
        const uint8_t seed[ECDSA_SIGN_SEED_SIZE] = {(uint8_t)k};
        const struct bytes message = bytes_of("signed here", k % 12);
        struct ecdsa_sign_key key;
        uint8_t signature[96], hash[48];
        ecdsa_sign_key_derive(curves[curve], seed, "test", &key);
        ecdsa_sign_message(&key, hashes[curve], message, signature);
        if (curve == ECDSA_P256) sha256(message, hash);
        else sha384(message, hash);
        const size_t n = ecdsa_size(curve);
        CHECK(ecdsa_verify(curve, bytes_of(key.point, 2 * n), hash, bytes_of(signature, 2 * n)));
        hash[k % n] ^= 1;
        CHECK(!ecdsa_verify(curve, bytes_of(key.point, 2 * n), hash, bytes_of(signature, 2 * n)));
    }
}

static void test_der(void)
{
    static const struct {
        const char *hex;
        bool ok;
    } forms[] = {
        {"3006020101020102", true},       {"3006020100020100", true}, /* DER, whatever the numbers are worth */
        {"300702020080020102", true},     {"", false},
        {"30", false},                    {"3000", false},
        {"3003020101", false},            {"300602010102010200", false},
        {"3007020101020102", false},      {"300702010102010200", false},
        {"308106020101020102", false},    {"3080020101020102", false},
        {"30070202000102 0102", false},   {"3006020181020102", false},
        {"30050200020102", false},        {"3106020101020102", false},
        {"3006030101020102", false},      {"30060281010102", false},
        {"300702810101020102", false},    {"3006020101020202", false},
    };
    test_begin("ECDSA: DER of signatures");
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        uint8_t der[32], raw[96];
        size_t size = 0;
        for (const char *p = forms[i].hex; *p; p++) {
            if (*p == ' ') continue;
            der[size++] = (uint8_t)(hex_digit(p[0]) << 4 | hex_digit(p[1]));
            p++;
        }
        if (!CHECK(ecdsa_signature_from_der(ECDSA_P384, bytes_of(der, size), raw) == forms[i].ok))
            printf("  %s\n", forms[i].hex);
    }
    /* 33 bytes with a sign byte fit P-256, without one they do not. */
    uint8_t der[64] = {0x30, 38, 0x02, 33, 0x00, 0x80}, raw[96];
    memcpy(der + 37, (const uint8_t[]){0x02, 0x01, 0x05}, 3);
    CHECK(ecdsa_signature_from_der(ECDSA_P256, bytes_of(der, 40), raw));
    CHECK(raw[0] == 0x80 && raw[63] == 5 && raw[32] == 0);
    der[4] = 1;
    CHECK(!ecdsa_signature_from_der(ECDSA_P256, bytes_of(der, 40), raw));
    CHECK(ecdsa_signature_from_der(ECDSA_P384, bytes_of(der, 40), raw));
}

int main(void)
{
    test_wycheproof();
    for (int curve = ECDSA_P256; curve <= ECDSA_P384; curve++) {
        test_numbers((enum ecdsa_curve)curve);
        test_points((enum ecdsa_curve)curve);
    }
    test_signed();
    test_der();
    return test_end();
}
