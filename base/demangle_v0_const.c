/* Constants in Rust's v0 mangling: arguments of const generics. */
#include "base/demangle_v0.h"
#include "base/demangle_schemes.h"

#include <stdio.h>

const char *v0_basic_type(uint8_t tag)
{
    switch (tag) {
#define X(letter, name) case letter: return name;
#include "base/demangle_v0_types.def"
#undef X
    default: return NULL;
    }
}

static unsigned hex_value(uint8_t digit)
{
    return (unsigned)(digit <= '9' ? digit - '0' : digit - 'a' + 10);
}

/* False if it needs more than 64 bits; *digits is then without leading zeros. */
static bool small_number(struct bytes *digits, uint64_t *number)
{
    while (digits->size && digits->data[0] == '0') *digits = bytes_of(digits->data + 1, digits->size - 1);
    if (digits->size > 16) return false;
    *number = 0;
    for (size_t i = 0; i < digits->size; i++) *number = *number << 4 | hex_value(digits->data[i]);
    return true;
}

static void integer(struct v0 *v)
{
    struct bytes all = v0_hex(v), digits = all;
    uint64_t number;
    if (v->failed) return;
    if (small_number(&digits, &number)) {
        v0_print_number(v, number);
    } else {
        v0_print(v, "0x");
        v0_print_bytes(v, all);
    }
}

/* ---- text -------------------------------------------------------------------------------------------------------- */

/* Characters that would not be seen, or would change how others are shown. */
static bool is_invisible(uint32_t c)
{
    static const struct {
        uint32_t first, last;
    } ranges[] = {
        {0, 0x1f},         {0x7f, 0xa0},       {0xad, 0xad},         {0x300, 0x36f},     {0x1680, 0x1680},
        {0x2000, 0x200f},  {0x2028, 0x202f},   {0x205f, 0x206f},     {0x20d0, 0x20f0},   {0x3000, 0x3000},
        {0xe000, 0xf8ff},  {0xfe00, 0xfe0f},   {0xfe20, 0xfe2f},     {0xfeff, 0xfeff},   {0xfff0, 0xfffb},
        {0xfffe, 0xffff},  {0xe0000, 0x10ffff},
    };
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
        if (c >= ranges[i].first && c <= ranges[i].last) return true;
    return false;
}

/* One character of a literal in `quote`s, escaped as Rust's source would have it. */
static void print_character(struct v0 *v, uint32_t c, char quote)
{
    char text[16];
    if (c == 0) v0_print(v, "\\0");
    else if (c == '\t') v0_print(v, "\\t");
    else if (c == '\n') v0_print(v, "\\n");
    else if (c == '\r') v0_print(v, "\\r");
    else if (c == '\\' || c == (uint32_t)quote) {
        snprintf(text, sizeof text, "\\%c", (char)c);
        v0_print(v, text);
    } else if (is_invisible(c)) {
        snprintf(text, sizeof text, "\\u{%x}", (unsigned)c);
        v0_print(v, text);
    } else {
        struct buffer utf8 = {0};
        append_utf8(&utf8, c);
        if (utf8.failed) v->out->failed = true;
        v0_print_bytes(v, bytes_of(utf8.data, utf8.size));
        buffer_free(&utf8);
    }
}

/* The character at *i of well-formed UTF-8; moves *i behind it. */
static uint32_t next_character(const uint8_t *text, size_t *i)
{
    uint32_t lead = text[(*i)++];
    int more = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : lead >= 0xc0 ? 1 : 0;
    uint32_t c = more == 0 ? lead : lead & (0x3fu >> more);
    for (; more; more--) c = c << 6 | (text[(*i)++] & 0x3fu);
    return c;
}

