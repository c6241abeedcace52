#include "spec-tests/runner.h"

#include <stdio.h>
#include <stdlib.h>

/* A module of the script, alive as long as the script runs. */
struct entry {
    struct bytes id;               /* borrowed from the script's text; size 0: none */
    struct module *module;
    struct instance *instance;     /* null: it could not be instantiated */
};

/* A name under which an instance was registered. */
struct registration {
    struct buffer name;
    struct instance *instance;
};

struct runner {
    const struct options *options;
    const char *path;
    struct tally tally;
    struct vm_config config;
    struct store *store;
    struct spectest spectest;
    struct entry *entries;
    size_t entry_count;
    struct registration *registrations;
    size_t registration_count;
    struct instance *current;      /* the last module; null if it could not be instantiated */
    struct buffer wasm, report;
    slot *values;
    size_t value_capacity;
    uint32_t line;                 /* of the command */
};

/* ---- reports ---------------------------------------------------------------------------------------------------- */

static void pass(struct runner *r)
{
    r->tally.passed++;
    if (r->options->verbose) printf("%s:%u: passed\n", r->path, r->line);
}

#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
static void fail(struct runner *r, const char *format, ...)
{
    r->tally.failed++;
    if (r->options->quiet) return;
    printf("%s:%u: ", r->path, r->line);
    va_list args;
    va_start(args, format);
    vprintf(format, args);
    va_end(args);
    printf("\n");
}

static int shown(struct bytes b)
{
    return b.size < 200 ? (int)b.size : 200;
}

/* What `report` holds, as a string. */
static const char *report_text(struct runner *r)
{
    buffer_append_byte(&r->report, 0);
    return r->report.failed ? "(out of memory)" : (const char *)r->report.data;
}

/* ---- modules ---------------------------------------------------------------------------------------------------- */

static bool resolve(struct runner *r, struct bytes module, struct bytes name, struct external *out)
{
    for (size_t i = r->registration_count; i-- > 0;) {
        const struct registration *g = &r->registrations[i];
        if (bytes_equal(bytes_of(g->name.data, g->name.size), module))
            return g->instance && instance_export(g->instance, name, out);
    }
    return bytes_equal(module, bytes_of_string("spectest")) && spectest_export(&r->spectest, name, out);
}

/* Finds what the module imports and instantiates it. */
static enum status instantiate(struct runner *r, struct module *m, struct instance **out, struct trap_info *trap,
                               struct error *e)
{
    size_t count = module_import_count(m);
    struct external *imports = calloc(count ? count : 1, sizeof *imports);
    if (!imports) return error_no_memory(e);
    enum status status = STATUS_OK;
    for (size_t i = 0; i < count && !status; i++) {
        struct import_info import = module_import(m, i);
        if (!resolve(r, import.module, import.name, &imports[i]))
            status = error_set(e, STATUS_UNLINKABLE, VM_ERROR_UNKNOWN_IMPORT, ERROR_NO_OFFSET, "unknown import %.*s.%.*s",
                               shown(import.module), import.module.data, shown(import.name), import.name.data);
    }
    if (!status) status = instance_new(r->store, m, imports, count, out, trap, e);
    free(imports);
    return status;
}

/* Keeps a module until the end of the script. */
static bool keep(struct runner *r, struct entry entry)
{
    struct entry *entries = realloc(r->entries, (r->entry_count + 1) * sizeof *entries);
    if (!entries) return false;
    r->entries = entries;
    entries[r->entry_count++] = entry;
    return true;
}

/* How far a module got. */
struct outcome {
    enum status status;
    enum message_source source;   /* of error.code */
    struct error error;
    struct trap_info trap;
    struct instance *instance;
};

static void load(struct runner *r, const struct wat_module *module, struct module **out, struct outcome *o)
{
    r->wasm.size = 0;
    o->source = SOURCE_WAT_ERROR;
    o->status = wat_module_to_wasm(module, NULL, &r->wasm, &o->error);
    if (o->status) return;
    o->source = SOURCE_VM_ERROR;
    o->status = module_load(&r->config, r->wasm.data, r->wasm.size, out, &o->error);
}

