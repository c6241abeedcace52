/* Hashes, HMAC and HKDF against official vectors. */
#include "crypto/hmac.h"
#include "crypto/keccak.h"
#include "crypto/ripemd160.h"
#include "crypto/sha2.h"
#include "tests/vectors.h"

static void shake(unsigned rate, struct bytes input, uint8_t *out, size_t size)
{
    struct keccak k;
    keccak_init(&k, rate);
    keccak_absorb(&k, input);
    keccak_finish(&k, SHAKE_PADDING);
    keccak_squeeze(&k, out, size);
}

typedef void hash_function(struct bytes input, uint8_t *out);

static const struct {
    const char *name;
    hash_function *hash;
} hashes[] = {
    {"sha224", sha224},       {"sha256", sha256},       {"sha384", sha384},     {"sha512", sha512},
    {"keccak256", keccak256}, {"keccak512", keccak512}, {"sha3_256", sha3_256}, {"sha3_384", sha3_384},
    {"sha3_512", sha3_512},   {"ripemd160", ripemd160},
};

static bool run_hash(const char *name, struct bytes input, uint8_t *out, size_t size)
{
    if (strcmp(name, "shake128") == 0) shake(SHAKE128_RATE, input, out, size);
    else if (strcmp(name, "shake256") == 0) shake(SHAKE256_RATE, input, out, size);
    for (size_t i = 0; i < sizeof hashes / sizeof *hashes; i++) {
        if (strcmp(name, hashes[i].name) == 0) {
            hashes[i].hash(input, out);
            return true;
        }
    }
    return strncmp(name, "shake", 5) == 0;
}

static void test_messages(void)
{
    struct vectors v;
    unsigned count = 0;
    test_begin("hashes of messages");
    if (!vectors_open(&v, "tests/vectors/crypto/hashes.txt.xz")) return;
    while (vectors_next(&v)) {
        uint8_t digest[1024];
        struct bytes message = vectors_hex(&v, "msg", 0), md = vectors_hex(&v, "md", 1);
        if (!CHECK(md.size > 0 && md.size <= sizeof digest)) continue;
        CHECK(run_hash(vectors_text(&v, "hash"), message, digest, md.size));
        if (!CHECK(memcmp(digest, md.data, md.size) == 0)) printf("  %s\n", vectors_text(&v, "hash"));
        count++;
    }
    CHECK_EQUAL(count, 2247);
    vectors_close(&v);
}

/* The seed hashed a thousand times for each checkpoint. SHA-2 hashes the last three digests together (CAVP's SHAVS),
 * SHA-3 the last one (SHA3VS). */
static void monte_checkpoint(const char *name, uint8_t *seed, size_t size)
{
    uint8_t last[3 * 64];
    const bool three = strncmp(name, "sha3_", 5) != 0;
    for (size_t i = 0; i < 3; i++) memcpy(last + i * size, seed, size);
    for (int i = 0; i < 1000; i++) {
        uint8_t next[64];
        run_hash(name, bytes_of(last + (three ? 0 : 2 * size), three ? 3 * size : size), next, size);
        memmove(last, last + size, 2 * size);
        memcpy(last + 2 * size, next, size);
    }
    memcpy(seed, last + 2 * size, size);
}

static void test_monte(void)
{
    struct vectors v;
    unsigned count = 0;
    test_begin("Monte Carlo");
    if (!vectors_open(&v, "tests/vectors/crypto/monte.txt.xz")) return;
    while (vectors_next(&v)) {
        uint8_t seed[64];
        struct bytes start = vectors_hex(&v, "seed", 0);
        memcpy(seed, start.data, start.size);
        for (unsigned i = 0; i < 100; i++, count++) {
            const char *wanted = vectors_text_at(&v, "md", i);
            char got[129] = "";
            monte_checkpoint(vectors_text(&v, "hash"), seed, start.size);
            for (size_t j = 0; j < start.size; j++) snprintf(got + 2 * j, 3, "%02x", seed[j]);
            CHECK_TEXT(got, wanted);
        }
    }
    CHECK_EQUAL(count, 700);
    vectors_close(&v);
}

