#include "cli/inspect.h"

#include "json/json_write.h"

static void add_number(struct json_builder *o, const char *key, uint64_t n)
{
    json_put(o, key, json_u64(n));
}

static void add_text(struct json_builder *o, const char *key, struct bytes text)
{
    json_put(o, key, json_text(text));
}

static void add_range(struct json_builder *o, const struct range *r)
{
    add_number(o, "min", r->min);
    if (r->has_max) add_number(o, "max", r->max);
    else json_put_null(o, "max");
}

static struct json *types(const uint8_t *list, uint32_t count)
{
    struct json_builder b = json_array_begin();
    for (uint32_t i = 0; i < count; i++) json_append(&b, json_text(bytes_of_string(valtype_name(list[i]))));
    return json_finish(&b);
}

static void add_functype(struct json_builder *o, const struct functype *t)
{
    json_put(o, "params", types(t->types, t->params));
    json_put(o, "results", types(t->types + t->params, t->results));
}

static void add_type(struct json_builder *o, const struct extern_type *t)
{
    switch (t->kind) {
    case EXTERN_FUNC: add_functype(o, &t->func); break;
    case EXTERN_GLOBAL:
        json_put(o, "type", json_text(bytes_of_string(valtype_name(t->type))));
        json_put(o, "mutable", json_bool(t->is_mutable));
        break;
    case EXTERN_TABLE:
        json_put(o, "type", json_text(bytes_of_string(valtype_name(t->type))));
        add_range(o, &t->range);
        break;
    case EXTERN_MEMORY: add_range(o, &t->range); break;
    }
}

static struct json *sections(const struct module *m)
{
    struct json_builder list = json_array_begin();
    for (size_t i = 0; i < module_section_count(m); i++) {
        struct section_info s = module_section(m, i);
        struct json_builder o = json_object_begin();
        json_put(&o, "section", json_text(bytes_of_string(section_title(s.id))));
        if (s.id == 0) add_text(&o, "name", s.name);
        add_number(&o, "offset", s.offset);
        add_number(&o, "size", s.size);
        json_append(&list, json_finish(&o));
    }
    return json_finish(&list);
}

static struct json *imports(const struct module *m)
{
    struct json_builder list = json_array_begin();
    for (size_t i = 0; i < module_import_count(m); i++) {
        struct import_info import = module_import(m, i);
        struct json_builder o = json_object_begin();
        add_text(&o, "module", import.module);
        add_text(&o, "name", import.name);
        json_put(&o, "kind", json_text(bytes_of_string(kind_title(import.type.kind))));
        add_type(&o, &import.type);
        json_append(&list, json_finish(&o));
    }
    return json_finish(&list);
}

static struct json *exports(const struct module *m)
{
    struct json_builder list = json_array_begin();
    for (size_t i = 0; i < module_export_count(m); i++) {
        struct export_info e = module_export(m, i);
        struct json_builder o = json_object_begin();
        add_text(&o, "name", e.name);
        json_put(&o, "kind", json_text(bytes_of_string(kind_title(e.type.kind))));
        add_number(&o, "index", e.index);
        add_type(&o, &e.type);
        json_append(&list, json_finish(&o));
    }
    return json_finish(&list);
}

static struct json *space(const struct module *m, size_t count, struct extern_type (*get)(const struct module *, size_t))
{
    struct json_builder list = json_array_begin();
    for (size_t i = 0; i < count; i++) {
        struct extern_type t = get(m, i);
        struct json_builder o = json_object_begin();
        add_type(&o, &t);
        json_append(&list, json_finish(&o));
    }
    return json_finish(&list);
}

static struct json *functions(const struct inspect *x)
{
    struct json_builder list = json_array_begin();
    for (size_t i = 0; i < x->listed; i++) {
        struct function_info f = module_function(x->source.module, x->order[i]);
        struct json_builder o = json_object_begin();
        add_number(&o, "index", x->order[i]);
        if (f.name.size) add_text(&o, "name", f.name);
        add_number(&o, "offset", f.offset);
        add_number(&o, "size", f.size);
        add_number(&o, "locals", f.locals);
        add_functype(&o, &f.type);
        json_append(&list, json_finish(&o));
    }
    return json_finish(&list);
}

bool inspect_json(const struct inspect *x)
{
    const struct module *m = x->source.module;
    struct json_builder root = json_object_begin();
    uint32_t start;
    if (module_name(m).size) add_text(&root, "name", module_name(m));
    add_number(&root, "size", module_bytes(m).size);
    add_number(&root, "translated_size", module_code_bytes(m));
    add_number(&root, "function_count", module_function_count(m));
    add_number(&root, "imported_function_count", module_function_count(m) - x->functions);
    add_number(&root, "data_segment_count", module_data_count(m));
    add_number(&root, "element_segment_count", module_element_count(m));
    if (module_start(m, &start)) add_number(&root, "start", start);
    json_put(&root, "sections", sections(m));
    json_put(&root, "imports", imports(m));
    json_put(&root, "exports", exports(m));
    json_put(&root, "memories", space(m, module_memory_count(m), module_memory));
    json_put(&root, "tables", space(m, module_table_count(m), module_table));
    json_put(&root, "globals", space(m, module_global_count(m), module_global));
    json_put(&root, "functions", functions(x));
    struct json *json = json_finish(&root);
    const bool ok = json_print_file(json, stdout);
    json_free(json);
    return ok;
}
