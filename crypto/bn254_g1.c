/* BN254: sums and multi-exponentiation in G1. */
#include "crypto/bn254_encoding.h"

#define POINT g1
#include "crypto/multiexp.inc"
#undef POINT

enum status bn254_g1_sum(struct bytes input, uint8_t out[BN254_G1_SIZE], struct error *e)
{
    enum status status = bn254_check_length(input, BN254_G1_SUM_ELEMENT_SIZE, e);
    if (status != STATUS_OK) return status;

    struct g1 sum;
    g1_set_infinity(&sum);
    for (size_t i = 0; i < input.size; i += BN254_G1_SUM_ELEMENT_SIZE) {
        struct g1_affine point;
        bool minus = false;
        if ((status = bn254_read_bool(&minus, input, i, e)) != STATUS_OK) return status;
        if ((status = bn254_read_g1(&point, input, i + 1, e)) != STATUS_OK) return status;
        if (minus) g1_affine_negate(&point, &point);
        g1_add_affine(&sum, &sum, &point);
    }
    bn254_write_g1(out, &sum);
    return STATUS_OK;
}

enum status bn254_g1_multiexp(struct bytes input, uint8_t out[BN254_G1_SIZE], struct error *e)
{
    enum status status = bn254_check_length(input, BN254_G1_MULTIEXP_ELEMENT_SIZE, e);
    if (status != STATUS_OK) return status;

    struct g1_affine points[MULTIEXP_PORTION];
    struct scalar scalars[MULTIEXP_PORTION];
    struct g1 sum;
    g1_set_infinity(&sum);
    size_t count = 0;
    for (size_t i = 0; i < input.size; i += BN254_G1_MULTIEXP_ELEMENT_SIZE) {
        if ((status = bn254_read_g1(&points[count], input, i, e)) != STATUS_OK) return status;
        if ((status = bn254_read_scalar(&scalars[count], input, i + BN254_G1_SIZE, e)) != STATUS_OK) return status;
        if (++count < MULTIEXP_PORTION) continue;
        g1_multiexp(&sum, points, scalars, count);
        count = 0;
    }
    g1_multiexp(&sum, points, scalars, count);
    bn254_write_g1(out, &sum);
    return STATUS_OK;
}
