/* Value types, function types and type uses (WebAssembly 2.0, 6.4). */
#include <stdlib.h>

#include "base/hash.h"
#include "wat/parser.h"

enum { EMPTY_BLOCK = 0x40 };

/* ---- value types ------------------------------------------------------------------------------------------------ */

static const struct {
    const char *word;
    uint8_t size, code;
} value_types[] = {
    {"i32", 3, 0x7f}, {"i64", 3, 0x7e}, {"f32", 3, 0x7d}, {"f64", 3, 0x7c}, {"funcref", 7, 0x70},
    {"externref", 9, 0x6f},
};

static uint8_t value_type(const struct token *t)
{
    for (size_t i = 0; i < sizeof value_types / sizeof *value_types; i++)
        if (token_is_n(t, value_types[i].word, value_types[i].size)) return value_types[i].code;
    return 0;
}

bool at_value_type(const struct parser *p)
{
    return value_type(&p->token) != 0;
}

enum status parse_value_type(struct parser *p, uint8_t *out)
{
    *out = value_type(&p->token);
    if (!*out) return unexpected(p, "a value type");
    advance(p);
    return STATUS_OK;
}

enum status parse_reference_type(struct parser *p, uint8_t *out)
{
    *out = value_type(&p->token);
    if (*out != 0x70 && *out != 0x6f) return unexpected(p, "\"funcref\" or \"externref\"");
    advance(p);
    return STATUS_OK;
}

enum status parse_heap_type(struct parser *p, uint8_t *out)
{
    if (token_is(&p->token, "func")) *out = 0x70;
    else if (token_is(&p->token, "extern")) *out = 0x6f;
    else return unexpected(p, "\"func\" or \"extern\"");
    advance(p);
    return STATUS_OK;
}

/* ---- signatures ------------------------------------------------------------------------------------------------- */

static void add_local_name(struct parser *p, const struct token *id, uint32_t index)
{
    leb_write_u64(&p->names_of_locals, index);
    leb_write_u64(&p->names_of_locals, id->size - 1);
    buffer_append(&p->names_of_locals, id->start + 1, id->size - 1);
    p->named_locals++;
}

enum status parse_locals(struct parser *p, bool bind, struct buffer *types, uint32_t *index)
{
    struct token id = {.kind = TOKEN_END};
    uint8_t type;
    advance_form(p);
    if (bind) TRY(bind_optional(p, SPACE_LOCAL, *index, &id));
    if (id.kind == TOKEN_ID) {
        add_local_name(p, &id, *index);
        TRY(parse_value_type(p, &type));
        buffer_append_byte(types, type);
        ++*index;
        return expect_right(p);
    }
    while (p->token.kind != TOKEN_RIGHT) {
        TRY(parse_value_type(p, &type));
        buffer_append_byte(types, type);
        ++*index;
    }
    return expect_right(p);
}

enum status parse_signature(struct parser *p, bool bind, struct signature *out)
{
    *out = (struct signature){0};
    p->types_scratch.size = 0;
    while (at_form(p, "param")) TRY(parse_locals(p, bind, &p->types_scratch, &out->params));
    while (at_form(p, "result")) TRY(parse_locals(p, false, &p->types_scratch, &out->results));
    return STATUS_OK;
}

/* ---- the list of types ------------------------------------------------------------------------------------------ */

void types_free(struct types *t)
{
    free(t->list);
    free(t->slots);
    buffer_free(&t->bytes);
    *t = (struct types){0};
}

static struct bytes contents(const struct types *t, uint32_t i)
{
    const struct signature *s = &t->list[i];
    return bytes_of(t->bytes.data ? t->bytes.data + s->offset : NULL, (size_t)s->params + s->results);
}

/* The slot of the type with these contents, or the free one where it belongs. */
static uint32_t find_slot(const struct types *t, uint32_t params, struct bytes wanted)
{
    uint32_t mask = t->slot_count - 1;
    uint32_t i = (uint32_t)(hash_bytes(wanted, &t->key) + params * UINT64_C(0x9e3779b97f4a7c15)) & mask;
    for (; t->slots[i]; i = (i + 1) & mask) {
        uint32_t type = t->slots[i] - 1;
        if (t->list[type].params == params && bytes_equal(contents(t, type), wanted)) break;
    }
    return i;
}

