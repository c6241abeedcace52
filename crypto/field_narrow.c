/* Montgomery multiplication in plain C without 128-bit types: what compilers without them use everywhere, built on
 * every machine so that tests can compare. */
#ifndef WIDE_PORTABLE
#define WIDE_PORTABLE
#endif
#include "crypto/field.h"

#include "crypto/field_multiply.inc"

void field_multiply_narrow_4(uint64_t r[4], const uint64_t a[4], const uint64_t b[4], const struct field *f)
{
    montgomery_multiply(r, a, b, f, 4);
}

void field_multiply_narrow_6(uint64_t r[6], const uint64_t a[6], const uint64_t b[6], const struct field *f)
{
    montgomery_multiply(r, a, b, f, 6);
}
