/* json/: JSON documents, read strictly, written exactly. This header: values.
 *
 * There are two kinds of trees of them. A document (json_read.h) is one allocation, in proportion to its text, and is
 * not changed. What is built (json_write.h, json_copy) owns its parts, and can be. Both are given back with json_free,
 * called for the outermost value alone. A null pointer is JSON's null, too: no function here returns a pointer to a
 * null that is inside something. */
#ifndef JSON_JSON_H
#define JSON_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

enum json_type { JSON_NULL, JSON_BOOL, JSON_INTEGER, JSON_REAL, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

enum json_owner { JSON_BUILT, JSON_INSIDE_DOCUMENT, JSON_DOCUMENT /* the outermost value of one */ };

/* 16 bytes on hosts of 64 bits. Members of an object stand in the order of the text. */
struct json {
    uint8_t type;    /* enum json_type */
    uint8_t owner;   /* enum json_owner */
    bool negative;   /* of an integer: -number is meant */
    bool is_indexed; /* after the members of an object come their numbers (uint32_t), sorted by name */
    uint32_t size;   /* bytes of the text, elements, members */
    union {
        bool truth;
        uint64_t number;             /* of an integer: up to 2^64 - 1; negative ones up to 2^63 */
        const char *text;            /* of a string, NUL-terminated; of a number that is not whole, its digits */
        struct json *elements;
        struct json_named *members;
    } u;
};

struct json_named {
    struct json name; /* a string */
    struct json value;
};

/* Null is given back, too. */
void json_free(struct json *json);
/* Gives back the parts of a value that was built, which becomes a null. */
void json_clear(struct json *json);

static inline enum json_type json_type_of(const struct json *json)
{
    return json ? (enum json_type)json->type : JSON_NULL;
}

static inline bool json_is(const struct json *json, enum json_type type)
{
    return json_type_of(json) == type;
}

/* How many elements or members there are; 0 of anything else. */
size_t json_length(const struct json *json);

/* An element of an array, or the value of a member; null: it is null, or there is none. */
struct json *json_at(const struct json *json, size_t index);

/* The name of a member of an object; there must be one. NUL-terminated, without a NUL inside. */
const char *json_name_at(const struct json *object, size_t index);

/* The member of an object. False if there is none; *out (may be null) is null if there is none or it is null. */
bool json_find(const struct json *object, const char *name, struct json **out);

/* The same without telling a null from a missing member. */
struct json *json_get(const struct json *object, const char *name);

/* The text of a string, "" of anything else. */
const char *json_chars(const struct json *json);
struct bytes json_string_bytes(const struct json *json);

/* A whole number that is not negative, or what a string of decimal digits says; 0 of anything else. */
uint64_t json_number(const struct json *json);

/* False of everything but true. */
bool json_truth(const struct json *json);

/* Whether both say the same: members in any order, numbers that are not whole by their digits. */
bool json_equal(const struct json *a, const struct json *b);

/* A built value that says the same; null: no memory (or `json` is null). */
struct json *json_copy(const struct json *json);

#endif
