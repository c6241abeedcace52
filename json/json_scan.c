#include "json/json_scan.h"

#include <json-c/json.h>
#include <stdio.h>

#include "base/hex.h"
#include "json/json_read.h"

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

/* ---- tokens ----------------------------------------------------------------------------------------------------- */

struct scan {
    struct bytes text;
    size_t at;
    struct error *e;
};

static int peek(const struct scan *s)
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

static void skip_space(struct scan *s)
{
    while (is_space(peek(s))) s->at++;
}

/* The four digits of \uXXXX, at the position; -1 if they are not there. */
static int32_t scan_unit(struct scan *s)
{
    int32_t unit = 0;
    if (s->text.size - s->at < 4) return -1;
    for (int i = 0; i < 4; i++) {
        const int digit = hex_digit((char)s->text.data[s->at + (size_t)i]);
        if (digit < 0) return -1;
        unit = unit << 4 | digit;
    }
    s->at += 4;
    return unit;
}

/* Behind a backslash. */
static enum status scan_escape(struct scan *s, bool *nul)
{
    const size_t start = s->at - 1;
    const int c = peek(s);
    if (c < 0 || !strchr("\"\\/bfnrtu", c) || c == 0)
        return json_error_at(s->text, start, s->e, "unknown escape in a string");
    s->at++;
    if (c != 'u') return STATUS_OK;
    const int32_t unit = scan_unit(s);
    if (unit < 0) return json_error_at(s->text, start, s->e, "\\u is not followed by four hexadecimal digits");
    if (unit == 0) *nul = true;
    if (unit < 0xd800 || unit > 0xdfff) return STATUS_OK;
    const bool high = unit < 0xdc00 && s->text.size - s->at >= 6 && s->text.data[s->at] == '\\' &&
                      s->text.data[s->at + 1] == 'u';
    if (high) s->at += 2;
    const int32_t low = high ? scan_unit(s) : -1;
    if (low < 0xdc00 || low > 0xdfff)
        return json_error_at(s->text, start, s->e, "half of a surrogate pair in a string");
    return STATUS_OK;
}

/* At the opening quote; afterwards behind the closing one. */
static enum status scan_string(struct scan *s, bool *nul)
{
    const size_t start = s->at++;
    for (;;) {
        const int c = peek(s);
        if (c < 0) return json_error_at(s->text, start, s->e, "a string without an end");
        if (c < 0x20)
            return json_error_at(s->text, s->at, s->e, "a control character in a string: write \\u%04x", (unsigned)c);
        s->at++;
        if (c == '"') break;
        if (c != '\\') continue;
        enum status status = scan_escape(s, nul);
        if (status != STATUS_OK) return status;
    }
    if (!utf8_valid(s->text.data + start, s->at - start))
        return json_error_at(s->text, start, s->e, "a string that is not UTF-8");
    return STATUS_OK;
}

static size_t scan_digits(struct scan *s)
{
    const size_t start = s->at;
    while (is_digit(peek(s))) s->at++;
    return s->at - start;
}

/* Whether a row of digits is at most `most`, without leading zeros. */
static bool at_most(struct bytes digits, const char *most)
{
    const size_t length = strlen(most);
    return digits.size != length ? digits.size < length : memcmp(digits.data, most, length) <= 0;
}

static enum status scan_number(struct scan *s)
{
    const size_t start = s->at;
    const bool negative = peek(s) == '-';
    s->at += negative;
    const struct bytes whole = {s->text.data + s->at, scan_digits(s)};
    bool correct = whole.size > 0 && (whole.size == 1 || whole.data[0] != '0');
    bool is_whole = true;
    if (peek(s) == '.') {
        s->at++;
        correct &= scan_digits(s) > 0;
        is_whole = false;
    }
    if (peek(s) == 'e' || peek(s) == 'E') {
        s->at++;
        if (peek(s) == '+' || peek(s) == '-') s->at++;
        correct &= scan_digits(s) > 0;
        is_whole = false;
    }
    if (!correct) return json_error_at(s->text, start, s->e, "not a number of JSON");
    if (is_whole && !at_most(whole, negative ? "9223372036854775808" : "18446744073709551615"))
        return json_error_at(s->text, start, s->e, "a number of more than 64 bits; write it as a string");
    return STATUS_OK;
}

