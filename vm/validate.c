#include "vm/validate.h"

#include <stdlib.h>

#include "vm/opcodes.h"

enum { ANY = 0 }; /* the type of what is popped from an empty stack behind an unconditional branch */

struct control {
    uint8_t opcode;                /* OPCODE_BLOCK, _LOOP, _IF, _ELSE; 0 for the function itself */
    bool unreachable;
    uint32_t height;               /* of the operand stack at entry, without the parameters */
    struct functype type;
    uint32_t weight;               /* of uses inside, for choosing hot locals */
    uint32_t checked;              /* the last br_table that found this label's types right */
};

struct validator {
    struct module *m;
    struct reader r;
    struct body *body;
    uint8_t *locals;
    uint32_t local_count;
    uint32_t *uses;                /* of each local, weighted by loop depth; zero between functions */
    uint32_t *used, used_count;    /* the locals that have uses */
    uint8_t *stack;
    uint32_t height, capacity, max_height;
    struct control *control;       /* control[depth - 1] is the innermost */
    uint32_t depth, control_capacity;
    uint32_t weight;
    uint32_t br_tables;
    bool track_bytes;              /* the schedule wants operand_bytes */
    uint64_t bytes, max_bytes;
    const uint8_t *at;             /* the instruction */
};

/* A type list of one, for block types that are a single value type. */
static const uint8_t one_type[128] = {
    [TYPE_I32] = TYPE_I32, [TYPE_I64] = TYPE_I64, [TYPE_F32] = TYPE_F32, [TYPE_F64] = TYPE_F64,
    [TYPE_FUNCREF] = TYPE_FUNCREF, [TYPE_EXTERNREF] = TYPE_EXTERNREF,
};

struct validator *validator_new(struct module *m)
{
    struct validator *v = calloc(1, sizeof *v);
    if (!v) return NULL;
    v->m = m;
    v->locals = malloc(m->config.limits.locals + 1);
    v->uses = calloc(m->config.limits.locals + 1u, sizeof *v->uses);
    v->used = malloc((m->config.limits.locals + 1u) * sizeof *v->used);
    v->capacity = 256;
    v->stack = malloc(v->capacity);
    v->control_capacity = 16;
    v->control = malloc(v->control_capacity * sizeof *v->control);
    v->track_bytes = m->config.schedule && (m->schedule.bytes32 || m->schedule.bytes64);
    if (v->locals && v->uses && v->used && v->stack && v->control) return v;
    validator_free(v);
    return NULL;
}

void validator_free(struct validator *v)
{
    if (!v) return;
    free(v->locals);
    free(v->uses);
    free(v->used);
    free(v->stack);
    free(v->control);
    free(v);
}

#define FAIL(code, ...) reader_fail(&v->r, VM_ERROR_##code, v->at, __VA_ARGS__)

static bool no_memory(struct validator *v)
{
    v->r.failed = true;
    error_no_memory(v->r.e);
    return false;
}

/* ---- the operand stack ----------------------------------------------------------------------------------------- */

static uint64_t type_bytes(const struct validator *v, uint8_t type)
{
    return type == TYPE_I32 || type == TYPE_F32 ? v->m->schedule.bytes32 : v->m->schedule.bytes64;
}

static inline struct control *top(struct validator *v)
{
    return &v->control[v->depth - 1];
}

static bool grow_stack(struct validator *v)
{
    uint8_t *stack = realloc(v->stack, (size_t)v->capacity * 2);
    if (!stack) return no_memory(v);
    v->stack = stack;
    v->capacity *= 2;
    return true;
}

static inline bool push(struct validator *v, uint8_t type)
{
    if (v->height == v->capacity && !grow_stack(v)) return false;
    v->stack[v->height++] = type;
    if (v->height > v->max_height) v->max_height = v->height;
    if (v->track_bytes) {
        v->bytes += type_bytes(v, type);
        if (v->bytes > v->max_bytes && !top(v)->unreachable) v->max_bytes = v->bytes;
    }
    return true;
}

