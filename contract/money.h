/* Balances as decimal text, and products with them, without a library for 128-bit division. */
#ifndef CONTRACT_MONEY_H
#define CONTRACT_MONEY_H

#include "contract/near.h"

/* What a byte of storage costs, in yoctoNEAR: balance that an account has to keep for each byte it occupies. */
#define STORAGE_BYTE_COST UINT64_C(10000000000000000000)

enum { BALANCE_DIGITS = 39 };

/* Digits only, at least one, below 2^128. Multiplies in base 2^32, as on paper. */
SHARED bool balance_parse(struct text digits, balance *out)
{
    uint32_t limbs[4] = {0};
    if (digits.size == 0) return false;
    for (size_t i = 0; i < digits.size; i++) {
        const char c = digits.data[i];
        if (c < '0' || c > '9') return false;
        uint64_t carry = (uint64_t)(c - '0');
        for (int k = 0; k < 4; k++) {
            carry += (uint64_t)limbs[k] * 10;
            limbs[k] = (uint32_t)carry;
            carry >>= 32;
        }
        if (carry) return false;
    }
    const uint64_t low = (uint64_t)limbs[1] << 32 | limbs[0], high = (uint64_t)limbs[3] << 32 | limbs[2];
    *out = (balance)high << 64 | low;
    return true;
}

/* Writes the digits, without leading zeros; returns how many. Divides by 10^9 in base 2^32, as on paper. */
SHARED size_t balance_print(balance value, char digits[static BALANCE_DIGITS])
{
    uint32_t limbs[4] = {(uint32_t)value, (uint32_t)(value >> 32), (uint32_t)(value >> 64), (uint32_t)(value >> 96)};
    char reversed[45];
    size_t count = 0;
    do {
        uint64_t rest = 0;
        for (int i = 3; i >= 0; i--) {
            rest = rest << 32 | limbs[i];
            limbs[i] = (uint32_t)(rest / 1000000000);
            rest %= 1000000000;
        }
        for (int i = 0; i < 9; i++, rest /= 10) reversed[count++] = (char)('0' + rest % 10);
    } while (limbs[0] | limbs[1] | limbs[2] | limbs[3]);
    while (count > 1 && reversed[count - 1] == '0') count--;
    for (size_t i = 0; i < count; i++) digits[i] = reversed[count - 1 - i];
    return count;
}

/* A product of two numbers of 64 bits always fits. */
SHARED balance balance_multiply(uint64_t a, uint64_t b)
{
    const uint64_t al = (uint32_t)a, ah = a >> 32, bl = (uint32_t)b, bh = b >> 32;
    const uint64_t low = al * bl, middle = ah * bl + (low >> 32), cross = al * bh + (uint32_t)middle;
    const uint64_t high = ah * bh + (middle >> 32) + (cross >> 32);
    return (balance)high << 64 | (cross << 32 | (uint32_t)low);
}

static inline balance storage_cost(uint64_t bytes)
{
    return balance_multiply(bytes, STORAGE_BYTE_COST);
}

/* Sums and differences that end the call instead of wrapping around. */
static inline balance balance_add(balance a, balance b)
{
    require(a + b >= a, TEXT("Balance overflow"));
    return a + b;
}
static inline balance balance_subtract(balance a, balance b, struct text otherwise)
{
    require(a >= b, otherwise);
    return a - b;
}

#endif
