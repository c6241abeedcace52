#include "base/leb128.h"

/* One reader for all widths: `bits` is the width, `is_signed` whether the last byte's spare bits repeat the sign. */
static inline enum leb_result leb_read(const uint8_t **pp, const uint8_t *end, unsigned bits, bool is_signed,
                                       uint64_t *value)
{
    const uint8_t *p = *pp;
    uint64_t result = 0;
    unsigned last_shift = (bits - 1) / 7 * 7; /* shift of the last byte that is allowed */
    for (unsigned shift = 0;; shift += 7) {
        if (p == end) return LEB_END;
        uint8_t byte = *p++;
        if (shift == last_shift) {
            unsigned used = bits - shift; /* bits of this byte that belong to the number */
            if (byte & 0x80) return LEB_TOO_LONG;
            uint8_t spare = (uint8_t)(byte >> used);
            uint8_t all = (uint8_t)(0x7f >> used);
            bool negative = is_signed && (byte >> (used - 1) & 1);
            if (spare != (negative ? all : 0)) return LEB_TOO_LARGE;
        }
        result |= (uint64_t)(byte & 0x7f) << shift;
        if (!(byte & 0x80)) {
            if (is_signed && (byte & 0x40) && shift + 7 < 64) result |= UINT64_MAX << (shift + 7);
            *value = result;
            *pp = p;
            return LEB_OK;
        }
    }
}

enum leb_result leb_read_u32(const uint8_t **p, const uint8_t *end, uint32_t *value)
{
    uint64_t v = 0;
    enum leb_result r = leb_read(p, end, 32, false, &v);
    *value = (uint32_t)v;
    return r;
}

enum leb_result leb_read_u64(const uint8_t **p, const uint8_t *end, uint64_t *value)
{
    *value = 0;
    return leb_read(p, end, 64, false, value);
}

enum leb_result leb_read_s32(const uint8_t **p, const uint8_t *end, int32_t *value)
{
    uint64_t v = 0;
    enum leb_result r = leb_read(p, end, 32, true, &v);
    *value = (int32_t)(int64_t)v;
    return r;
}

enum leb_result leb_read_s33(const uint8_t **p, const uint8_t *end, int64_t *value)
{
    uint64_t v = 0;
    enum leb_result r = leb_read(p, end, 33, true, &v);
    *value = (int64_t)v;
    return r;
}

enum leb_result leb_read_s64(const uint8_t **p, const uint8_t *end, int64_t *value)
{
    uint64_t v = 0;
    enum leb_result r = leb_read(p, end, 64, true, &v);
    *value = (int64_t)v;
    return r;
}

void leb_write_u64(struct buffer *b, uint64_t value)
{
    do {
        uint8_t byte = value & 0x7f;
        value >>= 7;
        buffer_append_byte(b, (uint8_t)(byte | (value ? 0x80 : 0)));
    } while (value);
}

void leb_write_s64(struct buffer *b, int64_t value)
{
    for (;;) {
        uint8_t byte = (uint8_t)(value & 0x7f);
        bool negative = value < 0;
        value = negative ? ~(~value >> 7) : value >> 7;
        bool done = (value == 0 && !(byte & 0x40)) || (value == -1 && (byte & 0x40));
        buffer_append_byte(b, (uint8_t)(byte | (done ? 0 : 0x80)));
        if (done) return;
    }
}
