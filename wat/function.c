/* Function definitions: type use, locals, body. */
#include "wat/parser.h"

void add_function_name(struct parser *p, const struct token *id, uint32_t index)
{
    if (id->kind != TOKEN_ID || !p->names) return;
    leb_write_u64(&p->function_names, index);
    leb_write_u64(&p->function_names, id->size - 1);
    buffer_append(&p->function_names, id->start + 1, id->size - 1);
    p->function_name_count++;
}

static void add_local_names(struct parser *p, uint32_t function)
{
    if (!p->named_locals || !p->names) return;
    leb_write_u64(&p->local_names, function);
    leb_write_u64(&p->local_names, p->named_locals);
    buffer_append(&p->local_names, p->names_of_locals.data, p->names_of_locals.size);
    p->local_name_count++;
}

/* The binary format declares locals in runs of equal types. */
static void write_locals(const struct buffer *types, struct buffer *runs, struct buffer *out)
{
    uint32_t count = 0;
    runs->size = 0;
    for (size_t i = 0; i < types->size;) {
        size_t start = i;
        while (i < types->size && types->data[i] == types->data[start]) i++;
        leb_write_u64(runs, i - start);
        buffer_append_byte(runs, types->data[start]);
        count++;
    }
    leb_write_u64(out, count);
    buffer_append(out, runs->data, runs->size);
}

static enum status parse_body_locals(struct parser *p, const struct type_use *use)
{
    uint32_t index = use->params;
    p->types_scratch.size = 0;
    while (at_form(p, "local")) {
        struct token where = p->token;
        uint32_t named = p->named_locals;
        TRY(parse_locals(p, true, &p->types_scratch, &index));
        /* Which number has it, if the type does not exist? */
        if (!use->known && p->named_locals != named)
            return fail_at(p, &where, WAT_ERROR_UNKNOWN_TYPE, " %u", use->index);
    }
    return p->types_scratch.failed ? error_no_memory(p->e) : STATUS_OK;
}

enum status parse_function(struct parser *p, uint32_t index)
{
    struct type_use use;
    struct section *functions = &p->sections[SECTION_FUNCTION], *code = &p->sections[SECTION_CODE];
    p->owner++;
    p->named_locals = 0;
    p->names_of_locals.size = 0;
    TRY(parse_type_use(p, true, false, &use));
    leb_write_u64(&functions->bytes, use.index);
    functions->count++;
    TRY(parse_body_locals(p, &use));
    p->code.size = 0;
    write_locals(&p->types_scratch, &p->scratch, &p->code);
    p->label_count = 1; /* the function itself */
    TRY(parse_instructions(p, &p->code));
    buffer_append_byte(&p->code, 0x0b);
    leb_write_u64(&code->bytes, p->code.size);
    buffer_append(&code->bytes, p->code.data, p->code.size);
    if (p->code.failed || p->scratch.failed) return error_no_memory(p->e);
    code->count++;
    add_local_names(p, index);
    return expect_right(p);
}
