/* Overwriting secrets so that the compiler cannot leave it out. */
#ifndef CRYPTO_WIPE_H
#define CRYPTO_WIPE_H

#include <stddef.h>
#include <string.h>

static inline void wipe(void *secret, size_t size)
{
    if (size == 0) return;
    memset(secret, 0, size);
#if defined(__GNUC__)
    __asm__ volatile("" : : "r"(secret) : "memory");
#else
    for (volatile unsigned char *p = secret; size > 0; size--) *p++ = 0;
#endif
}

/* Overwrites the stack below the caller, where functions that it has called may have left copies of what they worked
 * on: more than the functions that derive keys take. */
void wipe_stack(void);

#endif
