/* Prepared contracts, for who runs them; the public part is in runtime/runtime.h. */
#ifndef RUNTIME_CONTRACT_CACHE_H
#define RUNTIME_CONTRACT_CACHE_H

#include "host/host.h"
#include "runtime/runtime.h"

/* Null: it is not there. Valid as long as the cache. */
const struct contract *contract_cache_get(const struct contract_cache *c, const struct protocol_parameters *p,
                                          const struct crypto_hash *hash);

/* The same, but code that is not there is prepared and kept; `hash` is that of the code. STATUS_NO_MEMORY. */
enum status contract_cache_prepare(struct contract_cache *c, const struct protocol_parameters *p,
                                   const struct crypto_hash *hash, struct bytes code, const struct contract **out,
                                   struct error *e);

#endif
