/* Arithmetic on 64-bit limbs that needs more than 64 bits: carries and double-width products.
 *
 * WIDE_PORTABLE, or a compiler without a 128-bit type, selects plain C on 64-bit numbers. */
#ifndef CRYPTO_WIDE_H
#define CRYPTO_WIDE_H

#include <stdint.h>

#if !defined(__SIZEOF_INT128__) && !defined(WIDE_PORTABLE)
#define WIDE_PORTABLE
#endif

#if defined(__x86_64__) && !defined(WIDE_PORTABLE)
#include <immintrin.h>
#endif

#ifndef WIDE_PORTABLE
__extension__ typedef unsigned __int128 wide;
#endif

/* a + b + *carry; the carry (0 or 1) goes in and out through *carry. */
static inline uint64_t add_carry(uint64_t a, uint64_t b, unsigned char *carry)
{
#if defined(__x86_64__) && !defined(WIDE_PORTABLE)
    unsigned long long sum;
    *carry = _addcarry_u64(*carry, a, b, &sum);
    return sum;
#else
    uint64_t sum = a + b;
    uint64_t total = sum + *carry;
    *carry = (unsigned char)((sum < a) | (total < sum));
    return total;
#endif
}

/* a - b - *borrow; the borrow (0 or 1) goes in and out through *borrow. */
static inline uint64_t subtract_borrow(uint64_t a, uint64_t b, unsigned char *borrow)
{
#if defined(__x86_64__) && !defined(WIDE_PORTABLE)
    unsigned long long difference;
    *borrow = _subborrow_u64(*borrow, a, b, &difference);
    return difference;
#else
    uint64_t difference = a - b;
    uint64_t total = difference - *borrow;
    *borrow = (unsigned char)((a < b) | (difference < *borrow));
    return total;
#endif
}

/* The low half of a * b + c + *carry, which always fits 128 bits; the high half goes to *carry. */
static inline uint64_t multiply_add(uint64_t a, uint64_t b, uint64_t c, uint64_t *carry)
{
#ifndef WIDE_PORTABLE
    wide total = (wide)a * b + c + *carry;
    *carry = (uint64_t)(total >> 64);
    return (uint64_t)total;
#else
    uint64_t a0 = (uint32_t)a, a1 = a >> 32, b0 = (uint32_t)b, b1 = b >> 32;
    uint64_t low = a0 * b0;
    uint64_t middle = a1 * b0 + (low >> 32);          /* below 2^64: (2^32-1)^2 + 2^32-1 */
    uint64_t other = a0 * b1 + (uint32_t)middle;
    uint64_t high = a1 * b1 + (middle >> 32) + (other >> 32);
    low = other << 32 | (uint32_t)low;
    unsigned char over = 0;
    low = add_carry(low, c, &over);
    high += over;
    over = 0;
    low = add_carry(low, *carry, &over);
    *carry = high + over;
    return low;
#endif
}

#endif
