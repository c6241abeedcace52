#include "base/shown.h"

#include <stdio.h>

size_t character_at(struct bytes text, size_t at, uint32_t *character)
{
    const uint8_t *p = text.data + at;
    const size_t size = *p < 0x80 ? 1 : *p < 0xe0 ? 2 : *p < 0xf0 ? 3 : 4;
    if (size > text.size - at || !utf8_valid(p, size)) return 0;
    uint32_t c = size == 1 ? *p : *p & (0xffu >> (size + 1));
    for (size_t i = 1; i < size; i++) c = c << 6 | (p[i] & 0x3f);
    *character = c;
    return size;
}

bool character_is_hidden(uint32_t c)
{
    static const struct {
        uint32_t first, last;
    } ranges[] = {
#define X(first, last) {first, last},
#include "base/shown_ranges.def"
#undef X
    };
    if (c >= ' ' && c <= '~') return false;
    if ((c & 0xfffe) == 0xfffe) return true;
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges && ranges[i].first <= c; i++)
        if (c <= ranges[i].last) return true;
    return false;
}

size_t shown_at(struct bytes text, size_t at, char out[static SHOWN_SIZE])
{
    uint32_t c = 0;
    const size_t size = character_at(text, at, &c);
    if (size == 0 || c < ' ' || c == 0x7f) {
        snprintf(out, SHOWN_SIZE, "\\%02x", (unsigned)text.data[at]);
        return 1;
    }
    if (character_is_hidden(c)) {
        snprintf(out, SHOWN_SIZE, "\\u{%x}", (unsigned)c);
    } else {
        memcpy(out, text.data + at, size);
        out[size] = 0;
    }
    return size;
}

void shown_append(struct buffer *out, struct bytes text)
{
    char shown[SHOWN_SIZE];
    for (size_t at = 0; at < text.size;) {
        at += shown_at(text, at, shown);
        buffer_append_string(out, shown);
    }
}

void shown_append_quoted(struct buffer *out, struct bytes text, size_t limit)
{
    char shown[SHOWN_SIZE];
    size_t at = 0;
    buffer_append_byte(out, '"');
    for (size_t count = 0; at < text.size; count++) {
        const bool escaped = text.data[at] == '"' || text.data[at] == '\\';
        const size_t size = shown_at(text, at, shown);
        const size_t length = (uint8_t)shown[0] < 0x80 ? strlen(shown) : 1; /* as it is: one */
        count += length - 1 + escaped;
        if (count >= limit) break;
        if (escaped) buffer_append_byte(out, '\\');
        buffer_append_string(out, shown);
        at += size;
    }
    buffer_append_byte(out, '"');
    if (at < text.size) buffer_printf(out, "... (%zu bytes)", text.size);
}

void shown_append_json(struct buffer *out, struct bytes json)
{
    size_t plain = 0; /* from here to `at` nothing is hidden */
    for (size_t at = 0, size = 0; at < json.size; at += size) {
        uint32_t c = json.data[at];
        size = c < 0x7f ? 1 : character_at(json, at, &c);
        const bool broken = size == 0; /* no JSON: that is UTF-8 */
        if (broken) size = 1, c = 0xfffd;
        if (c < 0x7f || (!broken && !character_is_hidden(c))) continue;
        buffer_append(out, json.data + plain, at - plain);
        if (c < 0x10000) buffer_printf(out, "\\u%04x", (unsigned)c);
        else buffer_printf(out, "\\u%04x\\u%04x", (unsigned)(0xd7c0 + (c >> 10)), (unsigned)(0xdc00 | (c & 0x3ff)));
        plain = at + size;
    }
    buffer_append(out, json.data + plain, json.size - plain);
}
