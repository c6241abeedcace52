#include "base/base58.h"

static const char alphabet[] = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

int base58_digit(char c)
{
    const char *p = c ? strchr(alphabet, c) : NULL;
    return p ? (int)(p - alphabet) : -1;
}

/* number = number * factor + digit, in base `base`, least significant digit first. False: no room. */
static bool multiply_add(uint8_t *number, size_t *length, size_t room, unsigned base, unsigned factor, unsigned digit)
{
    unsigned carry = digit;
    for (size_t i = 0; i < *length; i++) {
        carry += number[i] * factor;
        number[i] = (uint8_t)(carry % base);
        carry /= base;
    }
    for (; carry; carry /= base) {
        if (*length == room) return false;
        number[(*length)++] = (uint8_t)(carry % base);
    }
    return true;
}

bool base58_encode(struct bytes in, struct buffer *out)
{
    uint8_t digits[BASE58_MAX_TEXT];
    size_t length = 0, zeros = 0;
    if (in.size > BASE58_MAX) return false;
    while (zeros < in.size && in.data[zeros] == 0) zeros++;
    for (size_t i = zeros; i < in.size; i++)
        if (!multiply_add(digits, &length, sizeof digits, 58, 256, in.data[i])) return false;
    if (!buffer_reserve(out, zeros + length)) return false;
    for (size_t i = 0; i < zeros; i++) buffer_append_byte(out, '1');
    while (length) buffer_append_byte(out, (uint8_t)alphabet[digits[--length]]);
    return true;
}

bool base58_decode(struct bytes text, struct buffer *out)
{
    uint8_t number[BASE58_MAX];
    size_t length = 0, zeros = 0;
    while (zeros < text.size && text.data[zeros] == '1') zeros++;
    if (zeros > BASE58_MAX) return false;
    for (size_t i = zeros; i < text.size; i++) {
        int digit = base58_digit((char)text.data[i]);
        if (digit < 0 || !multiply_add(number, &length, BASE58_MAX - zeros, 256, 58, (unsigned)digit)) return false;
    }
    if (!buffer_reserve(out, zeros + length)) return false;
    for (size_t i = 0; i < zeros; i++) buffer_append_byte(out, 0);
    while (length) buffer_append_byte(out, number[--length]);
    return true;
}
