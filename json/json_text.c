#include "json/json_text.h"

#include "base/hex.h"
#include "json/json_scan.h"

/* What may come next. */
enum expected { VALUE, VALUE_OR_END, NAME, NAME_OR_END, COLON, COMMA_OR_END };

struct reader {
    struct bytes text;
    size_t at;
    struct error *e;
    size_t depth;
    char open[JSON_TEXT_DEPTH]; /* '{' or '[' for each level */
};

static int peek(const struct reader *r)
{
    return r->at < r->text.size ? r->text.data[r->at] : -1;
}

static bool is_space(int c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_digit(int c)
{
    return c >= '0' && c <= '9';
}

static enum status fail(struct reader *r, const char *message)
{
    return json_error_at(r->text, r->at, r->e, "%s", message);
}

static enum status found(struct reader *r, const char *expected)
{
    int c = peek(r);
    if (c < 0) return json_error_at(r->text, r->at, r->e, "expected %s, found the end", expected);
    if (c < 0x20 || c >= 0x7f)
        return json_error_at(r->text, r->at, r->e, "expected %s, found the byte %02x", expected, (unsigned)c);
    return json_error_at(r->text, r->at, r->e, "expected %s, found '%c'", expected, c);
}

/* ---- tokens ------------------------------------------------------------------------------------------------------ */

/* Behind a backslash. */
static enum status check_escape(struct reader *r)
{
    int c = peek(r);
    if (c <= 0 || !strchr("\"\\/bfnrtu", c)) return found(r, "one of \" \\ / b f n r t u after a backslash");
    r->at++;
    for (int i = 0; c == 'u' && i < 4; i++, r->at++)
        if (peek(r) < 0 || hex_digit((char)peek(r)) < 0) return found(r, "four hexadecimal digits after \\u");
    return STATUS_OK;
}

static enum status check_string(struct reader *r)
{
    size_t start = ++r->at;
    for (;;) {
        int c = peek(r);
        if (c == '"') break;
        if (c < 0) return found(r, "the string's closing quote");
        if (c < 0x20) return fail(r, "a control character in a string must be written as \\u00xx");
        r->at++;
        if (c != '\\') continue;
        enum status status = check_escape(r);
        if (status != STATUS_OK) return status;
    }
    if (!utf8_valid(r->text.data + start, r->at - start)) return fail(r, "the string that ends here is not UTF-8");
    r->at++;
    return STATUS_OK;
}

static enum status check_digits(struct reader *r)
{
    if (!is_digit(peek(r))) return found(r, "a digit");
    while (is_digit(peek(r))) r->at++;
    return STATUS_OK;
}

static enum status check_number(struct reader *r)
{
    enum status status = STATUS_OK;
    if (peek(r) == '-') r->at++;
    if (peek(r) == '0') {
        r->at++;
        if (is_digit(peek(r))) return fail(r, "a number must not begin with 0");
    } else {
        status = check_digits(r);
    }
    if (status == STATUS_OK && peek(r) == '.') {
        r->at++;
        status = check_digits(r);
    }
    if (status == STATUS_OK && (peek(r) == 'e' || peek(r) == 'E')) {
        r->at++;
        if (peek(r) == '+' || peek(r) == '-') r->at++;
        status = check_digits(r);
    }
    return status;
}

static enum status check_word(struct reader *r)
{
    static const char *const words[] = {"true", "false", "null"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t length = strlen(words[i]);
        if (r->text.size - r->at < length || memcmp(r->text.data + r->at, words[i], length) != 0) continue;
        r->at += length;
        return STATUS_OK;
    }
    return found(r, "a value");
}

/* ---- structure --------------------------------------------------------------------------------------------------- */

static enum status open(struct reader *r, char c, enum expected *next)
{
    if (r->depth == JSON_TEXT_DEPTH)
        return error_set(r->e, STATUS_LIMIT, 0, ERROR_NO_OFFSET, "nested more than %d levels deep", JSON_TEXT_DEPTH);
    r->open[r->depth++] = c;
    r->at++;
    *next = c == '{' ? NAME_OR_END : VALUE_OR_END;
    return STATUS_OK;
}

static enum status check_value(struct reader *r, enum expected *next)
{
    int c = peek(r);
    if (c == '{' || c == '[') return open(r, (char)c, next);
    *next = COMMA_OR_END;
    if (c == '"') return check_string(r);
    if (c == '-' || is_digit(c)) return check_number(r);
    return check_word(r);
}

static bool closes(struct reader *r, int c)
{
    if (!r->depth || c != (r->open[r->depth - 1] == '{' ? '}' : ']')) return false;
    r->depth--;
    r->at++;
    return true;
}

static enum status step(struct reader *r, enum expected *next)
{
    int c = peek(r);
    switch (*next) {
    case VALUE_OR_END:
        if (!closes(r, c)) return check_value(r, next);
        *next = COMMA_OR_END;
        return STATUS_OK;
    case VALUE: return check_value(r, next);
    case NAME_OR_END:
        if (closes(r, c)) {
            *next = COMMA_OR_END;
            return STATUS_OK;
        }
        /* fall through */
    case NAME:
        if (c != '"') return found(r, *next == NAME ? "a name in quotes" : "a name in quotes or '}'");
        *next = COLON;
        return check_string(r);
    case COLON:
        if (c != ':') return found(r, "':'");
        r->at++;
        *next = VALUE;
        return STATUS_OK;
    case COMMA_OR_END:
        if (closes(r, c)) return STATUS_OK;
        if (c != ',') return found(r, r->open[r->depth - 1] == '{' ? "',' or '}'" : "',' or ']'");
        r->at++;
        *next = r->open[r->depth - 1] == '{' ? NAME : VALUE;
        return STATUS_OK;
    }
    return STATUS_OK;
}

enum status json_text_check(struct bytes text, struct error *e)
{
    struct reader r = {.text = text, .e = e};
    enum expected next = VALUE;
    for (;;) {
        while (is_space(peek(&r))) r.at++;
        if (next == COMMA_OR_END && r.depth == 0) break;
        enum status status = step(&r, &next);
        if (status != STATUS_OK) return status;
    }
    return r.at == text.size ? STATUS_OK : found(&r, "nothing more after the value");
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

/* A string from its opening quote; returns where it ends. C1 control characters (C2 80 to C2 9F) and DEL are the ones
 * that JSON lets stand as they are and a terminal obeys. */
static size_t print_string(FILE *out, struct bytes text, size_t at)
{
    bool escaped = false;
    fputc('"', out);
    for (at++; at < text.size; at++) {
        uint8_t c = text.data[at];
        bool c1 = c == 0xc2 && at + 1 < text.size && text.data[at + 1] < 0xa0;
        if (c1) fprintf(out, "\\u%04x", text.data[++at]);
        else if (c == 0x7f) fprintf(out, "\\u007f");
        else fputc(c, out);
        if (c == '"' && !escaped) return at + 1;
        escaped = c == '\\' && !escaped;
    }
    return at;
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
