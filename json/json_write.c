#include "json/json_write.h"

#include "base/base58.h"
#include "base/base64.h"

struct json_builder json_object_begin(void)
{
    struct json_builder b = {.json = json_object_new_object()};
    b.failed = !b.json;
    return b;
}

struct json_builder json_array_begin(void)
{
    struct json_builder b = {.json = json_object_new_array()};
    b.failed = !b.json;
    return b;
}

void json_put(struct json_builder *b, const char *name, struct json_object *value)
{
    if (value && !b->failed && json_object_object_add(b->json, name, value) == 0) return;
    b->failed = true;
    json_object_put(value);
}

void json_put_null(struct json_builder *b, const char *name)
{
    if (b->failed || json_object_object_add(b->json, name, NULL) != 0) b->failed = true;
}

void json_append(struct json_builder *array, struct json_object *value)
{
    if (value && !array->failed && json_object_array_add(array->json, value) == 0) return;
    array->failed = true;
    json_object_put(value);
}

void json_append_null(struct json_builder *array)
{
    if (array->failed || json_object_array_add(array->json, NULL) != 0) array->failed = true;
}

struct json_object *json_finish(struct json_builder *b)
{
    struct json_object *json = b->failed ? NULL : b->json;
    if (b->failed) json_object_put(b->json);
    b->json = NULL;
    return json;
}

struct json_object *json_text(struct bytes text)
{
    if (text.size > INT32_MAX) return NULL;
    return json_object_new_string_len(text.size ? (const char *)text.data : "", (int)text.size);
}

/* The text in the buffer, which is given back. */
static struct json_object *text_of(struct buffer *b, bool ok)
{
    struct json_object *json = ok && !b->failed ? json_text(bytes_of(b->data, b->size)) : NULL;
    buffer_free(b);
    return json;
}

struct json_object *json_base64(struct bytes bytes)
{
    struct buffer text = {0};
    base64_encode(bytes, &text);
    return text_of(&text, true);
}

struct json_object *json_base58(struct bytes bytes)
{
    struct buffer text = {0};
    const bool ok = base58_encode(bytes, &text);
    return text_of(&text, ok);
}

struct json_object *json_u64(uint64_t number)
{
    return json_object_new_uint64(number);
}

struct json_object *json_u128(struct u128 number)
{
    char text[U128_TEXT_SIZE];
    return json_text(bytes_of(text, u128_print(number, text)));
}

struct json_object *json_account_id(const struct account_id *id)
{
    return json_text(account_id_bytes(id));
}

struct json_object *json_public_key(const struct public_key *key)
{
    struct buffer text = {0};
    const bool ok = public_key_print(key, &text);
    return text_of(&text, ok);
}
