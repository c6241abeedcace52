#include "base/float_text.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* ---- formats -------------------------------------------------------------------------------------------------- */

struct format {
    int precision;      /* significant bits, the hidden one included */
    int exponent_max;   /* of 1.x * 2^e; the smallest normal number has 1 - exponent_max */
    int width;          /* bits in all */
    int digits;         /* decimal digits that always suffice to read back the same number */
};
static const struct format format_f32 = {24, 127, 32, 9};
static const struct format format_f64 = {53, 1023, 64, 17};

static uint64_t infinity_bits(const struct format *f)
{
    return ((uint64_t)(2 * f->exponent_max + 1)) << (f->precision - 1);
}

static uint64_t sign_bit(const struct format *f)
{
    return UINT64_C(1) << (f->width - 1);
}

/* ---- rounding -------------------------------------------------------------------------------------------------- */

/* A positive number: mantissa * 2^exponent, and a little more if `sticky`; the mantissa's top bit is set. */
struct exact {
    uint64_t mantissa;
    int64_t exponent;
    bool sticky;
};

static enum float_result round_to(const struct format *f, struct exact x, uint64_t *bits)
{
    int64_t e = x.exponent + 63; /* of the leading bit */
    int64_t e_min = 1 - f->exponent_max;
    if (e > f->exponent_max) return FLOAT_RANGE;
    int64_t keep = e >= e_min ? f->precision : f->precision - (e_min - e);
    if (keep < 0) {
        *bits = 0;
        return FLOAT_OK;
    }
    uint64_t kept = keep ? x.mantissa >> (64 - keep) : 0;
    uint64_t rest = x.mantissa << keep;
    uint64_t half = UINT64_C(1) << 63;
    if (rest > half || (rest == half && (x.sticky || (kept & 1)))) kept++;
    /* A carry out of `kept` makes the next exponent by itself, also from subnormal to normal. */
    uint64_t result = kept;
    if (e >= e_min) result += (uint64_t)(e + f->exponent_max - 1) << (f->precision - 1);
    if (result >= infinity_bits(f)) return FLOAT_RANGE;
    *bits = result;
    return FLOAT_OK;
}

static void normalise(struct exact *x)
{
    while (!(x->mantissa >> 63)) {
        x->mantissa <<= 1;
        x->exponent--;
    }
}

/* ---- natural numbers as large as decimal conversion needs ------------------------------------------------------ */

enum {
    DIGITS_MAX = 800,          /* more digits cannot matter but for being zero or not: 767 do for an f64 */
    MAGNITUDE_MIN = -400,      /* below 10^this everything rounds to zero, */
    MAGNITUDE_MAX = 310,       /* from 10^this on everything overflows */
    LIMBS = 96,                /* 3072 bits; the largest is 5^(DIGITS_MAX + 1 - MAGNITUDE_MIN): 2789 bits */
};

struct big {
    int n;                     /* limbs in use; the topmost is not 0 */
    uint32_t limb[LIMBS];
};

static void big_multiply_add(struct big *b, uint32_t factor, uint32_t add)
{
    uint64_t carry = add;
    for (int i = 0; i < b->n; i++) {
        carry += (uint64_t)b->limb[i] * factor;
        b->limb[i] = (uint32_t)carry;
        carry >>= 32;
    }
    if (carry && b->n < LIMBS) b->limb[b->n++] = (uint32_t)carry;
}

static void big_multiply_power_of_5(struct big *b, int64_t power)
{
    for (; power >= 13; power -= 13) big_multiply_add(b, 1220703125, 0);
    for (; power > 0; power--) big_multiply_add(b, 5, 0);
}

static int big_bits(const struct big *b)
{
    if (b->n == 0) return 0;
    int bits = 32 * b->n;
    for (uint32_t top = b->limb[b->n - 1]; !(top >> 31); top <<= 1) bits--;
    return bits;
}

static void big_shift_left(struct big *b, int shift)
{
    int limbs = shift / 32, bits = shift % 32;
    if (b->n == 0 || b->n + limbs + 1 > LIMBS) return; /* cannot be, by the bounds above */
    uint32_t top = bits ? b->limb[b->n - 1] >> (32 - bits) : 0;
    for (int i = b->n - 1; i >= 0; i--) {
        uint32_t low = bits && i > 0 ? b->limb[i - 1] >> (32 - bits) : 0;
        b->limb[i + limbs] = b->limb[i] << bits | low;
    }
    for (int i = 0; i < limbs; i++) b->limb[i] = 0;
    b->n += limbs;
    if (top) b->limb[b->n++] = top;
}

