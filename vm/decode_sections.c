/* Decoding of every section but code and segments. Section numbers are those of the specification, 5.5. */
#include <stdlib.h>

#include "base/hash.h"
#include "vm/decode.h"

bool decode_value_type(struct decoder *d, uint8_t *type)
{
    struct reader *r = &d->r;
    const uint8_t *at = r->p;
    *type = read_byte(r);
    if (r->failed) return false;
    if (*type >= TYPE_F64 && *type <= TYPE_I32) return true;
    if (*type == TYPE_FUNCREF || *type == TYPE_EXTERNREF) {
        uint32_t feature = *type == TYPE_FUNCREF ? FEATURE_REFERENCE_TYPES : FEATURE_EXTERNREF;
        if (d->m->config.features & feature) return true;
        return reader_fail(r, VM_ERROR_FEATURE, at, "values of type %s", valtype_name(*type));
    }
    if (*type == 0x7b) return reader_fail(r, VM_ERROR_FEATURE, at, "SIMD (values of type v128)");
    return reader_fail(r, VM_ERROR_VALUE_TYPE, at, "0x%02x", *type);
}

bool decode_reference_type(struct decoder *d, uint8_t *type)
{
    struct reader *r = &d->r;
    const uint8_t *at = r->p;
    *type = read_byte(r);
    if (r->failed) return false;
    if (*type == TYPE_FUNCREF) return true; /* tables of functions exist without the reference types, too */
    if (*type == TYPE_EXTERNREF) {
        if (d->m->config.features & FEATURE_EXTERNREF) return true;
        return reader_fail(r, VM_ERROR_FEATURE, at, "externref");
    }
    return reader_fail(r, VM_ERROR_REFERENCE_TYPE, at, "0x%02x", *type);
}

static bool decode_range(struct decoder *d, struct range *range)
{
    struct reader *r = &d->r;
    const uint8_t *at = r->p;
    uint8_t flags = read_byte(r);
    if (!r->failed && flags > 1) {
        if (flags >= 0x80) return reader_fail(r, VM_ERROR_LEB_TOO_LONG, at, "limits flags are one byte");
        const char *what = flags & 4 ? " (64-bit memory)" : flags & 2 ? " (shared memory)" : "";
        return reader_fail(r, VM_ERROR_LIMITS_FLAGS, at, "0x%02x%s", flags, flags < 8 ? what : "");
    }
    range->min = read_u32(r);
    range->has_max = flags == 1;
    range->max = range->has_max ? read_u32(r) : UINT32_MAX;
    if (!r->failed && range->has_max && range->max < range->min)
        return reader_fail(r, VM_ERROR_LIMITS_ORDER, at, "%u > %u", range->min, range->max);
    return !r->failed;
}

static bool decode_table_type(struct decoder *d, struct table_def *t)
{
    const uint8_t *at = d->r.p;
    if (!decode_reference_type(d, &t->type) || !decode_range(d, &t->range)) return false;
    if (t->range.min > LIMIT_TABLE_ELEMENTS && !d->m->config.observer) /* an observer has rules of its own */
        return reader_fail(&d->r, VM_ERROR_LIMIT, at, "a table of %u elements, at most %u are allowed",
                           t->range.min, LIMIT_TABLE_ELEMENTS);
    return true;
}

static bool decode_memory_type(struct decoder *d, struct range *range)
{
    const uint8_t *at = d->r.p;
    if (!decode_range(d, range)) return false;
    if (range->min > 65536 || (range->has_max && range->max > 65536))
        return reader_fail(&d->r, VM_ERROR_MEMORY_SIZE, at, NULL);
    return true;
}

static bool decode_global_type(struct decoder *d, struct global_def *g)
{
    if (!decode_value_type(d, &g->type)) return false;
    const uint8_t *at = d->r.p;
    uint8_t mutability = read_byte(&d->r);
    if (!d->r.failed && mutability > 1) return reader_fail(&d->r, VM_ERROR_MUTABILITY, at, "0x%02x", mutability);
    g->is_mutable = mutability == 1;
    return !d->r.failed;
}

static uint32_t decode_type_index(struct decoder *d)
{
    const uint8_t *at = d->r.p;
    uint32_t i = read_u32(&d->r);
    if (!d->r.failed && i >= d->m->type_count) reader_fail(&d->r, VM_ERROR_UNKNOWN_TYPE, at, "%u", i);
    return d->r.failed ? 0 : i;
}

/* One half of a function type: appends to `types`, which has room for everything that the reader still holds. */
static uint32_t decode_result_type(struct decoder *d, uint8_t *types, uint32_t limit, const char *what)
{
    uint32_t n = read_count(&d->r, limit, what);
    for (uint32_t i = 0; i < n && !d->r.failed; i++) decode_value_type(d, &types[i]);
    return n;
}

