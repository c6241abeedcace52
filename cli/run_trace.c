/* Where the gas went, as a flame graph or folded stacks. */
#include "base/demangle.h"
#include "cli/flame_graph.h"
#include "cli/run.h"
#include "host/action_copy.h"
#include "near/amount.h"
#include "vm/vm.h"

/* Readable names of functions, made when they are first asked for. */
struct names {
    struct run *run;
    const struct module *module;
    struct bytes *of_function;
};

/* Data is null if there is no memory. */
static struct bytes make_name(const struct names *names, uint32_t index)
{
    struct function_info f = module_function(names->module, index);
    struct buffer text = {0};
    struct bytes name = {0};
    if (f.name.size == 0) buffer_printf(&text, "function %u", index);
    else if (!demangle(f.name, &text)) buffer_append(&text, f.name.data, f.name.size);
    if (!text.failed) name = bytes_copy(&names->run->arena, bytes_of(text.data, text.size));
    buffer_free(&text);
    return name;
}

static struct bytes function_name(const struct names *names, uint32_t index)
{
    if (index >= module_function_count(names->module)) return bytes_of_string("?");
    struct bytes *name = &names->of_function[index];
    if (!name->data) *name = make_name(names, index);
    return *name;
}

static struct bytes node_name(const struct names *names, const struct trace_node *n)
{
    switch (n->kind) {
    case TRACE_ROOT: return bytes_of_string("call");
    case TRACE_LOADING: return bytes_of_string("loading");
    case TRACE_FUNCTION: return function_name(names, n->index);
    default: return trace_name(n);
    }
}

static enum flame_kind node_kind(const struct trace_node *n)
{
    static const enum flame_kind kinds[] = {
        [TRACE_ROOT] = FLAME_WASM,     [TRACE_LOADING] = FLAME_LOADING, [TRACE_FUNCTION] = FLAME_WASM,
        [TRACE_HOST] = FLAME_HOST,     [TRACE_EXT_COST] = FLAME_COST,   [TRACE_ACTION_COST] = FLAME_ACTION,
    };
    return n->kind < sizeof kinds / sizeof *kinds ? kinds[n->kind] : FLAME_WASM;
}

/* One frame for each node, in the same order: parents come first. */
static bool build(struct run *run, struct flame_graph *graph)
{
    const struct call_trace *t = &run->trace;
    struct names names = {.run = run, .module = contract_module(run->contract)};
    size_t functions = names.module ? module_function_count(names.module) : 0;
    names.of_function = arena_array(&run->arena, functions, sizeof *names.of_function);
    if (t->failed || !names.of_function) return false;
    for (uint32_t i = 0; i < t->count; i++) {
        const struct trace_node *n = &t->nodes[i];
        if (n->kind == TRACE_FUNCTION && !names.module) return false;
        struct bytes name = node_name(&names, n);
        if (n->kind == TRACE_FUNCTION && !name.data) return false;
        if (flame_add(graph, i ? n->parent : 0, name, node_kind(n), n->own_gas) == FLAME_NONE) return false;
    }
    return true;
}

static enum status write_flame(const struct run *run, const struct flame_graph *graph, struct buffer *out,
                               struct error *e)
{
    struct buffer title = {0};
    char account[ACCOUNT_ID_TEXT_SIZE], gas[AMOUNT_TEXT_SIZE];
    buffer_printf(&title, "%s.", account_id_text(&run->call.context.current_account, account));
    buffer_append(&title, run->call.method.data, run->call.method.size);
    buffer_printf(&title, ": %s", gas_text(run->outcome.burnt_gas, gas));
    const struct flame_svg_options options = {.title = bytes_of(title.data, title.size)};
    enum status status = title.failed ? error_no_memory(e) : flame_write_svg(graph, &options, out, e);
    buffer_free(&title);
    return status;
}

static int write_file(const char *path, enum status status, struct buffer *text, struct error *e)
{
    if (status == STATUS_OK && text->failed) status = error_no_memory(e);
    if (status == STATUS_OK) status = file_write(path, text->data, text->size, e);
    buffer_free(text);
    return status == STATUS_OK ? -1 : say_file_error(path, e);
}

int run_write_trace(struct run *run)
{
    const struct run_options *o = &run->options;
    struct flame_graph graph = {0};
    struct buffer text = {0};
    struct error e;
    int code = -1;
    if (!o->flame && !o->folded) return -1;
    if (!build(run, &graph)) {
        say_error("out of memory");
        code = EXIT_INPUT;
    }
    if (code < 0 && o->flame) code = write_file(o->flame, write_flame(run, &graph, &text, &e), &text, &e);
    text = (struct buffer){0};
    if (code < 0 && o->folded) code = write_file(o->folded, flame_write_folded(&graph, &text, &e), &text, &e);
    flame_free(&graph);
    run->traced = code < 0;
    return code;
}
