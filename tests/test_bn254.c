/* crypto/bn254: vectors, rules and messages of the host functions, and the algebra beneath. */
#include "crypto/bn254.h"

#include "crypto/bn254_subgroup.h"
#include "crypto/fp12.h"
#include "tests/curve_vectors.h"

#define VECTORS "tests/vectors/crypto/bn254.txt.xz"

/* Generators of G1 and G2 (EIP-197), little-endian. */
static uint8_t generator_1[BN254_G1_SIZE] = {1, [32] = 2};
static const char generator_2_text[] =
    "edf692d95cbdde46ddda5ef7d422436779445c5e66006a42761e1f12efde0018"
    "c212f3aeb785e49712e7a9353349aaf1255dfb31b7bf60723a480d9293938e19"
    "aa7dfa6601cce64c7bd3430c69e7d1e38f40cb8d8071ab4aeb6d8cdba55ec812"
    "5b9722d1dcdaac55f38eb37033314bbc95330c69ad999eec75f05f58d0890609";

static void check_vector(const struct curve_vector *v)
{
    struct error e = {0};
    uint8_t out[BN254_G1_SIZE];
    bool is_one = false;
    if (strcmp(v->function, "alt_bn128_pairing_check") == 0) {
        CHECK(bn254_pairing_check(v->input, &is_one, &e) == STATUS_OK && is_one == (v->ret == 1));
    } else if (strcmp(v->function, "alt_bn128_g1_sum") == 0) {
        CHECK(bn254_g1_sum(v->input, out, &e) == STATUS_OK);
        CHECK(bytes_equal(bytes_of(out, sizeof out), v->output));
    } else if (CHECK(strcmp(v->function, "alt_bn128_g1_multiexp") == 0)) {
        CHECK(bn254_g1_multiexp(v->input, out, &e) == STATUS_OK);
        CHECK(bytes_equal(bytes_of(out, sizeof out), v->output));
    }
}

/* out = [k] point */
static void multiple(uint8_t out[BN254_G1_SIZE], const uint8_t point[BN254_G1_SIZE], const uint8_t k[32])
{
    uint8_t element[BN254_G1_MULTIEXP_ELEMENT_SIZE];
    memcpy(element, point, BN254_G1_SIZE);
    memcpy(element + BN254_G1_SIZE, k, BN254_SCALAR_SIZE);
    CHECK(bn254_g1_multiexp(bytes_of(element, sizeof element), out, NULL) == STATUS_OK);
}

static void random_scalar(struct test_random *random, uint8_t k[32])
{
    test_random_bytes(random, k, 32);
    k[31] &= 0x1f; /* below r */
}

static void random_g1(struct test_random *random, uint8_t out[BN254_G1_SIZE])
{
    uint8_t k[32];
    random_scalar(random, k);
    multiple(out, generator_1, k);
}

/* The message that the host functions give for an input, or "" if they take it. */
static const char *message_of(const char *function, struct bytes input, struct buffer *message)
{
    struct error e = {0};
    uint8_t out[BN254_G1_SIZE];
    memset(out, 0xa5, sizeof out);
    bool is_one = false;
    enum status status = STATUS_OK;
    size_t size = 0;
    if (strcmp(function, "sum") == 0) {
        status = bn254_g1_sum(input, out, &e);
        size = BN254_G1_SUM_ELEMENT_SIZE;
    } else if (strcmp(function, "multiexp") == 0) {
        status = bn254_g1_multiexp(input, out, &e);
        size = BN254_G1_MULTIEXP_ELEMENT_SIZE;
    } else {
        status = bn254_pairing_check(input, &is_one, &e);
        size = BN254_PAIRING_CHECK_ELEMENT_SIZE;
    }
    message->size = 0;
    if (status != STATUS_OK) {
        CHECK(e.status == status && e.code != 0);
        for (size_t i = 0; i < sizeof out; i++) CHECK(out[i] == 0xa5); /* untouched */
        bn254_error_message(&e, input, size, message);
    }
    buffer_append_byte(message, 0);
    return (const char *)message->data;
}