static void load_and_instantiate(struct runner *r, const struct wat_module *module, struct outcome *o)
{
    struct entry entry = {.id = module->id};
    *o = (struct outcome){0};
    load(r, module, &entry.module, o);
    if (o->status) return;
    struct instance *instance = NULL;
    o->status = instantiate(r, entry.module, &instance, &o->trap, &o->error);
    if (!o->status) entry.instance = o->instance = instance;
    if (!keep(r, entry)) o->status = error_no_memory(&o->error);
}

static void describe(struct runner *r, const struct outcome *o)
{
    r->report.size = 0;
    if (o->status == STATUS_OK) buffer_printf(&r->report, "it was accepted");
    else if (o->status == STATUS_TRAP) buffer_printf(&r->report, "trap: %s", o->trap.message);
    else buffer_printf(&r->report, "%s: %s", status_name(o->status), o->error.message);
    if (o->status && o->error.line) buffer_printf(&r->report, " (%u:%u)", o->error.line, o->error.column);
}

static void run_module(struct runner *r, const struct wat_module *module)
{
    struct outcome o;
    load_and_instantiate(r, module, &o);
    r->current = o.instance;
    if (!o.status) return;
    describe(r, &o);
    fail(r, "module: %s", report_text(r));
}

/* ---- actions ---------------------------------------------------------------------------------------------------- */

static bool find_instance(struct runner *r, struct bytes id, struct instance **out)
{
    *out = r->current;
    if (id.size == 0) return *out != NULL;
    for (size_t i = r->entry_count; i-- > 0;) {
        if (!bytes_equal(r->entries[i].id, id)) continue;
        *out = r->entries[i].instance;
        return *out != NULL;
    }
    return false;
}

static bool reserve_values(struct runner *r, size_t count)
{
    if (count < r->value_capacity) return true;
    slot *values = realloc(r->values, (count + 1) * sizeof *values);
    if (!values) return false;
    r->values = values;
    r->value_capacity = count + 1;
    return true;
}

/* What an action came to. */
struct action_result {
    bool done;                    /* false: it could not be started, and has been reported */
    struct trap_info trap;
    size_t count;
    const uint8_t *types;
    uint8_t type;                 /* of a global */
};

static bool arguments_fit(const struct functype *type, const struct wat_action *a)
{
    if (type->params != a->arg_count) return false;
    for (size_t i = 0; i < a->arg_count; i++)
        if (a->args[i].type != type->types[i]) return false;
    return true;
}

static void call(struct runner *r, struct func *f, const struct wat_action *a, struct action_result *out)
{
    const struct functype *type = func_type(f);
    if (!arguments_fit(type, a)) {
        fail(r, "the arguments for \"%.*s\" have other types than its parameters", shown(a->name), a->name.data);
        return;
    }
    if (!reserve_values(r, type->params > type->results ? type->params : type->results)) {
        fail(r, "out of memory");
        return;
    }
    for (size_t i = 0; i < a->arg_count; i++) r->values[i] = value_to_slot(&a->args[i]);
    enum trap trap = func_call(r->store, f, r->values, &out->trap);
    out->trap.trap = trap;
    out->done = true;
    out->count = type->results;
    out->types = type->types + type->params;
}

static void read_global(struct runner *r, const struct global *g, struct action_result *out)
{
    if (!reserve_values(r, 1)) {
        fail(r, "out of memory");
        return;
    }
    r->values[0] = global_get(g);
    out->type = global_type(g);
    out->types = &out->type;
    out->count = 1;
    out->done = true;
}

