#include "json/json.h"

#include <stdlib.h>

#include "base/u128.h"
#include "json/json_write.h"

void json_clear(struct json *json)
{
    if (json->type == JSON_ARRAY) {
        for (uint32_t i = 0; i < json->size; i++) json_clear(&json->u.elements[i]);
        free(json->u.elements);
    } else if (json->type == JSON_OBJECT) {
        for (uint32_t i = 0; i < json->size; i++) {
            json_clear(&json->u.members[i].name);
            json_clear(&json->u.members[i].value);
        }
        free(json->u.members);
    } else if (json->type == JSON_STRING || json->type == JSON_REAL) {
        free((void *)(uintptr_t)json->u.text);
    }
    *json = (struct json){0};
}

/* A document is one allocation, of which the outermost value is the beginning. */
void json_free(struct json *json)
{
    if (!json || json->owner == JSON_INSIDE_DOCUMENT) return;
    if (json->owner == JSON_BUILT) json_clear(json);
    free(json);
}

size_t json_length(const struct json *json)
{
    return json_is(json, JSON_ARRAY) || json_is(json, JSON_OBJECT) ? json->size : 0;
}

static struct json *or_null(struct json *json)
{
    return json->type == JSON_NULL ? NULL : json;
}

struct json *json_at(const struct json *json, size_t index)
{
    if (index >= json_length(json)) return NULL;
    return or_null(json->type == JSON_ARRAY ? &json->u.elements[index] : &json->u.members[index].value);
}

const char *json_name_at(const struct json *object, size_t index)
{
    return object->u.members[index].name.u.text;
}

/* ---- members ---------------------------------------------------------------------------------------------------- */

/* Less than 0, 0, more than 0, as the name comes before, is, or comes after the text: by length, then by bytes. */
static int compare_name(const struct json *name, const char *text, size_t size)
{
    if (name->size != size) return name->size < size ? -1 : 1;
    return size ? memcmp(name->u.text, text, size) : 0;
}

static struct json_named *find_indexed(const struct json *object, const char *name, size_t size)
{
    const uint32_t *order = (const uint32_t *)(const void *)(object->u.members + object->size);
    uint32_t low = 0, high = object->size;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        struct json_named *member = &object->u.members[order[middle]];
        const int order_of_name = compare_name(&member->name, name, size);
        if (order_of_name == 0) return member;
        if (order_of_name < 0) low = middle + 1;
        else high = middle;
    }
    return NULL;
}

static struct json_named *find(const struct json *object, const char *name)
{
    const size_t size = strlen(name);
    if (!json_is(object, JSON_OBJECT)) return NULL;
    if (object->is_indexed) return find_indexed(object, name, size);
    for (uint32_t i = 0; i < object->size; i++)
        if (compare_name(&object->u.members[i].name, name, size) == 0) return &object->u.members[i];
    return NULL;
}

bool json_find(const struct json *object, const char *name, struct json **out)
{
    struct json_named *member = find(object, name);
    if (out) *out = member ? or_null(&member->value) : NULL;
    return member != NULL;
}

struct json *json_get(const struct json *object, const char *name)
{
    struct json *out;
    json_find(object, name, &out);
    return out;
}

/* ---- values ----------------------------------------------------------------------------------------------------- */

const char *json_chars(const struct json *json)
{
    return json_is(json, JSON_STRING) ? json->u.text : "";
}

struct bytes json_string_bytes(const struct json *json)
{
    return json_is(json, JSON_STRING) ? bytes_of(json->u.text, json->size) : bytes_of("", 0);
}

uint64_t json_number(const struct json *json)
{
    struct u128 number;
    if (json_is(json, JSON_INTEGER)) return json->negative ? 0 : json->u.number;
    return json_is(json, JSON_STRING) && u128_parse(json_string_bytes(json), &number) && !number.high ? number.low : 0;
}

bool json_truth(const struct json *json)
{
    return json_is(json, JSON_BOOL) && json->u.truth;
}

static bool equal_members(const struct json *a, const struct json *b)
{
    for (uint32_t i = 0; i < a->size; i++) {
        struct json *other;
        if (!json_find(b, json_name_at(a, i), &other) || !json_equal(json_at(a, i), other)) return false;
    }
    return true;
}

bool json_equal(const struct json *a, const struct json *b)
{
    if (!a || !b) return json_is(a, JSON_NULL) && json_is(b, JSON_NULL);
    if (a->type != b->type) return false;
    switch ((enum json_type)a->type) {
    case JSON_NULL: return true;
    case JSON_BOOL: return a->u.truth == b->u.truth;
    case JSON_INTEGER: return a->u.number == b->u.number && a->negative == b->negative;
    case JSON_REAL:
    case JSON_STRING: return bytes_equal(bytes_of(a->u.text, a->size), bytes_of(b->u.text, b->size));
    case JSON_ARRAY:
        for (uint32_t i = 0; i < a->size && a->size == b->size; i++)
            if (!json_equal(json_at(a, i), json_at(b, i))) return false;
        return a->size == b->size;
    case JSON_OBJECT: return a->size == b->size && equal_members(a, b);
    }
    return false;
}

static struct json *copy_list(const struct json *json)
{
    struct json_builder b = json->type == JSON_ARRAY ? json_array_begin() : json_object_begin();
    for (uint32_t i = 0; i < json->size && !b.failed; i++) {
        const struct json *part = json_at(json, i);
        if (json->type == JSON_ARRAY && !part) json_append_null(&b);
        else if (json->type == JSON_ARRAY) json_append(&b, json_copy(part));
        else if (!part) json_put_null(&b, json_name_at(json, i));
        else json_put(&b, json_name_at(json, i), json_copy(part));
    }
    return json_finish(&b);
}

struct json *json_copy(const struct json *json)
{
    if (!json) return NULL;
    if (json->type == JSON_ARRAY || json->type == JSON_OBJECT) return copy_list(json);
    if (json->type == JSON_STRING) return json_text(json_string_bytes(json));
    if (json->type == JSON_REAL) return json_real(json->u.text);
    struct json *copy = malloc(sizeof *copy);
    if (copy) *copy = *json;
    if (copy) copy->owner = JSON_BUILT;
    return copy;
}
