/* crypto/bls12381: vectors, rules and messages of the host functions, and the algebra beneath. */
#include "crypto/bls12381.h"

#include "crypto/bls12381_map.h"
#include "crypto/bls12381_root.h"
#include "crypto/bls12381_subgroup.h"
#include "crypto/fp12.h"
#include "tests/curve_vectors.h"

#define VECTORS "tests/vectors/crypto/bls12381.txt.xz"

/* The order of the groups. */
static const uint64_t order[4] = {0xffffffff00000001, 0x53bda402fffe5bfe, 0x3339d80809a1d805, 0x73eda753299d7d48};

typedef enum status host_function(struct bytes input, bool fix, uint64_t *ret, struct buffer *out, struct error *e);

static enum status pairing_check(struct bytes input, bool fix, uint64_t *ret, struct buffer *out, struct error *e)
{
    (void)fix;
    (void)out;
    return bls12381_pairing_check(input, ret, e);
}

static const struct {
    const char *name, *message_name;
    host_function *call;
    size_t element, point;
} functions[] = {
    {"bls12381_p1_sum", "bls12381_p1_sum", bls12381_p1_sum, 97, 96},
    {"bls12381_p2_sum", "bls12381_p2_sum", bls12381_p2_sum, 193, 192},
    {"bls12381_g1_multiexp", "bls12381_p1_multiexp", bls12381_g1_multiexp, 128, 96},
    {"bls12381_g2_multiexp", "bls12381_p2_multiexp", bls12381_g2_multiexp, 224, 192},
    {"bls12381_map_fp_to_g1", "bls12381_map_fp_to_g1", bls12381_map_fp_to_g1, 48, 96},
    {"bls12381_map_fp2_to_g2", "bls12381_map_fp2_to_g2", bls12381_map_fp2_to_g2, 96, 192},
    {"bls12381_p1_decompress", "bls12381_p1_decompress", bls12381_p1_decompress, 48, 96},
    {"bls12381_p2_decompress", "bls12381_p2_decompress", bls12381_p2_decompress, 96, 192},
    {"bls12381_pairing_check", "bls12381_pairing_check", pairing_check, 288, 0},
};
enum { P1_SUM, P2_SUM, G1_MULTIEXP, G2_MULTIEXP, MAP_G1, MAP_G2, P1_DECOMPRESS, P2_DECOMPRESS, PAIRING, FUNCTIONS };

/* Calls a function; the output replaces *out. Answers what it returned. */
static uint64_t call(unsigned function, struct bytes input, bool fix, struct buffer *out)
{
    struct error e = {0};
    uint64_t ret = 99;
    out->size = 0;
    buffer_append_string(out, "kept"); /* outputs are appended, and nothing is without success */
    CHECK(functions[function].call(input, fix, &ret, out, &e) == STATUS_OK);
    if (ret != 0) CHECK(out->size == 4);
    memmove(out->data, out->data + 4, out->size - 4);
    out->size -= 4;
    return ret;
}

static struct bytes view(const struct buffer *b)
{
    return bytes_of(b->data, b->size);
}

/* The sum of the points in `points`, of the group of P1_SUM or P2_SUM. */
static void sum_points(unsigned function, struct bytes points, struct buffer *out)
{
    struct buffer input = {0};
    size_t size = functions[function].point;
    for (size_t i = 0; i < points.size; i += size) {
        buffer_append_byte(&input, 0);
        buffer_append(&input, points.data + i, size);
    }
    CHECK_EQUAL(call(function, view(&input), false, out), 0);
    buffer_free(&input);
}

static void check_vector(const struct curve_vector *v)
{
    struct buffer out = {0}, points = {0};
    if (strncmp(v->function, "hash_to_g", 9) == 0) {
        bool two = v->function[9] == '2';
        CHECK_EQUAL(call(two ? MAP_G2 : MAP_G1, v->input, v->fix, &points), 0);
        sum_points(two ? P2_SUM : P1_SUM, view(&points), &out);
        CHECK(bytes_equal(view(&out), v->output));
    } else {
        unsigned f = 0;
        while (f < FUNCTIONS && strcmp(functions[f].name, v->function) != 0) f++;
        if (CHECK(f < FUNCTIONS)) {
            bool ok = call(f, v->input, v->fix, &out) == v->ret && bytes_equal(view(&out), v->output);
            CHECK(ok);
            if (!ok) printf("  in %s\n", v->suite);
        }
    }
    buffer_free(&out);
    buffer_free(&points);
}

