#include "crypto/field.h"

#include <string.h>

#include "crypto/field_adx.h"

bool field_is_accelerated(void)
{
#ifdef FIELD_ADX
    return field_adx_supported();
#else
    return false;
#endif
}

void field_multiply_4(uint64_t r[4], const uint64_t a[4], const uint64_t b[4], const struct field *f)
{
#ifdef FIELD_ADX
    if (field_adx_supported()) {
        field_multiply_adx_4(r, a, b, f);
        return;
    }
#endif
    field_multiply_portable_4(r, a, b, f);
}

void field_multiply_6(uint64_t r[6], const uint64_t a[6], const uint64_t b[6], const struct field *f)
{
#ifdef FIELD_ADX
    if (field_adx_supported()) {
        field_multiply_adx_6(r, a, b, f);
        return;
    }
#endif
    field_multiply_portable_6(r, a, b, f);
}

void field_multiply(uint64_t *r, const uint64_t *a, const uint64_t *b, const struct field *f)
{
    if (f->limbs == 4) field_multiply_4(r, a, b, f);
    else field_multiply_6(r, a, b, f);
}

#define WINDOW_BITS 4

void field_power(uint64_t *r, const uint64_t *a, const uint64_t *e, size_t size, const struct field *f)
{
    const size_t bytes = f->limbs * sizeof *a;
    uint64_t powers[1 << WINDOW_BITS][FIELD_MAX_LIMBS]; /* a^0 .. a^15 */
    memcpy(powers[0], f->one, bytes);
    for (unsigned i = 1; i < 1 << WINDOW_BITS; i++) field_multiply(powers[i], powers[i - 1], a, f);

    uint64_t total[FIELD_MAX_LIMBS];
    memcpy(total, f->one, bytes);
    bool started = false;
    for (size_t i = size * 64 / WINDOW_BITS; i-- > 0;) {
        unsigned digit = (unsigned)(e[i * WINDOW_BITS / 64] >> i * WINDOW_BITS % 64) & ((1u << WINDOW_BITS) - 1);
        for (unsigned k = 0; started && k < WINDOW_BITS; k++) field_multiply(total, total, total, f);
        if (digit) {
            field_multiply(total, total, powers[digit], f);
            started = true;
        }
    }
    memcpy(r, total, bytes);
}

void field_from_plain(uint64_t *r, const uint64_t *a, const struct field *f)
{
    field_multiply(r, a, f->r2, f);
}

void field_to_plain(uint64_t *r, const uint64_t *a, const struct field *f)
{
    static const uint64_t plain_one[FIELD_MAX_LIMBS] = {1};
    field_multiply(r, a, plain_one, f);
}

bool field_is_reduced(const uint64_t *a, const struct field *f)
{
    unsigned char borrow = 0;
    for (unsigned i = 0; i < f->limbs; i++) (void)subtract_borrow(a[i], f->modulus[i], &borrow);
    return borrow;
}
