/* The first pass: numbers the fields of a module in the order in which they stand and binds their identifiers, so that
 * the second pass can resolve references forwards. Types are read here once and for all. */
#include "wat/parser.h"

static enum status collect_type(struct parser *p)
{
    struct signature s;
    uint32_t index;
    TRY(bind_optional(p, SPACE_TYPE, p->types.count, NULL));
    if (!at_form(p, "func")) return unexpected(p, "\"(func\"");
    advance_form(p);
    /* Parameters may have identifiers here, too, which mean nothing beyond being distinct. */
    p->owner++;
    TRY(parse_signature(p, true, &s));
    p->names_of_locals.size = 0;
    p->named_locals = 0;
    TRY(expect_right(p));
    TRY(types_add(p, &s, &index));
    return expect_right(p);
}

static bool kind_space(const struct token *t, enum space *out)
{
    if (token_is(t, "func")) *out = SPACE_FUNC;
    else if (token_is(t, "table")) *out = SPACE_TABLE;
    else if (token_is(t, "memory")) *out = SPACE_MEMORY;
    else if (token_is(t, "global")) *out = SPACE_GLOBAL;
    else return false;
    return true;
}

static enum status collect_import(struct parser *p)
{
    enum space space;
    if (p->token.kind != TOKEN_STRING) return unexpected(p, "a module name");
    advance(p);
    if (p->token.kind != TOKEN_STRING) return unexpected(p, "a name");
    advance(p);
    TRY(expect_left(p, "what is imported"));
    if (!kind_space(&p->token, &space)) return unexpected(p, "\"func\", \"table\", \"memory\" or \"global\"");
    advance(p);
    TRY(bind_optional(p, space, p->next_index[space]++, NULL));
    TRY(skip_form(p));
    return expect_right(p);
}

/* A table or memory with its segment inline: the segment has a number, too. */
static enum status collect_inline_segments(struct parser *p, enum space space)
{
    while (p->token.kind != TOKEN_RIGHT) {
        if (space == SPACE_TABLE && at_form(p, "elem")) p->next_index[SPACE_ELEM]++;
        if (space == SPACE_MEMORY && at_form(p, "data")) p->next_index[SPACE_DATA]++;
        bool form = p->token.kind == TOKEN_LEFT;
        if (p->token.kind == TOKEN_ERROR || p->token.kind == TOKEN_END) return unexpected(p, "\")\"");
        advance(p);
        if (form) TRY(skip_form(p));
    }
    return expect_right(p);
}

static enum status collect_field(struct parser *p)
{
    enum space space;
    TRY(expect_left(p, "a field of the module or \")\""));
    struct token word = p->token;
    if (token_is(&word, "import")) {
        advance(p);
        return collect_import(p);
    }
    if (token_is(&word, "type")) {
        advance(p);
        return collect_type(p);
    }
    if (token_is(&word, "export") || token_is(&word, "start")) return skip_form(p);
    if (token_is(&word, "elem")) space = SPACE_ELEM;
    else if (token_is(&word, "data")) space = SPACE_DATA;
    else if (!kind_space(&word, &space))
        return unexpected(p, "a field (type, import, func, table, memory, global, export, start, elem or data)");
    advance(p);
    TRY(bind_optional(p, space, p->next_index[space]++, NULL));
    if (space == SPACE_TABLE || space == SPACE_MEMORY) return collect_inline_segments(p, space);
    return skip_form(p);
}

enum status collect_fields(struct parser *p)
{
    while (p->token.kind != TOKEN_RIGHT && p->token.kind != TOKEN_END) TRY(collect_field(p));
    return STATUS_OK;
}
