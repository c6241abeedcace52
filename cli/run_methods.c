#include "cli/run.h"
#include "cli/run_text.h"
#include "json/json_write.h"
#include "vm/vm.h"

/* What production resolves as a method: an exported function without parameters and results. */
static bool is_method(const struct export_info *e)
{
    return e->type.kind == EXTERN_FUNC && e->type.func.params == 0 && e->type.func.results == 0;
}

static size_t count_methods(const struct module *m)
{
    size_t count = 0;
    for (size_t i = 0; i < module_export_count(m); i++) {
        struct export_info e = module_export(m, i);
        count += is_method(&e);
    }
    return count;
}

static void print_methods(const struct module *m, FILE *out, unsigned indent)
{
    for (size_t i = 0; i < module_export_count(m); i++) {
        struct export_info e = module_export(m, i);
        if (!is_method(&e)) continue;
        fprintf(out, "%*s", (int)indent, "");
        print_name(out, e.name);
        fputc('\n', out);
    }
}

static bool print_json(const struct module *m)
{
    struct json_builder root = json_object_begin(), list = json_array_begin();
    for (size_t i = 0; i < module_export_count(m); i++) {
        struct export_info e = module_export(m, i);
        if (is_method(&e)) json_append(&list, json_text(e.name));
    }
    json_put(&root, "methods", json_finish(&list));
    struct json *json = json_finish(&root);
    const bool ok = json_print_file(json, stdout);
    json_free(json);
    return ok;
}

static bool print_text_list(const struct run *run, const struct module *m)
{
    size_t count = count_methods(m);
    printf("%s%zu method%s%s (nvm run %s METHOD --args '{}')\n", colour(stdout, BOLD), count, count == 1 ? "" : "s",
           colour(stdout, PLAIN), run->path);
    print_methods(m, stdout, 2);
    return true;
}

int run_list_methods(const struct run *run)
{
    const struct module *m = contract_module(run->contract);
    if (!m) {
        const struct error *why = NULL;
        const char *kind = contract_refusal(run->contract, &why);
        say_error("%s: the protocol refuses this contract: %s%s%s", run->path, kind ? kind : "", why ? ": " : "",
                  why ? why->message : "");
        return EXIT_TRAPPED;
    }
    bool ok = run->options.json ? print_json(m) : print_text_list(run, m);
    if (ok && fflush(stdout) == 0) return EXIT_OK;
    say_error("cannot write to standard output");
    return EXIT_INPUT;
}

/* Up to three names, the nearest first. */
enum { SUGGESTED = 3, ALL = 12 };

static size_t nearest(const struct module *m, struct bytes wanted, struct bytes names[static SUGGESTED])
{
    unsigned distances[SUGGESTED];
    size_t count = 0;
    for (size_t i = 0; i < module_export_count(m); i++) {
        struct export_info e = module_export(m, i);
        if (!is_method(&e) || !similar(wanted, e.name)) continue;
        unsigned d = distance(wanted, e.name);
        if (count == SUGGESTED && distances[count - 1] <= d) continue;
        size_t at = count < SUGGESTED ? count++ : SUGGESTED - 1;
        for (; at > 0 && distances[at - 1] > d; at--) {
            distances[at] = distances[at - 1];
            names[at] = names[at - 1];
        }
        distances[at] = d;
        names[at] = e.name;
    }
    return count;
}

void run_suggest_methods(const struct run *run, FILE *out)
{
    const struct module *m = contract_module(run->contract);
    struct bytes names[SUGGESTED] = {{0}};
    if (!m) return;
    size_t found = nearest(m, run->call.method, names);
    size_t count = count_methods(m);
    if (!found && (count == 0 || count > ALL)) {
        run_label(out, "fix");
        if (count) fprintf(out, "`nvm run %s` lists the %zu methods that it has.\n", run->path, count);
        else fprintf(out, "It has no methods at all.\n");
        return;
    }
    run_label(out, "fix");
    fprintf(out, found ? "Did you mean " : "It has these:\n");
    for (size_t i = 0; i < found; i++) {
        if (i) fprintf(out, i + 1 == found ? " or " : ", ");
        print_name(out, names[i]);
    }
    if (found) fprintf(out, "?\n");
    else print_methods(m, out, RUN_INDENT + 2);
}
