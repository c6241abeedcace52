/* Montgomery multiplication in plain C: the reference for the faster ones. */
#include "crypto/field.h"

#include "crypto/field_multiply.inc"

void field_multiply_portable_4(uint64_t r[4], const uint64_t a[4], const uint64_t b[4], const struct field *f)
{
    montgomery_multiply(r, a, b, f, 4);
}

void field_multiply_portable_6(uint64_t r[6], const uint64_t a[6], const uint64_t b[6], const struct field *f)
{
    montgomery_multiply(r, a, b, f, 6);
}
