#include "base/similar.h"

#include <ctype.h>

enum { LONGEST = 64 }; /* names beyond that are not compared */

unsigned distance(struct bytes a, struct bytes b)
{
    if (a.size > LONGEST || b.size > LONGEST) return LONGEST;
    unsigned row[LONGEST + 1];
    for (size_t j = 0; j <= b.size; j++) row[j] = (unsigned)j;
    for (size_t i = 0; i < a.size; i++) {
        unsigned diagonal = row[0];
        row[0] = (unsigned)i + 1;
        for (size_t j = 0; j < b.size; j++) {
            unsigned above = row[j + 1];
            unsigned best = diagonal + (tolower(a.data[i]) != tolower(b.data[j]));
            if (above + 1 < best) best = above + 1;
            if (row[j] + 1 < best) best = row[j] + 1;
            row[j + 1] = best;
            diagonal = above;
        }
    }
    return row[b.size];
}

bool similar(struct bytes a, struct bytes b)
{
    size_t shorter = a.size < b.size ? a.size : b.size;
    if (shorter == 0) return false;
    if (shorter >= 3 && memcmp(a.data, b.data, shorter) == 0) return true; /* one begins with the other */
    return distance(a, b) <= (shorter < 4 ? 1 : shorter < 9 ? 2 : shorter / 3);
}
