/* Speed of the cryptographic host functions: nanoseconds beside the gas they cost, for one element (or a short input)
 * and for the largest input that 300 Tgas buy, and what a well-known implementation takes for the small one. The ratio
 * is time over paid time (10^12 gas = 1 ms): it must be below 1.
 *
 *     bench_crypto [TEXT]     only functions whose name contains TEXT
 *
 * Gas: protocol version 88, the function's own cost without reading memory, which would only buy less. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "bench/crypto_peers.h"
#include "crypto/bls12381.h"
#include "crypto/bn254.h"
#include "crypto/ed25519.h"
#include "crypto/host_functions.h"
#include "crypto/p256.h"

#define GAS_LIMIT 300000000000000.0
#define MAX_REPEATS_NS 3e8 /* time spent on one measurement */
#define SHORT_NS 1e5

struct input {
    struct buffer bytes[3];
    uint64_t v;
};

typedef enum status one_input(struct bytes value, struct host_crypto_result *r, struct error *e);
typedef enum status one_input_with_fix(struct bytes value, bool fix, struct host_crypto_result *r, struct error *e);
typedef enum status three_inputs(struct bytes a, struct bytes b, struct bytes c, struct host_crypto_result *r,
                                 struct error *e);

/* A row of the table. `unit` is what the variable part of the cost counts: bytes, blocks of 64 or elements. */
struct row {
    const char *name;
    double base, per_unit;
    size_t unit, small; /* bytes of a unit; units of the small input */
    void (*make)(struct input *in, size_t units);
    one_input *one;
    one_input_with_fix *bls;
    three_inputs *three;
    uint64_t ret; /* what it must return */
    const char *peer_name;
    bool (*peer)(const struct input *in);
};

/* The thread's own time, so that other work on the machine is not counted; but reading it costs as much as a short call
 * takes, and then a clock on the wall is better: of many short runs one is undisturbed. */
