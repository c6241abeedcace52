#include "base/hash.h"

#include <sys/random.h>
#include <time.h>

struct hash_key hash_key_new(void)
{
    struct hash_key key;
#ifdef __linux__
    if (getrandom(&key, sizeof key, GRND_NONBLOCK) == (ssize_t)sizeof key) return key;
#else
    if (getentropy(&key, sizeof key) == 0) return key;
#endif
    /* A system that has just started and has no random numbers yet: better than a constant. */
    struct timespec now = {0};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (struct hash_key){(uint64_t)now.tv_nsec << 20 ^ (uint64_t)now.tv_sec, (uint64_t)(uintptr_t)&key};
}

static uint64_t rotate(uint64_t x, unsigned n)
{
    return x << n | x >> (64 - n);
}

static void rounds(uint64_t v[static 4], int count)
{
    for (int i = 0; i < count; i++) {
        v[0] += v[1];
        v[1] = rotate(v[1], 13) ^ v[0];
        v[0] = rotate(v[0], 32);
        v[2] += v[3];
        v[3] = rotate(v[3], 16) ^ v[2];
        v[0] += v[3];
        v[3] = rotate(v[3], 21) ^ v[0];
        v[2] += v[1];
        v[1] = rotate(v[1], 17) ^ v[2];
        v[2] = rotate(v[2], 32);
    }
}

uint64_t hash_bytes(struct bytes b, const struct hash_key *key)
{
    uint64_t v[4] = {key->k0 ^ UINT64_C(0x736f6d6570736575), key->k1 ^ UINT64_C(0x646f72616e646f6d),
                     key->k0 ^ UINT64_C(0x6c7967656e657261), key->k1 ^ UINT64_C(0x7465646279746573)};
    uint64_t last = (uint64_t)b.size << 56;
    size_t at = 0;
    for (; b.size - at >= 8; at += 8) {
        const uint64_t word = load_le64(b.data + at);
        v[3] ^= word;
        rounds(v, 1);
        v[0] ^= word;
    }
    for (size_t i = 0; at + i < b.size; i++) last |= (uint64_t)b.data[at + i] << 8 * i;
    v[3] ^= last;
    rounds(v, 1);
    v[0] ^= last;
    v[2] ^= 0xff;
    rounds(v, 3);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}
