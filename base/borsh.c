#include "base/borsh.h"

void borsh_write_u8(struct buffer *b, uint8_t v)
{
    buffer_append_byte(b, v);
}

void borsh_write_u16(struct buffer *b, uint16_t v)
{
    uint8_t bytes[2];
    store_le16(bytes, v);
    buffer_append(b, bytes, sizeof bytes);
}

void borsh_write_u32(struct buffer *b, uint32_t v)
{
    uint8_t bytes[4];
    store_le32(bytes, v);
    buffer_append(b, bytes, sizeof bytes);
}

void borsh_write_u64(struct buffer *b, uint64_t v)
{
    uint8_t bytes[8];
    store_le64(bytes, v);
    buffer_append(b, bytes, sizeof bytes);
}

void borsh_write_u128(struct buffer *b, struct u128 v)
{
    uint8_t bytes[16];
    u128_store(bytes, v);
    buffer_append(b, bytes, sizeof bytes);
}

void borsh_write_bool(struct buffer *b, bool v)
{
    buffer_append_byte(b, v);
}

void borsh_write_bytes(struct buffer *b, struct bytes v)
{
    if (v.size > UINT32_MAX) {
        b->failed = true;
        return;
    }
    borsh_write_u32(b, (uint32_t)v.size);
    buffer_append(b, v.data, v.size);
}

/* ---- reading ----------------------------------------------------------------------------------------------------- */

struct borsh_reader borsh_reader_of(struct bytes input)
{
    static const uint8_t nothing[1];
    const uint8_t *start = input.data ? input.data : nothing;
    return (struct borsh_reader){.start = start, .p = start, .end = start + input.size};
}

void borsh_reject(struct borsh_reader *r, const char *problem)
{
    if (r->failed) return;
    r->failed = true;
    r->failed_at = (size_t)(r->p - r->start);
    r->problem = problem;
}

/* The next `size` bytes; null, and failed, if there are not that many. */
static const uint8_t *take(struct borsh_reader *r, size_t size)
{
    if (!r->failed && size > (size_t)(r->end - r->p)) borsh_reject(r, "unexpected end");
    if (r->failed) return NULL;
    const uint8_t *p = r->p;
    r->p += size;
    return p;
}

uint8_t borsh_read_u8(struct borsh_reader *r)
{
    const uint8_t *p = take(r, 1);
    return p ? *p : 0;
}

uint16_t borsh_read_u16(struct borsh_reader *r)
{
    const uint8_t *p = take(r, 2);
    return p ? load_le16(p) : 0;
}

uint32_t borsh_read_u32(struct borsh_reader *r)
{
    const uint8_t *p = take(r, 4);
    return p ? load_le32(p) : 0;
}

uint64_t borsh_read_u64(struct borsh_reader *r)
{
    const uint8_t *p = take(r, 8);
    return p ? load_le64(p) : 0;
}

struct u128 borsh_read_u128(struct borsh_reader *r)
{
    const uint8_t *p = take(r, 16);
    return p ? u128_load(p) : u128_of(0);
}

/* Goes back before what was just read, so that the offset of a complaint is its beginning. */
static void reject_last(struct borsh_reader *r, size_t size, const char *problem)
{
    if (r->failed) return;
    r->p -= size;
    borsh_reject(r, problem);
}

bool borsh_read_bool(struct borsh_reader *r)
{
    uint8_t v = borsh_read_u8(r);
    if (v > 1) reject_last(r, 1, "neither 0 nor 1");
    return v == 1;
}

struct bytes borsh_read_fixed(struct borsh_reader *r, size_t size)
{
    const uint8_t *p = take(r, size);
    return p ? bytes_of(p, size) : (struct bytes){0};
}

uint32_t borsh_read_count(struct borsh_reader *r, size_t element_size)
{
    uint32_t count = borsh_read_u32(r);
    if (r->failed) return 0;
    if (count <= (size_t)(r->end - r->p) / element_size) return count;
    reject_last(r, 4, "a count of more than the input holds");
    return 0;
}

struct bytes borsh_read_bytes(struct borsh_reader *r)
{
    uint32_t count = borsh_read_count(r, 1);
    return borsh_read_fixed(r, count);
}

struct bytes borsh_read_string(struct borsh_reader *r)
{
    struct bytes b = borsh_read_bytes(r);
    if (utf8_valid(b.data, b.size)) return b;
    reject_last(r, b.size, "no valid UTF-8");
    return (struct bytes){0};
}

enum status borsh_finish(const struct borsh_reader *r, const char *what, struct error *e)
{
    if (r->failed) return error_set(e, STATUS_MALFORMED, 0, r->failed_at, "%s: %s", what, r->problem);
    if (r->p != r->end)
        return error_set(e, STATUS_MALFORMED, 0, (uint64_t)(r->p - r->start), "%s: %zu bytes too many", what,
                         (size_t)(r->end - r->p));
    return STATUS_OK;
}