static bool grow(struct types *t)
{
    if (t->count < t->capacity) return true;
    uint32_t capacity = t->capacity ? 2 * t->capacity : 16;
    struct signature *list = realloc(t->list, capacity * sizeof *list);
    if (!list) return false;
    t->list = list;
    t->capacity = capacity;
    uint32_t *slots = calloc((size_t)capacity * 2, sizeof *slots);
    if (!slots) return false;
    if (!t->slots) t->key = hash_key_new();
    free(t->slots);
    t->slots = slots;
    t->slot_count = capacity * 2;
    for (uint32_t i = 0; i < t->count; i++) {
        uint32_t slot = find_slot(t, t->list[i].params, contents(t, i));
        if (!t->slots[slot]) t->slots[slot] = i + 1;
    }
    return true;
}

static void write_signature(struct parser *p, const struct signature *s)
{
    struct section *section = &p->sections[SECTION_TYPE];
    section->count++;
    buffer_append_byte(&section->bytes, 0x60);
    leb_write_u64(&section->bytes, s->params);
    buffer_append(&section->bytes, p->types_scratch.data, s->params);
    leb_write_u64(&section->bytes, s->results);
    if (s->results) buffer_append(&section->bytes, p->types_scratch.data + s->params, s->results);
}

enum status types_add(struct parser *p, const struct signature *s, uint32_t *index)
{
    struct types *t = &p->types;
    struct bytes types = {p->types_scratch.data, (size_t)s->params + s->results};
    if (p->types_scratch.failed || !grow(t)) return error_no_memory(p->e);
    size_t offset = t->bytes.size;
    buffer_append(&t->bytes, types.data, types.size);
    if (t->bytes.failed) return error_no_memory(p->e);
    uint32_t slot = find_slot(t, s->params, types);
    *index = t->count++;
    t->list[*index] = (struct signature){s->params, s->results, offset};
    if (!t->slots[slot]) t->slots[slot] = *index + 1;
    write_signature(p, s);
    return STATUS_OK;
}

enum status types_find_or_add(struct parser *p, const struct signature *s, uint32_t *index)
{
    const struct types *t = &p->types;
    if (p->types_scratch.failed) return error_no_memory(p->e);
    if (t->slot_count) {
        struct bytes wanted = {p->types_scratch.data, (size_t)s->params + s->results};
        uint32_t slot = t->slots[find_slot(t, s->params, wanted)];
        if (slot) {
            *index = slot - 1;
            return STATUS_OK;
        }
    }
    return types_add(p, s, index);
}

/* ---- type uses -------------------------------------------------------------------------------------------------- */

/* `(type x)` with an inline signature behind it: if that is given, it must be the same. */
static enum status check_explicit(struct parser *p, const struct token *where, const struct signature *s,
                                  struct type_use *use)
{
    const struct types *t = &p->types;
    use->known = use->index < t->count;
    if (s->params + s->results == 0) {
        if (use->known) use->params = t->list[use->index].params;
        return STATUS_OK;
    }
    if (!use->known) return fail_at(p, where, WAT_ERROR_UNKNOWN_TYPE, " %u", use->index);
    use->params = s->params;
    struct bytes given = {p->types_scratch.data, (size_t)s->params + s->results};
    if (t->list[use->index].params != s->params || !bytes_equal(contents(t, use->index), given))
        return fail_at(p, where, WAT_ERROR_INLINE_TYPE, " differs from type %u", use->index);
    return STATUS_OK;
}

enum status parse_type_use(struct parser *p, bool bind, bool allow_short, struct type_use *out)
{
    struct signature s;
    struct token where = p->token;
    *out = (struct type_use){0};
    if (at_form(p, "type")) {
        out->is_explicit = true;
        advance_form(p);
        TRY(parse_index(p, SPACE_TYPE, &out->index));
        TRY(expect_right(p));
    }
    TRY(parse_signature(p, bind, &s));
    if (at_form(p, "type") || at_form(p, "param")) {
        advance(p);
        return unexpected(p, "type, parameters and results in this order");
    }
    if (p->types_scratch.failed) return error_no_memory(p->e);
    if (out->is_explicit) return check_explicit(p, &where, &s, out);
    out->known = true;
    out->params = s.params;
    out->is_short = allow_short && s.params == 0 && s.results <= 1;
    if (!out->is_short) return types_find_or_add(p, &s, &out->index);
    out->result = s.results ? p->types_scratch.data[0] : EMPTY_BLOCK;
    return STATUS_OK;
}
