/* Production meters a contract by rewriting it: every charge becomes a piece of WebAssembly. How large the rewritten
 * module is decides whether the contract is accepted, so it is computed here to the byte, without writing it.
 * Source: near-vm-runner, prepare/instrument_v3.rs, and wasm-encoder 0.236, which it writes with. */
#include <stdlib.h>

#include "host/contract.h"
#include "vm/preparation.h"

enum {
    GAS_EXHAUSTED = 0, STACK_EXHAUSTED = 1, GAS_PAY = 2, /* their indices, all of one byte */
    MOST_CHARGE = 42,              /* bytes of one charge, at most */
    MOST_FUNCTION = 130,           /* bytes added to a function besides */
};

/* ---- sizes of encoded things ------------------------------------------------------------------------------------- */

static uint64_t uleb(uint64_t v)
{
    uint64_t n = 1;
    while (v >>= 7) n++;
    return n;
}

static uint64_t sleb(int64_t v)
{
    uint64_t n = 1;
    for (; v < -64 || v > 63; n++) v >>= 7;
    return n;
}

static uint64_t section(uint64_t size)
{
    return 1 + uleb(size) + size;
}

static uint64_t const_expr(const struct const_expr *x)
{
    switch (x->kind) {
    case CONST_GLOBAL: return 1 + uleb(x->value) + 1;
    case CONST_FUNC: return 1 + uleb(x->value + ADDED_IMPORTS) + 1;
    case CONST_VALUE: break;
    }
    switch (x->type) {
    case TYPE_I32: return 1 + sleb((int32_t)x->value) + 1;
    case TYPE_I64: return 1 + sleb((int64_t)x->value) + 1;
    case TYPE_F32: return 1 + 4 + 1;
    case TYPE_F64: return 1 + 8 + 1;
    default: return 1 + 1 + 1; /* ref.null */
    }
}

/* ---- code -------------------------------------------------------------------------------------------------------- */

struct rewriting {
    const struct module *m;
    uint64_t get_gas, get_stack;   /* bytes of global.get (or .set) of the two added globals */
    uint64_t unstack;              /* of this function: giving back its stack */
    uint64_t local, count;         /* bytes of local.get of the two added locals */
};

/* if … else call $f unreachable end */
enum { IF_NOT = 2 + 1 + 2 + 1 + 1 };

static uint64_t const_i64(uint64_t v)
{
    return 1 + sleb((int64_t)v);
}

/* $stack 0 amount 0, a 128-bit operation, eqz, the branch, and the new value */
static uint64_t move_stack(const struct rewriting *w, uint64_t amount)
{
    return w->get_stack + 2 + const_i64(amount) + 2 + 2 + 1 + IF_NOT + w->get_stack;
}

static uint64_t charge(const struct rewriting *w, uint64_t amount)
{
    if (amount == 0) return 0;
    uint64_t constant = const_i64(amount);
    return w->get_gas + constant + 1 + 2 + constant + 2 + 1 + 1 + w->get_gas + constant + 1 + w->get_gas + 1;
}

static uint64_t linear_charge(const struct rewriting *w, uint64_t amount)
{
    uint64_t sum = w->count + 1 + const_i64(w->m->schedule.linear_unit) + 2 + 1 + IF_NOT + 2 + const_i64(amount) + 2 +
                   2 + 1 + IF_NOT;
    return sum + w->local + w->get_gas + 1 + 2 + w->local + 2 + 1 + 1 + w->get_gas + w->local + 1 + w->get_gas + 1 +
           w->count;
}

/* What instructions grow by when they are written again. */
static uint64_t instruction_growth(const struct rewriting *w, struct reader *r, bool last)
{
    const uint8_t *at = r->p;
    uint32_t opcode = read_byte(r);
    if (opcode == 0xfc) opcode = 0xfc00 + read_u32(r);
    const struct opcode_info *info = opcode_find(opcode);
    if (!info) return 0;
    if (opcode == OPCODE_CALL || opcode == OPCODE_REF_FUNC) {
        uint32_t f = read_u32(r);
        return uleb((uint64_t)f + ADDED_IMPORTS) + 1 - (uint64_t)(r->p - at);
    }
    opcode_skip_immediate(r, info);
    if (opcode == OPCODE_RETURN) return w->unstack;
    return last ? 1 + w->unstack : 0;
}

static uint64_t frame_bytes(const struct rewriting *w, const uint8_t *types, uint32_t count)
{
    const struct fee_schedule *s = &w->m->schedule;
    uint64_t bytes = s->frame_bytes;
    for (uint32_t i = 0; i < count; i++)
        bytes += types[i] == TYPE_I32 || types[i] == TYPE_F32 ? s->bytes32 : s->bytes64;
    return bytes;
}