static void test_lengths(void)
{
    uint8_t zeros[600] = {0};
    struct buffer out = {0};
    for (unsigned f = 0; f < FUNCTIONS; f++) {
        for (size_t n = 0; n < sizeof zeros; n++) {
            if (n % functions[f].element == 0) {
                uint64_t ret = call(f, bytes_of(zeros, n), false, &out);
                bool map = f == MAP_G1 || f == MAP_G2;
                CHECK_EQUAL(ret, n == 0 || map ? 0 : 1);
                size_t expected = f == PAIRING || ret != 0 ? 0
                    : map || f == P1_DECOMPRESS || f == P2_DECOMPRESS ? n / functions[f].element * functions[f].point
                                                                      : functions[f].point;
                CHECK_EQUAL(out.size, expected);
                continue;
            }
            struct error e = {0};
            uint64_t ret = 99;
            char expected[120];
            out.size = 0;
            CHECK(functions[f].call(bytes_of(zeros, n), false, &ret, &out, &e) == STATUS_MALFORMED);
            snprintf(expected, sizeof expected, "Incorrect input length for %s: %zu is not divisible by %zu",
                     functions[f].message_name, n, functions[f].element);
            CHECK_TEXT(e.message, expected);
            CHECK(e.code == BLS12381_BAD_LENGTH && out.size == 0);
        }
    }
    buffer_free(&out);
}

static void random_number(struct test_random *random, uint8_t out[48])
{
    test_random_bytes(random, out, 48);
    out[0] &= 0x0f;
}

/* Appends a random point of the group (1 or 2), made by the map. */
static void random_point(struct test_random *random, unsigned group, struct buffer *points)
{
    uint8_t u[96];
    struct buffer out = {0};
    random_number(random, u);
    random_number(random, u + 48);
    CHECK_EQUAL(call(group == 1 ? MAP_G1 : MAP_G2, bytes_of(u, group == 1 ? 48 : 96), false, &out), 0);
    buffer_append(points, out.data, out.size);
    buffer_free(&out);
}

/* out = [k] point */
static void multiple(unsigned group, struct bytes point, const uint8_t k[32], struct buffer *out)
{
    struct buffer input = {0};
    buffer_append(&input, point.data, point.size);
    buffer_append(&input, k, 32);
    CHECK_EQUAL(call(group == 1 ? G1_MULTIEXP : G2_MULTIEXP, view(&input), false, out), 0);
    buffer_free(&input);
}

static void store_order(uint8_t k[32])
{
    for (unsigned i = 0; i < 4; i++) store_le64(k + 8 * i, order[i]);
}

/* Every combination of the flag bits on good points and on infinity, uncompressed and compressed. */
static void test_flags(unsigned group)
{
    struct test_random random = {31};
    struct buffer point = {0}, out = {0}, input = {0};
    random_point(&random, group, &point);
    const unsigned sum = group == 1 ? P1_SUM : P2_SUM, decompress = group == 1 ? P1_DECOMPRESS : P2_DECOMPRESS;
    const size_t size = functions[sum].point, half = size / 2;
    for (unsigned flags = 0; flags < 8; flags++) {
        for (unsigned kind = 0; kind < 3; kind++) { /* a point; infinity; infinity with a bit somewhere */
            input.size = 0;
            buffer_append_byte(&input, 0);
            buffer_append(&input, point.data, size);
            if (kind > 0) memset(input.data + 1, 0, size);
            if (kind == 2) input.data[size] = 1;
            input.data[1] |= (uint8_t)(flags << 5);
            bool good = (kind == 0 && flags == 0) || (kind == 1 && flags == 2);
            CHECK_EQUAL(call(sum, view(&input), false, &out), good ? 0 : 1);
            if (good) CHECK(bytes_equal(view(&out), bytes_of(input.data + 1, size)));
            if (kind == 2) input.data[half] = 1;
            good = (kind == 0 && (flags & 6) == 4) || (kind == 1 && flags == 6);
            uint64_t ret = call(decompress, bytes_of(input.data + 1, half), false, &out);
            if (kind != 2 || flags > 5 || flags < 4) CHECK_EQUAL(ret, good ? 0 : 1); /* else x = 1, perhaps a point */
        }
    }
    for (unsigned sign = 0; sign < 256; sign++) {
        input.size = 0;
        buffer_append_byte(&input, (uint8_t)sign);
        buffer_append(&input, point.data, size);
        CHECK_EQUAL(call(sum, view(&input), false, &out), sign < 2 ? 0 : 1);
    }
    buffer_free(&point);
    buffer_free(&out);
    buffer_free(&input);
}

