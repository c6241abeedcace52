/* Gas of a call: what was burnt, and for what. */
#include "cli/gas_bars.h"
#include "cli/run.h"
#include "near/amount.h"

#include <stdlib.h>

enum { ROWS = 1 + EXT_COST_COUNT + ACTION_COST_COUNT, ROWS_SHOWN = 12 };

static size_t add_row(struct gas_row *rows, size_t count, const char *name, uint64_t gas)
{
    rows[count] = (struct gas_row){bytes_of_string(name), gas};
    return count + 1;
}

static size_t fill_rows(const struct gas_profile *p, struct gas_row rows[static ROWS])
{
    size_t count = add_row(rows, 0, "wasm_instruction", p->wasm);
    for (unsigned i = 0; i < EXT_COST_COUNT; i++)
        count = add_row(rows, count, ext_cost_name((enum ext_cost)i), p->ext[i]);
    for (unsigned i = 0; i < ACTION_COST_COUNT; i++)
        count = add_row(rows, count, action_cost_name((enum action_cost)i), p->action[i]);
    return count;
}

/* Bars are an extra: without memory for them the report is still one. */
static void print_bars(const struct run *run, FILE *out)
{
    struct gas_row rows[ROWS];
    struct gas_bars_options options = gas_bars_options_of(out);
    size_t count = fill_rows(&run->outcome.profile, rows);
    if (!run->options.all_costs) options.rows = ROWS_SHOWN;
    (void)gas_bars_print(out, rows, count, &options, NULL);
}

void run_print_gas(const struct run *run, FILE *out)
{
    const struct call_outcome *o = &run->outcome;
    const struct call_context *c = &run->call.context;
    char text[AMOUNT_TEXT_SIZE], digits[AMOUNT_TEXT_SIZE];
    run_label(out, "gas");
    fprintf(out, "%s%s%s burnt of %s", colour(out, BOLD), gas_text(o->burnt_gas, text), colour(out, PLAIN),
            gas_text(c->is_view ? c->view_max_gas : c->prepaid_gas, digits));
    if (o->used_gas != o->burnt_gas) fprintf(out, ", %s go with receipts", gas_text(o->used_gas - o->burnt_gas, text));
    if (o->compute_usage != o->burnt_gas) fprintf(out, ", compute %s", gas_text(o->compute_usage, text));
    fprintf(out, "%s (%s)%s\n", colour(out, DIM), gas_digits(o->burnt_gas, digits), colour(out, PLAIN));
    if (o->burnt_gas) print_bars(run, out);
}