static void test_lengths(void)
{
    static const struct {
        const char *function;
        size_t element;
    } functions[] = {{"sum", 65}, {"multiexp", 96}, {"pairing", 192}};
    uint8_t zeros[800] = {0};
    struct buffer message = {0};
    for (unsigned f = 0; f < 3; f++) {
        for (size_t n = 0; n < sizeof zeros; n++) {
            const char *got = message_of(functions[f].function, bytes_of(zeros, n), &message);
            char expected[120] = "";
            if (n % functions[f].element != 0)
                snprintf(expected, sizeof expected, "slice of size %zu cannot be precisely split into chunks of size %zu",
                         n, functions[f].element);
            CHECK_TEXT(got, expected);
        }
    }
    buffer_free(&message);
}

#define FQ_P "[47, FD, 7C, D8, 16, 8C, 20, 3C, 8D, CA, 71, 68, 91, 6A, 81, 97, 5D, 58, 81, 81, B6, 45, 50, B8, 29, A0, " \
             "31, E1, 72, 4E, 64, 30]"
#define FR_R "[1, 0, 0, F0, 93, F5, E1, 43, 91, 70, B9, 79, 48, E8, 33, 28, 5D, 58, 81, 81, B6, 45, 50, B8, 29, A0, 31, " \
             "E1, 72, 4E, 64, 30]"

static void store_modulus(uint8_t *out, const struct field *f, int more)
{
    for (unsigned i = 0; i < 4; i++) store_le64(out + 8 * i, f->modulus[i]);
    out[0] = (uint8_t)(out[0] + more);
}

/* Each rule, alone and in the order in which they are checked. */
static void test_rules(void)
{
    struct buffer m = {0};
    uint8_t sum[65] = {0}, product[96] = {0}, pair[192] = {0};
    sum[0] = 2;
    CHECK_TEXT(message_of("sum", bytes_of(sum, 65), &m), "invalid bool: [2]");
    sum[0] = 255;
    sum[1] = 9; /* the bool comes first */
    CHECK_TEXT(message_of("sum", bytes_of(sum, 65), &m), "invalid bool: [FF]");
    sum[0] = 1;
    CHECK(strncmp(message_of("sum", bytes_of(sum, 65), &m), "invalid g1: [9, 0, 0,", 21) == 0);
    store_modulus(sum + 1, &bn254_fp, 0);
    CHECK_TEXT(message_of("sum", bytes_of(sum, 65), &m), "invalid fq: " FQ_P);
    store_modulus(sum + 1, &bn254_fp, -1);
    CHECK(strncmp(message_of("sum", bytes_of(sum, 65), &m), "invalid g1: [46, FD, ", 21) == 0);
    memset(sum + 1, 0, 32);
    store_modulus(sum + 33, &bn254_fp, 0);
    CHECK_TEXT(message_of("sum", bytes_of(sum, 65), &m), "invalid fq: " FQ_P);

    store_modulus(product + 64, &bn254_fr, 0);
    CHECK_TEXT(message_of("multiexp", bytes_of(product, 96), &m), "invalid fr: " FR_R);
    product[0] = 1; /* the point comes first */
    CHECK(strncmp(message_of("multiexp", bytes_of(product, 96), &m), "invalid g1: [1, 0, ", 19) == 0);
    product[32] = 2;
    store_modulus(product + 64, &bn254_fr, -1);
    CHECK_TEXT(message_of("multiexp", bytes_of(product, 96), &m), "");

    for (unsigned i = 0; i < 4; i++) { /* each coordinate of G2 */
        memset(pair, 0, sizeof pair);
        store_modulus(pair + 64 + 32 * i, &bn254_fp, 0);
        CHECK_TEXT(message_of("pairing", bytes_of(pair, 192), &m), "invalid fq: " FQ_P);
    }
    memset(pair, 0, sizeof pair);
    pair[64 + 96] = 0xab; /* not on the twist; a list of 128 numbers */
    CHECK(strncmp(message_of("pairing", bytes_of(pair, 192), &m), "invalid g2: [0, 0, ", 19) == 0);
    CHECK_EQUAL(strlen((char *)m.data), strlen("invalid g2: []") + 127 * 3 + 2);
    buffer_free(&m);
}