/* A string: its UTF-8, each byte two digits. */
static void string_literal(struct v0 *v)
{
    struct bytes digits = v0_hex(v);
    struct buffer text = {0};
    if (digits.size % 2) v0_fail(v);
    if (v->failed) return;
    for (size_t i = 0; i < digits.size; i += 2)
        buffer_append_byte(&text, (uint8_t)(hex_value(digits.data[i]) << 4 | hex_value(digits.data[i + 1])));
    if (text.failed) v->out->failed = true;
    if (text.failed || !utf8_valid(text.data, text.size)) v0_fail(v);
    v0_print(v, "\"");
    for (size_t i = 0; i < text.size && !v->failed && !v->silent;)
        print_character(v, next_character(text.data, &i), '"');
    v0_print(v, "\"");
    buffer_free(&text);
}

static void character_literal(struct v0 *v)
{
    struct bytes digits = v0_hex(v);
    uint64_t c;
    if (v->failed || !small_number(&digits, &c) || !is_scalar_value(c)) {
        v0_fail(v);
        return;
    }
    v0_print(v, "'");
    print_character(v, (uint32_t)c, '\'');
    v0_print(v, "'");
}

static void boolean(struct v0 *v)
{
    struct bytes digits = v0_hex(v);
    uint64_t value;
    if (v->failed || !small_number(&digits, &value) || value > 1) v0_fail(v);
    else v0_print(v, value ? "true" : "false");
}

/* ---- compound constants ------------------------------------------------------------------------------------------ */

static void field(struct v0 *v)
{
    v0_tagged_number(v, 's');
    v0_print_identifier(v, v0_read_identifier(v));
    v0_print(v, ": ");
    v0_const(v, true);
}

static void element(struct v0 *v)
{
    v0_const(v, true);
}

static unsigned list(struct v0 *v, void (*item)(struct v0 *))
{
    unsigned count = 0;
    for (; !v->failed && !v0_eat(v, 'E'); count++) {
        if (count) v0_print(v, ", ");
        item(v);
    }
    return count;
}

/* A struct or a variant of an enum: its path, then nothing, a tuple or named fields. */
static void composite(struct v0 *v)
{
    v0_path(v, true);
    switch (v0_next(v)) {
    case 'U': break;
    case 'T':
        v0_print(v, "(");
        list(v, element);
        v0_print(v, ")");
        break;
    case 'S':
        v0_print(v, " { ");
        list(v, field);
        v0_print(v, " }");
        break;
    default: v0_fail(v);
    }
}

/* Constants that are expressions rather than literals; as generic arguments they stand in braces. */
static void expression(struct v0 *v, uint8_t tag)
{
    switch (tag) {
    case 'e': /* the place that a string literal refers to */
        v0_print(v, "*");
        string_literal(v);
        break;
    case 'R':
    case 'Q':
        v0_print(v, tag == 'R' ? "&" : "&mut ");
        v0_const(v, true);
        break;
    case 'A':
        v0_print(v, "[");
        list(v, element);
        v0_print(v, "]");
        break;
    case 'T':
        v0_print(v, "(");
        v0_print(v, list(v, element) == 1 ? ",)" : ")");
        break;
    case 'V': composite(v); break;
    default: v0_fail(v);
    }
}

void v0_const(struct v0 *v, bool in_value)
{
    size_t back;
    if (!v0_enter(v)) return;
    uint8_t tag = v0_next(v);
    switch (tag) {
    case 'p': v0_print(v, "_"); break;
    case 'b': boolean(v); break;
    case 'c': character_literal(v); break;
    case 'a': case 's': case 'l': case 'x': case 'n': case 'i':
        if (v0_eat(v, 'n')) v0_print(v, "-");
        integer(v);
        break;
    case 'h': case 't': case 'm': case 'y': case 'o': case 'j': integer(v); break;
    case 'B':
        if (v0_follow(v, &back)) {
            v0_const(v, in_value);
            v0_return(v, back);
        }
        break;
    default:
        if (tag == 'R' && v0_eat(v, 'e')) { /* a reference to a string is the literal itself */
            string_literal(v);
            break;
        }
        if (!in_value) v0_print(v, "{");
        expression(v, tag);
        if (!in_value) v0_print(v, "}");
    }
    v0_leave(v);
}
