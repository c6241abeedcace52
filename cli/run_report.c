#include "documents/case_write.h"
#include "json/json_text.h"
#include "cli/run.h"
#include "cli/run_text.h"
#include "json/json_write.h"
#include "near/amount.h"

#include <inttypes.h>
#include <stdlib.h>

enum { RESULT_WIDTH = 100, ARGUMENTS_SHOWN = 100, BINARY_SHOWN = 1024 };

void run_label(FILE *out, const char *label)
{
    fprintf(out, "%s%-*s%s", colour(out, BOLD), RUN_INDENT, label, colour(out, PLAIN));
}

/* ---- sections ---------------------------------------------------------------------------------------------------- */

/* What was called, and by whom. */
static void print_call(const struct run *run, FILE *out)
{
    const struct call_context *c = &run->call.context;
    char account[ACCOUNT_ID_TEXT_SIZE], caller[ACCOUNT_ID_TEXT_SIZE], deposit[AMOUNT_TEXT_SIZE];
    run_label(out, c->is_view ? "view" : "call");
    print_name(out, run->call.method);
    fputc('(', out);
    if (c->input.size) print_value(out, c->input, ARGUMENTS_SHOWN);
    fprintf(out, ")%s on %s", colour(out, DIM), account_id_text(&c->current_account, account));
    if (!c->is_view) fprintf(out, " by %s", account_id_text(&c->predecessor_account, caller));
    if (c->attached_deposit.low || c->attached_deposit.high)
        fprintf(out, ", deposit %s", balance_text(c->attached_deposit, deposit));
    if (run->call.protocol_version != PROTOCOL_VERSION_CURRENT)
        fprintf(out, ", protocol version %u", run->call.protocol_version);
    fprintf(out, "%s\n", colour(out, PLAIN));
}

static void print_receiver(const struct run *run, FILE *out, uint64_t receipt)
{
    fprintf(out, "that of receipt #%" PRIu64, receipt);
    if (receipt >= run->mock.log_count || run->mock.log[receipt]->kind != MOCK_CREATE_RECEIPT) return;
    char account[ACCOUNT_ID_TEXT_SIZE];
    fprintf(out, " (%s)", account_id_text(&run->mock.log[receipt]->create_receipt.receiver, account));
}

static void print_result(const struct run *run, FILE *out)
{
    const struct call_outcome *o = &run->outcome;
    if (o->error_kind) return;
    run_label(out, "result");
    if (o->return_kind == RETURN_NONE) fprintf(out, "%snone%s", colour(out, DIM), colour(out, PLAIN));
    else if (o->return_kind == RETURN_RECEIPT) print_receiver(run, out, o->return_receipt);
    else if (json_text_check(o->return_value, NULL) == STATUS_OK)
        json_text_print(out, o->return_value, RESULT_WIDTH, RUN_INDENT);
    else print_value(out, o->return_value, BINARY_SHOWN);
    fputc('\n', out);
}

static void print_logs(const struct run *run, FILE *out)
{
    for (size_t i = 0; i < run->outcome.log_count; i++) {
        run_label(out, i ? "" : "logs");
        print_text(out, run->outcome.logs[i], RUN_INDENT + 2);
        fputc('\n', out);
    }
}

/* What a failed call leaves behind: nothing but its logs and the gas. */
static void print_dropped(const struct run *run, FILE *out)
{
    size_t changes = run_change_count(run), receipts = run_receipt_count(run);
    if (!changes && !receipts) return;
    run_label(out, "dropped");
    if (changes) fprintf(out, "%zu change%s of the state", changes, changes == 1 ? "" : "s");
    if (receipts) fprintf(out, "%s%zu receipt%s", changes ? " and " : "", receipts, receipts == 1 ? "" : "s");
    fprintf(out, " (--json shows them)\n");
}

static void print_account(const struct run *run, FILE *out)
{
    const struct call_context *c = &run->call.context;
    const struct call_outcome *o = &run->outcome;
    struct u128 before = c->account_balance;
    char text[AMOUNT_TEXT_SIZE];
    u128_add(before, c->attached_deposit, &before);
    if (!u128_equal(before, o->balance)) {
        run_label(out, "balance");
        fprintf(out, "%s -> ", balance_text(before, text));
        fprintf(out, "%s\n", balance_text(o->balance, text));
    }
    if (o->storage_usage != c->storage_usage) {
        run_label(out, "storage");
        fprintf(out, "%" PRIu64 " -> %" PRIu64 " bytes (%+" PRId64 ")\n", c->storage_usage, o->storage_usage,
                (int64_t)(o->storage_usage - c->storage_usage));
    }
}

static void print_saved(const struct run *run, FILE *out)
{
    if (!run->options.save_state) return;
    run_label(out, "saved");
    if (run->saved) print_path(out, run->saved);
    if (run->saved) fprintf(out, " (%zu key%s)\n", run->saved_keys, run->saved_keys == 1 ? "" : "s");
    else if (run->outcome.error_kind) fprintf(out, "nothing: a failed call leaves the state as it was\n");
    else fprintf(out, "nothing: the file cannot be written\n");
}

/* A file that was written, too. */
static void print_file(FILE *out, const char *label, const char *path)
{
    if (!path) return;
    run_label(out, label);
    print_path(out, path);
    fputc('\n', out);
}

/* ---- all of it --------------------------------------------------------------------------------------------------- */

static void report_text(const struct run *run, FILE *out)
{
    print_call(run, out);
    print_result(run, out);
    if (run->outcome.error_kind) {
        run_print_error(run, out);
        run_print_backtrace(run, out);
    }
    print_logs(run, out);
    if (run->outcome.error_kind) print_dropped(run, out);
    else {
        run_print_receipts(run, out);
        run_print_changes(run, out);
        print_account(run, out);
    }
    print_saved(run, out);
    if (run->traced) print_file(out, "flame", run->options.flame);
    if (run->traced) print_file(out, "folded", run->options.folded);
    run_print_gas(run, out);
}

static bool report_json(const struct run *run, FILE *out)
{
    struct json *json = NULL;
    struct error e;
    if (case_write_expect(&run->outcome, &run->mock, &json, &e) != STATUS_OK) {
        say_error("%s", e.message);
        return false;
    }
    const bool ok = json_print_file(json, out);
    json_free(json);
    return ok;
}

int run_report(const struct run *run)
{
    bool ok = true;
    if (run->options.json) ok = report_json(run, stdout);
    else report_text(run, stdout);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        say_error("cannot write to standard output");
        return EXIT_INPUT;
    }
    if (!ok) return EXIT_INPUT;
    return run->outcome.error_kind ? EXIT_TRAPPED : EXIT_OK;
}
