/* Decisions drawn from a fuzzer's input: its bytes as long as there are any, then a generator seeded by all of them,
 * so that even a short input makes a rich module and every byte of a long one steers something. */
#ifndef FUZZ_CHOICES_H
#define FUZZ_CHOICES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct choices {
    const uint8_t *p, *end;
    uint64_t state;
};

static inline struct choices choices_of(const uint8_t *data, size_t size)
{
    uint64_t h = 0xcbf29ce484222325u ^ size;
    for (size_t i = 0; i < size; i++) h = (h ^ data[i]) * 0x100000001b3u;
    return (struct choices){data, data + size, h};
}

/* splitmix64 */
static inline uint64_t choose_bits(struct choices *c)
{
    uint64_t z = c->state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

/* A number below n (n > 0). */
static inline uint32_t choose(struct choices *c, uint32_t n)
{
    if (n <= 1) return 0;
    if (c->p == c->end) return (uint32_t)(choose_bits(c) >> 32) % n;
    uint32_t v = *c->p++;
    if (n > 256 && c->p < c->end) v |= (uint32_t)*c->p++ << 8;
    if (n > 65536) v |= (uint32_t)(choose_bits(c) & 0xffff) << 16;
    return v % n;
}

static inline bool chance(struct choices *c, uint32_t percent)
{
    return choose(c, 100) < percent;
}

#endif
