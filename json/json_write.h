/* Building JSON values. A constructor returns null if there is no memory; json_put then marks the object, so that one
 * check at the end is enough. */
#ifndef JSON_JSON_WRITE_H
#define JSON_JSON_WRITE_H

#include <stdio.h>

#include "base/u128.h"
#include "json/json.h"

/* An object (json_object_begin) or array (json_array_begin) that is being filled. */
struct json_builder {
    struct json *json;
    bool failed;
};

struct json_builder json_object_begin(void);
struct json_builder json_array_begin(void);

/* Takes the value over, whose address is not valid any more. A null value is missing memory: JSON's null is
 * json_put_null. A name that is there already is the caller's mistake. */
void json_put(struct json_builder *b, const char *name, struct json *value);
void json_put_null(struct json_builder *b, const char *name);
void json_append(struct json_builder *array, struct json *value);
void json_append_null(struct json_builder *array);

/* The value, or null if anything failed; everything is given back then. */
struct json *json_finish(struct json_builder *b);

/* Puts a member into an object that was built, in the place of one of that name. False: there is no value, or no
 * memory; the value is given back, and the object is as it was. */
bool json_add(struct json *object, const char *name, struct json *value);
/* Takes a member out of an object that was built, if it is there. */
void json_remove(struct json *object, const char *name);

struct json *json_text(struct bytes text);        /* must be UTF-8 */
struct json *json_base64(struct bytes bytes);
struct json *json_base58(struct bytes bytes);     /* at most BASE58_MAX bytes */
struct json *json_u64(uint64_t number);
struct json *json_i64(int64_t number);
struct json *json_u128(struct u128 number);       /* a string */
struct json *json_bool(bool value);
struct json *json_double(double number);          /* finite */
struct json *json_real(const char *digits);       /* a number of any size, as JSON writes it */

/* The value as text without white space, after what is in the buffer. */
void json_print(const struct json *json, struct buffer *out);

/* The value laid out for readers, with a line feed at the end. False: it is null for lack of memory, or the file cannot
 * be written. Does not give the value back. */
bool json_print_file(const struct json *json, FILE *out);

#endif
