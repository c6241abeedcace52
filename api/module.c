#include "api/api.h"
#include "wat/wat.h"

#include <stdlib.h>

static nvm_status load(const nvm_config *config, const uint8_t *bytes, size_t size, nvm_module **module,
                       nvm_error *error)
{
    struct error e;
    struct vm_config vm;
    nvm_module *m = calloc(1, sizeof *m);
    if (!m) return api_fail(error, NVM_NO_MEMORY, "out of memory");
    if (config) vm = config->vm;
    else vm_config_default(&vm);
    if (config && config->stop.wanted) vm.stop = &config->stop;
    if (config && config->metered) {
        m->schedule = config->schedule;
        vm.schedule = &m->schedule;
    }
    if (module_load(&vm, bytes, size, &m->vm, &e) != STATUS_OK) {
        free(m);
        if (e.code == VM_ERROR_INTERRUPTED) return api_fail(error, NVM_INTERRUPTED, "interrupted");
        return api_error(error, &e);
    }
    *module = m;
    return NVM_OK;
}

nvm_status nvm_module_new(const nvm_config *config, const void *bytes, size_t size, nvm_module **module,
                          nvm_error *error)
{
    if (!module) return api_null(error, "module");
    *module = NULL;
    if (!bytes && size) return api_null(error, "bytes");
    return load(config, bytes, size, module, error);
}

nvm_status nvm_module_new_text(const nvm_config *config, const char *text, size_t size, nvm_module **module,
                               nvm_error *error)
{
    struct error e;
    struct buffer binary = {0};
    if (!module) return api_null(error, "module");
    *module = NULL;
    if (!text && size) return api_null(error, "text");
    nvm_status status = NVM_OK;
    if (wat_to_wasm(text ? text : "", size, NULL, &binary, &e) != STATUS_OK) status = api_error(error, &e);
    else status = load(config, binary.data, binary.size, module, error);
    buffer_free(&binary);
    return status;
}

void nvm_module_free(nvm_module *m)
{
    if (!m) return;
    module_free(m->vm);
    free(m);
}

/* ---- what a module contains -------------------------------------------------------------------------------------- */

static nvm_name name_of(struct bytes b)
{
    return (nvm_name){(const char *)b.data, b.size};
}

nvm_functype api_functype(const struct functype *t)
{
    return (nvm_functype){t->params, t->results, t->types};
}

nvm_extern_type api_extern_type(const struct extern_type *t)
{
    nvm_extern_type out = {.kind = (nvm_kind)t->kind};
    switch (t->kind) {
    case EXTERN_FUNC: out.func = api_functype(&t->func); break;
    case EXTERN_TABLE: out.type = t->type; /* fall through */
    case EXTERN_MEMORY:
        out.min = t->range.min;
        out.has_max = t->range.has_max;
        out.max = t->range.has_max ? t->range.max : 0;
        break;
    case EXTERN_GLOBAL:
        out.type = t->type;
        out.is_mutable = t->is_mutable;
        break;
    }
    return out;
}

size_t nvm_module_imports(const nvm_module *m)
{
    return m ? module_import_count(m->vm) : 0;
}

bool nvm_module_import(const nvm_module *m, size_t i, nvm_import *out)
{
    if (!out || i >= nvm_module_imports(m)) return false;
    struct import_info info = module_import(m->vm, i);
    *out = (nvm_import){name_of(info.module), name_of(info.name), api_extern_type(&info.type)};
    return true;
}

size_t nvm_module_exports(const nvm_module *m)
{
    return m ? module_export_count(m->vm) : 0;
}

bool nvm_module_export(const nvm_module *m, size_t i, nvm_export *out)
{
    if (!out || i >= nvm_module_exports(m)) return false;
    struct export_info info = module_export(m->vm, i);
    *out = (nvm_export){name_of(info.name), api_extern_type(&info.type)};
    return true;
}

bool nvm_module_custom_section(const nvm_module *m, const char *name, size_t nth, const void **data, size_t *size)
{
    if (!m || !name || !data || !size) return false;
    for (size_t i = 0; i < module_section_count(m->vm); i++) {
        struct section_info s = module_section(m->vm, i);
        if (s.id != 0 || !bytes_equal(s.name, api_text(name)) || nth-- > 0) continue;
        *data = module_bytes(m->vm).data + s.offset;
        *size = s.size;
        return true;
    }
    return false;
}
