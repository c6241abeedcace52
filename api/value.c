#include "api/api.h"

const char *nvm_type_name(nvm_type type)
{
    switch (type) {
    case NVM_I32:
    case NVM_I64:
    case NVM_F32:
    case NVM_F64:
    case NVM_FUNCREF:
    case NVM_EXTERNREF: return valtype_name(type);
    default: return "?";
    }
}

slot api_to_slot(const nvm_value *v)
{
    uint32_t bits32;
    uint64_t bits64;
    switch (v->type) {
    case NVM_I32: return (uint32_t)v->of.i32;
    case NVM_I64: return (uint64_t)v->of.i64;
    case NVM_F32: memcpy(&bits32, &v->of.f32, sizeof bits32); return bits32;
    case NVM_F64: memcpy(&bits64, &v->of.f64, sizeof bits64); return bits64;
    case NVM_FUNCREF: return (uintptr_t)v->of.funcref;
    default: return (uintptr_t)v->of.externref;
    }
}

nvm_value api_from_slot(nvm_type type, slot s)
{
    nvm_value v = {.type = type};
    uint32_t bits32 = (uint32_t)s;
    switch (type) {
    case NVM_I32: v.of.i32 = (int32_t)bits32; break;
    case NVM_I64: v.of.i64 = (int64_t)s; break;
    case NVM_F32: memcpy(&v.of.f32, &bits32, sizeof bits32); break;
    case NVM_F64: memcpy(&v.of.f64, &s, sizeof s); break;
    case NVM_FUNCREF: v.of.funcref = (nvm_func *)(uintptr_t)s; break;
    default: v.of.externref = (void *)(uintptr_t)s; break;
    }
    return v;
}

bool api_value_fits(const struct store *store, const nvm_value *v)
{
    return v->type != NVM_FUNCREF || !v->of.funcref || func_store((const struct func *)(const void *)v->of.funcref) == store;
}

bool api_extern_fits(const struct store *store, const struct external *x)
{
    return x->func && external_store(x) == store;
}
