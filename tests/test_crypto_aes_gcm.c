/* AES-256-GCM: vectors of the specification and of NIST's validation suite, both engines, every bit changed. P-256 ECDH:
 * vectors of NIST's validation suite and of RFC 5903. */
#include <stdlib.h>

#include "base/hex.h"
#include "crypto/aes_gcm.h"
#include "crypto/ecdh.h"
#include "crypto/wipe.h"
#include "tests/test.h"

struct vector {
    const char *key, *nonce, *associated, *plain, *cipher, *tag;
};

#define PLAIN_15 \
    "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657" \
    "ba637b39"
#define CIPHER_15 \
    "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0a" \
    "bcc9f662"

static const struct vector vectors[] = {
    /* McGrew and Viega, The Galois/Counter Mode of Operation, test cases 13 to 16 */
    {"0000000000000000000000000000000000000000000000000000000000000000", "000000000000000000000000", "", "", "",
     "530f8afbc74536b9a963b4f1c4cb738b"},
    {"0000000000000000000000000000000000000000000000000000000000000000", "000000000000000000000000", "",
     "00000000000000000000000000000000", "cea7403d4d606b6e074ec5d3baf39d18", "d0d1c8a799996bf0265b98b5d48ab919"},
    {"feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888", "",
     PLAIN_15 "1aafd255", CIPHER_15 "898015ad", "b094dac5d93471bdec1a502270e3cc6c"},
    {"feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888",
     "feedfacedeadbeeffeedfacedeadbeefabaddad2", PLAIN_15, CIPHER_15, "76fc6ece0f4e1768cddf8853bb2d551b"},
    /* CAVP, gcmEncryptExtIV256 */
    {"b52c505a37d78eda5dd34f20c22540ea1b58963cf8e5bf8ffa85f9f2492505b4", "516c33929df5a3284ff463d7", "", "", "",
     "bdc1ac884d332457a1d2664f168c76f0"},
    {"31bdadd96698c204aa9ce1448ea94ae1fb4a9a0b3c9d773b51bb1822666b8f22", "0d18e06c7c725ac9e362e1ce", "",
     "2db5168e932556f8089a0622981d017d", "fa4362189661d163fcd6a56d8bf0405a", "d636ac1bbedd5cc3ee727dc2ab4a9489"},
};

static struct buffer unhex(const char *text)
{
    struct buffer b = {0};
    buffer_reserve(&b, 1);
    CHECK(hex_decode(bytes_of_string(text), &b));
    return b;
}

static struct bytes view(const struct buffer *b)
{
    return bytes_of(b->data, b->size);
}

static void check_vector(const struct vector *v, enum aes_gcm_engine engine)
{
    struct buffer key = unhex(v->key), nonce = unhex(v->nonce), associated = unhex(v->associated);
    struct buffer plain = unhex(v->plain), cipher = unhex(v->cipher), tag = unhex(v->tag);
    uint8_t out[128], made[AES_GCM_TAG_SIZE];
    aes_gcm_encrypt(engine, key.data, nonce.data, view(&associated), view(&plain), out, made);
    CHECK(memcmp(out, cipher.data, cipher.size) == 0 && memcmp(made, tag.data, tag.size) == 0);
    CHECK(aes_gcm_decrypt(engine, key.data, nonce.data, view(&associated), view(&cipher), tag.data, out));
    CHECK(memcmp(out, plain.data, plain.size) == 0);
    /* in place */
    memcpy(out, plain.data, plain.size);
    aes_gcm_encrypt(engine, key.data, nonce.data, view(&associated), bytes_of(out, plain.size), out, made);
    CHECK(memcmp(out, cipher.data, cipher.size) == 0 && memcmp(made, tag.data, tag.size) == 0);
    CHECK(aes_gcm_decrypt(engine, key.data, nonce.data, view(&associated), bytes_of(out, plain.size), made, out));
    CHECK(memcmp(out, plain.data, plain.size) == 0);
    buffer_free(&key), buffer_free(&nonce), buffer_free(&associated);
    buffer_free(&plain), buffer_free(&cipher), buffer_free(&tag);
}

