#include "base/hex.h"

int hex_digit(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

void hex_encode(struct bytes in, struct buffer *out)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < in.size; i++) {
        buffer_append_byte(out, (uint8_t)digits[in.data[i] >> 4]);
        buffer_append_byte(out, (uint8_t)digits[in.data[i] & 15]);
    }
}

bool hex_decode(struct bytes text, struct buffer *out)
{
    if (text.size % 2) return false;
    for (size_t i = 0; i < text.size; i++)
        if (hex_digit((char)text.data[i]) < 0) return false;
    if (!buffer_reserve(out, text.size / 2)) return false;
    for (size_t i = 0; i < text.size; i += 2) {
        int high = hex_digit((char)text.data[i]), low = hex_digit((char)text.data[i + 1]);
        buffer_append_byte(out, (uint8_t)(high << 4 | low));
    }
    return true;
}
