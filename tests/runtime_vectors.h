/* The scenarios of runtime.jsonl and runtime-multishard.jsonl: one after the other, with what is in them as bytes. */
#ifndef TESTS_RUNTIME_VECTORS_H
#define TESTS_RUNTIME_VECTORS_H

#include <json-c/json.h>
#include <stdlib.h>

#include "base/base64.h"
#include "base/hex.h"
#include "near/near.h"
#include "tests/read_file.h"
#include "tests/test.h"

/* A member of an object; null if there is none or it is null. */
static inline struct json_object *member(struct json_object *object, const char *name)
{
    struct json_object *value = NULL;
    return json_object_object_get_ex(object, name, &value) ? value : NULL;
}

static inline size_t elements(struct json_object *array)
{
    return array ? json_object_array_length(array) : 0;
}

static inline struct json_object *element(struct json_object *array, size_t i)
{
    return json_object_array_get_idx(array, i);
}

static inline struct bytes string_bytes(struct json_object *string)
{
    return bytes_of(json_object_get_string(string), (size_t)json_object_get_string_len(string));
}

static inline uint64_t number(struct json_object *value)
{
    return json_object_get_uint64(value);
}

/* Into `out`, whose former content is gone; a failed check if the text is no base64 or hex. */
static inline struct bytes from_base64(struct json_object *string, struct buffer *out)
{
    out->size = 0;
    CHECK(base64_decode(string_bytes(string), out));
    return bytes_of(out->data, out->size);
}

static inline struct bytes from_hex(struct json_object *string, struct buffer *out)
{
    out->size = 0;
    CHECK(hex_decode(string_bytes(string), out));
    return bytes_of(out->data, out->size);
}

static inline struct crypto_hash hash_of_json(struct json_object *base58)
{
    struct crypto_hash h = {0};
    CHECK(crypto_hash_parse(string_bytes(base58), &h));
    return h;
}

/* Scenarios of several shards have lists by shard where others have one object. Calls `visit` for each object. */
static inline void each_shard(struct json_object *value, void (*visit)(struct json_object *, void *), void *context)
{
    if (!json_object_is_type(value, json_type_array)) {
        visit(value, context);
        return;
    }
    for (size_t i = 0; i < elements(value); i++) visit(element(value, i), context);
}

/* Calls `visit` with each scenario of a file; false, after a skip, if the file is not there. */
static inline bool each_scenario(const char *name, void (*visit)(struct json_object *, void *), void *context)
{
    static const char *const folders[] = {"tests/vectors", "tests/vectors/pending"};
    char path[120] = "";
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        snprintf(path, sizeof path, "%s/%s", folders[i], name);
        if (access(path, R_OK) == 0) break;
    }
    struct buffer text = {0};
    if (access(path, R_OK) != 0) {
        test_skip(name, "no such file");
        return false;
    }
    const bool ok = CHECK(read_file(path, &text));
    for (size_t at = 0; ok && at < text.size;) {
        const char *line = (const char *)text.data + at;
        const char *end = memchr(line, '\n', text.size - at);
        const size_t size = end ? (size_t)(end - line) : text.size - at;
        struct json_tokener *tokener = json_tokener_new();
        struct json_object *scenario = json_tokener_parse_ex(tokener, line, (int)size);
        if (CHECK(scenario)) visit(scenario, context);
        json_object_put(scenario);
        json_tokener_free(tokener);
        at += size + 1;
    }
    buffer_free(&text);
    return ok;
}

static inline void each_scenario_of_both(void (*visit)(struct json_object *, void *), void *context)
{
    each_scenario("runtime.jsonl.xz", visit, context);
    each_scenario("runtime-multishard.jsonl.xz", visit, context);
}

#endif
