#include "crypto/chacha20.h"

#include <bearssl.h>

void chacha20_init(struct chacha20 *c, const uint8_t seed[static CHACHA20_SEED_SIZE])
{
    memcpy(c->seed, seed, sizeof c->seed);
    c->counter = 0;
    c->used = sizeof c->block;
}

uint32_t chacha20_next(struct chacha20 *c)
{
    static const uint8_t nonce[12];
    if (c->used == sizeof c->block) {
        memset(c->block, 0, sizeof c->block);
        c->counter = br_chacha20_ct_run(c->seed, nonce, c->counter, c->block, sizeof c->block);
        c->used = 0;
    }
    const uint32_t next = load_le32(c->block + c->used);
    c->used += 4;
    return next;
}

/* The upper half of a product with the bound, unless the lower half is above the largest multiple of the bound by a
 * power of two that fits: the products that would make some numbers likelier. */
uint32_t chacha20_below(struct chacha20 *c, uint32_t bound)
{
    uint32_t zone = bound;
    while (!(zone & UINT32_C(0x80000000))) zone <<= 1;
    zone--;
    for (;;) {
        const uint64_t product = (uint64_t)chacha20_next(c) * bound;
        if ((uint32_t)product <= zone) return (uint32_t)(product >> 32);
    }
}