/* The lowest index with an equal type, so that types can be compared by number: a hash table over what is there. */
static void canonical_types(struct decoder *d)
{
    struct module *m = d->m;
    uint32_t size = 16;
    while (size < m->type_count * 2u) size *= 2;
    uint32_t *table = calloc(size, sizeof *table);
    if (!table) {
        d->r.failed = true;
        error_no_memory(d->r.e);
        return;
    }
    for (uint32_t i = 0; i < m->type_count; i++) {
        const struct functype *t = &m->types[i];
        uint32_t h = (uint32_t)hash_bytes(bytes_of(t->types, t->params + t->results), &m->table_key) + t->params;
        for (h &= size - 1; table[h] && !functype_equal(t, &m->types[table[h] - 1]);) h = (h + 1) & (size - 1);
        if (!table[h]) table[h] = i + 1;
        m->type_canonical[i] = table[h] - 1;
    }
    free(table);
}

void decode_types(struct decoder *d)
{
    struct module *m = d->m;
    struct reader *r = &d->r;
    uint32_t count = read_count(r, m->config.limits.types, "types");
    m->types = decoder_array(d, count, sizeof *m->types);
    m->type_canonical = decoder_array(d, count, sizeof *m->type_canonical);
    /* every type in the vector takes a byte of the section */
    uint8_t *types = decoder_array(d, (size_t)(r->end - r->p), 1);
    for (uint32_t i = 0; i < count && decoder_look(d, 16); i++) {
        const uint8_t *at = r->p;
        uint8_t form = read_byte(r);
        if (r->failed) return;
        if (form >= 0x80) {
            reader_fail(r, VM_ERROR_LEB_TOO_LONG, at, "the form of a type is one byte");
            return;
        }
        if (form != 0x60) {
            reader_fail(r, VM_ERROR_FUNCTION_TYPE, at, "0x60 expected, got 0x%02x", form);
            return;
        }
        struct functype *t = &m->types[i];
        t->params = decode_result_type(d, types, m->config.limits.params, "parameters");
        t->results = decode_result_type(d, types + t->params, m->config.limits.results, "results");
        if (r->failed) return;
        t->types = types;
        types += t->params + t->results;
        if (t->results > 1 && !(m->config.features & FEATURE_MULTI_VALUE)) {
            if (m->config.features & FEATURE_REFERENCE_TYPES)
                reader_fail(r, VM_ERROR_FEATURE, at, "multi-value (%u results)", t->results);
            else reader_fail(r, VM_ERROR_RESULT_ARITY, at, "%u", t->results);
            return;
        }
        m->type_count = i + 1;
    }
    if (!r->failed) canonical_types(d);
}

/* What index spaces become: imports come first, so arrays are made when the imports are known. */
static bool count_imports(struct decoder *d, const struct import_info *imports, uint32_t count)
{
    struct module *m = d->m;
    for (uint32_t i = 0; i < count; i++) {
        switch (imports[i].type.kind) {
        case EXTERN_FUNC: m->imported_functions++; break;
        case EXTERN_TABLE: m->imported_tables++; break;
        case EXTERN_MEMORY: m->imported_memories++; break;
        case EXTERN_GLOBAL: m->imported_globals++; break;
        }
    }
    m->function_types = decoder_array(d, m->imported_functions, sizeof *m->function_types);
    m->tables = decoder_array(d, m->imported_tables, sizeof *m->tables);
    m->memories = decoder_array(d, m->imported_memories, sizeof *m->memories);
    m->globals = decoder_array(d, m->imported_globals, sizeof *m->globals);
    if (d->r.failed) return false;
    for (uint32_t i = 0; i < count; i++) {
        const struct extern_type *t = &imports[i].type;
        switch (t->kind) {
        case EXTERN_FUNC: m->function_types[m->function_count++] = m->import_types[i]; break;
        case EXTERN_TABLE: m->tables[m->table_count++] = (struct table_def){t->type, t->range}; break;
        case EXTERN_MEMORY: m->memories[m->memory_count++] = t->range; break;
        case EXTERN_GLOBAL:
            m->globals[m->global_count++] = (struct global_def){.type = t->type, .is_mutable = t->is_mutable};
            break;
        }
    }
    if (m->table_count > 1 && !(m->config.features & FEATURE_REFERENCE_TYPES))
        return reader_fail(&d->r, VM_ERROR_FEATURE, d->r.p, "several tables");
    if (m->memory_count > 1) return reader_fail(&d->r, VM_ERROR_MULTIPLE_MEMORIES, d->r.p, NULL);
    if (m->table_count > m->config.limits.tables)
        return reader_fail(&d->r, VM_ERROR_LIMIT, d->r.p, "%u tables, at most %u are allowed", m->table_count,
                           m->config.limits.tables);
    return true;
}

