/* What follows the names of instructions (WebAssembly 2.0, 6.5), except block, loop and if. */
#include "base/float_text.h"
#include "wat/parser.h"

void write_opcode(uint16_t opcode, struct buffer *out)
{
    if (opcode >= 0xfc00) {
        buffer_append_byte(out, 0xfc);
        leb_write_u64(out, opcode - 0xfc00u);
    } else {
        buffer_append_byte(out, (uint8_t)opcode);
    }
}

void write_block_type(const struct type_use *use, struct buffer *out)
{
    if (use->is_short) buffer_append_byte(out, use->result);
    else leb_write_s64(out, use->index);
}

/* ---- constants -------------------------------------------------------------------------------------------------- */

static enum status constant_failed(struct parser *p, bool range, const char *expected)
{
    return range ? fail_at(p, &p->token, WAT_ERROR_CONSTANT_RANGE, ": expected %s", expected) : unexpected(p, expected);
}

enum status parse_int(struct parser *p, unsigned bits, uint64_t *out)
{
    enum number_result r = NUMBER_SYNTAX;
    if (p->token.kind == TOKEN_NUMBER) r = read_integer(p->token.start, p->token.size, bits, out);
    if (r != NUMBER_OK) return constant_failed(p, r == NUMBER_RANGE, bits == 32 ? "an i32" : "an i64");
    advance(p);
    return STATUS_OK;
}

enum status parse_float(struct parser *p, unsigned bits, uint64_t *out)
{
    enum float_result r = FLOAT_SYNTAX;
    uint32_t narrow = 0;
    if (p->token.kind == TOKEN_NUMBER || p->token.kind == TOKEN_WORD) {
        if (bits == 64) r = float_read_f64(p->token.start, p->token.size, out);
        else r = float_read_f32(p->token.start, p->token.size, &narrow);
    }
    if (r != FLOAT_OK) return constant_failed(p, r == FLOAT_RANGE, bits == 32 ? "an f32" : "an f64");
    if (bits == 32) *out = narrow;
    advance(p);
    return STATUS_OK;
}

static enum status write_int(struct parser *p, unsigned bits, struct buffer *out)
{
    uint64_t value = 0;
    TRY(parse_int(p, bits, &value));
    leb_write_s64(out, bits == 32 ? (int32_t)(uint32_t)value : (int64_t)value);
    return STATUS_OK;
}

static enum status write_float(struct parser *p, unsigned bits, struct buffer *out)
{
    uint64_t value = 0;
    uint8_t bytes[8];
    TRY(parse_float(p, bits, &value));
    store_le64(bytes, value);
    buffer_append(out, bytes, bits / 8);
    return STATUS_OK;
}

/* ---- memory accesses -------------------------------------------------------------------------------------------- */

/* `name=number`, if the token is that. */
static enum status parse_memarg_part(struct parser *p, const char *name, uint32_t *out)
{
    size_t size = strlen(name);
    const struct token *t = &p->token;
    if (t->kind != TOKEN_WORD || t->size < size || memcmp(t->start, name, size) != 0) return STATUS_OK;
    uint64_t value = 0;
    enum number_result r = read_unsigned(t->start + size, t->size - size, UINT32_MAX, &value);
    if (r == NUMBER_SYNTAX) return unexpected(p, "a number behind \"=\"");
    if (r == NUMBER_RANGE) return fail_at(p, t, WAT_ERROR_I32_RANGE, ": at most 4294967295");
    *out = (uint32_t)value;
    advance(p);
    return STATUS_OK;
}

static enum status write_memarg(struct parser *p, uint32_t natural, struct buffer *out)
{
    uint32_t offset = 0, align = natural;
    TRY(parse_memarg_part(p, "offset=", &offset));
    struct token where = p->token;
    TRY(parse_memarg_part(p, "align=", &align));
    if (align == 0 || (align & (align - 1)) != 0) return fail_at(p, &where, WAT_ERROR_ALIGNMENT, NULL);
    uint32_t exponent = 0;
    while (align >>= 1) exponent++;
    leb_write_u64(out, exponent);
    leb_write_u64(out, offset);
    return STATUS_OK;
}

/* ---- indices ---------------------------------------------------------------------------------------------------- */

static enum status write_index(struct parser *p, enum space space, struct buffer *out)
{
    uint32_t index;
    TRY(parse_index(p, space, &index));
    leb_write_u64(out, index);
    return STATUS_OK;
}

static enum status write_optional_index(struct parser *p, enum space space, struct buffer *out)
{
    uint32_t index;
    TRY(parse_optional_index(p, space, &index));
    leb_write_u64(out, index);
    return STATUS_OK;
}

static enum status write_br_table(struct parser *p, struct buffer *out)
{
    uint32_t count = 0;
    p->labels.size = 0;
    do {
        TRY(write_index(p, SPACE_LABEL, &p->labels));
        count++;
    } while (at_index(p));
    leb_write_u64(out, count - 1); /* the last is the default */
    buffer_append(out, p->labels.data, p->labels.size);
    return p->labels.failed ? error_no_memory(p->e) : STATUS_OK;
}

