/* The key stream of ChaCha20 (RFC 8439, section 2.4) as a source of pseudo-random numbers: the key is the seed, the
 * nonce zero, the block counter starts at 0. The numbers are those of rand_chacha's ChaCha20Rng. */
#ifndef CRYPTO_CHACHA20_H
#define CRYPTO_CHACHA20_H

#include "base/bytes.h"

enum { CHACHA20_SEED_SIZE = 32, CHACHA20_BLOCK_SIZE = 64 };

struct chacha20 {
    uint8_t seed[CHACHA20_SEED_SIZE];
    uint32_t counter;                   /* of the next block; 256 GiB are not used up */
    uint8_t block[CHACHA20_BLOCK_SIZE];
    unsigned used;                      /* bytes of the block */
};

void chacha20_init(struct chacha20 *c, const uint8_t seed[static CHACHA20_SEED_SIZE]);

/* The next four bytes of the stream, little-endian. */
uint32_t chacha20_next(struct chacha20 *c);

/* A number below `bound` (at least 1), each as likely as any other: rand 0.8's gen_range(0..bound) for u32. */
uint32_t chacha20_below(struct chacha20 *c, uint32_t bound);

#endif
