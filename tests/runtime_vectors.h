/* The scenarios of runtime.jsonl and runtime-multishard.jsonl: one after the other, with what is in them as bytes. */
#ifndef TESTS_RUNTIME_VECTORS_H
#define TESTS_RUNTIME_VECTORS_H

#include <stdlib.h>

#include "base/base64.h"
#include "base/hex.h"
#include "near/near.h"
#include "tests/json.h"
#include "tests/read_file.h"
#include "tests/test.h"

/* A member of an object; null if there is none or it is null. */
static inline struct json *member(struct json *object, const char *name)
{
    return json_get(object, name);
}

static inline size_t elements(struct json *array)
{
    return array ? json_length(array) : 0;
}

static inline struct json *element(struct json *array, size_t i)
{
    return json_at(array, i);
}

static inline struct bytes string_bytes(struct json *string)
{
    return json_string_bytes(string);
}

static inline uint64_t number(struct json *value)
{
    return json_number(value);
}

/* Into `out`, whose former content is gone; a failed check if the text is no base64 or hex. */
static inline struct bytes from_base64(struct json *string, struct buffer *out)
{
    out->size = 0;
    CHECK(base64_decode(string_bytes(string), out));
    return bytes_of(out->data, out->size);
}

static inline struct bytes from_hex(struct json *string, struct buffer *out)
{
    out->size = 0;
    CHECK(hex_decode(string_bytes(string), out));
    return bytes_of(out->data, out->size);
}

static inline struct crypto_hash hash_of_json(struct json *base58)
{
    struct crypto_hash h = {0};
    CHECK(crypto_hash_parse(string_bytes(base58), &h));
    return h;
}

/* Scenarios of several shards have lists by shard where others have one object. Calls `visit` for each object. */
static inline void each_shard(struct json *value, void (*visit)(struct json *, void *), void *context)
{
    if (!json_is(value, JSON_ARRAY)) {
        visit(value, context);
        return;
    }
    for (size_t i = 0; i < elements(value); i++) visit(element(value, i), context);
}

/* Calls `visit` with each scenario of a file; false, after a skip, if the file is not there. */
static inline bool each_scenario(const char *name, void (*visit)(struct json *, void *), void *context)
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
        struct json *scenario = json_of(bytes_of(line, size));
        if (scenario) visit(scenario, context);
        json_free(scenario);
        at += size + 1;
    }
    buffer_free(&text);
    return ok;
}

static inline void each_scenario_of_both(void (*visit)(struct json *, void *), void *context)
{
    each_scenario("runtime.jsonl.xz", visit, context);
    each_scenario("runtime-multishard.jsonl.xz", visit, context);
}

#endif
