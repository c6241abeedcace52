/* The second pass over a module's fields (WebAssembly 2.0, 6.6): imports, exports, tables, memories, globals, start. */
#include "wat/parser.h"

enum { KIND_FUNC, KIND_TABLE, KIND_MEMORY, KIND_GLOBAL }; /* as imports and exports have them */

/* ---- types of what is imported or defined ----------------------------------------------------------------------- */

static enum status parse_limits(struct parser *p, struct buffer *out)
{
    uint32_t min, max = 0;
    TRY(parse_u32(p, "the minimum size", &min));
    bool has_max = p->token.kind == TOKEN_NUMBER;
    if (has_max) TRY(parse_u32(p, "the maximum size", &max));
    buffer_append_byte(out, has_max);
    leb_write_u64(out, min);
    if (has_max) leb_write_u64(out, max);
    return STATUS_OK;
}

static enum status parse_table_type(struct parser *p, struct buffer *out)
{
    uint8_t type;
    p->scratch.size = 0;
    TRY(parse_limits(p, &p->scratch)); /* the binary format has the element type first */
    TRY(parse_reference_type(p, &type));
    buffer_append_byte(out, type);
    buffer_append(out, p->scratch.data, p->scratch.size);
    return STATUS_OK;
}

static enum status parse_global_type(struct parser *p, struct buffer *out)
{
    uint8_t type;
    bool is_mutable = at_form(p, "mut");
    if (is_mutable) advance_form(p);
    TRY(parse_value_type(p, &type));
    if (is_mutable) TRY(expect_right(p));
    buffer_append_byte(out, type);
    buffer_append_byte(out, is_mutable);
    return STATUS_OK;
}

/* ---- imports ---------------------------------------------------------------------------------------------------- */

static const struct {
    uint8_t kind;
    enum space space;
    enum wat_error after;  /* an import after a definition of this space */
} kinds[] = {
    {KIND_FUNC, SPACE_FUNC, WAT_ERROR_IMPORT_AFTER_FUNC},
    {KIND_TABLE, SPACE_TABLE, WAT_ERROR_IMPORT_AFTER_TABLE},
    {KIND_MEMORY, SPACE_MEMORY, WAT_ERROR_IMPORT_AFTER_MEMORY},
    {KIND_GLOBAL, SPACE_GLOBAL, WAT_ERROR_IMPORT_AFTER_GLOBAL},
};

/* Behind `(import`: the two names. */
static enum status parse_import_names(struct parser *p, const struct token *where, struct buffer *out)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (p->defined[kinds[i].space]) return fail_at(p, where, kinds[i].after, ": imports come first");
    TRY(parse_name(p, out));
    TRY(parse_name(p, out));
    p->sections[SECTION_IMPORT].count++;
    return STATUS_OK;
}

/* The kind and type of an import. */
static enum status parse_import_type(struct parser *p, uint8_t kind, struct buffer *out)
{
    struct type_use use;
    buffer_append_byte(out, kind);
    switch (kind) {
    case KIND_FUNC:
        p->owner++;
        TRY(parse_type_use(p, true, false, &use));
        p->names_of_locals.size = 0;
        p->named_locals = 0;
        leb_write_u64(out, use.index);
        return STATUS_OK;
    case KIND_TABLE: return parse_table_type(p, out);
    case KIND_MEMORY: return parse_limits(p, out);
    default: return parse_global_type(p, out);
    }
}

static enum status parse_import(struct parser *p, const struct token *where)
{
    struct buffer *out = &p->sections[SECTION_IMPORT].bytes;
    static const char *const words[] = {"func", "table", "memory", "global"};
    TRY(parse_import_names(p, where, out));
    TRY(expect_left(p, "what is imported"));
    for (uint8_t kind = KIND_FUNC; kind <= KIND_GLOBAL; kind++) {
        if (!token_is_n(&p->token, words[kind], strlen(words[kind]))) continue;
        struct token id;
        advance(p);
        skip_id(p, &id);
        uint32_t index = p->next_index[kinds[kind].space]++;
        if (kind == KIND_FUNC) add_function_name(p, &id, index);
        TRY(parse_import_type(p, kind, out));
        TRY(expect_right(p));
        return expect_right(p);
    }
    return unexpected(p, "\"func\", \"table\", \"memory\" or \"global\"");
}

/* At the start of a definition, behind its identifier and exports: `(import "a" "b")` makes it an import. Counts it as
 * the one or the other. */
static enum status parse_inline_import(struct parser *p, uint8_t kind, bool *imported)
{
    struct buffer *out = &p->sections[SECTION_IMPORT].bytes;
    *imported = at_form(p, "import");
    p->next_index[kinds[kind].space]++;
    if (!*imported) {
        p->defined[kinds[kind].space]++;
        return STATUS_OK;
    }
    struct token where = p->next;
    advance_form(p);
    TRY(parse_import_names(p, &where, out));
    TRY(expect_right(p));
    TRY(parse_import_type(p, kind, out));
    return expect_right(p);
}

/* ---- exports ---------------------------------------------------------------------------------------------------- */

static void write_export(struct parser *p, uint8_t kind, uint32_t index)
{
    struct section *s = &p->sections[SECTION_EXPORT];
    buffer_append_byte(&s->bytes, kind);
    leb_write_u64(&s->bytes, index);
    s->count++;
}