static void decode_import(struct decoder *d, struct import_info *import, uint32_t *type_index)
{
    struct reader *r = &d->r;
    import->module = decode_name(d);
    import->name = decode_name(d);
    const uint8_t *at = r->p;
    uint8_t kind = read_byte(r);
    struct extern_type *t = &import->type;
    t->kind = kind;
    struct table_def table;
    struct global_def global;
    switch (kind) {
    case EXTERN_FUNC:
        *type_index = decode_type_index(d);
        if (!r->failed) t->func = d->m->types[*type_index];
        break;
    case EXTERN_TABLE:
        if (!decode_table_type(d, &table)) return;
        t->type = table.type;
        t->range = table.range;
        break;
    case EXTERN_MEMORY: decode_memory_type(d, &t->range); break;
    case EXTERN_GLOBAL:
        if (!decode_global_type(d, &global)) return;
        t->type = global.type;
        t->is_mutable = global.is_mutable;
        if (t->is_mutable && !(d->m->config.features & FEATURE_MUTABLE_GLOBALS))
            reader_fail(r, VM_ERROR_FEATURE, at, "import of a mutable global");
        break;
    default:
        if (!r->failed) reader_fail(r, VM_ERROR_IMPORT_KIND, at, "0x%02x", kind);
    }
}

void decode_imports(struct decoder *d)
{
    struct module *m = d->m;
    uint32_t count = read_count(&d->r, m->config.limits.imports, "imports");
    m->imports = decoder_array(d, count, sizeof *m->imports);
    m->import_types = decoder_array(d, count, sizeof *m->import_types);
    for (uint32_t i = 0; i < count && decoder_look(d, 16); i++) decode_import(d, &m->imports[i], &m->import_types[i]);
    if (d->r.failed || !count_imports(d, m->imports, count)) return;
    m->import_count = count;
    decoder_event(d, LOAD_IMPORTS, count);
}

/* Makes room for `extra` more elements behind the `count` imported ones. */
static void *grow_space(struct decoder *d, const void *old, uint32_t count, uint32_t extra, size_t size)
{
    uint8_t *p = decoder_array(d, (size_t)count + extra, size);
    if (p && count) memcpy(p, old, count * size);
    return p;
}

static uint32_t read_space(struct decoder *d, uint32_t existing, uint32_t limit, const char *what)
{
    const uint8_t *at = d->r.p;
    uint32_t count = read_count(&d->r, limit, what);
    if (!d->r.failed && count > limit - (existing < limit ? existing : limit))
        reader_fail(&d->r, VM_ERROR_LIMIT, at, "%u %s, at most %u are allowed", count + existing, what, limit);
    return d->r.failed ? 0 : count;
}

void decode_functions(struct decoder *d)
{
    struct module *m = d->m;
    uint32_t count = read_space(d, m->function_count, m->config.limits.functions, "functions");
    m->function_types = grow_space(d, m->function_types, m->function_count, count, sizeof *m->function_types);
    if (d->r.failed) return;
    for (uint32_t i = 0; i < count; i++) m->function_types[m->function_count + i] = decode_type_index(d);
    if (!d->r.failed) m->function_count += count;
}

void decode_tables(struct decoder *d)
{
    struct module *m = d->m;
    const uint8_t *at = d->r.p;
    uint32_t count = read_space(d, m->table_count, m->config.limits.tables, "tables");
    m->tables = grow_space(d, m->tables, m->table_count, count, sizeof *m->tables);
    for (uint32_t i = 0; i < count && !d->r.failed; i++) {
        if (!decode_table_type(d, &m->tables[m->table_count])) return;
        m->table_count++;
    }
    if (!d->r.failed && m->table_count > 1 && !(m->config.features & FEATURE_REFERENCE_TYPES))
        reader_fail(&d->r, VM_ERROR_FEATURE, at, "several tables");
    decoder_event(d, LOAD_TABLES, count);
}

void decode_memories(struct decoder *d)
{
    struct module *m = d->m;
    const uint8_t *at = d->r.p;
    uint32_t count = read_count(&d->r, UINT32_MAX, "memories");
    if (d->r.failed) return;
    if (m->memory_count + (size_t)count > LIMIT_MEMORIES) {
        reader_fail(&d->r, VM_ERROR_MULTIPLE_MEMORIES, at, NULL);
        return;
    }
    m->memories = grow_space(d, m->memories, m->memory_count, count, sizeof *m->memories);
    for (uint32_t i = 0; i < count && !d->r.failed; i++)
        if (decode_memory_type(d, &m->memories[m->memory_count])) m->memory_count++;
}

