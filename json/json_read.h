/* Reading JSON documents strictly: what is not understood is refused, with the place and what was expected there.
 *
 * A document is parsed as a whole (json_read_document) and then asked for its members. Where in the document a value
 * stands is known by its place, so that every error names it: "context.prepaid_gas: expected a whole number from 0 to
 * 18446744073709551615, found -3". Errors have STATUS_MALFORMED unless said otherwise. Numbers are never rounded,
 * strings may hold NUL characters. */
#ifndef JSON_JSON_READ_H
#define JSON_JSON_READ_H

#include "base/arena.h"
#include "base/bytes.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/u128.h"
#include "json/json.h"
#include "json/json_scan.h"

enum { JSON_NAME_TWICE = 1 }; /* error.code; all other errors of JSON have none */

/* Parses one document (RFC 8259, UTF-8; white space around it is allowed, nothing else). The error has line and column:
 * of bad syntax, of too much nesting, of a member name that is there twice in an object (JSON_NAME_TWICE) or holds a
 * NUL, of a number beyond 64 bits (those are written as strings). STATUS_LIMIT: more than INT32_MAX bytes,
 * JSON_MAX_DEPTH levels, or values or memory than the limits allow; STATUS_NO_MEMORY. The caller gives *out back with
 * json_free. The document does not refer to the text. It takes 16 bytes for each value and each name, and its texts
 * once more: at most 11 bytes for each byte of the text. Time grows with the text's size n as n log n, whatever is in it. */
enum status json_read_limited(struct bytes text, const struct limits *limits, struct json **out, struct error *e);

/* The same with the standard limits. */
enum status json_read_document(struct bytes text, struct json **out, struct error *e);

/* A value and the way to it. Places refer to their parents, which must stay where they are. */
struct json_place {
    struct json *json;        /* null: JSON's null */
    const struct json_place *parent; /* null: the document */
    const char *name;                /* in an object, or */
    size_t index;                    /* in an array */
};

struct json_place json_root(struct json *document);

/* The member of an object. False if there is none or it is null (a null is the same as leaving the member out), and
 * *out is then the null at that place. */
bool json_member(const struct json_place *object, const char *name, struct json_place *out);

/* The same, but a missing member is an error. */
enum status json_required(const struct json_place *object, const char *name, struct json_place *out, struct error *e);

/* That the value is an object all of whose members are among `names`; else the error names the unknown one, and the
 * name that may have been meant. */
enum status json_check_object(const struct json_place *p, const char *const *names, size_t count, struct error *e);

/* That the value is an array, and its length. */
enum status json_check_array(const struct json_place *p, size_t *length, struct error *e);
struct json_place json_element(const struct json_place *array, size_t index);

/* Walks through an object's members: start with *position 0; false at the end. The name is NUL-terminated and the
 * document's. */
bool json_next(const struct json_place *object, size_t *position, struct json_place *out);

/* A whole number, or a string of decimal digits; at most `max`. */
enum status json_read_u64(const struct json_place *p, uint64_t max, uint64_t *out, struct error *e);
/* The same up to 2^128 - 1; as a JSON number up to 2^64 - 1. */
enum status json_read_u128(const struct json_place *p, struct u128 *out, struct error *e);
enum status json_read_bool(const struct json_place *p, bool *out, struct error *e);
/* A string; a view into the document. */
enum status json_read_text(const struct json_place *p, struct bytes *out, struct error *e);
/* A string in base64; the bytes are in `a`. STATUS_NO_MEMORY. */
enum status json_read_base64(const struct json_place *p, struct arena *a, struct bytes *out, struct error *e);

/* Fills *e with "PATH: expected EXPECTED, found VALUE" (the value shortened) and returns STATUS_MALFORMED. */
enum status json_expected(const struct json_place *p, const char *expected, struct error *e);
/* Fills *e with "PATH: REASON". */
#if defined(__GNUC__)
__attribute__((format(printf, 3, 4)))
#endif
enum status json_refuse(const struct json_place *p, struct error *e, const char *format, ...);

/* Text for a message: at most `most` bytes of it, without what could command a terminal. Returns `out`. */
enum { JSON_SHOWN_SIZE = 200 };
const char *json_shown(struct bytes text, size_t most, char out[JSON_SHOWN_SIZE]);

#endif
