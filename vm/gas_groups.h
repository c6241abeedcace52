/* Where NEAR's gas charges begin and end: the finite-wasm gas analysis of one validated function.
 *
 * Production charges straight-line instructions together, at the first of them, and when gas runs out the whole failing
 * charge can be seen (NEAR.md). Execution charges regions of its own choice that add up to the same; this analysis is
 * asked only when gas has run out, and for the size of production's rewritten module.
 * Source: finite-wasm 0.6, src/gas (Visitor, merge_same_point, merge_across_instructions). */
#ifndef VM_GAS_GROUPS_H
#define VM_GAS_GROUPS_H

#include "vm/module.h"

/* What an instruction, with the label in front of it, is to its neighbours. */
enum gas_kind {
    GAS_PURE,           /* nothing but its cost */
    GAS_UNREACHABLE,    /* never executed, never charged */
    GAS_BEFORE_BORDER,  /* nothing behind it may be charged with it */
    GAS_AFTER_BORDER,   /* it may not be charged with what is before it */
    GAS_BETWEEN,        /* both */
    GAS_BULK,           /* pays by its operand */
};

struct gas_point {
    uint32_t offset;    /* of the instruction, in the module's bytes */
    uint8_t kind;       /* enum gas_kind: of the group, in its first point */
    bool first;         /* of a group: a charge stands here */
    uint64_t cost;      /* of this instruction alone; of GAS_BULK without what its operand adds */
};

/* One point for each instruction, in order. *points is to be freed with free. False: no memory. */
bool gas_points(const struct module *m, const struct body *b, struct gas_point **points, uint32_t *count);

/* What the groups of the body, from that of the instruction at `offset` on, charge until the gas no longer suffices:
 * takes what fits from *gas, which is what was left at the offset, and returns the charge that does not fit. The code
 * between is known to be straight. UINT64_MAX: no memory. */
uint64_t gas_failing_charge(const struct module *m, const struct body *b, size_t offset, uint64_t *gas);

#endif
