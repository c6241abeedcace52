/* What can be asked of a module, and the names of things. */
#include "vm/module.h"

bool functype_equal(const struct functype *a, const struct functype *b)
{
    uint32_t n = a->params + a->results;
    return a->params == b->params && a->results == b->results && (n == 0 || memcmp(a->types, b->types, n) == 0);
}

const char *valtype_name(uint8_t type)
{
    switch (type) {
    case TYPE_I32: return "i32";
    case TYPE_I64: return "i64";
    case TYPE_F32: return "f32";
    case TYPE_F64: return "f64";
    case TYPE_FUNCREF: return "funcref";
    case TYPE_EXTERNREF: return "externref";
    case 0: return "anything";
    }
    return "unknown type";
}

const char *trap_text(enum trap t)
{
    switch (t) {
    case TRAP_NONE: return "no trap";
#define X(name, text) case TRAP_##name: return text;
#include "vm/traps.def"
#undef X
    case TRAP_COUNT: break;
    }
    return "unknown trap";
}

size_t module_import_count(const struct module *m) { return m->import_count; }
struct import_info module_import(const struct module *m, size_t i) { return m->imports[i]; }
size_t module_export_count(const struct module *m) { return m->export_count; }
struct export_info module_export(const struct module *m, size_t i) { return m->exports[i]; }
size_t module_section_count(const struct module *m) { return m->section_count; }
struct section_info module_section(const struct module *m, size_t i) { return m->sections[i]; }
size_t module_function_count(const struct module *m) { return m->function_count; }
size_t module_table_count(const struct module *m) { return m->table_count; }
size_t module_memory_count(const struct module *m) { return m->memory_count; }
size_t module_global_count(const struct module *m) { return m->global_count; }
size_t module_data_count(const struct module *m) { return m->data_segments; }
size_t module_element_count(const struct module *m) { return m->element_count; }
struct bytes module_bytes(const struct module *m) { return m->bytes; }
struct bytes module_name(const struct module *m) { return m->name; }
size_t module_code_bytes(const struct module *m) { return atomic_load(&((struct module *)(uintptr_t)m)->code_bytes); }

struct function_info module_function(const struct module *m, size_t i)
{
    struct function_info info = {.type = m->types[m->function_types[i]], .imported = i < m->imported_functions,
                                 .name = module_function_name(m, (uint32_t)i)};
    if (info.imported || !m->bodies) return info;
    const struct body *b = &m->bodies[i - m->imported_functions];
    info.offset = b->offset;
    info.size = b->size;
    info.locals = b->locals - info.type.params;
    return info;
}

struct extern_type module_table(const struct module *m, size_t i)
{
    return (struct extern_type){.kind = EXTERN_TABLE, .type = m->tables[i].type, .range = m->tables[i].range};
}

struct extern_type module_memory(const struct module *m, size_t i)
{
    return (struct extern_type){.kind = EXTERN_MEMORY, .range = m->memories[i]};
}

struct extern_type module_global(const struct module *m, size_t i)
{
    return (struct extern_type){.kind = EXTERN_GLOBAL, .type = m->globals[i].type,
                                .is_mutable = m->globals[i].is_mutable};
}

bool module_start(const struct module *m, uint32_t *function)
{
    *function = m->start;
    return m->has_start;
}
