/* Production's engine keeps an instance's globals, imports and function references in one block of at most a mebibyte;
 * a module that needs more cannot be loaded. The layout is that of wasmtime 45 on 64-bit machines (wasmtime-environ,
 * vmoffsets.rs), for the module as production rewrites it. */
#include <stdlib.h>

#include "host/contract.h"
#include "vm/preparation.h"

enum {
    SIZE_OF_INSTANCE = 160,        /* the engine's own struct in front of it */
    FIXED_FIELDS = 48,
    MEMORY = 8 + 16,
    IMPORTED_FUNCTION = 32,
    TABLE = 16,
    GLOBAL = 16,
    FUNCTION_REFERENCE = 32,
};

static bool note(uint8_t *seen, uint32_t f)
{
    if (seen[f / 8] >> f % 8 & 1) return false;
    seen[f / 8] |= (uint8_t)(1 << f % 8);
    return true;
}

/* How many functions can be reached other than by a direct call: imported and exported ones, those in element segments
 * and in initialisers of globals, and the start function. UINT32_MAX: no memory. */
static uint32_t escaped_functions(const struct module *m)
{
    uint8_t *seen = calloc(m->function_count / 8 + 1, 1);
    uint32_t n = 0;
    if (!seen) return UINT32_MAX;
    for (uint32_t i = 0; i < m->imported_functions; i++) n += note(seen, i);
    for (uint32_t i = 0; i < m->export_count; i++)
        if (m->exports[i].type.kind == EXTERN_FUNC) n += note(seen, m->exports[i].index);
    for (uint32_t i = 0; i < m->element_count; i++)
        for (uint32_t k = 0; k < m->elements[i].count; k++) {
            const struct const_expr *x = &m->elements[i].items[k];
            if (x->kind == CONST_FUNC) n += note(seen, (uint32_t)x->value);
        }
    for (uint32_t i = m->imported_globals; i < m->global_count; i++)
        if (m->globals[i].init.kind == CONST_FUNC) n += note(seen, (uint32_t)m->globals[i].init.value);
    if (m->has_start) n += note(seen, m->start);
    free(seen);
    return n;
}

uint64_t engine_instance_size(const struct module *m)
{
    uint64_t added = rewriting_adds_imports(m) ? ADDED_IMPORTS : 0;
    uint32_t escaped = escaped_functions(m);
    if (escaped == UINT32_MAX) return 0;
    uint64_t imports = m->imported_functions + added;
    uint64_t globals = m->global_count + (rewriting_adds_globals(m) ? (uint64_t)ADDED_GLOBALS : 0);
    uint64_t size = FIXED_FIELDS + MEMORY + imports * IMPORTED_FUNCTION + (uint64_t)m->table_count * TABLE;
    size = (size + 15) / 16 * 16 + globals * GLOBAL;
    return SIZE_OF_INSTANCE + size + (escaped + added) * FUNCTION_REFERENCE;
}
