/* What writing and reading a suspended state share. Internal to vm/suspend*.c. docs/suspended-runs.md has the format. */
#ifndef VM_SUSPEND_STATE_H
#define VM_SUSPEND_STATE_H

#include "base/borsh.h"
#include "vm/suspend.h"
#include "vm/suspend_layout.h"

#define STATE_MAGIC "nvmstate"
enum {
    STATE_MAGIC_SIZE = 8,
    STATE_VERSION = 1,
    STATE_HASH_SIZE = 32,
    STATE_CHUNK = 4096,            /* bytes of memory that are left out together if they are zero */
};

/* suspend_engine.c: what must be the same where a run goes on, as a hash: features, fees, limits; and the module.
 * False: no memory. */
bool state_engine_hash(const struct store *s, const struct module *m, uint8_t out[STATE_HASH_SIZE]);
void state_module_hash(const struct module *m, uint8_t out[STATE_HASH_SIZE]);

/* suspend_memory.c: chunks of a memory that are not all zero. */
void state_write_memory(const struct memory *m, struct buffer *out);
/* False: not a memory that `m`, which is new, can become; *why says so. */
bool state_read_memory(struct borsh_reader *r, struct memory *m, const char **why);

static inline bool type_is_narrow(uint8_t type)
{
    return type == TYPE_I32 || type == TYPE_F32;
}

#endif
