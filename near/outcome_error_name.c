/* The names of errors, and errors by their names. */
#include "near/outcome_error.h"

/* ---- names, from the tables -------------------------------------------------------------------------------------- */

#define UNIT(name, index) \
    case ENUM_ERROR(name): buffer_append_string(out, "." #name); break;
#define VARIANT(name, index, fields) UNIT(name, index)
#define VALUE(name, index, type) UNIT(name, index)
#define NESTED(name, index, type)                 \
    case ENUM_ERROR(name):                        \
        buffer_append_string(out, "." #name);     \
        name_of_##type##_error(&e->name, out);    \
        break;

#define ENUM_ERROR(name) prepare_error_##name
static void name_of_prepare_error(const struct prepare_error *e, struct buffer *out)
{
    switch (e->kind) {
#include "near/outcome_errors_prepare.def"
    }
}
#undef ENUM_ERROR

#define ENUM_ERROR(name) method_error_##name
static void name_of_method_error(const struct method_error *e, struct buffer *out)
{
    switch (e->kind) {
#include "near/outcome_errors_method.def"
    }
}
#undef ENUM_ERROR

#define ENUM_ERROR(name) compilation_error_##name
static void name_of_compilation_error(const struct compilation_error *e, struct buffer *out)
{
    switch (e->kind) {
#include "near/outcome_errors_compilation.def"
    }
}
#undef ENUM_ERROR

#define ENUM_ERROR(name) function_call_error_##name
static void name_of_function_call_error(const struct function_call_error *e, struct buffer *out)
{
    switch (e->kind) {
#include "near/outcome_errors_function_call.def"
    }
}
#undef ENUM_ERROR

#define ENUM_ERROR(name) validation_error_##name
static void name_of_validation_error(const struct validation_error *e, struct buffer *out)
{
    switch (e->kind) {
#include "near/outcome_errors_validation.def"
    }
}
#undef ENUM_ERROR

#define ENUM_ERROR(name) receipt_error_##name
static void name_of_receipt_error(const struct receipt_error *e, struct buffer *out)
{
    switch (e->kind) {
#include "near/outcome_errors_receipt.def"
    }
}
#undef ENUM_ERROR

#define ENUM_ERROR(name) access_key_error_##name
static void name_of_access_key_error(const struct access_key_error *e, struct buffer *out)
{
    switch (e->kind) {
#include "near/outcome_errors_access_key.def"
    }
}
#undef ENUM_ERROR

#define ENUM_ERROR(name) action_error_##name
static void name_of_action_error(const struct action_error *e, struct buffer *out)
{
    switch (e->kind) {
#include "near/outcome_errors_action.def"
    }
}
#undef ENUM_ERROR

#define ENUM_ERROR(name) invalid_tx_error_##name
static void name_of_invalid_tx_error(const struct invalid_tx_error *e, struct buffer *out)
{
    switch (e->kind) {
#include "near/outcome_errors_invalid_tx.def"
    }
}
#undef ENUM_ERROR
#undef UNIT
#undef VARIANT
#undef VALUE
#undef NESTED

void execution_error_name(const struct execution_error *e, struct buffer *out)
{
    if (e->kind == EXECUTION_ERROR_INVALID_TX) {
        buffer_append_string(out, "InvalidTxError");
        name_of_invalid_tx_error(&e->invalid_tx, out);
    } else {
        buffer_append_string(out, "ActionError");
        name_of_action_error(&e->action, out);
    }
}

/* ---- errors of function calls, by name --------------------------------------------------------------------------- */

/* What follows the prefix; null if the text begins otherwise. */
static const char *after(const char *text, const char *prefix)
{
    const size_t size = strlen(prefix);
    return strncmp(text, prefix, size) == 0 ? text + size : NULL;
}

static bool prepare_error_named(const char *name, struct prepare_error *out)
{
#define UNIT(variant, index) {#variant, prepare_error_##variant},
    static const struct {
        const char *name;
        enum prepare_error_kind kind;
    } table[] = {
#include "near/outcome_errors_prepare.def"
    };
#undef UNIT
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        if (strcmp(table[i].name, name) != 0) continue;
        out->kind = table[i].kind;
        return true;
    }
    return false;
}

static bool method_error_named(const char *name, struct method_error *out)
{
#define UNIT(variant, index) {#variant, method_error_##variant},
    static const struct {
        const char *name;
        enum method_error_kind kind;
    } table[] = {
#include "near/outcome_errors_method.def"
    };
#undef UNIT
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        if (strcmp(table[i].name, name) != 0) continue;
        out->kind = table[i].kind;
        return true;
    }
    return false;
}

static bool compilation_error_named(const char *name, struct bytes message, const struct account_id *account,
                                    struct compilation_error *out)
{
    const char *prepare = after(name, "PrepareError.");
    if (prepare) {
        out->kind = compilation_error_PrepareError;
        return prepare_error_named(prepare, &out->PrepareError);
    }
    if (strcmp(name, "CodeDoesNotExist") == 0) {
        out->kind = compilation_error_CodeDoesNotExist;
        out->CodeDoesNotExist.account_id = *account;
        return true;
    }
    out->kind = compilation_error_WasmerCompileError;
    out->WasmerCompileError.msg = message;
    return strcmp(name, "WasmtimeCompileError") == 0;
}

static bool text_error(const char *kind)
{
    return after(kind, "HostError.") || after(kind, "WasmTrap.") || strcmp(kind, "LoadingError") == 0;
}

/* Link errors are the only ones whose text gets something in front. */
static enum status link_error(struct bytes message, struct arena *arena, struct bytes *out, struct error *e)
{
    static const char prefix[] = "Link Error: ";
    const size_t size = sizeof prefix - 1;
    uint8_t *text = message.size < SIZE_MAX - size ? arena_alloc(arena, size + message.size) : NULL;
    if (!text) return error_no_memory(e);
    memcpy(text, prefix, size);
    if (message.size) memcpy(text + size, message.data, message.size);
    *out = bytes_of(text, size + message.size);
    return STATUS_OK;
}

enum status function_call_error_of(const char *kind, struct bytes message, const struct account_id *account,
                                   struct arena *arena, struct function_call_error *out, struct error *e)
{
    struct function_call_error error = {.kind = function_call_error_ExecutionError, .ExecutionError = message};
    const char *rest;
    bool known = true;
    if ((rest = after(kind, "CompilationError."))) {
        error.kind = function_call_error_CompilationError;
        known = compilation_error_named(rest, message, account, &error.CompilationError);
    } else if ((rest = after(kind, "MethodResolveError."))) {
        error.kind = function_call_error_MethodResolveError;
        known = method_error_named(rest, &error.MethodResolveError);
    } else if (strcmp(kind, "LinkError") == 0) {
        enum status status = link_error(message, arena, &error.ExecutionError, e);
        if (status != STATUS_OK) return status;
    } else {
        known = text_error(kind);
    }
    if (!known) return error_set(e, STATUS_USAGE, 0, ERROR_NO_OFFSET, "%s is no error of a function call", kind);
    *out = error;
    return STATUS_OK;
}