static double now(bool short_call)
{
    struct timespec t;
    clock_gettime(short_call ? CLOCK_MONOTONIC : CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static struct bytes view(const struct buffer *b)
{
    return bytes_of(b->data, b->size);
}

/* Runs once. Ends the program if the function reports an error or another value: the input was meant to be good. */
static void run_row(const struct row *row, const struct input *in)
{
    struct host_crypto_result r = {0};
    struct error e = {0};
    const struct bytes a = view(&in->bytes[0]), b = view(&in->bytes[1]), c = view(&in->bytes[2]);
    const enum status status = row->one     ? row->one(a, &r, &e)
                               : row->bls   ? row->bls(a, false, &r, &e)
                               : row->three ? row->three(a, b, c, &r, &e)
                                            : host_ecrecover(a, b, in->v, 1, &r, &e);
    if (status != STATUS_OK || r.error != HOST_CRYPTO_NO_ERROR || r.ret != row->ret) {
        fprintf(stderr, "%s: the bench's input is bad (%llu): %.*s\n", row->name, (unsigned long long)r.ret,
                (int)r.message.size, r.message.size ? (char *)r.message.data : "");
        exit(1);
    }
    host_crypto_result_free(&r);
}

/* The least of several runs, in nanoseconds: what disturbs a machine only makes it slower. */
static double measure(const struct row *row, const struct input *in)
{
    double best = 1e18, spent = 0;
    for (int i = 0; i < 1000 && (i < 3 || spent < MAX_REPEATS_NS); i++) {
        const bool short_call = best < SHORT_NS;
        const double start = now(short_call);
        run_row(row, in);
        const double took = now(short_call) - start;
        if (took < best) best = took;
        spent += took;
    }
    return best;
}

static double measure_peer(const struct row *row, const struct input *in)
{
    if (!row->peer || !row->peer(in)) return 0;
    double best = 1e18, spent = 0;
    for (int i = 0; i < 1000 && (i < 3 || spent < MAX_REPEATS_NS); i++) {
        const bool short_call = best < SHORT_NS;
        const double start = now(short_call);
        row->peer(in);
        const double took = now(short_call) - start;
        if (took < best) best = took;
        spent += took;
    }
    return best;
}

/* ---- inputs ----------------------------------------------------------------------------------------------------- */

static uint64_t random_state = 88;

static uint8_t random_byte(void)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (uint8_t)(random_state >> 56);
}

static void append_random(struct buffer *b, size_t size)
{
    buffer_reserve(b, size);
    for (size_t i = 0; i < size; i++) buffer_append_byte(b, random_byte());
}

static void make_bytes(struct input *in, size_t units)
{
    append_random(&in->bytes[0], units);
}

static void make_blocks(struct input *in, size_t units)
{
    append_random(&in->bytes[0], units * 64 - 9); /* the padding fills the last block */
}

static void make_ed25519(struct input *in, size_t units)
{
    struct ed25519_key key;
    uint8_t seed[32] = {1, 2, 3}, signature[64];
    append_random(&in->bytes[1], units);
    ed25519_key_from_seed(&key, seed);
    ed25519_sign(&key, view(&in->bytes[1]), signature);
    buffer_append(&in->bytes[0], signature, 64);
    buffer_append(&in->bytes[2], key.public_key, 32);
}

static void append_hex(struct buffer *b, const char *hex)
{
    for (unsigned byte; sscanf(hex, "%2x", &byte) == 1; hex += 2) buffer_append_byte(b, (uint8_t)byte);
}

/* RFC 6979, A.2.5: P-256, SHA-256, "sample". */
static void make_p256(struct input *in, size_t units)
{
    append_hex(&in->bytes[0], "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
                              "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8");
    append_hex(&in->bytes[1], "af2bdbe1aa9b6ec1e2ade1d694f41fc71a831d0268e9891562113d8a62add1bf");
    append_hex(&in->bytes[2], "0360fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6");
    if (units > 32) append_random(&in->bytes[1], units - 32);
}

/* One of nearcore's cases. */
static void make_ecrecover(struct input *in, size_t units)
{
    (void)units;
    append_hex(&in->bytes[0], "ce0677bb30baa8cf067c88db9811f4333d131bf8bcf12fe7065d211dce971008");
    append_hex(&in->bytes[1], "90f27b8b488db00b00606796d2987f6a5f59ae62ea05effe84fef5b8b0e54998"
                              "4a691139ad57a3f0b906637673aa2f63d1f55cb1a69199d4009eea23ceaddc93");
    in->v = 1;
}

/* No signature, but all the work is done: z is small (0x80000 is zero there) and there are no hints. */
static void make_ml_dsa(struct input *in, size_t units)
{
    append_random(&in->bytes[0], 48);
    for (int i = 0; i < 3200; i += 5) append_hex(&in->bytes[0], "0000080080");
    for (int i = 0; i < 61; i++) buffer_append_byte(&in->bytes[0], 0);
    append_random(&in->bytes[1], units);
    append_random(&in->bytes[2], 1952);
}

/* Points of BN254's G1: multiples of (1, 2). */
static void append_bn254_g1(struct buffer *b)
{
    uint8_t element[96] = {1}, point[64];
    struct error e;
    element[32] = 2;
    for (int i = 64; i < 94; i++) element[i] = random_byte();
    if (bn254_g1_multiexp(bytes_of(element, sizeof element), point, &e) == STATUS_OK) buffer_append(b, point, 64);
}

static void make_bn254_multiexp(struct input *in, size_t units)
{
    for (size_t i = 0; i < units; i++) {
        append_bn254_g1(&in->bytes[0]);
        append_random(&in->bytes[0], 31);
        buffer_append_byte(&in->bytes[0], 0x20);
    }
}

static void make_bn254_sum(struct input *in, size_t units)
{
    struct buffer points = {0};
    for (size_t i = 0; i < 500; i++) append_bn254_g1(&points);
    for (size_t i = 0; i < units; i++) {
        buffer_append_byte(&in->bytes[0], random_byte() & 1);
        buffer_append(&in->bytes[0], points.data + i % 500 * 64, 64);
    }
    buffer_free(&points);
}

static void make_bn254_pairing(struct input *in, size_t units)
{
    for (size_t i = 0; i < units; i++) {
        append_bn254_g1(&in->bytes[0]); /* and the usual generator of G2 */
        append_hex(&in->bytes[0], "edf692d95cbdde46ddda5ef7d422436779445c5e66006a42761e1f12efde0018"
                                  "c212f3aeb785e49712e7a9353349aaf1255dfb31b7bf60723a480d9293938e19"
                                  "aa7dfa6601cce64c7bd3430c69e7d1e38f40cb8d8071ab4aeb6d8cdba55ec812"
                                  "5b9722d1dcdaac55f38eb37033314bbc95330c69ad999eec75f05f58d0890609");
    }
}

/* Points of BLS12-381, by the maps. `map` gives `size` bytes for `field_size` random ones. */
static void append_bls_point(struct buffer *b, bool g2)
{
    uint8_t number[96];
    uint64_t ret = 1;
    struct error e;
    for (size_t i = 0; i < sizeof number; i++) number[i] = i % 48 ? random_byte() : 1;
    if (g2) bls12381_map_fp2_to_g2(bytes_of(number, 96), false, &ret, b, &e);
    else bls12381_map_fp_to_g1(bytes_of(number, 48), false, &ret, b, &e);
    if (ret != 0) exit(1);
}

static void make_bls_sum(struct input *in, size_t units, bool g2)
{
    const size_t size = g2 ? 192 : 96, distinct = 300;
    struct buffer points = {0};
    for (size_t i = 0; i < distinct; i++) append_bls_point(&points, g2);
    for (size_t i = 0; i < units; i++) {
        buffer_append_byte(&in->bytes[0], random_byte() & 1);
        buffer_append(&in->bytes[0], points.data + i % distinct * size, size);
    }
    buffer_free(&points);
}

static void make_p1_sum(struct input *in, size_t units)
{
    make_bls_sum(in, units, false);
}

static void make_p2_sum(struct input *in, size_t units)
{
    make_bls_sum(in, units, true);
}

static void make_g1_multiexp(struct input *in, size_t units)
{
    for (size_t i = 0; i < units; i++) {
        append_bls_point(&in->bytes[0], false);
        append_random(&in->bytes[0], 32);
    }
}

static void make_g2_multiexp(struct input *in, size_t units)
{
    for (size_t i = 0; i < units; i++) {
        append_bls_point(&in->bytes[0], true);
        append_random(&in->bytes[0], 32);
    }
}

static void make_fp(struct input *in, size_t units)
{
    for (size_t i = 0; i < units; i++) {
        buffer_append_byte(&in->bytes[0], 1);
        append_random(&in->bytes[0], 47);
    }
}

static void make_fp2(struct input *in, size_t units)
{
    make_fp(in, 2 * units);
}

/* x with the flag "compressed"; either root of y² will do. */
static void make_compressed(struct input *in, size_t units, bool g2)
{
    const size_t size = g2 ? 96 : 48;
    for (size_t i = 0; i < units; i++) {
        struct buffer point = {0};
        append_bls_point(&point, g2);
        point.data[0] |= 0x80;
        buffer_append(&in->bytes[0], point.data, size);
        buffer_free(&point);
    }
}

static void make_p1_compressed(struct input *in, size_t units)
{
    make_compressed(in, units, false);
}

static void make_p2_compressed(struct input *in, size_t units)
{
    make_compressed(in, units, true);
}

static void make_bls_pairing(struct input *in, size_t units)
{
    for (size_t i = 0; i < units; i++) {
        append_bls_point(&in->bytes[0], false);
        append_bls_point(&in->bytes[0], true);
    }
}

/* ---- peers on the same input ------------------------------------------------------------------------------------ */

#define DIGEST(function, name)                                             \
    static bool function(const struct input *in)                           \
    {                                                                      \
        return peer_digest(name, in->bytes[0].data, in->bytes[0].size);    \
    }
DIGEST(openssl_sha256, "SHA256")
DIGEST(openssl_sha3_256, "SHA3-256")
DIGEST(openssl_sha3_384, "SHA3-384")
DIGEST(openssl_sha3_512, "SHA3-512")
DIGEST(openssl_ripemd160, "RIPEMD160")

static bool sodium_ed25519(const struct input *in)
{
    return peer_ed25519(in->bytes[2].data, in->bytes[1].data, in->bytes[1].size, in->bytes[0].data);
}

static bool openssl_p256(const struct input *in)
{
    uint8_t point[64], der[72] = {0x30, 70, 2, 33, 0};
    memcpy(der + 5, in->bytes[0].data, 32);
    memcpy(der + 37, (const uint8_t[]){2, 33, 0}, 3);
    memcpy(der + 40, in->bytes[0].data + 32, 32);
    return p256_decompress(in->bytes[2].data, point) && peer_p256(point, in->bytes[1].data, der, sizeof der);
}

#define BLST(function, operation)                     \
    static bool function(const struct input *in)      \
    {                                                 \
        return operation(in->bytes[0].data);          \
    }
BLST(blst_g1_multiply, peer_g1_multiply)
BLST(blst_g2_multiply, peer_g2_multiply)
BLST(blst_g1_add, peer_g1_add)
BLST(blst_g2_add, peer_g2_add)
BLST(blst_g1_uncompress, peer_g1_uncompress)
BLST(blst_g2_uncompress, peer_g2_uncompress)
BLST(blst_map_g1, peer_map_to_g1)
BLST(blst_map_g2, peer_map_to_g2)
BLST(blst_pairing, peer_pairing)

/* ---- the table -------------------------------------------------------------------------------------------------- */

static const struct row rows[] = {
    {"sha256", 4540970250, 24117351, 1, 32, make_bytes, .one = host_sha256, .peer_name = "OpenSSL",
     .peer = openssl_sha256},
    {"keccak256", 5879491275, 21471105, 1, 32, make_bytes, .one = host_keccak256},
    {"keccak512", 5811388236, 36649701, 1, 32, make_bytes, .one = host_keccak512},
    {"sha3_256", 5879491275, 21471105, 1, 32, make_bytes, .one = host_sha3_256, .peer_name = "OpenSSL",
     .peer = openssl_sha3_256},
    {"sha3_384", 5811388236, 36649701, 1, 32, make_bytes, .one = host_sha3_384, .peer_name = "OpenSSL",
     .peer = openssl_sha3_384},
    {"sha3_512", 5811388236, 36649701, 1, 32, make_bytes, .one = host_sha3_512, .peer_name = "OpenSSL",
     .peer = openssl_sha3_512},
    {"ripemd160", 853675086, 680107584, 64, 1, make_blocks, .one = host_ripemd160, .peer_name = "OpenSSL",
     .peer = openssl_ripemd160},
    {"ecrecover", 278821988457, 0, 0, 0, make_ecrecover, .ret = 1},
    {"ed25519_verify", 210000000000, 9000000, 1, 32, make_ed25519, .three = host_ed25519_verify, .ret = 1,
     .peer_name = "libsodium", .peer = sodium_ed25519},
    {"p256_verify", 1300000000000, 13000000, 1, 32, make_p256, .three = host_p256_verify, .ret = 1,
     .peer_name = "OpenSSL", .peer = openssl_p256},
    {"ml_dsa_verify", 540000000000, 11000000, 1, 32, make_ml_dsa, .three = host_ml_dsa_verify},
    {"alt_bn128_g1_multiexp", 713000000000, 320000000000, 96, 1, make_bn254_multiexp,
     .one = host_alt_bn128_g1_multiexp},
    {"alt_bn128_g1_sum", 3000000000, 5000000000, 65, 1, make_bn254_sum, .one = host_alt_bn128_g1_sum},
    {"alt_bn128_pairing_check", 9686000000000, 5102000000000, 192, 1, make_bn254_pairing,
     .one = host_alt_bn128_pairing_check},
    {"bls12381_p1_sum", 16500000000, 6000000000, 97, 1, make_p1_sum, .bls = host_bls12381_p1_sum, .peer_name = "blst",
     .peer = blst_g1_add},
    {"bls12381_p2_sum", 18600000000, 15000000000, 193, 1, make_p2_sum, .bls = host_bls12381_p2_sum,
     .peer_name = "blst", .peer = blst_g2_add},
    {"bls12381_g1_multiexp", 16500000000, 930000000000, 128, 1, make_g1_multiexp, .bls = host_bls12381_g1_multiexp,
     .peer_name = "blst", .peer = blst_g1_multiply},
    {"bls12381_g2_multiexp", 18600000000, 1995000000000, 224, 1, make_g2_multiexp, .bls = host_bls12381_g2_multiexp,
     .peer_name = "blst", .peer = blst_g2_multiply},
    {"bls12381_map_fp_to_g1", 1500000000, 252000000000, 48, 1, make_fp, .bls = host_bls12381_map_fp_to_g1,
     .peer_name = "blst", .peer = blst_map_g1},
    {"bls12381_map_fp2_to_g2", 1500000000, 900000000000, 96, 1, make_fp2, .bls = host_bls12381_map_fp2_to_g2,
     .peer_name = "blst", .peer = blst_map_g2},
    {"bls12381_pairing_check", 2130000000000, 2130000000000, 288, 1, make_bls_pairing,
     .one = host_bls12381_pairing_check, .ret = 2, .peer_name = "blst", .peer = blst_pairing},
    {"bls12381_p1_decompress", 15000000000, 81000000000, 48, 1, make_p1_compressed,
     .bls = host_bls12381_p1_decompress, .peer_name = "blst", .peer = blst_g1_uncompress},
    {"bls12381_p2_decompress", 15000000000, 165000000000, 96, 1, make_p2_compressed,
     .bls = host_bls12381_p2_decompress, .peer_name = "blst", .peer = blst_g2_uncompress},
};

/* One line of the table; the ratio. */
static double print_line(const struct row *row, size_t units, bool with_peer)
{
    struct input in = {0};
    row->make(&in, units);
    const double ns = measure(row, &in), gas = row->base + row->per_unit * (double)units;
    const double ratio = ns / (gas / 1e6), peer = with_peer ? measure_peer(row, &in) : 0;
    const bool bytes = row->unit <= 1;
    printf("| %-23s | %8zu %-8s | %13.0f | %15.0f | %6.4f |", row->name, units,
           row->per_unit == 0 ? "" : bytes ? "bytes" : row->unit == 64 ? "blocks" : "elements", ns, gas, ratio);
    if (peer > 0) printf(" %9.0f %-9s |\n", peer, row->peer_name);
    else printf(" %-19s |\n", "");
    fflush(stdout);
    for (int i = 0; i < 3; i++) buffer_free(&in.bytes[i]);
    return ratio;
}

int main(int argc, char **argv)
{
    double worst = 0;
    peers_load();
    printf("| %-23s | %-17s | %13s | %15s | %6s | %-19s |\n", "function", "input", "ns", "gas", "ratio",
           "peer, ns");
    printf("|---|--:|--:|--:|--:|---|\n");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct row *row = &rows[i];
        if (argc > 1 && !strstr(row->name, argv[1])) continue;
        double ratio = print_line(row, row->small, true);
        if (ratio > worst) worst = ratio;
        if (row->per_unit == 0) continue;
        ratio = print_line(row, (size_t)((GAS_LIMIT - row->base) / row->per_unit), false);
        if (ratio > worst) worst = ratio;
    }
    printf("\nthe highest ratio: %.4f\n", worst);
    return worst < 1 ? 0 : 1;
}
