/* What translation counts on in the order of operations.def: opposites are neighbours, and branches come in the order of
 * the comparisons that they test. Internal to vm/translate*.c. */
#ifndef VM_TRANSLATE_ORDER_H
#define VM_TRANSLATE_ORDER_H

#include "vm/code.h"

/* ORDER of integer comparisons: pairs of opposites from I32_EQ on, each at an even distance from it. */
#define OPPOSITES(a, b)                                                                                         \
    _Static_assert((OPERATION_##a - OPERATION_I32_EQ) % 2 == 0 && OPERATION_##b == OPERATION_##a + 1,           \
                   #a " and " #b " must be neighbours");                                                        \
    _Static_assert(OPERATION_BR_##a - OPERATION_BR_I32_EQ == OPERATION_##a - OPERATION_I32_EQ &&                \
                   OPERATION_BR_##b == OPERATION_BR_##a + 1, "branches must be in the order of comparisons")
OPPOSITES(I32_EQ, I32_NE);
OPPOSITES(I32_LT_U, I32_GE_U);
OPPOSITES(I32_LT_S, I32_GE_S);
OPPOSITES(I64_EQ, I64_NE);
OPPOSITES(I64_LT_U, I64_GE_U);
OPPOSITES(I64_LT_S, I64_GE_S);
#undef OPPOSITES
_Static_assert(OPERATION_I64_GE_S - OPERATION_I32_EQ == 11, "six pairs");

/* ORDER of float comparisons: EQ, NE, LT, LE of each type; of float branches the same, then NOT_LT, NOT_LE. */
#define ORDER_OF(t)                                                                                             \
    _Static_assert(OPERATION_##t##_NE == OPERATION_##t##_EQ + 1 && OPERATION_##t##_LT == OPERATION_##t##_EQ + 2 && \
                   OPERATION_##t##_LE == OPERATION_##t##_EQ + 3, "EQ, NE, LT, LE");                             \
    _Static_assert(OPERATION_BR_##t##_NE == OPERATION_BR_##t##_EQ + 1 &&                                        \
                   OPERATION_BR_##t##_LT == OPERATION_BR_##t##_EQ + 2 &&                                        \
                   OPERATION_BR_##t##_LE == OPERATION_BR_##t##_EQ + 3 &&                                        \
                   OPERATION_BR_##t##_NOT_LT == OPERATION_BR_##t##_EQ + 4 &&                                    \
                   OPERATION_BR_##t##_NOT_LE == OPERATION_BR_##t##_EQ + 5, "EQ, NE, LT, LE, NOT_LT, NOT_LE")
ORDER_OF(F32);
ORDER_OF(F64);
#undef ORDER_OF
_Static_assert(OPERATION_F64_EQ == OPERATION_F32_EQ + 4, "comparisons of f64 come right after those of f32");

static inline bool is_int_compare(unsigned op)
{
    return op >= OPERATION_I32_EQ && op <= OPERATION_I64_GE_S;
}

static inline bool is_float_compare(unsigned op)
{
    return op >= OPERATION_F32_EQ && op <= OPERATION_F64_LE;
}

/* Equality of floats has an opposite; less and less or equal have none, because of NaN. */
static inline bool is_float_equality(unsigned op)
{
    return is_float_compare(op) && (op - OPERATION_F32_EQ) % 4 < 2;
}

/* Of an integer comparison or an equality of floats. */
static inline enum operation opposite(unsigned op)
{
    const unsigned base = is_float_compare(op) ? OPERATION_F32_EQ : OPERATION_I32_EQ;
    return (enum operation)(base + ((op - base) ^ 1));
}

/* The branch that is taken if the comparison holds, or if it does not. */
static inline enum operation branch_of(unsigned op, bool negate)
{
    if (is_int_compare(op)) return (enum operation)(OPERATION_BR_I32_EQ + ((op - OPERATION_I32_EQ) ^ (unsigned)negate));
    const bool wide = op >= OPERATION_F64_EQ;
    const unsigned kind = op - (wide ? OPERATION_F64_EQ : OPERATION_F32_EQ); /* EQ, NE, LT, LE */
    const unsigned base = wide ? OPERATION_BR_F64_EQ : OPERATION_BR_F32_EQ;
    if (!negate) return (enum operation)(base + kind);
    return (enum operation)(base + (kind < 2 ? kind ^ 1 : kind + 2));
}

#endif
