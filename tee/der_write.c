#include "tee/der_write.h"

#include "base/rfc3339.h"

size_t der_open(struct buffer *b, uint8_t tag)
{
    buffer_append_byte(b, tag);
    return b->size;
}

/* Puts the length before the contents, which begin at `at`. */
static void insert(struct buffer *b, size_t at, const uint8_t *length, size_t size)
{
    if (b->failed || !buffer_reserve(b, size)) return;
    memmove(b->data + at + size, b->data + at, b->size - at);
    memcpy(b->data + at, length, size);
    b->size += size;
}

/* The first byte is left for the short form or the number of bytes that follow. */
static size_t encode_length(uint8_t out[9], size_t length, unsigned length_bytes)
{
    out[0] = (uint8_t)(0x80 | length_bytes);
    for (unsigned i = 0; i < length_bytes; i++) out[length_bytes - i] = (uint8_t)((uint64_t)length >> 8 * i);
    return 1 + length_bytes;
}

static size_t shortest_length(uint8_t out[9], size_t length)
{
    unsigned bytes = 1;
    if (length < 0x80) {
        out[0] = (uint8_t)length;
        return 1;
    }
    while (bytes < 8 && (uint64_t)length >> 8 * bytes != 0) bytes++;
    return encode_length(out, length, bytes);
}

void der_close(struct buffer *b, size_t at)
{
    uint8_t length[9];
    if (b->failed) return;
    insert(b, at, length, shortest_length(length, b->size - at));
}

void der_close_long(struct buffer *b, size_t at, unsigned length_bytes)
{
    uint8_t length[9];
    if (b->failed) return;
    insert(b, at, length, encode_length(length, b->size - at, length_bytes > 8 ? 8 : length_bytes));
}

void der_write_length(struct buffer *b, size_t length)
{
    uint8_t out[9];
    buffer_append(b, out, shortest_length(out, length));
}

void der_write_raw(struct buffer *b, struct bytes anything)
{
    if (anything.size) buffer_append(b, anything.data, anything.size);
}

void der_write(struct buffer *b, uint8_t tag, struct bytes contents)
{
    buffer_append_byte(b, tag);
    der_write_length(b, contents.size);
    der_write_raw(b, contents);
}

void der_write_bool(struct buffer *b, bool value)
{
    der_write(b, DER_BOOLEAN, bytes_of(value ? "\xff" : "\0", 1));
}

void der_write_null(struct buffer *b)
{
    der_write(b, DER_NULL, bytes_of(NULL, 0));
}

void der_write_integer(struct buffer *b, struct bytes big_endian)
{
    while (big_endian.size > 0 && big_endian.data[0] == 0) {
        big_endian.data++;
        big_endian.size--;
    }
    const bool zero_first = big_endian.size == 0 || big_endian.data[0] >= 0x80;
    buffer_append_byte(b, DER_INTEGER);
    der_write_length(b, big_endian.size + zero_first);
    if (zero_first) buffer_append_byte(b, 0);
    der_write_raw(b, big_endian);
}

void der_write_small(struct buffer *b, uint64_t value)
{
    uint8_t big_endian[8];
    for (int i = 0; i < 8; i++) big_endian[7 - i] = (uint8_t)(value >> 8 * i);
    der_write_integer(b, bytes_of(big_endian, sizeof big_endian));
}

static void write_arc(struct buffer *b, uint64_t arc)
{
    uint8_t out[10];
    size_t at = sizeof out;
    out[--at] = (uint8_t)(arc & 0x7f);
    for (arc >>= 7; arc != 0; arc >>= 7) out[--at] = (uint8_t)((arc & 0x7f) | 0x80);
    buffer_append(b, out + at, sizeof out - at);
}

/* One number of the list; false: there is none, or it is too large. Moves behind it and a dot. */
static bool next_arc(const char **text, uint64_t *arc)
{
    const char *p = *text;
    *arc = 0;
    if (*p < '0' || *p > '9') return false;
    for (; *p >= '0' && *p <= '9'; p++) {
        const unsigned digit = (unsigned)(*p - '0');
        if (*arc > (UINT64_MAX - digit) / 10) return false;
        *arc = *arc * 10 + digit;
    }
    if (*p == '.') p++;
    else if (*p != 0) return false;
    *text = p;
    return true;
}

void der_write_oid_contents(struct buffer *b, const char *dotted)
{
    const size_t start = b->size;
    uint64_t first, second, arc;
    if (!next_arc(&dotted, &first) || !next_arc(&dotted, &second)) return;
    if (first > 2 || (first < 2 && second > 39) || second > UINT64_MAX - 80) return;
    write_arc(b, first * 40 + second);
    while (*dotted) {
        if (!next_arc(&dotted, &arc)) {
            b->size = start;
            return;
        }
        write_arc(b, arc);
    }
}

void der_write_oid(struct buffer *b, const char *dotted)
{
    const size_t at = der_open(b, DER_OID);
    der_write_oid_contents(b, dotted);
    der_close(b, at);
}

void der_write_bits(struct buffer *b, struct bytes bits, unsigned unused)
{
    buffer_append_byte(b, DER_BIT_STRING);
    der_write_length(b, bits.size + 1);
    buffer_append_byte(b, (uint8_t)unused);
    der_write_raw(b, bits);
}

void der_write_flags(struct buffer *b, uint32_t flags)
{
    uint8_t bits[4] = {0};
    unsigned count = 0;
    for (unsigned i = 0; i < 32; i++) {
        if (!(flags >> i & 1)) continue;
        bits[i / 8] = (uint8_t)(bits[i / 8] | 0x80 >> i % 8);
        count = i + 1;
    }
    der_write_bits(b, bytes_of(bits, (count + 7) / 8), (8 - count % 8) % 8);
}

/* YYYYMMDDHHMMSSZ */
static void time_digits(int64_t at, char out[16])
{
    char text[RFC3339_TEXT_SIZE];
    size_t size = 0;
    rfc3339_text(at, text);
    for (const char *p = text; *p; p++)
        if (*p >= '0' && *p <= '9' && size < 14) out[size++] = *p;
    out[size++] = 'Z';
    out[size] = 0;
}

void der_write_time(struct buffer *b, int64_t at)
{
    char text[16];
    time_digits(at, text);
    if (strncmp(text, "1950", 4) < 0 || strncmp(text, "2049", 4) > 0)
        der_write(b, DER_GENERALIZED_TIME, bytes_of_string(text));
    else der_write(b, DER_UTC_TIME, bytes_of_string(text + 2));
}
