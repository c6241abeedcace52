/* BLS12-381: any bytes as input of the nine host functions, and points made from the bytes by the maps, whose sums and
 * compressed forms must agree however they are computed. The first byte chooses. */
#include <stdlib.h>

#include "crypto/bls12381.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef enum status host_function(struct bytes input, bool fix, uint64_t *ret, struct buffer *out, struct error *e);

static void check(bool ok)
{
    if (!ok) abort();
}

static host_function *const sum[2] = {bls12381_p1_sum, bls12381_p2_sum};
static host_function *const multiexp[2] = {bls12381_g1_multiexp, bls12381_g2_multiexp};
static host_function *const map[2] = {bls12381_map_fp_to_g1, bls12381_map_fp2_to_g2};
static host_function *const decompress[2] = {bls12381_p1_decompress, bls12381_p2_decompress};

static uint64_t call(host_function *function, struct bytes input, bool fix, struct buffer *out)
{
    struct error e = {0};
    uint64_t ret = 99;
    out->size = 0;
    enum status status = function(input, fix, &ret, out, &e);
    if (status != STATUS_OK) {
        check(status == STATUS_MALFORMED && e.code == BLS12381_BAD_LENGTH && out->size == 0);
        return 3;
    }
    check(ret <= 1 && (ret == 0 || out->size == 0));
    return ret;
}

/* Points that came out are accepted, and their sums are themselves. */
static void check_points(unsigned group, const struct buffer *points)
{
    const size_t size = group == 0 ? BLS12381_G1_SIZE : BLS12381_G2_SIZE;
    uint8_t input[1 + BLS12381_G2_SIZE];
    struct buffer again = {0};
    check(points->size % size == 0);
    for (size_t i = 0; i < points->size; i += size) {
        input[0] = 0;
        memcpy(input + 1, points->data + i, size);
        check(call(sum[group], bytes_of(input, 1 + size), true, &again) == 0);
        check(again.size == size && memcmp(again.data, points->data + i, size) == 0);
    }
    buffer_free(&again);
}

/* Points made by the map are in the group; compressed they come back; [2] p = p + p. */
static void check_made_points(unsigned group, struct bytes numbers)
{
    const size_t size = group == 0 ? BLS12381_G1_SIZE : BLS12381_G2_SIZE, half = size / 2;
    struct buffer point = {0}, out = {0}, input = {0}, doubled = {0};
    uint8_t u[BLS12381_FP2_SIZE] = {0}, two[32] = {2};
    memcpy(u, numbers.data, numbers.size < half ? numbers.size : half);
    u[0] &= 0x0f;
    u[48] &= 0x0f;
    check(call(map[group], bytes_of(u, half), false, &point) == 0);
    buffer_append(&input, point.data, size);
    buffer_append(&input, two, sizeof two);
    check(call(multiexp[group], bytes_of(input.data, input.size), false, &doubled) == 0);
    input.size = 0;
    for (unsigned i = 0; i < 2; i++) {
        buffer_append_byte(&input, 0);
        buffer_append(&input, point.data, size);
    }
    check(call(sum[group], bytes_of(input.data, input.size), false, &out) == 0);
    check(out.size == doubled.size && memcmp(out.data, doubled.data, out.size) == 0);
    if (point.data[0] < 0x20) {
        input.size = 0;
        buffer_append(&input, point.data, half);
        buffer_append(&input, point.data, half);
        input.data[0] |= 0x80;
        input.data[half] |= 0xa0;
        check(call(decompress[group], bytes_of(input.data, input.size), false, &out) == 0);
        check((memcmp(out.data, point.data, size) == 0) != (memcmp(out.data + size, point.data, size) == 0));
    }
    buffer_free(&point);
    buffer_free(&out);
    buffer_free(&input);
    buffer_free(&doubled);
}

static void check_pairing(struct bytes input)
{
    struct error e = {0};
    uint64_t ret = 99;
    enum status status = bls12381_pairing_check(input, &ret, &e);
    check(status == STATUS_OK ? ret <= 2 : status == STATUS_MALFORMED && e.code == BLS12381_BAD_LENGTH);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0 || size > 4096) return 0;
    struct bytes input = bytes_of(data + 1, size - 1);
    struct buffer out = {0};
    unsigned group = data[0] & 1;
    bool fix = data[0] & 2;
    switch (data[0] >> 2 & 7) {
    case 0:
        if (call(sum[group], input, fix, &out) == 0) check_points(group, &out);
        break;
    case 1:
        if (call(multiexp[group], input, fix, &out) == 0) check_points(group, &out);
        break;
    case 2:
        if (call(map[group], input, fix, &out) == 0) check_points(group, &out);
        break;
    case 3:
        if (call(decompress[group], input, fix, &out) == 0) check_points(group, &out);
        break;
    case 4: check_pairing(input); break;
    default: check_made_points(group, input);
    }
    buffer_free(&out);
    return 0;
}
