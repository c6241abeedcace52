#include "cli/exec.h"

#include "cli/values.h"
#include "json/json_write.h"

#include <stdlib.h>

enum { LISTED = 40 }; /* exports or imports that an error names */

/* ---- what is missing ---------------------------------------------------------------------------------------------- */

static void print_function(struct bytes name, const struct functype *type)
{
    struct buffer text = {0};
    functype_text(&text, type);
    fprintf(stderr, "    ");
    print_name(stderr, name);
    if (!text.failed) fprintf(stderr, "%.*s", (int)text.size, (const char *)text.data);
    fprintf(stderr, "\n");
    buffer_free(&text);
}

static void suggest(const struct module *m, const char *name)
{
    unsigned best = UINT32_MAX;
    struct bytes nearest = {0};
    for (size_t i = 0; i < module_export_count(m); i++) {
        struct export_info e = module_export(m, i);
        if (e.type.kind != EXTERN_FUNC || !similar(bytes_of_string(name), e.name)) continue;
        unsigned d = distance(bytes_of_string(name), e.name);
        if (d >= best) continue;
        best = d;
        nearest = e.name;
    }
    if (best == UINT32_MAX) return;
    fprintf(stderr, "  %shint:%s did you mean '", colour(stderr, BOLD), colour(stderr, PLAIN));
    print_name(stderr, nearest);
    fprintf(stderr, "'?\n");
}

void say_no_function(const struct module *m, const char *name)
{
    size_t functions = 0;
    for (size_t i = 0; i < module_export_count(m); i++) {
        struct export_info e = module_export(m, i);
        if (e.type.kind == EXTERN_FUNC) functions++;
        else if (bytes_equal(e.name, bytes_of_string(name))) {
            say_error("the export '%s' is not a function", name);
            return;
        }
    }
    say_error("the module exports no function '%s'", name);
    suggest(m, name);
    fprintf(stderr, functions ? "  it exports:\n" : "  it exports no functions at all\n");
    size_t listed = 0;
    for (size_t i = 0; i < module_export_count(m) && listed < LISTED; i++) {
        struct export_info e = module_export(m, i);
        if (e.type.kind != EXTERN_FUNC) continue;
        print_function(e.name, &e.type.func);
        listed++;
    }
    if (functions > listed) fprintf(stderr, "    ... and %zu more (`nvm inspect` shows all)\n", functions - listed);
}

void say_missing_imports(const struct module *m, const char *path)
{
    size_t count = module_import_count(m);
    say_error("%s: the module needs imports, and without --tee `nvm exec` offers none; missing:", path);
    for (size_t i = 0; i < count && i < LISTED; i++) {
        struct import_info import = module_import(m, i);
        static const char *const kinds[] = {"function", "table", "memory", "global"};
        fprintf(stderr, "    %s ", kinds[import.type.kind]);
        print_name(stderr, import.module);
        fputc('.', stderr);
        if (import.type.kind != EXTERN_FUNC) {
            print_name(stderr, import.name);
            fputc('\n', stderr);
            continue;
        }
        struct buffer text = {0};
        functype_text(&text, &import.type.func);
        print_name(stderr, import.name);
        fprintf(stderr, "%.*s\n", (int)text.size, text.data ? (const char *)text.data : "");
        buffer_free(&text);
    }
    if (count > LISTED) fprintf(stderr, "    ... and %zu more\n", count - LISTED);
    if (bytes_equal(module_import(m, 0).module, bytes_of_string("nvm_tee")))
        say_hint("--tee offers the functions of nvm_tee");
    else
        say_hint("embed the library (include/nvm.h) to supply host functions");
}

/* ---- text --------------------------------------------------------------------------------------------------------- */

static void print_frame(const struct trap_frame *frame, uint32_t number)
{
    struct function_info f = module_function(instance_module(frame->instance), frame->function);
    fprintf(stderr, "  %s%2u:%s ", colour(stderr, DIM), number, colour(stderr, PLAIN));
    if (f.name.size) print_name(stderr, f.name);
    else fprintf(stderr, "?");
    fprintf(stderr, " (function %u) at 0x%zx\n", frame->function, frame->offset);
}

