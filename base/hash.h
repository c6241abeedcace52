/* A fast hash for tables in memory; not for anything that must resist an attacker's collisions beyond slowness, and
 * never part of a result or a file. */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include "base/bytes.h"

uint64_t hash_bytes(struct bytes b);

#endif
