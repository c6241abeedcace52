#include "base/u128.h"

bool u128_add(struct u128 a, struct u128 b, struct u128 *out)
{
    struct u128 sum = {a.low + b.low, a.high + b.high};
    uint64_t carry = sum.low < a.low;
    if (sum.high < a.high || sum.high + carry < sum.high) return false;
    sum.high += carry;
    *out = sum;
    return true;
}

bool u128_subtract(struct u128 a, struct u128 b, struct u128 *out)
{
    if (u128_less(a, b)) return false;
    *out = (struct u128){a.low - b.low, a.high - b.high - (a.low < b.low)};
    return true;
}

/* The full product of two 64-bit numbers, by halves. */
static struct u128 product(uint64_t a, uint64_t b)
{
    uint64_t al = a & 0xffffffff, ah = a >> 32, bl = b & 0xffffffff, bh = b >> 32;
    uint64_t low = al * bl, middle1 = ah * bl, middle2 = al * bh;
    uint64_t middle = (low >> 32) + (middle1 & 0xffffffff) + (middle2 & 0xffffffff);
    return (struct u128){low + (middle1 << 32) + (middle2 << 32),
                         ah * bh + (middle1 >> 32) + (middle2 >> 32) + (middle >> 32)};
}

bool u128_multiply(struct u128 a, struct u128 b, struct u128 *out)
{
    if (a.high && b.high) return false;
    struct u128 low = product(a.low, b.low);
    struct u128 cross = a.high ? product(a.high, b.low) : product(a.low, b.high);
    if (cross.high || low.high + cross.low < low.high) return false;
    *out = (struct u128){low.low, low.high + cross.low};
    return true;
}

bool u128_divide(struct u128 a, struct u128 b, struct u128 *quotient, struct u128 *remainder)
{
    if (b.low == 0 && b.high == 0) return false;
    struct u128 q = {0, 0}, r = {0, 0};
    for (int i = 127; i >= 0; i--) { /* bit by bit: r = 2r + the next bit of a; the bit that leaves r counts, too */
        bool carry = r.high >> 63;
        uint64_t bit = (i >= 64 ? a.high >> (i - 64) : a.low >> i) & 1;
        r = (struct u128){r.low << 1 | bit, r.high << 1 | r.low >> 63};
        q = (struct u128){q.low << 1, q.high << 1 | q.low >> 63};
        if (!carry && u128_less(r, b)) continue;
        r = (struct u128){r.low - b.low, r.high - b.high - (r.low < b.low)};
        q.low |= 1;
    }
    *quotient = q;
    *remainder = r;
    return true;
}

size_t u128_print(struct u128 v, char text[static U128_TEXT_SIZE])
{
    static const struct u128 billion = {1000000000, 0};
    char digits[U128_TEXT_SIZE + 9];
    size_t n = 0;
    do { /* nine digits at a time */
        struct u128 group;
        u128_divide(v, billion, &v, &group);
        bool last = v.low == 0 && v.high == 0;
        for (int i = 0; i < 9 && (!last || group.low || i == 0); i++, group.low /= 10)
            digits[n++] = (char)('0' + group.low % 10);
    } while (v.low || v.high);
    for (size_t i = 0; i < n; i++) text[i] = digits[n - 1 - i];
    text[n] = '\0';
    return n;
}

bool u128_parse(struct bytes text, struct u128 *out)
{
    struct u128 v = {0, 0};
    if (text.size == 0) return false;
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] < '0' || text.data[i] > '9') return false;
        if (!u128_multiply(v, u128_of(10), &v) || !u128_add(v, u128_of((uint64_t)(text.data[i] - '0')), &v))
            return false;
    }
    *out = v;
    return true;
}
