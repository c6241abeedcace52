/* An arena: many small allocations, freed together. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

struct arena_block;

/* Zero-initialise; release with arena_free. Not for use by several threads at once. */
struct arena {
    struct arena_block *head;
    size_t used;      /* in the head block */
    size_t total;     /* bytes taken from the system, for accounting */
};

/* Zeroed memory, aligned for any object, valid until arena_free; null if the system has none left.
 * A size of 0 gives a valid pointer. */
void *arena_alloc(struct arena *a, size_t size);

/* The same for an array; null, too, when count × size overflows. */
void *arena_array(struct arena *a, size_t count, size_t size);

void arena_free(struct arena *a);

#endif
