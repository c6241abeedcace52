#include "json/json_read.h"

#include <stdio.h>

#include "base/base64.h"
#include "base/similar.h"
#include "json/json_scan.h"

/* ---- documents -------------------------------------------------------------------------------------------------- */

/* Levels are bounded by the tokener's depth. */
static size_t count_names(struct json_object *json)
{
    size_t count = 0;
    if (json_object_is_type(json, json_type_object)) {
        for (struct lh_entry *entry = json_object_get_object(json)->head; entry; entry = entry->next)
            count += 1 + count_names((struct json_object *)lh_entry_v(entry));
    } else if (json_object_is_type(json, json_type_array)) {
        for (size_t i = 0; i < json_object_array_length(json); i++)
            count += count_names(json_object_array_get_idx(json, i));
    }
    return count;
}

static bool is_null_document(struct bytes text)
{
    size_t at = 0;
    while (at < text.size && strchr(" \t\r\n", text.data[at])) at++;
    return at < text.size && text.data[at] == 'n';
}

static enum status parse(struct json_tokener *tokener, struct bytes text, struct json_object **out, struct error *e)
{
    struct json_object *json = json_tokener_parse_ex(tokener, (const char *)text.data, (int)text.size);
    enum json_tokener_error result = json_tokener_get_error(tokener);
    size_t end = json_tokener_get_parse_end(tokener);
    if (result == json_tokener_continue) { /* a number at the end is complete only when something follows */
        json = json_tokener_parse_ex(tokener, " ", 1);
        result = json_tokener_get_error(tokener);
        end = text.size;
    }
    if (result == json_tokener_success) {
        if (!json && !is_null_document(text)) return error_no_memory(e);
        *out = json;
        return STATUS_OK;
    }
    if (result == json_tokener_error_depth) {
        json_error_at(text, end, e, "more than %d levels of nesting", JSON_MAX_DEPTH);
        if (e) e->status = STATUS_LIMIT;
        return STATUS_LIMIT;
    }
    if (result == json_tokener_continue) return json_error_at(text, text.size, e, "the document is not complete");
    return json_error_at(text, end, e, "%s", json_tokener_error_desc(result));
}

enum status json_read_document(struct bytes text, struct json_object **out, struct error *e)
{
    size_t names = 0;
    if (text.size >= INT32_MAX)
        return error_set(e, STATUS_LIMIT, 0, ERROR_NO_OFFSET, "the document has more than %d bytes", INT32_MAX - 1);
    enum status status = json_scan(text, &names, e);
    if (status != STATUS_OK) return status;
    struct json_tokener *tokener = json_tokener_new_ex(JSON_MAX_DEPTH);
    if (!tokener) return error_no_memory(e);
    json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
    struct json_object *json = NULL;
    status = parse(tokener, text, &json, e);
    json_tokener_free(tokener);
    if (status == STATUS_OK && count_names(json) != names) {
        json_object_put(json);
        return json_scan_duplicate(text, e);
    }
    if (status == STATUS_OK) *out = json;
    return status;
}

/* ---- messages --------------------------------------------------------------------------------------------------- */

/* Text for a message: cut when it is full, and free of what could command a terminal. */
struct line {
    char text[200];
    size_t size;
};

static void line_add(struct line *l, const char *text, size_t size, size_t most)
{
    const bool cut = size > most;
    if (cut) size = most;
    while (cut && size && ((uint8_t)text[size] & 0xc0) == 0x80) size--; /* not inside a character */
    for (size_t i = 0; i < size && l->size + 8 < sizeof l->text; i++) {
        const uint8_t c = (uint8_t)text[i];
        const bool c1 = c == 0xc2 && i + 1 < size && (uint8_t)text[i + 1] < 0xa0;
        if (c1) i++;
        l->text[l->size++] = c < 0x20 || c == 0x7f || c1 ? '?' : (char)c;
    }
    for (int i = 0; cut && i < 3 && l->size + 1 < sizeof l->text; i++) l->text[l->size++] = '.';
    l->text[l->size] = 0;
}