/* Any way to cut the input and output gives the same. */
static void test_pieces(void)
{
    uint8_t input[700], whole[64], parts[64], stream[1000], pieces[1000];
    test_begin("piece by piece");
    for (size_t i = 0; i < sizeof input; i++) input[i] = (uint8_t)(i * 7 + i / 256);
    for (size_t step = 1; step < 200; step += 3) {
        struct sha256 a;
        struct sha512 b;
        struct keccak k;
        sha256_init(&a);
        sha512_init(&b);
        keccak_init(&k, SHAKE128_RATE);
        for (size_t at = 0; at < sizeof input; at += step) {
            struct bytes piece = bytes_of(input + at, at + step < sizeof input ? step : sizeof input - at);
            sha256_update(&a, piece);
            sha512_update(&b, piece);
            keccak_absorb(&k, piece);
        }
        sha256_finish(&a, parts);
        sha256(bytes_of(input, sizeof input), whole);
        CHECK(memcmp(parts, whole, 32) == 0);
        sha512_finish(&b, parts);
        sha512(bytes_of(input, sizeof input), whole);
        CHECK(memcmp(parts, whole, 64) == 0);
        keccak_finish(&k, SHAKE_PADDING);
        for (size_t at = 0; at < sizeof pieces; at += step)
            keccak_squeeze(&k, pieces + at, at + step < sizeof pieces ? step : sizeof pieces - at);
        shake(SHAKE128_RATE, bytes_of(input, sizeof input), stream, sizeof stream);
        CHECK(memcmp(pieces, stream, sizeof stream) == 0);
    }
}

/* Whatever sha2.c chose on this machine, against BearSSL. */
static void test_sha256_reference(void)
{
    static uint8_t input[5000];
    test_begin("SHA-256: as chosen and BearSSL's");
    for (size_t i = 0; i < sizeof input; i++) input[i] = (uint8_t)(i * i * 31 + i / 7);
    for (size_t size = 0; size < sizeof input; size += size < 300 ? 1 : 61) {
        struct sha256 h;
        br_sha256_context reference;
        uint8_t got[32], wanted[32];
        sha256_init(&h);
        for (size_t at = 0, step = size % 97 + 1; at < size; at += step)
            sha256_update(&h, bytes_of(input + at, at + step < size ? step : size - at));
        sha256_finish(&h, got);
        br_sha256_init(&reference);
        br_sha256_update(&reference, input, size);
        br_sha256_out(&reference, wanted);
        CHECK(memcmp(got, wanted, 32) == 0);
        sha256_update(&h, bytes_of(input, 100)); /* going on after finish */
        sha256_finish(&h, got);
        br_sha256_update(&reference, input, 100);
        br_sha256_out(&reference, wanted);
        CHECK(memcmp(got, wanted, 32) == 0);
    }
}

static bool hash_by_name(const char *name, enum hash *hash)
{
    static const char *const names[] = {"sha224", "sha256", "sha384", "sha512"};
    for (unsigned i = 0; i < 4; i++) {
        if (strcmp(names[i], name) != 0) continue;
        *hash = (enum hash)i;
        return true;
    }
    return false;
}

static void test_hmac(void)
{
    struct vectors v;
    unsigned count = 0;
    test_begin("HMAC");
    if (!vectors_open(&v, "tests/vectors/crypto/hmac.txt.xz")) return;
    while (vectors_next(&v)) {
        uint8_t tag[HASH_MAX_SIZE];
        enum hash hash;
        struct bytes wanted = vectors_hex(&v, "tag", 2);
        if (!CHECK(hash_by_name(vectors_text(&v, "hash"), &hash))) continue;
        hmac(hash, vectors_hex(&v, "key", 0), vectors_hex(&v, "msg", 1), tag);
        bool equal = wanted.size <= hash_size(hash) && memcmp(tag, wanted.data, wanted.size) == 0;
        if (!CHECK(equal == vectors_valid(&v))) printf("  %s\n", vectors_text(&v, "source"));
        count++;
    }
    CHECK_EQUAL(count, 718);
    vectors_close(&v);
}

static void test_hkdf(void)
{
    struct vectors v;
    unsigned count = 0;
    test_begin("HKDF");
    if (!vectors_open(&v, "tests/vectors/crypto/hkdf.txt.xz")) return;
    while (vectors_next(&v)) {
        uint8_t out[255 * HASH_MAX_SIZE];
        enum hash hash;
        struct error e;
        size_t size = vectors_number(&v, "size");
        struct bytes wanted = vectors_hex(&v, "okm", 3);
        if (!CHECK(hash_by_name(vectors_text(&v, "hash"), &hash))) continue;
        enum status status = hkdf(hash, vectors_hex(&v, "salt", 0), vectors_hex(&v, "ikm", 1),
                                  vectors_hex(&v, "info", 2), out, size, &e);
        if (!vectors_valid(&v)) CHECK_EQUAL(status, STATUS_USAGE);
        else CHECK(status == STATUS_OK && wanted.size == size && memcmp(out, wanted.data, size) == 0);
        count++;
    }
    CHECK_EQUAL(count, 255);
    vectors_close(&v);
}

int main(void)
{
    test_messages();
    test_monte();
    test_pieces();
    test_sha256_reference();
    test_hmac();
    test_hkdf();
    return test_end();
}
