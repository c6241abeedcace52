/* Sorting by merging: stable, without recursion, n log n comparisons whatever the input is, and no memory of its own.
 * The C library's qsort promises none of these. */
#ifndef BASE_SORT_H
#define BASE_SORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether element `a` comes before element `b`. */
typedef bool sort_before(const void *context, uint32_t a, uint32_t b);

/* Puts the numbers of `order` (each of an element) into order; `spare` has room for as many. */
void sort_order(uint32_t *order, uint32_t *spare, uint32_t count, sort_before *before, const void *context);

#endif
