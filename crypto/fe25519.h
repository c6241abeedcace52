/* The field of 2^255 - 19, for ed25519: five limbs of 51 bits.
 *
 * Limbs may be larger than 51 bits for a while, which saves carries. Products are tight (limbs below 2^51 + 2^13), sums
 * and differences loose (below 2^54); the operands of products may be loose, those of sums must be tight or sums of two
 * tight ones, and a subtrahend likewise. Operands and result may be the same object. Constant time throughout. */
#ifndef CRYPTO_FE25519_H
#define CRYPTO_FE25519_H

#include <stdbool.h>

#include "crypto/wide.h"

struct fe25519 {
    uint64_t v[5];
};

#define FE25519_ONE ((struct fe25519){{1, 0, 0, 0, 0}})
#define FE25519_MASK (((uint64_t)1 << 51) - 1)

/* Bit 255 is ignored; numbers from p to 2^255 - 1 are taken modulo p. */
void fe25519_from_bytes(struct fe25519 *r, const uint8_t bytes[32]);

/* The canonical form, below p. */
void fe25519_to_bytes(uint8_t bytes[32], const struct fe25519 *a);

void fe25519_multiply(struct fe25519 *r, const struct fe25519 *a, const struct fe25519 *b);
void fe25519_square(struct fe25519 *r, const struct fe25519 *a);

/* 1/a; 0 for 0. */
void fe25519_invert(struct fe25519 *r, const struct fe25519 *a);

/* a^((p-5)/8), the heart of square roots. */
void fe25519_power_p58(struct fe25519 *r, const struct fe25519 *a);

bool fe25519_equal(const struct fe25519 *a, const struct fe25519 *b);

/* Whether the canonical form is odd, which is what "negative" means here. */
bool fe25519_is_negative(const struct fe25519 *a);

static inline void fe25519_add(struct fe25519 *r, const struct fe25519 *a, const struct fe25519 *b)
{
    for (int i = 0; i < 5; i++) r->v[i] = a->v[i] + b->v[i];
}

/* a - b + 4p. */
static inline void fe25519_subtract(struct fe25519 *r, const struct fe25519 *a, const struct fe25519 *b)
{
    r->v[0] = a->v[0] + 4 * (FE25519_MASK - 18) - b->v[0];
    for (int i = 1; i < 5; i++) r->v[i] = a->v[i] + 4 * FE25519_MASK - b->v[i];
}

#endif