static void run_action(struct runner *r, const struct wat_action *a, struct action_result *out)
{
    struct instance *instance;
    struct external external;
    *out = (struct action_result){0};
    if (!find_instance(r, a->instance, &instance)) {
        fail(r, "there is no such module: %.*s", shown(a->instance), a->instance.size ? (const char *)a->instance.data : "");
    } else if (!instance_export(instance, a->name, &external)) {
        fail(r, "there is no export \"%.*s\"", shown(a->name), a->name.data);
    } else if (external.kind != (a->get ? EXTERN_GLOBAL : EXTERN_FUNC)) {
        fail(r, "the export \"%.*s\" is of another kind", shown(a->name), a->name.data);
    } else if (a->get) {
        read_global(r, external.global, out);
    } else {
        call(r, external.func, a, out);
    }
}

/* ---- assertions ------------------------------------------------------------------------------------------------- */

static bool results_match(const struct wat_command *c, const struct action_result *a, const slot *values)
{
    if (a->count != c->result_count) return false;
    for (size_t i = 0; i < a->count; i++)
        if (!value_matches(&c->results[i], a->types[i], values[i])) return false;
    return true;
}

static void report_results(struct runner *r, const struct wat_command *c, const struct action_result *a)
{
    r->report.size = 0;
    buffer_printf(&r->report, "\"%.*s\": expected (", shown(c->action.name), c->action.name.data);
    for (size_t i = 0; i < c->result_count; i++) {
        if (i) buffer_printf(&r->report, ", ");
        show_value(&r->report, &c->results[i]);
    }
    buffer_printf(&r->report, "), got (");
    for (size_t i = 0; i < a->count; i++) {
        if (i) buffer_printf(&r->report, ", ");
        show_slot(&r->report, a->types[i], r->values[i]);
    }
    buffer_printf(&r->report, ")");
    fail(r, "%s", report_text(r));
}

static void assert_return(struct runner *r, const struct wat_command *c)
{
    struct action_result a;
    run_action(r, &c->action, &a);
    if (!a.done) return;
    if (a.trap.trap) fail(r, "\"%.*s\": trap: %s", shown(c->action.name), c->action.name.data, a.trap.message);
    else if (c->kind == WAT_ACTION || results_match(c, &a, r->values)) pass(r);
    else report_results(r, c, &a);
}

static bool is_trap(const struct runner *r, enum trap trap, struct bytes wanted)
{
    return trap && message_matches(SOURCE_TRAP, (int)trap, "", wanted, &r->options->swap);
}

static void assert_trap(struct runner *r, const struct wat_command *c)
{
    struct action_result a;
    run_action(r, &c->action, &a);
    if (!a.done) return;
    bool right = c->kind == WAT_ASSERT_TRAP || a.trap.trap == TRAP_CALL_STACK_EXHAUSTED;
    if (right && is_trap(r, a.trap.trap, c->text)) pass(r);
    else if (a.trap.trap) fail(r, "expected trap \"%.*s\", got: %s", shown(c->text), c->text.data, a.trap.message);
    else fail(r, "expected trap \"%.*s\", but it returned", shown(c->text), c->text.data);
}

static void assert_trap_module(struct runner *r, const struct wat_command *c)
{
    struct outcome o;
    load_and_instantiate(r, &c->module, &o);
    if (o.status == STATUS_TRAP && is_trap(r, o.trap.trap, c->text)) {
        pass(r);
        return;
    }
    describe(r, &o);
    fail(r, "expected trap \"%.*s\" of the module: %s", shown(c->text), c->text.data, report_text(r));
}

/* Each stage has its own status: a limit, say, is not a refusal. */
static void assert_refused(struct runner *r, const struct wat_command *c, enum status status)
{
    struct outcome o;
    load_and_instantiate(r, &c->module, &o);
    if (o.status == status &&
        message_matches(o.source, o.error.code, o.error.message, c->text, &r->options->swap)) {
        pass(r);
        return;
    }
    describe(r, &o);
    fail(r, "expected %s: \"%.*s\": %s", status_name(status), shown(c->text), c->text.data, report_text(r));
}

/* ---- commands --------------------------------------------------------------------------------------------------- */

