#include "json/json_scan.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/hex.h"

/* What may come next. */
enum expected { VALUE, VALUE_OR_END, NAME, NAME_OR_END, COLON, COMMA_OR_END };

enum status json_error_at(struct bytes text, size_t offset, struct error *e, const char *format, ...)
{
    char message[200];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    error_set(e, STATUS_MALFORMED, 0, ERROR_NO_OFFSET, "%s", message);
    if (!e) return STATUS_MALFORMED;
    e->line = e->column = 1;
    for (size_t i = 0; i < offset && i < text.size; i++) {
        if (text.data[i] == '\n') {
            e->line++;
            e->column = 1;
        } else if ((text.data[i] & 0xc0) != 0x80) {
            e->column++;
        }
    }
    return STATUS_MALFORMED;
}

static int peek(const struct json_scanner *s)
{
    return s->at < s->text.size ? s->text.data[s->at] : -1;
}

static bool is_space(int c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_digit(int c)
{
    return c >= '0' && c <= '9';
}

static enum status fail(const struct json_scanner *s, size_t at, const char *message)
{
    return json_error_at(s->text, at, s->e, "%s", message);
}

static enum status found(const struct json_scanner *s, const char *expected)
{
    const int c = peek(s);
    if (c < 0) return json_error_at(s->text, s->at, s->e, "expected %s, found the end", expected);
    if (c < 0x20 || c >= 0x7f)
        return json_error_at(s->text, s->at, s->e, "expected %s, found the byte %02x", expected, (unsigned)c);
    return json_error_at(s->text, s->at, s->e, "expected %s, found '%c'", expected, c);
}

/* ---- strings ---------------------------------------------------------------------------------------------------- */

/* The four digits of \uXXXX; -1 if they are not there. */
static int32_t unit_at(struct bytes text, size_t at)
{
    int32_t unit = 0;
    if (at > text.size || text.size - at < 4) return -1;
    for (size_t i = 0; i < 4; i++) {
        const int digit = hex_digit((char)text.data[at + i]);
        if (digit < 0) return -1;
        unit = unit << 4 | digit;
    }
    return unit;
}

/* The second half of a pair whose first half ends at `at`; -1 if it is not there. */
static int32_t low_half_at(struct bytes text, size_t at)
{
    if (text.size - at < 6 || text.data[at] != '\\' || text.data[at + 1] != 'u') return -1;
    const int32_t unit = unit_at(text, at + 2);
    return unit >= 0xdc00 && unit <= 0xdfff ? unit : -1;
}

/* After "\u" and its digits: whether they may stand there. */
static enum status check_unit(struct json_scanner *s, size_t start, bool is_name)
{
    const int32_t unit = unit_at(s->text, s->at - 4);
    if (!s->is_document) return STATUS_OK;
    if (unit == 0 && is_name) return fail(s, start, "a NUL in a member's name");
    if (unit < 0xd800 || unit > 0xdfff) return STATUS_OK;
    if (unit >= 0xdc00 || low_half_at(s->text, s->at) < 0)
        return fail(s, start, "half of a surrogate pair in a string");
    s->at += 6;
    return STATUS_OK;
}

/* After a backslash. */
static enum status scan_escape(struct json_scanner *s, bool is_name)
{
    const size_t start = s->at - 1;
    const int c = peek(s);
    if (c <= 0 || !strchr("\"\\/bfnrtu", c)) return found(s, "one of \" \\ / b f n r t u after a backslash");
    s->at++;
    if (c != 'u') return STATUS_OK;
    for (int i = 0; i < 4; i++, s->at++)
        if (peek(s) < 0 || hex_digit((char)peek(s)) < 0) return found(s, "four hexadecimal digits after \\u");
    return check_unit(s, start, is_name);
}

/* At the opening quote; afterwards behind the closing one. */
static enum status scan_string(struct json_scanner *s, bool is_name, struct json_token *out)
{
    const size_t start = ++s->at;
    for (;;) {
        const int c = peek(s);
        if (c == '"') break;
        if (c < 0) return found(s, "the string's closing quote");
        if (c < 0x20) return fail(s, s->at, "a control character in a string must be written as \\u00xx");
        s->at++;
        if (c != '\\') continue;
        const enum status status = scan_escape(s, is_name);
        if (status != STATUS_OK) return status;
    }
    if (!utf8_valid(s->text.data + start, s->at - start))
        return fail(s, s->at, "the string that ends here is not UTF-8");
    *out = (struct json_token){is_name ? JSON_TOKEN_NAME : JSON_TOKEN_STRING,
                               bytes_of(s->text.data + start, s->at - start)};
    s->at++;
    return STATUS_OK;
}

static size_t put_utf8(uint32_t c, char *out)
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xc0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3f));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xe0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 0x3f));
        out[2] = (char)(0x80 | (c & 0x3f));
        return 3;
    }
    out[0] = (char)(0xf0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 0x3f));
    out[2] = (char)(0x80 | (c >> 6 & 0x3f));
    out[3] = (char)(0x80 | (c & 0x3f));
    return 4;
}