/* Both compressed forms of a point decompress to it and to its opposite. */
static void test_decompression(unsigned group)
{
    struct test_random random = {37};
    struct buffer point = {0}, out = {0}, both = {0}, input = {0};
    const unsigned sum = group == 1 ? P1_SUM : P2_SUM, decompress = group == 1 ? P1_DECOMPRESS : P2_DECOMPRESS;
    const size_t size = functions[sum].point, half = size / 2;
    for (unsigned i = 0; i < 30; i++) {
        point.size = input.size = 0;
        random_point(&random, group, &point);
        buffer_append(&input, point.data, half);
        buffer_append(&input, point.data, half);
        input.data[0] |= 0x80;
        input.data[half] |= 0xa0;
        CHECK_EQUAL(call(decompress, view(&input), false, &both), 0);
        CHECK_EQUAL(both.size, 2 * size);
        bool first = memcmp(both.data, point.data, size) == 0;
        CHECK(first != (memcmp(both.data + size, point.data, size) == 0));
        /* the greater y in the second; c1 stands first in Fp2, so that the bytes compare as the numbers do */
        CHECK(memcmp(both.data + half, both.data + size + half, half) < 0);
        sum_points(sum, view(&both), &out);
        CHECK(out.data[0] == 0x40);
        /* one bad element, and there is no output at all */
        memset(input.data + half, 0xff, half);
        CHECK_EQUAL(call(decompress, view(&input), false, &both), 1);
    }
    buffer_free(&point);
    buffer_free(&out);
    buffer_free(&both);
    buffer_free(&input);
}

/* Numbers at the modulus, in every place of every function. */
static void test_ranges(void)
{
    struct buffer out = {0};
    uint8_t input[288];
    for (unsigned f = 0; f < FUNCTIONS; f++) {
        size_t skip = f == P1_SUM || f == P2_SUM ? 1 : 0;
        size_t numbers = f == PAIRING ? 6 : f == MAP_G1 || f == P1_DECOMPRESS ? 1 : f == MAP_G2 || f == P2_DECOMPRESS ? 2
                       : functions[f].point / 48;
        for (size_t i = 0; i < numbers; i++) {
            memset(input, 0, sizeof input);
            for (unsigned j = 0; j < 48; j++)
                input[skip + 48 * i + j] = (uint8_t)(bls12381_fp.modulus[(47 - j) / 8] >> (47 - j) % 8 * 8);
            if (f == P1_DECOMPRESS || f == P2_DECOMPRESS) input[0] |= 0x80;
            CHECK_EQUAL(call(f, bytes_of(input, functions[f].element), true, &out), 1);
            if (f != MAP_G1 && f != MAP_G2) continue;
            input[48 * i + 47]--; /* p - 1 */
            CHECK_EQUAL(call(f, bytes_of(input, functions[f].element), true, &out), 0);
            memset(input + 48 * i, 0xff, 48);
            CHECK_EQUAL(call(f, bytes_of(input, functions[f].element), true, &out), 1);
        }
    }
    buffer_free(&out);
}

