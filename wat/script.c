/* Scripts (.wast): the commands of the official test suite, one after the other. Modules in text form are only
 * delimited here; whoever wants one translates it. */
#include <stdlib.h>

#include "wat/parser.h"

struct wat_script {
    struct parser parser;
    struct error error;          /* of the parser */
    bool fields_alone;           /* the whole text is one module */
    bool done;
    /* what the current command points to */
    struct buffer module, name, text;
    struct wat_value *values;    /* arguments, then results */
    size_t value_count, value_capacity;
};

/* ---- values ----------------------------------------------------------------------------------------------------- */

static enum status add_value(struct wat_script *s, struct wat_value v)
{
    if (s->value_count == s->value_capacity) {
        size_t capacity = s->value_capacity ? 2 * s->value_capacity : 16;
        struct wat_value *values = realloc(s->values, capacity * sizeof *values);
        if (!values) return error_no_memory(s->parser.e);
        s->values = values;
        s->value_capacity = capacity;
    }
    s->values[s->value_count++] = v;
    return STATUS_OK;
}

static enum status parse_float_value(struct parser *p, unsigned bits, bool result, struct wat_value *out)
{
    if (result && (token_is(&p->token, "nan:canonical") || token_is(&p->token, "nan:arithmetic"))) {
        out->kind = token_is(&p->token, "nan:canonical") ? WAT_NAN_CANONICAL : WAT_NAN_ARITHMETIC;
        advance(p);
        return STATUS_OK;
    }
    return parse_float(p, bits, &out->bits);
}

static enum status parse_extern_value(struct parser *p, bool result, struct wat_value *out)
{
    out->type = 0x6f;
    out->kind = WAT_REF_EXTERN;
    if (result && p->token.kind == TOKEN_RIGHT) {
        out->kind = WAT_REF_ANY;
        return STATUS_OK;
    }
    uint32_t number;
    TRY(parse_u32(p, "the number of a host reference", &number));
    out->bits = number;
    return STATUS_OK;
}

/* At the opening parenthesis of a constant; `result`: one that may be a pattern. */
static enum status parse_value(struct parser *p, bool result, struct wat_value *out)
{
    *out = (struct wat_value){.kind = WAT_CONST};
    TRY(expect_left(p, "a constant"));
    struct token word = p->token;
    static const struct {
        const char *word;
        uint8_t type, bits;
    } numbers[] = {{"i32.const", 0x7f, 32}, {"i64.const", 0x7e, 64}, {"f32.const", 0x7d, 32}, {"f64.const", 0x7c, 64}};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        if (!token_is_n(&word, numbers[i].word, 9)) continue;
        advance(p);
        out->type = numbers[i].type;
        if (i < 2) TRY(parse_int(p, numbers[i].bits, &out->bits));
        else TRY(parse_float_value(p, numbers[i].bits, result, out));
        return expect_right(p);
    }
    if (token_is(&word, "ref.null")) {
        advance(p);
        out->kind = WAT_REF_NULL;
        TRY(parse_heap_type(p, &out->type));
    } else if (token_is(&word, "ref.extern")) {
        advance(p);
        TRY(parse_extern_value(p, result, out));
    } else if (result && token_is(&word, "ref.func")) {
        advance(p);
        out->kind = WAT_REF_ANY;
        out->type = 0x70;
    } else {
        return unexpected(p, "a constant");
    }
    return expect_right(p);
}

static enum status parse_values(struct wat_script *s, bool results, size_t *count)
{
    for (*count = 0; s->parser.token.kind == TOKEN_LEFT; ++*count) {
        struct wat_value v;
        TRY(parse_value(&s->parser, results, &v));
        TRY(add_value(s, v));
    }
    return STATUS_OK;
}

/* ---- parts of commands ------------------------------------------------------------------------------------------ */

static enum status parse_plain_string(struct wat_script *s, struct buffer *out, struct bytes *view)
{
    out->size = 0;
    TRY(parse_string(&s->parser, out));
    if (out->failed) return error_no_memory(s->parser.e);
    *view = bytes_of(out->data, out->size);
    return STATUS_OK;
}

static struct bytes optional_id(struct parser *p)
{
    struct token id;
    skip_id(p, &id);
    return id.kind == TOKEN_ID ? token_bytes(&id) : (struct bytes){0};
}

