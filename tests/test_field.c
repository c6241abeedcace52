/* crypto/field: the ways to multiply agree with each other and with schoolbook arithmetic; inversion and powers. */
#include "crypto/field.h"

#include "crypto/field_adx.h"
#include "tests/curve_vectors.h"

#include "crypto/bls12381_fields.inc"
#include "crypto/bn254_fields.inc"

typedef void multiply_function(uint64_t *r, const uint64_t *a, const uint64_t *b, const struct field *f);

static const struct {
    const char *name;
    const struct field *field;
} fields[] = {
    {"BN254 Fp", &bn254_fp}, {"BN254 Fr", &bn254_fr}, {"BLS12-381 Fp", &bls12381_fp},
};

#define WORDS FIELD_MAX_LIMBS

static bool same(const uint64_t *a, const uint64_t *b, const struct field *f)
{
    return memcmp(a, b, f->limbs * sizeof *a) == 0;
}

/* r = a + b mod p on plain numbers, by the school's way */
static void add_slowly(uint64_t *r, const uint64_t *a, const uint64_t *b, const struct field *f)
{
    unsigned char carry = 0;
    for (unsigned i = 0; i < f->limbs; i++) r[i] = add_carry(a[i], b[i], &carry);
    if (field_is_reduced(r, f)) return;
    carry = 0;
    for (unsigned i = 0; i < f->limbs; i++) r[i] = subtract_borrow(r[i], f->modulus[i], &carry);
}

/* r = a b mod p on plain numbers, by doubling and adding */
static void multiply_slowly(uint64_t *r, const uint64_t *a, const uint64_t *b, const struct field *f)
{
    uint64_t sum[WORDS] = {0};
    for (unsigned i = f->limbs * 64; i-- > 0;) {
        add_slowly(sum, sum, sum, f);
        if (b[i / 64] >> i % 64 & 1) add_slowly(sum, sum, a, f);
    }
    memcpy(r, sum, f->limbs * sizeof *r);
}

static void random_element(uint64_t *r, struct test_random *random, const struct field *f)
{
    unsigned top = (unsigned)__builtin_clzll(f->modulus[f->limbs - 1]);
    do {
        for (unsigned i = 0; i < f->limbs; i++) r[i] = test_random_word(random);
        r[f->limbs - 1] >>= top;
    } while (!field_is_reduced(r, f));
}

/* Numbers at the edges: 0, 1, p - 1, (p - 1)/2, R, R^2, powers of two, words of ones. */
static unsigned edges(uint64_t list[][WORDS], const struct field *f)
{
    unsigned n = 0;
    memset(list, 0, 64 * sizeof *list);
    n++;
    list[n++][0] = 1;
    list[n++][0] = 2;
    memcpy(list[n], f->modulus, f->limbs * 8);
    list[n++][0] -= 1;
    memcpy(list[n], f->modulus, f->limbs * 8);
    list[n++][0] -= 2;
    for (unsigned i = 0; i < f->limbs; i++)
        list[n][i] = f->modulus[i] >> 1 | (i + 1 < f->limbs ? f->modulus[i + 1] << 63 : 0);
    n++;
    memcpy(list[n++], f->one, f->limbs * 8);
    memcpy(list[n++], f->r2, f->limbs * 8);
    for (unsigned i = 0; i < f->limbs; i++) {
        list[n++][i] = UINT64_C(1) << 63 >> (i == f->limbs - 1 ? 5 : 0);
        list[n++][i] = UINT64_MAX >> (i == f->limbs - 1 ? 5 : 0);
        for (unsigned j = 0; j <= i; j++) list[n][j] = UINT64_MAX >> (j == f->limbs - 1 ? 5 : 0);
        n++;
    }
    return n;
}

static void check_product(const uint64_t *a, const uint64_t *b, const struct field *f)
{
    uint64_t reference[WORDS], other[WORDS], plain[WORDS];
    bool four = f->limbs == 4;
    (four ? field_multiply_portable_4 : field_multiply_portable_6)(reference, a, b, f);
    CHECK(field_is_reduced(reference, f));
    (four ? field_multiply_narrow_4 : field_multiply_narrow_6)(other, a, b, f);
    CHECK(same(reference, other, f));
    (four ? field_multiply_4 : field_multiply_6)(other, a, b, f);
    CHECK(same(reference, other, f));
    field_multiply(other, a, b, f);
    CHECK(same(reference, other, f));
    memcpy(other, a, f->limbs * 8); /* in place */
    field_multiply(other, other, b, f);
    CHECK(same(reference, other, f));
#ifdef FIELD_ADX
    if (field_adx_supported()) {
        (four ? field_multiply_adx_4 : field_multiply_adx_6)(other, a, b, f);
        CHECK(same(reference, other, f));
        memcpy(other, b, f->limbs * 8);
        (four ? field_multiply_adx_4 : field_multiply_adx_6)(other, a, other, f);
        CHECK(same(reference, other, f));
    }
#endif
    multiply_slowly(plain, a, b, f);        /* a b = (a b / R) R^2 / R */
    (four ? field_multiply_portable_4 : field_multiply_portable_6)(other, reference, f->r2, f);
    CHECK(same(plain, other, f));
}

