/* How long the host functions of BN254 and BLS12-381 take beside what their gas pays for (10^12 gas is a millisecond):
 * for one element, the slowest of several, and for the most that 300 Tgas buy. The last column must stay below 1.
 *
 *     bench_curves [--largest]    --largest: also the largest inputs (some seconds each) */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "crypto/bls12381.h"
#include "crypto/bn254.h"
#include "crypto/field.h"

#define SAMPLES 16
#define GAS_LIMIT 300000000000000.0
#define GAS_PER_NANOSECOND 1000000.0

enum kind { BN_SUM, BN_MULTIEXP, BN_PAIRING, P1_SUM, P2_SUM, G1_MULTIEXP, G2_MULTIEXP, MAP_G1, MAP_G2, P1_DECOMPRESS,
            P2_DECOMPRESS, PAIRING, KINDS };

/* Costs of protocol version 88, in gas; only what the functions themselves cost, without reading their input. */
static const struct {
    const char *name;
    size_t element;
    double base, each;
} functions[KINDS] = {
    {"alt_bn128_g1_sum", BN254_G1_SUM_ELEMENT_SIZE, 3000000000, 5000000000},
    {"alt_bn128_g1_multiexp", BN254_G1_MULTIEXP_ELEMENT_SIZE, 713000000000, 320000000000},
    {"alt_bn128_pairing_check", BN254_PAIRING_CHECK_ELEMENT_SIZE, 9686000000000, 5102000000000},
    {"bls12381_p1_sum", BLS12381_P1_SUM_ELEMENT_SIZE, 16500000000, 6000000000},
    {"bls12381_p2_sum", BLS12381_P2_SUM_ELEMENT_SIZE, 18600000000, 15000000000},
    {"bls12381_g1_multiexp", BLS12381_G1_MULTIEXP_ELEMENT_SIZE, 16500000000, 930000000000},
    {"bls12381_g2_multiexp", BLS12381_G2_MULTIEXP_ELEMENT_SIZE, 18600000000, 1995000000000},
    {"bls12381_map_fp_to_g1", BLS12381_MAP_FP_TO_G1_ELEMENT_SIZE, 1500000000, 252000000000},
    {"bls12381_map_fp2_to_g2", BLS12381_MAP_FP2_TO_G2_ELEMENT_SIZE, 1500000000, 900000000000},
    {"bls12381_p1_decompress", BLS12381_P1_DECOMPRESS_ELEMENT_SIZE, 15000000000, 81000000000},
    {"bls12381_p2_decompress", BLS12381_P2_DECOMPRESS_ELEMENT_SIZE, 15000000000, 165000000000},
    {"bls12381_pairing_check", BLS12381_PAIRING_CHECK_ELEMENT_SIZE, 2130000000000, 2130000000000},
};

static uint64_t random_state = 88172645463325252;

static void random_bytes(uint8_t *out, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        random_state ^= random_state << 13;
        random_state ^= random_state >> 7;
        random_state ^= random_state << 17;
        out[i] = (uint8_t)(random_state >> 32);
    }
}

/* Processor time of this thread in nanoseconds: what a shared machine takes away does not count. */
static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void fail(const char *what)
{
    fprintf(stderr, "bench_curves: %s\n", what);
    exit(1);
}

/* Runs the function; the input must be a good one. */
static void run(enum kind kind, struct bytes input, struct buffer *out)
{
    uint8_t point[BN254_G1_SIZE];
    struct error e = {0};
    enum status status = STATUS_OK;
    uint64_t ret = 0;
    bool is_one;
    out->size = 0;
    switch (kind) {
    case BN_SUM: status = bn254_g1_sum(input, point, &e); break;
    case BN_MULTIEXP: status = bn254_g1_multiexp(input, point, &e); break;
    case BN_PAIRING: status = bn254_pairing_check(input, &is_one, &e); break;
    case P1_SUM: status = bls12381_p1_sum(input, false, &ret, out, &e); break;
    case P2_SUM: status = bls12381_p2_sum(input, false, &ret, out, &e); break;
    case G1_MULTIEXP: status = bls12381_g1_multiexp(input, false, &ret, out, &e); break;
    case G2_MULTIEXP: status = bls12381_g2_multiexp(input, false, &ret, out, &e); break;
    case MAP_G1: status = bls12381_map_fp_to_g1(input, false, &ret, out, &e); break;
    case MAP_G2: status = bls12381_map_fp2_to_g2(input, false, &ret, out, &e); break;
    case P1_DECOMPRESS: status = bls12381_p1_decompress(input, false, &ret, out, &e); break;
    case P2_DECOMPRESS: status = bls12381_p2_decompress(input, false, &ret, out, &e); break;
    case PAIRING: status = bls12381_pairing_check(input, &ret, &e); break;
    case KINDS: break;
    }
    if (status != STATUS_OK || ret == BLS12381_BAD_INPUT) fail(e.message[0] ? e.message : "bad input");
    if (kind <= BN_MULTIEXP) buffer_append(out, point, sizeof point);
}

