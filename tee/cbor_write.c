#include "tee/cbor.h"

enum { BREAK = 0xff, INDEFINITE_MAP = 0xbf, FALSE = 0xf4, TRUE = 0xf5, NULL_VALUE = 0xf6 };

size_t cbor_head(uint8_t out[CBOR_HEAD_MAX], enum cbor_kind kind, uint64_t value)
{
    const unsigned major = (unsigned)kind - CBOR_UINT; /* the kinds are in the order of the major types */
    if (value < 24) {
        out[0] = (uint8_t)(major << 5 | value);
        return 1;
    }
    unsigned log = 0; /* of the number of bytes that the value needs */
    while (log < 3 && value >> (8u << log)) log++;
    const unsigned size = 1u << log;
    out[0] = (uint8_t)(major << 5 | (24 + log));
    for (unsigned i = 0; i < size; i++) out[1 + i] = (uint8_t)(value >> 8 * (size - 1 - i));
    return 1 + size;
}

static void write_head(struct buffer *out, enum cbor_kind kind, uint64_t value)
{
    uint8_t head[CBOR_HEAD_MAX];
    buffer_append(out, head, cbor_head(head, kind, value));
}

void cbor_write_uint(struct buffer *out, uint64_t value)
{
    write_head(out, CBOR_UINT, value);
}

void cbor_write_int(struct buffer *out, int64_t value)
{
    if (value < 0) write_head(out, CBOR_NEGATIVE, (uint64_t)(-1 - value));
    else write_head(out, CBOR_UINT, (uint64_t)value);
}

void cbor_write_bytes(struct buffer *out, struct bytes value)
{
    write_head(out, CBOR_BYTES, value.size);
    buffer_append(out, value.data, value.size);
}

void cbor_write_text(struct buffer *out, const char *value)
{
    write_head(out, CBOR_TEXT, strlen(value));
    buffer_append_string(out, value);
}

void cbor_write_array(struct buffer *out, uint64_t count)
{
    write_head(out, CBOR_ARRAY, count);
}

void cbor_write_map(struct buffer *out, uint64_t count)
{
    write_head(out, CBOR_MAP, count);
}

void cbor_write_indefinite_map(struct buffer *out)
{
    buffer_append_byte(out, INDEFINITE_MAP);
}

void cbor_write_break(struct buffer *out)
{
    buffer_append_byte(out, BREAK);
}

void cbor_write_tag(struct buffer *out, uint64_t number)
{
    write_head(out, CBOR_TAG, number);
}

void cbor_write_bool(struct buffer *out, bool value)
{
    buffer_append_byte(out, value ? TRUE : FALSE);
}

void cbor_write_null(struct buffer *out)
{
    buffer_append_byte(out, NULL_VALUE);
}
