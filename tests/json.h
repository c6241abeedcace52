/* JSON in tests: texts that are documents, values as text. */
#ifndef TESTS_JSON_H
#define TESTS_JSON_H

#include "json/json_read.h"
#include "json/json_write.h"
#include "tests/test.h"

/* Null, after a failed check, if it is not one. */
static inline struct json *json_of(struct bytes text)
{
    struct json *json = NULL;
    struct error e = {0};
    if (!CHECK_EQUAL(json_read_document(text, &json, &e), STATUS_OK))
        printf("%u:%u: %s\n", e.line, e.column, e.message);
    return json;
}

/* NUL-terminated, in the buffer, which the caller frees. */
static inline const char *json_as_text(const struct json *json, struct buffer *out)
{
    out->size = 0;
    json_print(json, out);
    buffer_append_byte(out, 0);
    return out->failed ? "" : (const char *)out->data;
}

static inline void show_json(const char *what, const struct json *json)
{
    struct buffer text = {0};
    printf("%s %s\n", what, json_as_text(json, &text));
    buffer_free(&text);
}

static inline struct json *json_of_chars(const char *text)
{
    return json_text(bytes_of_string(text));
}

/* An object without members. */
static inline struct json *empty_object(void)
{
    struct json_builder b = json_object_begin();
    return json_finish(&b);
}

#endif
