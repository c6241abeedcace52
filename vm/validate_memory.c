/* Instructions on memories, tables and segments, but for loads and stores. */
#include "vm/validator.h"

bool read_zero(struct validator *v)
{
    const uint8_t *at = v->r.p;
    uint8_t zero = read_byte(&v->r);
    if (v->r.failed) return false;
    return zero == 0 ? true : reader_fail(&v->r, VM_ERROR_ZERO_BYTE, at, "0x%02x", zero);
}

bool need_memory(struct validator *v)
{
    return v->m->memory_count ? true : FAIL(UNKNOWN_MEMORY, "0, there is none");
}

static bool need_data_count(struct validator *v)
{
    return v->m->has_data_count ? true : FAIL(DATA_COUNT_MISSING, NULL);
}

static bool read_data_index(struct validator *v, uint32_t *i)
{
    *i = read_u32(&v->r);
    return !v->r.failed && need_data_count(v);
}

static bool check_data(struct validator *v, uint32_t i)
{
    return i < v->m->data_count ? true : FAIL(UNKNOWN_DATA, "%u, there are %u", i, v->m->data_count);
}

static bool check_element(struct validator *v, uint32_t i)
{
    return i < v->m->element_count ? true : FAIL(UNKNOWN_ELEMENT, "%u, there are %u", i, v->m->element_count);
}

static bool read_memory_index(struct validator *v)
{
    if (!v->m->config.padded_memory_index) return read_zero(v);
    uint32_t i = read_u32(&v->r);
    if (v->r.failed) return false;
    return i == 0 ? true : FAIL(UNKNOWN_MEMORY, "%u", i);
}

static bool pop_i32(struct validator *v, unsigned n)
{
    while (n--)
        if (!pop(v, TYPE_I32)) return false;
    return true;
}

static bool same_types(struct validator *v, uint8_t a, uint8_t b)
{
    return a == b ? true : FAIL(TYPE_MISMATCH, "%s and %s", valtype_name(a), valtype_name(b));
}

static bool do_table_init(struct validator *v)
{
    uint32_t table, segment = read_u32(&v->r);
    return !v->r.failed && read_table(v, &table) && check_element(v, segment) &&
           same_types(v, v->m->elements[segment].type, v->m->tables[table].type) && pop_i32(v, 3);
}

static bool do_table_copy(struct validator *v)
{
    uint32_t to, from;
    return read_table(v, &to) && read_table(v, &from) &&
           same_types(v, v->m->tables[to].type, v->m->tables[from].type) && pop_i32(v, 3);
}

bool do_bulk(struct validator *v, uint32_t opcode)
{
    uint32_t i;
    switch (opcode) {
    case OPCODE_MEMORY_INIT:
        return read_data_index(v, &i) && read_memory_index(v) && need_memory(v) && check_data(v, i) && pop_i32(v, 3);
    case OPCODE_DATA_DROP: return read_data_index(v, &i) && check_data(v, i);
    case OPCODE_MEMORY_COPY:
        return read_memory_index(v) && read_memory_index(v) && need_memory(v) && pop_i32(v, 3);
    case OPCODE_MEMORY_FILL: return read_memory_index(v) && need_memory(v) && pop_i32(v, 3);
    case OPCODE_TABLE_INIT: return do_table_init(v);
    case OPCODE_ELEM_DROP:
        i = read_u32(&v->r);
        return !v->r.failed && check_element(v, i);
    case OPCODE_TABLE_COPY: return do_table_copy(v);
    case OPCODE_TABLE_GROW:
        return read_table(v, &i) && pop(v, TYPE_I32) && pop(v, v->m->tables[i].type) && push(v, TYPE_I32);
    case OPCODE_TABLE_SIZE: return read_table(v, &i) && push(v, TYPE_I32);
    case OPCODE_TABLE_FILL:
        return read_table(v, &i) && pop(v, TYPE_I32) && pop(v, v->m->tables[i].type) && pop(v, TYPE_I32);
    }
    return FAIL(ILLEGAL_OPCODE, "0x%x", opcode);
}

bool do_table_access(struct validator *v, uint32_t opcode)
{
    uint32_t i;
    if (!read_table(v, &i)) return false;
    uint8_t type = v->m->tables[i].type;
    if (opcode == OPCODE_TABLE_GET) return pop(v, TYPE_I32) && push(v, type);
    return pop(v, type) && pop(v, TYPE_I32);
}