static void print_trap(const struct trap_info *trap)
{
    fflush(stdout);
    fprintf(stderr, "nvm: %strap:%s ", colour(stderr, RED), colour(stderr, PLAIN));
    print_shown(stderr, bytes_of_string(trap->message));
    fputc('\n', stderr);
    for (uint32_t i = 0; i < trap->frames; i++) print_frame(&trap->frame[i], i);
    if (trap->depth > trap->frames) fprintf(stderr, "  ... and %u more frames\n", trap->depth - trap->frames);
}

static bool print_results(const struct exec *x)
{
    const struct functype *type = func_type(x->func);
    struct buffer text = {0};
    for (uint32_t i = 0; i < type->results; i++) {
        value_text(&text, type->types[type->params + i], x->values[i]);
        buffer_append_byte(&text, '\n');
    }
    bool ok = !text.failed && fwrite(text.data ? (const void *)text.data : "", 1, text.size, stdout) == text.size;
    ok = fflush(stdout) == 0 && ok;
    buffer_free(&text);
    return ok;
}

static bool report_text(const struct exec *x)
{
    bool ok = true;
    if (x->trap.trap != TRAP_NONE) print_trap(&x->trap);
    else ok = print_results(x);
    if (x->options.fuel != UINT64_MAX)
        fprintf(stderr, "fuel used: %llu\n", (unsigned long long)(x->options.fuel - store_gas_left(x->store)));
    if (x->options.time)
        fprintf(stderr, "load: %.3f ms\ninstantiate: %.3f ms\ncall: %.3f ms\n", x->load_seconds * 1e3,
                x->start_seconds * 1e3, x->call_seconds * 1e3);
    return ok;
}

/* ---- JSON --------------------------------------------------------------------------------------------------------- */

static struct json *json_results(const struct exec *x)
{
    struct json_builder list = json_array_begin();
    const struct functype *type = func_type(x->func);
    for (uint32_t i = 0; i < type->results; i++) {
        struct buffer text = {0};
        uint8_t t = type->types[type->params + i];
        value_text(&text, t, x->values[i]);
        struct json_builder value = json_object_begin();
        json_put(&value, "type", json_text(bytes_of_string(valtype_name(t))));
        json_put(&value, "value", json_text(bytes_of(text.data, text.size)));
        json_append(&list, json_finish(&value));
        buffer_free(&text);
    }
    return json_finish(&list);
}

static struct json *json_trap(const struct trap_info *trap)
{
    struct json_builder result = json_object_begin();
    struct json_builder frames = json_array_begin();
    for (uint32_t i = 0; i < trap->frames; i++) {
        const struct trap_frame *frame = &trap->frame[i];
        struct function_info f = module_function(instance_module(frame->instance), frame->function);
        struct json_builder o = json_object_begin();
        json_put(&o, "function", json_u64(frame->function));
        if (f.name.size) json_put(&o, "name", json_text(f.name));
        else json_put_null(&o, "name");
        json_put(&o, "offset", json_u64(frame->offset));
        json_append(&frames, json_finish(&o));
    }
    json_put(&result, "message", json_text(bytes_of_string(trap->message)));
    json_put(&result, "depth", json_u64(trap->depth));
    json_put(&result, "backtrace", json_finish(&frames));
    return json_finish(&result);
}

static bool report_json(const struct exec *x)
{
    struct json_builder root = json_object_begin();
    bool trapped = x->trap.trap != TRAP_NONE;
    json_put(&root, "status", json_text(bytes_of_string(trapped ? "trap" : "ok")));
    if (trapped) json_put(&root, "trap", json_trap(&x->trap));
    else json_put(&root, "results", json_results(x));
    if (x->options.fuel != UINT64_MAX)
        json_put(&root, "fuel_used", json_u64(x->options.fuel - store_gas_left(x->store)));
    if (x->options.time) {
        struct json_builder times = json_object_begin();
        json_put(&times, "load_ms", json_double(x->load_seconds * 1e3));
        json_put(&times, "instantiate_ms", json_double(x->start_seconds * 1e3));
        json_put(&times, "call_ms", json_double(x->call_seconds * 1e3));
        json_put(&root, "time", json_finish(&times));
    }
    struct json *json = json_finish(&root);
    const bool ok = json_print_file(json, stdout);
    json_free(json);
    return ok;
}

int exec_report(const struct exec *x)
{
    bool ok = x->options.json ? report_json(x) : report_text(x);
    if (!ok) {
        say_error("cannot write to standard output");
        return EXIT_INPUT;
    }
    return x->trap.trap == TRAP_NONE ? EXIT_OK : EXIT_TRAPPED;
}