/* The points (0, 2) and (0, -2), on the curve and not in G1: the flag decides in sums and decompression only. */
static void test_zero_x(void)
{
    struct buffer out = {0};
    uint8_t sum[97] = {[96] = 2}, compressed[48] = {0x80}, product[128] = {[95] = 2, [96] = 1}, pair[288] = {[95] = 2};
    pair[96] = 0x40;
    CHECK_EQUAL(call(P1_SUM, bytes_of(sum, 97), false, &out), 1);
    CHECK_EQUAL(call(P1_SUM, bytes_of(sum, 97), true, &out), 0);
    CHECK(bytes_equal(view(&out), bytes_of(sum + 1, 96)));
    CHECK_EQUAL(call(P1_DECOMPRESS, bytes_of(compressed, 48), false, &out), 1);
    CHECK_EQUAL(call(P1_DECOMPRESS, bytes_of(compressed, 48), true, &out), 0);
    CHECK(bytes_equal(view(&out), bytes_of(sum + 1, 96)));
    for (unsigned fix = 0; fix < 2; fix++) {
        CHECK_EQUAL(call(G1_MULTIEXP, bytes_of(product, 128), fix, &out), 1);
        CHECK_EQUAL(call(PAIRING, bytes_of(pair, 288), fix, &out), 1);
    }
    buffer_free(&out);
}

/* Many points at once give the sum of the single products, whatever the method, also for scalars above the order. */
static void test_multiexp(unsigned group)
{
    static const unsigned counts[] = {1, 2, 7, 8, 9, 23, 24, 48, 112, 127, 128, 129, 260};
    const unsigned function = group == 1 ? G1_MULTIEXP : G2_MULTIEXP, sum = group == 1 ? P1_SUM : P2_SUM;
    const size_t size = functions[sum].point;
    struct test_random random = {41};
    struct buffer input = {0}, terms = {0}, point = {0}, out = {0}, other = {0};
    uint8_t k[32];
    for (unsigned c = 0; c < sizeof counts / sizeof counts[0]; c++) {
        input.size = terms.size = 0;
        for (unsigned i = 0; i < counts[c]; i++) {
            if (i % 3 == 0) {
                point.size = 0;
                random_point(&random, group, &point);
            }
            test_random_bytes(&random, k, 32);
            if (i % 11 == 3) memset(k, 0, 32);
            if (i % 13 == 4) memset(k, 0xff, 32);
            if (i % 17 == 6) store_order(k);
            if (i % 19 == 7) memset(k, 0x88, 32);
            if (i % 23 == 9) {
                memset(point.data, 0, size);
                point.data[0] = 0x40;
            }
            buffer_append(&input, point.data, size);
            buffer_append(&input, k, 32);
            multiple(group, view(&point), k, &out);
            buffer_append(&terms, out.data, out.size);
        }
        CHECK_EQUAL(call(function, view(&input), false, &out), 0);
        sum_points(sum, view(&terms), &other);
        CHECK(bytes_equal(view(&out), view(&other)));
    }
    buffer_free(&input);
    buffer_free(&terms);
    buffer_free(&point);
    buffer_free(&out);
    buffer_free(&other);
}

/* [r] p = 0, [r - 1] p = -p, [2^255] by doubling: the single products themselves. */
static void test_products(unsigned group)
{
    const unsigned sum = group == 1 ? P1_SUM : P2_SUM;
    struct test_random random = {43};
    struct buffer point = {0}, out = {0}, pair = {0};
    uint8_t k[32];
    for (unsigned i = 0; i < 10; i++) {
        point.size = 0;
        random_point(&random, group, &point);
        store_order(k);
        multiple(group, view(&point), k, &out);
        CHECK(out.data[0] == 0x40);
        k[0]--;
        multiple(group, view(&point), k, &out);
        pair.size = 0;
        buffer_append(&pair, out.data, out.size);
        buffer_append(&pair, point.data, point.size);
        sum_points(sum, view(&pair), &out);
        CHECK(out.data[0] == 0x40);
        memset(k, 0, 32);
        k[31] = 0x80;
        multiple(group, view(&point), k, &out);
        for (unsigned j = 0; j < 255; j++) {
            pair.size = 0;
            buffer_append(&pair, point.data, point.size);
            buffer_append(&pair, point.data, point.size);
            sum_points(sum, view(&pair), &point);
        }
        CHECK(bytes_equal(view(&out), view(&point)));
    }
    buffer_free(&point);
    buffer_free(&out);
    buffer_free(&pair);
}

