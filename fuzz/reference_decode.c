/* Reads the sections that the generator writes. Nothing is checked but that arrays suffice: the module was
 * validated. */
#include "base/leb128.h"
#include "fuzz/reference_state.h"

#include <stdlib.h>

static uint32_t read_u(const uint8_t **p, const uint8_t *end)
{
    uint32_t v = 0;
    leb_read_u32(p, end, &v);
    return v;
}

/* A constant expression of one instruction. */
static uint64_t constant(const uint8_t **p, const uint8_t *end)
{
    uint64_t v = 0;
    int32_t i32 = 0;
    int64_t i64 = 0;
    switch (*(*p)++) {
    case 0x41:
        leb_read_s32(p, end, &i32);
        v = (uint32_t)i32;
        break;
    case 0x42:
        leb_read_s64(p, end, &i64);
        v = (uint64_t)i64;
        break;
    case 0x43:
        v = load_le32(*p);
        *p += 4;
        break;
    case 0x44:
        v = load_le64(*p);
        *p += 8;
        break;
    case 0xd2: v = read_u(p, end) + 1u; break;
    default: (*p)++; break; /* ref.null */
    }
    (*p)++; /* end */
    return v;
}

static void read_globals(struct reference *r, const uint8_t *p, const uint8_t *end)
{
    r->globals = read_u(&p, end);
    for (uint32_t i = 0; i < r->globals; i++) {
        p += 2;
        r->global[i] = constant(&p, end);
    }
}

static void read_tables(struct reference *r, const uint8_t *p, const uint8_t *end)
{
    r->tables = read_u(&p, end);
    for (uint32_t i = 0; i < r->tables; i++) {
        p++;
        bool has_max = *p++;
        r->table[i].size = read_u(&p, end);
        r->table[i].max = has_max ? read_u(&p, end) : REFERENCE_MAX_ELEMENTS;
    }
}

static void read_memory(struct reference *r, const uint8_t *p, const uint8_t *end)
{
    p++;
    bool has_max = *p++;
    r->pages = read_u(&p, end);
    r->max_pages = has_max ? read_u(&p, end) : REFERENCE_MAX_PAGES;
}

static void read_elements(struct reference *r, const uint8_t *p, const uint8_t *end)
{
    r->element_segments = read_u(&p, end);
    for (uint32_t i = 0; i < r->element_segments; i++) {
        struct reference_segment *s = &r->element[i];
        uint32_t flags = read_u(&p, end);
        uint64_t offset = flags == 0 ? constant(&p, end) : 0;
        if (flags) p++; /* element kind or type */
        s->count = read_u(&p, end);
        for (uint32_t k = 0; k < s->count; k++) s->refs[k] = flags == 5 ? constant(&p, end) : read_u(&p, end) + 1u;
        if (flags == 0) memcpy(r->table[0].element + offset, s->refs, s->count * 8);
        if (flags != 5) s->count = 0; /* dropped */
    }
}

static void read_data(struct reference *r, const uint8_t *p, const uint8_t *end)
{
    r->data_segments = read_u(&p, end);
    for (uint32_t i = 0; i < r->data_segments; i++) {
        struct reference_segment *s = &r->data[i];
        uint32_t flags = read_u(&p, end);
        uint64_t offset = flags == 0 ? constant(&p, end) : 0;
        s->count = read_u(&p, end);
        s->data = p;
        p += s->count;
        if (flags == 0) {
            memcpy(r->memory + offset, s->data, s->count);
            s->count = 0;
        }
    }
}

static void read_types(struct reference *r, const uint8_t *p, const uint8_t *end)
{
    r->types = read_u(&p, end);
    for (uint32_t i = 0; i < r->types; i++) {
        uint8_t *types = calloc(1, 64);
        struct functype *t = &r->type[i];
        t->types = types;
        p++;
        t->params = read_u(&p, end);
        if (types) memcpy(types, p, t->params);
        p += t->params;
        t->results = read_u(&p, end);
        if (types) memcpy(types + t->params, p, t->results);
        p += t->results;
    }
}

/* ---- code -------------------------------------------------------------------------------------------------------- */

