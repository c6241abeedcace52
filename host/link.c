/* Imports: which host function each one is. */
#include <stdio.h>
#include <stdlib.h>

#include "host/contract.h"

static bool type_equal(const struct import_definition *d, const struct functype *t)
{
    if (t->params != d->param_count || t->results != (d->result ? 1u : 0u)) return false;
    if (t->params && memcmp(t->types, d->params, t->params) != 0) return false;
    return !d->result || t->types[t->params] == d->result;
}

static void link_error(struct contract *c, const char *message, struct bytes name)
{
    c->load_error = "LinkError";
    if (name.size == 0) snprintf(c->load_message, sizeof c->load_message, "%s", message);
    else snprintf(c->load_message, sizeof c->load_message, "%s `env::%.*s`", message,
                  (int)(name.size < 100 ? name.size : 100), (const char *)name.data);
}

static bool find_imports(struct contract *c)
{
    c->import_count = (uint32_t)module_import_count(c->module);
    c->imports = calloc(c->import_count + 1u, sizeof *c->imports);
    for (uint32_t i = 0; c->imports && i < c->import_count; i++)
        c->imports[i] = import_find(c->parameters, module_import(c->module, i).name);
    return c->imports;
}

/* All names come before all types, as in production's linker. */
static void check_imports(struct contract *c)
{
    for (uint32_t i = 0; i < c->import_count; i++) {
        if (c->imports[i]) continue;
        link_error(c, "unknown or invalid import", (struct bytes){0});
        return;
    }
    for (uint32_t i = 0; i < c->import_count; i++) {
        struct import_info import = module_import(c->module, i);
        if (type_equal(c->imports[i], &import.type.func)) continue;
        link_error(c, "incompatible import type for", import.name);
        return;
    }
}

enum status contract_link(struct contract *c, struct error *e)
{
    const struct module *m = c->module;
    const uint64_t size = engine_instance_size(m);
    if (size == 0) return error_no_memory(e);
    if (size > ENGINE_INSTANCE_BYTES) {
        c->load_error = "LoadingError";
        snprintf(c->load_message, sizeof c->load_message,
                 "Loading error: module instance size does not fit in pooling allocator requirements");
        return STATUS_OK;
    }
    if (!find_imports(c)) return error_no_memory(e);
    check_imports(c);
    return STATUS_OK;
}
