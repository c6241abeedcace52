#include "base/demangle.h"
#include "cli/run.h"
#include "cli/run_text.h"

enum { SHOWN = 16 };

static void print_function(FILE *out, const struct module *m, uint32_t index)
{
    struct function_info f = {0};
    struct buffer readable = {0};
    if (index < module_function_count(m)) f = module_function(m, index);
    if (f.name.size == 0) fprintf(out, "function %u", index);
    else if (demangle(f.name, &readable)) print_name(out, bytes_of(readable.data, readable.size));
    else print_name(out, f.name);
    buffer_free(&readable);
}

void run_print_backtrace(const struct run *run, FILE *out)
{
    const struct trap_info *trap = &run->outcome.trap;
    const struct module *m = contract_module(run->contract);
    if (!m || !trap->frames) return;
    for (uint32_t i = 0; i < trap->frames && i < SHOWN; i++) {
        run_label(out, i ? "" : "in");
        print_function(out, m, trap->frame[i].function);
        fprintf(out, "%s at 0x%zx%s\n", colour(out, DIM), trap->frame[i].offset, colour(out, PLAIN));
    }
    uint32_t shown = trap->frames < SHOWN ? trap->frames : SHOWN;
    if (trap->depth > shown) {
        run_label(out, "");
        fprintf(out, "... and %u more frames\n", trap->depth - shown);
    }
}
