/* Host functions: their types as text, and the way from the engine to the embedder and back. */
#include "api/api.h"

#include <stdio.h>
#include <stdlib.h>

enum { MAX_TYPES = 1000, FEW = 16 /* values that need no allocation */ };

/* ---- types as text ----------------------------------------------------------------------------------------------- */

struct type_text {
    uint32_t params, results;
    uint8_t types[2 * MAX_TYPES];
};

static uint8_t type_named(struct bytes word)
{
    static const uint8_t types[] = {NVM_I32, NVM_I64, NVM_F32, NVM_F64, NVM_FUNCREF, NVM_EXTERNREF};
    for (size_t i = 0; i < sizeof types; i++)
        if (bytes_equal(word, bytes_of_string(valtype_name(types[i])))) return types[i];
    return 0;
}

static nvm_status parse_type(const char *text, struct type_text *out, nvm_error *error)
{
    bool arrow = false;
    out->params = out->results = 0;
    for (const char *p = text;;) {
        p += strspn(p, " ,");
        size_t length = strcspn(p, " ,");
        if (length == 0) return NVM_OK;
        struct bytes word = bytes_of(p, length);
        uint8_t type = type_named(word);
        uint32_t *count = arrow ? &out->results : &out->params;
        if (!arrow && length == 2 && memcmp(p, "->", 2) == 0) arrow = true;
        else if (!type || *count == MAX_TYPES) {
            api_fail(error, NVM_USAGE,
                     "function type \"%.80s\": %s at character %zu (expected such as \"i32 i64 -> f64\")",
                     text, type ? "too many types" : "no type", (size_t)(p - text) + 1);
            return NVM_USAGE;
        } else {
            out->types[out->params + out->results] = type;
            ++*count;
        }
        p += length;
    }
}

/* ---- the call ---------------------------------------------------------------------------------------------------- */

static enum trap fail(struct host_call *call, const char *message)
{
    call->message = message;
    return TRAP_HOST;
}

static enum trap run(struct host_entry *h, struct host_call *vm, slot *values, nvm_value *args)
{
    nvm_value *results = args + h->params;
    nvm_host_call call = {vm, h->store};
    for (uint32_t i = 0; i < h->params; i++) args[i] = api_from_slot(h->types[i], values[i]);
    for (uint32_t i = 0; i < h->results; i++) results[i] = api_from_slot(h->types[h->params + i], 0);
    h->store->message[0] = '\0';
    nvm_status status = h->function(&call, h->user, args, results);
    if (h->store->is_doomed) return fail(vm, "a host function freed the store");
    if (status != NVM_OK) return fail(vm, h->store->message[0] ? h->store->message : trap_text(TRAP_HOST));
    for (uint32_t i = 0; i < h->results; i++) {
        if (results[i].type != h->types[h->params + i]) return fail(vm, "a host function's result has the wrong type");
        if (!api_value_fits(vm->store, &results[i])) return fail(vm, "a host function's result is of another store");
        values[i] = api_to_slot(&results[i]);
    }
    return TRAP_NONE;
}

static enum trap enter(struct host_call *vm, slot *values)
{
    struct host_entry *h = vm->user;
    nvm_value few[FEW];
    size_t count = (size_t)h->params + h->results;
    nvm_value *args = count <= FEW ? few : malloc(count * sizeof *args);
    if (!args) return TRAP_NO_MEMORY;
    enum trap trap = run(h, vm, values, args);
    if (args != few) free(args);
    return trap;
}

static nvm_status make(nvm_store *store, const struct type_text *type, nvm_host_function function, void *user,
                       nvm_func **func, nvm_error *error)
{
    struct error e;
    struct func *f = NULL;
    size_t count = (size_t)type->params + type->results;
    struct host_entry *h = calloc(1, sizeof *h + count);
    if (!h) return api_fail(error, NVM_NO_MEMORY, "out of memory");
    h->store = store;
    h->function = function;
    h->user = user;
    h->params = type->params;
    h->results = type->results;
    memcpy(h->types, type->types, count);
    const struct functype functype = {h->params, h->results, h->types};
    if (func_new_host(store->vm, &functype, enter, h, &f, &e) != STATUS_OK) {
        free(h);
        return api_error(error, &e);
    }
    h->next = store->hosts;
    store->hosts = h;
    *func = (nvm_func *)f;
    return NVM_OK;
}

nvm_status nvm_func_new(nvm_store *store, const char *type, nvm_host_function function, void *user, nvm_func **func,
                        nvm_error *error)
{
    struct type_text text;
    if (!func) return api_null(error, "func");
    *func = NULL;
    if (!store) return api_null(error, "store");
    if (!type) return api_null(error, "type");
    if (!function) return api_null(error, "function");
    nvm_status status = parse_type(type, &text, error);
    return status == NVM_OK ? make(store, &text, function, user, func, error) : status;
}

nvm_functype nvm_func_type(const nvm_func *func)
{
    if (!func) return (nvm_functype){0};
    return api_functype(func_type((const struct func *)(const void *)func));
}

nvm_store *nvm_host_store(nvm_host_call *call)
{
    return call ? call->store : NULL;
}

nvm_instance *nvm_host_caller(nvm_host_call *call)
{
    return call ? api_instance(call->vm->caller) : NULL;
}

nvm_memory *nvm_host_memory(nvm_host_call *call)
{
    return call && call->vm->caller ? (nvm_memory *)instance_memory(call->vm->caller, 0) : NULL;
}

bool nvm_host_interrupted(nvm_host_call *call)
{
    return call && store_is_interrupted(call->store->vm);
}

nvm_status nvm_host_fail(nvm_host_call *call, const char *format, ...)
{
    va_list args;
    if (!call || !format) return NVM_TRAP;
    va_start(args, format);
    vsnprintf(call->store->message, sizeof call->store->message, format, args);
    va_end(args);
    return NVM_TRAP;
}