static enum status scan_word(struct scan *s)
{
    static const char *const words[] = {"true", "false", "null"};
    const size_t left = s->text.size - s->at;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        const size_t length = strlen(words[i]);
        if (left < length || memcmp(s->text.data + s->at, words[i], length) != 0) continue;
        s->at += length;
        return STATUS_OK;
    }
    return json_error_at(s->text, s->at, s->e, "expected a value");
}

/* One token that is no punctuation; *name: a string that a colon follows. */
static enum status scan_token(struct scan *s, bool *name)
{
    const size_t start = s->at;
    bool nul = false;
    *name = false;
    if (peek(s) != '"') return peek(s) == '-' || is_digit(peek(s)) ? scan_number(s) : scan_word(s);
    enum status status = scan_string(s, &nul);
    if (status != STATUS_OK) return status;
    const size_t end = s->at;
    skip_space(s);
    *name = peek(s) == ':';
    s->at = end;
    return *name && nul ? json_error_at(s->text, start, s->e, "a NUL in a member's name") : STATUS_OK;
}

static bool is_punctuation(int c)
{
    return c == '{' || c == '}' || c == '[' || c == ']' || c == ':' || c == ',';
}

enum status json_scan(struct bytes text, size_t *names, struct error *e)
{
    struct scan s = {.text = text, .e = e};
    *names = 0;
    for (skip_space(&s); s.at < text.size; skip_space(&s)) {
        if (is_punctuation(peek(&s))) {
            s.at++;
            continue;
        }
        bool name = false;
        enum status status = scan_token(&s, &name);
        if (status != STATUS_OK) return status;
        *names += name;
    }
    return STATUS_OK;
}

/* ---- names that are there twice --------------------------------------------------------------------------------- */

/* The name as json-c knows it; null: no memory. Give it back with json_object_put. */
static struct json_object *decode_name(struct bytes quoted)
{
    struct json_tokener *tokener = json_tokener_new();
    struct json_object *name = NULL;
    if (tokener) name = json_tokener_parse_ex(tokener, (const char *)quoted.data, (int)quoted.size);
    if (tokener) json_tokener_free(tokener);
    return name;
}

/* Notes the name in the set; *twice if it was there. */
static bool note_name(struct json_object *set, struct json_object *name, bool *twice)
{
    const char *text = json_object_get_string(name);
    *twice = json_object_object_get_ex(set, text, NULL);
    return text && json_object_object_add(set, text, NULL) == 0;
}

static enum status check_name(struct scan *s, size_t start, struct json_object *set)
{
    bool twice = false;
    struct json_object *name = decode_name(bytes_of(s->text.data + start, s->at - start));
    enum status status = STATUS_OK;
    if (!set || !name || !note_name(set, name, &twice)) status = error_no_memory(s->e);
    else if (twice)
        status = json_error_at(s->text, start, s->e, "\"%.60s\" is there twice", json_object_get_string(name));
    json_object_put(name);
    return status;
}

enum status json_scan_duplicate(struct bytes text, struct error *e)
{
    struct scan s = {.text = text, .e = e};
    struct json_object *sets[JSON_MAX_DEPTH + 1] = {0}; /* of names, for each object that is open; for arrays, too */
    size_t depth = 0;
    enum status status = STATUS_OK;
    for (skip_space(&s); s.at < text.size && status == STATUS_OK; skip_space(&s)) {
        const int c = peek(&s);
        const size_t start = s.at;
        bool name = false;
        if (!is_punctuation(c)) status = scan_token(&s, &name);
        else s.at++;
        if (name && depth && status == STATUS_OK) status = check_name(&s, start, sets[depth]);
        if ((c == '{' || c == '[') && depth < JSON_MAX_DEPTH) sets[++depth] = json_object_new_object();
        if ((c == '}' || c == ']') && depth) {
            json_object_put(sets[depth]);
            sets[depth--] = NULL;
        }
    }
    while (depth) json_object_put(sets[depth--]);
    if (status == STATUS_OK) status = error_set(e, STATUS_MALFORMED, 0, ERROR_NO_OFFSET, "a name is there twice");
    if (status == STATUS_MALFORMED && e) e->code = JSON_NAME_TWICE;
    return status;
}
