/* Suspended runs: a call stops at an exact instruction, its state is written as bytes that mean the same to every build
 * of this engine, and goes on from there in another store, process or machine, to the same results and the same gas.
 *
 * A call stops (func_call and store_continue return TRAP_SUSPENDED)
 * - at a threshold of gas: in front of the first instructions whose charge would leave less (the instructions charged
 *   together lie between two that may trap, touch memory or branch);
 * - when a host function returns TRAP_SUSPENDED: behind that call, whose results it has left in `values`.
 * What is charged by an operand (memory.copy and the like) and what host functions take may pass the threshold; the call
 * stops behind it. While C is on the stack between two calls of code, or code of another instance is, the threshold
 * waits; TRAP_SUSPENDED of a host function ends such a call with TRAP_INTERRUPTED.
 *
 * For metered modules with a fee schedule, one instance in a store. docs/suspended-runs.md has the format. */
#ifndef VM_SUSPEND_H
#define VM_SUSPEND_H

#include "vm/vm.h"

/* Stops the running or next call before it has less gas left than this; 0: never. */
void store_suspend_at(struct store *s, uint64_t gas_left);

/* Whether a host function that runs now may return TRAP_SUSPENDED: metered code of the one instance has called it. */
bool store_can_suspend(const struct store *s);

/* Whether a call was suspended in this store and nothing was called since. */
bool store_is_suspended(const struct store *s);

/* Appends the state of the suspended call. The store stays as it is. STATUS_USAGE: there is none, or it holds what has no
 * number in the module (functions of other instances). STATUS_LIMIT: more than 2^32 - 1 of something. */
enum status instance_checkpoint(struct instance *i, struct buffer *out, struct error *e);

/* Makes the instance that the state is of, in a store in which nothing has run; memories, tables and globals that are
 * imported are fresh, and the same ones as then. No segments are copied, and the start function does not run. Then
 * store_continue goes on.
 *
 * Nothing of the state is believed: places exist, stacks have the heights and types that validation gives them there,
 * values fit their types, calls fit their callees, limits hold; and it is in its one canonical form.
 * STATUS_INVALID with VM_ERROR_STATE_ENGINE: another module, fee schedule, feature set or limit than this one's, or
 * another version of the format; with VM_ERROR_STATE_INVALID: anything else. `offset` is that in the state. */
enum status instance_restore(struct store *s, struct module *m, const struct external *imports, size_t count,
                             struct bytes state, struct instance **out, struct error *e);

/* The outermost function of the run that was restored or suspended: index in its module. */
uint32_t store_suspended_function(const struct store *s);

/* Goes on with a run that was restored. `values` gets the results of the outermost function. */
enum trap store_continue(struct store *s, slot *values, struct trap_info *trap);

#endif
