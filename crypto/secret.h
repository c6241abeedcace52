/* Keeping compilers from turning arithmetic on secrets into branches or table look-ups. */
#ifndef CRYPTO_SECRET_H
#define CRYPTO_SECRET_H

#include <stdint.h>

/* v, of which the compiler knows nothing any more: it cannot tell that a mask is all ones or zeros and choose between
 * two addresses instead. */
static inline uint64_t secret_mask(uint64_t v)
{
#if defined(__GNUC__)
    __asm__("" : "+r"(v));
    return v;
#else
    volatile uint64_t hidden = v;
    return hidden;
#endif
}

#endif
