#include "cli/values.h"

#include "base/float_text.h"
#include "base/hex.h"

/* A decimal or 0x number of at most `bits` bits, unsigned or, with a sign, in two's complement. */
static bool parse_integer(const char *p, unsigned bits, uint64_t *out)
{
    bool negative = *p == '-';
    if (*p == '-' || *p == '+') p++;
    unsigned base = 10;
    if (p[0] == '0' && (p[1] == 'x' || p[1] == 'X')) {
        base = 16;
        p += 2;
    }
    uint64_t max = bits == 64 ? UINT64_MAX : (UINT64_C(1) << bits) - 1;
    if (negative) max = UINT64_C(1) << (bits - 1);
    uint64_t n = 0;
    if (!*p) return false;
    for (; *p; p++) {
        int digit = hex_digit(*p);
        if (digit < 0 || (unsigned)digit >= base) return false;
        if (n > (max - (unsigned)digit) / base) return false;
        n = n * base + (unsigned)digit;
    }
    *out = negative ? 0 - n : n;
    if (bits < 64) *out &= (UINT64_C(1) << bits) - 1;
    return true;
}

bool value_parse(const char *text, uint8_t type, slot *out)
{
    uint32_t bits32 = 0;
    *out = 0;
    switch (type) {
    case TYPE_I32: return parse_integer(text, 32, out);
    case TYPE_I64: return parse_integer(text, 64, out);
    case TYPE_F32:
        if (float_read_f32(text, strlen(text), &bits32) != FLOAT_OK) return false;
        *out = bits32;
        return true;
    case TYPE_F64: return float_read_f64(text, strlen(text), out) == FLOAT_OK;
    case TYPE_EXTERNREF: return strcmp(text, "null") == 0 || (text[0] != '-' && parse_integer(text, 64, out));
    default: return strcmp(text, "null") == 0;
    }
}

const char *value_expected(uint8_t type)
{
    switch (type) {
    case TYPE_I32: return "a number from -2147483648 to 4294967295, decimal or 0x...";
    case TYPE_I64: return "a number from -9223372036854775808 to 18446744073709551615, decimal or 0x...";
    case TYPE_F32:
    case TYPE_F64: return "a number such as 1.5, -2e-7, 0x1.8p+1, inf, nan or nan:0x...";
    case TYPE_EXTERNREF: return "a number or null";
    default: return "null";
    }
}

void value_text(struct buffer *b, uint8_t type, slot value)
{
    char text[FLOAT_TEXT_SIZE];
    switch (type) {
    case TYPE_I32: buffer_printf(b, "%d", (int)(int32_t)(uint32_t)value); break;
    case TYPE_I64: buffer_printf(b, "%lld", (long long)(int64_t)value); break;
    case TYPE_F32:
        float_print_f32((uint32_t)value, text);
        buffer_append_string(b, text);
        break;
    case TYPE_F64:
        float_print_f64(value, text);
        buffer_append_string(b, text);
        break;
    case TYPE_EXTERNREF:
        if (value) buffer_printf(b, "%llu", (unsigned long long)value);
        else buffer_append_string(b, "null");
        break;
    default: buffer_append_string(b, value ? "function" : "null"); break;
    }
}
