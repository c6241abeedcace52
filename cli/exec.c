#include "cli/exec.h"

#include "cli/values.h"
#include "vm/suspend.h"

#include <stdlib.h>
#include <time.h>

static const struct usage usage = {
    .command = "exec",
    .operands = "MODULE FUNCTION [ARGUMENT...]",
    .text = "Calls a function that the module exports and prints its results, one on each line.\n"
            "\n"
            "The function's type says how arguments are read. i32 and i64: decimal or 0x..., signed or unsigned;\n"
            "f32 and f64: 1.5, -2e-7, 0x1.8p+1, inf, nan, nan:0x...; references: null. Floats are printed so that\n"
            "they read back the same. A trap is reported with a backtrace.\n",
    .examples = "  nvm exec examples/fib.wat fib 30\n"
                "  nvm exec --fuel 1000000 --json module.wasm run -5 0xff 2.5\n"
                "  nvm exec --timeout 0.5 module.wasm endless\n"
                "  nvm exec --tee --provider simulator examples/measured.wat run\n"
                "  nvm exec --tee --fuel 1000000 --suspend-to run.sealed --seal-key key module.wasm run\n",
    .min_operands = 2,
    .max_operands = -1,
};

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int choose_dispatcher(const char *name, enum dispatcher *out)
{
    const enum dispatcher all[] = {DISPATCH_TAIL, DISPATCH_PORTABLE};
    *out = DISPATCH_DEFAULT;
    if (!name || strcmp(name, "default") == 0) return -1;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        if (strcmp(name, dispatcher_name(all[i])) != 0) continue;
        *out = all[i];
        if (dispatcher_available(all[i])) return -1;
        say_error("the dispatcher '%s' is not in this program", name);
        say_hint("it needs a compiler with musttail and preserve_none: build with clang 19 or newer");
        return EXIT_INPUT;
    }
    say_error("there is no dispatcher '%s'", name);
    say_hint("the dispatchers are tail, portable, default");
    return EXIT_INPUT;
}

static int load(struct exec *x)
{
    struct vm_config config;
    struct fee_schedule fuel;
    vm_config_default(&config);
    int code = features_parse(x->options.features, x->options.disable, &config.features);
    if (code < 0) code = choose_dispatcher(x->options.dispatcher, &config.dispatcher);
    if (code >= 0) return code;
    fee_schedule_fuel(&fuel);
    config.lazy = x->options.lazy;
    config.interruptible = x->options.timeout > 0;
    const struct load_stop stop = {watchdog_is_late, &x->watchdog};
    if (x->watchdog.started) config.stop = &stop;
    if (x->options.fuel != UINT64_MAX) config.schedule = &fuel;
    double start = now();
    if (suspension_kept(x->suspension, INPUT_CODE, &x->source.binary))
        code = source_load_binary(x->path, &config, &x->source);
    else
        code = source_load(x->path, &config, &x->source);
    x->load_seconds = now() - start;
    if (code < 0) suspension_keep(x->suspension, INPUT_CODE, module_bytes(x->source.module));
    return code;
}

/* The export that is to be called; checks what can be checked before anything runs. */
static int find(struct exec *x, const char *name, struct functype *type)
{
    const struct module *m = x->source.module;
    if (module_import_count(m) > 0 && !x->options.tee) {
        say_missing_imports(m, x->path);
        return EXIT_INPUT;
    }
    for (size_t i = 0; i < module_export_count(m); i++) {
        struct export_info e = module_export(m, i);
        if (e.type.kind != EXTERN_FUNC || !bytes_equal(e.name, bytes_of_string(name))) continue;
        *type = e.type.func;
        x->entry = e;
        return -1;
    }
    say_no_function(m, name);
    return EXIT_INPUT;
}

static void say_signature(const char *name, const struct functype *type)
{
    struct buffer text = {0};
    functype_text(&text, type);
    if (!text.failed) say_hint("its type: %s%.*s", name, (int)text.size, (const char *)text.data);
    buffer_free(&text);
}