/* A root of a, through a root of its norm (p = 3 mod 4); false if there is none. */
static bool fp2_root(struct fp2 *r, const struct fp2 *a)
{
    uint64_t e[4];
    struct fp norm, s, t, x, two_x, square;
    memcpy(e, bn254_fp.modulus, sizeof e);
    e[0] += 1;
    for (unsigned i = 0; i < 4; i++) e[i] = e[i] >> 2 | (i < 3 ? e[i + 1] << 62 : 0);
    fp2_norm(&norm, a);
    field_power(s.limb, norm.limb, e, 4, &bn254_fp);
    fp_square(&square, &s);
    if (!fp_equal(&square, &norm)) return false;
    for (unsigned sign = 0; sign < 2; sign++, fp_negate(&s, &s)) {
        fp_add(&t, &a->c0, &s);
        fp_halve(&t, &t);
        field_power(x.limb, t.limb, e, 4, &bn254_fp);
        fp_square(&square, &x);
        if (!fp_equal(&square, &t) || fp_is_zero(&x)) continue;
        fp_double(&two_x, &x);
        fp_inverse(&two_x, &two_x);
        r->c0 = x;
        fp_multiply(&r->c1, &a->c1, &two_x);
        return true;
    }
    return false;
}

/* [r] p by doubling and adding */
static bool has_order_r(const struct g2_affine *p)
{
    struct g2 sum;
    g2_set_infinity(&sum);
    for (unsigned i = 256; i-- > 0;) {
        g2_double(&sum, &sum);
        if (bn254_fr.modulus[i / 64] >> i % 64 & 1) g2_add_affine(&sum, &sum, p);
    }
    return g2_is_infinity(&sum);
}

/* Random points of the twist, nearly all outside G2. */
static void test_subgroup(const uint8_t generator_2[BN254_G2_SIZE])
{
    struct test_random random = {99};
    unsigned outside = 0;
    uint8_t pair[192];
    memcpy(pair, generator_1, 64);
    while (outside < 20) {
        struct g2_affine p;
        struct fp2 yy;
        uint64_t plain[4];
        for (unsigned i = 0; i < 2; i++) {
            for (unsigned j = 0; j < 4; j++) plain[j] = test_random_word(&random);
            plain[3] >>= 3;
            CHECK(fp_from_plain(i == 0 ? &p.x.c0 : &p.x.c1, plain));
        }
        fp2_square(&yy, &p.x);
        fp2_multiply(&yy, &yy, &p.x);
        fp2_add(&yy, &yy, &twist_b);
        if (!fp2_root(&p.y, &yy)) continue;
        CHECK(g2_is_on_curve(&p, &twist_b));
        CHECK(bn254_g2_has_order_r(&p) == has_order_r(&p));
        outside++;
        const struct fp *c[4] = {&p.x.c0, &p.x.c1, &p.y.c0, &p.y.c1};
        for (unsigned i = 0; i < 4; i++) {
            fp_to_plain(plain, c[i]);
            for (unsigned j = 0; j < 4; j++) store_le64(pair + 64 + 32 * i + 8 * j, plain[j]);
        }
        struct error e = {0};
        bool is_one = false;
        CHECK(bn254_pairing_check(bytes_of(pair, 192), &is_one, &e) == STATUS_INVALID && e.code == BN254_BAD_G2);
        CHECK_EQUAL(e.offset, 64);
    }
    memcpy(pair + 64, generator_2, BN254_G2_SIZE);
    bool is_one = true;
    CHECK(bn254_pairing_check(bytes_of(pair, 192), &is_one, NULL) == STATUS_OK && !is_one);
}