/* Every single bit of everything. */
static void changed(enum aes_gcm_engine engine)
{
    struct { uint8_t key[32], nonce[12], associated[20], cipher[37], tag[16]; } m = {.key = {1}, .nonce = {2}}, c;
    uint8_t plain[37], out[37];
    for (unsigned i = 0; i < sizeof plain; i++) plain[i] = (uint8_t)(i + 1);
    aes_gcm_encrypt(engine, m.key, m.nonce, bytes_of(m.associated, 20), bytes_of(plain, 37), m.cipher, m.tag);
    for (size_t i = 0; i < 8 * sizeof m; i++) {
        c = m;
        ((uint8_t *)&c)[i / 8] ^= (uint8_t)(1 << i % 8);
        memset(out, 0xaa, sizeof out);
        CHECK(!aes_gcm_decrypt(engine, c.key, c.nonce, bytes_of(c.associated, 20), bytes_of(c.cipher, 37), c.tag, out));
        unsigned left = 0;
        for (unsigned k = 0; k < sizeof out; k++) left |= out[k];
        CHECK(left == 0); /* nothing of the message comes out */
    }
    CHECK(aes_gcm_decrypt(engine, m.key, m.nonce, bytes_of(m.associated, 20), bytes_of(m.cipher, 37), m.tag, out));
    CHECK(memcmp(out, plain, sizeof out) == 0);
    /* neither may move between associated data and message */
    CHECK(!aes_gcm_decrypt(engine, m.key, m.nonce, bytes_of(m.associated, 19), bytes_of(m.cipher, 37), m.tag, out));
    CHECK(!aes_gcm_decrypt(engine, m.key, m.nonce, bytes_of(m.associated, 20), bytes_of(m.cipher, 36), m.tag, out));
}

static void engines(void)
{
    test_begin("both engines give the same");
    static uint8_t plain[5000], a[5000], b[5000];
    uint8_t key[32], nonce[12], tag_a[16], tag_b[16];
    srand(7);
    for (size_t size = 0; size < sizeof plain; size += 1 + size / 7) {
        for (size_t i = 0; i < size; i++) plain[i] = (uint8_t)rand();
        for (int i = 0; i < 32; i++) key[i] = (uint8_t)rand();
        for (int i = 0; i < 12; i++) nonce[i] = (uint8_t)rand();
        const struct bytes associated = bytes_of(plain, size / 3);
        aes_gcm_encrypt(AES_GCM_FASTEST, key, nonce, associated, bytes_of(plain, size), a, tag_a);
        aes_gcm_encrypt(AES_GCM_PORTABLE, key, nonce, associated, bytes_of(plain, size), b, tag_b);
        CHECK(memcmp(a, b, size) == 0 && memcmp(tag_a, tag_b, 16) == 0);
        CHECK(aes_gcm_decrypt(AES_GCM_PORTABLE, key, nonce, associated, bytes_of(a, size), tag_a, a));
        CHECK(memcmp(a, plain, size) == 0);
    }
}

static void wiping(void)
{
    test_begin("wiping");
    uint8_t secret[5] = {1, 2, 3, 4, 5};
    wipe(secret + 1, 3);
    CHECK(secret[0] == 1 && secret[1] == 0 && secret[2] == 0 && secret[3] == 0 && secret[4] == 5);
    wipe(NULL, 0);
}

/* ---- ECDH ----------------------------------------------------------------------------------------------------------- */

