#include "base/sort.h"

#include <string.h>

/* Merges the sorted runs [0, middle) and [middle, count). */
static void merge(const uint32_t *from, uint32_t *to, uint32_t middle, uint32_t count, sort_before *before,
                  const void *context)
{
    uint32_t left = 0, right = middle;
    for (uint32_t i = 0; i < count; i++) {
        const bool take_right = left == middle || (right < count && before(context, from[right], from[left]));
        to[i] = take_right ? from[right++] : from[left++];
    }
}

void sort_order(uint32_t *order, uint32_t *spare, uint32_t count, sort_before *before, const void *context)
{
    uint32_t *from = order, *to = spare;
    for (uint64_t run = 1; run < count; run *= 2) {
        for (uint64_t at = 0; at < count; at += 2 * run) {
            const uint32_t left = (uint32_t)(count - at);
            const uint32_t size = left < 2 * run ? left : (uint32_t)(2 * run);
            merge(from + at, to + at, size < run ? size : (uint32_t)run, size, before, context);
        }
        uint32_t *const swap = from;
        from = to;
        to = swap;
    }
    if (from != order && count) memcpy(order, from, count * sizeof *order);
}
