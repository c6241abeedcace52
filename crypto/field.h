/* Prime fields of 4 or 6 limbs: arithmetic modulo an odd p with 2^64 < p < 2^(64 limbs - 1).
 *
 * An element is an array of `limbs` words of 64 bits, least significant first, always fully reduced (below p) and, but
 * where said otherwise, in Montgomery form: a stands for the number a / R mod p, R = 2^(64 limbs). Operands and result
 * may be the same array.
 *
 * field_multiply_4 and _6 pick at run time: the plain C of field_portable.c, which is the reference and runs
 * everywhere, or, where the processor has the instructions MULX and ADX, field_adx.c. Both give the same numbers.
 *
 * Variable time (inversion, powers, comparisons): for public numbers only. No state. */
#ifndef CRYPTO_FIELD_H
#define CRYPTO_FIELD_H

#include <stdbool.h>
#include <stddef.h>

#include "crypto/wide.h"

#define FIELD_MAX_LIMBS 6

struct field {
    uint64_t modulus[FIELD_MAX_LIMBS]; /* p; field_adx.c knows the offsets of this and the next member */
    uint64_t factor;                   /* -1/p mod 2^64 */
    uint64_t one[FIELD_MAX_LIMBS];     /* R mod p */
    uint64_t r2[FIELD_MAX_LIMBS];      /* R^2 mod p */
    uint64_t r3[FIELD_MAX_LIMBS];      /* R^3 mod p */
    unsigned limbs;
};

/* r = a b / R mod p (Montgomery multiplication) for fields of 4 and 6 limbs: the fastest that this processor has. */
void field_multiply_4(uint64_t r[4], const uint64_t a[4], const uint64_t b[4], const struct field *f);
void field_multiply_6(uint64_t r[6], const uint64_t a[6], const uint64_t b[6], const struct field *f);

/* The same in plain C, also with 32-bit multiplications only. */
void field_multiply_portable_4(uint64_t r[4], const uint64_t a[4], const uint64_t b[4], const struct field *f);
void field_multiply_portable_6(uint64_t r[6], const uint64_t a[6], const uint64_t b[6], const struct field *f);
void field_multiply_narrow_4(uint64_t r[4], const uint64_t a[4], const uint64_t b[4], const struct field *f);
void field_multiply_narrow_6(uint64_t r[6], const uint64_t a[6], const uint64_t b[6], const struct field *f);

/* Whether field_multiply_* use MULX and ADX here. */
bool field_is_accelerated(void);

/* r = a b / R mod p for any of the fields (f->limbs words). */
void field_multiply(uint64_t *r, const uint64_t *a, const uint64_t *b, const struct field *f);

/* r = 1/a in Montgomery form; 0 for a = 0. A binary extended Euclid (Pornin, eprint 2020/972), in variable time. */
void field_inverse(uint64_t *r, const uint64_t *a, const struct field *f);

/* r = a^e; e is a plain number of `size` words, least significant first. */
void field_power(uint64_t *r, const uint64_t *a, const uint64_t *e, size_t size, const struct field *f);

/* Between plain numbers below p and Montgomery form. */
void field_from_plain(uint64_t *r, const uint64_t *a, const struct field *f);
void field_to_plain(uint64_t *r, const uint64_t *a, const struct field *f);

/* Whether the plain number a (f->limbs words) is below p. */
bool field_is_reduced(const uint64_t *a, const struct field *f);

#endif
