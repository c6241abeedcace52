#include "wat/parser.h"

#include <stdio.h>
#include <stdlib.h>

static const struct {
    enum status status;
    const char *text;
} errors[] = {
    {STATUS_OK, ""},
#define X(name, status, text) {STATUS_##status, text},
#include "wat/errors.def"
#undef X
};

const char *wat_error_text(int code)
{
    return code > WAT_ERROR_NONE && code < WAT_ERROR_COUNT ? errors[code].text : "";
}

void parser_init(struct parser *p, const char *text, size_t size, struct error *e)
{
    memset(p, 0, sizeof *p);
    p->text = text;
    p->mark = (struct text_mark){text, 1, 1};
    p->e = e;
    p->lexer = (struct lexer){text, text + size};
    instruction_table_init(&p->instructions);
    advance_form(p); /* fills the window */
}

void parser_free(struct parser *p)
{
    symbols_free(&p->symbols);
    types_free(&p->types);
    for (int i = 0; i < SECTIONS; i++) buffer_free(&p->sections[i].bytes);
    struct buffer *buffers[] = {&p->module_name, &p->function_names, &p->local_names, &p->names_of_locals, &p->code,
                                &p->scratch, &p->types_scratch, &p->string, &p->labels, &p->pending};
    for (size_t i = 0; i < sizeof buffers / sizeof *buffers; i++) buffer_free(buffers[i]);
    free(p->frames);
}

void advance(struct parser *p)
{
    p->token = p->next;
    lexer_next(&p->lexer, &p->next);
}

/* ---- errors ----------------------------------------------------------------------------------------------------- */

struct text_mark locate(const struct parser *p, const char *where)
{
    struct text_mark m = p->mark;
    for (; m.at < where; m.at++) {
        m.column++;
        if (*m.at != '\n') continue;
        m.line++;
        m.column = 1;
    }
    return m;
}

enum status fail_at(struct parser *p, const struct token *t, enum wat_error code, const char *details, ...)
{
    char text[160] = "";
    if (details) {
        va_list args;
        va_start(args, details);
        vsnprintf(text, sizeof text, details, args);
        va_end(args);
    }
    enum status status = error_set(p->e, errors[code].status, (int)code, (uint64_t)(t->start - p->text), "%s%s",
                                   errors[code].text, text);
    struct text_mark m = locate(p, t->start);
    p->e->line = m.line;
    p->e->column = m.column;
    return status;
}

/* A token for a message: short, printable, in quotation marks. */
static const char *show_token(const struct token *t, char *out, size_t size)
{
    if (t->kind == TOKEN_END) return "end of text";
    size_t n = 0, shown = t->size < 40 ? t->size : 40;
    out[n++] = '"';
    for (size_t i = 0; i < shown && n + 6 < size; i++) {
        char c = t->start[i];
        out[n++] = c >= 0x20 && c < 0x7f ? c : '?';
    }
    snprintf(out + n, size - n, "%s\"", shown < t->size ? "..." : "");
    return out;
}

/* Whether the language has the token at all. */
static bool is_word(const struct parser *p, const struct token *t)
{
    if (t->kind == TOKEN_RESERVED) return false;
    if (t->kind == TOKEN_NUMBER) return is_number(t);
    if (t->kind != TOKEN_WORD) return true;
    if (is_keyword(t->start, t->size) || instruction_find(&p->instructions, t->start, t->size)) return true;
    const char *equals = memchr(t->start, '=', t->size);
    if (equals && (size_t)(equals - t->start) >= 5) { /* offset=..., align=... */
        uint64_t value = 0;
        size_t name = (size_t)(equals - t->start);
        bool memarg = (name == 6 && memcmp(t->start, "offset", 6) == 0) ||
                      (name == 5 && memcmp(t->start, "align", 5) == 0);
        return memarg && read_unsigned(equals + 1, t->size - name - 1, UINT64_MAX, &value) != NUMBER_SYNTAX;
    }
    return is_number(t);
}

enum status unexpected(struct parser *p, const char *expected)
{
    char shown[64];
    const struct token *t = &p->token;
    if (t->kind == TOKEN_ERROR) return fail_at(p, t, t->error, NULL);
    if (!is_word(p, t)) {
        size_t size = t->size < 60 ? t->size : 60;
        if (t->kind == TOKEN_WORD)
            return fail_at(p, t, WAT_ERROR_UNKNOWN_OPERATOR, " %.*s: expected %s", (int)size, t->start, expected);
        return fail_at(p, t, WAT_ERROR_UNKNOWN_OPERATOR, " %s: expected %s", show_token(t, shown, sizeof shown),
                       expected);
    }
    return fail_at(p, t, WAT_ERROR_UNEXPECTED_TOKEN, " %s: expected %s", show_token(t, shown, sizeof shown), expected);
}

enum status expect_left(struct parser *p, const char *expected)
{
    if (p->token.kind != TOKEN_LEFT) return unexpected(p, expected);
    advance(p);
    return STATUS_OK;
}

enum status expect_right(struct parser *p)
{
    if (p->token.kind != TOKEN_RIGHT) return unexpected(p, "\")\"");
    advance(p);
    return STATUS_OK;
}

enum status skip_form(struct parser *p)
{
    for (size_t depth = 1; depth; advance(p)) {
        if (p->token.kind == TOKEN_LEFT) depth++;
        if (p->token.kind == TOKEN_RIGHT) depth--;
        if (p->token.kind == TOKEN_ERROR || p->token.kind == TOKEN_END) return unexpected(p, "\")\"");
    }
    return STATUS_OK;
}

enum status parse_u32(struct parser *p, const char *expected, uint32_t *out)
{
    uint64_t value = 0;
    enum number_result r = NUMBER_SYNTAX;
    if (p->token.kind == TOKEN_NUMBER) r = read_unsigned(p->token.start, p->token.size, UINT32_MAX, &value);
    if (r == NUMBER_SYNTAX) return unexpected(p, expected);
    if (r == NUMBER_RANGE) return fail_at(p, &p->token, WAT_ERROR_I32_RANGE, ": at most 4294967295");
    *out = (uint32_t)value;
    advance(p);
    return STATUS_OK;
}
