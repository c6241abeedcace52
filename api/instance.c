#include "api/api.h"

#include <stdlib.h>

enum { FEW = 16 /* values that need no allocation */ };

nvm_instance *api_instance(struct instance *vm)
{
    return vm ? instance_user(vm) : NULL;
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

/* The instance is told who it is before anything of it runs, and stays in the store even if it traps: its functions may
 * be in somebody's table. Until it is allocated, nobody can know it. */
static nvm_status start(nvm_instance *i, const struct external *externals, nvm_trap *trap, nvm_error *error)
{
    struct error e;
    struct trap_info info;
    const size_t count = module_import_count(i->module->vm);
    if (instance_allocate(i->store->vm, i->module->vm, externals, count, &i->vm, &e) != STATUS_OK) {
        free(i);
        info = (struct trap_info){.trap = TRAP_INTERRUPTED, .message = trap_text(TRAP_INTERRUPTED)};
        return e.code == VM_ERROR_INTERRUPTED ? api_trap(&info, trap, error) : api_error(error, &e);
    }
    instance_set_user(i->vm, i);
    i->next = i->store->instances;
    i->store->instances = i;
    return instance_start(i->vm, &info, &e) == STATUS_OK ? NVM_OK : api_trap(&info, trap, error);
}

static nvm_status instantiate(nvm_store *store, nvm_module *module, const struct external *externals,
                              nvm_instance **instance, nvm_trap *trap, nvm_error *error)
{
    nvm_instance *i = calloc(1, sizeof *i);
    if (!i) return api_fail(error, NVM_NO_MEMORY, "out of memory");
    *i = (nvm_instance){.store = store, .module = module};
    if (!api_enter(store, error)) {
        free(i);
        return NVM_USAGE;
    }
    const nvm_status status = start(i, externals, trap, error);
    if (status == NVM_OK) *instance = i;
    api_leave(store);
    return status;
}

/* Clears what is to be filled. */
static nvm_status check_new(const nvm_store *store, const nvm_module *module, nvm_instance **instance, nvm_trap *trap,
                            nvm_error *error)
{
    if (trap) *trap = (nvm_trap){.code = NVM_TRAP_NONE};
    if (!instance) return api_null(error, "instance");
    *instance = NULL;
    if (!store) return api_null(error, "store");
    return module ? NVM_OK : api_null(error, "module");
}

nvm_status nvm_instance_new(nvm_store *store, nvm_module *module, const nvm_imports *imports,
                            nvm_instance **instance, nvm_trap *trap, nvm_error *error)
{
    nvm_status status = check_new(store, module, instance, trap, error);
    if (status != NVM_OK) return status;
    if (imports && imports->store != store) return api_fail(error, NVM_USAGE, "the imports belong to another store");
    struct external *externals = calloc(module_import_count(module->vm) + 1, sizeof *externals);
    if (!externals) return api_fail(error, NVM_NO_MEMORY, "out of memory");
    status = find_imports(module->vm, imports, externals, error);
    if (status == NVM_OK) status = instantiate(store, module, externals, instance, trap, error);
    free(externals);
    return status;
}

/* ---- by position ------------------------------------------------------------------------------------------------- */

static struct external from_extern(const nvm_extern *x)
{
    switch (x->kind) {
    case NVM_FUNC: return (struct external){EXTERN_FUNC, {.func = (struct func *)x->of.func}};
    case NVM_TABLE: return (struct external){EXTERN_TABLE, {.table = (struct table *)x->of.table}};
    case NVM_MEMORY: return (struct external){EXTERN_MEMORY, {.memory = (struct memory *)x->of.memory}};
    case NVM_GLOBAL: return (struct external){EXTERN_GLOBAL, {.global = (struct global *)x->of.global}};
    }
    return (struct external){EXTERN_FUNC, {.func = NULL}};
}

static nvm_status take_externs(const nvm_store *store, const nvm_extern *externs, size_t count, struct external *out,
                               nvm_error *error)
{
    for (size_t i = 0; i < count; i++) {
        out[i] = from_extern(&externs[i]);
        if (!api_extern_fits(store->vm, &out[i]))
            return api_fail(error, NVM_USAGE, "import %zu: a null pointer, or something of another store", i);
    }
    return NVM_OK;
}

nvm_status nvm_instance_new_externs(nvm_store *store, nvm_module *module, const nvm_extern *externs, size_t count,
                                    nvm_instance **instance, nvm_trap *trap, nvm_error *error)
{
    nvm_status status = check_new(store, module, instance, trap, error);
    if (status != NVM_OK) return status;
    if (count != module_import_count(module->vm))
        return api_fail(error, NVM_USAGE, "%zu imports given, the module has %zu", count, module_import_count(module->vm));
    if (!externs && count) return api_null(error, "externs");
    struct external *externals = calloc(count + 1, sizeof *externals);
    if (!externals) return api_fail(error, NVM_NO_MEMORY, "out of memory");
    status = take_externs(store, externs, count, externals, error);
    if (status == NVM_OK) status = instantiate(store, module, externals, instance, trap, error);
    free(externals);
    return status;
}

bool nvm_instance_export(nvm_instance *i, size_t index, nvm_extern *out)
{
    struct external x;
    if (!i || !out || index >= module_export_count(i->module->vm)) return false;
    if (!instance_export(i->vm, module_export(i->module->vm, index).name, &x)) return false;
    out->kind = (nvm_kind)x.kind;
    switch (x.kind) {
    case EXTERN_FUNC: out->of.func = (nvm_func *)x.func; break;
    case EXTERN_TABLE: out->of.table = (nvm_table *)x.table; break;
    case EXTERN_MEMORY: out->of.memory = (nvm_memory *)x.memory; break;
    case EXTERN_GLOBAL: out->of.global = (nvm_global *)x.global; break;
    }
    return true;
}

/* ---- what an instance has ---------------------------------------------------------------------------------------- */

nvm_module *nvm_instance_module(const nvm_instance *i)
{
    return i ? i->module : NULL;
}

static bool find(nvm_instance *i, const char *name, enum extern_kind kind, struct external *out)
{
    return i && name && instance_export(i->vm, api_text(name), out) && out->kind == kind;
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

static nvm_status check(const struct store *store, const struct functype *type, const nvm_value *args, size_t arg_count,
                        size_t result_count, nvm_error *error)
{
    if (arg_count != type->params)
        return api_fail(error, NVM_USAGE, "the function takes %u arguments, not %zu", type->params, arg_count);
    if (result_count != type->results)
        return api_fail(error, NVM_USAGE, "the function has %u results, not %zu", type->results, result_count);
    if (arg_count && !args) return api_null(error, "args");
    for (size_t i = 0; i < arg_count; i++) {
        if (args[i].type != type->types[i])
            return api_fail(error, NVM_USAGE, "argument %zu is of type %s, expected %s", i,
                            nvm_type_name(args[i].type), nvm_type_name(type->types[i]));
        if (!api_value_fits(store, &args[i]))
            return api_fail(error, NVM_USAGE, "argument %zu is a function of another store", i);
    }
    return NVM_OK;
}

static nvm_status run(nvm_store *store, struct func *f, slot *values, nvm_trap *trap, nvm_error *error)
{
    struct trap_info info;
    if (func_call(store->vm, f, values, &info) == TRAP_NONE) return NVM_OK;
    return api_trap(&info, trap, error);
}

static nvm_status call(nvm_store *store, struct func *f, const nvm_value *args, nvm_value *results, nvm_trap *trap,
                       nvm_error *error)
{
    const struct functype *type = func_type(f);
    slot few[FEW];
    const size_t count = type->params > type->results ? type->params : type->results;
    slot *values = count <= FEW ? few : malloc(count * sizeof *values);
    if (!values) return api_fail(error, NVM_NO_MEMORY, "out of memory");
    for (size_t i = 0; i < type->params; i++) values[i] = api_to_slot(&args[i]);
    const nvm_status status = run(store, f, values, trap, error);
    for (size_t i = 0; status == NVM_OK && i < type->results; i++)
        results[i] = api_from_slot(type->types[type->params + i], values[i]);
    if (values != few) free(values);
    return status;
}

nvm_status nvm_call(nvm_store *store, nvm_func *func, const nvm_value *args, size_t arg_count, nvm_value *results,
                    size_t result_count, nvm_trap *trap, nvm_error *error)
{
    if (trap) *trap = (nvm_trap){.code = NVM_TRAP_NONE};
    if (!store) return api_null(error, "store");
    if (!func) return api_fail(error, NVM_USAGE, "no function: a null pointer");
    struct func *f = (struct func *)func;
    if (func_store(f) != store->vm) return api_fail(error, NVM_USAGE, "the function belongs to another store");
    nvm_status status = check(store->vm, func_type(f), args, arg_count, result_count, error);
    if (status != NVM_OK) return status;
    if (result_count && !results) return api_null(error, "results");
    if (!api_enter(store, error)) return NVM_USAGE;
    status = call(store, f, args, results, trap, error);
    api_leave(store);
    return status;
}
