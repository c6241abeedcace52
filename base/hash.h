/* A keyed hash for tables in memory: SipHash-1-3 (Aumasson, Bernstein, 2012). Names and contents in tables come from
 * strangers; with a key of its own for each table, which they don't know, they can't make theirs collide. Never part
 * of a result, of an order of output or of a file. */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include "base/bytes.h"

struct hash_key {
    uint64_t k0, k1;
};

/* A key from the system's random numbers. */
struct hash_key hash_key_new(void);

uint64_t hash_bytes(struct bytes b, const struct hash_key *key);

#endif
