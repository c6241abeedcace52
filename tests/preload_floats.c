/* A library to be preloaded that leaves a program another floating-point environment and another locale than it expects:
 * PRE_MXCSR (x86-64, hexadecimal), PRE_ROUND (upward, downward, zero), PRE_LOCALE. */
#include <fenv.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

__attribute__((constructor)) static void set(void)
{
    const char *locale = getenv("PRE_LOCALE"), *round = getenv("PRE_ROUND");
    if (locale && !setlocale(LC_ALL, locale)) fprintf(stderr, "no locale %s\n", locale);
    if (round) fesetround(!strcmp(round, "upward") ? FE_UPWARD : !strcmp(round, "zero") ? FE_TOWARDZERO : FE_DOWNWARD);
#if defined(__x86_64__)
    const char *mxcsr = getenv("PRE_MXCSR");
    if (mxcsr) _mm_setcsr((unsigned)strtoul(mxcsr, NULL, 16));
#endif
}