/* The declarations of locals, written again with two more. Leaves the reader behind them. */
static uint64_t locals_size(struct reader *r)
{
    uint32_t groups = read_u32(r);
    uint64_t size = uleb(groups + 2ull) + 2 + 2;
    for (uint32_t i = 0; i < groups; i++) {
        size += uleb(read_u32(r)) + 1;
        r->p++;
    }
    return size;
}

static uint64_t charges_size(const struct rewriting *w, const struct gas_point *p, uint32_t count)
{
    uint64_t size = 0;
    for (uint32_t i = 0; i < count;) {
        uint32_t first = i;
        uint64_t cost = 0;
        do cost += p[i].cost;
        while (++i < count && !p[i].first);
        if (p[first].kind == GAS_UNREACHABLE) continue;
        bool linear = p[first].kind == GAS_BULK && w->m->schedule.linear_unit;
        size += linear ? linear_charge(w, cost) : charge(w, cost);
    }
    return size;
}

/* A function's body, its own length included. UINT64_MAX: no memory. */
static uint64_t body_size(struct rewriting *w, const struct body *b, uint8_t *types)
{
    const struct module *m = w->m;
    struct error ignored;
    const uint8_t *start = m->bytes.data + b->offset;
    struct reader r = {.p = start, .end = start + b->size, .base = m->bytes.data, .e = &ignored};
    struct reader declarations = r;
    uint32_t locals = read_locals(&r, m, &m->types[b->type], types);
    struct gas_point *points;
    uint32_t count;
    uint64_t operands;
    if (!stack_bytes(m, b, types, &operands) || !gas_points(m, b, &points, &count)) return UINT64_MAX;
    uint64_t frame = frame_bytes(w, types, locals), stack = frame + operands;
    w->local = 1 + uleb(locals);
    w->count = 1 + uleb(locals + 1ull);
    w->unstack = move_stack(w, stack);
    uint64_t size = locals_size(&declarations) + 2 + move_stack(w, stack);
    size += charge(w, (frame + 7) / 8 * m->schedule.frame_unit) + charges_size(w, points, count);
    size += (uint64_t)(r.end - r.p);
    for (uint32_t i = 0; i < count; i++) size += instruction_growth(w, &r, i + 1 == count);
    free(points);
    return uleb(size) + size;
}

static uint64_t code_size(struct rewriting *w)
{
    const struct module *m = w->m;
    uint8_t *types = malloc((size_t)m->most_locals + 1);
    uint64_t size = uleb(m->body_count);
    for (uint32_t i = 0; types && i < m->body_count; i++) {
        uint64_t body = body_size(w, &m->bodies[i], types);
        if (body == UINT64_MAX) {
            free(types);
            return UINT64_MAX;
        }
        size += body;
    }
    if (!types) return UINT64_MAX;
    free(types);
    return m->body_count ? section(size) : 0;
}

/* ---- the other sections ------------------------------------------------------------------------------------------ */

static const struct section_info *find_section(const struct module *m, uint8_t id)
{
    for (uint32_t i = 0; i < m->section_count; i++)
        if (m->sections[i].id == id) return &m->sections[i];
    return NULL;
}

static uint64_t copied(const struct module *m, uint8_t id)
{
    const struct section_info *s = find_section(m, id);
    return s ? section(s->size) : 0;
}

static uint64_t types_size(const struct module *m, bool added)
{
    uint64_t count = m->type_count + (added ? 2u : 0u), size = uleb(count) + (added ? 3 + 4 : 0);
    for (uint32_t i = 0; i < m->type_count; i++) {
        const struct functype *t = &m->types[i];
        size += 1 + uleb(t->params) + t->params + uleb(t->results) + t->results;
    }
    return count ? section(size) : 0;
}

static uint64_t import_size(size_t module, size_t name, uint64_t type)
{
    return uleb(module) + module + uleb(name) + name + 1 + uleb(type);
}

static uint64_t imports_size(const struct module *m)
{
    const size_t internal = strlen("internal");
    uint64_t size = uleb(m->import_count + (uint64_t)ADDED_IMPORTS);
    size += import_size(internal, strlen("finite_wasm_gas_exhausted"), m->type_count);
    size += import_size(internal, strlen("finite_wasm_stack_exhausted"), m->type_count);
    size += import_size(internal, strlen("finite_wasm_gas"), m->type_count + 1ull);
    for (uint32_t i = 0; i < m->import_count; i++)
        size += import_size(m->imports[i].module.size, m->imports[i].name.size, m->import_types[i]);
    return section(size);
}

