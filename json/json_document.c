/* Documents: one pass over the text says how much there is, a second one fills one allocation of exactly that size. */
#include "json/json_document.h"

#include <stdlib.h>

#include "base/array.h"
#include "base/sort.h"
#include "json/json_read.h"
#include "json/json_scan.h"

enum { FEW_NAMES = 16 }; /* objects with more have them sorted, to find them and to see what is there twice */

/* ---- the first pass --------------------------------------------------------------------------------------------- */

struct survey {
    uint64_t values, names, chars; /* chars: texts with their NUL */
    uint64_t index_bytes;
    uint32_t widest;               /* object, if it is indexed */
    uint32_t *counts;              /* parts of each object and array, in the order in which they open */
    uint32_t list_count, list_capacity;
    uint32_t open[JSON_MAX_DEPTH]; /* numbers of those that are open */
};

static uint64_t index_size(uint32_t members)
{
    return members > FEW_NAMES ? ((uint64_t)members * sizeof(uint32_t) + 7) / 8 * 8 : 0;
}

static bool survey_open(struct survey *v, unsigned depth)
{
    if (!array_grow(&v->counts, v->list_count, &v->list_capacity, sizeof *v->counts)) return false;
    v->open[depth - 1] = v->list_count;
    v->counts[v->list_count++] = 0;
    return true;
}

static void survey_close(struct survey *v, const struct json_scanner *s)
{
    const uint32_t members = v->counts[v->open[s->depth]];
    if (s->open[s->depth] != '{' || members <= FEW_NAMES) return;
    v->index_bytes += index_size(members);
    if (members > v->widest) v->widest = members;
}

static bool survey_token(struct survey *v, const struct json_scanner *s, const struct json_token *t)
{
    const bool opens = t->kind == JSON_TOKEN_OPEN_OBJECT || t->kind == JSON_TOKEN_OPEN_ARRAY;
    const unsigned around = s->depth - opens; /* the levels that the value is in */
    if (t->kind == JSON_TOKEN_NAME || t->kind == JSON_TOKEN_STRING || t->kind == JSON_TOKEN_REAL)
        v->chars += t->text.size + 1;
    if (t->kind == JSON_TOKEN_CLOSE) {
        survey_close(v, s);
    } else if (t->kind == JSON_TOKEN_NAME) {
        v->names++;
    } else if (t->kind != JSON_TOKEN_END) {
        v->values++;
        if (around) v->counts[v->open[around - 1]]++;
        return !opens || survey_open(v, s->depth);
    }
    return true;
}

static uint64_t document_size(const struct survey *v)
{
    return (v->values + v->names) * sizeof(struct json) + v->index_bytes + v->chars;
}

static enum status check_limits(const struct survey *v, const struct limits *limits, struct error *e)
{
    if (document_size(v) > limits_memory(limits)) return limit_exceeded(limits, LIMIT_memory, e);
    return limit_check(limits, LIMIT_values, v->values, e);
}

static enum status survey(struct survey *v, struct bytes text, const struct limits *limits, struct error *e)
{
    struct json_scanner s = {.text = text, .e = e, .depth_limit = JSON_MAX_DEPTH, .is_document = true};
    struct json_token token;
    enum status status;
    do {
        status = json_scan(&s, &token);
        if (status == STATUS_OK && !survey_token(v, &s, &token)) status = error_no_memory(e);
        if (status == STATUS_OK) status = check_limits(v, limits, e);
    } while (status == STATUS_OK && token.kind != JSON_TOKEN_END);
    return status;
}

/* ---- names that are there twice --------------------------------------------------------------------------------- */

static int compare(const struct json *a, const struct json *b)
{
    if (a->size != b->size) return a->size < b->size ? -1 : 1;
    return memcmp(a->u.text, b->u.text, a->size);
}

static bool name_before(const void *context, uint32_t a, uint32_t b)
{
    const struct json_named *members = context;
    return compare(&members[a].name, &members[b].name) < 0;
}

/* The first member whose name an earlier one has; the number of members if there is none. */
static uint32_t repeated_of_few(const struct json *object)
{
    const struct json_named *members = object->u.members;
    for (uint32_t i = 1; i < object->size; i++)
        for (uint32_t k = 0; k < i; k++)
            if (compare(&members[i].name, &members[k].name) == 0) return i;
    return object->size;
}

static uint32_t repeated_of_many(struct json *object, uint32_t *order, uint32_t *spare)
{
    const struct json_named *members = object->u.members;
    uint32_t first = object->size;
    for (uint32_t i = 0; i < object->size; i++) order[i] = i;
    sort_order(order, spare, object->size, name_before, members);
    for (uint32_t i = 1; i < object->size; i++)
        if (order[i] < first && compare(&members[order[i]].name, &members[order[i - 1]].name) == 0) first = order[i];
    object->is_indexed = true;
    return first;
}

/* Where in the text the name of a member of the object stands that begins at `start`. */
static size_t offset_of_name(struct bytes text, size_t start, uint32_t member)
{
    struct json_scanner s = {.text = text, .at = start, .depth_limit = JSON_TEXT_DEPTH};
    struct json_token token;
    uint32_t names = 0;
    while (json_scan(&s, &token) == STATUS_OK && token.kind != JSON_TOKEN_END)
        if (token.kind == JSON_TOKEN_NAME && s.depth == 1 && names++ == member) break;
    return (size_t)(token.text.data - text.data) - 1;
}

/* ---- the second pass -------------------------------------------------------------------------------------------- */

struct builder {
    struct bytes text;
    const uint32_t *counts; /* of what opens next */
    unsigned char *parts;   /* where the next parts go */
    char *chars;            /* where the next text goes */
    uint32_t *spare;        /* for sorting */
    struct frame {
        struct json *json;
        uint32_t filled;
        size_t start; /* in the text */
    } frames[JSON_MAX_DEPTH];
    unsigned depth;
};

