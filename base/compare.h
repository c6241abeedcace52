/* The order of byte strings. */
#ifndef BASE_COMPARE_H
#define BASE_COMPARE_H

#include "base/bytes.h"

/* Byte by byte, a prefix before what it is a prefix of: negative, 0 or positive. */
static inline int bytes_compare(struct bytes a, struct bytes b)
{
    const size_t shorter = a.size < b.size ? a.size : b.size;
    const int order = shorter ? memcmp(a.data, b.data, shorter) : 0;
    return order ? order : a.size < b.size ? -1 : a.size > b.size;
}

#endif
