/* The largest operand stack of a function, in bytes of the schedule, as finite-wasm's analysis has it. That analysis
 * forgets that call_indirect takes an index off the stack, so that its stack of sizes is then no longer the stack of
 * types.
 * Source: finite-wasm 0.6, src/max_stack. */
#ifndef VM_STACK_BYTES_H
#define VM_STACK_BYTES_H

#include "vm/module.h"

/* `locals` are the types of the parameters and locals, or null if they are not at hand. The body is valid. False: no
 * memory. */
bool stack_bytes(const struct module *m, const struct body *b, const uint8_t *locals, uint64_t *bytes);

/* No less than that, at once. */
static inline uint64_t stack_bytes_at_most(const struct module *m, const struct body *b)
{
    uint64_t size = m->schedule.bytes64 > m->schedule.bytes32 ? m->schedule.bytes64 : m->schedule.bytes32;
    return ((uint64_t)b->max_stack + b->indirect_calls) * size;
}

/* Whether frames have a size by the schedule. */
static inline bool schedule_has_stack(const struct fee_schedule *s)
{
    return s->frame_bytes || s->bytes32 || s->bytes64;
}

#endif