/* The escape after the backslash at *at - 1. */
static size_t unescape_one(struct bytes token, size_t *at, char *out)
{
    static const char letters[] = "bfnrt", meant[] = "\b\f\n\r\t";
    const char c = (char)token.data[(*at)++];
    if (c != 'u') {
        const char *letter = strchr(letters, c);
        *out = letter ? meant[letter - letters] : c;
        return 1;
    }
    uint32_t unit = (uint32_t)unit_at(token, *at);
    *at += 4;
    const int32_t low = unit >= 0xd800 && unit < 0xdc00 ? low_half_at(token, *at) : -1;
    if (low >= 0) {
        unit = 0x10000 + ((unit - 0xd800) << 10) + ((uint32_t)low - 0xdc00);
        *at += 6;
    }
    return put_utf8(unit, out);
}

size_t json_unescape(struct bytes token, char *out)
{
    size_t size = 0;
    for (size_t at = 0; at < token.size;) {
        const char c = (char)token.data[at++];
        if (c == '\\') size += unescape_one(token, &at, out + size);
        else out[size++] = c;
    }
    return size;
}

/* ---- numbers and words ------------------------------------------------------------------------------------------ */

static enum status scan_digits(struct json_scanner *s)
{
    if (!is_digit(peek(s))) return found(s, "a digit");
    while (is_digit(peek(s))) s->at++;
    return STATUS_OK;
}

static enum status scan_whole(struct json_scanner *s)
{
    if (peek(s) != '0') return scan_digits(s);
    s->at++;
    return is_digit(peek(s)) ? fail(s, s->at, "a number must not begin with 0") : STATUS_OK;
}

static enum status scan_exponent(struct json_scanner *s)
{
    s->at++;
    if (peek(s) == '+' || peek(s) == '-') s->at++;
    return scan_digits(s);
}

/* Whether a row of digits is at most `most`. */
static bool at_most(struct bytes digits, const char *most)
{
    const size_t length = strlen(most);
    return digits.size != length ? digits.size < length : memcmp(digits.data, most, length) <= 0;
}

static enum status scan_number(struct json_scanner *s, struct json_token *out)
{
    const size_t start = s->at;
    const bool negative = peek(s) == '-';
    s->at += negative;
    const size_t whole = s->at;
    enum status status = scan_whole(s);
    const struct bytes digits = bytes_of(s->text.data + whole, s->at - whole);
    out->kind = JSON_TOKEN_INTEGER;
    if (status == STATUS_OK && peek(s) == '.') {
        s->at++;
        out->kind = JSON_TOKEN_REAL;
        status = scan_digits(s);
    }
    if (status == STATUS_OK && (peek(s) == 'e' || peek(s) == 'E')) {
        out->kind = JSON_TOKEN_REAL;
        status = scan_exponent(s);
    }
    if (status == STATUS_OK && s->is_document && out->kind == JSON_TOKEN_INTEGER &&
        !at_most(digits, negative ? "9223372036854775808" : "18446744073709551615"))
        return fail(s, start, "a number of more than 64 bits; write it as a string");
    out->text = bytes_of(s->text.data + start, s->at - start);
    return status;
}

