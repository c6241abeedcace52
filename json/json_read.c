#include "json/json_read.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/base64.h"
#include "base/similar.h"
#include "json/json_document.h"
#include "json/json_write.h"

/* ---- documents -------------------------------------------------------------------------------------------------- */

enum status json_read_limited(struct bytes text, const struct limits *limits, struct json **out, struct error *e)
{
    if (text.size >= INT32_MAX)
        return error_set(e, STATUS_LIMIT, 0, ERROR_NO_OFFSET, "the document has more than %d bytes", INT32_MAX - 1);
    return json_document_build(text, limits, out, e);
}

enum status json_read_document(struct bytes text, struct json **out, struct error *e)
{
    const struct limits limits = limits_standard();
    return json_read_limited(text, &limits, out, e);
}

/* ---- messages --------------------------------------------------------------------------------------------------- */

/* Text for a message: cut when it is full, and free of what could command a terminal. */
struct line {
    char text[JSON_SHOWN_SIZE];
    size_t size;
};

static void line_add(struct line *l, const char *text, size_t size, size_t most)
{
    const bool cut = size > most;
    if (cut) size = most;
    while (cut && size && ((uint8_t)text[size] & 0xc0) == 0x80) size--; /* not inside a character */
    for (size_t i = 0; i < size && l->size + 8 < sizeof l->text; i++) {
        const uint8_t c = (uint8_t)text[i];
        const bool c1 = c == 0xc2 && i + 1 < size && (uint8_t)text[i + 1] < 0xa0;
        if (c1) i++;
        l->text[l->size++] = c < 0x20 || c == 0x7f || c1 ? '?' : (char)c;
    }
    for (int i = 0; cut && i < 3 && l->size + 1 < sizeof l->text; i++) l->text[l->size++] = '.';
    l->text[l->size] = 0;
}

static void line_add_text(struct line *l, const char *text)
{
    line_add(l, text, strlen(text), 100);
}

/* "context.output_data_receivers[3]"; "the document" for the root. */
static void describe_place(const struct json_place *p, struct line *l)
{
    const struct json_place *way[JSON_MAX_DEPTH + 1];
    size_t count = 0;
    for (; p && p->parent && count <= JSON_MAX_DEPTH; p = p->parent) way[count++] = p;
    if (!count) line_add_text(l, "the document");
    for (size_t i = count; i--;) {
        char number[32];
        snprintf(number, sizeof number, "[%zu]", way[i]->index);
        if (way[i]->name && i + 1 != count) line_add_text(l, ".");
        line_add(l, way[i]->name ? way[i]->name : number, strlen(way[i]->name ? way[i]->name : number), 40);
    }
}

static void describe_value(const struct json *json, struct line *l)
{
    struct buffer text = {0};
    if (json_is(json, JSON_OBJECT)) {
        line_add_text(l, "an object");
    } else if (json_is(json, JSON_ARRAY)) {
        line_add_text(l, "an array");
    } else {
        json_print(json, &text);
        line_add(l, text.failed ? "?" : (const char *)text.data, text.failed ? 1 : text.size, 50);
    }
    buffer_free(&text);
}

const char *json_shown(struct bytes text, size_t most, char out[JSON_SHOWN_SIZE])
{
    struct line line = {0};
    line_add(&line, (const char *)text.data, text.size, most);
    return strcpy(out, line.text);
}

enum status json_expected(const struct json_place *p, const char *expected, struct error *e)
{
    struct line place = {0}, value = {0};
    describe_place(p, &place);
    describe_value(p->json, &value);
    return error_set(e, STATUS_MALFORMED, 0, ERROR_NO_OFFSET, "%s: expected %s, found %s", place.text, expected,
                     value.text);
}

enum status json_refuse(const struct json_place *p, struct error *e, const char *format, ...)
{
    struct line place = {0};
    char reason[200];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(reason, sizeof reason, format, arguments);
    va_end(arguments);
    describe_place(p, &place);
    return error_set(e, STATUS_MALFORMED, 0, ERROR_NO_OFFSET, "%s: %s", place.text, reason);
}

/* ---- objects and arrays ----------------------------------------------------------------------------------------- */

struct json_place json_root(struct json *document)
{
    return (struct json_place){.json = json_is(document, JSON_NULL) ? NULL : document};
}

bool json_member(const struct json_place *object, const char *name, struct json_place *out)
{
    *out = (struct json_place){.json = json_get(object->json, name), .parent = object, .name = name};
    return out->json;
}

