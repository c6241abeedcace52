#include "json/json_text.h"

#include "base/shown.h"
#include "json/json_scan.h"

static bool is_space(int c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

enum status json_text_check(struct bytes text, struct error *e)
{
    struct json_scanner s = {.text = text, .e = e, .depth_limit = JSON_TEXT_DEPTH};
    struct json_token token;
    enum status status;
    do status = json_scan(&s, &token);
    while (status == STATUS_OK && token.kind != JSON_TOKEN_END);
    return status;
}

/* ---- printing ---------------------------------------------------------------------------------------------------- */

struct layout {
    FILE *out;
    size_t width;        /* of a line, without the indentation of all lines */
    unsigned indent, depth;
    size_t flat_until;   /* what begins before this place stands on one line */
};

static void new_line(const struct layout *l, size_t at)
{
    if (at >= l->flat_until) fprintf(l->out, "\n%*s", (int)(l->indent + 2 * l->depth), "");
}

/* Where the string that begins at `at` ends. */
static size_t string_end(struct bytes text, size_t at)
{
    for (at++; at < text.size && text.data[at] != '"'; at++) at += text.data[at] == '\\';
    return at < text.size ? at + 1 : text.size;
}

/* A string from its opening quote; returns where it ends. */
static size_t print_string(FILE *out, struct bytes text, size_t at)
{
    struct buffer shown = {0};
    const size_t end = string_end(text, at);
    shown_append_json(&shown, bytes_of(text.data + at, end - at));
    if (shown.failed) fputs("\"...\"", out);
    else fwrite(shown.data, 1, shown.size, out);
    buffer_free(&shown);
    return end;
}

static size_t skip_space(struct bytes text, size_t at)
{
    while (at < text.size && is_space(text.data[at])) at++;
    return at;
}

/* Where the object or array that begins at `at` ends, and in *size how long it is on one line: white space of the text
 * is left out, a space follows commas and colons. Stops looking when that exceeds `most`. */
static size_t measure(struct bytes text, size_t at, size_t most, size_t *size)
{
    size_t depth = 0;
    bool in_string = false;
    for (*size = 0; at < text.size && *size <= most; at++) {
        uint8_t c = text.data[at];
        *size += in_string || !is_space(c);
        if (in_string && c == '\\') at++, ++*size;
        else if (c == '"') in_string = !in_string;
        else if (in_string) continue;
        else if (c == ',' || c == ':') ++*size;
        else if (c == '{' || c == '[') depth++;
        else if ((c == '}' || c == ']') && --depth == 0) return at + 1;
    }
    return at;
}

/* At the beginning of an object or array: whether it fits on the line. */
static void choose(struct layout *l, struct bytes text, size_t at)
{
    size_t size = 0, indented = 2 * (size_t)l->depth;
    size_t room = l->width > indented ? l->width - indented : 0;
    if (at < l->flat_until) return;
    size_t end = measure(text, at, room, &size);
    if (size <= room) l->flat_until = end;
}

/* One character of the structure; returns where to go on. */
static size_t print_structure(struct layout *l, struct bytes text, size_t at)
{
    uint8_t c = text.data[at];
    size_t next = skip_space(text, at + 1);
    bool opens = c == '{' || c == '[', closes = c == '}' || c == ']';
    bool empty = opens && next < text.size && (text.data[next] == '}' || text.data[next] == ']');
    if (opens) choose(l, text, at);
    if (closes) {
        l->depth--;
        new_line(l, at);
    }
    fputc(c, l->out);
    if (c == ':' || (c == ',' && at < l->flat_until)) fputc(' ', l->out);
    if (c == ',') new_line(l, at);
    if (empty) {
        fputc(text.data[next], l->out);
        return next + 1;
    }
    if (opens) {
        l->depth++;
        new_line(l, at);
    }
    return next;
}

void json_text_print(FILE *out, struct bytes text, size_t width, unsigned indent)
{
    struct layout l = {.out = out, .width = width, .indent = indent};
    for (size_t at = skip_space(text, 0); at < text.size;) {
        uint8_t c = text.data[at];
        if (is_space(c)) at++;
        else if (c == '"') at = print_string(out, text, at);
        else if (strchr("{}[]:,", c)) at = print_structure(&l, text, at);
        else fputc(text.data[at++], out);
    }
}
