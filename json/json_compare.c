#include "json/json_compare.h"

#include <stdbool.h>
#include <stdio.h>

#include "json/json_write.h"

enum { PATH_SIZE = 160, MAX_LEVELS = 16 };

struct comparison {
    json_difference *differ;
    void *context;
};

/* The caller frees the buffer. */
static const char *text_of(const struct json *json, struct buffer *text)
{
    json_print(json, text);
    buffer_append_byte(text, 0);
    return text->failed ? "(no memory)" : (const char *)text->data;
}

/* Null: there is none of the two. */
static void say(const struct comparison *c, const char *path, const struct json *wanted, bool is_wanted,
                   const struct json *found, bool is_found)
{
    struct buffer a = {0}, b = {0};
    c->differ(c->context, path, is_wanted ? text_of(wanted, &a) : NULL, is_found ? text_of(found, &b) : NULL);
    buffer_free(&a);
    buffer_free(&b);
}

static void compare(const struct comparison *c, const char *path, const struct json *wanted,
                    const struct json *found, unsigned level);

static void compare_objects(const struct comparison *c, const char *path, const struct json *wanted,
                            const struct json *found, unsigned level)
{
    char place[PATH_SIZE];
    for (size_t i = 0; i < json_length(wanted); i++) {
        const char *name = json_name_at(wanted, i);
        struct json *other;
        snprintf(place, sizeof place, "%s%s%s", path, *path ? "." : "", name);
        if (json_find(found, name, &other)) compare(c, place, json_at(wanted, i), other, level);
        else say(c, place, json_at(wanted, i), true, NULL, false);
    }
    for (size_t i = 0; i < json_length(found); i++) {
        const char *extra = json_name_at(found, i);
        snprintf(place, sizeof place, "%s%s%s", path, *path ? "." : "", extra);
        if (!json_find(wanted, extra, NULL)) say(c, place, NULL, false, json_at(found, i), true);
    }
}

static void compare_arrays(const struct comparison *c, const char *path, const struct json *wanted,
                           const struct json *found, unsigned level)
{
    char place[PATH_SIZE], a[40], b[40];
    const size_t count = json_length(wanted), other = json_length(found);
    if (count != other) {
        snprintf(a, sizeof a, "%zu element%s", count, count == 1 ? "" : "s");
        snprintf(b, sizeof b, "%zu element%s", other, other == 1 ? "" : "s");
        c->differ(c->context, path, a, b);
    }
    snprintf(place, sizeof place, "%s[]", path);
    for (size_t i = 0; i < count && i < other; i++)
        compare(c, place, json_at(wanted, i), json_at(found, i), level);
}

static void compare(const struct comparison *c, const char *path, const struct json *wanted,
                    const struct json *found, unsigned level)
{
    const enum json_type type = json_type_of(wanted);
    const bool inside = type == json_type_of(found) && level < MAX_LEVELS;
    if (inside && type == JSON_OBJECT) compare_objects(c, path, wanted, found, level + 1);
    else if (inside && type == JSON_ARRAY) compare_arrays(c, path, wanted, found, level + 1);
    else if (!json_equal(wanted, found)) say(c, path, wanted, true, found, true);
}

void json_compare(const char *path, const struct json *wanted, const struct json *found, json_difference *differ,
                  void *context)
{
    const struct comparison c = {differ, context};
    compare(&c, path, wanted, found, 0);
}