/* Skips an instruction's immediates. */
static void skip(uint8_t opcode, const uint8_t **p, const uint8_t *end)
{
    int64_t s = 0;
    uint32_t n;
    switch (opcode) {
    case 0x02: case 0x03: case 0x04: leb_read_s33(p, end, &s); break;
    case 0x0e:
        for (n = read_u(p, end) + 1u; n; n--) read_u(p, end);
        break;
    case 0x1c: *p += 2; break;
    case 0x41: case 0x42: leb_read_s64(p, end, &s); break;
    case 0x43: *p += 4; break;
    case 0x44: *p += 8; break;
    case 0x0c: case 0x0d: case 0x10: case 0x20: case 0x21: case 0x22: case 0x23: case 0x24: case 0x25: case 0x26:
    case 0x3f: case 0x40: case 0xd0: case 0xd2: read_u(p, end); break;
    case 0x11: read_u(p, end); read_u(p, end); break;
    case 0xfc:
        n = read_u(p, end);
        if (n >= 8) read_u(p, end);
        if (n == 8 || n == 10 || n == 12 || n == 14) read_u(p, end);
        break;
    default:
        if (opcode >= 0x28 && opcode <= 0x3e) {
            read_u(p, end);
            read_u(p, end);
        }
        break;
    }
}

/* Finds the end (and else) of every block. */
static bool match(struct reference_function *f)
{
    size_t size = (size_t)(f->end - f->code);
    f->match = calloc(size + 1, sizeof *f->match);
    f->match_else = calloc(size + 1, sizeof *f->match_else);
    uint32_t *open = calloc(size + 1, sizeof *open);
    if (!f->match || !f->match_else || !open) {
        free(open);
        return false;
    }
    uint32_t depth = 0;
    for (const uint8_t *p = f->code; p < f->end;) {
        uint32_t at = (uint32_t)(p - f->code);
        uint8_t opcode = *p++;
        skip(opcode, &p, f->end);
        if (opcode >= 0x02 && opcode <= 0x04) open[depth++] = at;
        else if (opcode == 0x05) f->match_else[open[depth - 1]] = at;
        else if (opcode == 0x0b && depth > 0) f->match[open[--depth]] = at;
    }
    free(open);
    return true;
}

static bool read_code(struct reference *r)
{
    struct bytes all = module_bytes(r->module);
    r->functions = (uint32_t)module_function_count(r->module);
    for (uint32_t i = 0; i < r->functions; i++) {
        struct function_info info = module_function(r->module, i);
        struct reference_function *f = &r->function[i];
        f->type = info.type;
        if (info.imported) {
            r->imports++;
            continue;
        }
        f->code = all.data + info.offset;
        f->end = f->code + info.size;
        f->locals = f->type.params;
        for (uint32_t runs = read_u(&f->code, f->end); runs; runs--) {
            f->locals += read_u(&f->code, f->end);
            f->code++;
        }
        if (!match(f)) return false;
    }
    return true;
}

struct reference *reference_new(const struct module *m, reference_host host, void *user)
{
    struct reference *r = calloc(1, sizeof *r);
    if (!r) return NULL;
    r->module = m;
    r->host = host;
    r->user = user;
    r->memory = calloc(REFERENCE_MAX_PAGES, 65536);
    struct bytes all = module_bytes(m);
    bool ok = r->memory != NULL;
    for (size_t i = 0; ok && i < module_section_count(m); i++) {
        struct section_info s = module_section(m, i);
        const uint8_t *p = all.data + s.offset, *end = p + s.size;
        switch (s.id) {
        case 1: read_types(r, p, end); break;
        case 4: read_tables(r, p, end); break;
        case 5: read_memory(r, p, end); break;
        case 6: read_globals(r, p, end); break;
        case 9: read_elements(r, p, end); break;
        case 11: read_data(r, p, end); break;
        default: break;
        }
    }
    if (ok && read_code(r)) return r;
    reference_free(r);
    return NULL;
}

void reference_free(struct reference *r)
{
    if (!r) return;
    for (uint32_t i = 0; i < r->functions; i++) {
        free(r->function[i].match);
        free(r->function[i].match_else);
    }
    for (uint32_t i = 0; i < r->types; i++) free((void *)(uintptr_t)r->type[i].types);
    free(r->memory);
    free(r);
}
