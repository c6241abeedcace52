/* JSON, as far as contracts need it: reading arguments, writing results and events.
 *
 *     const struct text args = arguments();
 *     const struct text owner = argument_string(args, TEXT("owner_id"));
 *     struct writer out = {0};
 *     WRITE(&out, "{\"owner_id\":");
 *     write_string(&out, owner);
 *     WRITE(&out, "}");
 *     return_text(written(&out));
 *
 * A value is a text that begins and ends with it ("raw"). arguments() checks the whole input; what comes from elsewhere
 * (results of promises) is checked by json_valid() before it is looked into. */
#ifndef CONTRACT_JSON_H
#define CONTRACT_JSON_H

#include "contract/money.h"

/* ---- writing ---------------------------------------------------------------------------------------------------- */

/* Starts as zeros; grows as needed. */
struct writer {
    char *data;
    size_t size, capacity;
};

SHARED void write_text(struct writer *w, struct text text)
{
    if (text.size > w->capacity - w->size) {
        size_t capacity = w->capacity ? w->capacity : 128;
        while (capacity - w->size < text.size) {
            require(capacity < (size_t)1 << 30, TEXT("Out of memory"));
            capacity *= 2;
        }
        char *data = allocate(capacity);
        if (w->size) memcpy(data, w->data, w->size);
        w->data = data;
        w->capacity = capacity;
    }
    if (text.size) memcpy(w->data + w->size, text.data, text.size);
    w->size += text.size;
}

#define WRITE(writer, literal) write_text(writer, TEXT(literal))

static inline struct text written(const struct writer *w)
{
    return (struct text){w->data, w->size};
}

static inline void write_byte(struct writer *w, char c)
{
    write_text(w, (struct text){&c, 1});
}

SHARED void write_number(struct writer *w, balance value)
{
    char digits[BALANCE_DIGITS];
    write_text(w, (struct text){digits, balance_print(value, digits)});
}

