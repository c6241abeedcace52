#include "cli/inspect.h"

#include <json-c/json.h>

typedef struct json_object json; /* json-c's own name is long for what is all this file is about */

static void add(json *o, const char *key, json *value)
{
    json_object_object_add(o, key, value);
}

static void add_number(json *o, const char *key, uint64_t n)
{
    add(o, key, json_object_new_uint64(n));
}

static void add_text(json *o, const char *key, struct bytes text)
{
    add(o, key, json_object_new_string_len(text.data ? (const char *)text.data : "", (int)text.size));
}

static void add_range(json *o, const struct range *r)
{
    add_number(o, "min", r->min);
    add(o, "max", r->has_max ? json_object_new_uint64(r->max) : NULL);
}

static json *types(const uint8_t *list, uint32_t count)
{
    json *result = json_object_new_array_ext((int)count);
    for (uint32_t i = 0; i < count; i++) json_object_array_add(result, json_object_new_string(valtype_name(list[i])));
    return result;
}

static void add_functype(json *o, const struct functype *t)
{
    add(o, "params", types(t->types, t->params));
    add(o, "results", types(t->types + t->params, t->results));
}

static void add_type(json *o, const struct extern_type *t)
{
    switch (t->kind) {
    case EXTERN_FUNC: add_functype(o, &t->func); break;
    case EXTERN_GLOBAL:
        add(o, "type", json_object_new_string(valtype_name(t->type)));
        add(o, "mutable", json_object_new_boolean(t->is_mutable));
        break;
    case EXTERN_TABLE:
        add(o, "type", json_object_new_string(valtype_name(t->type)));
        add_range(o, &t->range);
        break;
    case EXTERN_MEMORY: add_range(o, &t->range); break;
    }
}

static json *sections(const struct module *m)
{
    json *list = json_object_new_array();
    for (size_t i = 0; i < module_section_count(m); i++) {
        struct section_info s = module_section(m, i);
        json *o = json_object_new_object();
        add(o, "section", json_object_new_string(section_title(s.id)));
        if (s.id == 0) add_text(o, "name", s.name);
        add_number(o, "offset", s.offset);
        add_number(o, "size", s.size);
        json_object_array_add(list, o);
    }
    return list;
}

static json *imports(const struct module *m)
{
    json *list = json_object_new_array();
    for (size_t i = 0; i < module_import_count(m); i++) {
        struct import_info import = module_import(m, i);
        json *o = json_object_new_object();
        add_text(o, "module", import.module);
        add_text(o, "name", import.name);
        add(o, "kind", json_object_new_string(kind_title(import.type.kind)));
        add_type(o, &import.type);
        json_object_array_add(list, o);
    }
    return list;
}

static json *exports(const struct module *m)
{
    json *list = json_object_new_array();
    for (size_t i = 0; i < module_export_count(m); i++) {
        struct export_info e = module_export(m, i);
        json *o = json_object_new_object();
        add_text(o, "name", e.name);
        add(o, "kind", json_object_new_string(kind_title(e.type.kind)));
        add_number(o, "index", e.index);
        add_type(o, &e.type);
        json_object_array_add(list, o);
    }
    return list;
}

static json *space(const struct module *m, size_t count, struct extern_type (*get)(const struct module *, size_t))
{
    json *list = json_object_new_array();
    for (size_t i = 0; i < count; i++) {
        struct extern_type t = get(m, i);
        json *o = json_object_new_object();
        add_type(o, &t);
        json_object_array_add(list, o);
    }
    return list;
}

static json *functions(const struct inspect *x)
{
    json *list = json_object_new_array();
    for (size_t i = 0; i < x->listed; i++) {
        struct function_info f = module_function(x->source.module, x->order[i]);
        json *o = json_object_new_object();
        add_number(o, "index", x->order[i]);
        if (f.name.size) add_text(o, "name", f.name);
        add_number(o, "offset", f.offset);
        add_number(o, "size", f.size);
        add_number(o, "locals", f.locals);
        add_functype(o, &f.type);
        json_object_array_add(list, o);
    }
    return list;
}

bool inspect_json(const struct inspect *x)
{
    const struct module *m = x->source.module;
    json *root = json_object_new_object();
    uint32_t start;
    if (module_name(m).size) add_text(root, "name", module_name(m));
    add_number(root, "size", module_bytes(m).size);
    add_number(root, "translated_size", module_code_bytes(m));
    add_number(root, "function_count", module_function_count(m));
    add_number(root, "imported_function_count", module_function_count(m) - x->functions);
    add_number(root, "data_segment_count", module_data_count(m));
    add_number(root, "element_segment_count", module_element_count(m));
    if (module_start(m, &start)) add_number(root, "start", start);
    add(root, "sections", sections(m));
    add(root, "imports", imports(m));
    add(root, "exports", exports(m));
    add(root, "memories", space(m, module_memory_count(m), module_memory));
    add(root, "tables", space(m, module_table_count(m), module_table));
    add(root, "globals", space(m, module_global_count(m), module_global));
    add(root, "functions", functions(x));
    int flags = JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED | JSON_C_TO_STRING_NOSLASHESCAPE;
    bool ok = printf("%s\n", json_object_to_json_string_ext(root, flags)) > 0 && fflush(stdout) == 0;
    json_object_put(root);
    return ok;
}