static int parse_arguments(struct exec *x, const struct functype *type, const char *name, char **args, int count)
{
    if (count != (int)type->params) {
        say_error("'%s' takes %u argument%s, not %d", name, type->params, type->params == 1 ? "" : "s", count);
        say_signature(name, type);
        return EXIT_INPUT;
    }
    size_t size = type->params > type->results ? type->params : type->results;
    x->values = calloc(size + 1, sizeof *x->values);
    if (!x->values) {
        say_error("out of memory");
        return EXIT_INPUT;
    }
    for (int i = 0; i < count; i++) {
        if (value_parse(args[i], type->types[i], &x->values[i])) continue;
        say_error("argument %d of '%s': '%s' is no %s", i + 1, name, args[i], valtype_name(type->types[i]));
        say_hint("expected: %s", value_expected(type->types[i]));
        return EXIT_INPUT;
    }
    return -1;
}

static int make_store(struct exec *x)
{
    struct store_config config;
    struct error e;
    store_config_default(&config);
    config.gas = x->options.fuel;
    if (x->options.max_memory != UINT64_MAX) config.memory_pages = (uint32_t)x->options.max_memory;
    if (x->options.stack) config.stack_slots = (uint32_t)x->options.stack;
    if (store_new(&config, &x->store, &e) == STATUS_OK) return -1;
    return say_file_error(x->path, &e);
}

static enum status instantiate(struct exec *x, struct error *e)
{
    const size_t imports = x->imports ? module_import_count(x->source.module) : 0;
    if (x->suspension->resuming) return exec_restore(x, e);
    exec_plan_stop(x);
    return instance_new(x->store, x->source.module, x->imports, imports, &x->instance, &x->trap, e);
}

/* The function, or what is left of it, or of the start function and then the function. */
static void call(struct exec *x)
{
    slot none[1] = {0};
    exec_plan_stop(x);
    if (x->suspension->resuming) store_continue(x->store, x->in_entry ? x->values : none, &x->trap);
    if (x->trap.trap != TRAP_NONE || x->in_entry) return;
    x->in_entry = true;
    func_call(x->store, x->func, x->values, &x->trap);
}

static int finish(struct exec *x)
{
    return x->trap.trap == TRAP_SUSPENDED ? exec_suspend(x) : exec_report(x);
}

static int run(struct exec *x)
{
    struct error e = {0};
    struct external external;
    double start = now();
    const enum status status = instantiate(x, &e);
    x->start_seconds = now() - start;
    if (status == STATUS_TRAP) return finish(x);
    if (status != STATUS_OK && x->suspension->resuming) {
        x->refused = true;
        return suspension_end(x->suspension, status, &e, (struct bytes){0}, x->options.json);
    }
    if (status != STATUS_OK) return say_file_error(x->path, &e);
    instance_export(x->instance, x->entry.name, &external);
    x->func = external.func;
    start = now();
    call(x);
    x->call_seconds = now() - start;
    return finish(x);
}

/* The time runs from here: reading the module is part of it. */
static int start_watching(struct exec *x)
{
    if (!(x->options.timeout > 0) || watchdog_start(&x->watchdog, x->options.timeout)) return -1;
    say_error("--timeout: the system gives no thread");
    return EXIT_INPUT;
}

static int run_in_time(struct exec *x)
{
    watchdog_attach(&x->watchdog, x->store);
    int code = run(x);
    watchdog_stop(&x->watchdog);
    return code;
}

static int link_tee(struct exec *x)
{
    const struct module *m = x->source.module;
    if (!x->options.tee) return -1;
    const bool resuming = x->suspension->resuming;
    const enum tee_root_kind root = x->suspension->options.seal_key ? ROOT_FILE : ROOT_SIMULATOR;
    const struct exec_tee_options options = {
        .provider = x->options.provider,
        .seal_key = resuming ? x->suspension->options.seal_key : x->options.seal_key,
        .may_suspend = x->suspension->options.to != NULL,
        .resumed = resuming ? root : 0,
    };
    const int code = exec_tee_new(m, &options, &x->tee);
    return code < 0 ? exec_tee_link(x->tee, m, x->store, x->path, &x->imports) : code;
}

