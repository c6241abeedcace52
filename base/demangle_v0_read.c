/* The small parts of a v0 symbol: bytes, numbers, identifiers with their Punycode, back references. */
#include "base/demangle_v0.h"
#include "base/demangle_schemes.h"

#include <inttypes.h>
#include <stdio.h>

enum {
    DEPTH_LIMIT = 500,
    STEP_LIMIT = 1 << 18,
    IDENTIFIER_LIMIT = 128, /* characters of an identifier in Punycode; longer ones are shown encoded */
};

bool v0_fail(struct v0 *v)
{
    v->failed = true;
    return false;
}

bool v0_enter(struct v0 *v)
{
    if (v->failed || ++v->steps > STEP_LIMIT || v->depth >= DEPTH_LIMIT) return v0_fail(v);
    v->depth++;
    return true;
}

void v0_leave(struct v0 *v)
{
    v->depth--;
}

void v0_print_bytes(struct v0 *v, struct bytes text)
{
    if (v->silent || v->failed) return;
    if (text.size > DEMANGLE_OUTPUT_LIMIT - (v->out->size - v->start)) {
        v0_fail(v);
        return;
    }
    buffer_append(v->out, text.data, text.size);
    if (v->out->failed) v0_fail(v);
}

void v0_print(struct v0 *v, const char *text)
{
    v0_print_bytes(v, bytes_of_string(text));
}

void v0_print_number(struct v0 *v, uint64_t number)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRIu64, number);
    v0_print(v, text);
}

/* ---- bytes and numbers ------------------------------------------------------------------------------------------- */

uint8_t v0_next(struct v0 *v)
{
    if (v->failed || v->next >= v->symbol.size) {
        v0_fail(v);
        return 0;
    }
    return v->symbol.data[v->next++];
}

bool v0_eat(struct v0 *v, uint8_t byte)
{
    if (v->failed || v->next >= v->symbol.size || v->symbol.data[v->next] != byte) return false;
    v->next++;
    return true;
}

uint64_t v0_base_62(struct v0 *v)
{
    if (v0_eat(v, '_')) return 0;
    uint64_t x = 0;
    while (!v0_eat(v, '_')) {
        uint8_t c = v0_next(v);
        unsigned digit;
        if (c >= '0' && c <= '9') digit = (unsigned)(c - '0');
        else if (c >= 'a' && c <= 'z') digit = (unsigned)(c - 'a') + 10;
        else if (c >= 'A' && c <= 'Z') digit = (unsigned)(c - 'A') + 36;
        else return v0_fail(v);
        if (x > (UINT64_MAX - digit) / 62) return v0_fail(v);
        x = x * 62 + digit;
    }
    if (x == UINT64_MAX) return v0_fail(v);
    return x + 1;
}

uint64_t v0_tagged_number(struct v0 *v, uint8_t tag)
{
    if (!v0_eat(v, tag)) return 0;
    uint64_t x = v0_base_62(v);
    if (v->failed || x == UINT64_MAX) return v0_fail(v);
    return x + 1;
}

struct bytes v0_hex(struct v0 *v)
{
    size_t start = v->next;
    for (;;) {
        uint8_t c = v0_next(v);
        if (c == '_') {
            v->steps += (unsigned)((v->next - start) / 8); /* a back reference can make long ones be read often */
            return bytes_of(v->symbol.data + start, v->next - 1 - start);
        }
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
            v0_fail(v);
            return (struct bytes){0};
        }
    }
}

/* ---- identifiers ------------------------------------------------------------------------------------------------- */

struct v0_identifier v0_read_identifier(struct v0 *v)
{
    struct v0_identifier identifier = {0};
    bool encoded = v0_eat(v, 'u');
    uint8_t c = v0_next(v);
    if (c < '0' || c > '9') {
        v0_fail(v);
        return identifier;
    }
    size_t length = (size_t)(c - '0'); /* a number does not begin with 0, unless it is 0 */
    while (length && v->next < v->symbol.size && v->symbol.data[v->next] >= '0' && v->symbol.data[v->next] <= '9') {
        length = length * 10 + (size_t)(v->symbol.data[v->next++] - '0');
        if (length > v->symbol.size) break;
    }
    v0_eat(v, '_'); /* between the length and text that begins with a digit or `_` */
    if (length > v->symbol.size - v->next) {
        v0_fail(v);
        return identifier;
    }
    struct bytes text = bytes_of(v->symbol.data + v->next, length);
    v->next += length;
    if (!encoded) {
        identifier.ascii = text;
        return identifier;
    }
    size_t split = length; /* behind the last `_`, which stands for Punycode's hyphen */
    while (split && text.data[split - 1] != '_') split--;
    identifier.ascii = bytes_of(text.data, split ? split - 1 : 0);
    identifier.punycode = bytes_of(text.data + split, length - split);
    if (identifier.punycode.size == 0) v0_fail(v);
    return identifier;
}

