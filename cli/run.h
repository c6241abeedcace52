/* What the parts of `nvm run` share: run.c does it, run_options.c makes the call of options and files, run_state.c
 * reads and writes states, the others say what came of it. */
#ifndef CLI_RUN_H
#define CLI_RUN_H

#include "documents/case_read.h"
#include "cli/cli.h"
#include "cli/run_suspend.h"
#include "cli/tee.h"
#include "host/host.h"
#include "host/mock_external.h"
#include "host/trace.h"

struct run_options {
#define X(kind, option, name, field, value, help) const char *name;
#include "cli/run_context.def"
#undef X
    const char *args, *args_base64, *args_file;
    const char *seed, *signer_key, *protocol_version, *receivers;
    const char *context, *state, *save_state, *flame, *folded;
    struct text_list promise_results, validators;
    const char *proof;
    const char *attest, *provider, *nonce; /* attest: "" if it is given without a provider */
    bool view, all_costs, json, trie, follow, no_sandbox;
    struct suspend_options suspend;
};

/* Who attests the proof. */
struct run_attester {
    struct machine machine;
    const struct tee_provider *provider; /* null: nobody is asked */
    struct buffer nonce;
};

struct run {
    struct run_options options;
    struct run_attester attester;
    struct run_suspension *suspension;  /* never null */
    const char *path;                   /* of the contract, or of the context that it is in */
    struct call_case call;              /* what is called, and in which context */
    struct buffer code;                 /* the module, if it is not the call's own */
    struct mock_external mock;
    const struct state_entry *state;    /* before the call; may have a key twice, then the later one counts */
    size_t state_count;
    struct contract *contract;
    struct call_outcome outcome;
    struct call_trace trace;            /* filled for --flame and --folded */
    bool traced;                        /* and written */
    const char *saved;                  /* where the state was written to, null if it was not */
    size_t saved_keys;
    struct file_lock lock;              /* of the file that the state is saved to */
    struct arena arena;
};

/* ---- run.c ------------------------------------------------------------------------------------------------------- */

/* `nvm run` with these arguments; as a run that goes on, if the suspension says so. Returns the exit code. */
int run_command(int argc, char **argv, struct run_suspension *suspension);

/* ---- run_options.c ----------------------------------------------------------------------------------------------- */

/* Fills run->call from --context and the other options. Returns -1, or the exit code after an error that was said. */
int run_read_call(struct run *run);

/* ---- run_state.c ------------------------------------------------------------------------------------------------- */

/* Fills run->state from --state, else from the context's own, and run->mock with that and the validators. Returns -1 or
 * the exit code. */
int run_read_state(struct run *run);

/* Writes the state after a call that succeeded to where --save-state says. Returns -1 or the exit code; a file is
 * written completely or not at all. */
int run_save_state(struct run *run);

/* ---- run_attest.c ------------------------------------------------------------------------------------------------ */

/* Finds out who attests, before anything is executed. Returns -1 or the exit code. */
int run_choose_attester(struct run *run);
/* Appends the attestation of the proof's statement: engine, code, entry and effects are measured, and the provider is
 * asked. The error's code is a refusal of tee/. */
enum status run_attest(const struct run *run, const struct execution_proof *p, struct buffer *out, struct error *e);

/* ---- run_trace.c ------------------------------------------------------------------------------------------------- */

/* Writes the files of --flame and --folded, whether the call succeeded or not. Returns -1 or the exit code. */
int run_write_trace(struct run *run);

/* ---- run_methods.c ----------------------------------------------------------------------------------------------- */

/* Prints the methods that can be called, on standard output. Returns the exit code. */
int run_list_methods(const struct run *run);

/* For an unknown method: the nearest names that can be called, or all of them if they are few. */
void run_suggest_methods(const struct run *run, FILE *out);

/* ---- run_report.c and what it is made of ------------------------------------------------------------------------- */

/* Prints the outcome; returns the exit code. */
int run_report(const struct run *run);

enum { RUN_INDENT = 10 };               /* columns in front of each section's text */
void run_label(FILE *out, const char *label); /* begins a section; "" continues it on a new line */

void run_print_error(const struct run *run, FILE *out);     /* run_explain.c */
void run_print_backtrace(const struct run *run, FILE *out); /* run_backtrace.c */
void run_print_imports(const struct run *run, FILE *out);   /* run_imports.c */
void run_print_receipts(const struct run *run, FILE *out);  /* run_receipts.c */
void run_print_changes(const struct run *run, FILE *out);   /* run_changes.c */
void run_print_gas(const struct run *run, FILE *out);       /* run_gas.c */
size_t run_receipt_count(const struct run *run);
size_t run_change_count(const struct run *run);

#endif
