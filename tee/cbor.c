#include "tee/cbor.h"

/* Major types, and the additional information that is no value (RFC 8949, section 3). */
enum { MAJOR_UINT, MAJOR_NEGATIVE, MAJOR_BYTES, MAJOR_TEXT, MAJOR_ARRAY, MAJOR_MAP, MAJOR_TAG, MAJOR_SIMPLE };
enum { INFO_1_BYTE = 24, INFO_8_BYTES = 27, INFO_INDEFINITE = 31 };
enum { SIMPLE_FALSE = 0xf4, SIMPLE_TRUE = 0xf5, SIMPLE_NULL = 0xf6, SIMPLE_BREAK = 0xff };

struct cbor_reader cbor_reader_of(struct bytes input)
{
    static const uint8_t nothing[1];
    const uint8_t *data = input.size ? input.data : nothing; /* no arithmetic with null */
    return (struct cbor_reader){.start = data, .p = data, .end = data + input.size};
}

size_t cbor_offset(const struct cbor_reader *r)
{
    return (size_t)(r->p - r->start);
}

void cbor_fail(struct cbor_reader *r, const char *problem)
{
    if (r->failed) return;
    r->failed = true;
    r->failed_at = cbor_offset(r);
    r->problem = problem;
}

enum cbor_kind cbor_peek(const struct cbor_reader *r)
{
    static const uint8_t kinds[] = {CBOR_UINT, CBOR_NEGATIVE, CBOR_BYTES, CBOR_TEXT, CBOR_ARRAY, CBOR_MAP, CBOR_TAG};
    if (r->failed || r->p == r->end) return CBOR_NONE;
    switch (*r->p) {
    case SIMPLE_FALSE:
    case SIMPLE_TRUE: return CBOR_BOOL;
    case SIMPLE_NULL: return CBOR_NULL;
    case SIMPLE_BREAK: return CBOR_BREAK;
    default: return *r->p >> 5 < MAJOR_SIMPLE ? (enum cbor_kind)kinds[*r->p >> 5] : CBOR_NONE;
    }
}

/* The value of the head at p, which must be of `kind`, and its size. False: failed. */
static bool head(struct cbor_reader *r, enum cbor_kind kind, const char *expected, uint64_t *value, size_t *size)
{
    *value = 0;
    *size = 1;
    if (cbor_peek(r) != kind) {
        cbor_fail(r, r->p == r->end ? "the input ends" : expected);
        return false;
    }
    const unsigned info = *r->p & 0x1f;
    if (info < INFO_1_BYTE) {
        *value = info;
        return true;
    }
    if (info > INFO_8_BYTES) {
        cbor_fail(r, info == INFO_INDEFINITE ? "a length that is not stated" : "a reserved form of length");
        return false;
    }
    const size_t more = (size_t)1 << (info - INFO_1_BYTE);
    if ((size_t)(r->end - r->p) < 1 + more) {
        cbor_fail(r, "the input ends");
        return false;
    }
    for (size_t i = 1; i <= more; i++) *value = *value << 8 | r->p[i];
    *size = 1 + more;
    /* The least value that needs so many bytes: 24, then all that the half of them cannot hold. */
    const uint64_t least = more == 1 ? INFO_1_BYTE : (uint64_t)1 << 4 * more;
    if (*value >= least || r->any_form) return true;
    cbor_fail(r, "a value that is not in its shortest form");
    return false;
}

uint64_t cbor_read_uint(struct cbor_reader *r, uint64_t max)
{
    uint64_t value;
    size_t size;
    if (!head(r, CBOR_UINT, "an unsigned integer is expected", &value, &size)) return 0;
    if (value > max) {
        cbor_fail(r, "a number that is too large");
        return 0;
    }
    r->p += size;
    return value;
}

int64_t cbor_read_int(struct cbor_reader *r)
{
    uint64_t value;
    size_t size;
    const bool negative = cbor_peek(r) == CBOR_NEGATIVE;
    if (!head(r, negative ? CBOR_NEGATIVE : CBOR_UINT, "an integer is expected", &value, &size)) return 0;
    if (value > INT64_MAX) {
        cbor_fail(r, "a number that is too large");
        return 0;
    }
    r->p += size;
    return negative ? -1 - (int64_t)value : (int64_t)value;
}

static struct bytes read_string(struct cbor_reader *r, enum cbor_kind kind, const char *expected)
{
    uint64_t length;
    size_t size;
    if (!head(r, kind, expected, &length, &size)) return (struct bytes){0};
    if (length > (size_t)(r->end - r->p) - size) {
        cbor_fail(r, "a string that is longer than the input");
        return (struct bytes){0};
    }
    const struct bytes value = bytes_of(r->p + size, (size_t)length);
    if (kind == CBOR_TEXT && !utf8_valid(value.data, value.size)) {
        cbor_fail(r, "text that is not UTF-8");
        return (struct bytes){0};
    }
    r->p += size + (size_t)length;
    return value;
}

