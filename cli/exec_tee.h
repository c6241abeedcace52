/* `nvm exec --tee`: the module nvm_tee for the module that is run. */
#ifndef CLI_EXEC_TEE_H
#define CLI_EXEC_TEE_H

#include "tee/seal.h"
#include "vm/vm.h"

struct exec_tee; /* opaque */

struct exec_tee_options {
    const char *provider;        /* null: the one whose hardware is here, or none; never the simulator */
    const char *seal_key;        /* null: seals are the provider's */
    bool may_suspend;            /* the module may ask for it */
    enum tee_root_kind resumed;  /* 0: it begins here. Else the root of the sealed file: registers come from
                                  * exec_tee_restore, instead of beginning with the code */
};

/* Registers (0: this program is not measured; 1: the module's code), a provider of evidence and a root of sealing: of
 * the key file, else of the provider, else none. Returns -1, or the exit code after a message. */
int exec_tee_new(const struct module *m, const struct exec_tee_options *o, struct exec_tee **out);
void exec_tee_free(struct exec_tee *t); /* null is allowed; after the store */

/* One external for each import of the module, in *out, which belongs to `t`. Returns -1, or the exit code after a
 * message. */
int exec_tee_link(struct exec_tee *t, const struct module *m, struct store *s, const char *path,
                  const struct external **out);

/* The registers' event log, appended; and registers that go on where one ends. A log that does not begin with the
 * module's code is refused (event-log). */
enum status exec_tee_events(struct exec_tee *t, struct buffer *log, struct error *e);
enum status exec_tee_restore(struct exec_tee *t, struct bytes log, struct error *e);

/* Prints the registers that were extended, and why the last function failed, to standard error. */
void exec_tee_report(struct exec_tee *t);

#endif