static void line_add_text(struct line *l, const char *text)
{
    line_add(l, text, strlen(text), 100);
}

/* "context.output_data_receivers[3]"; "the document" for the root. */
static void describe_place(const struct json_place *p, struct line *l)
{
    const struct json_place *way[JSON_MAX_DEPTH + 1];
    size_t count = 0;
    for (; p && p->parent && count <= JSON_MAX_DEPTH; p = p->parent) way[count++] = p;
    if (!count) line_add_text(l, "the document");
    for (size_t i = count; i--;) {
        char number[32];
        snprintf(number, sizeof number, "[%zu]", way[i]->index);
        if (way[i]->name && i + 1 != count) line_add_text(l, ".");
        line_add(l, way[i]->name ? way[i]->name : number, strlen(way[i]->name ? way[i]->name : number), 40);
    }
}

static void describe_value(struct json_object *json, struct line *l)
{
    if (json_object_is_type(json, json_type_object)) {
        line_add_text(l, "an object");
    } else if (json_object_is_type(json, json_type_array)) {
        line_add_text(l, "an array");
    } else {
        const char *text = json ? json_object_to_json_string_ext(json, JSON_C_TO_STRING_PLAIN |
                                                                           JSON_C_TO_STRING_NOSLASHESCAPE) : "null";
        line_add(l, text ? text : "?", text ? strlen(text) : 1, 50);
    }
}

enum status json_expected(const struct json_place *p, const char *expected, struct error *e)
{
    struct line place = {0}, value = {0};
    describe_place(p, &place);
    describe_value(p->json, &value);
    return error_set(e, STATUS_MALFORMED, 0, ERROR_NO_OFFSET, "%s: expected %s, found %s", place.text, expected,
                     value.text);
}

enum status json_refuse(const struct json_place *p, struct error *e, const char *format, ...)
{
    struct line place = {0};
    char reason[200];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(reason, sizeof reason, format, arguments);
    va_end(arguments);
    describe_place(p, &place);
    return error_set(e, STATUS_MALFORMED, 0, ERROR_NO_OFFSET, "%s: %s", place.text, reason);
}

/* ---- objects and arrays ----------------------------------------------------------------------------------------- */

struct json_place json_root(struct json_object *document)
{
    return (struct json_place){.json = document};
}

bool json_member(const struct json_place *object, const char *name, struct json_place *out)
{
    *out = (struct json_place){.parent = object, .name = name};
    return json_object_is_type(object->json, json_type_object) &&
           json_object_object_get_ex(object->json, name, &out->json) && out->json;
}

enum status json_required(const struct json_place *object, const char *name, struct json_place *out, struct error *e)
{
    if (json_member(object, name, out)) return STATUS_OK;
    if (!json_object_is_type(object->json, json_type_object)) return json_expected(object, "an object", e);
    return json_refuse(object, e, "'%s' is missing", name);
}

bool json_next(const struct json_place *object, struct lh_entry **position, struct json_place *out)
{
    if (!json_object_is_type(object->json, json_type_object)) return false;
    *position = *position ? (*position)->next : json_object_get_object(object->json)->head;
    if (!*position) return false;
    *out = (struct json_place){.json = (struct json_object *)lh_entry_v(*position),
                               .parent = object, .name = (const char *)lh_entry_k(*position)};
    return true;
}

static enum status refuse_name(const struct json_place *object, const char *name, const char *const *names,
                               size_t count, struct error *e)
{
    struct line shown = {0};
    const char *best = NULL;
    line_add(&shown, name, strlen(name), 40);
    for (size_t i = 0; i < count; i++) {
        const struct bytes wanted = bytes_of_string(names[i]), found = bytes_of_string(name);
        if (!similar(wanted, found)) continue;
        if (!best || distance(wanted, found) < distance(bytes_of_string(best), found)) best = names[i];
    }
    if (best) return json_refuse(object, e, "there is no '%s'; did you mean '%s'?", shown.text, best);
    return json_refuse(object, e, "there is no '%s'", shown.text);
}