/* Behind `(invoke` or `(get`, whose word is given. */
static enum status parse_action(struct wat_script *s, const struct token *word, struct wat_action *out)
{
    struct parser *p = &s->parser;
    out->get = token_is(word, "get");
    out->instance = optional_id(p);
    TRY(parse_plain_string(s, &s->name, &out->name));
    if (!out->get) TRY(parse_values(s, false, &out->arg_count));
    return expect_right(p);
}

static enum status parse_action_form(struct wat_script *s, struct wat_action *out)
{
    struct parser *p = &s->parser;
    TRY(expect_left(p, "an action"));
    struct token word = p->token;
    if (!token_is(&word, "invoke") && !token_is(&word, "get")) return unexpected(p, "\"invoke\" or \"get\"");
    advance(p);
    return parse_action(s, &word, out);
}

/* Behind `(module`, whose parenthesis is `left`. */
static enum status parse_module(struct wat_script *s, const struct token *left, struct wat_module *out)
{
    struct parser *p = &s->parser;
    struct text_mark here = locate(p, left->start);
    out->line = here.line;
    out->column = here.column;
    out->id = optional_id(p);
    bool binary = token_is(&p->token, "binary");
    if (binary || token_is(&p->token, "quote")) {
        out->form = binary ? WAT_BINARY : WAT_QUOTE;
        advance(p);
        s->module.size = 0;
        TRY(parse_strings(p, &s->module));
        if (s->module.failed) return error_no_memory(p->e);
        out->source = bytes_of(s->module.data, s->module.size);
        return expect_right(p);
    }
    out->form = WAT_TEXT;
    /* A lexical error belongs to the module, not to the script. */
    const char *end = left->start;
    for (size_t depth = 1; depth; advance(p)) {
        if (p->token.kind == TOKEN_LEFT) depth++;
        if (p->token.kind == TOKEN_RIGHT) depth--;
        if (p->token.kind == TOKEN_END) return unexpected(p, "\")\"");
        end = p->token.start + p->token.size;
    }
    out->source = bytes_of(left->start, (size_t)(end - left->start));
    return STATUS_OK;
}

static enum status parse_module_form(struct wat_script *s, struct wat_command *c)
{
    struct token left = s->parser.token;
    if (!at_form(&s->parser, "module")) return unexpected(&s->parser, "\"(module\"");
    advance_form(&s->parser);
    return parse_module(s, &left, &c->module);
}

/* ---- commands --------------------------------------------------------------------------------------------------- */

static enum status parse_assertion_text(struct wat_script *s, struct wat_command *c)
{
    TRY(parse_plain_string(s, &s->text, &c->text));
    return expect_right(&s->parser);
}

static enum status parse_assert_return(struct wat_script *s, struct wat_command *c)
{
    c->kind = WAT_ASSERT_RETURN;
    TRY(parse_action_form(s, &c->action));
    TRY(parse_values(s, true, &c->result_count));
    return expect_right(&s->parser);
}

static enum status parse_assert_trap(struct wat_script *s, struct wat_command *c)
{
    c->kind = WAT_ASSERT_TRAP;
    if (at_form(&s->parser, "module")) {
        c->kind = WAT_ASSERT_TRAP_MODULE;
        TRY(parse_module_form(s, c));
    } else {
        TRY(parse_action_form(s, &c->action));
    }
    return parse_assertion_text(s, c);
}

static enum status parse_register(struct wat_script *s, struct wat_command *c)
{
    c->kind = WAT_REGISTER;
    TRY(parse_plain_string(s, &s->name, &c->action.name));
    c->action.instance = optional_id(&s->parser);
    return expect_right(&s->parser);
}

/* Assertions that a module is refused. */
static bool refusal(const struct token *word, enum wat_command_kind *out)
{
    if (token_is(word, "assert_invalid")) *out = WAT_ASSERT_INVALID;
    else if (token_is(word, "assert_malformed")) *out = WAT_ASSERT_MALFORMED;
    else if (token_is(word, "assert_unlinkable")) *out = WAT_ASSERT_UNLINKABLE;
    else return false;
    return true;
}

