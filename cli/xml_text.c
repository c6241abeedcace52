#include "cli/xml_text.h"

#include "base/shown.h"

/* Bytes of the character at `text` that can be shown; 0: there is none, or XML does not allow it either. */
static size_t xml_character(struct bytes text)
{
    uint32_t c = 0;
    const size_t size = character_at(text, 0, &c);
    return size && character_is_hidden(c) ? 0 : size;
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
