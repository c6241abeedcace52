#include "json/json_write.h"

#include <stdlib.h>

#include "base/base58.h"
#include "base/base64.h"
#include "base/float_text.h"
#include "json/json_text.h"
#include "json/json_writer.h"

enum { FIRST_CAPACITY = 4 };

static struct json *make(enum json_type type)
{
    struct json *json = calloc(1, sizeof *json);
    if (json) json->type = (uint8_t)type;
    return json;
}

static struct json_builder begin(enum json_type type)
{
    struct json_builder b = {.json = make(type)};
    b.failed = !b.json;
    return b;
}

struct json_builder json_object_begin(void)
{
    return begin(JSON_OBJECT);
}

struct json_builder json_array_begin(void)
{
    return begin(JSON_ARRAY);
}

/* ---- growing ---------------------------------------------------------------------------------------------------- */

/* Room for one more part of that size. Capacities are powers of two, so that the count says when there is none. */
static void *grown(void *parts, uint32_t count, size_t size)
{
    if (count == UINT32_MAX) return NULL;
    if (count && (count < FIRST_CAPACITY || (count & (count - 1)) != 0)) return parts;
    return realloc(parts, (count ? 2 * (size_t)count : FIRST_CAPACITY) * size);
}

/* What can become part of something: a document cannot, so a copy takes its place. */
static struct json *part(struct json *value)
{
    if (!value || value->owner == JSON_BUILT) return value;
    struct json *copy = json_copy(value);
    json_free(value);
    return copy;
}

/* Moves the value, a null if there is none, to where it belongs. */
static void move(struct json *to, struct json *value)
{
    *to = value ? *value : (struct json){0};
    free(value);
}

static bool add(struct json *object, const char *name, struct json *value)
{
    struct json *text = json_text(bytes_of_string(name));
    struct json_named *members = text ? grown(object->u.members, object->size, sizeof *members) : NULL;
    if (members) {
        object->u.members = members;
        move(&members[object->size].name, text);
        move(&members[object->size++].value, value);
    } else {
        json_free(text);
        json_free(value);
    }
    return members != NULL;
}

static bool push(struct json *array, struct json *value)
{
    struct json *elements = grown(array->u.elements, array->size, sizeof *elements);
    if (elements) {
        array->u.elements = elements;
        move(&elements[array->size++], value);
    } else {
        json_free(value);
    }
    return elements != NULL;
}

void json_put(struct json_builder *b, const char *name, struct json *value)
{
    value = part(value);
    if (!value || b->failed) {
        json_free(value);
        b->failed = true;
    } else if (!add(b->json, name, value)) {
        b->failed = true;
    }
}

void json_put_null(struct json_builder *b, const char *name)
{
    if (b->failed || !add(b->json, name, NULL)) b->failed = true;
}

void json_append(struct json_builder *array, struct json *value)
{
    value = part(value);
    if (!value || array->failed) {
        json_free(value);
        array->failed = true;
    } else if (!push(array->json, value)) {
        array->failed = true;
    }
}

void json_append_null(struct json_builder *array)
{
    if (array->failed || !push(array->json, NULL)) array->failed = true;
}

struct json *json_finish(struct json_builder *b)
{
    struct json *json = b->failed ? NULL : b->json;
    if (b->failed) json_free(b->json);
    b->json = NULL;
    return json;
}

static struct json *own_member(struct json *object, const char *name)
{
    for (uint32_t i = 0; i < object->size; i++)
        if (strcmp(object->u.members[i].name.u.text, name) == 0) return &object->u.members[i].value;
    return NULL;
}

bool json_add(struct json *object, const char *name, struct json *value)
{
    value = part(value);
    if (!value || !json_is(object, JSON_OBJECT) || object->owner != JSON_BUILT) {
        json_free(value);
        return false;
    }
    struct json *old = own_member(object, name);
    if (!old) return add(object, name, value);
    json_clear(old);
    move(old, value);
    return true;
}

void json_remove(struct json *object, const char *name)
{
    for (uint32_t i = 0; i < json_length(object) && object->type == JSON_OBJECT; i++) {
        struct json_named *member = &object->u.members[i];
        if (strcmp(member->name.u.text, name) != 0) continue;
        json_clear(&member->name);
        json_clear(&member->value);
        memmove(member, member + 1, (object->size - i - 1) * sizeof *member);
        object->size--;
        return;
    }
}

