#include "api/api.h"

#include <stdlib.h>

enum { FEW = 16 /* values that need no allocation */ };

nvm_instance *api_instance(nvm_store *store, struct instance *vm)
{
    if (!vm) return NULL;
    nvm_instance *i = instance_user(vm);
    if (i || !store->starting) return i;
    /* its start function is running: nobody could tell the engine yet */
    store->starting->vm = vm;
    instance_set_user(vm, store->starting);
    return store->starting;
}

static nvm_status missing(const struct import_info *import, nvm_error *error)
{
    int module = import->module.size < 80 ? (int)import->module.size : 80;
    int name = import->name.size < 80 ? (int)import->name.size : 80;
    return api_fail(error, NVM_UNLINKABLE, "unknown import: nothing was given as %.*s.%.*s", module,
                    (const char *)import->module.data, name, (const char *)import->name.data);
}

static nvm_status find_imports(const struct module *m, const nvm_imports *imports, struct external *out,
                               nvm_error *error)
{
    for (size_t i = 0; i < module_import_count(m); i++) {
        struct import_info import = module_import(m, i);
        if (!api_find_import(imports, import.module, import.name, &out[i])) return missing(&import, error);
    }
    return NVM_OK;
}

static nvm_status start(nvm_store *store, nvm_instance *i, const struct external *externals, nvm_trap *trap,
                        nvm_error *error)
{
    struct error e;
    struct trap_info info;
    struct instance *vm = NULL;
    nvm_instance *outer = store->starting; /* a host function may instantiate while an instance starts */
    store->starting = i;
    enum status status = instance_new(store->vm, i->module->vm, externals, module_import_count(i->module->vm), &vm,
                                      &info, &e);
    if (vm) {
        i->vm = vm;
        instance_set_user(vm, i);
    }
    nvm_status result = NVM_OK;
    if (status == STATUS_TRAP) result = api_trap(store, &info, trap, error);
    else if (status != STATUS_OK) result = api_error(error, &e);
    store->starting = outer;
    return result;
}

nvm_status nvm_instance_new(nvm_store *store, nvm_module *module, const nvm_imports *imports,
                            nvm_instance **instance, nvm_trap *trap, nvm_error *error)
{
    *instance = NULL;
    if (trap) *trap = (nvm_trap){.code = NVM_TRAP_NONE};
    size_t count = module_import_count(module->vm);
    struct external *externals = calloc(count + 1, sizeof *externals);
    nvm_instance *i = calloc(1, sizeof *i);
    nvm_status status = externals && i ? NVM_OK : api_fail(error, NVM_NO_MEMORY, "out of memory");
    if (status == NVM_OK) status = find_imports(module->vm, imports, externals, error);
    if (status == NVM_OK) {
        /* it stays in the store even if it traps: its functions may be in somebody's table */
        i->module = module;
        i->next = store->instances;
        store->instances = i;
        status = start(store, i, externals, trap, error);
        if (status == NVM_OK) *instance = i;
    } else {
        free(i);
    }
    free(externals);
    return status;
}

nvm_module *nvm_instance_module(const nvm_instance *i)
{
    return i->module;
}

static bool find(nvm_instance *i, const char *name, enum extern_kind kind, struct external *out)
{
    return instance_export(i->vm, api_text(name), out) && out->kind == kind;
}

nvm_func *nvm_instance_func(nvm_instance *i, const char *name)
{
    struct external x;
    return find(i, name, EXTERN_FUNC, &x) ? (nvm_func *)x.func : NULL;
}

nvm_memory *nvm_instance_memory(nvm_instance *i, const char *name)
{
    struct external x;
    return find(i, name, EXTERN_MEMORY, &x) ? (nvm_memory *)x.memory : NULL;
}

nvm_table *nvm_instance_table(nvm_instance *i, const char *name)
{
    struct external x;
    return find(i, name, EXTERN_TABLE, &x) ? (nvm_table *)x.table : NULL;
}

nvm_global *nvm_instance_global(nvm_instance *i, const char *name)
{
    struct external x;
    return find(i, name, EXTERN_GLOBAL, &x) ? (nvm_global *)x.global : NULL;
}

/* ---- calls ------------------------------------------------------------------------------------------------------- */

static nvm_status check(const struct functype *type, const nvm_value *args, size_t arg_count, size_t result_count,
                        nvm_error *error)
{
    if (arg_count != type->params)
        return api_fail(error, NVM_USAGE, "the function takes %u arguments, not %zu", type->params, arg_count);
    if (result_count != type->results)
        return api_fail(error, NVM_USAGE, "the function has %u results, not %zu", type->results, result_count);
    for (size_t i = 0; i < arg_count; i++) {
        if (args[i].type == type->types[i]) continue;
        return api_fail(error, NVM_USAGE, "argument %zu is of type %s, expected %s", i, nvm_type_name(args[i].type),
                        nvm_type_name(type->types[i]));
    }
    return NVM_OK;
}

nvm_status nvm_call(nvm_store *store, nvm_func *func, const nvm_value *args, size_t arg_count, nvm_value *results,
                    size_t result_count, nvm_trap *trap, nvm_error *error)
{
    if (trap) *trap = (nvm_trap){.code = NVM_TRAP_NONE};
    if (!func) return api_fail(error, NVM_USAGE, "no function: a null pointer");
    struct func *f = (struct func *)func;
    const struct functype *type = func_type(f);
    nvm_status status = check(type, args, arg_count, result_count, error);
    if (status != NVM_OK) return status;
    slot few[FEW];
    size_t count = arg_count > result_count ? arg_count : result_count;
    slot *values = count <= FEW ? few : malloc(count * sizeof *values);
    if (!values) return api_fail(error, NVM_NO_MEMORY, "out of memory");
    for (size_t i = 0; i < arg_count; i++) values[i] = api_to_slot(&args[i]);
    struct trap_info info;
    if (func_call(store->vm, f, values, &info) != TRAP_NONE) status = api_trap(store, &info, trap, error);
    for (size_t i = 0; status == NVM_OK && i < result_count; i++)
        results[i] = api_from_slot(type->types[type->params + i], values[i]);
    if (values != few) free(values);
    return status;
}
