#include "base/base58.h"

static const char alphabet[] = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

int base58_digit(char c)
{
    const char *p = c ? strchr(alphabet, c) : NULL;
    return p ? (int)(p - alphabet) : -1;
}

/* Numbers are kept in limbs, the least significant first, so that few multiplications do: five digits of 58 in one limb
 * of text, four bytes in one of bytes. */
enum { DIGITS = 5, BYTES = 4 };
#define DIGITS_BASE (UINT64_C(58) * 58 * 58 * 58 * 58)
#define BYTES_BASE (UINT64_C(1) << 32)

/* number = number * factor + add, in limbs below `base`; factor and base are 2^32 at most. False: no room.
 * Inlined, so that the compiler knows the base: dividing by an unknown one takes most of the time. */
#if defined(__GNUC__)
__attribute__((always_inline))
#endif
static inline bool multiply_add(uint32_t *number, size_t *length, size_t room, uint64_t base, uint64_t factor, uint64_t add)
{
    uint64_t carry = add;
    for (size_t i = 0; i < *length; i++) {
        carry += number[i] * factor;
        number[i] = (uint32_t)(carry % base);
        carry /= base;
    }
    for (; carry; carry /= base) {
        if (*length == room) return false;
        number[(*length)++] = (uint32_t)(carry % base);
    }
    return true;
}

bool base58_encode(struct bytes in, struct buffer *out)
{
    uint32_t limbs[BASE58_MAX_TEXT / DIGITS + 2];
    uint8_t digits[(BASE58_MAX_TEXT / DIGITS + 2) * DIGITS];
    size_t count = 0, length = 0, zeros = 0;
    if (in.size > BASE58_MAX) return false;
    while (zeros < in.size && in.data[zeros] == 0) zeros++;
    for (size_t i = zeros; i < in.size;) {
        uint64_t chunk = 0, factor = 1;
        for (size_t end = in.size - i < BYTES ? in.size : i + BYTES; i < end; i++) {
            chunk = chunk << 8 | in.data[i];
            factor <<= 8;
        }
        if (!multiply_add(limbs, &count, sizeof limbs / sizeof *limbs, DIGITS_BASE, factor, chunk)) return false;
    }
    for (size_t i = 0; i < count; i++)
        for (uint32_t k = 0, v = limbs[i]; k < DIGITS; k++, v /= 58) digits[length++] = (uint8_t)(v % 58);
    while (length && digits[length - 1] == 0) length--;
    if (!buffer_reserve(out, zeros + length)) return false;
    for (size_t i = 0; i < zeros; i++) buffer_append_byte(out, '1');
    while (length) buffer_append_byte(out, (uint8_t)alphabet[digits[--length]]);
    return true;
}

bool base58_decode(struct bytes text, struct buffer *out)
{
    uint32_t limbs[BASE58_MAX / BYTES + 1];
    size_t count = 0, zeros = 0;
    while (zeros < text.size && text.data[zeros] == '1') zeros++;
    if (zeros > BASE58_MAX) return false;
    for (size_t i = zeros; i < text.size;) {
        uint64_t chunk = 0, factor = 1;
        for (size_t end = text.size - i < DIGITS ? text.size : i + DIGITS; i < end; i++) {
            const int digit = base58_digit((char)text.data[i]);
            if (digit < 0) return false;
            chunk = chunk * 58 + (unsigned)digit;
            factor *= 58;
        }
        if (!multiply_add(limbs, &count, sizeof limbs / sizeof *limbs, BYTES_BASE, factor, chunk)) return false;
    }
    size_t length = count * BYTES;
    while (length && (limbs[(length - 1) / BYTES] >> (length - 1) % BYTES * 8 & 0xff) == 0) length--;
    if (length > BASE58_MAX - zeros || !buffer_reserve(out, zeros + length)) return false;
    for (size_t i = 0; i < zeros; i++) buffer_append_byte(out, 0);
    for (; length; length--)
        buffer_append_byte(out, (uint8_t)(limbs[(length - 1) / BYTES] >> (length - 1) % BYTES * 8));
    return true;
}
