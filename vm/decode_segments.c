/* Constant expressions, element segments and data segments. */
#include "vm/decode.h"
#include "vm/opcodes.h"

bool declare_function(struct decoder *d, uint32_t index, const uint8_t *at)
{
    struct module *m = d->m;
    if (index >= m->function_count) return reader_fail(&d->r, VM_ERROR_UNKNOWN_FUNCTION, at, "%u", index);
    if (!m->declared) {
        m->declared = decoder_array(d, m->function_count / 8 + 1, 1);
        if (!m->declared) return false;
    }
    m->declared[index / 8] |= (uint8_t)(1 << index % 8);
    return true;
}

static bool const_global(struct decoder *d, uint32_t index, const uint8_t *at, struct const_expr *out)
{
    const struct module *m = d->m;
    if (index >= m->global_count || index >= m->imported_globals)
        return reader_fail(&d->r, VM_ERROR_UNKNOWN_GLOBAL, at, "%u", index);
    if (m->globals[index].is_mutable)
        return reader_fail(&d->r, VM_ERROR_CONSTANT_EXPRESSION, at, "global %u is mutable", index);
    *out = (struct const_expr){CONST_GLOBAL, m->globals[index].type, index};
    return true;
}

/* One instruction of a constant expression. */
static bool const_instruction(struct decoder *d, uint8_t opcode, const uint8_t *at, struct const_expr *out)
{
    struct reader *r = &d->r;
    struct bytes raw;
    uint8_t type;
    switch (opcode) {
    case OPCODE_I32_CONST: *out = (struct const_expr){CONST_VALUE, TYPE_I32, (uint32_t)read_s32(r)}; break;
    case OPCODE_I64_CONST: *out = (struct const_expr){CONST_VALUE, TYPE_I64, (uint64_t)read_s64(r)}; break;
    case OPCODE_F32_CONST:
        raw = read_bytes(r, 4);
        if (!r->failed) *out = (struct const_expr){CONST_VALUE, TYPE_F32, load_le32(raw.data)};
        break;
    case OPCODE_F64_CONST:
        raw = read_bytes(r, 8);
        if (!r->failed) *out = (struct const_expr){CONST_VALUE, TYPE_F64, load_le64(raw.data)};
        break;
    case OPCODE_GLOBAL_GET: {
        uint32_t i = read_u32(r);
        return !r->failed && const_global(d, i, at, out);
    }
    case OPCODE_REF_NULL:
        if (!(d->m->config.features & FEATURE_REFERENCE_TYPES))
            return reader_fail(r, VM_ERROR_FEATURE, at, "ref.null");
        if (!decode_reference_type(d, &type)) return false;
        *out = (struct const_expr){CONST_VALUE, type, 0};
        break;
    case OPCODE_REF_FUNC: {
        if (!(d->m->config.features & FEATURE_REFERENCE_TYPES))
            return reader_fail(r, VM_ERROR_FEATURE, at, "ref.func");
        uint32_t i = read_u32(r);
        if (r->failed || !declare_function(d, i, at)) return false;
        *out = (struct const_expr){CONST_FUNC, TYPE_FUNCREF, i};
        break;
    }
    default:
        if (!opcode_find(opcode) && opcode != 0xfc)
            return reader_fail(r, VM_ERROR_ILLEGAL_OPCODE, at, "0x%02x", opcode);
        return reader_fail(r, VM_ERROR_CONSTANT_EXPRESSION, at, "%s",
                           opcode == 0xfc ? "0xfc" : opcode_find(opcode)->text);
    }
    return !r->failed;
}

bool decode_const_expr(struct decoder *d, uint8_t type, struct const_expr *out)
{
    struct reader *r = &d->r;
    uint32_t values = 0;
    for (;;) {
        const uint8_t *at = r->p;
        if (r->p == r->end) return reader_fail(r, VM_ERROR_EXPRESSION_END, at, NULL);
        uint8_t opcode = read_byte(r);
        if (opcode == OPCODE_END) {
            if (values == 1 && out->type == type) return true;
            if (values == 1)
                return reader_fail(r, VM_ERROR_TYPE_MISMATCH, at, "constant expression of type %s, expected %s",
                                   valtype_name(out->type), valtype_name(type));
            return reader_fail(r, VM_ERROR_TYPE_MISMATCH, at, "constant expression with %u values, expected one",
                               values);
        }
        if (!const_instruction(d, opcode, at, out)) return false;
        values++;
    }
}

static bool segment_table(struct decoder *d, struct element_segment *s, const uint8_t *at)
{
    if (s->table >= d->m->table_count) return reader_fail(&d->r, VM_ERROR_UNKNOWN_TABLE, at, "%u", s->table);
    return true;
}

/* Elements given as function indices. */
static void decode_function_items(struct decoder *d, struct element_segment *s)
{
    struct reader *r = &d->r;
    s->count = read_count(r, LIMIT_TABLE_ELEMENTS, "elements of a segment");
    struct const_expr *items = decoder_array(d, s->count, sizeof *items);
    for (uint32_t i = 0; i < s->count && !r->failed; i++) {
        const uint8_t *at = r->p;
        uint32_t f = read_u32(r);
        if (r->failed || !declare_function(d, f, at)) return;
        items[i] = (struct const_expr){CONST_FUNC, TYPE_FUNCREF, f};
    }
    s->items = items;
}

