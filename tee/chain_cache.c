#include "tee/chain_cache.h"

#include <stdlib.h>

#include "crypto/sha2.h"

enum { ENTRIES = 64 };

struct chain_cache_entry {
    uint8_t digest[SHA256_SIZE];
};

/* A certificate says itself how long it is, so the two cannot be cut elsewhere. */
static struct chain_cache_entry entry_of(const struct certificate *c, const struct certificate *issuer)
{
    struct chain_cache_entry entry;
    struct sha256 h;
    sha256_init(&h);
    sha256_update(&h, c->der);
    sha256_update(&h, issuer->der);
    sha256_finish(&h, entry.digest);
    return entry;
}

bool chain_cache_has(const struct chain_cache *cache, const struct certificate *c, const struct certificate *issuer)
{
    if (!cache || cache->count == 0) return false;
    const struct chain_cache_entry entry = entry_of(c, issuer);
    for (uint32_t i = 0; i < cache->count; i++)
        if (memcmp(cache->entries[i].digest, entry.digest, sizeof entry.digest) == 0) return true;
    return false;
}

void chain_cache_add(struct chain_cache *cache, const struct certificate *c, const struct certificate *issuer)
{
    if (!cache) return;
    if (!cache->entries) cache->entries = calloc(ENTRIES, sizeof *cache->entries);
    if (!cache->entries) return;
    cache->entries[cache->next] = entry_of(c, issuer);
    cache->next = (cache->next + 1) % ENTRIES;
    if (cache->count < ENTRIES) cache->count++;
}

void chain_cache_free(struct chain_cache *c)
{
    free(c->entries);
    *c = (struct chain_cache){0};
}
