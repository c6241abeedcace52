/* What the parts of `nvm exec` share: exec.c does it, exec_suspend.c keeps runs that stop, exec_report.c says how it
 * went. */
#ifndef CLI_EXEC_H
#define CLI_EXEC_H

#include "cli/exec_tee.h"
#include "cli/run_suspend.h"
#include "cli/source.h"
#include "cli/watchdog.h"

struct exec_options {
    uint64_t fuel;               /* UINT64_MAX: unmetered */
    bool lazy, json, time;
    const char *dispatcher, *features, *disable;
    double timeout;              /* seconds; 0: none */
    uint64_t max_memory, stack;
    bool tee;                    /* with the module nvm_tee */
    const char *provider, *seal_key;
    const char *suspend_at, *suspend_to;
};

struct exec {
    struct exec_options options;
    struct run_suspension *suspension; /* never null */
    const char *path;
    struct source source;
    struct store *store;
    struct instance *instance;
    struct export_info entry;    /* what is called */
    bool refused;                /* the suspended run that was to go on */
    bool in_entry;               /* it was called: not the start function any more */
    struct func *func;
    struct exec_tee *tee;        /* null: imports are not offered */
    const struct external *imports;
    slot *values;                /* arguments, then results */
    struct trap_info trap;
    struct watchdog watchdog;
    double load_seconds, start_seconds, call_seconds;
};

/* `nvm exec` with these arguments; as a run that goes on, if the suspension says so. Returns the exit code. */
int exec_command(int argc, char **argv, struct run_suspension *suspension);

/* ---- exec_suspend.c ---------------------------------------------------------------------------------------------- */

/* Looks at the options; `given` are the arguments as they were. Returns -1, or the exit code after a message. */
int exec_suspend_begin(struct exec *x, int argc, char **given);
/* Sets the threshold of a run that is about to begin or to go on. */
void exec_plan_stop(struct exec *x);
/* The run stopped: writes the file. Returns the exit code. */
int exec_suspend(struct exec *x);
/* Makes instance and registers of the state that is resumed, and closes its number: store_continue goes on. */
enum status exec_restore(struct exec *x, struct error *e);

/* ---- exec_report.c ----------------------------------------------------------------------------------------------- */

/* Prints what the call gave or why it trapped; returns the exit code. */
int exec_report(const struct exec *x);

/* "there is no function ..." with the functions that are there. */
void say_no_function(const struct module *m, const char *name);
void say_missing_imports(const struct module *m, const char *path);

#endif
