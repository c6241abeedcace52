#include "base/base64.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void base64_encode(struct bytes in, struct buffer *out)
{
    for (size_t i = 0; i < in.size; i += 3) {
        size_t n = in.size - i < 3 ? in.size - i : 3;
        uint32_t group = (uint32_t)in.data[i] << 16;
        if (n > 1) group |= (uint32_t)in.data[i + 1] << 8;
        if (n > 2) group |= in.data[i + 2];
        for (size_t k = 0; k < 4; k++)
            buffer_append_byte(out, k <= n ? (uint8_t)alphabet[group >> (18 - 6 * k) & 63] : '=');
    }
}

static int digit_value(uint8_t c)
{
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* Four characters; *n is how many bytes they stand for. */
static bool decode_group(const uint8_t *p, bool last, uint8_t bytes[3], size_t *n)
{
    uint32_t group = 0;
    size_t padding = !last || p[3] != '=' ? 0 : p[2] == '=' ? 2 : 1;
    for (size_t k = 0; k < 4; k++) {
        int digit = k < 4 - padding ? digit_value(p[k]) : 0;
        if (digit < 0) return false;
        group = group << 6 | (uint32_t)digit;
    }
    if (group & ((UINT32_C(1) << 8 * padding) - 1)) return false;
    for (int k = 0; k < 3; k++) bytes[k] = (uint8_t)(group >> (16 - 8 * k));
    *n = 3 - padding;
    return true;
}

bool base64_decode(struct bytes text, struct buffer *out)
{
    size_t before = out->size;
    if (text.size % 4) return false;
    if (!buffer_reserve(out, text.size / 4 * 3)) return false;
    for (size_t i = 0; i < text.size; i += 4) {
        uint8_t bytes[3];
        size_t n;
        if (!decode_group(text.data + i, i + 4 == text.size, bytes, &n)) {
            out->size = before;
            return false;
        }
        buffer_append(out, bytes, n);
    }
    return true;
}
