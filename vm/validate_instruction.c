/* One instruction: reads it, and checks what is not control, memory or tables. */
#include "vm/validator.h"

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
    if (type != ANY && !type_is_reference(type))
        return FAIL(TYPE_MISMATCH, "a reference expected, found %s", valtype_name(type));
    return push(v, TYPE_I32);
}

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
    case OPCODE_RETURN: return do_return(v);
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

bool do_instruction(struct validator *v)
{
    uint32_t opcode = *v->r.p++;
    const struct opcode_info *info = find_opcode(v, &opcode);
    if (!info) return false;
    v->charges += opcode_charges(info);
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
