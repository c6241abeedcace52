/* Element and data segments (WebAssembly 2.0, 6.6.11 and 6.6.12), in all forms that the binary format has. */
#include "wat/parser.h"

enum { FUNCREF = 0x70 };

/* Bits of a segment's first number in the binary format. */
enum { SEGMENT_PASSIVE = 1, SEGMENT_INDEX = 2, SEGMENT_DECLARATIVE = 3, SEGMENT_EXPRESSIONS = 4 };

/* ---- offsets and lists ------------------------------------------------------------------------------------------ */

/* `(offset instr*)` or one folded instruction. */
static enum status parse_offset(struct parser *p, struct buffer *out)
{
    if (at_form(p, "offset")) {
        advance_form(p);
        TRY(parse_constant(p, out));
        return expect_right(p);
    }
    if (p->token.kind != TOKEN_LEFT) return unexpected(p, "an offset");
    p->label_count = 0;
    TRY(parse_folded_instruction(p, out));
    buffer_append_byte(out, 0x0b);
    return STATUS_OK;
}

/* `(item instr*)` or one folded instruction, any number of them. */
static enum status parse_element_expressions(struct parser *p, struct buffer *out, uint32_t *count)
{
    for (*count = 0; p->token.kind == TOKEN_LEFT; ++*count) {
        if (at_form(p, "item")) {
            advance_form(p);
            TRY(parse_constant(p, out));
            TRY(expect_right(p));
        } else {
            p->label_count = 0;
            TRY(parse_folded_instruction(p, out));
            buffer_append_byte(out, 0x0b);
        }
    }
    return STATUS_OK;
}

static enum status parse_function_indices(struct parser *p, struct buffer *out, uint32_t *count)
{
    for (*count = 0; at_index(p); ++*count) {
        uint32_t index;
        TRY(parse_index(p, SPACE_FUNC, &index));
        leb_write_u64(out, index);
    }
    return STATUS_OK;
}

/* ---- elements --------------------------------------------------------------------------------------------------- */

struct elements {
    uint32_t flags;      /* SEGMENT_... so far */
    uint8_t type;        /* element type of expressions */
    uint32_t table;
    uint32_t count;
};

/* `func x*`, `x*` (if `bare`) or `reftype expr*`, the items to p->code. */
static enum status parse_element_list(struct parser *p, bool bare, struct elements *s)
{
    p->code.size = 0;
    s->type = FUNCREF;
    if (token_is(&p->token, "func")) {
        advance(p);
        return parse_function_indices(p, &p->code, &s->count);
    }
    if (bare && (at_index(p) || p->token.kind == TOKEN_RIGHT)) return parse_function_indices(p, &p->code, &s->count);
    if (!at_value_type(p)) return unexpected(p, "\"func\" or a reference type");
    s->flags |= SEGMENT_EXPRESSIONS;
    TRY(parse_reference_type(p, &s->type));
    return parse_element_expressions(p, &p->code, &s->count);
}

/* The offset is in p->scratch, the items are in p->code. */
static enum status write_elements(struct parser *p, struct elements *s)
{
    struct section *section = &p->sections[SECTION_ELEMENT];
    struct buffer *out = &section->bytes;
    bool active = !(s->flags & SEGMENT_PASSIVE), expressions = s->flags & SEGMENT_EXPRESSIONS;
    /* The short forms are for table 0 and functions. */
    if (active && (s->table != 0 || s->type != FUNCREF)) s->flags |= SEGMENT_INDEX;
    if (p->scratch.failed || p->code.failed) return error_no_memory(p->e);
    leb_write_u64(out, s->flags);
    if (active && (s->flags & SEGMENT_INDEX)) leb_write_u64(out, s->table);
    if (active) buffer_append(out, p->scratch.data, p->scratch.size);
    if (s->flags & SEGMENT_DECLARATIVE) buffer_append_byte(out, expressions ? s->type : 0);
    leb_write_u64(out, s->count);
    buffer_append(out, p->code.data, p->code.size);
    section->count++;
    return STATUS_OK;
}

enum status parse_elem(struct parser *p)
{
    struct elements s = {0};
    bool bare = false;
    skip_id(p, NULL);
    p->scratch.size = 0;
    if (token_is(&p->token, "declare")) {
        s.flags = SEGMENT_DECLARATIVE;
        advance(p);
    } else if (p->token.kind == TOKEN_LEFT) {
        bare = !at_form(p, "table");
        if (!bare) {
            advance_form(p);
            TRY(parse_index(p, SPACE_TABLE, &s.table));
            TRY(expect_right(p));
        }
        TRY(parse_offset(p, &p->scratch));
    } else {
        s.flags = SEGMENT_PASSIVE;
    }
    TRY(parse_element_list(p, bare, &s));
    TRY(write_elements(p, &s));
    return expect_right(p);
}

static void write_offset_zero(struct buffer *out)
{
    static const uint8_t i32_const_0_end[] = {0x41, 0x00, 0x0b};
    buffer_append(out, i32_const_0_end, sizeof i32_const_0_end);
}

enum status parse_inline_elem(struct parser *p, uint32_t table, uint8_t type, uint32_t *count)
{
    struct elements s = {.type = type, .table = table};
    p->code.size = p->scratch.size = 0;
    write_offset_zero(&p->scratch);
    if (p->token.kind == TOKEN_LEFT || type != FUNCREF) {
        s.flags |= SEGMENT_EXPRESSIONS;
        TRY(parse_element_expressions(p, &p->code, &s.count));
    } else {
        TRY(parse_function_indices(p, &p->code, &s.count));
    }
    *count = s.count;
    return write_elements(p, &s);
}

/* ---- data ------------------------------------------------------------------------------------------------------- */

static enum status parse_data_bytes(struct parser *p, struct buffer *out, uint64_t *size)
{
    p->code.size = 0;
    TRY(parse_strings(p, &p->code));
    if (p->code.failed) return error_no_memory(p->e);
    *size = p->code.size;
    leb_write_u64(out, p->code.size);
    buffer_append(out, p->code.data, p->code.size);
    p->sections[SECTION_DATA].count++;
    return STATUS_OK;
}

enum status parse_data(struct parser *p)
{
    struct buffer *out = &p->sections[SECTION_DATA].bytes;
    uint32_t memory = 0;
    uint64_t size;
    skip_id(p, NULL);
    if (p->token.kind == TOKEN_LEFT) {
        if (at_form(p, "memory")) {
            advance_form(p);
            TRY(parse_index(p, SPACE_MEMORY, &memory));
            TRY(expect_right(p));
        }
        buffer_append_byte(out, memory ? SEGMENT_INDEX : 0);
        if (memory) leb_write_u64(out, memory);
        TRY(parse_offset(p, out));
    } else {
        buffer_append_byte(out, SEGMENT_PASSIVE);
    }
    TRY(parse_data_bytes(p, out, &size));
    return expect_right(p);
}

enum status parse_inline_data(struct parser *p, uint32_t memory, uint64_t *size)
{
    struct buffer *out = &p->sections[SECTION_DATA].bytes;
    buffer_append_byte(out, memory ? SEGMENT_INDEX : 0);
    if (memory) leb_write_u64(out, memory);
    write_offset_zero(out);
    return parse_data_bytes(p, out, size);
}
