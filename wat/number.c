#include "wat/number.h"

#include "base/float_text.h"

static int digit_of(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return 16;
}

enum number_result read_unsigned(const char *text, size_t size, uint64_t max, uint64_t *out)
{
    const char *p = text, *end = text + size;
    unsigned base = 10;
    if (size > 2 && p[0] == '0' && p[1] == 'x') {
        base = 16;
        p += 2;
    }
    uint64_t value = 0;
    bool too_large = false, digit_before = false;
    for (; p < end; p++) {
        if (*p == '_' && digit_before) {
            digit_before = false;
            continue;
        }
        unsigned digit = (unsigned)digit_of(*p);
        if (digit >= base) return NUMBER_SYNTAX;
        digit_before = true;
        too_large |= value > (UINT64_MAX - digit) / base;
        value = value * base + digit;
    }
    if (!digit_before) return NUMBER_SYNTAX;
    if (too_large || value > max) return NUMBER_RANGE;
    *out = value;
    return NUMBER_OK;
}

enum number_result read_integer(const char *text, size_t size, unsigned bits, uint64_t *out)
{
    bool sign = size && (*text == '+' || *text == '-');
    bool negative = sign && *text == '-';
    uint64_t max = bits == 64 ? UINT64_MAX : UINT32_MAX;
    if (negative) max = UINT64_C(1) << (bits - 1);
    uint64_t value = 0;
    enum number_result r = read_unsigned(text + sign, size - sign, max, &value);
    if (r != NUMBER_OK) return r;
    if (negative) value = 0 - value;
    *out = bits == 64 ? value : (uint32_t)value;
    return NUMBER_OK;
}

bool is_number(const struct token *t)
{
    uint64_t bits = 0;
    if (t->kind != TOKEN_NUMBER && t->kind != TOKEN_WORD) return false;
    return float_read_f64(t->start, t->size, &bits) != FLOAT_SYNTAX;
}