/* One generalized variable-length integer of RFC 3492, section 3.3, and the adaptation of section 6.1. */
static bool punycode_delta(struct bytes text, size_t *next, uint32_t bias, uint32_t *delta)
{
    uint32_t result = 0, weight = 1;
    for (uint32_t k = 36;; k += 36) {
        if (*next >= text.size) return false;
        uint8_t c = text.data[(*next)++];
        uint32_t digit;
        if (c >= 'a' && c <= 'z') digit = (uint32_t)(c - 'a');
        else if (c >= '0' && c <= '9') digit = (uint32_t)(c - '0') + 26;
        else return false;
        if (digit && weight > (UINT32_MAX - result) / digit) return false;
        result += digit * weight;
        uint32_t threshold = k <= bias + 1 ? 1 : k >= bias + 26 ? 26 : k - bias;
        if (digit < threshold) break;
        if (weight > UINT32_MAX / (36 - threshold)) return false;
        weight *= 36 - threshold;
    }
    *delta = result;
    return true;
}

static uint32_t punycode_bias(uint32_t delta, uint32_t length, bool first)
{
    delta /= first ? 700 : 2;
    delta += delta / length;
    uint32_t k = 0;
    for (; delta > 35 * 26 / 2; k += 36) delta /= 35;
    return k + 36 * delta / (delta + 38);
}

/* RFC 3492, section 6.2. Returns how many characters were decoded; 0: not Punycode, or too long. */
static size_t punycode_decode(struct v0_identifier identifier, uint32_t characters[static IDENTIFIER_LIMIT])
{
    uint32_t length = 0, position = 0, bias = 72;
    uint64_t character = 0x80;
    if (identifier.ascii.size >= IDENTIFIER_LIMIT) return 0;
    for (; length < identifier.ascii.size; length++) characters[length] = identifier.ascii.data[length];
    for (size_t next = 0; next < identifier.punycode.size;) {
        uint32_t delta;
        if (length == IDENTIFIER_LIMIT || !punycode_delta(identifier.punycode, &next, bias, &delta)) return 0;
        bool first = length == identifier.ascii.size;
        length++;
        if (delta > UINT32_MAX - position) return 0;
        position += delta;
        character += position / length;
        position %= length;
        if (!is_scalar_value(character)) return 0;
        memmove(characters + position + 1, characters + position, (length - 1 - position) * sizeof *characters);
        characters[position++] = (uint32_t)character;
        bias = punycode_bias(delta, length, first);
    }
    return length;
}

void v0_print_identifier(struct v0 *v, struct v0_identifier identifier)
{
    if (v->silent || v->failed) return;
    uint32_t characters[IDENTIFIER_LIMIT];
    size_t count = identifier.punycode.size ? punycode_decode(identifier, characters) : 0;
    if (count) {
        struct buffer text = {0};
        for (size_t i = 0; i < count; i++) append_utf8(&text, characters[i]);
        if (text.failed) v->out->failed = true;
        v0_print_bytes(v, bytes_of(text.data, text.size));
        buffer_free(&text);
        return;
    }
    if (identifier.punycode.size) v0_print(v, "punycode{");
    v0_print_bytes(v, identifier.ascii);
    if (identifier.punycode.size == 0) return;
    if (identifier.ascii.size) v0_print(v, "-");
    v0_print_bytes(v, identifier.punycode);
    v0_print(v, "}");
}

/* ---- back references --------------------------------------------------------------------------------------------- */

bool v0_follow(struct v0 *v, size_t *back)
{
    size_t own = v->next - 1;
    uint64_t target = v0_base_62(v);
    if (v->failed || target >= own) return v0_fail(v);
    if (v->silent || !v0_enter(v)) return false;
    *back = v->next;
    v->next = (size_t)target;
    return true;
}

void v0_return(struct v0 *v, size_t back)
{
    v->next = back;
    v0_leave(v);
}
