#include "cli/run_text.h"

#include "base/shown.h"
#include "base/u128.h"
#include "json/json_text.h"

/* How many bytes at `at` are one character that can be shown as it is; 0: it cannot. */
static size_t shown(struct bytes b, size_t at)
{
    uint32_t c = 0;
    const size_t size = character_at(b, at, &c);
    return size && character_is_hidden(c) ? 0 : size;
}

void print_text(FILE *out, struct bytes text, unsigned indent)
{
    char one[SHOWN_SIZE];
    for (size_t i = 0; i < text.size;) {
        const uint8_t c = text.data[i];
        i += shown_at(text, i, one);
        if (c == '\n') fprintf(out, "\n%*s", (int)indent, "");
        else fputs(c == '\t' ? "    " : one, out);
    }
}

/* The length of the row of characters at `at`. */
static size_t text_length(struct bytes b, size_t at)
{
    size_t end = at;
    for (size_t size = 1; size && end < b.size; end += size) size = shown(b, end);
    return end - at;
}

/* The same for characters of ASCII: others in the midst of bytes are most likely chance. */
static size_t ascii_length(struct bytes b, size_t at)
{
    size_t end = at;
    while (end < b.size && b.data[end] < 0x80 && shown(b, end)) end++;
    return end - at;
}

static void print_hex(FILE *out, struct bytes b, size_t limit)
{
    fprintf(out, "0x");
    for (size_t i = 0; i < b.size && i < limit; i++) fprintf(out, "%02x", b.data[i]);
    if (b.size > limit) fprintf(out, "... (%zu bytes)", b.size);
}

enum part { PART_TEXT, PART_STRING, PART_NUMBER, PART_HEX };

/* What stands at `at`, and how many bytes it takes. */
static enum part part_at(struct bytes b, size_t at, size_t *size)
{
    size_t left = b.size - at;
    size_t length = left > 4 ? load_le32(b.data + at) : 0;
    if (length && length <= left - 4 && text_length(bytes_of(b.data, at + 4 + length), at + 4) == length) {
        *size = 4 + length;
        return PART_STRING;
    }
    *size = at ? ascii_length(b, at) : text_length(b, at);
    if (*size == left || *size >= 2 || (*size == 1 && at == 0)) return PART_TEXT;
    *size = left;
    if (at > 0 && (left == 4 || left == 8) && b.data[b.size - 1] == 0) return PART_NUMBER;
    return PART_HEX;
}

/* Bytes that belong to nothing, up to where text or a string begins that is long enough not to be chance; more than
 * `limit` of them are not looked at one by one. */
static size_t hex_length(struct bytes b, size_t at, size_t limit)
{
    for (size_t end = at + 1; end < b.size && end - at <= limit; end++) {
        size_t size = 0;
        enum part part = part_at(b, end, &size);
        if (part == PART_STRING || (part == PART_TEXT && size >= 4)) return end - at;
    }
    return b.size - at;
}

static void print_part(FILE *out, enum part part, struct bytes b, size_t limit)
{
    switch (part) {
    case PART_TEXT: print_quoted(out, b, limit); break;
    case PART_STRING: print_quoted(out, bytes_of(b.data + 4, b.size - 4), limit); break;
    case PART_NUMBER:
        fprintf(out, "[%llu]", (unsigned long long)(b.size == 4 ? load_le32(b.data) : load_le64(b.data)));
        break;
    case PART_HEX: print_hex(out, b, limit); break;
    }
}

void print_bytes(FILE *out, struct bytes b, size_t limit)
{
    if (b.size == 0) fprintf(out, "\"\"");
    for (size_t at = 0, size = 0; at < b.size; at += size) {
        if (at >= limit) {
            fprintf(out, " ... (%zu bytes)", b.size);
            return;
        }
        enum part part = part_at(b, at, &size);
        if (part == PART_HEX) size = hex_length(b, at, limit);
        if (at) fputc(' ', out);
        print_part(out, part, bytes_of(b.data + at, size), limit);
    }
}

/* Text, or a string with its length before it, as Borsh has them. */
static bool is_text(struct bytes b)
{
    size_t size = 0;
    return text_length(b, 0) == b.size || (part_at(b, 0, &size) == PART_STRING && size == b.size);
}

/* As an integer in Borsh, with its type; false: this is text, or has not the size of one. */
static bool print_integer(FILE *out, struct bytes b)
{
    if ((b.size != 4 && b.size != 8 && b.size != 16) || is_text(b)) return false;
    uint8_t whole[16] = {0};
    char digits[U128_TEXT_SIZE];
    memcpy(whole, b.data, b.size);
    u128_print(u128_load(whole), digits);
    fprintf(out, "%s (u%zu)", digits, 8 * b.size);
    return true;
}

void print_value(FILE *out, struct bytes b, size_t limit)
{
    bool structured = b.size && b.size <= limit && (b.data[0] == '{' || b.data[0] == '[');
    if (structured && json_text_check(b, NULL) == STATUS_OK) json_text_print(out, b, SIZE_MAX, 0);
    else if (!print_integer(out, b)) print_bytes(out, b, limit);
}

void print_returned(FILE *out, struct bytes b, size_t limit)
{
    if (b.size <= limit && json_text_check(b, NULL) == STATUS_OK) json_text_print(out, b, SIZE_MAX, 0);
    else print_value(out, b, limit);
}