static int big_compare(const struct big *a, const struct big *b)
{
    if (a->n != b->n) return a->n < b->n ? -1 : 1;
    for (int i = a->n - 1; i >= 0; i--)
        if (a->limb[i] != b->limb[i]) return a->limb[i] < b->limb[i] ? -1 : 1;
    return 0;
}

/* a -= b, where a >= b */
static void big_subtract(struct big *a, const struct big *b)
{
    uint64_t borrow = 0;
    for (int i = 0; i < a->n; i++) {
        uint64_t subtrahend = (i < b->n ? b->limb[i] : 0) + borrow;
        borrow = a->limb[i] < subtrahend;
        a->limb[i] = (uint32_t)(a->limb[i] - subtrahend);
    }
    while (a->n > 0 && a->limb[a->n - 1] == 0) a->n--;
}

/* numerator / denominator * 2^exponent, by long division in base 2. Destroys both. */
static struct exact big_divide(struct big *numerator, struct big *denominator, int64_t exponent)
{
    int difference = big_bits(numerator) - big_bits(denominator);
    if (difference > 0) big_shift_left(denominator, difference);
    else big_shift_left(numerator, -difference);
    if (big_compare(numerator, denominator) < 0) {
        big_shift_left(numerator, 1);
        difference--;
    }
    struct exact x = {0, exponent + difference - 63, false};
    for (int i = 0; i < 64; i++) {
        x.mantissa <<= 1;
        if (big_compare(numerator, denominator) >= 0) {
            big_subtract(numerator, denominator);
            x.mantissa |= 1;
        }
        if (numerator->n == 0) { /* the quotient ends here */
            x.mantissa <<= 63 - i;
            return x;
        }
        big_shift_left(numerator, 1);
    }
    x.sticky = true;
    return x;
}

/* ---- the literal's parts ---------------------------------------------------------------------------------------- */

struct span {
    const char *start, *end;   /* digits and underscores */
};

struct literal {
    bool hex;
    struct span whole, fraction;
    int64_t exponent;          /* clamped to what cannot matter any more */
};

enum { EXPONENT_CLAMP = 1 << 30 };

static int digit_value(char c, bool hex)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (!hex) return -1;
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/* One digit or more with single underscores between them, at *p. */
static bool scan_digits(const char **p, const char *end, bool hex, struct span *out)
{
    const char *q = *p;
    if (q == end || digit_value(*q, hex) < 0) return false;
    for (q++; q < end; q++) {
        if (*q == '_') {
            if (++q == end || digit_value(*q, hex) < 0) return false;
        } else if (digit_value(*q, hex) < 0) {
            break;
        }
    }
    *out = (struct span){*p, q};
    *p = q;
    return true;
}

static bool scan_exponent(const char **p, const char *end, int64_t *exponent)
{
    bool negative = false;
    struct span digits;
    if (*p < end && (**p == '+' || **p == '-')) negative = *(*p)++ == '-';
    if (!scan_digits(p, end, false, &digits)) return false;
    int64_t value = 0;
    for (const char *q = digits.start; q < digits.end; q++)
        if (*q != '_' && value < EXPONENT_CLAMP) value = value * 10 + (*q - '0');
    *exponent = negative ? -value : value;
    return true;
}

static bool scan_literal(const char *p, const char *end, struct literal *out)
{
    *out = (struct literal){0};
    if (end - p > 2 && p[0] == '0' && p[1] == 'x') {
        out->hex = true;
        p += 2;
    }
    if (!scan_digits(&p, end, out->hex, &out->whole)) return false;
    if (p < end && *p == '.') {
        p++;
        if (p < end && digit_value(*p, out->hex) >= 0 && !scan_digits(&p, end, out->hex, &out->fraction)) return false;
    }
    if (p < end && (out->hex ? *p == 'p' || *p == 'P' : *p == 'e' || *p == 'E')) {
        p++;
        if (!scan_exponent(&p, end, &out->exponent)) return false;
    }
    return p == end;
}

/* ---- hexadecimal ------------------------------------------------------------------------------------------------ */

static void hex_span(struct exact *x, struct span s, bool fraction)
{
    for (const char *p = s.start; p < s.end; p++) {
        if (*p == '_') continue;
        uint64_t digit = (uint64_t)digit_value(*p, true);
        if (x->mantissa >> 60) { /* full */
            x->sticky |= digit != 0;
            if (!fraction) x->exponent += 4;
        } else {
            x->mantissa = x->mantissa << 4 | digit;
            if (fraction) x->exponent -= 4;
        }
    }
}

