/* Comparing JSON member by member. */
#ifndef JSON_JSON_COMPARE_H
#define JSON_JSON_COMPARE_H

#include "json/json.h"

/* One difference. `path`: "outcomes[].gas_burnt"; elements of arrays are all called []. The texts are JSON, or how many
 * elements there are; null: there is nothing. All are valid until the call returns. */
typedef void json_difference(void *context, const char *path, const char *wanted, const char *found);

/* Calls `differ` for every difference, with paths from `path` (may be "") on. Null is JSON's null. */
void json_compare(const char *path, const struct json *wanted, const struct json *found, json_difference *differ,
                  void *context);

#endif