static enum status scan_word(struct json_scanner *s, struct json_token *out)
{
    static const char *const words[] = {"true", "false", "null"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        const size_t length = strlen(words[i]);
        if (s->text.size - s->at < length || memcmp(s->text.data + s->at, words[i], length) != 0) continue;
        *out = (struct json_token){JSON_TOKEN_WORD, bytes_of(s->text.data + s->at, length)};
        s->at += length;
        return STATUS_OK;
    }
    return found(s, "a value");
}

/* ---- structure -------------------------------------------------------------------------------------------------- */

static enum status open_level(struct json_scanner *s, char c, struct json_token *out)
{
    if (s->depth >= s->depth_limit || s->depth >= JSON_TEXT_DEPTH) {
        json_error_at(s->text, s->at, s->e, "nested more than %u levels deep", s->depth_limit);
        if (s->e) s->e->status = STATUS_LIMIT;
        return STATUS_LIMIT;
    }
    *out = (struct json_token){c == '{' ? JSON_TOKEN_OPEN_OBJECT : JSON_TOKEN_OPEN_ARRAY,
                               bytes_of(s->text.data + s->at, 1)};
    s->open[s->depth++] = c;
    s->at++;
    s->expected = c == '{' ? NAME_OR_END : VALUE_OR_END;
    return STATUS_OK;
}

static enum status scan_value(struct json_scanner *s, struct json_token *out)
{
    const int c = peek(s);
    if (c == '{' || c == '[') return open_level(s, (char)c, out);
    s->expected = COMMA_OR_END;
    if (c == '"') return scan_string(s, false, out);
    return c == '-' || is_digit(c) ? scan_number(s, out) : scan_word(s, out);
}

static enum status scan_name(struct json_scanner *s, struct json_token *out)
{
    if (peek(s) != '"') return found(s, s->expected == NAME ? "a name in quotes" : "a name in quotes or '}'");
    s->expected = COLON;
    return scan_string(s, true, out);
}

static bool closes(struct json_scanner *s, struct json_token *out)
{
    if (!s->depth || peek(s) != (s->open[s->depth - 1] == '{' ? '}' : ']')) return false;
    *out = (struct json_token){JSON_TOKEN_CLOSE, bytes_of(s->text.data + s->at, 1)};
    s->depth--;
    s->at++;
    s->expected = COMMA_OR_END;
    return true;
}

static void skip_space(struct json_scanner *s)
{
    while (is_space(peek(s))) s->at++;
}

/* A colon or comma, which is not a token of its own. */
static enum status scan_separator(struct json_scanner *s)
{
    const bool colon = s->expected == COLON, in_object = s->open[s->depth - 1] == '{';
    if (peek(s) != (colon ? ':' : ','))
        return found(s, colon ? "':'" : in_object ? "',' or '}'" : "',' or ']'");
    s->at++;
    s->expected = colon || !in_object ? VALUE : NAME;
    skip_space(s);
    return STATUS_OK;
}

enum status json_scan(struct json_scanner *s, struct json_token *out)
{
    skip_space(s);
    if (s->expected == COMMA_OR_END && s->depth == 0) {
        *out = (struct json_token){JSON_TOKEN_END, {0}};
        return s->at == s->text.size ? STATUS_OK : found(s, "nothing more after the value");
    }
    if (s->expected != COLON && s->expected != VALUE && s->expected != NAME && closes(s, out)) return STATUS_OK;
    if (s->expected == COLON || s->expected == COMMA_OR_END) {
        const enum status status = scan_separator(s);
        if (status != STATUS_OK) return status;
    }
    return s->expected == NAME || s->expected == NAME_OR_END ? scan_name(s, out) : scan_value(s, out);
}