static inline void write_integer(struct writer *w, int64_t value)
{
    if (value < 0) write_byte(w, '-');
    write_number(w, value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
}

/* Numbers above 2^53 travel as strings, because JavaScript would round them. */
SHARED void write_balance(struct writer *w, balance value)
{
    write_byte(w, '"');
    write_number(w, value);
    write_byte(w, '"');
}

/* The text as a JSON string. */
SHARED void write_string(struct writer *w, struct text text)
{
    static const char hex[] = "0123456789abcdef";
    size_t start = 0;
    write_byte(w, '"');
    for (size_t i = 0; i < text.size; i++) {
        const unsigned char c = (unsigned char)text.data[i];
        if (c >= ' ' && c != '"' && c != '\\') continue;
        write_text(w, (struct text){text.data + start, i - start});
        start = i + 1;
        if (c == '"') WRITE(w, "\\\"");
        else if (c == '\\') WRITE(w, "\\\\");
        else if (c == '\n') WRITE(w, "\\n");
        else {
            WRITE(w, "\\u00");
            write_byte(w, hex[c >> 4]);
            write_byte(w, hex[c & 15]);
        }
    }
    write_text(w, (struct text){text.data + start, text.size - start});
    write_byte(w, '"');
}

/* Fails with a message and what it is about. */
_Noreturn SHARED void fail_about(struct text message, struct text what)
{
    struct writer w = {0};
    write_text(&w, message);
    write_text(&w, what);
    fail(written(&w));
}

/* ---- the grammar ------------------------------------------------------------------------------------------------ */

/* These take something from the front of *rest; false: it is not there. */

static inline bool take_byte(struct text *rest, char c)
{
    if (rest->size == 0 || *rest->data != c) return false;
    rest->data++;
    rest->size--;
    return true;
}

SHARED void take_space(struct text *rest)
{
    while (take_byte(rest, ' ') || take_byte(rest, '\n') || take_byte(rest, '\t') || take_byte(rest, '\r')) {
    }
}

static inline bool take_digits(struct text *rest)
{
    const size_t before = rest->size;
    while (rest->size && *rest->data >= '0' && *rest->data <= '9') take_byte(rest, *rest->data);
    return rest->size != before;
}

SHARED bool take_number(struct text *rest)
{
    take_byte(rest, '-');
    if (!take_byte(rest, '0') && !take_digits(rest)) return false;
    if (take_byte(rest, '.') && !take_digits(rest)) return false;
    if (take_byte(rest, 'e') || take_byte(rest, 'E')) {
        if (!take_byte(rest, '+')) take_byte(rest, '-');
        return take_digits(rest);
    }
    return true;
}

static inline bool take_word(struct text *rest, struct text word)
{
    if (rest->size < word.size || memcmp(rest->data, word.data, word.size) != 0) return false;
    rest->data += word.size;
    rest->size -= word.size;
    return true;
}

/* Four hexadecimal digits. */
SHARED bool take_unit(struct text *rest, uint32_t *unit)
{
    if (rest->size < 4) return false;
    *unit = 0;
    for (int i = 0; i < 4; i++) {
        const char c = rest->data[i];
        const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10
                          : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
        if (digit < 0) return false;
        *unit = *unit << 4 | (uint32_t)digit;
    }
    rest->data += 4;
    rest->size -= 4;
    return true;
}

/* An escape after its backslash: the character. Halves of surrogate pairs must come in pairs. */
SHARED bool take_escape(struct text *rest, uint32_t *character)
{
    static const char letters[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
    for (size_t i = 0; i < sizeof letters - 1; i++) {
        *character = (unsigned char)meanings[i];
        if (take_byte(rest, letters[i])) return true;
    }
    if (!take_byte(rest, 'u') || !take_unit(rest, character) || (*character >= 0xdc00 && *character < 0xe000))
        return false;
    if (*character < 0xd800 || *character >= 0xe000) return true;
    uint32_t low;
    if (!take_byte(rest, '\\') || !take_byte(rest, 'u') || !take_unit(rest, &low) || low < 0xdc00 || low >= 0xe000)
        return false;
    *character = 0x10000 + ((*character - 0xd800) << 10 | (low - 0xdc00));
    return true;
}

/* The bytes that follow the first one of a UTF-8 character, which is given. */
static inline bool take_utf8(struct text *rest, unsigned char first)
{
    const size_t more = first < 0x80 ? 0 : first >= 0xc2 && first < 0xe0 ? 1 : (first & 0xf0) == 0xe0 ? 2
                        : first >= 0xf0 && first < 0xf5 ? 3 : 4;
    if (more == 4 || rest->size < more) return false;
    for (size_t i = 0; i < more; i++) {
        const unsigned char c = (unsigned char)rest->data[i];
        const unsigned char least = i ? 0x80 : first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
        const unsigned char most = i ? 0xbf : first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
        if (c < least || c > most) return false;
    }
    rest->data += more;
    rest->size -= more;
    return true;
}

SHARED size_t put_utf8(char *out, uint32_t c)
{
    const size_t size = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    static const unsigned char marks[] = {0, 0, 0xc0, 0xe0, 0xf0};
    for (size_t i = size; i-- > 1; c >>= 6) out[i] = (char)(0x80 | (c & 0x3f));
    out[0] = (char)(marks[size] | c);
    return size;
}

/* A string with its quotes. With `out` (room for as many bytes as the string has) it is decoded, too. */
SHARED bool take_string(struct text *rest, char *out, size_t *out_size)
{
    size_t size = 0;
    if (!take_byte(rest, '"')) return false;
    while (!take_byte(rest, '"')) {
        uint32_t character;
        if (rest->size == 0 || (unsigned char)*rest->data < ' ') return false;
        if (take_byte(rest, '\\')) {
            if (!take_escape(rest, &character)) return false;
            if (out) size += put_utf8(out + size, character);
            continue;
        }
        const char *start = rest->data;
        take_byte(rest, *start);
        if (!take_utf8(rest, (unsigned char)*start)) return false;
        if (out) memcpy(out + size, start, (size_t)(rest->data - start));
        size += (size_t)(rest->data - start);
    }
    if (out_size) *out_size = size;
    return true;
}

enum { JSON_DEPTH = 32 }; /* nesting beyond it is refused */

/* Any value, without the space around it. */
SHARED bool take_value(struct text *rest, unsigned depth)
{
    const bool object = take_byte(rest, '{');
    if (!object && !take_byte(rest, '[')) {
        if (rest->size && *rest->data == '"') return take_string(rest, NULL, NULL);
        return take_word(rest, TEXT("true")) || take_word(rest, TEXT("false")) || take_word(rest, TEXT("null")) ||
               take_number(rest);
    }
    const char end = object ? '}' : ']';
    if (depth == JSON_DEPTH) return false;
    take_space(rest);
    if (take_byte(rest, end)) return true;
    do {
        take_space(rest);
        if (object) {
            if (!take_string(rest, NULL, NULL)) return false;
            take_space(rest);
            if (!take_byte(rest, ':')) return false;
            take_space(rest);
        }
        if (!take_value(rest, depth + 1)) return false;
        take_space(rest);
    } while (take_byte(rest, ','));
    return take_byte(rest, end);
}

/* ---- reading ---------------------------------------------------------------------------------------------------- */

/* Whether the text is one well-formed value; *raw is then the value without the space around it. */
SHARED bool json_valid(struct text text, struct text *raw)
{
    take_space(&text);
    const char *start = text.data;
    if (!take_value(&text, 0)) return false;
    *raw = (struct text){start, (size_t)(text.data - start)};
    take_space(&text);
    return text.size == 0;
}

/* The text of a string; false: the value is none. */
SHARED bool json_string(struct text raw, struct text *out)
{
    if (raw.size < 2 || *raw.data != '"') return false;
    char *decoded = allocate(raw.size);
    size_t size;
    if (!take_string(&raw, decoded, &size) || raw.size) return false;
    *out = (struct text){decoded, size};
    return true;
}

/* An integer from 0 to 2^64 - 1, without sign, fraction or exponent. */
SHARED bool json_u64(struct text raw, uint64_t *out)
{
    balance value;
    if (!balance_parse(raw, &value) || value >> 64) return false;
    *out = (uint64_t)value;
    return true;
}

/* A string of decimal digits below 2^128. */
SHARED bool json_balance(struct text raw, balance *out)
{
    struct text digits;
    return json_string(raw, &digits) && balance_parse(digits, out);
}

static inline bool json_is_null(struct text raw)
{
    return same(raw, TEXT("null"));
}

/* The value of a member of a well-formed object; false: there is no such member, or no object. Ends the call if the
 * member is there twice, since readers disagree about which one counts. */
SHARED bool json_member(struct text object, struct text name, struct text *raw)
{
    bool found = false;
    if (!take_byte(&object, '{')) return false;
    take_space(&object);
    if (take_byte(&object, '}')) return false;
    do {
        struct text key;
        take_space(&object);
        const char *start = object.data;
        take_string(&object, NULL, NULL);
        const bool wanted =
            json_string((struct text){start, (size_t)(object.data - start)}, &key) && same(key, name);
        take_space(&object);
        take_byte(&object, ':');
        take_space(&object);
        start = object.data;
        if (!take_value(&object, 0)) return false;
        if (wanted) {
            if (found) fail_about(TEXT("Duplicate member: "), name);
            *raw = (struct text){start, (size_t)(object.data - start)};
            found = true;
        }
        take_space(&object);
    } while (take_byte(&object, ','));
    return found;
}

/* ---- arguments of the call -------------------------------------------------------------------------------------- */

/* The input, which must be an object; no input at all counts as an empty one. */
SHARED struct text arguments(void)
{
    const struct text text = input_text();
    struct text object;
    if (text.size == 0) return TEXT("{}");
    require(json_valid(text, &object) && *object.data == '{', TEXT("The arguments are not a JSON object"));
    return object;
}

/* An argument that may be missing or null. */
SHARED bool argument(struct text args, struct text name, struct text *raw)
{
    return json_member(args, name, raw) && !json_is_null(*raw);
}

SHARED struct text required_argument(struct text args, struct text name)
{
    struct text raw;
    if (!argument(args, name, &raw)) fail_about(TEXT("Missing argument: "), name);
    return raw;
}

/* False, with *out unchanged, if it is missing; an argument of another type ends the call. */
SHARED bool optional_string(struct text args, struct text name, struct text *out)
{
    struct text raw;
    if (!argument(args, name, &raw)) return false;
    if (!json_string(raw, out)) fail_about(TEXT("Not a string: "), name);
    return true;
}

SHARED bool optional_balance(struct text args, struct text name, balance *out)
{
    struct text raw;
    if (!argument(args, name, &raw)) return false;
    if (!json_balance(raw, out)) fail_about(TEXT("Not a decimal number in a string: "), name);
    return true;
}

SHARED bool optional_u64(struct text args, struct text name, uint64_t *out)
{
    struct text raw;
    if (!argument(args, name, &raw)) return false;
    if (!json_u64(raw, out)) fail_about(TEXT("Not a non-negative integer: "), name);
    return true;
}

SHARED bool optional_bool(struct text args, struct text name, bool *out)
{
    struct text raw;
    if (!argument(args, name, &raw)) return false;
    *out = same(raw, TEXT("true"));
    if (!*out && !same(raw, TEXT("false"))) fail_about(TEXT("Neither true nor false: "), name);
    return true;
}

SHARED struct text argument_string(struct text args, struct text name)
{
    struct text out = TEXT("");
    required_argument(args, name);
    optional_string(args, name, &out);
    return out;
}

SHARED balance argument_balance(struct text args, struct text name)
{
    balance out = 0;
    required_argument(args, name);
    optional_balance(args, name, &out);
    return out;
}

/* An account id that follows the rules. */
SHARED struct text argument_account(struct text args, struct text name)
{
    const struct text id = argument_string(args, name);
    if (!account_id_valid(id)) fail_about(TEXT("Not an account id: "), name);
    return id;
}

#endif
