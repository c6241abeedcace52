/* Values of scripts and of the engine: conversion, comparison, printing. */
#include <inttypes.h>

#include "base/float_text.h"
#include "spec-tests/runner.h"

slot value_to_slot(const struct wat_value *v)
{
    switch (v->kind) {
    case WAT_CONST: return v->bits;
    case WAT_REF_EXTERN: return v->bits + 1; /* 0 is the null reference */
    default: return 0;
    }
}

/* Of the two kinds of NaN the suite knows, by the bits that must be set and those that may not be. */
static bool is_nan(const struct wat_value *v, slot got)
{
    bool canonical = v->kind == WAT_NAN_CANONICAL;
    if (v->type == TYPE_F32) {
        uint32_t mask = canonical ? 0x7fffffff : 0x7fc00000;
        return got >> 32 == 0 && (got & mask) == 0x7fc00000;
    }
    uint64_t mask = canonical ? UINT64_C(0x7fffffffffffffff) : UINT64_C(0x7ff8000000000000);
    return (got & mask) == UINT64_C(0x7ff8000000000000);
}

bool value_matches(const struct wat_value *expected, uint8_t type, slot got)
{
    if (expected->type != type) return false;
    switch (expected->kind) {
    case WAT_NAN_CANONICAL:
    case WAT_NAN_ARITHMETIC: return is_nan(expected, got);
    case WAT_REF_ANY: return got != 0;
    default: return got == value_to_slot(expected);
    }
}

void show_slot(struct buffer *out, uint8_t type, slot v)
{
    char text[FLOAT_TEXT_SIZE];
    switch (type) {
    case TYPE_I32: buffer_printf(out, "i32 %" PRId32 " (0x%" PRIx64 ")", (int32_t)(uint32_t)v, v); break;
    case TYPE_I64: buffer_printf(out, "i64 %" PRId64 " (0x%" PRIx64 ")", (int64_t)v, v); break;
    case TYPE_F32:
        float_print_f32((uint32_t)v, text);
        buffer_printf(out, "f32 %s (0x%08" PRIx64 ")", text, v);
        break;
    case TYPE_F64:
        float_print_f64(v, text);
        buffer_printf(out, "f64 %s (0x%016" PRIx64 ")", text, v);
        break;
    case TYPE_EXTERNREF:
        if (v) buffer_printf(out, "externref %" PRIu64, v - 1);
        else buffer_printf(out, "externref null");
        break;
    default: buffer_printf(out, "funcref %s", v ? "(a function)" : "null");
    }
}

void show_value(struct buffer *out, const struct wat_value *v)
{
    switch (v->kind) {
    case WAT_NAN_CANONICAL: buffer_printf(out, "%s nan:canonical", valtype_name(v->type)); break;
    case WAT_NAN_ARITHMETIC: buffer_printf(out, "%s nan:arithmetic", valtype_name(v->type)); break;
    case WAT_REF_ANY: buffer_printf(out, "%s, not null", valtype_name(v->type)); break;
    default: show_slot(out, v->type, value_to_slot(v));
    }
}