enum status json_required(const struct json_place *object, const char *name, struct json_place *out, struct error *e)
{
    if (json_member(object, name, out)) return STATUS_OK;
    if (!json_is(object->json, JSON_OBJECT)) return json_expected(object, "an object", e);
    return json_refuse(object, e, "'%s' is missing", name);
}

bool json_next(const struct json_place *object, size_t *position, struct json_place *out)
{
    const size_t at = *position;
    if (!json_is(object->json, JSON_OBJECT) || at >= json_length(object->json)) return false;
    *out = (struct json_place){.json = json_at(object->json, at), .parent = object,
                               .name = json_name_at(object->json, at)};
    (*position)++;
    return true;
}

static enum status refuse_name(const struct json_place *object, const char *name, const char *const *names,
                               size_t count, struct error *e)
{
    struct line shown = {0};
    const char *best = NULL;
    line_add(&shown, name, strlen(name), 40);
    for (size_t i = 0; i < count; i++) {
        const struct bytes wanted = bytes_of_string(names[i]), found = bytes_of_string(name);
        if (!similar(wanted, found)) continue;
        if (!best || distance(wanted, found) < distance(bytes_of_string(best), found)) best = names[i];
    }
    if (best) return json_refuse(object, e, "there is no '%s'; did you mean '%s'?", shown.text, best);
    return json_refuse(object, e, "there is no '%s'", shown.text);
}

enum status json_check_object(const struct json_place *p, const char *const *names, size_t count, struct error *e)
{
    size_t position = 0;
    struct json_place member;
    if (!json_is(p->json, JSON_OBJECT)) return json_expected(p, "an object", e);
    while (json_next(p, &position, &member)) {
        size_t i = 0;
        while (i < count && strcmp(names[i], member.name) != 0) i++;
        if (i == count) return refuse_name(p, member.name, names, count, e);
    }
    return STATUS_OK;
}

enum status json_check_array(const struct json_place *p, size_t *length, struct error *e)
{
    if (!json_is(p->json, JSON_ARRAY)) return json_expected(p, "an array", e);
    *length = json_length(p->json);
    return STATUS_OK;
}

struct json_place json_element(const struct json_place *array, size_t index)
{
    return (struct json_place){.json = json_at(array->json, index), .parent = array, .index = index};
}

/* ---- values ----------------------------------------------------------------------------------------------------- */

static bool string_of(const struct json_place *p, struct bytes *out)
{
    if (!json_is(p->json, JSON_STRING)) return false;
    *out = json_string_bytes(p->json);
    return true;
}

static bool number_of(const struct json_place *p, struct u128 *out)
{
    struct bytes text;
    if (string_of(p, &text)) return u128_parse(text, out);
    if (!json_is(p->json, JSON_INTEGER) || p->json->negative) return false;
    *out = u128_of(p->json->u.number);
    return true;
}

enum status json_read_u64(const struct json_place *p, uint64_t max, uint64_t *out, struct error *e)
{
    struct u128 number;
    char expected[64];
    snprintf(expected, sizeof expected, "a whole number from 0 to %llu", (unsigned long long)max);
    if (!number_of(p, &number) || number.high || number.low > max) return json_expected(p, expected, e);
    *out = number.low;
    return STATUS_OK;
}

enum status json_read_u128(const struct json_place *p, struct u128 *out, struct error *e)
{
    if (!number_of(p, out)) return json_expected(p, "a whole number from 0 to 2^128 - 1 (a string, if it is large)", e);
    return STATUS_OK;
}

enum status json_read_bool(const struct json_place *p, bool *out, struct error *e)
{
    if (!json_is(p->json, JSON_BOOL)) return json_expected(p, "true or false", e);
    *out = json_truth(p->json);
    return STATUS_OK;
}

enum status json_read_text(const struct json_place *p, struct bytes *out, struct error *e)
{
    return string_of(p, out) ? STATUS_OK : json_expected(p, "a string", e);
}

enum status json_read_base64(const struct json_place *p, struct arena *a, struct bytes *out, struct error *e)
{
    struct bytes text;
    struct buffer decoded = {0};
    if (!string_of(p, &text)) return json_expected(p, "a string in base64", e);
    enum status status = STATUS_OK;
    if (!base64_decode(text, &decoded)) {
        status = decoded.failed ? error_no_memory(e) : json_expected(p, "a string in base64", e);
    } else {
        uint8_t *copy = arena_alloc(a, decoded.size);
        if (!copy) status = error_no_memory(e);
        else if (decoded.size) memcpy(copy, decoded.data, decoded.size);
        if (copy) *out = bytes_of(copy, decoded.size);
    }
    buffer_free(&decoded);
    return status;
}
