/* The path of one leaf, for tests that need no others. */
#ifndef TESTS_MERKLE_PATH_H
#define TESTS_MERKLE_PATH_H

#include "proof/merkle.h"

static inline bool merkle_path_of(const struct crypto_hash *leaves, size_t count, size_t index, struct merkle_path *out)
{
    struct arena arena = {0};
    struct merkle_levels levels;
    const bool found = merkle_levels_of(leaves, count, &arena, &levels) && merkle_levels_path(&levels, index, out);
    arena_free(&arena);
    return found;
}

#endif