enum status json_check_object(const struct json_place *p, const char *const *names, size_t count, struct error *e)
{
    struct lh_entry *position = NULL;
    struct json_place member;
    if (!json_object_is_type(p->json, json_type_object)) return json_expected(p, "an object", e);
    while (json_next(p, &position, &member)) {
        size_t i = 0;
        while (i < count && strcmp(names[i], member.name) != 0) i++;
        if (i == count) return refuse_name(p, member.name, names, count, e);
    }
    return STATUS_OK;
}

enum status json_check_array(const struct json_place *p, size_t *length, struct error *e)
{
    if (!json_object_is_type(p->json, json_type_array)) return json_expected(p, "an array", e);
    *length = json_object_array_length(p->json);
    return STATUS_OK;
}

struct json_place json_element(const struct json_place *array, size_t index)
{
    return (struct json_place){.json = json_object_array_get_idx(array->json, index), .parent = array, .index = index};
}

/* ---- values ----------------------------------------------------------------------------------------------------- */

static bool string_of(const struct json_place *p, struct bytes *out)
{
    if (!json_object_is_type(p->json, json_type_string)) return false;
    *out = bytes_of(json_object_get_string(p->json), (size_t)json_object_get_string_len(p->json));
    return true;
}

static bool number_of(const struct json_place *p, struct u128 *out)
{
    struct bytes text;
    if (string_of(p, &text)) return u128_parse(text, out);
    if (!json_object_is_type(p->json, json_type_int) || json_object_get_int64(p->json) < 0) return false;
    *out = u128_of(json_object_get_uint64(p->json));
    return true;
}

enum status json_read_u64(const struct json_place *p, uint64_t max, uint64_t *out, struct error *e)
{
    struct u128 number;
    char expected[64];
    snprintf(expected, sizeof expected, "a whole number from 0 to %llu", (unsigned long long)max);
    if (!number_of(p, &number) || number.high || number.low > max) return json_expected(p, expected, e);
    *out = number.low;
    return STATUS_OK;
}

enum status json_read_u128(const struct json_place *p, struct u128 *out, struct error *e)
{
    if (!number_of(p, out)) return json_expected(p, "a whole number from 0 to 2^128 - 1 (a string, if it is large)", e);
    return STATUS_OK;
}

enum status json_read_bool(const struct json_place *p, bool *out, struct error *e)
{
    if (!json_object_is_type(p->json, json_type_boolean)) return json_expected(p, "true or false", e);
    *out = json_object_get_boolean(p->json);
    return STATUS_OK;
}

enum status json_read_text(const struct json_place *p, struct bytes *out, struct error *e)
{
    return string_of(p, out) ? STATUS_OK : json_expected(p, "a string", e);
}

enum status json_read_base64(const struct json_place *p, struct arena *a, struct bytes *out, struct error *e)
{
    struct bytes text;
    struct buffer decoded = {0};
    if (!string_of(p, &text)) return json_expected(p, "a string in base64", e);
    enum status status = STATUS_OK;
    if (!base64_decode(text, &decoded)) {
        status = decoded.failed ? error_no_memory(e) : json_expected(p, "a string in base64", e);
    } else {
        uint8_t *copy = arena_alloc(a, decoded.size);
        if (!copy) status = error_no_memory(e);
        else if (decoded.size) memcpy(copy, decoded.data, decoded.size);
        if (copy) *out = bytes_of(copy, decoded.size);
    }
    buffer_free(&decoded);
    return status;
}

enum status json_read_account_id(const struct json_place *p, struct account_id *out, struct error *e)
{
    struct bytes text;
    struct error why = {0};
    if (!string_of(p, &text)) return json_expected(p, "an account id", e);
    if (!account_id_parse(text, out, &why)) {
        struct line shown = {0};
        line_add(&shown, (const char *)text.data, text.size, 64);
        return json_refuse(p, e, "'%s' is not an account id: %s", shown.text, why.message);
    }
    return STATUS_OK;
}