/* Many points at once give the sum of the single products, whatever the method. */
static void test_multiexp(void)
{
    static const unsigned counts[] = {1, 2, 7, 8, 9, 16, 23, 24, 25, 47, 48, 111, 112, 127, 128, 129, 300};
    struct test_random random = {5};
    struct buffer input = {0}, terms = {0};
    uint8_t a[64], b[64], k[32], point[64];
    for (unsigned c = 0; c < sizeof counts / sizeof counts[0]; c++) {
        input.size = terms.size = 0;
        for (unsigned i = 0; i < counts[c]; i++) {
            random_g1(&random, point);
            random_scalar(&random, k);
            if (i % 11 == 3) memset(k, 0, 32);
            if (i % 13 == 4) store_modulus(k, &bn254_fr, -1);
            if (i % 17 == 5) memset(point, 0, 64);
            if (i % 7 == 2) memcpy(point, generator_1, 64); /* the same point again */
            if (i % 19 == 6) memset(k, 0x11, 32);
            buffer_append(&input, point, 64);
            buffer_append(&input, k, 32);
            multiple(a, point, k);
            buffer_append_byte(&terms, 0);
            buffer_append(&terms, a, 64);
        }
        CHECK(bn254_g1_multiexp(bytes_of(input.data, input.size), a, NULL) == STATUS_OK);
        CHECK(bn254_g1_sum(bytes_of(terms.data, terms.size), b, NULL) == STATUS_OK);
        CHECK(memcmp(a, b, 64) == 0);
    }
    buffer_free(&input);
    buffer_free(&terms);
}

/* k and r - k give opposite points; points and their opposites cancel; doubling is adding to itself. */
static void test_sums(void)
{
    struct test_random random = {6};
    uint8_t point[64], input[130], out[64], two[32] = {2}, doubled[64], minus_one[32], opposite[64];
    store_modulus(minus_one, &bn254_fr, -1);
    for (unsigned i = 0; i < 20; i++) {
        random_g1(&random, point);
        memcpy(input + 1, point, 64);
        memcpy(input + 66, point, 64);
        input[0] = 0;
        input[65] = 1;
        CHECK(bn254_g1_sum(bytes_of(input, 130), out, NULL) == STATUS_OK);
        for (unsigned j = 0; j < 64; j++) CHECK(out[j] == 0);
        input[65] = 0;
        CHECK(bn254_g1_sum(bytes_of(input, 130), out, NULL) == STATUS_OK);
        multiple(doubled, point, two);
        CHECK(memcmp(out, doubled, 64) == 0);
        input[0] = 1;
        CHECK(bn254_g1_sum(bytes_of(input, 65), out, NULL) == STATUS_OK);
        multiple(opposite, point, minus_one);
        CHECK(memcmp(out, opposite, 64) == 0);
    }
    CHECK(bn254_g1_sum(bytes_of(NULL, 0), out, NULL) == STATUS_OK);
    for (unsigned j = 0; j < 64; j++) CHECK(out[j] == 0);
    CHECK(bn254_g1_multiexp(bytes_of(NULL, 0), out, NULL) == STATUS_OK);
    for (unsigned j = 0; j < 64; j++) CHECK(out[j] == 0);
}

