/* Blocks, branches, calls. */
#include <stdlib.h>

#include "vm/validator.h"

static bool push_control(struct validator *v, uint8_t opcode, struct functype type)
{
    if (v->depth > v->m->config.limits.nesting)
        return FAIL(LIMIT, "blocks nested more than %u deep", v->m->config.limits.nesting);
    if (v->depth == v->control_capacity) {
        struct control *control = realloc(v->control, (size_t)v->control_capacity * 2 * sizeof *control);
        if (!control) return no_memory(v);
        v->control = control;
        v->control_capacity *= 2;
    }
    v->control[v->depth] = (struct control){.opcode = opcode, .height = v->height, .type = type, .weight = v->weight,
                                            .dead = top(v)->dead || top(v)->unreachable};
    v->depth++;
    return push_list(v, type.types, type.params);
}

static bool pop_control(struct validator *v, struct control *out)
{
    struct control *c = top(v);
    if (!pop_list(v, c->type.types + c->type.params, c->type.results)) return false;
    if (v->height != c->height)
        return FAIL(TYPE_MISMATCH, "%u values too many at the end of the block", v->height - c->height);
    *out = *c;
    v->weight = c->weight;
    v->depth--;
    return true;
}

/* What a branch to the label carries: a loop's parameters, otherwise the results. */
static const uint8_t *label_types(const struct control *c, uint32_t *n)
{
    *n = c->opcode == OPCODE_LOOP ? c->type.params : c->type.results;
    return c->opcode == OPCODE_LOOP ? c->type.types : c->type.types + c->type.params;
}

static struct control *label(struct validator *v, uint32_t depth)
{
    if (depth < v->depth) return &v->control[v->depth - 1 - depth];
    FAIL(UNKNOWN_LABEL, "%u, there are %u", depth, v->depth);
    return NULL;
}

static bool read_block_type(struct validator *v, struct functype *type)
{
    struct reader *r = &v->r;
    uint8_t byte = r->p < r->end ? *r->p : 0;
    if (byte == 0x40) {
        r->p++;
        *type = (struct functype){0, 0, one_type}; /* never null: pointers into the list are made */
        return true;
    }
    if ((byte >= TYPE_F64 && byte <= TYPE_I32) || byte == TYPE_FUNCREF || byte == TYPE_EXTERNREF) {
        uint32_t feature = byte == TYPE_FUNCREF     ? FEATURE_REFERENCE_TYPES
                           : byte == TYPE_EXTERNREF ? FEATURE_EXTERNREF : 0;
        if ((v->m->config.features & feature) != feature)
            return reader_fail(r, VM_ERROR_FEATURE, r->p, "values of type %s", valtype_name(byte));
        r->p++;
        *type = (struct functype){0, 1, &one_type[byte]};
        return true;
    }
    if (byte == 0x7b) return reader_fail(r, VM_ERROR_FEATURE, r->p, "SIMD (values of type v128)");
    const uint8_t *at = r->p;
    int64_t index;
    enum leb_result result = leb_read_s33(&r->p, r->end, &index);
    if (result != LEB_OK) return reader_leb_fail(r, result);
    if (index < 0) return reader_fail(r, VM_ERROR_VALUE_TYPE, at, "block type 0x%02x", byte);
    if (!(v->m->config.features & FEATURE_MULTI_VALUE))
        return reader_fail(r, VM_ERROR_FEATURE, at, "block types with parameters (multi-value)");
    if (index >= v->m->type_count) return reader_fail(r, VM_ERROR_UNKNOWN_TYPE, at, "%lld", (long long)index);
    *type = v->m->types[index];
    return true;
}

bool do_block(struct validator *v, uint8_t opcode)
{
    struct functype type;
    v->blocks++;
    if (!read_block_type(v, &type)) return false;
    if (opcode == OPCODE_IF && !pop(v, TYPE_I32)) return false;
    if (!pop_list(v, type.types, type.params) || !push_control(v, opcode, type)) return false;
    if (opcode == OPCODE_LOOP && v->weight < 1u << 12) v->weight *= 8;
    return true;
}

bool do_else(struct validator *v)
{
    struct control c;
    if (top(v)->opcode != OPCODE_IF) return FAIL(ELSE_WITHOUT_IF, NULL);
    return pop_control(v, &c) && push_control(v, OPCODE_ELSE, c.type);
}

/* An if without else must hand its parameters on as results. */
static bool check_missing_else(struct validator *v, const struct control *c)
{
    const struct functype *t = &c->type;
    if (t->params == t->results && (t->params == 0 || memcmp(t->types, t->types + t->params, t->params) == 0))
        return true;
    return FAIL(TYPE_MISMATCH, "if without else must have the same parameters and results");
}