static int execute(struct exec *x, char **operands, int count)
{
    const char *name = operands[1];
    struct functype type;
    x->path = operands[0];
    int code = start_watching(x);
    if (code < 0) code = load(x);
    if (code < 0) code = find(x, name, &type);
    if (code < 0) code = parse_arguments(x, &type, name, operands + 2, count - 2);
    if (code < 0) code = make_store(x);
    if (code < 0) code = link_tee(x);
    const bool linked = code < 0;
    if (code < 0) code = run_in_time(x);
    watchdog_stop(&x->watchdog);
    if (linked && x->tee && !x->refused) exec_tee_report(x->tee);
    store_free(x->store);
    exec_tee_free(x->tee);
    source_free(&x->source);
    free(x->values);
    return code;
}

int exec_command(int argc, char **argv, struct run_suspension *suspension)
{
    struct exec x = {.options = {.fuel = UINT64_MAX, .max_memory = UINT64_MAX}, .suspension = suspension};
    struct exec_options *o = &x.options;
    const struct option options[] = {
        {"fuel", 0, OPTION_NUMBER, &o->fuel, "N", "trap after N instructions; prints how many were executed",
         UINT64_MAX - 1},
        {"timeout", 0, OPTION_SECONDS, &o->timeout, "SECONDS", "give up after this time, loading included", 0},
        {"max-memory", 0, OPTION_NUMBER, &o->max_memory, "PAGES", "no memory grows beyond (pages of 64 KiB)", 65536},
        {"stack", 0, OPTION_NUMBER, &o->stack, "SLOTS", "size of the value stack (8 bytes each)", 1 << 28},
        {"lazy", 0, OPTION_FLAG, &o->lazy, NULL, "translate each function at its first call", 0},
        {"dispatcher", 0, OPTION_TEXT, &o->dispatcher, "NAME", "tail, portable or default", 0},
        {"features", 0, OPTION_TEXT, &o->features, "LIST", "only these features (names, separated by commas)", 0},
        {"disable", 0, OPTION_TEXT, &o->disable, "LIST", "all features but these", 0},
        {"json", 0, OPTION_FLAG, &o->json, NULL, "print the outcome as JSON", 0},
        {"time", 0, OPTION_FLAG, &o->time, NULL, "print how long loading and the call took", 0},
        {"tee", 0, OPTION_FLAG, &o->tee, NULL, "offer the module nvm_tee: registers, quotes, sealing", 0},
        {"provider", 0, OPTION_TEXT, &o->provider, "NAME", "with --tee: who makes quotes [the hardware here]", 0},
        {"seal-key", 0, OPTION_TEXT, &o->seal_key, "FILE", "with --tee: seal under this key (mode 0600)", 0},
        {"suspend-to", 0, OPTION_TEXT, &o->suspend_to, "FILE", "where the sealed state goes if it asks: nvm resume", 0},
        {"suspend-at", 0, OPTION_TEXT, &o->suspend_at, "FUEL", "stop when so much is used, too", 0},
        {0},
    };
    int count = 0;
    char **given = calloc((size_t)argc + 1, sizeof *given);
    if (!given) {
        say_error("out of memory");
        return EXIT_INPUT;
    }
    for (int i = 0; i < argc; i++) given[i] = argv[i];
    int code = options_parse(&usage, options, argc, argv, &count);
    if (code < 0) code = exec_suspend_begin(&x, argc, given);
    if (o->provider || o->seal_key || suspension_active(suspension)) o->tee = true;
    if (code < 0) code = execute(&x, argv, count);
    free(given);
    return code;
}

int command_exec(int argc, char **argv)
{
    struct run_suspension suspension = {0};
    const int code = exec_command(argc, argv, &suspension);
    suspension_free(&suspension);
    return code;
}