/* e(a1 P, Q) ... e(an P, Q) e(-(a1 + ... + an) P, Q) = 1, for counts around the portions. */
static void test_pairing(const uint8_t generator_2[BN254_G2_SIZE])
{
    static const unsigned counts[] = {1, 2, 14, 15, 16, 31, 32, 40};
    struct test_random random = {8};
    struct buffer input = {0}, sum = {0};
    uint8_t point[64];
    bool is_one = false;
    for (unsigned c = 0; c < sizeof counts / sizeof counts[0]; c++) {
        input.size = sum.size = 0;
        for (unsigned i = 0; i < counts[c]; i++) {
            random_g1(&random, point);
            buffer_append(&input, point, 64);
            buffer_append(&input, generator_2, 128);
            buffer_append_byte(&sum, 1);
            buffer_append(&sum, point, 64);
        }
        CHECK(bn254_pairing_check(bytes_of(input.data, input.size), &is_one, NULL) == STATUS_OK && !is_one);
        CHECK(bn254_g1_sum(bytes_of(sum.data, sum.size), point, NULL) == STATUS_OK);
        buffer_append(&input, point, 64);
        buffer_append(&input, generator_2, 128);
        CHECK(bn254_pairing_check(bytes_of(input.data, input.size), &is_one, NULL) == STATUS_OK && is_one);
    }
    CHECK(bn254_pairing_check(bytes_of(NULL, 0), &is_one, NULL) == STATUS_OK && is_one);
    buffer_free(&input);
    buffer_free(&sum);
}

static void random_fp12(struct test_random *random, struct fp12 *a)
{
    uint64_t plain[4];
    struct fp *c = (struct fp *)a;
    for (unsigned i = 0; i < 12; i++) {
        for (unsigned j = 0; j < 4; j++) plain[j] = test_random_word(random);
        plain[3] >>= 3;
        CHECK(fp_from_plain(&c[i], plain));
    }
}

/* a^p by squaring and multiplying */
static void power_p(struct fp12 *r, const struct fp12 *a)
{
    struct fp12 base = *a;
    fp12_set_one(r);
    for (unsigned i = 256; i-- > 0;) {
        fp12_square(r, r);
        if (bn254_fp.modulus[i / 64] >> i % 64 & 1) fp12_multiply(r, r, &base);
    }
}

static void test_tower(void)
{
    struct test_random random = {77};
    struct fp12 a, b, c, left, right;
    for (unsigned i = 0; i < 20; i++) {
        random_fp12(&random, &a);
        random_fp12(&random, &b);
        random_fp12(&random, &c);
        fp12_multiply(&left, &a, &b);
        fp12_multiply(&left, &left, &c);
        fp12_multiply(&right, &b, &c);
        fp12_multiply(&right, &a, &right);
        CHECK(memcmp(&left, &right, sizeof left) == 0);
        fp12_square(&left, &a);
        fp12_multiply(&right, &a, &a);
        CHECK(memcmp(&left, &right, sizeof left) == 0);
        fp12_inverse(&left, &a);
        fp12_multiply(&left, &left, &a);
        CHECK(fp12_is_one(&left));
        fp12_frobenius(&left, &a);
        power_p(&right, &a);
        CHECK(memcmp(&left, &right, sizeof left) == 0);
        memset(&b, 0, sizeof b); /* a line: 1, w, v w */
        b.c0.c0 = c.c0.c0;
        b.c1.c0 = c.c1.c0;
        b.c1.c1 = c.c1.c1;
        fp12_multiply(&left, &a, &b);
        fp12_multiply_034(&right, &a, &b.c0.c0, &b.c1.c0, &b.c1.c1);
        CHECK(memcmp(&left, &right, sizeof left) == 0);
        fp12_easy_part(&a, &a);
        fp12_square(&left, &a);
        fp12_cyclotomic_square(&a);
        CHECK(memcmp(&left, &a, sizeof left) == 0);
    }
}

int main(void)
{
    struct buffer generator_2 = {0};
    CHECK(hex_append(&generator_2, generator_2_text) && generator_2.size == BN254_G2_SIZE);

    test_begin("BN254 vectors");
    curve_vectors_run(VECTORS, check_vector);
    test_begin("BN254 lengths");
    test_lengths();
    test_begin("BN254 rules and messages");
    test_rules();
    test_begin("BN254 subgroup");
    test_subgroup(generator_2.data);
    test_begin("BN254 sums");
    test_sums();
    test_begin("BN254 multi-exponentiation");
    test_multiexp();
    test_begin("BN254 pairing");
    test_pairing(generator_2.data);
    test_begin("BN254 tower");
    test_tower();
    buffer_free(&generator_2);
    return test_end();
}