static void run_register(struct runner *r, const struct wat_command *c)
{
    struct instance *instance;
    if (!find_instance(r, c->action.instance, &instance)) {
        fail(r, "there is no such module to register");
        return;
    }
    struct registration *g = realloc(r->registrations, (r->registration_count + 1) * sizeof *g);
    if (!g) {
        fail(r, "out of memory");
        return;
    }
    r->registrations = g;
    g += r->registration_count++;
    *g = (struct registration){.instance = instance};
    buffer_append(&g->name, c->action.name.data, c->action.name.size);
}

static void run_command(struct runner *r, const struct wat_command *c)
{
    r->line = c->line;
    switch (c->kind) {
    case WAT_MODULE: run_module(r, &c->module); break;
    case WAT_REGISTER: run_register(r, c); break;
    case WAT_ACTION:
    case WAT_ASSERT_RETURN: assert_return(r, c); break;
    case WAT_ASSERT_TRAP:
    case WAT_ASSERT_EXHAUSTION: assert_trap(r, c); break;
    case WAT_ASSERT_TRAP_MODULE: assert_trap_module(r, c); break;
    case WAT_ASSERT_INVALID: assert_refused(r, c, STATUS_INVALID); break;
    case WAT_ASSERT_MALFORMED: assert_refused(r, c, STATUS_MALFORMED); break;
    case WAT_ASSERT_UNLINKABLE: assert_refused(r, c, STATUS_UNLINKABLE); break;
    case WAT_END: break;
    }
}

static void run_script(struct runner *r, struct wat_script *script)
{
    for (;;) {
        struct wat_command c;
        struct error e = {0};
        enum status status = wat_script_next(script, &c, &e);
        if (!status && c.kind == WAT_END) return;
        if (!status) {
            run_command(r, &c);
            continue;
        }
        r->line = c.line;
        fail(r, "the command cannot be read: %s (%u:%u)", e.message, e.line, e.column);
        if (status == STATUS_NO_MEMORY) return;
    }
}

static void release(struct runner *r)
{
    store_free(r->store);
    for (size_t i = 0; i < r->entry_count; i++) module_free(r->entries[i].module);
    for (size_t i = 0; i < r->registration_count; i++) buffer_free(&r->registrations[i].name);
    free(r->entries);
    free(r->registrations);
    free(r->values);
    buffer_free(&r->wasm);
    buffer_free(&r->report);
}

static void run_text(struct runner *r, const struct buffer *text)
{
    struct wat_script *script = NULL;
    struct store_config store_config;
    struct error e = {0};
    store_config_default(&store_config);
    enum status status = store_new(&store_config, &r->store, &e);
    if (!status) status = spectest_new(r->store, &r->spectest, &e);
    if (!status) status = wat_script_open((const char *)text->data, text->size, &script, &e);
    if (status) fail(r, "%s", e.message);
    else run_script(r, script);
    release(r); /* before the script: ids point into its text */
    wat_script_close(script);
}

static bool read_file(const char *path, struct buffer *out)
{
    FILE *f = fopen(path, "rb");
    if (!f) return false;
    while (buffer_reserve(out, 65536)) {
        size_t n = fread(out->data + out->size, 1, 65536, f);
        if (n == 0) break;
        out->size += n;
    }
    bool ok = !ferror(f) && !out->failed;
    return fclose(f) == 0 && ok;
}

struct tally run_file(const char *path, const struct options *options)
{
    struct runner r = {.options = options, .path = path};
    struct buffer text = {0};
    vm_config_default(&r.config);
    r.config.dispatcher = options->dispatcher;
    r.config.lazy = options->lazy;
    if (read_file(path, &text)) run_text(&r, &text);
    else fail(&r, "the file cannot be read");
    buffer_free(&text);
    if (options->quiet) return r.tally;
    const char *slash = strrchr(path, '/');
    printf("%s  %u passed, %u failed\n", slash ? slash + 1 : path, r.tally.passed, r.tally.failed);
    fflush(stdout);
    return r.tally;
}
