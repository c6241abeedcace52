#include "base/array.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY = 16 };

bool array_grow(void *array, uint32_t count, uint32_t *capacity, size_t size)
{
    if (count < *capacity) return true;
    uint32_t wanted = *capacity ? *capacity * 2 : FIRST_CAPACITY;
    if (wanted <= *capacity || wanted > SIZE_MAX / size) return false;
    void *old;
    memcpy(&old, array, sizeof old);
    void *p = realloc(old, wanted * size);
    if (!p) return false;
    memcpy(array, &p, sizeof p);
    *capacity = wanted;
    return true;
}