static enum float_result convert_hex(const struct format *f, const struct literal *l, uint64_t *bits)
{
    struct exact x = {0, l->exponent, false};
    hex_span(&x, l->whole, false);
    hex_span(&x, l->fraction, true);
    *bits = 0;
    if (x.mantissa == 0) return FLOAT_OK;
    normalise(&x);
    return round_to(f, x, bits);
}

/* ---- decimal ---------------------------------------------------------------------------------------------------- */

/* The literal as digits * 10^exponent; `digits` has at most DIGITS_MAX, and one more if those cut off were not 0. */
struct decimal {
    struct big digits;
    int count;
    int64_t exponent;
    bool cut;
};

static void decimal_span(struct decimal *d, struct span s, bool fraction)
{
    for (const char *p = s.start; p < s.end; p++) {
        if (*p == '_') continue;
        uint32_t digit = (uint32_t)(*p - '0');
        if (d->count == DIGITS_MAX) {
            d->cut |= digit != 0;
            if (!fraction) d->exponent++;
            continue;
        }
        if (digit || d->count) {
            if (d->count++ == 0) d->digits = (struct big){.n = 1, .limb = {digit}};
            else big_multiply_add(&d->digits, 10, digit);
        }
        if (fraction) d->exponent--;
    }
}

static enum float_result convert_decimal(const struct format *f, const struct literal *l, uint64_t *bits)
{
    struct decimal d;
    d.count = 0;
    d.exponent = l->exponent;
    d.cut = false;
    decimal_span(&d, l->whole, false);
    decimal_span(&d, l->fraction, true);
    *bits = 0;
    if (d.count == 0 || d.count + d.exponent < MAGNITUDE_MIN) return FLOAT_OK;
    if (d.count + d.exponent > MAGNITUDE_MAX) return FLOAT_RANGE;
    if (d.cut) {
        big_multiply_add(&d.digits, 10, 1);
        d.exponent--;
    }
    struct big denominator = {.n = 1, .limb = {1}};
    if (d.exponent >= 0) big_multiply_power_of_5(&d.digits, d.exponent);
    else big_multiply_power_of_5(&denominator, -d.exponent);
    return round_to(f, big_divide(&d.digits, &denominator, d.exponent), bits);
}

/* ---- reading ---------------------------------------------------------------------------------------------------- */

static enum float_result read_payload(const struct format *f, const char *p, const char *end, uint64_t *bits)
{
    struct span s;
    if (end - p < 3 || p[0] != '0' || p[1] != 'x') return FLOAT_SYNTAX;
    p += 2;
    if (!scan_digits(&p, end, true, &s) || p != end) return FLOAT_SYNTAX;
    uint64_t payload = 0, limit = UINT64_C(1) << (f->precision - 1);
    for (const char *q = s.start; q < s.end; q++) {
        if (*q == '_') continue;
        payload = payload << 4 | (uint64_t)digit_value(*q, true);
        if (payload >= limit) return FLOAT_RANGE;
    }
    if (payload == 0) return FLOAT_RANGE;
    *bits = infinity_bits(f) | payload;
    return FLOAT_OK;
}

static enum float_result read_magnitude(const struct format *f, const char *p, const char *end, uint64_t *bits)
{
    size_t size = (size_t)(end - p);
    if (size == 3 && memcmp(p, "inf", 3) == 0) {
        *bits = infinity_bits(f);
        return FLOAT_OK;
    }
    if (size == 3 && memcmp(p, "nan", 3) == 0) {
        *bits = infinity_bits(f) | UINT64_C(1) << (f->precision - 2);
        return FLOAT_OK;
    }
    if (size > 4 && memcmp(p, "nan:", 4) == 0) return read_payload(f, p + 4, end, bits);
    struct literal l;
    if (!scan_literal(p, end, &l)) return FLOAT_SYNTAX;
    return l.hex ? convert_hex(f, &l, bits) : convert_decimal(f, &l, bits);
}

static enum float_result read_float(const struct format *f, const char *text, size_t size, uint64_t *bits)
{
    const char *p = text, *end = text + size;
    bool negative = false;
    uint64_t magnitude = 0;
    if (size && (*p == '+' || *p == '-')) negative = *p++ == '-';
    enum float_result r = read_magnitude(f, p, end, &magnitude);
    if (r == FLOAT_OK) *bits = magnitude | (negative ? sign_bit(f) : 0);
    return r;
}

