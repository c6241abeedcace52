/* An arena: many small allocations, freed together. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

struct arena_block;

/* What several arenas may take from the system together. An arena that would take more gives null, and `exceeded` is
 * set: that tells a limit from a system without memory. */
struct arena_budget {
    size_t left;
    bool exceeded;
};

/* Zero-initialise; release with arena_free. Not for use by several threads at once. */
struct arena {
    struct arena_block *head;
    size_t used;      /* in the head block */
    size_t total;     /* bytes taken from the system, for accounting */
    struct arena_budget *budget; /* null: no limit */
};

/* Zeroed memory, aligned for any object, valid until arena_free; null if the system or the budget has none left.
 * A size of 0 gives a valid pointer. */
void *arena_alloc(struct arena *a, size_t size);

/* The same for an array; null, too, when count × size overflows. */
void *arena_array(struct arena *a, size_t count, size_t size);

/* Gives all back, to the budget, too, which the arena keeps. */
void arena_free(struct arena *a);

#endif
