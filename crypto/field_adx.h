/* Montgomery multiplication with the x86-64 instructions MULX (BMI2) and ADCX, ADOX (ADX). */
#ifndef CRYPTO_FIELD_ADX_H
#define CRYPTO_FIELD_ADX_H

#include "crypto/field.h"

/* Whether the code is there: it is written for ELF targets, and the compiler must know how to ask for ADX at run time
 * (clang does not before 19). FIELD_NO_ADX leaves it out. */
#if defined(__x86_64__) && defined(__ELF__) && !defined(__ILP32__) && !defined(FIELD_NO_ADX) && \
    (!defined(__clang__) || __clang_major__ >= 19)
#define FIELD_ADX 1

/* The compiler's runtime has read CPUID once, before main; this only looks at its answer. */
static inline bool field_adx_supported(void)
{
    return __builtin_cpu_supports("adx") && __builtin_cpu_supports("bmi2");
}

/* As field_multiply_portable_4 and _6; only where field_adx_supported(). */
void field_multiply_adx_4(uint64_t r[4], const uint64_t a[4], const uint64_t b[4], const struct field *f);
void field_multiply_adx_6(uint64_t r[6], const uint64_t a[6], const uint64_t b[6], const struct field *f);
#endif

#endif