enum float_result float_read_f32(const char *text, size_t size, uint32_t *bits)
{
    uint64_t wide = 0;
    enum float_result r = read_float(&format_f32, text, size, &wide);
    if (r == FLOAT_OK) *bits = (uint32_t)wide;
    return r;
}

enum float_result float_read_f64(const char *text, size_t size, uint64_t *bits)
{
    return read_float(&format_f64, text, size, bits);
}

/* ---- printing --------------------------------------------------------------------------------------------------- */

/* Decimal digits without point, and the exponent of the first. */
struct digits {
    char text[20];
    int count;
    int exponent;
};

/* `count` correctly rounded digits of a finite number. The library's printf knows the digits; of what it prints only
 * they and the exponent are used, so that the locale's decimal point does not matter. */
static void make_digits(double value, int count, struct digits *out)
{
    char text[64];
    snprintf(text, sizeof text, "%.*e", count - 1, value);
    const char *p = text;
    out->count = 0;
    for (; *p && *p != 'e'; p++)
        if (*p >= '0' && *p <= '9' && out->count < count) out->text[out->count++] = *p;
    out->exponent = 0;
    if (*p == 'e') {
        bool negative = p[1] == '-';
        for (p += 2; *p >= '0' && *p <= '9'; p++) out->exponent = out->exponent * 10 + (*p - '0');
        if (negative) out->exponent = -out->exponent;
    }
    while (out->count > 1 && out->text[out->count - 1] == '0') out->count--;
}

/* As %g does: fixed notation for exponents from -5 to 16, otherwise d.ddde±xx. Returns the end. */
static char *layout(const struct digits *d, char *out)
{
    const char *digit = d->text;
    int left = d->count;
    if (d->exponent < -5 || d->exponent > 16) {
        *out++ = *digit++;
        if (--left) *out++ = '.';
        while (left--) *out++ = *digit++;
        return out + snprintf(out, 8, "e%c%02d", d->exponent < 0 ? '-' : '+',
                              d->exponent < 0 ? -d->exponent : d->exponent);
    }
    int before = d->exponent + 1; /* digits before the point */
    if (before <= 0) *out++ = '0';
    for (; before > 0; before--) {
        *out++ = left ? *digit++ : '0';
        if (left) left--;
    }
    if (left) *out++ = '.';
    for (int zeros = -(d->exponent + 1); left && zeros > 0; zeros--) *out++ = '0';
    while (left--) *out++ = *digit++;
    return out;
}

static double as_double(const struct format *f, uint64_t magnitude)
{
    double d;
    if (f->width == 64) {
        memcpy(&d, &magnitude, sizeof d);
        return d;
    }
    uint32_t narrow = (uint32_t)magnitude;
    float single;
    memcpy(&single, &narrow, sizeof single);
    return (double)single;
}

static char *print_finite(const struct format *f, uint64_t magnitude, char *out)
{
    for (int count = 1;; count++) {
        struct digits d;
        make_digits(as_double(f, magnitude), count, &d);
        char *end = layout(&d, out);
        uint64_t back = 0;
        enum float_result r = read_float(f, out, (size_t)(end - out), &back);
        if ((r == FLOAT_OK && back == magnitude) || count == f->digits) return end;
    }
}

static size_t print_float(const struct format *f, uint64_t bits, char *out)
{
    char *start = out;
    uint64_t infinity = infinity_bits(f), magnitude = bits & ~sign_bit(f);
    if (bits & sign_bit(f)) *out++ = '-';
    if (magnitude > infinity) {
        uint64_t payload = magnitude - infinity;
        out += payload == UINT64_C(1) << (f->precision - 2) ? snprintf(out, 8, "nan")
                                                            : snprintf(out, 24, "nan:0x%llx", (unsigned long long)payload);
    } else if (magnitude == infinity) {
        out += snprintf(out, 8, "inf");
    } else {
        out = print_finite(f, magnitude, out);
    }
    *out = '\0';
    return (size_t)(out - start);
}

size_t float_print_f32(uint32_t bits, char out[FLOAT_TEXT_SIZE])
{
    return print_float(&format_f32, bits, out);
}

size_t float_print_f64(uint64_t bits, char out[FLOAT_TEXT_SIZE])
{
    return print_float(&format_f64, bits, out);
}