static bool pop_failed(struct validator *v, uint8_t expected, bool empty)
{
    const char *wanted = expected == ANY ? "a value" : valtype_name(expected);
    const char *found = empty ? "nothing" : valtype_name(v->stack[v->height - 1]);
    return FAIL(TYPE_MISMATCH, "%s expected on the stack, found %s", wanted, found);
}

/* Pops a value of the type (or any); *type gets what was there. */
static inline bool pop_into(struct validator *v, uint8_t expected, uint8_t *type)
{
    const struct control *c = top(v);
    if (v->height == c->height) {
        *type = expected;
        return c->unreachable ? true : pop_failed(v, expected, true);
    }
    *type = v->stack[v->height - 1];
    if (*type != expected && expected != ANY && *type != ANY) return pop_failed(v, expected, false);
    v->height--;
    if (v->track_bytes) v->bytes -= type_bytes(v, *type);
    return true;
}

static inline bool pop(struct validator *v, uint8_t expected)
{
    uint8_t type;
    return pop_into(v, expected, &type);
}

static bool pop_list(struct validator *v, const uint8_t *types, uint32_t n)
{
    while (n > 0)
        if (!pop(v, types[--n])) return false;
    return true;
}

static bool push_list(struct validator *v, const uint8_t *types, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        if (!push(v, types[i])) return false;
    return true;
}

static void set_unreachable(struct validator *v)
{
    struct control *c = top(v);
    while (v->height > c->height) {
        v->height--;
        if (v->track_bytes) v->bytes -= type_bytes(v, v->stack[v->height]);
    }
    c->unreachable = true;
}

/* ---- control --------------------------------------------------------------------------------------------------- */

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
    /* an unreachable block's operands are none, and what it holds is unreachable as well */
    v->control[v->depth++] = (struct control){.opcode = opcode, .height = v->height, .type = type, .weight = v->weight};
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
        uint32_t feature = byte == TYPE_FUNCREF ? FEATURE_REFERENCE_TYPES : byte == TYPE_EXTERNREF ? FEATURE_EXTERNREF : 0;
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

static bool do_block(struct validator *v, uint8_t opcode)
{
    struct functype type;
    if (!read_block_type(v, &type)) return false;
    if (opcode == OPCODE_IF && !pop(v, TYPE_I32)) return false;
    if (!pop_list(v, type.types, type.params) || !push_control(v, opcode, type)) return false;
    if (opcode == OPCODE_LOOP && v->weight < 1u << 12) v->weight *= 8;
    return true;
}

static bool do_else(struct validator *v)
{
    struct control c;
    if (top(v)->opcode != OPCODE_IF) return FAIL(ELSE_WITHOUT_IF, NULL);
    return pop_control(v, &c) && push_control(v, OPCODE_ELSE, c.type);
}

/* An if without else must hand its parameters on as results. */
static bool check_missing_else(struct validator *v, const struct control *c)
{
    const struct functype *t = &c->type;
    if (t->params == t->results && (t->params == 0 || memcmp(t->types, t->types + t->params, t->params) == 0)) return true;
    return FAIL(TYPE_MISMATCH, "if without else must have the same parameters and results");
}

static bool do_end(struct validator *v)
{
    struct control c;
    if (!pop_control(v, &c)) return false;
    if (c.opcode == OPCODE_IF && !check_missing_else(v, &c)) return false;
    if (v->depth == 0) return true;
    return push_list(v, c.type.types + c.type.params, c.type.results);
}

static bool do_br(struct validator *v, bool conditional)
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

