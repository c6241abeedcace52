#include "base/hash.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

uint64_t hash_bytes(struct bytes b)
{
    return b.size ? XXH3_64bits(b.data, b.size) : 0;
}
