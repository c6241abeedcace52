/* Rust's first mangling: the outside looks like a nested name of the Itanium ABI, `_ZN`, identifiers with their
 * lengths, `E`; inside the identifiers, characters that linkers dislike are escaped (`$LT$` for `<`, `..` for `::`),
 * and the last identifier is a hash (rustc_symbol_mangling/src/legacy.rs). */
#include "base/demangle_schemes.h"

static const struct {
    char code[3];
    char character;
} escapes[] = {{"SP", '@'}, {"BP", '*'}, {"RF", '&'}, {"LT", '<'}, {"GT", '>'}, {"LP", '('}, {"RP", ')'}, {"C", ','}};

/* "u" and lower-case hexadecimal digits: any character but a control character. */
static bool append_code_point(struct bytes code, struct buffer *out)
{
    uint32_t c = 0;
    if (code.size < 2 || code.data[0] != 'u') return false;
    for (size_t i = 1; i < code.size; i++) {
        uint8_t d = code.data[i];
        if (!((d >= '0' && d <= '9') || (d >= 'a' && d <= 'f')) || c > 0x10ffff) return false;
        c = c << 4 | (uint32_t)(d <= '9' ? d - '0' : d - 'a' + 10);
    }
    if (!is_scalar_value(c) || c < 0x20 || (c >= 0x7f && c < 0xa0)) return false;
    append_utf8(out, c);
    return true;
}

static bool append_escape(struct bytes code, struct buffer *out)
{
    for (size_t i = 0; i < sizeof escapes / sizeof *escapes; i++)
        if (bytes_equal(code, bytes_of_string(escapes[i].code))) {
            buffer_append_byte(out, (uint8_t)escapes[i].character);
            return true;
        }
    return append_code_point(code, out);
}

/* From the first escape that nobody knows on, the text stays as it is. */
static void append_identifier(struct bytes text, struct buffer *out)
{
    const uint8_t *p = text.data, *end = p + text.size;
    if (text.size >= 2 && p[0] == '_' && p[1] == '$') p++; /* an identifier may not begin with `$` */
    while (p < end) {
        if (*p == '.') {
            bool two = p + 1 < end && p[1] == '.';
            buffer_append_string(out, two ? "::" : ".");
            p += two ? 2 : 1;
        } else if (*p == '$') {
            const uint8_t *close = memchr(p + 1, '$', (size_t)(end - p - 1));
            if (!close || !append_escape(bytes_of(p + 1, (size_t)(close - p - 1)), out)) break;
            p = close + 1;
        } else {
            buffer_append_byte(out, *p++);
        }
    }
    buffer_append(out, p, (size_t)(end - p));
}

static bool is_hash(struct bytes text)
{
    if (text.size == 0 || text.data[0] != 'h') return false;
    for (size_t i = 1; i < text.size; i++) {
        uint8_t c = text.data[i];
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'))) return false;
    }
    return true;
}

/* Reads one identifier with its length and moves *next behind it. */
static bool read_identifier(struct bytes symbol, size_t *next, struct bytes *identifier)
{
    size_t length = 0, i = *next;
    if (i >= symbol.size || symbol.data[i] < '0' || symbol.data[i] > '9') return false;
    for (; i < symbol.size && symbol.data[i] >= '0' && symbol.data[i] <= '9'; i++) {
        length = length * 10 + (size_t)(symbol.data[i] - '0');
        if (length > symbol.size) return false;
    }
    if (length > symbol.size - i) return false;
    *identifier = bytes_of(symbol.data + i, length);
    *next = i + length;
    return true;
}

bool demangle_legacy(struct bytes symbol, struct buffer *out, size_t *used)
{
    size_t next = symbol_begins(symbol, "_ZN") ? 3 : symbol_begins(symbol, "__ZN") ? 4 : 0;
    if (next == 0) return false;
    for (size_t i = next; i < symbol.size; i++)
        if (symbol.data[i] & 0x80) return false;
    size_t start = out->size;
    bool first = true;
    for (;; first = false) {
        if (next >= symbol.size) return false;
        if (symbol.data[next] == 'E') break;
        struct bytes identifier;
        if (!read_identifier(symbol, &next, &identifier)) return false;
        if (symbol_begins(identifier, "_GLOBAL__N")) return false; /* C++'s anonymous namespace */
        if (next < symbol.size && symbol.data[next] == 'E' && is_hash(identifier)) break;
        if (!first) buffer_append_string(out, "::");
        append_identifier(identifier, out);
        if (out->failed || out->size - start > DEMANGLE_OUTPUT_LIMIT) return false;
    }
    *used = next + 1;
    return true;
}