static bool do_br_table(struct validator *v)
{
    struct reader *r = &v->r;
    uint32_t count = read_count(r, LIMIT_BR_TABLE, "br_table targets");
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

/* ---- calls and references -------------------------------------------------------------------------------------- */

static bool call_type(struct validator *v, const struct functype *t)
{
    return pop_list(v, t->types, t->params) && push_list(v, t->types + t->params, t->results);
}

static bool do_call(struct validator *v)
{
    uint32_t f = read_u32(&v->r);
    if (v->r.failed) return false;
    if (f >= v->m->function_count) return FAIL(UNKNOWN_FUNCTION, "%u, there are %u", f, v->m->function_count);
    return call_type(v, &v->m->types[v->m->function_types[f]]);
}

static bool read_table(struct validator *v, uint32_t *table)
{
    *table = read_u32(&v->r);
    if (v->r.failed) return false;
    if (*table >= v->m->table_count) return FAIL(UNKNOWN_TABLE, "%u, there are %u", *table, v->m->table_count);
    return true;
}

static bool do_call_indirect(struct validator *v)
{
    uint32_t type = read_u32(&v->r), table = 0;
    if (v->r.failed) return false;
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

static bool do_ref_func(struct validator *v)
{
    uint32_t f = read_u32(&v->r);
    if (v->r.failed) return false;
    if (f >= v->m->function_count) return FAIL(UNKNOWN_FUNCTION, "%u, there are %u", f, v->m->function_count);
    if (!v->m->declared || !(v->m->declared[f / 8] >> f % 8 & 1)) return FAIL(UNDECLARED_REFERENCE, "%u", f);
    return push(v, TYPE_FUNCREF);
}

static bool do_ref_null(struct validator *v)
{
    const uint8_t *at = v->r.p;
    uint8_t type = read_byte(&v->r);
    if (v->r.failed) return false;
    if (!type_is_reference(type)) return reader_fail(&v->r, VM_ERROR_REFERENCE_TYPE, at, "0x%02x", type);
    if (type == TYPE_EXTERNREF && !(v->m->config.features & FEATURE_EXTERNREF))
        return reader_fail(&v->r, VM_ERROR_FEATURE, at, "externref");
    return push(v, type);
}

static bool do_ref_is_null(struct validator *v)
{
    uint8_t type;
    if (!pop_into(v, ANY, &type)) return false;
    if (type != ANY && !type_is_reference(type)) return FAIL(TYPE_MISMATCH, "a reference expected, found %s", valtype_name(type));
    return push(v, TYPE_I32);
}

/* ---- parametric, variables ------------------------------------------------------------------------------------- */

static bool do_select(struct validator *v)
{
    uint8_t a, b;
    if (!pop(v, TYPE_I32) || !pop_into(v, ANY, &b) || !pop_into(v, b, &a)) return false;
    if (a == ANY) a = b;
    if (type_is_reference(a)) return FAIL(TYPE_MISMATCH, "select of references needs a type");
    return push(v, a);
}

static bool do_select_typed(struct validator *v)
{
    const uint8_t *at = v->r.p;
    uint32_t n = read_count(&v->r, UINT32_MAX, "types of select");
    if (v->r.failed) return false;
    if (n != 1) return reader_fail(&v->r, VM_ERROR_RESULT_ARITY, at, "select with %u types", n);
    at = v->r.p;
    uint8_t type = read_byte(&v->r);
    if (v->r.failed) return false;
    if (type >= 128 || !one_type[type]) return reader_fail(&v->r, VM_ERROR_VALUE_TYPE, at, "0x%02x", type);
    if (type == TYPE_EXTERNREF && !(v->m->config.features & FEATURE_EXTERNREF))
        return reader_fail(&v->r, VM_ERROR_FEATURE, at, "externref");
    return pop(v, TYPE_I32) && pop(v, type) && pop(v, type) && push(v, type);
}

static inline bool do_local(struct validator *v, uint32_t opcode)
{
    uint32_t i = read_u32(&v->r);
    if (v->r.failed) return false;
    if (i >= v->local_count) return FAIL(UNKNOWN_LOCAL, "%u, there are %u", i, v->local_count);
    uint8_t type = v->locals[i];
    if (!v->uses[i]) v->used[v->used_count++] = i;
    v->uses[i] += v->weight;
    if (opcode == OPCODE_LOCAL_GET) return push(v, type);
    if (!pop(v, type)) return false;
    return opcode == OPCODE_LOCAL_SET || push(v, type);
}

static bool do_global(struct validator *v, uint32_t opcode)
{
    uint32_t i = read_u32(&v->r);
    if (v->r.failed) return false;
    if (i >= v->m->global_count) return FAIL(UNKNOWN_GLOBAL, "%u, there are %u", i, v->m->global_count);
    const struct global_def *g = &v->m->globals[i];
    if (opcode == OPCODE_GLOBAL_GET) return push(v, g->type);
    if (!g->is_mutable) return FAIL(IMMUTABLE_GLOBAL, "%u", i);
    return pop(v, g->type);
}

/* ---- memory and tables ----------------------------------------------------------------------------------------- */

static bool need_memory(struct validator *v)
{
    return v->m->memory_count ? true : FAIL(UNKNOWN_MEMORY, "0, there is none");
}

static bool read_zero(struct validator *v)
{
    const uint8_t *at = v->r.p;
    uint8_t zero = read_byte(&v->r);
    if (v->r.failed) return false;
    return zero == 0 ? true : reader_fail(&v->r, VM_ERROR_ZERO_BYTE, at, "0x%02x", zero);
}

static inline bool do_memarg(struct validator *v, unsigned natural)
{
    const uint8_t *at = v->r.p;
    uint32_t align = read_u32(&v->r);
    if (!v->r.failed && align >= 32) return reader_fail(&v->r, VM_ERROR_MEMOP_FLAGS, at, "0x%x", align);
    read_u32(&v->r);
    if (v->r.failed) return false;
    if (!v->m->memory_count) return need_memory(v);
    if (align > natural) return FAIL(ALIGNMENT, "2^%u > 2^%u", align, natural);
    return true;
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

static bool do_bulk(struct validator *v, uint32_t opcode)
{
    uint32_t i;
    switch (opcode) {
    case OPCODE_MEMORY_INIT:
        return read_data_index(v, &i) && read_zero(v) && need_memory(v) && check_data(v, i) && pop_i32(v, 3);
    case OPCODE_DATA_DROP: return read_data_index(v, &i) && check_data(v, i);
    case OPCODE_MEMORY_COPY: return read_zero(v) && read_zero(v) && need_memory(v) && pop_i32(v, 3);
    case OPCODE_MEMORY_FILL: return read_zero(v) && need_memory(v) && pop_i32(v, 3);
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

static bool do_table_access(struct validator *v, uint32_t opcode)
{
    uint32_t i;
    if (!read_table(v, &i)) return false;
    uint8_t type = v->m->tables[i].type;
    if (opcode == OPCODE_TABLE_GET) return pop(v, TYPE_I32) && push(v, type);
    return pop(v, type) && pop(v, TYPE_I32);
}

/* ---- the pass -------------------------------------------------------------------------------------------------- */

static bool feature_missing(struct validator *v, const struct opcode_info *info)
{
    return FAIL(FEATURE, "%s", info->text);
}

/* Whether the opcode is known and switched on; reports it otherwise. */
static const struct opcode_info *find_opcode(struct validator *v, uint32_t *opcode)
{
    if (*opcode == 0xfc) {
        uint32_t sub = read_u32(&v->r);
        if (v->r.failed) return NULL;
        *opcode = sub < 32 ? 0xfc00 + sub : 0xff;
        if (sub >= 32) {
            FAIL(ILLEGAL_OPCODE, "0xfc %u", sub);
            return NULL;
        }
    }
    const struct opcode_info *info = opcode_find(*opcode);
    if (!info) {
        if (*opcode == 0xfd) FAIL(FEATURE, "SIMD (instruction 0xfd)");
        else FAIL(ILLEGAL_OPCODE, "0x%02x", *opcode);
        return NULL;
    }
    if (info->feature && !(v->m->config.features & info->feature)) {
        feature_missing(v, info);
        return NULL;
    }
    return info;
}

/* Instructions of a fixed type: everything is in the table. */
static inline bool do_plain(struct validator *v, const struct opcode_info *info)
{
    if (info->p2 && !pop(v, info->p2)) return false;
    if (info->p1 && !pop(v, info->p1)) return false;
    return info->result ? push(v, info->result) : true;
}

static bool do_const(struct validator *v, const struct opcode_info *info)
{
    switch (info->immediate) {
    case IMM_I32: read_s32(&v->r); break;
    case IMM_I64: read_s64(&v->r); break;
    case IMM_F32: read_bytes(&v->r, 4); break;
    default: read_bytes(&v->r, 8);
    }
    return !v->r.failed && push(v, info->result);
}

static bool do_other(struct validator *v, uint32_t opcode, const struct opcode_info *info)
{
    switch (opcode) {
    case OPCODE_UNREACHABLE: set_unreachable(v); return true;
    case OPCODE_NOP: return true;
    case OPCODE_BLOCK: case OPCODE_LOOP: case OPCODE_IF: return do_block(v, (uint8_t)opcode);
    case OPCODE_ELSE: return do_else(v);
    case OPCODE_END: return do_end(v);
    case OPCODE_BR: return do_br(v, false);
    case OPCODE_BR_IF: return do_br(v, true);
    case OPCODE_BR_TABLE: return do_br_table(v);
    case OPCODE_RETURN: {
        const struct functype *t = &v->control[0].type;
        if (!pop_list(v, t->types + t->params, t->results)) return false;
        set_unreachable(v);
        return true;
    }
    case OPCODE_CALL: return do_call(v);
    case OPCODE_CALL_INDIRECT: return do_call_indirect(v);
    case OPCODE_DROP: return pop(v, ANY);
    case OPCODE_SELECT: return do_select(v);
    case OPCODE_SELECT_T: return do_select_typed(v);
    case OPCODE_GLOBAL_GET: case OPCODE_GLOBAL_SET: return do_global(v, opcode);
    case OPCODE_TABLE_GET: case OPCODE_TABLE_SET: return do_table_access(v, opcode);
    case OPCODE_MEMORY_SIZE: return read_zero(v) && need_memory(v) && push(v, TYPE_I32);
    case OPCODE_MEMORY_GROW: return read_zero(v) && need_memory(v) && pop(v, TYPE_I32) && push(v, TYPE_I32);
    case OPCODE_REF_NULL: return do_ref_null(v);
    case OPCODE_REF_IS_NULL: return do_ref_is_null(v);
    case OPCODE_REF_FUNC: return do_ref_func(v);
    default: return info->immediate == IMM_NONE ? do_plain(v, info) : do_bulk(v, opcode);
    }
}

static bool do_instruction(struct validator *v)
{
    uint32_t opcode = *v->r.p++;
    const struct opcode_info *info = find_opcode(v, &opcode);
    if (!info) return false;
    switch (info->immediate) {
    case IMM_LOCAL: return do_local(v, opcode);
    case IMM_I32: case IMM_I64: case IMM_F32: case IMM_F64: return do_const(v, info);
    case IMM_MEMORY1: return do_memarg(v, 0) && do_plain(v, info);
    case IMM_MEMORY2: return do_memarg(v, 1) && do_plain(v, info);
    case IMM_MEMORY4: return do_memarg(v, 2) && do_plain(v, info);
    case IMM_MEMORY8: return do_memarg(v, 3) && do_plain(v, info);
    default: return do_other(v, opcode, info);
    }
}

/* The hottest locals of each class, best first; a local used once gains nothing from a register. */
static void choose_pinned(struct validator *v, struct body *b)
{
    uint32_t best_int[MAX_PINNED_INT] = {0}, best_float[MAX_PINNED_FLOAT] = {0};
    for (uint32_t n = 0; n < v->used_count; n++) {
        uint32_t i = v->used[n], uses = v->uses[i];
        v->uses[i] = 0;
        if (uses < 2) continue;
        bool is_float = type_is_float(v->locals[i]);
        uint32_t *best = is_float ? best_float : best_int;
        uint16_t *pinned = is_float ? b->pinned_float : b->pinned_int;
        uint8_t *count = is_float ? &b->pinned_floats : &b->pinned_ints;
        uint32_t room = is_float ? MAX_PINNED_FLOAT : MAX_PINNED_INT, place = *count;
        while (place > 0 && best[place - 1] < uses) place--;
        if (place == room) continue;
        if (*count < room) (*count)++;
        for (uint32_t k = *count - 1u; k > place; k--) {
            best[k] = best[k - 1];
            pinned[k] = pinned[k - 1];
        }
        best[place] = uses;
        pinned[place] = (uint16_t)i;
    }
}

uint32_t read_locals(struct reader *r, const struct module *m, const struct functype *type, uint8_t *types)
{
    uint64_t count = type->params;
    if (type->params) memcpy(types, type->types, type->params);
    uint32_t groups = read_count(r, UINT32_MAX, "groups of locals");
    for (uint32_t i = 0; i < groups && !r->failed; i++) {
        const uint8_t *at = r->p;
        uint32_t n = read_u32(r);
        const uint8_t *type_at = r->p;
        uint8_t t = read_byte(r);
        if (r->failed) return 0;
        if (count + n > UINT32_MAX) {
            reader_fail(r, VM_ERROR_TOO_MANY_LOCALS, at, "more than 2^32");
            return 0;
        }
        uint32_t feature = t == TYPE_FUNCREF ? FEATURE_REFERENCE_TYPES : t == TYPE_EXTERNREF ? FEATURE_EXTERNREF : 0;
        if (t == 0x7b || (m->config.features & feature) != feature)
            reader_fail(r, VM_ERROR_FEATURE, type_at, "locals of type %s", t == 0x7b ? "v128 (SIMD)" : valtype_name(t));
        else if (t >= 128 || !one_type[t]) reader_fail(r, VM_ERROR_VALUE_TYPE, type_at, "0x%02x", t);
        if (r->failed) return 0;
        if (count + n <= m->config.limits.locals) memset(types + count, t, n);
        count += n;
    }
    if (count > m->config.limits.locals)
        reader_fail(r, VM_ERROR_LIMIT, r->p, "%llu locals, at most %u are allowed", (unsigned long long)count,
                    m->config.limits.locals);
    return r->failed ? 0 : (uint32_t)count;
}

static bool body_start(struct validator *v, struct body *b, const struct reader *outer)
{
    const struct functype *type = &v->m->types[b->type];
    v->body = b;
    v->r = (struct reader){.p = outer->base + b->offset, .end = outer->base + b->offset + b->size,
                           .base = outer->base, .e = outer->e};
    v->at = v->r.p;
    v->local_count = read_locals(&v->r, v->m, type, v->locals);
    if (v->r.failed) return false;
    v->height = v->max_height = v->depth = v->used_count = v->br_tables = 0;
    v->bytes = v->max_bytes = 0;
    v->weight = 1;
    /* the function is a block without parameters: they are locals */
    v->control[v->depth++] = (struct control){.type = {0, type->results, type->types + type->params}, .weight = 1};
    return true;
}

static bool validate_code(struct validator *v)
{
    while (v->depth > 0) {
        v->at = v->r.p;
        if (v->r.p >= v->r.end) return FAIL(FUNCTION_END, NULL);
        if (!do_instruction(v) || v->r.failed) return false;
    }
    if (v->r.p != v->r.end)
        return reader_fail(&v->r, VM_ERROR_END_EXPECTED, v->r.p, "%zu bytes behind the function's end",
                           (size_t)(v->r.end - v->r.p));
    return true;
}

bool validate_body(struct validator *v, struct body *b, struct reader *r)
{
    if (!body_start(v, b, r) || !validate_code(v)) {
        r->failed = true;
        return false;
    }
    uint32_t results = v->m->types[b->type].results;
    b->locals = v->local_count;
    b->max_stack = v->max_height > results ? v->max_height : results;
    b->operand_bytes = v->max_bytes;
    choose_pinned(v, b);
    if ((uint64_t)b->locals + b->max_stack + FRAME_HEADER_SLOTS > LIMIT_FRAME_SLOTS) {
        reader_fail(r, VM_ERROR_LIMIT, r->base + b->offset, "a frame of %u locals and %u operands, at most %u together",
                    b->locals, b->max_stack, LIMIT_FRAME_SLOTS - FRAME_HEADER_SLOTS);
        return false;
    }
    return true;
}