static const struct {
    const char *secret, *point, *other, *shared;
} ecdh_vectors[] = {
    /* CAVP, KAS ECC CDH primitive, P-256, 0 */
    {"7d7dc5f71eb29ddaf80d6214632eeae03d9058af1fb6d22ed80badb62bc1a534",
     "04ead218590119e8876b29146ff89ca61770c4edbbf97d38ce385ed281d8a6b23028af61281fd35e2fa7002523acc85a429cb06ee6648325389f5"
     "9edfce1405141",
     "04700c48f77f56584c5cc632ca65640db91b6bacce3a4df6b42ce7cc838833d287db71e509e3fd9b060ddb20ba5c51dcc5948d46fbf640dfe0441"
     "782cab85fa4ac",
     "46fc62106420ff012e54a434fbdd2d25ccc5852060561e68040dd7778997bd7b"},
    /* RFC 5903, section 8.1 */
    {"c88f01f510d9ac3f70a292daa2316de544e9aab8afe84049c62a9c57862d1433",
     "04dad0b65394221cf9b051e1feca5787d098dfe637fc90b9ef945d0c37725811805271a0461cdb8252d61f1c456fa3e59ab1f45b33accf5f58389"
     "e0577b8990bb3",
     "04d12dfb5289c8d4f81208b70270398c342296970a0bccb74c736fc7554494bf6356fbf3ca366cc23e8157854c13c58d6aac23f046ada30f8353e7"
     "4f33039872ab",
     "d6840f6b42f6edafd13116e0e12565202fef8e9ece7dce03812464d04b9442de"},
};

static void ecdh(void)
{
    test_begin("ECDH on P-256");
    for (unsigned i = 0; i < sizeof ecdh_vectors / sizeof *ecdh_vectors; i++) {
        struct buffer secret = unhex(ecdh_vectors[i].secret), point = unhex(ecdh_vectors[i].point);
        struct buffer other = unhex(ecdh_vectors[i].other), shared = unhex(ecdh_vectors[i].shared);
        uint8_t own[ECDH_POINT_SIZE], out[ECDH_SHARED_SIZE];
        CHECK(point.size == ECDH_POINT_SIZE && other.size == ECDH_POINT_SIZE && ecdh_secret_valid(secret.data));
        ecdh_public(secret.data, own);
        CHECK(memcmp(own, point.data, sizeof own) == 0);
        CHECK(ecdh_shared(secret.data, other.data, out) && memcmp(out, shared.data, sizeof out) == 0);
        /* no bit of the other's point can change without leaving the curve or the common point */
        for (size_t bit = 0; bit < 8 * ECDH_POINT_SIZE; bit++) {
            other.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
            CHECK(!ecdh_shared(secret.data, other.data, out) && out[0] == 0 && out[31] == 0);
            other.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
        }
        buffer_free(&secret), buffer_free(&point), buffer_free(&other), buffer_free(&shared);
    }
}

static void ecdh_range(void)
{
    test_begin("secrets are from 1 to n - 1");
    struct buffer n = unhex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
    uint8_t secret[32] = {0}, zeros[65] = {4}, out[32];
    CHECK(!ecdh_secret_valid(secret) && !ecdh_secret_valid(n.data));
    secret[31] = 1;
    CHECK(ecdh_secret_valid(secret));
    CHECK(!ecdh_shared(secret, zeros, out));
    secret[31] = 0, secret[0] = 0xff;
    CHECK(ecdh_secret_valid(secret));
    n.data[31]--;
    CHECK(ecdh_secret_valid(n.data));
    n.data[31] += 2;
    CHECK(!ecdh_secret_valid(n.data));
    memset(secret, 0xff, 32);
    CHECK(!ecdh_secret_valid(secret));
    buffer_free(&n);
}

int main(void)
{
    test_begin("AES-256-GCM vectors");
    for (unsigned i = 0; i < sizeof vectors / sizeof *vectors; i++) {
        check_vector(&vectors[i], AES_GCM_FASTEST);
        check_vector(&vectors[i], AES_GCM_PORTABLE);
    }
    test_begin("changed messages");
    changed(AES_GCM_FASTEST);
    changed(AES_GCM_PORTABLE);
    engines();
    wiping();
    ecdh();
    ecdh_range();
    return test_end();
}
