/* What a chain cache remembers; see struct chain_cache (x509.h). */
#ifndef TEE_CHAIN_CACHE_H
#define TEE_CHAIN_CACHE_H

#include "tee/x509.h"

/* Both with a cache that may be null. Without memory nothing is remembered. */
bool chain_cache_has(const struct chain_cache *cache, const struct certificate *c, const struct certificate *issuer);
void chain_cache_add(struct chain_cache *cache, const struct certificate *c, const struct certificate *issuer);

#endif
