/* A record made by the reference interpreter. */
#include "base/hash.h"
#include "fuzz/record.h"
#include "fuzz/reference.h"

#include <stdlib.h>

static uint64_t fixed_hash(struct bytes b)
{
    const struct hash_key key = {0};
    return hash_bytes(b, &key);
}

struct run {
    struct reference *reference;
    struct host_state state;
    uint32_t first_export;
};

static uint8_t *host_memory(void *context, size_t *size)
{
    return reference_memory(((struct run *)context)->reference, size);
}

static void host_grow(void *context)
{
    reference_grow(((struct run *)context)->reference, 1);
}

static enum trap host_reenter(void *context, uint64_t *values)
{
    struct run *r = context;
    return reference_call(r->reference, r->first_export, values);
}

static enum trap host(struct reference *reference, void *user, uint32_t import, const struct functype *type,
                      uint64_t *values)
{
    (void)reference;
    struct run *r = user;
    const struct host_actions actions = {host_memory, host_grow, host_reenter, r};
    return host_effect(&r->state, import, type, values, &actions);
}

static void record_call(struct run *r, const struct export_info *e, struct record *out)
{
    struct call_record *c = &out->call[out->calls++];
    const struct functype *t = &e->type.func;
    uint64_t values[64] = {0};
    c->trap = reference_call(r->reference, e->index, values);
    if (c->trap == TRAP_NONE) {
        c->results = t->results;
        for (uint32_t i = 0; i < t->results && i < RECORD_RESULTS; i++)
            c->result[i] = t->types[t->params + i] == TYPE_FUNCREF ? values[i] != 0 : values[i];
    }
    c->fuel = reference_fuel_used(r->reference);
}

bool record_reference(const struct module *m, struct record *out)
{
    memset(out, 0, sizeof *out);
    struct run r = {0};
    r.reference = reference_new(m, host, &r);
    if (!r.reference) return false;
    size_t exports = module_export_count(m);
    for (size_t i = exports; i > 0; i--)
        if (module_export(m, i - 1).type.kind == EXTERN_FUNC) r.first_export = module_export(m, i - 1).index;
    for (size_t i = 0; i < exports && out->calls < RECORD_CALLS; i++) {
        struct export_info e = module_export(m, i);
        if (e.type.kind == EXTERN_FUNC) record_call(&r, &e, out);
        else if (e.type.kind == EXTERN_GLOBAL) out->globals++;
    }
    for (size_t i = 0, k = 0; i < exports; i++) { /* globals as they are after all calls */
        struct export_info e = module_export(m, i);
        if (e.type.kind != EXTERN_GLOBAL || k == RECORD_GLOBALS) continue;
        uint64_t v = reference_global(r.reference, e.index);
        out->global[k++] = e.type.type == TYPE_FUNCREF ? v != 0 : v;
    }
    if (out->globals > RECORD_GLOBALS) out->globals = RECORD_GLOBALS;
    size_t size = 0;
    const uint8_t *memory = reference_memory(r.reference, &size);
    out->memory_size = size;
    out->memory_hash = fixed_hash(bytes_of(memory, size));
    reference_free(r.reference);
    return true;
}
