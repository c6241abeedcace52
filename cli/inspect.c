#include "cli/inspect.h"

#include <stdlib.h>

static const struct usage usage = {
    .command = "inspect",
    .operands = "MODULE",
    .text = "Shows what a module contains: sections with their place and size, imports, exports, memories, tables,\n"
            "globals, and the largest functions.\n",
    .examples = "  nvm inspect module.wasm\n"
                "  nvm inspect --all --json module.wasm\n",
    .min_operands = 1,
    .max_operands = 1,
};

const char *section_title(uint8_t id)
{
    static const char *const titles[] = {"custom", "type",  "import",  "function", "table", "memory",    "global",
                                         "export", "start", "element", "code",     "data",  "data count"};
    return id < sizeof titles / sizeof titles[0] ? titles[id] : "unknown";
}

const char *kind_title(enum extern_kind kind)
{
    static const char *const titles[] = {"function", "table", "memory", "global"};
    return titles[kind];
}

void extern_type_text(struct buffer *b, const struct extern_type *t)
{
    switch (t->kind) {
    case EXTERN_FUNC: functype_text(b, &t->func); return;
    case EXTERN_GLOBAL:
        buffer_printf(b, "%s%s", t->is_mutable ? "mutable " : "", valtype_name(t->type));
        return;
    case EXTERN_TABLE: buffer_printf(b, "%s, ", valtype_name(t->type)); break;
    case EXTERN_MEMORY: break;
    }
    const char *unit = t->kind == EXTERN_MEMORY ? "pages" : "elements";
    if (t->range.has_max) buffer_printf(b, "%u to %u %s", t->range.min, t->range.max, unit);
    else buffer_printf(b, "%u %s or more", t->range.min, unit);
}

struct by_size {
    size_t index, size;
};

static int compare(const void *a, const void *b)
{
    const struct by_size *x = a, *y = b;
    if (x->size != y->size) return x->size < y->size ? 1 : -1;
    return x->index < y->index ? -1 : x->index > y->index;
}

/* The module's own functions, the largest first. */
static size_t *sort_functions(const struct module *m, size_t *count)
{
    size_t all = module_function_count(m);
    struct by_size *list = calloc(all + 1, sizeof *list);
    size_t *order = calloc(all + 1, sizeof *order);
    *count = 0;
    if (list && order) {
        for (size_t i = 0; i < all; i++) {
            struct function_info f = module_function(m, i);
            if (!f.imported) list[(*count)++] = (struct by_size){i, f.size};
        }
        qsort(list, *count, sizeof *list, compare);
        for (size_t i = 0; i < *count; i++) order[i] = list[i].index;
    } else {
        free(order);
        order = NULL;
    }
    free(list);
    return order;
}

int command_inspect(int argc, char **argv)
{
    struct inspect x = {.listed = 20};
    bool json = false, all = false;
    const char *features = NULL, *disable = NULL;
    const struct option options[] = {
        {"functions", 0, OPTION_NUMBER, &x.listed, "N", "list the N largest functions (20 if not given)", 0},
        {"all", 'a', OPTION_FLAG, &all, NULL, "list all functions", 0},
        {"features", 0, OPTION_TEXT, &features, "LIST", "only these features (names, separated by commas)", 0},
        {"disable", 0, OPTION_TEXT, &disable, "LIST", "all features but these", 0},
        {"json", 0, OPTION_FLAG, &json, NULL, "print everything as JSON", 0},
        {0},
    };
    int count = 0;
    int code = options_parse(&usage, options, argc, argv, &count);
    if (code >= 0) return code;
    struct vm_config config;
    vm_config_default(&config);
    code = features_parse(features, disable, &config.features);
    if (code < 0) code = source_load(argv[0], &config, &x.source);
    if (code >= 0) return code;
    x.path = argv[0];
    x.order = sort_functions(x.source.module, &x.functions);
    if (!x.order) {
        say_error("out of memory");
        code = EXIT_INPUT;
    } else {
        if (all || x.listed > x.functions) x.listed = x.functions;
        bool ok = json ? inspect_json(&x) : inspect_text(&x);
        if (!ok) say_error("cannot write to standard output");
        code = ok ? EXIT_OK : EXIT_INPUT;
    }
    free(x.order);
    source_free(&x.source);
    return code;
}
