#include "json/json_writer.h"

#include <inttypes.h>
#include <math.h>

#include "base/base64.h"
#include "base/float_text.h"

static void separate(struct json_writer *w)
{
    if (w->comma) buffer_append_byte(w->out, ',');
    w->comma = true;
}

void json_write_open(struct json_writer *w, char bracket)
{
    separate(w);
    buffer_append_byte(w->out, (uint8_t)bracket);
    w->comma = false;
}

void json_write_close(struct json_writer *w, char bracket)
{
    buffer_append_byte(w->out, (uint8_t)bracket);
    w->comma = true;
}

void json_write_name_bytes(struct json_writer *w, struct bytes name)
{
    json_write_string(w, name);
    buffer_append_byte(w->out, ':');
    w->comma = false;
}

void json_write_name(struct json_writer *w, const char *name)
{
    json_write_name_bytes(w, bytes_of_string(name));
}

static void append_escaped(struct buffer *out, uint8_t c)
{
    static const char letters[] = {['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r'};
    if (c == '"' || c == '\\') {
        buffer_append_byte(out, '\\');
        buffer_append_byte(out, c);
    } else if (c < sizeof letters && letters[c]) {
        buffer_append_byte(out, '\\');
        buffer_append_byte(out, (uint8_t)letters[c]);
    } else {
        buffer_printf(out, "\\u%04x", c);
    }
}

void json_write_string(struct json_writer *w, struct bytes text)
{
    separate(w);
    buffer_append_byte(w->out, '"');
    size_t plain = 0; /* from here to i nothing needs an escape */
    for (size_t i = 0; i < text.size; i++) {
        const uint8_t c = text.data[i];
        if (c >= ' ' && c != '"' && c != '\\') continue;
        buffer_append(w->out, text.data + plain, i - plain);
        append_escaped(w->out, c);
        plain = i + 1;
    }
    if (plain < text.size) buffer_append(w->out, text.data + plain, text.size - plain);
    buffer_append_byte(w->out, '"');
}

void json_write_text(struct json_writer *w, const char *text)
{
    json_write_string(w, bytes_of_string(text));
}

void json_write_base64(struct json_writer *w, struct bytes bytes)
{
    separate(w);
    buffer_append_byte(w->out, '"');
    base64_encode(bytes, w->out);
    buffer_append_byte(w->out, '"');
}

void json_write_u64(struct json_writer *w, uint64_t number)
{
    separate(w);
    buffer_printf(w->out, "%" PRIu64, number);
}

void json_write_negative(struct json_writer *w, uint64_t number)
{
    separate(w);
    buffer_printf(w->out, "-%" PRIu64, number);
}

void json_write_digits(struct json_writer *w, struct bytes digits)
{
    separate(w);
    buffer_append(w->out, digits.data, digits.size);
}

void json_write_u64_text(struct json_writer *w, uint64_t number)
{
    separate(w);
    buffer_printf(w->out, "\"%" PRIu64 "\"", number);
}

void json_write_u128(struct json_writer *w, struct u128 number)
{
    char text[U128_TEXT_SIZE];
    u128_print(number, text);
    json_write_text(w, text);
}

void json_write_double(struct json_writer *w, double number)
{
    char text[FLOAT_TEXT_SIZE];
    uint64_t bits;
    if (!isfinite(number)) {
        json_write_null(w);
        return;
    }
    memcpy(&bits, &number, sizeof bits);
    separate(w);
    buffer_append(w->out, text, float_print_f64(bits, text));
    if (!strpbrk(text, ".e")) buffer_append_string(w->out, ".0");
}

void json_write_bool(struct json_writer *w, bool value)
{
    separate(w);
    buffer_append_string(w->out, value ? "true" : "false");
}

void json_write_null(struct json_writer *w)
{
    separate(w);
    buffer_append_string(w->out, "null");
}

void json_name_open(struct json_writer *w, const char *name, char bracket)
{
    json_write_name(w, name);
    json_write_open(w, bracket);
}

void json_name_string(struct json_writer *w, const char *name, struct bytes text)
{
    json_write_name(w, name);
    json_write_string(w, text);
}

void json_name_base64(struct json_writer *w, const char *name, struct bytes bytes)
{
    json_write_name(w, name);
    json_write_base64(w, bytes);
}

void json_name_u64(struct json_writer *w, const char *name, uint64_t number)
{
    json_write_name(w, name);
    json_write_u64(w, number);
}

void json_name_u128(struct json_writer *w, const char *name, struct u128 number)
{
    json_write_name(w, name);
    json_write_u128(w, number);
}

void json_name_bool(struct json_writer *w, const char *name, bool value)
{
    json_write_name(w, name);
    json_write_bool(w, value);
}