static void put_text(struct builder *b, enum json_type type, struct bytes token, struct json *out)
{
    const size_t size = type == JSON_REAL ? token.size : json_unescape(token, b->chars);
    if (type == JSON_REAL) memcpy(b->chars, token.data, token.size);
    b->chars[size] = 0;
    *out = (struct json){.type = (uint8_t)type, .owner = JSON_INSIDE_DOCUMENT, .size = (uint32_t)size};
    out->u.text = b->chars;
    b->chars += size + 1;
}

static void put_integer(struct bytes token, struct json *out)
{
    *out = (struct json){.type = JSON_INTEGER, .owner = JSON_INSIDE_DOCUMENT};
    const bool negative = token.data[0] == '-';
    for (size_t i = negative; i < token.size; i++) out->u.number = out->u.number * 10 + (uint64_t)(token.data[i] - '0');
    out->negative = negative && out->u.number != 0;
}

static void put_word(struct bytes token, struct json *out)
{
    *out = (struct json){.type = token.data[0] == 'n' ? JSON_NULL : JSON_BOOL, .owner = JSON_INSIDE_DOCUMENT};
    out->u.truth = token.data[0] == 't';
}

static void put_list(struct builder *b, enum json_type type, struct bytes token, struct json *out)
{
    *out = (struct json){.type = (uint8_t)type, .owner = JSON_INSIDE_DOCUMENT, .size = *b->counts++};
    if (type == JSON_ARRAY) {
        out->u.elements = (struct json *)(void *)b->parts;
        b->parts += (size_t)out->size * sizeof *out->u.elements;
    } else {
        out->u.members = (struct json_named *)(void *)b->parts;
        b->parts += (size_t)out->size * sizeof *out->u.members + (size_t)index_size(out->size);
    }
    b->frames[b->depth++] = (struct frame){.json = out, .start = (size_t)(token.data - b->text.data)};
}

static enum status close_list(struct builder *b, struct error *e)
{
    const struct frame *f = &b->frames[--b->depth];
    struct json *json = f->json;
    if (json->type != JSON_OBJECT) return STATUS_OK;
    uint32_t *order = (uint32_t *)(void *)(json->u.members + json->size);
    const uint32_t twice = json->size > FEW_NAMES ? repeated_of_many(json, order, b->spare) : repeated_of_few(json);
    if (twice == json->size) return STATUS_OK;
    json_error_at(b->text, offset_of_name(b->text, f->start, twice), e, "\"%.60s\" is there twice",
                  json_name_at(json, twice));
    if (e) e->code = JSON_NAME_TWICE;
    return STATUS_MALFORMED;
}

/* Where the next value goes. */
static struct json *place(struct builder *b, struct json *root)
{
    if (!b->depth) return root;
    struct frame *f = &b->frames[b->depth - 1];
    return f->json->type == JSON_ARRAY ? &f->json->u.elements[f->filled++] : &f->json->u.members[f->filled++].value;
}

static enum status put_token(struct builder *b, const struct json_token *t, struct json *root, struct error *e)
{
    struct frame *f = b->depth ? &b->frames[b->depth - 1] : NULL;
    switch (t->kind) {
    case JSON_TOKEN_NAME: put_text(b, JSON_STRING, t->text, &f->json->u.members[f->filled].name); break;
    case JSON_TOKEN_STRING: put_text(b, JSON_STRING, t->text, place(b, root)); break;
    case JSON_TOKEN_REAL: put_text(b, JSON_REAL, t->text, place(b, root)); break;
    case JSON_TOKEN_INTEGER: put_integer(t->text, place(b, root)); break;
    case JSON_TOKEN_WORD: put_word(t->text, place(b, root)); break;
    case JSON_TOKEN_OPEN_ARRAY: put_list(b, JSON_ARRAY, t->text, place(b, root)); break;
    case JSON_TOKEN_OPEN_OBJECT: put_list(b, JSON_OBJECT, t->text, place(b, root)); break;
    case JSON_TOKEN_CLOSE: return close_list(b, e);
    case JSON_TOKEN_END: break;
    }
    return STATUS_OK;
}

static enum status build(const struct survey *v, struct bytes text, uint32_t *spare, struct json *root,
                         struct error *e)
{
    struct json_scanner s = {.text = text, .e = e, .depth_limit = JSON_MAX_DEPTH, .is_document = true};
    struct builder b = {.text = text, .counts = v->counts, .parts = (unsigned char *)(root + 1), .spare = spare};
    struct json_token token;
    enum status status;
    b.chars = (char *)root + (document_size(v) - v->chars);
    do {
        status = json_scan(&s, &token);
        if (status == STATUS_OK) status = put_token(&b, &token, root, e);
    } while (status == STATUS_OK && token.kind != JSON_TOKEN_END);
    return status;
}

enum status json_document_build(struct bytes text, const struct limits *limits, struct json **out, struct error *e)
{
    struct survey v = {0};
    struct json *root = NULL;
    uint32_t *spare = NULL;
    enum status status = survey(&v, text, limits, e);
    if (status == STATUS_OK) {
        root = malloc((size_t)document_size(&v));
        if (v.widest) spare = malloc(v.widest * sizeof *spare);
        if (!root || (v.widest && !spare)) status = error_no_memory(e);
    }
    if (status == STATUS_OK) status = build(&v, text, spare, root, e);
    free(spare);
    free(v.counts);
    if (status == STATUS_OK) {
        root->owner = JSON_DOCUMENT;
        *out = root;
    } else {
        free(root);
    }
    return status;
}
