#include "cli/xml_text.h"

/* Bytes of the well-formed character at `text`; 0 if there is none that XML allows. */
static size_t xml_character(struct bytes text)
{
    uint8_t lead = text.data[0];
    size_t size = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (size > text.size || lead < ' ' || lead == 0x7f || !utf8_valid(text.data, size)) return 0;
    if (size == 2 && lead == 0xc2 && text.data[1] < 0xa0) return 0; /* C1 control characters */
    if (size == 3 && lead == 0xef && text.data[1] == 0xbf && text.data[2] >= 0xbe) return 0; /* U+FFFE, U+FFFF */
    return size;
}

static void append_character(struct buffer *out, const uint8_t *c, size_t size)
{
    switch (*c) {
    case '&': buffer_append_string(out, "&amp;"); break;
    case '<': buffer_append_string(out, "&lt;"); break;
    case '>': buffer_append_string(out, "&gt;"); break;
    case '"': buffer_append_string(out, "&quot;"); break;
    default: buffer_append(out, c, size);
    }
}

void xml_append(struct buffer *out, struct bytes text, size_t limit)
{
    size_t length = 0, i = 0, cut = 0; /* cut: where the last character begins that fits beside an ellipsis */
    for (; i < text.size && length <= limit; length++) {
        if (length + 1 == limit) cut = i;
        size_t size = xml_character(bytes_of(text.data + i, text.size - i));
        i += size ? size : 1;
    }
    bool whole = length <= limit;
    size_t end = whole ? text.size : cut;
    for (i = 0; i < end;) {
        size_t size = xml_character(bytes_of(text.data + i, text.size - i));
        if (size) append_character(out, text.data + i, size);
        else buffer_append_string(out, "\xef\xbf\xbd");
        i += size ? size : 1;
    }
    if (!whole) buffer_append_string(out, "\xe2\x80\xa6");
}
