/* The largest operand stack of a function, in bytes of the schedule, as finite-wasm's analysis has it.
 *
 * That analysis forgets that call_indirect takes an index off the stack, and its stack of sizes is then no longer the
 * stack of types; for functions without call_indirect the validator's own count is the same.
 * Source: finite-wasm 0.6, src/max_stack. */
#ifndef VM_STACK_BYTES_H
#define VM_STACK_BYTES_H

#include "vm/module.h"

/* `locals` are the types of the parameters and locals. The body is valid. False: no memory. */
bool stack_bytes(const struct module *m, const struct body *b, const uint8_t *locals, uint64_t *bytes);

#endif
