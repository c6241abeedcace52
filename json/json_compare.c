#include "json/json_compare.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { PATH_SIZE = 160, MAX_LEVELS = 16 };

struct comparison {
    json_difference *differ;
    void *context;
};

static const char *text_of(struct json_object *json)
{
    const char *text = json ? json_object_to_json_string_ext(json, JSON_C_TO_STRING_PLAIN) : "null";
    return text ? text : "(no memory)";
}

static void compare(const struct comparison *c, const char *path, struct json_object *wanted,
                    struct json_object *found, unsigned level);

static void compare_objects(const struct comparison *c, const char *path, struct json_object *wanted,
                            struct json_object *found, unsigned level)
{
    char place[PATH_SIZE];
    json_object_object_foreach(wanted, name, value)
    {
        struct json_object *other = NULL;
        snprintf(place, sizeof place, "%s%s%s", path, *path ? "." : "", name);
        if (json_object_object_get_ex(found, name, &other)) compare(c, place, value, other, level);
        else c->differ(c->context, place, text_of(value), NULL);
    }
    json_object_object_foreach(found, extra, surplus)
    {
        snprintf(place, sizeof place, "%s%s%s", path, *path ? "." : "", extra);
        if (!json_object_object_get_ex(wanted, extra, NULL)) c->differ(c->context, place, NULL, text_of(surplus));
    }
}

static void compare_arrays(const struct comparison *c, const char *path, struct json_object *wanted,
                           struct json_object *found, unsigned level)
{
    char place[PATH_SIZE], a[40], b[40];
    const size_t count = json_object_array_length(wanted), other = json_object_array_length(found);
    if (count != other) {
        snprintf(a, sizeof a, "%zu element%s", count, count == 1 ? "" : "s");
        snprintf(b, sizeof b, "%zu element%s", other, other == 1 ? "" : "s");
        c->differ(c->context, path, a, b);
    }
    snprintf(place, sizeof place, "%s[]", path);
    for (size_t i = 0; i < count && i < other; i++)
        compare(c, place, json_object_array_get_idx(wanted, i), json_object_array_get_idx(found, i), level);
}

static void compare(const struct comparison *c, const char *path, struct json_object *wanted,
                    struct json_object *found, unsigned level)
{
    const enum json_type type = json_object_get_type(wanted);
    const bool inside = type == json_object_get_type(found) && level < MAX_LEVELS;
    if (inside && type == json_type_object) {
        compare_objects(c, path, wanted, found, level + 1);
    } else if (inside && type == json_type_array) {
        compare_arrays(c, path, wanted, found, level + 1);
    } else {
        const char *a = text_of(wanted), *b = text_of(found);
        if (strcmp(a, b) != 0) c->differ(c->context, path, a, b);
    }
}

void json_compare(const char *path, struct json_object *wanted, struct json_object *found, json_difference *differ,
                  void *context)
{
    const struct comparison c = {differ, context};
    compare(&c, path, wanted, found, 0);
}
