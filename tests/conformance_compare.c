/* What the kinds of cases share: recording differences, and reading JSON. */
#include <stdarg.h>
#include <stdio.h>

#include "base/hex.h"
#include "json/json_compare.h"
#include "tests/conformance.h"

#define MAX_SHOWN 1000 /* characters of a value that differs */

/* ---- differences ------------------------------------------------------------------------------------------------ */

void conformance_difference(struct conformance_case *c, const char *field, const char *format, ...)
{
    char text[2 * MAX_SHOWN + 200];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    buffer_append(&c->report, field, strlen(field) + 1);
    buffer_append(&c->report, text, strlen(text) + 1);
    c->differences++;
}

void conformance_text(struct conformance_case *c, const char *field, const char *wanted, const char *got)
{
    if (strcmp(wanted, got) == 0) return;
    size_t same = 0;
    while (wanted[same] == got[same]) same++;
    const size_t start = same > MAX_SHOWN / 2 ? same - MAX_SHOWN / 2 : 0;
    if (start) {
        conformance_difference(c, field, "from character %zu on: wanted %.*s, got %.*s", start, MAX_SHOWN,
                               wanted + start, MAX_SHOWN, got + start);
    } else {
        conformance_difference(c, field, "wanted %.*s, got %.*s", MAX_SHOWN, wanted, MAX_SHOWN, got);
    }
}

void conformance_u64(struct conformance_case *c, const char *field, uint64_t wanted, uint64_t got)
{
    if (wanted != got)
        conformance_difference(c, field, "wanted %llu, got %llu", (unsigned long long)wanted, (unsigned long long)got);
}

void conformance_null(struct conformance_case *c, const char *field, bool wanted_null, bool got_null)
{
    if (wanted_null != got_null)
        conformance_difference(c, field, "wanted %s, got %s", wanted_null ? "null" : "a value",
                               got_null ? "null" : "a value");
}

/* ---- comparing JSON --------------------------------------------------------------------------------------------- */

static void differ(void *context, const char *path, const char *wanted, const char *found)
{
    struct conformance_case *c = context;
    if (wanted && found) conformance_text(c, path, wanted, found);
    else if (wanted) conformance_difference(c, path, "wanted %.200s, got nothing", wanted);
    else conformance_difference(c, path, "wanted nothing, got %.200s", found);
}

void conformance_json(struct conformance_case *c, const char *path, struct json *wanted,
                      struct json *got)
{
    json_compare(path, wanted, got, differ, c);
}

/* ---- reading JSON ----------------------------------------------------------------------------------------------- */

struct json *conformance_member(struct json *json, const char *name)
{
    return json_get(json, name);
}

const char *conformance_member_text(struct json *json, const char *name)
{
    return json_chars(conformance_member(json, name));
}

bool conformance_decode_hex(struct buffer *out, const char *hex)
{
    out->size = 0;
    return hex_decode(bytes_of_string(hex), out);
}

const char *conformance_encode_hex(struct buffer *out, struct bytes data)
{
    const size_t start = out->size;
    hex_encode(data, out);
    buffer_append_byte(out, 0);
    return out->failed ? NULL : (const char *)out->data + start;
}
