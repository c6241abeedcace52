/* Modules at the borders of what production accepts as a contract: how many of what, described by numbers, and written
 * with or without padding. docs/preparation.md lists the borders; near_plan.def the numbers. */
#ifndef FUZZ_NEAR_PLAN_H
#define FUZZ_NEAR_PLAN_H

#include "base/bytes.h"
#include "fuzz/choices.h"

/* All zero: a module with a memory and the method `main`, which does nothing. */
struct near_plan {
#define X(field, what) uint32_t field;
#include "fuzz/near_plan.def"
#undef X
    struct choices *padding; /* null: numbers are written in as few bytes as possible */
};

/* False: there is no such field. */
bool near_plan_set(struct near_plan *p, const char *field, uint32_t value);

/* Several numbers, mostly small, now and then at a border; and sometimes padded numbers (by `c`, which must outlive the
 * plan). */
void near_plan_choose(struct near_plan *p, struct choices *c);

/* Appends the module. */
void near_plan_write(const struct near_plan *p, struct buffer *out);

#endif