/* e(k P, Q) e(-P, k Q) = 1 for many pairs at once, and not if one of them is another. */
static void test_pairing(void)
{
    static const unsigned counts[] = {1, 7, 8, 9, 16, 20};
    struct test_random random = {47};
    struct buffer p = {0}, q = {0}, kp = {0}, kq = {0}, minus = {0}, input = {0};
    uint8_t k[32], minus_one[32];
    store_order(minus_one);
    minus_one[0]--;
    for (unsigned c = 0; c < sizeof counts / sizeof counts[0]; c++) {
        input.size = 0;
        for (unsigned i = 0; i < counts[c]; i++) {
            p.size = q.size = 0;
            random_point(&random, 1, &p);
            random_point(&random, 2, &q);
            test_random_bytes(&random, k, 32);
            multiple(1, view(&p), k, &kp);
            multiple(2, view(&q), k, &kq);
            multiple(1, view(&p), minus_one, &minus);
            buffer_append(&input, kp.data, kp.size);
            buffer_append(&input, q.data, q.size);
            buffer_append(&input, minus.data, minus.size);
            buffer_append(&input, kq.data, kq.size);
        }
        CHECK_EQUAL(call(PAIRING, view(&input), false, &kp), 0);
        memcpy(input.data, p.data, p.size);
        CHECK_EQUAL(call(PAIRING, view(&input), false, &kp), 2);
    }
    buffer_free(&p);
    buffer_free(&q);
    buffer_free(&kp);
    buffer_free(&kq);
    buffer_free(&minus);
    buffer_free(&input);
}

static void random_fp(struct test_random *random, struct fp *a)
{
    uint64_t plain[6];
    for (unsigned j = 0; j < 6; j++) plain[j] = test_random_word(random);
    plain[5] >>= 4;
    CHECK(fp_from_plain(a, plain));
}

/* [k] p by doubling and adding */
#define MULTIPLY_SLOWLY(group) \
    static bool group##_has_order_r(const struct group##_affine *p) \
    { \
        struct group sum; \
        group##_set_infinity(&sum); \
        for (unsigned i = 256; i-- > 0;) { \
            group##_double(&sum, &sum); \
            if (order[i / 64] >> i % 64 & 1) group##_add_affine(&sum, &sum, p); \
        } \
        return group##_is_infinity(&sum); \
    }
MULTIPLY_SLOWLY(g1)
MULTIPLY_SLOWLY(g2)

/* Random points of the curves, nearly all outside the groups: sums take them, products and pairings don't. */
static void test_subgroups(void)
{
    struct test_random random = {53};
    struct g1_affine p;
    struct g2_affine q;
    unsigned outside_1 = 0, outside_2 = 0;
    while (outside_1 < 30 || outside_2 < 30) {
        struct fp yy;
        random_fp(&random, &p.x);
        fp_square(&yy, &p.x);
        fp_multiply(&yy, &yy, &p.x);
        fp_add(&yy, &yy, &curve_b);
        if (bls12381_fp_root(&p.y, &yy)) {
            CHECK(g1_is_on_curve(&p, &curve_b) && bls12381_in_g1(&p) == g1_has_order_r(&p));
            outside_1++;
        }
        struct fp2 zz;
        random_fp(&random, &q.x.c0);
        random_fp(&random, &q.x.c1);
        fp2_square(&zz, &q.x);
        fp2_multiply(&zz, &zz, &q.x);
        fp2_add(&zz, &zz, &twist_b);
        if (bls12381_fp2_root(&q.y, &zz)) {
            CHECK(g2_is_on_curve(&q, &twist_b) && bls12381_in_g2(&q) == g2_has_order_r(&q));
            outside_2++;
        }
    }
    for (unsigned i = 0; i < 10; i++) { /* and points inside */
        struct fp2 u;
        struct g1 p1;
        struct g2 p2;
        random_fp(&random, &u.c0);
        random_fp(&random, &u.c1);
        bls12381_map_to_g1(&p1, &u.c0);
        bls12381_map_to_g2(&p2, &u);
        g1_to_affine(&p, &p1);
        g2_to_affine(&q, &p2);
        CHECK(bls12381_in_g1(&p) && g1_has_order_r(&p));
        CHECK(bls12381_in_g2(&q) && g2_has_order_r(&q));
    }
}

