#include "api/api.h"

#include <stdlib.h>

nvm_status nvm_imports_new(nvm_store *store, nvm_imports **imports, nvm_error *error)
{
    if (!imports) return api_null(error, "imports");
    *imports = NULL;
    if (!store) return api_null(error, "store");
    *imports = calloc(1, sizeof **imports);
    if (!*imports) return api_fail(error, NVM_NO_MEMORY, "out of memory");
    (*imports)->store = store;
    (*imports)->next = store->imports;
    store->imports = *imports;
    return NVM_OK;
}

static nvm_status check(const nvm_imports *imports, const char *module, const char *name, const nvm_instance *instance,
                        const struct external *external, nvm_error *error)
{
    if (!imports) return api_null(error, "imports");
    if (!module || !name) return api_null(error, "a name");
    if (!instance && !external->func) return api_null(error, "what is to be imported");
    if (instance ? instance->store == imports->store : api_extern_fits(imports->store->vm, external)) return NVM_OK;
    return api_fail(error, NVM_USAGE, "%.80s.%.80s: it belongs to another store", module, name);
}

static nvm_status add(nvm_imports *imports, const char *module, const char *name, nvm_instance *instance,
                      struct external external, nvm_error *error)
{
    nvm_status status = check(imports, module, name, instance, &external, error);
    if (status != NVM_OK) return status;
    size_t module_size = strlen(module), name_size = strlen(name);
    struct import_entry *e = malloc(sizeof *e + module_size + name_size);
    if (!e) return api_fail(error, NVM_NO_MEMORY, "out of memory");
    *e = (struct import_entry){
        .next = imports->entries,
        .instance = instance,
        .external = external,
        .module_size = module_size,
        .name_size = name_size,
    };
    memcpy(e->names, module, module_size);
    memcpy(e->names + module_size, name, name_size);
    imports->entries = e;
    return NVM_OK;
}

nvm_status nvm_imports_host(nvm_imports *imports, const char *module, const char *name, const char *type,
                            nvm_host_function function, void *user, nvm_error *error)
{
    nvm_func *func;
    if (!imports) return api_null(error, "imports");
    nvm_status status = nvm_func_new(imports->store, type, function, user, &func, error);
    return status == NVM_OK ? nvm_imports_func(imports, module, name, func, error) : status;
}

nvm_status nvm_imports_func(nvm_imports *imports, const char *module, const char *name, nvm_func *func,
                            nvm_error *error)
{
    return add(imports, module, name, NULL, (struct external){EXTERN_FUNC, {.func = (struct func *)func}}, error);
}

nvm_status nvm_imports_memory(nvm_imports *imports, const char *module, const char *name, nvm_memory *memory,
                              nvm_error *error)
{
    const struct external x = {EXTERN_MEMORY, {.memory = (struct memory *)memory}};
    return add(imports, module, name, NULL, x, error);
}

nvm_status nvm_imports_table(nvm_imports *imports, const char *module, const char *name, nvm_table *table,
                             nvm_error *error)
{
    return add(imports, module, name, NULL, (struct external){EXTERN_TABLE, {.table = (struct table *)table}}, error);
}

nvm_status nvm_imports_global(nvm_imports *imports, const char *module, const char *name, nvm_global *global,
                              nvm_error *error)
{
    const struct external x = {EXTERN_GLOBAL, {.global = (struct global *)global}};
    return add(imports, module, name, NULL, x, error);
}

nvm_status nvm_imports_instance(nvm_imports *imports, const char *module, nvm_instance *instance, nvm_error *error)
{
    if (!instance) return api_null(error, "instance");
    return add(imports, module, "", instance, (struct external){0}, error);
}

bool api_find_import(const nvm_imports *imports, struct bytes module, struct bytes name, struct external *out)
{
    for (const struct import_entry *e = imports ? imports->entries : NULL; e; e = e->next) {
        if (!bytes_equal(module, bytes_of(e->names, e->module_size))) continue;
        if (e->instance) {
            if (instance_export(e->instance->vm, name, out)) return true;
        } else if (bytes_equal(name, bytes_of(e->names + e->module_size, e->name_size))) {
            *out = e->external;
            return true;
        }
    }
    return false;
}