/* Makes one random element of the function's input. */
static void make_element(enum kind kind, uint8_t *element)
{
    /* the generator of the second group of BN254 (EIP-197), little-endian */
    static const uint64_t bn_g2[16] = {
        0x46debd5cd992f6ed, 0x674322d4f75edadd, 0x426a00665e5c4479, 0x1800deef121f1e76,
        0x97e485b7aef312c2, 0xf1aa493335a9e712, 0x7260bfb731fb5d25, 0x198e9393920d483a,
        0x4ce6cc0166fa7daa, 0xe3d1e7690c43d37b, 0x4aab71808dcb408f, 0x12c85ea5db8c6deb,
        0x55acdadcd122975b, 0xbc4b313370b38ef3, 0xec9e99ad690c3395, 0x090689d0585ff075};
    struct buffer point = {0};
    uint8_t number[BLS12381_FP2_SIZE] = {1, [32] = 2};
    memset(element, 0, functions[kind].element);
    if (kind <= BN_PAIRING) { /* [k] of the generator (1, 2) */
        random_bytes(number + 64, 32);
        number[95] &= 0x1f;
        run(BN_MULTIEXP, bytes_of(number, 96), &point);
        memcpy(element + (kind == BN_SUM), point.data, BN254_G1_SIZE);
        if (kind == BN_MULTIEXP) memcpy(element + BN254_G1_SIZE, number + 64, 32);
        for (unsigned i = 0; kind == BN_PAIRING && i < 16; i++) store_le64(element + BN254_G1_SIZE + 8 * i, bn_g2[i]);
        buffer_free(&point);
        return;
    }
    random_bytes(number, sizeof number);
    number[0] = number[48] = 0x15;
    if (kind == MAP_G1 || kind == MAP_G2) {
        memcpy(element, number, functions[kind].element);
        return;
    }
    bool second = kind == P2_SUM || kind == G2_MULTIEXP || kind == P2_DECOMPRESS;
    run(second ? MAP_G2 : MAP_G1, bytes_of(number, second ? 96 : 48), &point);
    if (kind == P1_DECOMPRESS || kind == P2_DECOMPRESS) {
        memcpy(element, point.data, functions[kind].element);
        element[0] |= 0x80;
    } else {
        memcpy(element + (kind == P1_SUM || kind == P2_SUM), point.data, point.size);
        if (kind == G1_MULTIEXP || kind == G2_MULTIEXP) random_bytes(element + point.size, 32);
    }
    if (kind == PAIRING) {
        run(MAP_G2, bytes_of(number, 96), &point);
        memcpy(element + BLS12381_G1_SIZE, point.data, point.size);
    }
    buffer_free(&point);
}

static void report(enum kind kind, size_t count, double ns)
{
    double gas = functions[kind].base + functions[kind].each * (double)count;
    printf("| `%s` | %zu | %.0f | %.0f | %.3f |\n", functions[kind].name, count, ns, gas / 1e9,
           ns * GAS_PER_NANOSECOND / gas);
    fflush(stdout);
}

/* Nanoseconds of one run, on the average of so many. */
static double time_runs(enum kind kind, struct bytes input, struct buffer *out, unsigned runs)
{
    double start = now();
    for (unsigned i = 0; i < runs; i++) run(kind, input, out);
    return (now() - start) / runs;
}

/* The least of several measurements, for a tenth of a second or three of them, whichever is more. Short runs are taken
 * together, so that reading the clock does not count. */
static double measure(enum kind kind, struct bytes input)
{
    struct buffer out = {0};
    double least = time_runs(kind, input, &out, 1), end = now() + 1e8;
    unsigned runs = 1 + (unsigned)(1e5 / (least + 1));
    for (unsigned i = 0; i < 3 || now() < end; i++) {
        double ns = time_runs(kind, input, &out, runs);
        if (ns < least) least = ns;
    }
    buffer_free(&out);
    return least;
}

static void bench(enum kind kind, bool largest)
{
    const size_t size = functions[kind].element;
    uint8_t elements[SAMPLES][512];
    double slowest = 0;
    for (unsigned i = 0; i < SAMPLES; i++) {
        make_element(kind, elements[i]);
        double ns = measure(kind, bytes_of(elements[i], size));
        if (ns > slowest) slowest = ns;
    }
    report(kind, 1, slowest);
    if (!largest) return;
    size_t count = (size_t)((GAS_LIMIT - functions[kind].base) / functions[kind].each);
    struct buffer input = {0};
    for (size_t i = 0; i < count; i++) buffer_append(&input, elements[i % SAMPLES], size);
    if (input.failed) fail("no memory");
    report(kind, count, measure(kind, bytes_of(input.data, input.size)));
    buffer_free(&input);
}

int main(int argc, char **argv)
{
    bool largest = argc > 1 && strcmp(argv[1], "--largest") == 0;
    if (argc > 1 && !largest) {
        fprintf(stderr, "usage: bench_curves [--largest]\n");
        return 2;
    }
    printf("multiplication: %s\n\n", field_is_accelerated() ? "MULX, ADX" : "portable");
    printf("| function | elements | ns | Ggas | ns / (gas / 10^6) |\n|---|---|---|---|---|\n");
    for (enum kind kind = 0; kind < KINDS; kind++) bench(kind, largest);
    return 0;
}
