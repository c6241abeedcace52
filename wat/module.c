/* A whole module: both passes, then the sections. */
#include "wat/parser.h"

void wat_options_default(struct wat_options *o)
{
    *o = (struct wat_options){.names = true};
}

/* Behind the module's fields: its closing parenthesis, if it has one, and nothing more. */
static enum status expect_module_end(struct parser *p, bool wrapped)
{
    if (wrapped) {
        if (p->token.kind != TOKEN_RIGHT) return unexpected(p, "a field of the module or \")\"");
        advance(p);
    }
    return p->token.kind == TOKEN_END ? STATUS_OK : unexpected(p, "the end of the text");
}

static enum status translate(struct parser *p, struct buffer *out)
{
    bool wrapped = at_form(p, "module");
    if (wrapped) {
        struct token id;
        advance_form(p);
        skip_id(p, &id);
        if (id.kind == TOKEN_ID) {
            leb_write_u64(&p->module_name, id.size - 1);
            buffer_append(&p->module_name, id.start + 1, id.size - 1);
        }
    }
    struct lexer lexer = p->lexer;
    struct token token = p->token, next = p->next;
    TRY(collect_fields(p));
    TRY(expect_module_end(p, wrapped));
    p->lexer = lexer;
    p->token = token;
    p->next = next;
    memset(p->next_index, 0, sizeof p->next_index);
    TRY(parse_fields(p));
    return encode_module(p, out);
}

enum status wat_to_wasm(const char *text, size_t size, const struct wat_options *options, struct buffer *out,
                        struct error *e)
{
    struct parser p;
    struct error ignored;
    if (size > WAT_MAX_TEXT)
        return error_set(e, STATUS_LIMIT, WAT_ERROR_TEXT_SIZE, 0, "text too large: at most %d bytes", WAT_MAX_TEXT);
    parser_init(&p, size ? text : "", size, e ? e : &ignored);
    p.names = !options || options->names;
    enum status status = translate(&p, out);
    parser_free(&p);
    return status;
}