static enum status write_call_indirect(struct parser *p, struct buffer *out)
{
    uint32_t table;
    struct type_use use;
    TRY(parse_optional_index(p, SPACE_TABLE, &table));
    TRY(parse_type_use(p, false, false, &use));
    leb_write_u64(out, use.index);
    leb_write_u64(out, table);
    return STATUS_OK;
}

/* `table? segment` */
static enum status write_table_init(struct parser *p, struct buffer *out)
{
    uint32_t table = 0, segment;
    bool two = p->next.kind == TOKEN_NUMBER || p->next.kind == TOKEN_ID;
    if (two && at_index(p)) TRY(parse_index(p, SPACE_TABLE, &table));
    TRY(parse_index(p, SPACE_ELEM, &segment));
    leb_write_u64(out, segment);
    leb_write_u64(out, table);
    return STATUS_OK;
}

/* None or both. */
static enum status write_table_copy(struct parser *p, struct buffer *out)
{
    uint32_t destination = 0, source = 0;
    if (at_index(p)) {
        TRY(parse_index(p, SPACE_TABLE, &destination));
        TRY(parse_index(p, SPACE_TABLE, &source));
    }
    leb_write_u64(out, destination);
    leb_write_u64(out, source);
    return STATUS_OK;
}

static void write_zeros(struct buffer *out, int count)
{
    while (count--) buffer_append_byte(out, 0);
}

/* `(result t*)*` makes it the typed one. */
static enum status write_select(struct parser *p, struct buffer *out)
{
    uint32_t count = 0;
    if (!at_form(p, "result")) {
        buffer_append_byte(out, 0x1b);
        return STATUS_OK;
    }
    p->types_scratch.size = 0;
    while (at_form(p, "result")) TRY(parse_locals(p, false, &p->types_scratch, &count));
    if (p->types_scratch.failed) return error_no_memory(p->e);
    buffer_append_byte(out, 0x1c);
    leb_write_u64(out, count);
    buffer_append(out, p->types_scratch.data, count);
    return STATUS_OK;
}

static enum status write_heap_type(struct parser *p, struct buffer *out)
{
    uint8_t type;
    TRY(parse_heap_type(p, &type));
    buffer_append_byte(out, type);
    return STATUS_OK;
}

static enum status write_memory_init(struct parser *p, struct buffer *out)
{
    p->needs_data_count = true;
    TRY(write_index(p, SPACE_DATA, out));
    write_zeros(out, 1);
    return STATUS_OK;
}

enum status parse_immediates(struct parser *p, const struct instruction *i, struct buffer *out)
{
    if (i->immediate == IMMEDIATE_SELECT || i->opcode == 0x1b) return write_select(p, out);
    write_opcode(i->opcode, out);
    switch ((enum immediate_kind)i->immediate) {
    case IMMEDIATE_LABEL: return write_index(p, SPACE_LABEL, out);
    case IMMEDIATE_BR_TABLE: return write_br_table(p, out);
    case IMMEDIATE_FUNC: return write_index(p, SPACE_FUNC, out);
    case IMMEDIATE_CALL_INDIRECT: return write_call_indirect(p, out);
    case IMMEDIATE_LOCAL: return write_index(p, SPACE_LOCAL, out);
    case IMMEDIATE_GLOBAL: return write_index(p, SPACE_GLOBAL, out);
    case IMMEDIATE_TABLE: return write_optional_index(p, SPACE_TABLE, out);
    case IMMEDIATE_MEMORY1: return write_memarg(p, 1, out);
    case IMMEDIATE_MEMORY2: return write_memarg(p, 2, out);
    case IMMEDIATE_MEMORY4: return write_memarg(p, 4, out);
    case IMMEDIATE_MEMORY8: return write_memarg(p, 8, out);
    case IMMEDIATE_MEMORY_INDEX: write_zeros(out, 1); return STATUS_OK;
    case IMMEDIATE_MEMORY_COPY: write_zeros(out, 2); return STATUS_OK;
    case IMMEDIATE_MEMORY_INIT: return write_memory_init(p, out);
    case IMMEDIATE_DATA: p->needs_data_count = true; return write_index(p, SPACE_DATA, out);
    case IMMEDIATE_ELEM: return write_index(p, SPACE_ELEM, out);
    case IMMEDIATE_TABLE_INIT: return write_table_init(p, out);
    case IMMEDIATE_TABLE_COPY: return write_table_copy(p, out);
    case IMMEDIATE_I32: return write_int(p, 32, out);
    case IMMEDIATE_I64: return write_int(p, 64, out);
    case IMMEDIATE_F32: return write_float(p, 32, out);
    case IMMEDIATE_F64: return write_float(p, 64, out);
    case IMMEDIATE_REF_TYPE: return write_heap_type(p, out);
    case IMMEDIATE_NONE:
    case IMMEDIATE_BLOCK:
    case IMMEDIATE_SELECT: break;
    }
    return STATUS_OK;
}
