/* Production's engine parses and compiles the module as production rewrote it, with limits of its own: what was within
 * them before may not be any longer. Sources: wasmparser 0.248, the parser of wasmtime 45 (limits.rs; type_size in
 * validator/core.rs), and near-vm-runner, prepare/instrument_v3.rs, for what is added. */
#include <stdio.h>

#include "host/contract.h"
#include "vm/preparation.h"

enum {
    MOST_GLOBALS = 1000000,
    MOST_LOCALS = 50000,           /* of a function, with its parameters */
    ADDED_LOCALS = 2,
};

uint64_t effective_type_size(const struct extern_type *t)
{
    return t->kind == EXTERN_FUNC ? 2 + (uint64_t)t->func.params + t->func.results : 1;
}

/* Three functions are imported besides (two without parameters, one with one). The start function becomes an export,
 * and so does the remaining gas; the memory is exported once. */
static uint64_t rewritten_type_size(const struct module *m)
{
    uint64_t size = EFFECTIVE_TYPE_SIZE_OF_NOTHING;
    for (uint32_t i = 0; i < m->import_count; i++) size += effective_type_size(&m->imports[i].type);
    for (uint32_t i = 0; i < m->export_count; i++)
        if (m->exports[i].type.kind != EXTERN_MEMORY) size += effective_type_size(&m->exports[i].type);
    if (rewriting_adds_imports(m)) size += 2 + 2 + 3;
    if (rewriting_adds_globals(m)) size += 1;
    return size + 1 + (m->has_start ? 2 : 0);
}

bool second_parse_refuses(const struct module *m, char *why, size_t size)
{
    uint64_t globals = m->global_count + (rewriting_adds_globals(m) ? (uint64_t)ADDED_GLOBALS : 0);
    if (globals > MOST_GLOBALS || rewritten_type_size(m) > MOST_EFFECTIVE_TYPE_SIZE) {
        snprintf(why, size, "failed to parse WebAssembly module");
        return true;
    }
    for (uint32_t i = 0; i < m->body_count; i++) {
        if (m->bodies[i].locals + ADDED_LOCALS <= MOST_LOCALS) continue;
        snprintf(why, size, "failed to compile: wasm[0]::function[%u]", m->bodies[i].index + ADDED_IMPORTS);
        return true;
    }
    return false;
}