/* Elements given as constant expressions. */
static void decode_expression_items(struct decoder *d, struct element_segment *s)
{
    struct reader *r = &d->r;
    s->count = read_count(r, LIMIT_TABLE_ELEMENTS, "elements of a segment");
    struct const_expr *items = decoder_array(d, s->count, sizeof *items);
    for (uint32_t i = 0; i < s->count && !r->failed; i++)
        if (!decode_const_expr(d, s->type, &items[i])) return;
    s->items = items;
}

/* Section 5.5.12: bit 0 passive or declarative, bit 1 an explicit table (or declarative), bit 2 expressions. */
static void decode_element(struct decoder *d, struct element_segment *s)
{
    struct reader *r = &d->r;
    const uint8_t *at = r->p;
    uint32_t flags = read_u32(r);
    if (r->failed) return;
    if (flags > 7) {
        reader_fail(r, VM_ERROR_ELEMENT_FLAGS, at, "%u", flags);
        return;
    }
    s->flags = (uint8_t)flags;
    bool explicit_table = (flags & 3) == 2;
    if (!(d->m->config.features & FEATURE_BULK_MEMORY) && flags != 0 && !explicit_table) {
        reader_fail(r, VM_ERROR_FEATURE, at, "passive element segments and expressions need bulk memory");
        return;
    }
    s->mode = !(flags & 1) ? SEGMENT_ACTIVE : flags & 2 ? SEGMENT_DECLARATIVE : SEGMENT_PASSIVE;
    s->type = TYPE_FUNCREF;
    at = r->p;
    if (s->mode == SEGMENT_ACTIVE) {
        if (explicit_table) s->table = read_u32(r);
        if (r->failed || !segment_table(d, s, at) || !decode_const_expr(d, TYPE_I32, &s->offset)) return;
    }
    at = r->p;
    if (flags & 3) {
        if (flags & 4) {
            if (!decode_reference_type(d, &s->type)) return;
        } else {
            uint8_t kind = read_byte(r);
            if (!r->failed && kind != 0) reader_fail(r, VM_ERROR_ELEMENT_KIND, at, "0x%02x", kind);
        }
    }
    if (r->failed) return;
    if (s->mode == SEGMENT_ACTIVE && d->m->tables[s->table].type != s->type) {
        reader_fail(r, VM_ERROR_TYPE_MISMATCH, at, "segment of %s for a table of %s", valtype_name(s->type),
                    valtype_name(d->m->tables[s->table].type));
        return;
    }
    if (flags & 4) decode_expression_items(d, s);
    else decode_function_items(d, s);
}

void decode_elements(struct decoder *d)
{
    struct module *m = d->m;
    uint32_t count = read_count(&d->r, m->config.limits.element_segments, "element segments");
    m->elements = decoder_array(d, count, sizeof *m->elements);
    for (uint32_t i = 0; i < count && !d->r.failed; i++) {
        decode_element(d, &m->elements[i]);
        decoder_look(d, m->elements[i].count + (uint64_t)16);
    }
    if (!d->r.failed) m->element_count = count;
}

void decode_data_count(struct decoder *d)
{
    const uint8_t *at = d->r.p;
    d->m->data_count = read_u32(&d->r);
    if (!d->r.failed && d->m->data_count > d->m->config.limits.data_segments)
        reader_fail(&d->r, VM_ERROR_LIMIT, at, "%u data segments, at most %u are allowed", d->m->data_count,
                    d->m->config.limits.data_segments);
    d->m->has_data_count = true;
}

static void decode_data_segment(struct decoder *d, struct data_segment *s)
{
    struct reader *r = &d->r;
    const uint8_t *at = r->p;
    uint32_t flags = read_u32(r);
    if (!r->failed && flags > 2) reader_fail(r, VM_ERROR_DATA_FLAGS, at, "%u", flags);
    if (!r->failed && flags == 1 && !(d->m->config.features & FEATURE_BULK_MEMORY))
        reader_fail(r, VM_ERROR_FEATURE, at, "passive data segments need bulk memory");
    s->mode = flags == 1 ? SEGMENT_PASSIVE : SEGMENT_ACTIVE;
    at = r->p;
    if (flags == 2) s->memory = read_u32(r);
    if (r->failed) return;
    if (s->mode == SEGMENT_ACTIVE) {
        if (s->memory >= d->m->memory_count) {
            reader_fail(r, VM_ERROR_UNKNOWN_MEMORY, at, "%u", s->memory);
            return;
        }
        if (!decode_const_expr(d, TYPE_I32, &s->offset)) return;
    }
    uint32_t size = read_u32(r);
    if (!r->failed) s->bytes = read_bytes(r, size);
}

void decode_data(struct decoder *d)
{
    struct module *m = d->m;
    const uint8_t *at = d->r.p;
    uint32_t count = read_count(&d->r, m->config.limits.data_segments, "data segments");
    if (!d->r.failed && m->has_data_count && count != m->data_count) {
        reader_fail(&d->r, VM_ERROR_DATA_COUNT, at, "%u announced, %u there", m->data_count, count);
        return;
    }
    m->data = decoder_array(d, count, sizeof *m->data);
    for (uint32_t i = 0; i < count && decoder_look(d, 16); i++) decode_data_segment(d, &m->data[i]);
    if (!d->r.failed) m->data_segments = count;
}
