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
    c->import_count = (uint32_t)module_import_count(m);
    c->imports = calloc(c->import_count + 1u, sizeof *c->imports);
    if (!c->imports) return error_no_memory(e);
    for (uint32_t i = 0; i < c->import_count; i++) {
        struct import_info import = module_import(m, i);
        const struct import_definition *d = import_find(c->parameters, import.name);
        c->imports[i] = d;
        if (d && type_equal(d, &import.type.func)) continue;
        if (d) link_error(c, "incompatible import type for", import.name);
        else link_error(c, "unknown or invalid import", (struct bytes){0});
        return STATUS_OK;
    }
    return STATUS_OK;
}
