/* RIPEMD-160: two lines of 80 steps over each block of 64 bytes, whose results are crossed. */
#include "crypto/ripemd160.h"

#define BLOCK 64

/* Which word of the block each step takes, and how far it rotates. */
static const uint8_t left_word[80] = {
    0, 1, 2,  3,  4, 5,  6, 7,  8, 9, 10, 11, 12, 13, 14, 15, 7, 4,  13, 1, 10, 6, 15, 3,  12, 0, 9,
    5, 2, 14, 11, 8, 3, 10, 14, 4, 9, 15, 8,  1,  2,  7,  0,  6, 13, 11, 5, 12, 1, 9,  11, 10, 0, 8,
    12, 4, 13, 3, 7, 15, 14, 5, 6, 2, 4,  0,  5,  9,  7,  12, 2, 10, 14, 1, 3,  8, 11, 6, 15, 13,
};
static const uint8_t right_word[80] = {
    5, 14, 7, 0, 9, 2,  11, 4, 13, 6, 15, 8, 1, 10, 3, 12, 6, 11, 3, 7,  0,  13, 5, 10, 14, 15, 8,
    12, 4, 9, 1, 2, 15, 5, 1, 3, 7,  14, 6, 9, 11, 8, 12, 2, 10, 0, 4, 13, 8,  6, 4,  1,  3,  11,
    15, 0, 5, 12, 2, 13, 9, 7, 10, 14, 12, 15, 10, 4, 1, 5, 8, 7, 6, 2, 13, 14, 0, 3,  9,  11,
};
static const uint8_t left_rotation[80] = {
    11, 14, 15, 12, 5,  8,  7,  9,  11, 13, 14, 15, 6,  7,  9,  8,  7,  6,  8,  13, 11, 9,  7,  15, 7,  12, 15,
    9,  11, 7,  13, 12, 11, 13, 6,  7,  14, 9,  13, 15, 14, 8,  13, 6,  5,  12, 7,  5,  11, 12, 14, 15, 14, 15,
    9,  8,  9,  14, 5,  6,  8,  6,  5,  12, 9,  15, 5,  11, 6,  8,  13, 12, 5,  12, 13, 14, 11, 8,  5,  6,
};
static const uint8_t right_rotation[80] = {
    8,  9, 9,  11, 13, 15, 15, 5, 7, 7,  8,  11, 14, 14, 12, 6,  9,  13, 15, 7, 12, 8,  9,  11, 7,  7,  12,
    7,  6, 15, 13, 11, 9,  7,  15, 11, 8, 6, 6,  14, 12, 13, 5,  14, 13, 13, 7, 5,  15, 5,  8,  11, 14, 14,
    6,  14, 6, 9,  12, 9,  12, 5,  15, 8, 8, 5,  12, 9,  12, 5,  14, 6,  8,  13, 6, 5,  15, 13, 11, 11,
};
static const uint32_t left_constant[5] = {0, 0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xa953fd4e};
static const uint32_t right_constant[5] = {0x50a28be6, 0x5c4dd124, 0x6d703ef3, 0x7a6d76e9, 0};

static inline uint32_t rotate_left(uint32_t v, unsigned n)
{
    return v << n | v >> (32 - n);
}

static inline uint32_t mix(unsigned round, uint32_t x, uint32_t y, uint32_t z)
{
    switch (round) {
    case 0: return x ^ y ^ z;
    case 1: return (x & y) | (~x & z);
    case 2: return (x | ~y) ^ z;
    case 3: return (x & z) | (y & ~z);
    default: return x ^ (y | ~z);
    }
}

static inline void step(uint32_t v[5], unsigned function, uint32_t word, uint32_t constant, unsigned rotation)
{
    uint32_t t = rotate_left(v[0] + mix(function, v[1], v[2], v[3]) + word + constant, rotation) + v[4];
    v[0] = v[4];
    v[4] = v[3];
    v[3] = rotate_left(v[2], 10);
    v[2] = v[1];
    v[1] = t;
}

/* 16 steps of both lines. To be compiled once for each round, so that nothing has to choose the function. */
__attribute__((always_inline)) static inline void run_round(uint32_t left[5], uint32_t right[5], const uint32_t x[16],
                                                            const unsigned round)
{
#pragma GCC unroll 16
    for (unsigned j = round * 16; j < round * 16 + 16; j++) {
        step(left, round, x[left_word[j]], left_constant[round], left_rotation[j]);
        step(right, 4 - round, x[right_word[j]], right_constant[round], right_rotation[j]);
    }
}

static void compress(uint32_t h[5], const uint8_t *block)
{
    uint32_t x[16], left[5], right[5];
    for (unsigned i = 0; i < 16; i++) x[i] = load_le32(block + i * 4);
    memcpy(left, h, sizeof left);
    memcpy(right, h, sizeof right);
    run_round(left, right, x, 0);
    run_round(left, right, x, 1);
    run_round(left, right, x, 2);
    run_round(left, right, x, 3);
    run_round(left, right, x, 4);
    uint32_t t = h[1] + left[2] + right[3];
    h[1] = h[2] + left[3] + right[4];
    h[2] = h[3] + left[4] + right[0];
    h[3] = h[4] + left[0] + right[1];
    h[4] = h[0] + left[1] + right[2];
    h[0] = t;
}

void ripemd160(struct bytes input, uint8_t out[RIPEMD160_SIZE])
{
    uint32_t h[5] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
    size_t whole = input.size / BLOCK, rest = input.size % BLOCK;
    for (size_t i = 0; i < whole; i++) compress(h, input.data + i * BLOCK);

    /* A bit of 1, zeros, and the length in bits: one block more, or two. */
    uint8_t last[2 * BLOCK] = {0};
    if (rest) memcpy(last, input.data + whole * BLOCK, rest);
    last[rest] = 0x80;
    size_t padded = rest + 1 + 8 <= BLOCK ? BLOCK : 2 * BLOCK;
    store_le64(last + padded - 8, (uint64_t)input.size * 8);
    for (size_t at = 0; at < padded; at += BLOCK) compress(h, last + at);
    for (unsigned i = 0; i < 5; i++) store_le32(out + i * 4, h[i]);
}