static enum status parse_inline_exports(struct parser *p, uint8_t kind, uint32_t index)
{
    while (at_form(p, "export")) {
        advance_form(p);
        TRY(parse_name(p, &p->sections[SECTION_EXPORT].bytes));
        write_export(p, kind, index);
        TRY(expect_right(p));
    }
    return STATUS_OK;
}

static enum status parse_export(struct parser *p)
{
    static const char *const words[] = {"func", "table", "memory", "global"};
    TRY(parse_name(p, &p->sections[SECTION_EXPORT].bytes));
    TRY(expect_left(p, "what is exported"));
    for (uint8_t kind = KIND_FUNC; kind <= KIND_GLOBAL; kind++) {
        uint32_t index;
        if (!token_is_n(&p->token, words[kind], strlen(words[kind]))) continue;
        advance(p);
        TRY(parse_index(p, kinds[kind].space, &index));
        write_export(p, kind, index);
        TRY(expect_right(p));
        return expect_right(p);
    }
    return unexpected(p, "\"func\", \"table\", \"memory\" or \"global\"");
}

/* ---- definitions ------------------------------------------------------------------------------------------------ */

/* What definitions begin with: identifier, inline exports, inline import. */
static enum status parse_head(struct parser *p, uint8_t kind, struct token *id, bool *imported)
{
    uint32_t index = p->next_index[kinds[kind].space];
    skip_id(p, id);
    TRY(parse_inline_exports(p, kind, index));
    return parse_inline_import(p, kind, imported);
}

static enum status parse_func(struct parser *p)
{
    struct token id;
    bool imported;
    uint32_t index = p->next_index[SPACE_FUNC];
    TRY(parse_head(p, KIND_FUNC, &id, &imported));
    add_function_name(p, &id, index);
    return imported ? STATUS_OK : parse_function(p, index);
}

static enum status parse_table(struct parser *p)
{
    struct token id;
    bool imported;
    struct section *s = &p->sections[SECTION_TABLE];
    uint32_t index = p->next_index[SPACE_TABLE];
    TRY(parse_head(p, KIND_TABLE, &id, &imported));
    if (imported) return STATUS_OK;
    s->count++;
    if (p->token.kind == TOKEN_NUMBER) {
        TRY(parse_table_type(p, &s->bytes));
        return expect_right(p);
    }
    uint8_t type;
    uint32_t count;
    TRY(parse_reference_type(p, &type));
    if (!at_form(p, "elem")) return unexpected(p, "\"(elem\"");
    advance_form(p);
    TRY(parse_inline_elem(p, index, type, &count));
    buffer_append_byte(&s->bytes, type);
    buffer_append_byte(&s->bytes, 1);
    leb_write_u64(&s->bytes, count);
    leb_write_u64(&s->bytes, count);
    TRY(expect_right(p));
    return expect_right(p);
}

static enum status parse_memory(struct parser *p)
{
    struct token id;
    bool imported;
    struct section *s = &p->sections[SECTION_MEMORY];
    uint32_t index = p->next_index[SPACE_MEMORY];
    TRY(parse_head(p, KIND_MEMORY, &id, &imported));
    if (imported) return STATUS_OK;
    s->count++;
    if (!at_form(p, "data")) {
        TRY(parse_limits(p, &s->bytes));
        return expect_right(p);
    }
    struct token where = p->next;
    uint64_t size;
    advance_form(p);
    TRY(parse_inline_data(p, index, &size));
    uint64_t pages = (size + 65535) / 65536;
    if (pages > 65536) return fail_at(p, &where, WAT_ERROR_DATA_SIZE, NULL);
    buffer_append_byte(&s->bytes, 1);
    leb_write_u64(&s->bytes, pages);
    leb_write_u64(&s->bytes, pages);
    TRY(expect_right(p));
    return expect_right(p);
}

static enum status parse_global(struct parser *p)
{
    struct token id;
    bool imported;
    struct section *s = &p->sections[SECTION_GLOBAL];
    TRY(parse_head(p, KIND_GLOBAL, &id, &imported));
    if (imported) return STATUS_OK;
    s->count++;
    TRY(parse_global_type(p, &s->bytes));
    TRY(parse_constant(p, &s->bytes));
    return expect_right(p);
}

static enum status parse_start(struct parser *p, const struct token *where)
{
    uint32_t index;
    struct section *s = &p->sections[SECTION_START];
    if (s->count++) return fail_at(p, where, WAT_ERROR_DUPLICATE_START, NULL);
    TRY(parse_index(p, SPACE_FUNC, &index));
    leb_write_u64(&s->bytes, index);
    return expect_right(p);
}

static enum status parse_field(struct parser *p)
{
    TRY(expect_left(p, "a field of the module or \")\""));
    struct token word = p->token;
    if (token_is(&word, "type")) return skip_form(p); /* done in the first pass */
    advance(p);
    if (token_is(&word, "func")) return parse_func(p);
    if (token_is(&word, "import")) return parse_import(p, &word);
    if (token_is(&word, "export")) return parse_export(p);
    if (token_is(&word, "table")) return parse_table(p);
    if (token_is(&word, "memory")) return parse_memory(p);
    if (token_is(&word, "global")) return parse_global(p);
    if (token_is(&word, "start")) return parse_start(p, &word);
    if (token_is(&word, "elem")) return parse_elem(p);
    return parse_data(p); /* the first pass has refused everything else */
}

enum status parse_fields(struct parser *p)
{
    while (p->token.kind != TOKEN_RIGHT && p->token.kind != TOKEN_END) TRY(parse_field(p));
    return STATUS_OK;
}