/* Roots of squares exist, and of every number or its negative in Fp; signs. */
static void test_roots(void)
{
    struct test_random random = {59};
    struct fp2 a, square, root, minus;
    for (unsigned i = 0; i < 200; i++) {
        random_fp(&random, &a.c0);
        random_fp(&random, &a.c1);
        if (i % 5 == 1) fp_set_zero(&a.c0);
        if (i % 7 == 1) fp_set_zero(&a.c1);
        fp2_square(&square, &a);
        fp2_negate(&minus, &a);
        if (CHECK(bls12381_fp2_root(&root, &square))) CHECK(fp2_equal(&root, &a) || fp2_equal(&root, &minus));
        CHECK(fp2_is_zero(&a) || bls12381_fp2_is_greater(&a) != bls12381_fp2_is_greater(&minus));
        CHECK(fp2_is_zero(&a) || bls12381_fp2_is_odd(&a) != bls12381_fp2_is_odd(&minus));
        fp2_multiply_nonresidue(&square, &square); /* 1 + u is no square */
        CHECK(fp2_is_zero(&a) || !bls12381_fp2_root(&root, &square));
        fp_square(&square.c0, &a.c0);
        fp_negate(&square.c1, &square.c0);
        CHECK(bls12381_fp_root(&root.c0, &square.c0) && (fp_is_zero(&a.c0) || !bls12381_fp_root(&root.c0, &square.c1)));
        square.c0 = square.c1; /* -1 is a square in Fp2 */
        fp_set_zero(&square.c1);
        if (CHECK(bls12381_fp2_root(&root, &square))) {
            fp2_square(&root, &root);
            CHECK(fp2_equal(&root, &square));
        }
    }
}

/* a^p by squaring and multiplying */
static void power_p(struct fp12 *r, const struct fp12 *a)
{
    struct fp12 base = *a;
    fp12_set_one(r);
    for (unsigned i = 384; i-- > 0;) {
        fp12_square(r, r);
        if (bls12381_fp.modulus[i / 64] >> i % 64 & 1) fp12_multiply(r, r, &base);
    }
}

static void test_tower(void)
{
    struct test_random random = {61};
    struct fp12 a, b, c, left, right;
    for (unsigned i = 0; i < 20; i++) {
        for (unsigned j = 0; j < 12; j++) {
            random_fp(&random, (struct fp *)&a + j);
            random_fp(&random, (struct fp *)&b + j);
            random_fp(&random, (struct fp *)&c + j);
        }
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
        memset(&b, 0, sizeof b); /* a line: 1, v, v w */
        b.c0.c0 = c.c0.c0;
        b.c0.c1 = c.c0.c1;
        b.c1.c1 = c.c1.c1;
        fp12_multiply(&left, &a, &b);
        fp12_multiply_014(&right, &a, &b.c0.c0, &b.c0.c1, &b.c1.c1);
        CHECK(memcmp(&left, &right, sizeof left) == 0);
        fp12_easy_part(&a, &a);
        fp12_square(&left, &a);
        fp12_cyclotomic_square(&a);
        CHECK(memcmp(&left, &a, sizeof left) == 0);
    }
}

int main(void)
{
    test_begin("BLS12-381 vectors");
    curve_vectors_run(VECTORS, check_vector);
    test_begin("BLS12-381 lengths");
    test_lengths();
    test_begin("BLS12-381 rules");
    test_flags(1);
    test_flags(2);
    test_ranges();
    test_zero_x();
    test_begin("BLS12-381 decompression");
    test_decompression(1);
    test_decompression(2);
    test_begin("BLS12-381 subgroups");
    test_subgroups();
    test_begin("BLS12-381 multi-exponentiation");
    test_products(1);
    test_products(2);
    test_multiexp(1);
    test_multiexp(2);
    test_begin("BLS12-381 pairing");
    test_pairing();
    test_begin("BLS12-381 roots");
    test_roots();
    test_begin("BLS12-381 tower");
    test_tower();
    return test_end();
}