/* At the word behind the command's opening parenthesis `left`. */
static enum status parse_command(struct wat_script *s, const struct token *left, struct wat_command *c)
{
    struct parser *p = &s->parser;
    struct token word = p->token;
    if (word.kind != TOKEN_WORD) return unexpected(p, "a command");
    if (token_is(&word, "assert_return") || token_is(&word, "assert_trap") || token_is(&word, "assert_exhaustion") ||
        token_is(&word, "module") || token_is(&word, "register") || token_is(&word, "invoke") ||
        token_is(&word, "get") || refusal(&word, &c->kind))
        advance(p);
    if (token_is(&word, "assert_return")) return parse_assert_return(s, c);
    if (token_is(&word, "assert_trap")) return parse_assert_trap(s, c);
    if (token_is(&word, "register")) return parse_register(s, c);
    if (token_is(&word, "module")) {
        c->kind = WAT_MODULE;
        return parse_module(s, left, &c->module);
    }
    if (token_is(&word, "invoke") || token_is(&word, "get")) {
        c->kind = WAT_ACTION;
        return parse_action(s, &word, &c->action);
    }
    if (token_is(&word, "assert_exhaustion")) {
        c->kind = WAT_ASSERT_EXHAUSTION;
        TRY(parse_action_form(s, &c->action));
        return parse_assertion_text(s, c);
    }
    if (refusal(&word, &c->kind)) {
        TRY(parse_module_form(s, c));
        return parse_assertion_text(s, c);
    }
    return unexpected(p, "a command (module, register, invoke, get or an assertion)");
}

/* A file that begins with a field is one module. */
static bool begins_with_field(const struct parser *p)
{
    static const char *const fields[] = {"type", "import", "func", "table", "memory", "global", "export", "start",
                                         "elem", "data"};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (at_form_n(p, fields[i], strlen(fields[i]))) return true;
    return false;
}

enum status wat_script_open(const char *text, size_t size, struct wat_script **out, struct error *e)
{
    if (size > WAT_MAX_TEXT)
        return error_set(e, STATUS_LIMIT, WAT_ERROR_TEXT_SIZE, 0, "text too large: at most %d bytes", WAT_MAX_TEXT);
    struct wat_script *s = calloc(1, sizeof *s);
    if (!s) return error_no_memory(e);
    parser_init(&s->parser, size ? text : "", size, &s->error);
    s->fields_alone = begins_with_field(&s->parser);
    *out = s;
    return STATUS_OK;
}

void wat_script_close(struct wat_script *s)
{
    if (!s) return;
    parser_free(&s->parser);
    buffer_free(&s->module);
    buffer_free(&s->name);
    buffer_free(&s->text);
    free(s->values);
    free(s);
}

static enum status whole_text(struct wat_script *s, struct wat_command *c)
{
    s->done = true;
    c->kind = WAT_MODULE;
    c->line = c->column = 1;
    c->module = (struct wat_module){.form = WAT_TEXT, .line = 1, .column = 1};
    c->module.source = bytes_of(s->parser.text, (size_t)(s->parser.lexer.end - s->parser.text));
    return STATUS_OK;
}

/* After an error in the command that starts at `start`: moves behind its closing parenthesis. */
static void recover(struct parser *p, const char *start)
{
    size_t depth = 0;
    p->lexer.p = start;
    advance_form(p);
    do {
        if (p->token.kind == TOKEN_LEFT) depth++;
        if (p->token.kind == TOKEN_RIGHT && depth) depth--;
        if (p->token.kind != TOKEN_END) advance(p);
    } while (depth && p->token.kind != TOKEN_END);
}

enum status wat_script_next(struct wat_script *s, struct wat_command *c, struct error *e)
{
    struct parser *p = &s->parser;
    *c = (struct wat_command){.kind = WAT_END};
    if (s->done || p->token.kind == TOKEN_END) return STATUS_OK;
    if (s->fields_alone) return whole_text(s, c);
    struct token left = p->token;
    p->mark = locate(p, left.start);
    c->line = p->mark.line;
    c->column = p->mark.column;
    s->value_count = 0;
    enum status status = expect_left(p, "a command");
    if (!status) status = parse_command(s, &left, c);
    if (!status) {
        c->action.args = s->values;
        if (c->result_count) c->results = s->values + c->action.arg_count;
        return STATUS_OK;
    }
    if (status == STATUS_NO_MEMORY) s->done = true;
    else recover(p, left.start);
    if (e) *e = s->error;
    return status;
}

enum status wat_module_to_wasm(const struct wat_module *module, const struct wat_options *options, struct buffer *out,
                               struct error *e)
{
    if (module->form == WAT_BINARY) {
        buffer_append(out, module->source.data, module->source.size);
        return out->failed ? error_no_memory(e) : STATUS_OK;
    }
    enum status status = wat_to_wasm((const char *)module->source.data, module->source.size, options, out, e);
    if (status && e && e->line && module->form == WAT_TEXT) {
        if (e->line == 1) e->column += module->column - 1;
        e->line += module->line - 1;
    }
    return status;
}
