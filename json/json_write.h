/* Building JSON values. A constructor returns null if there is no memory; json_put then marks the object, so that one
 * check at the end is enough. */
#ifndef JSON_JSON_WRITE_H
#define JSON_JSON_WRITE_H

#include <json-c/json.h>
#include <stdbool.h>

#include "base/bytes.h"
#include "base/u128.h"
#include "near/account_id.h"
#include "near/public_key.h"

/* An object (json_object_begin) or array (json_array_begin) that is being filled. */
struct json_builder {
    struct json_object *json;
    bool failed;
};

struct json_builder json_object_begin(void);
struct json_builder json_array_begin(void);

/* Takes the value over. A null value is missing memory: JSON's null is json_put_null. */
void json_put(struct json_builder *b, const char *name, struct json_object *value);
void json_put_null(struct json_builder *b, const char *name);
void json_append(struct json_builder *array, struct json_object *value);
void json_append_null(struct json_builder *array);

/* The value, or null if anything failed; everything is given back then. */
struct json_object *json_finish(struct json_builder *b);

struct json_object *json_text(struct bytes text);   /* must be UTF-8 */
struct json_object *json_base64(struct bytes bytes);
struct json_object *json_base58(struct bytes bytes); /* at most BASE58_MAX bytes */
struct json_object *json_u64(uint64_t number);
struct json_object *json_u128(struct u128 number);  /* a string */
struct json_object *json_account_id(const struct account_id *id);
struct json_object *json_public_key(const struct public_key *key);

#endif
