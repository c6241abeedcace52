/* `nvm exec --tee`: the module nvm_tee for the module that is run. */
#ifndef CLI_EXEC_TEE_H
#define CLI_EXEC_TEE_H

#include "vm/vm.h"

struct exec_tee; /* opaque */

/* Registers (0: this program is not measured; 1: the module's code), a provider of evidence (null: the simulator) and a root of
 * sealing: of the key file, else of the provider, else none. Returns -1, or the exit code after a message. */
int exec_tee_new(const struct module *m, const char *provider, const char *seal_key, struct exec_tee **out);
void exec_tee_free(struct exec_tee *t); /* null is allowed; after the store */

/* One external for each import of the module, in *out, which belongs to `t`. Returns -1, or the exit code after a message. */
int exec_tee_link(struct exec_tee *t, const struct module *m, struct store *s, const char *path,
                  const struct external **out);

/* Prints the registers that were extended, and why the last function failed, to standard error. */
void exec_tee_report(struct exec_tee *t);

#endif