static uint64_t functions_size(const struct module *m)
{
    uint64_t size = uleb(m->body_count);
    for (uint32_t i = 0; i < m->body_count; i++) size += uleb(m->function_types[m->imported_functions + i]);
    return m->body_count ? section(size) : 0;
}

/* With `added`, two more: remaining gas, from zero on, and remaining stack. */
static uint64_t globals_size(const struct module *m, bool added, uint64_t stack_height)
{
    uint64_t count = m->global_count + (added ? 2u : 0u);
    uint64_t size = uleb(count) + (added ? 2 + 3 + 2 + const_i64(stack_height) + 1 : 0);
    for (uint32_t i = 0; i < m->global_count; i++) size += 2 + const_expr(&m->globals[i].init);
    return count ? section(size) : 0;
}

static uint64_t export_size(size_t name, uint64_t index)
{
    return uleb(name) + name + 1 + uleb(index);
}

static uint64_t exports_size(const struct module *m, bool gas_global)
{
    uint64_t count = 1, size = export_size(strlen("memory"), 0);
    for (uint32_t i = 0; i < m->export_count; i++) {
        const struct export_info *x = &m->exports[i];
        if (x->type.kind == EXTERN_MEMORY) continue;
        count++;
        size += export_size(x->name.size + 1, x->index + (x->type.kind == EXTERN_FUNC ? (uint64_t)ADDED_IMPORTS : 0));
    }
    if (gas_global) {
        count++;
        size += export_size(strlen("remaining_gas"), m->global_count);
    }
    if (m->has_start) {
        count++;
        size += export_size(strlen("start"), m->start + (uint64_t)ADDED_IMPORTS);
    }
    return section(uleb(count) + size);
}

static uint64_t element_size(const struct element_segment *s)
{
    uint64_t size = 1 + uleb(s->count) + ((s->flags & 3) ? 1 : 0);
    if (s->mode == SEGMENT_ACTIVE) size += const_expr(&s->offset) + ((s->flags & 2) ? uleb(s->table) : 0);
    for (uint32_t i = 0; i < s->count; i++)
        size += s->flags & 4 ? const_expr(&s->items[i]) : uleb(s->items[i].value + ADDED_IMPORTS);
    return size;
}

static uint64_t elements_size(const struct module *m)
{
    uint64_t size = uleb(m->element_count);
    for (uint32_t i = 0; i < m->element_count; i++) size += element_size(&m->elements[i]);
    return m->element_count ? section(size) : 0;
}

/* ---- all of it --------------------------------------------------------------------------------------------------- */

/* Imports are added in front of the others, where there is code or a section of imports, be it empty; likewise the
 * globals, at the end of theirs. */
bool rewriting_adds_imports(const struct module *m)
{
    enum { IMPORT = 2 };
    return m->body_count || find_section(m, IMPORT);
}

bool rewriting_adds_globals(const struct module *m)
{
    enum { GLOBAL = 6 };
    return m->body_count || find_section(m, GLOBAL);
}

/* No less than the true size, and found without looking at the code. */
static uint64_t upper_bound(const struct module *m)
{
    uint64_t size = m->bytes.size + 1000 + 4ull * m->type_count + 8ull * m->import_count + 8ull * m->export_count +
                    8ull * m->global_count;
    for (uint32_t i = 0; i < m->element_count; i++) size += 8 + 4ull * m->elements[i].count;
    for (uint32_t i = 0; i < m->body_count; i++) size += MOST_FUNCTION + (uint64_t)m->bodies[i].charges * MOST_CHARGE;
    return size;
}

uint64_t rewritten_size(const struct module *m, uint64_t stack_height, uint64_t enough)
{
    uint64_t bound = upper_bound(m);
    if (bound <= enough || !m->config.schedule) return bound <= enough ? bound : m->bytes.size;
    enum { TABLE = 4, DATA = 11, DATA_COUNT = 12, HEADER = 8, MEMORY = 8 };
    bool imports = rewriting_adds_imports(m), globals = rewriting_adds_globals(m);
    struct rewriting w = {
        .m = m,
        .get_gas = 1 + uleb(m->global_count),
        .get_stack = 1 + uleb(m->global_count + 1ull),
    };
    uint64_t code = code_size(&w);
    if (code == UINT64_MAX) return code;
    return HEADER + MEMORY + types_size(m, imports) + (imports ? imports_size(m) : 0) + functions_size(m) +
           copied(m, TABLE) + globals_size(m, globals, stack_height) + exports_size(m, globals) + elements_size(m) +
           copied(m, DATA_COUNT) + code + copied(m, DATA);
}
