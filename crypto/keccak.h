/* The Keccak family: Keccak-256 and -512 with the original padding (as Ethereum uses them), SHA3-256, -384 and -512 and
 * the functions SHAKE128 and SHAKE256 (FIPS 202).
 *
 * The caller owns every state; nothing is allocated, nothing fails. Time depends on lengths alone. */
#ifndef CRYPTO_KECCAK_H
#define CRYPTO_KECCAK_H

#include "base/bytes.h"

void keccak256(struct bytes input, uint8_t out[32]);
void keccak512(struct bytes input, uint8_t out[64]);
void sha3_256(struct bytes input, uint8_t out[32]);
void sha3_384(struct bytes input, uint8_t out[48]);
void sha3_512(struct bytes input, uint8_t out[64]);

/* The sponge. Input goes in by any number of keccak_absorb, one keccak_finish ends it, output comes out by any number
 * of keccak_squeeze: as many bytes as one likes. */
struct keccak {
    uint64_t lanes[25];
    unsigned rate;     /* bytes taken in or given out between two permutations */
    unsigned position; /* the next of them, at most `rate` */
};

#define SHAKE128_RATE 168
#define SHAKE256_RATE 136

enum keccak_padding {
    KECCAK_PADDING = 0x01, /* the original submission */
    SHA3_PADDING = 0x06,
    SHAKE_PADDING = 0x1f,
};

/* `rate`: 200 less twice the security strength in bytes; a multiple of 8. */
void keccak_init(struct keccak *k, unsigned rate);
void keccak_absorb(struct keccak *k, struct bytes input);
void keccak_finish(struct keccak *k, enum keccak_padding padding);
void keccak_squeeze(struct keccak *k, uint8_t *out, size_t size);

#endif