struct bytes cbor_read_bytes(struct cbor_reader *r)
{
    return read_string(r, CBOR_BYTES, "a byte string is expected");
}

struct bytes cbor_read_text(struct cbor_reader *r)
{
    return read_string(r, CBOR_TEXT, "a text string is expected");
}

uint64_t cbor_read_tag(struct cbor_reader *r)
{
    uint64_t number;
    size_t size;
    if (!head(r, CBOR_TAG, "a tag is expected", &number, &size)) return 0;
    r->p += size;
    return number;
}

bool cbor_read_bool(struct cbor_reader *r)
{
    if (cbor_peek(r) != CBOR_BOOL) {
        cbor_fail(r, "true or false is expected");
        return false;
    }
    return *r->p++ == SIMPLE_TRUE;
}

bool cbor_skip_null(struct cbor_reader *r)
{
    if (cbor_peek(r) != CBOR_NULL) return false;
    r->p++;
    return true;
}

static struct cbor_container enter(struct cbor_reader *r, enum cbor_kind kind, const char *expected)
{
    uint64_t count;
    size_t size;
    if (cbor_peek(r) == kind && (*r->p & 0x1f) == INFO_INDEFINITE) {
        r->p++;
        return (struct cbor_container){.indefinite = true};
    }
    if (!head(r, kind, expected, &count, &size)) return (struct cbor_container){0};
    /* Each item takes at least one byte, so that a count never makes anybody wait for what cannot come. */
    if (count > ((size_t)(r->end - r->p) - size) / (kind == CBOR_MAP ? 2 : 1)) {
        cbor_fail(r, "more items than the input can hold");
        return (struct cbor_container){0};
    }
    r->p += size;
    return (struct cbor_container){.left = count};
}

struct cbor_container cbor_enter_array(struct cbor_reader *r)
{
    return enter(r, CBOR_ARRAY, "an array is expected");
}

struct cbor_container cbor_enter_map(struct cbor_reader *r)
{
    return enter(r, CBOR_MAP, "a map is expected");
}

bool cbor_more(struct cbor_reader *r, struct cbor_container *c)
{
    if (r->failed) return false;
    if (!c->indefinite) return c->left && c->left--;
    if (r->p == r->end) {
        cbor_fail(r, "the input ends in an array or map");
        return false;
    }
    if (cbor_peek(r) != CBOR_BREAK) return true;
    r->p++;
    return false;
}

/* What has begun and not ended while an item is passed over. */
struct open_container {
    struct cbor_container container;
    bool map, at_value;            /* in a map: a key was read, its value is next */
};

/* Passes over a whole item, or enters the container that it is. */
static void skip_one(struct cbor_reader *r, struct open_container *open, unsigned *depth)
{
    const enum cbor_kind kind = cbor_peek(r);
    uint64_t value;
    size_t size;
    switch (kind) {
    case CBOR_UINT:
    case CBOR_NEGATIVE:
        if (head(r, kind, "", &value, &size)) r->p += size;
        break;
    case CBOR_BYTES: cbor_read_bytes(r); break;
    case CBOR_TEXT: cbor_read_text(r); break;
    case CBOR_BOOL:
    case CBOR_NULL: r->p++; break;
    case CBOR_TAG: /* the tag and its content are one item: a container of one */
    case CBOR_ARRAY:
    case CBOR_MAP:
        if (*depth == CBOR_DEPTH) {
            cbor_fail(r, "more levels of nesting than are allowed");
            break;
        }
        struct cbor_container c = {.left = 1};
        if (kind == CBOR_TAG) cbor_read_tag(r);
        else c = enter(r, kind, "");
        open[(*depth)++] = (struct open_container){.container = c, .map = kind == CBOR_MAP};
        break;
    default: cbor_fail(r, r->p == r->end ? "the input ends" : "an item that is not allowed here"); break;
    }
}

/* Whether another item must be passed over in the innermost container. */
static bool another(struct cbor_reader *r, struct open_container *o)
{
    if (o->at_value) {
        o->at_value = false;
        return !r->failed;
    }
    if (!cbor_more(r, &o->container)) return false;
    o->at_value = o->map;
    return true;
}

void cbor_skip(struct cbor_reader *r)
{
    struct open_container open[CBOR_DEPTH];
    unsigned depth = 0;
    skip_one(r, open, &depth);
    while (depth && !r->failed) {
        if (another(r, &open[depth - 1])) skip_one(r, open, &depth);
        else depth--;
    }
}

enum status cbor_finish(const struct cbor_reader *r, const char *what, enum tee_refusal refusal, struct error *e)
{
    if (!r->failed && r->p == r->end) return STATUS_OK;
    const size_t at = r->failed ? r->failed_at : cbor_offset(r);
    tee_refuse(e, refusal, "%s: %s at byte %zu of %zu", what, r->failed ? r->problem : "bytes behind the end", at,
               (size_t)(r->end - r->start));
    if (e) e->offset = at;
    return STATUS_INVALID;
}
