/* `nvm run --suspend-to`, `nvm exec --suspend-to` and `nvm resume`: a run is stopped and its state is sealed in a file
 * that holds everything the run needs: options, inputs, finished contract calls with their journals, the state of the
 * one that was stopped. docs/suspended-runs.md. */
#ifndef CLI_RUN_SUSPEND_H
#define CLI_RUN_SUSPEND_H

#include "cli/cli.h"
#include "host/host.h"
#include "runtime/runtime.h"
#include "tee/seal.h"

/* What a run reads from files, once. The numbers are in the format. */
enum run_input { INPUT_CODE, INPUT_ARGUMENTS, INPUT_CONTEXT, INPUT_STATE, INPUT_COUNT };

/* A contract call of the run that has ended. */
struct finished_call {
    struct buffer journal, outcome;
    uint64_t calls;                /* of host functions */
};

/* Which command goes on with it. */
enum run_command { RUN_CONTRACT, RUN_MODULE, RUN_COMMANDS }; /* nvm run, nvm exec */

enum { COUNT_NAME_SIZE = 16 }; /* run_counter.c */

/* What is in the file, below the seal. A module's run (exec_suspend.c) has its code alone as input and no calls. */
struct run_bundle {
    enum run_command command;
    bool counted;                  /* under a key file: which count its number is from */
    uint8_t count_name[COUNT_NAME_SIZE];
    const char **argv;             /* of the command, in the arena or the caller's */
    uint32_t argc;
    bool has_input[INPUT_COUNT];
    struct buffer input[INPUT_COUNT];
    struct finished_call *finished;
    uint32_t finished_count, finished_capacity;
    struct buffer state;           /* of the call that was stopped */
    struct arena arena;
};

/* run_bundle.c. Writing sets out->failed without memory. Reading: STATUS_INVALID with the refusal state-invalid. */
void run_bundle_write(const struct run_bundle *b, struct buffer *out);
enum status run_bundle_read(struct bytes bytes, struct run_bundle *out, struct error *e);
void run_bundle_free(struct run_bundle *b);

/* When to stop, and what seals. */
struct suspend_options {
    const char *at_gas, *to, *seal_key;
    uint64_t at_call, min_counter;
    const char *provider;          /* "simulator": its root, which is secret to nobody */
};

/* Where a resumed run writes to. Its own options, which came in the file, only say that it writes. */
struct run_outputs {
    const char *proof, *save_state;
};

struct run_suspension {
    struct suspend_options options;
    struct run_outputs outputs;
    uint64_t at_gas;               /* UINT64_MAX: never */
    struct run_bundle bundle;
    bool resuming;
    uint32_t finished_before;      /* calls that the file brought along */
    uint64_t counter;              /* of the file that is resumed */
    uint32_t next_call;            /* of the run, counted from 0 */
    uint64_t gas, calls;           /* of the finished ones together */
    struct buffer state;           /* of the call that was stopped now */
    uint64_t stopped_gas, stopped_calls;
    struct file_lock held;         /* of that counter, while its run goes on */
    enum tee_refusal refusal;      /* why the file is refused; TEE_OK: it was not that */
    struct call_hook hook;         /* for chunks */
};

/* run_outputs.c: puts the path that `nvm resume` was given in the place of the one in the file (*asked; null if the run
 * does not write it). Returns -1, or the exit code after a message: one of the two is missing. */
int output_take(const char *option, const char **asked, const char *given);

/* ---- run_suspend.c ----------------------------------------------------------------------------------------------- */

/* Looks at the options: null at *out if nothing of this is wanted. Returns -1, or the exit code after a message. */
int suspension_begin(struct run_suspension *s, enum run_command command, int argc, char **argv);
void suspension_free(struct run_suspension *s);

/* Whether the run is to be suspended or was. */
static inline bool suspension_active(const struct run_suspension *s)
{
    return s->resuming || s->options.to;
}

/* The root that the options name; *out is for tee_root_free in any case. */
enum status suspension_root(const struct run_suspension *s, struct tee_root **out, struct error *e);

/* Reads an input of the run, or takes it from the bundle; appended to *out. `read` is how it is read. */
enum status suspension_input(struct run_suspension *s, enum run_input which, const char *path, struct buffer *out,
                             struct error *e);
/* Keeps what was read in another way; or gives it back. False: it is not in the bundle. */
void suspension_keep(struct run_suspension *s, enum run_input which, struct bytes bytes);
bool suspension_kept(const struct run_suspension *s, enum run_input which, struct buffer *out);

/* In the place of contract_call. */
enum status suspension_call(struct run_suspension *s, const struct contract *contract, struct bytes method,
                            const struct call_context *context, struct external_state *external,
                            uint64_t max_gas_burnt, struct call_outcome *out, struct error *e);

/* The state was read, and the run goes on now: nobody else can let it go on meanwhile. The refusal `counter`: it has
 * gone on to its end before. */
enum status suspension_resumed(struct run_suspension *s, struct error *e);
/* Keeps the refusal that an error of a state (vm/suspend.h, contract_call) means, for suspension_end. */
void suspension_note_refusal(struct run_suspension *s, enum status status, const struct error *e);

/* The run has ended with this exit code. If it has come to its end, and all that it had to say is written, the file
 * counts as resumed from here on; otherwise it can be resumed again. Returns the exit code. */
int suspension_finish(struct run_suspension *s, int code);

/* A run could not go on to its end: it was suspended, and the file is written; or a message says why not. Returns the
 * exit code. */
int suspension_end(struct run_suspension *s, enum status status, const struct error *e, struct bytes code, bool json);

/* ---- run_counter.c: counters of suspended runs, in a file beside the key ----------------------------------------- */

/* A new counter of the count whose name is written to `name`. It is then open; or, if `from` is not 0, takes the place
 * of that one once its file is there. */
enum status counter_issue(const char *key_path, uint64_t from, uint64_t *counter, uint8_t name[COUNT_NAME_SIZE],
                          struct error *e);
/* Holds an open one of the count with that name until `held` is unlocked or the process ends. The refusal `counter` if
 * it is not open, or the count beside the key has another name; STATUS_IO with EBUSY if another process holds it. */
enum status counter_hold(const char *key_path, uint64_t counter, const uint8_t name[COUNT_NAME_SIZE],
                         struct file_lock *held, struct error *e);
/* Closes it; `next`, which was issued from it, is open then (0: none). */
enum status counter_close(const char *key_path, uint64_t counter, uint64_t next, struct error *e);

#endif