void decode_globals(struct decoder *d)
{
    struct module *m = d->m;
    uint32_t count = read_space(d, m->global_count, m->config.limits.globals, "globals");
    m->globals = grow_space(d, m->globals, m->global_count, count, sizeof *m->globals);
    for (uint32_t i = 0; i < count && !d->r.failed; i++) {
        struct global_def *g = &m->globals[m->imported_globals + i];
        if (!decode_global_type(d, g) || !decode_const_expr(d, g->type, &g->init)) return;
    }
    /* initialisers see imported globals only, so the count grows at the end */
    if (!d->r.failed) m->global_count += count;
    decoder_event(d, LOAD_GLOBALS, count);
}

static bool export_index_known(const struct module *m, enum extern_kind kind, uint32_t index)
{
    const uint32_t counts[] = {m->function_count, m->table_count, m->memory_count, m->global_count};
    return index < counts[kind];
}

static void export_type(const struct module *m, struct export_info *x)
{
    struct extern_type *t = &x->type;
    switch (t->kind) {
    case EXTERN_FUNC: t->func = m->types[m->function_types[x->index]]; break;
    case EXTERN_TABLE:
        t->type = m->tables[x->index].type;
        t->range = m->tables[x->index].range;
        break;
    case EXTERN_MEMORY: t->range = m->memories[x->index]; break;
    case EXTERN_GLOBAL:
        t->type = m->globals[x->index].type;
        t->is_mutable = m->globals[x->index].is_mutable;
        break;
    }
}

/* Puts export number i into the hash table; false: the name is there already. */
static bool export_insert(struct module *m, uint32_t i)
{
    uint32_t h = (uint32_t)hash_bytes(m->exports[i].name, &m->table_key) & m->export_mask;
    for (; m->export_slots[h]; h = (h + 1) & m->export_mask)
        if (bytes_equal(m->exports[m->export_slots[h] - 1].name, m->exports[i].name)) return false;
    m->export_slots[h] = i + 1;
    return true;
}

static bool decode_export(struct decoder *d, uint32_t i)
{
    struct module *m = d->m;
    struct reader *r = &d->r;
    struct export_info *x = &m->exports[i];
    const uint8_t *at = r->p;
    x->name = decode_name(d);
    const uint8_t *kind_at = r->p;
    uint8_t kind = read_byte(r);
    const uint8_t *index_at = r->p;
    if (!r->failed && kind > EXTERN_GLOBAL) return reader_fail(r, VM_ERROR_EXPORT_KIND, kind_at, "0x%02x", kind);
    x->index = read_u32(r);
    if (r->failed) return false;
    x->type.kind = kind;
    static const enum vm_error unknown[] = {VM_ERROR_UNKNOWN_FUNCTION, VM_ERROR_UNKNOWN_TABLE,
                                            VM_ERROR_UNKNOWN_MEMORY, VM_ERROR_UNKNOWN_GLOBAL};
    if (!export_index_known(m, x->type.kind, x->index)) return reader_fail(r, unknown[kind], index_at, "%u", x->index);
    export_type(m, x);
    if (kind == EXTERN_FUNC && !declare_function(d, x->index, index_at)) return false;
    if (kind == EXTERN_FUNC && !m->function_exports[x->index]) m->function_exports[x->index] = i + 1;
    if (kind == EXTERN_GLOBAL && x->type.is_mutable && !(m->config.features & FEATURE_MUTABLE_GLOBALS))
        return reader_fail(r, VM_ERROR_FEATURE, kind_at, "export of a mutable global");
    if (!export_insert(m, i))
        return reader_fail(r, VM_ERROR_DUPLICATE_EXPORT, at, "\"%.*s\"", (int)(x->name.size < 99 ? x->name.size : 99),
                           (const char *)x->name.data);
    return true;
}

void decode_exports(struct decoder *d)
{
    struct module *m = d->m;
    uint32_t count = read_count(&d->r, m->config.limits.exports, "exports");
    uint32_t size = 8;
    while (size < count * 2u) size *= 2;
    m->exports = decoder_array(d, count, sizeof *m->exports);
    m->export_slots = decoder_array(d, size, sizeof *m->export_slots);
    m->export_mask = size - 1;
    m->function_exports = decoder_array(d, m->function_count, sizeof *m->function_exports);
    for (uint32_t i = 0; i < count && decoder_look(d, 16); i++)
        if (decode_export(d, i)) m->export_count++;
    decoder_event(d, LOAD_EXPORTS, count);
}

void decode_start(struct decoder *d)
{
    struct module *m = d->m;
    const uint8_t *at = d->r.p;
    m->start = read_u32(&d->r);
    if (d->r.failed) return;
    if (m->start >= m->function_count) {
        reader_fail(&d->r, VM_ERROR_UNKNOWN_FUNCTION, at, "%u", m->start);
        return;
    }
    const struct functype *t = &m->types[m->function_types[m->start]];
    if (t->params || t->results) reader_fail(&d->r, VM_ERROR_START_FUNCTION, at, "function %u", m->start);
    m->has_start = true;
}
