/* SHA-256's compression with the x86-64 instructions made for it (SHA-NI). sha2.c picks it at run time; BearSSL's is
 * the reference that it is compared with. */
#ifndef CRYPTO_SHA256_NI_H
#define CRYPTO_SHA256_NI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether the code is there: the compiler must know how to ask for the instructions at run time. */
#if defined(__x86_64__) && defined(__ELF__) && ((defined(__clang__) && __clang_major__ >= 19) || \
                                                (!defined(__clang__) && defined(__GNUC__) && __GNUC__ >= 11))
#define SHA256_NI 1

/* The compiler's runtime has read CPUID once, before main; this only looks at its answer. */
static inline bool sha256_ni_supported(void)
{
    return __builtin_cpu_supports("sha") && __builtin_cpu_supports("sse4.1");
}

/* Takes `count` blocks of 64 bytes into the state. Only where sha256_ni_supported(). */
void sha256_ni_compress(uint32_t state[8], const uint8_t *blocks, size_t count);
#endif

#endif