bool do_end(struct validator *v)
{
    struct control c = {0};
    if (!pop_control(v, &c)) return false;
    if (c.opcode == OPCODE_IF && !check_missing_else(v, &c)) return false;
    if (v->depth == 0) return true;
    return push_list(v, c.type.types + c.type.params, c.type.results);
}

bool do_br(struct validator *v, bool conditional)
{
    uint32_t n, depth = read_u32(&v->r);
    if (v->r.failed) return false;
    const struct control *c = label(v, depth);
    if (!c) return false;
    const uint8_t *types = label_types(c, &n);
    if (conditional && !pop(v, TYPE_I32)) return false;
    if (!pop_list(v, types, n)) return false;
    if (conditional) return push_list(v, types, n);
    set_unreachable(v);
    return true;
}

/* Checks a br_table target against the stack without consuming it. */
static bool check_target(struct validator *v, const struct control *c, uint32_t arity)
{
    uint32_t n;
    const uint8_t *types = label_types(c, &n);
    if (n != arity) return FAIL(TYPE_MISMATCH, "br_table targets take %u and %u values", arity, n);
    const struct control *inner = top(v);
    uint32_t height = v->height;
    if (height - inner->height >= n && n && memcmp(v->stack + height - n, types, n) == 0) return true;
    while (n > 0) {
        uint8_t expected = types[--n];
        if (height == inner->height) {
            if (inner->unreachable) return true;
            return pop_failed(v, expected, true);
        }
        uint8_t found = v->stack[--height];
        if (found != expected && found != ANY)
            return FAIL(TYPE_MISMATCH, "br_table: %s expected on the stack, found %s", valtype_name(expected),
                        valtype_name(found));
    }
    return true;
}

bool do_br_table(struct validator *v)
{
    struct reader *r = &v->r;
    uint32_t count = read_count(r, v->m->config.limits.br_table, "br_table targets");
    if (r->failed || !pop(v, TYPE_I32)) return false;
    /* the default comes last but fixes the arity */
    const uint8_t *targets = r->p;
    for (uint32_t i = 0; i < count; i++) read_u32(r);
    uint32_t fallback = read_u32(r), arity;
    if (r->failed) return false;
    const struct control *c = label(v, fallback);
    if (!c) return false;
    label_types(c, &arity);
    const uint8_t *behind = r->p;
    r->p = targets;
    v->br_tables++;
    for (uint32_t i = 0; i <= count; i++) {
        struct control *target = label(v, read_u32(r));
        if (!target) return false;
        if (target->checked == v->br_tables) continue;
        if (!check_target(v, target, arity)) return false;
        target->checked = v->br_tables;
    }
    r->p = behind;
    set_unreachable(v);
    return true;
}

bool do_return(struct validator *v)
{
    const struct functype *t = &v->control[0].type;
    if (!pop_list(v, t->types + t->params, t->results)) return false;
    set_unreachable(v);
    return true;
}

static bool call_type(struct validator *v, const struct functype *t)
{
    return pop_list(v, t->types, t->params) && push_list(v, t->types + t->params, t->results);
}

bool read_table(struct validator *v, uint32_t *table)
{
    *table = read_u32(&v->r);
    if (v->r.failed) return false;
    if (*table >= v->m->table_count) return FAIL(UNKNOWN_TABLE, "%u, there are %u", *table, v->m->table_count);
    return true;
}

bool do_call(struct validator *v)
{
    uint32_t f = read_u32(&v->r);
    if (v->r.failed) return false;
    if (f >= v->m->function_count) return FAIL(UNKNOWN_FUNCTION, "%u, there are %u", f, v->m->function_count);
    return call_type(v, &v->m->types[v->m->function_types[f]]);
}

bool do_call_indirect(struct validator *v)
{
    uint32_t type = read_u32(&v->r), table = 0;
    if (v->r.failed) return false;
    v->indirect_calls++;
    if (v->m->config.features & FEATURE_REFERENCE_TYPES) {
        if (!read_table(v, &table)) return false;
    } else {
        const uint8_t *at = v->r.p;
        if (read_byte(&v->r) != 0) return reader_fail(&v->r, VM_ERROR_ZERO_BYTE, at, NULL);
        if (!v->m->table_count) return FAIL(UNKNOWN_TABLE, "0, there is none");
    }
    if (type >= v->m->type_count) return FAIL(UNKNOWN_TYPE, "%u, there are %u", type, v->m->type_count);
    if (v->m->tables[table].type != TYPE_FUNCREF)
        return FAIL(TYPE_MISMATCH, "call_indirect needs a table of funcref");
    return pop(v, TYPE_I32) && call_type(v, &v->m->types[type]);
}