/* ---- values ----------------------------------------------------------------------------------------------------- */

static struct json *chars(enum json_type type, struct bytes text)
{
    struct json *json = text.size < UINT32_MAX ? make(type) : NULL;
    char *copy = json ? malloc(text.size + 1) : NULL;
    if (!copy) {
        free(json);
        return NULL;
    }
    if (text.size) memcpy(copy, text.data, text.size);
    copy[text.size] = 0;
    json->size = (uint32_t)text.size;
    json->u.text = copy;
    return json;
}

struct json *json_text(struct bytes text)
{
    return chars(JSON_STRING, text);
}

struct json *json_real(const char *digits)
{
    return chars(JSON_REAL, bytes_of_string(digits));
}

/* The text in the buffer, which is given back. */
static struct json *text_of(struct buffer *b, bool ok)
{
    struct json *json = ok && !b->failed ? json_text(bytes_of(b->data, b->size)) : NULL;
    buffer_free(b);
    return json;
}

struct json *json_base64(struct bytes bytes)
{
    struct buffer text = {0};
    base64_encode(bytes, &text);
    return text_of(&text, true);
}

struct json *json_base58(struct bytes bytes)
{
    struct buffer text = {0};
    const bool ok = base58_encode(bytes, &text);
    return text_of(&text, ok);
}

struct json *json_u64(uint64_t number)
{
    struct json *json = make(JSON_INTEGER);
    if (json) json->u.number = number;
    return json;
}

struct json *json_i64(int64_t number)
{
    struct json *json = json_u64(number < 0 ? 0 - (uint64_t)number : (uint64_t)number);
    if (json) json->negative = number < 0;
    return json;
}

struct json *json_u128(struct u128 number)
{
    char text[U128_TEXT_SIZE];
    return json_text(bytes_of(text, u128_print(number, text)));
}

struct json *json_bool(bool value)
{
    struct json *json = make(JSON_BOOL);
    if (json) json->u.truth = value;
    return json;
}

struct json *json_double(double number)
{
    struct buffer text = {0};
    struct json_writer w = json_writer_of(&text);
    json_write_double(&w, number);
    buffer_append_byte(&text, 0);
    struct json *json = text.failed ? NULL : json_real((const char *)text.data);
    buffer_free(&text);
    return json;
}

/* ---- printing --------------------------------------------------------------------------------------------------- */

/* Levels are those of a document (JSON_MAX_DEPTH) or of what our own code builds. */
static void write_value(struct json_writer *w, const struct json *json)
{
    switch (json_type_of(json)) {
    case JSON_NULL: json_write_null(w); break;
    case JSON_BOOL: json_write_bool(w, json->u.truth); break;
    case JSON_INTEGER:
        if (json->negative) json_write_negative(w, json->u.number);
        else json_write_u64(w, json->u.number);
        break;
    case JSON_REAL: json_write_digits(w, bytes_of(json->u.text, json->size)); break;
    case JSON_STRING: json_write_string(w, json_string_bytes(json)); break;
    case JSON_ARRAY:
        json_write_open(w, '[');
        for (uint32_t i = 0; i < json->size; i++) write_value(w, &json->u.elements[i]);
        json_write_close(w, ']');
        break;
    case JSON_OBJECT:
        json_write_open(w, '{');
        for (uint32_t i = 0; i < json->size; i++) {
            json_write_name_bytes(w, json_string_bytes(&json->u.members[i].name));
            write_value(w, &json->u.members[i].value);
        }
        json_write_close(w, '}');
        break;
    }
}

void json_print(const struct json *json, struct buffer *out)
{
    struct json_writer w = json_writer_of(out);
    write_value(&w, json);
}

bool json_print_file(const struct json *json, FILE *out)
{
    enum { WIDTH = 100 };
    struct buffer text = {0};
    if (json) json_print(json, &text);
    const bool ok = json && !text.failed;
    if (ok) json_text_print(out, bytes_of(text.data, text.size), WIDTH, 0);
    if (ok) fputc('\n', out);
    buffer_free(&text);
    return ok && fflush(out) == 0 && !ferror(out);
}
