#include "tee/der.h"

enum { MAX_LENGTH_BYTES = 4 };

struct der_reader der_reader_of(struct bytes input)
{
    static const uint8_t nothing[1];
    const uint8_t *start = input.size ? input.data : nothing;
    return (struct der_reader){.start = start, .p = start, .end = start + input.size};
}

struct der_reader der_inside(const struct der_reader *outer, struct bytes contents)
{
    struct der_reader r = *outer;
    if (r.failed) return r;
    if (contents.size) {
        r.p = contents.data;
        r.end = contents.data + contents.size;
    } else {
        r.end = r.p; /* an empty element lies right before where the outer reader stands */
    }
    return r;
}

void der_fail(struct der_reader *r, const char *problem)
{
    if (r->failed) return;
    r->failed = true;
    r->failed_at = (size_t)(r->p - r->start);
    r->problem = problem;
    r->p = r->end;
}

/* Fails at an element that starts at `at`. */
static struct bytes fail_at(struct der_reader *r, const uint8_t *at, const char *problem)
{
    if (!r->failed) r->p = at;
    der_fail(r, problem);
    return (struct bytes){0};
}

bool der_more(const struct der_reader *r)
{
    return !r->failed && r->p < r->end;
}

uint8_t der_peek(const struct der_reader *r)
{
    return der_more(r) ? *r->p : 0;
}

/* Reads a length behind a tag. False after a failure. */
static bool read_length(struct der_reader *r, const uint8_t *at, size_t *length)
{
    if (r->p == r->end) return fail_at(r, at, "cut short in the length"), false;
    const uint8_t first = *r->p++;
    *length = first;
    if (first < 0x80) return true;
    const unsigned count = first & 0x7f;
    if (count == 0) return fail_at(r, at, "indefinite length"), false;
    if (count > MAX_LENGTH_BYTES) return fail_at(r, at, "a length of more than four bytes"), false;
    if ((size_t)(r->end - r->p) < count) return fail_at(r, at, "cut short in the length"), false;
    uint32_t value = 0;
    for (unsigned i = 0; i < count; i++) value = value << 8 | *r->p++;
    const bool shortest = value >= 0x80 && value >> 8 * (count - 1) != 0;
    if (!shortest) return fail_at(r, at, "a length that is not in its shortest form"), false;
    *length = value;
    return true;
}

/* The contents of the next element, and where it starts; empty after a failure. */
static struct bytes read_element(struct der_reader *r, const uint8_t **at, uint8_t *tag)
{
    size_t length;
    *at = r->p;
    *tag = 0;
    if (r->failed) return (struct bytes){0};
    if (r->p == r->end) return fail_at(r, *at, "ends where another element is expected");
    const uint8_t found = *r->p++;
    if ((found & 0x1f) == 0x1f) return fail_at(r, *at, "a tag of several bytes");
    if (!read_length(r, *at, &length)) return (struct bytes){0};
    if ((size_t)(r->end - r->p) < length) return fail_at(r, *at, "an element longer than what surrounds it");
    const struct bytes contents = bytes_of(r->p, length);
    r->p += length;
    *tag = found;
    return contents;
}

struct bytes der_read_any(struct der_reader *r, uint8_t *tag)
{
    const uint8_t *at;
    return read_element(r, &at, tag);
}

static bool expect(struct der_reader *r, uint8_t tag)
{
    if (der_more(r) && *r->p != tag) return fail_at(r, r->p, "another type than expected"), false;
    return true;
}

struct bytes der_read(struct der_reader *r, uint8_t tag)
{
    const uint8_t *at;
    uint8_t found;
    if (!expect(r, tag)) return (struct bytes){0};
    return read_element(r, &at, &found);
}

struct bytes der_read_whole(struct der_reader *r, uint8_t tag)
{
    const uint8_t *at;
    uint8_t found;
    if (!expect(r, tag)) return (struct bytes){0};
    read_element(r, &at, &found);
    return r->failed ? (struct bytes){0} : bytes_of(at, (size_t)(r->p - at));
}

bool der_read_bool(struct der_reader *r)
{
    const uint8_t *at = r->p;
    const struct bytes b = der_read(r, DER_BOOLEAN);
    if (r->failed) return false;
    if (b.size != 1 || (b.data[0] != 0 && b.data[0] != 0xff))
        return fail_at(r, at, "a truth value that is neither"), false;
    return b.data[0] != 0;
}

struct bytes der_read_integer(struct der_reader *r)
{
    const uint8_t *at = r->p;
    const struct bytes b = der_read(r, DER_INTEGER);
    if (r->failed) return b;
    if (b.size == 0) return fail_at(r, at, "a number without digits");
    if (b.data[0] & 0x80) return fail_at(r, at, "a negative number");
    if (b.size > 1 && b.data[0] == 0 && !(b.data[1] & 0x80))
        return fail_at(r, at, "a number that is not in its shortest form");
    return b;
}

uint64_t der_read_small(struct der_reader *r, uint64_t max)
{
    const uint8_t *at = r->p;
    const struct bytes b = der_read_integer(r);
    uint64_t value = 0;
    if (b.size > sizeof value + 1 || (b.size == sizeof value + 1 && b.data[0] != 0))
        return fail_at(r, at, "a larger number than allowed"), 0;
    for (size_t i = 0; i < b.size; i++) value = value << 8 | b.data[i];
    if (value > max) return fail_at(r, at, "a larger number than allowed"), 0;
    return value;
}

struct bytes der_read_bits(struct der_reader *r, unsigned *unused)
{
    const uint8_t *at = r->p;
    const struct bytes b = der_read(r, DER_BIT_STRING);
    *unused = 0;
    if (r->failed) return b;
    if (b.size == 0 || b.data[0] > 7 || (b.size == 1 && b.data[0] != 0))
        return fail_at(r, at, "a bit string with an impossible number of unused bits");
    if (b.size > 1 && b.data[b.size - 1] & ((1u << b.data[0]) - 1))
        return fail_at(r, at, "a bit string whose unused bits are not zero");
    *unused = b.data[0];
    return bytes_of(b.data + 1, b.size - 1);
}

enum status der_finish(const struct der_reader *r, const char *what, struct error *e)
{
    if (!r->failed && r->p == r->end) return STATUS_OK;
    const size_t at = r->failed ? r->failed_at : (size_t)(r->p - r->start);
    const char *problem = r->failed ? r->problem : "more than what belongs there";
    const enum status status = tee_refuse(e, TEE_DER, "%s: %s", what, problem);
    if (e) e->offset = at;
    return status;
}
