/* BN254: any bytes as input of the three host functions, and points made from the bytes, whose sums must agree however
 * they are computed. The first byte chooses. */
#include <stdlib.h>

#include "crypto/bn254.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool ok)
{
    if (!ok) abort();
}

/* What is refused has a message with a known beginning. */
static void check_message(enum status status, const struct error *e, struct bytes input, size_t element)
{
    if (status == STATUS_OK) return;
    struct buffer message = {0};
    bn254_error_message(e, input, element, &message);
    check(message.size > 8 && (memcmp(message.data, "invalid ", 8) == 0 || memcmp(message.data, "slice of", 8) == 0));
    check(status == (e->code == BN254_BAD_LENGTH ? STATUS_MALFORMED : STATUS_INVALID));
    buffer_free(&message);
}

/* A result is a valid point: its sum is itself. */
static void check_point(const uint8_t point[BN254_G1_SIZE])
{
    uint8_t input[BN254_G1_SUM_ELEMENT_SIZE] = {0}, again[BN254_G1_SIZE];
    memcpy(input + 1, point, BN254_G1_SIZE);
    check(bn254_g1_sum(bytes_of(input, sizeof input), again, NULL) == STATUS_OK);
    check(memcmp(point, again, BN254_G1_SIZE) == 0);
}

static void multiply(uint8_t out[BN254_G1_SIZE], const uint8_t *point, const uint8_t k[32])
{
    uint8_t input[BN254_G1_MULTIEXP_ELEMENT_SIZE];
    memcpy(input, point, BN254_G1_SIZE);
    memcpy(input + BN254_G1_SIZE, k, 32);
    input[95] &= 0x1f; /* below the order */
    check(bn254_g1_multiexp(bytes_of(input, sizeof input), out, NULL) == STATUS_OK);
}

/* Each 32 bytes are a scalar k: the sum of [k] G one by one, and at once. */
static void check_sums(struct bytes scalars)
{
    static const uint8_t generator[BN254_G1_SIZE] = {1, [32] = 2};
    uint8_t term[BN254_G1_SIZE], sum[BN254_G1_SIZE], at_once[BN254_G1_SIZE], k[32];
    struct buffer terms = {0}, products = {0};
    for (size_t i = 0; i + 33 <= scalars.size; i += 33) {
        memcpy(k, scalars.data + i + 1, 32);
        multiply(term, generator, k);
        multiply(term, term, k);
        bool minus = scalars.data[i] & 1;
        buffer_append_byte(&terms, minus);
        buffer_append(&terms, term, sizeof term);
        memset(k, 0, sizeof k);
        k[0] = 1;
        if (minus) { /* r - 1 */
            static const uint8_t minus_one[32] = {
                0x00, 0x00, 0x00, 0xf0, 0x93, 0xf5, 0xe1, 0x43, 0x91, 0x70, 0xb9, 0x79, 0x48, 0xe8, 0x33, 0x28,
                0x5d, 0x58, 0x81, 0x81, 0xb6, 0x45, 0x50, 0xb8, 0x29, 0xa0, 0x31, 0xe1, 0x72, 0x4e, 0x64, 0x30};
            memcpy(k, minus_one, 32);
        }
        buffer_append(&products, term, sizeof term);
        buffer_append(&products, k, sizeof k);
    }
    check(bn254_g1_sum(bytes_of(terms.data, terms.size), sum, NULL) == STATUS_OK);
    check(bn254_g1_multiexp(bytes_of(products.data, products.size), at_once, NULL) == STATUS_OK);
    check(memcmp(sum, at_once, sizeof sum) == 0);
    buffer_free(&terms);
    buffer_free(&products);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0 || size > 4096) return 0;
    struct bytes input = bytes_of(data + 1, size - 1);
    struct error e = {0};
    uint8_t out[BN254_G1_SIZE];
    bool is_one = false;
    enum status status;
    switch (data[0] % 4) {
    case 0:
        status = bn254_g1_sum(input, out, &e);
        if (status == STATUS_OK) check_point(out);
        check_message(status, &e, input, BN254_G1_SUM_ELEMENT_SIZE);
        break;
    case 1:
        status = bn254_g1_multiexp(input, out, &e);
        if (status == STATUS_OK) check_point(out);
        check_message(status, &e, input, BN254_G1_MULTIEXP_ELEMENT_SIZE);
        break;
    case 2:
        status = bn254_pairing_check(input, &is_one, &e);
        check_message(status, &e, input, BN254_PAIRING_CHECK_ELEMENT_SIZE);
        break;
    default:
        check_sums(input);
    }
    return 0;
}
