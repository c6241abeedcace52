/* What the parts of `nvm exec` share: exec.c does it, exec_report.c says how it went. */
#ifndef CLI_EXEC_H
#define CLI_EXEC_H

#include "cli/exec_tee.h"
#include "cli/source.h"

struct exec_options {
    uint64_t fuel;               /* UINT64_MAX: unmetered */
    bool lazy, json, time;
    const char *dispatcher, *features, *disable;
    double timeout;              /* seconds; 0: none */
    uint64_t max_memory, stack;
    bool tee;                    /* with the module nvm_tee */
    const char *provider, *seal_key;
};

struct exec {
    struct exec_options options;
    const char *path;
    struct source source;
    struct store *store;
    struct instance *instance;
    struct func *func;
    struct exec_tee *tee;        /* null: imports are not offered */
    const struct external *imports;
    slot *values;                /* arguments, then results */
    struct trap_info trap;
    double load_seconds, start_seconds, call_seconds;
};

/* Prints what the call gave or why it trapped; returns the exit code. */
int exec_report(const struct exec *x);

/* "there is no function ..." with the functions that are there. */
void say_no_function(const struct module *m, const char *name);
void say_missing_imports(const struct module *m, const char *path);

#endif
