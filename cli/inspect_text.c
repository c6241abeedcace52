#include "cli/inspect.h"

static void heading(const char *text)
{
    printf("\n%s%s%s\n", colour(stdout, BOLD), text, colour(stdout, PLAIN));
}

static void print_type(const struct extern_type *t)
{
    struct buffer text = {0};
    extern_type_text(&text, t);
    if (!text.failed) printf("%.*s", (int)text.size, text.data ? (const char *)text.data : "");
    buffer_free(&text);
}

static void print_summary(const struct inspect *x)
{
    const struct module *m = x->source.module;
    char size[24], code[24];
    readable_size(size, module_bytes(m).size);
    readable_size(code, module_code_bytes(m));
    fputs(colour(stdout, BOLD), stdout);
    print_path(stdout, x->path);
    fputs(colour(stdout, PLAIN), stdout);
    if (module_name(m).size) {
        printf(" (");
        print_name(stdout, module_name(m));
        printf(")");
    }
    printf(": valid, %s; translated code: %s\n", size, code);
    printf("%zu functions (%zu imported), %zu data segments, %zu element segments\n", module_function_count(m),
           module_function_count(m) - x->functions, module_data_count(m), module_element_count(m));
    uint32_t start;
    if (module_start(m, &start)) printf("start function: %u\n", start);
}

static void print_sections(const struct module *m)
{
    heading("sections");
    for (size_t i = 0; i < module_section_count(m); i++) {
        struct section_info s = module_section(m, i);
        char size[24];
        readable_size(size, s.size);
        printf("  %-10s at 0x%08zx  %12s  ", section_title(s.id), s.offset, size);
        if (s.name.size) print_name(stdout, s.name);
        printf("\n");
    }
}

static void print_imports(const struct module *m)
{
    if (module_import_count(m) == 0) return;
    heading("imports");
    for (size_t i = 0; i < module_import_count(m); i++) {
        struct import_info import = module_import(m, i);
        printf("  %-8s ", kind_title(import.type.kind));
        print_name(stdout, import.module);
        printf(".");
        print_name(stdout, import.name);
        printf(import.type.kind == EXTERN_FUNC ? "" : ": ");
        print_type(&import.type);
        printf("\n");
    }
}

static void print_exports(const struct module *m)
{
    if (module_export_count(m) == 0) return;
    heading("exports");
    for (size_t i = 0; i < module_export_count(m); i++) {
        struct export_info e = module_export(m, i);
        printf("  %-8s ", kind_title(e.type.kind));
        print_name(stdout, e.name);
        printf(e.type.kind == EXTERN_FUNC ? "" : ": ");
        print_type(&e.type);
        printf("\n");
    }
}

static void print_space(const char *title, const struct module *m, size_t count,
                        struct extern_type (*get)(const struct module *, size_t))
{
    enum { SHOWN = 50 };
    if (count == 0) return;
    heading(title);
    for (size_t i = 0; i < count && i < SHOWN; i++) {
        struct extern_type t = get(m, i);
        printf("  %zu: ", i);
        print_type(&t);
        printf("\n");
    }
    if (count > SHOWN) printf("  ... and %zu more (--json shows all)\n", count - SHOWN);
}

static void print_functions(const struct inspect *x)
{
    if (x->functions == 0) return;
    heading("functions by size");
    for (size_t i = 0; i < x->listed; i++) {
        struct function_info f = module_function(x->source.module, x->order[i]);
        printf("  %8zu bytes at 0x%08zx  function %zu ", f.size, f.offset, x->order[i]);
        if (f.name.size) print_name(stdout, f.name);
        struct buffer type = {0};
        functype_text(&type, &f.type);
        if (!type.failed) printf("%.*s\n", (int)type.size, (const char *)type.data);
        buffer_free(&type);
    }
    if (x->functions > x->listed) printf("  ... and %llu more (--all)\n",
                                         (unsigned long long)(x->functions - x->listed));
}

bool inspect_text(const struct inspect *x)
{
    const struct module *m = x->source.module;
    print_summary(x);
    print_sections(m);
    print_imports(m);
    print_exports(m);
    print_space("memories", m, module_memory_count(m), module_memory);
    print_space("tables", m, module_table_count(m), module_table);
    print_space("globals", m, module_global_count(m), module_global);
    print_functions(x);
    return fflush(stdout) == 0 && !ferror(stdout);
}