static void test_products(const struct field *f)
{
    uint64_t list[64][WORDS], a[WORDS], b[WORDS];
    unsigned n = edges(list, f);
    for (unsigned i = 0; i < n; i++) {
        CHECK(field_is_reduced(list[i], f));
        for (unsigned j = 0; j < n; j++) check_product(list[i], list[j], f);
    }
    struct test_random random = {88172645463325252};
    for (unsigned i = 0; i < 3000; i++) {
        random_element(a, &random, f);
        random_element(b, &random, f);
        check_product(a, b, f);
        check_product(a, list[i % n], f);
    }
}

static void check_inverse(const uint64_t *a, const struct field *f)
{
    static const uint64_t zero[WORDS];
    uint64_t inverse[WORDS], product[WORDS], power[WORDS], exponent[WORDS] = {0};
    field_inverse(inverse, a, f);
    CHECK(field_is_reduced(inverse, f));
    field_multiply(product, a, inverse, f);
    CHECK(same(product, same(a, zero, f) ? zero : f->one, f));
    memcpy(exponent, f->modulus, f->limbs * 8);
    exponent[0] -= 2; /* Fermat: no borrow, the moduli are odd and their low words large */
    field_power(power, a, exponent, f->limbs, f);
    CHECK(same(power, inverse, f));
}

static void test_inverses(const struct field *f)
{
    uint64_t list[64][WORDS], a[WORDS];
    unsigned n = edges(list, f);
    for (unsigned i = 0; i < n; i++) check_inverse(list[i], f);
    struct test_random random = {1234567891011};
    for (unsigned i = 0; i < 500; i++) {
        random_element(a, &random, f);
        check_inverse(a, f);
    }
    for (unsigned i = 1; i < f->limbs * 64 - 4; i++) { /* numbers of every length */
        memset(a, 0, sizeof a);
        a[i / 64] = UINT64_C(1) << i % 64;
        a[0] |= 1;
        if (field_is_reduced(a, f)) check_inverse(a, f);
    }
}

static void test_powers(const struct field *f)
{
    struct test_random random = {42};
    uint64_t a[WORDS], expected[WORDS], got[WORDS], exponent[2] = {0};
    random_element(a, &random, f);
    memcpy(expected, f->one, f->limbs * 8);
    for (exponent[0] = 0; exponent[0] < 300; exponent[0]++) {
        field_power(got, a, exponent, 1, f);
        CHECK(same(got, expected, f));
        field_power(got, a, exponent, 2, f);
        CHECK(same(got, expected, f));
        field_multiply(expected, expected, a, f);
    }
}

static void test_forms(const struct field *f)
{
    uint64_t plain[WORDS], element[WORDS], back[WORDS], one[WORDS] = {1};
    field_from_plain(element, one, f);
    CHECK(same(element, f->one, f));
    field_multiply(back, f->r2, f->r2, f);
    CHECK(same(back, f->r3, f));
    struct test_random random = {7};
    for (unsigned i = 0; i < 100; i++) {
        random_element(plain, &random, f);
        field_from_plain(element, plain, f);
        field_to_plain(back, element, f);
        CHECK(same(plain, back, f));
    }
    memcpy(plain, f->modulus, f->limbs * 8);
    CHECK(!field_is_reduced(plain, f));
    plain[0]++;
    CHECK(!field_is_reduced(plain, f));
    plain[0] -= 2;
    CHECK(field_is_reduced(plain, f));
    memset(plain, 0xff, sizeof plain);
    CHECK(!field_is_reduced(plain, f));
}

int main(void)
{
    if (!field_is_accelerated()) test_skip("multiplication with MULX and ADX", "this processor or compiler has none");
    for (unsigned i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        test_begin(fields[i].name);
        test_products(fields[i].field);
        test_inverses(fields[i].field);
        test_powers(fields[i].field);
        test_forms(fields[i].field);
    }
    return test_end();
}
