/* String literals (WebAssembly 2.0, 6.3.3): escapes, and names, which must be UTF-8. */
#include "wat/parser.h"

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

static void append_utf8(struct buffer *out, uint32_t c)
{
    uint8_t bytes[4];
    size_t n = 0;
    if (c < 0x80) {
        bytes[n++] = (uint8_t)c;
    } else {
        if (c >= 0x10000) bytes[n++] = (uint8_t)(0xf0 | c >> 18);
        if (c >= 0x800) bytes[n++] = (uint8_t)(c >= 0x10000 ? 0x80 | (c >> 12 & 0x3f) : 0xe0 | c >> 12);
        bytes[n++] = (uint8_t)(c >= 0x800 ? 0x80 | (c >> 6 & 0x3f) : 0xc0 | c >> 6);
        bytes[n++] = (uint8_t)(0x80 | (c & 0x3f));
    }
    buffer_append(out, bytes, n);
}

/* `u{...}`: a code point, not a surrogate. Returns the end, or null. */
static const char *unicode_escape(const char *p, const char *end, struct buffer *out)
{
    const char *close = memchr(p, '}', (size_t)(end - p));
    if (end - p < 3 || p[1] != '{' || !close) return NULL;
    char hex[16] = "0x";
    size_t size = 2;
    for (p += 2; p < close; p++) {
        if (hex_digit(*p) < 0 && *p != '_') return NULL;
        if (size == 3 && hex[2] == '0') size = 2; /* leading zeros may be many */
        if (size == sizeof hex) return NULL;
        hex[size++] = *p;
    }
    uint64_t c = 0;
    if (size == 2 || read_unsigned(hex, size, 0x10ffff, &c) != NUMBER_OK || (c >= 0xd800 && c < 0xe000)) return NULL;
    append_utf8(out, (uint32_t)c);
    return close + 1;
}

/* Behind the backslash. Returns the end of the escape, or null. */
static const char *escape(const char *p, const char *end, struct buffer *out)
{
    static const char simple[] = "t\tn\nr\r\"\"''\\\\";
    if (p == end) return NULL;
    for (const char *s = simple; *s; s += 2) {
        if (*p != *s) continue;
        buffer_append_byte(out, (uint8_t)s[1]);
        return p + 1;
    }
    if (*p == 'u') return unicode_escape(p, end, out);
    if (end - p < 2 || hex_digit(p[0]) < 0 || hex_digit(p[1]) < 0) return NULL;
    buffer_append_byte(out, (uint8_t)(hex_digit(p[0]) << 4 | hex_digit(p[1])));
    return p + 2;
}

enum status parse_string(struct parser *p, struct buffer *out)
{
    if (p->token.kind != TOKEN_STRING) return unexpected(p, "a string");
    const char *q = p->token.start + 1, *end = p->token.start + p->token.size - 1;
    while (q < end) {
        const char *plain = q;
        while (q < end && *q != '\\') q++;
        buffer_append(out, plain, (size_t)(q - plain));
        if (q == end) break;
        struct token here = {TOKEN_ERROR, WAT_ERROR_ESCAPE, q, 1};
        q = escape(q + 1, end, out);
        if (!q) return fail_at(p, &here, WAT_ERROR_ESCAPE, NULL);
    }
    advance(p);
    return out->failed ? error_no_memory(p->e) : STATUS_OK;
}

enum status parse_strings(struct parser *p, struct buffer *out)
{
    while (p->token.kind == TOKEN_STRING) TRY(parse_string(p, out));
    return STATUS_OK;
}

enum status parse_name(struct parser *p, struct buffer *out)
{
    struct token t = p->token;
    p->string.size = 0;
    TRY(parse_string(p, &p->string));
    if (p->string.size && !utf8_valid(p->string.data, p->string.size)) return fail_at(p, &t, WAT_ERROR_UTF8, NULL);
    leb_write_u64(out, p->string.size);
    buffer_append(out, p->string.data, p->string.size);
    return STATUS_OK;
}
