/* Goes through the places of operands: EACH_VARIANT(M, family, …) calls M(place, …) once for each variant of a family,
 * in the order of families.h, with as many places as the family has digits. The file that includes this has said how
 * many registers there are: REGISTERS (1…4) and FLOAT_REGISTERS (1…4).
 *
 * A place is a register's number, S (a slot), I (an immediate) or LAST (the last register); or a count, or 0 and 1.
 * Each level of nesting needs macros of its own, since a macro does not expand inside itself: FIRST to FOURTH, and FIFTH
 * inside a handler. */
#define LIST1_1(M, ...) M(0, __VA_ARGS__)
#define LIST1_2(M, ...) LIST1_1(M, __VA_ARGS__) M(1, __VA_ARGS__)
#define LIST1_3(M, ...) LIST1_2(M, __VA_ARGS__) M(2, __VA_ARGS__)
#define LIST1_4(M, ...) LIST1_3(M, __VA_ARGS__) M(3, __VA_ARGS__)
#define LIST1_OF(n) LIST1_AGAIN(n)
#define LIST1_AGAIN(n) LIST1_##n

#define LIST2_1(M, ...) M(0, __VA_ARGS__)
#define LIST2_2(M, ...) LIST2_1(M, __VA_ARGS__) M(1, __VA_ARGS__)
#define LIST2_3(M, ...) LIST2_2(M, __VA_ARGS__) M(2, __VA_ARGS__)
#define LIST2_4(M, ...) LIST2_3(M, __VA_ARGS__) M(3, __VA_ARGS__)
#define LIST2_OF(n) LIST2_AGAIN(n)
#define LIST2_AGAIN(n) LIST2_##n

#define LIST3_1(M, ...) M(0, __VA_ARGS__)
#define LIST3_2(M, ...) LIST3_1(M, __VA_ARGS__) M(1, __VA_ARGS__)
#define LIST3_3(M, ...) LIST3_2(M, __VA_ARGS__) M(2, __VA_ARGS__)
#define LIST3_4(M, ...) LIST3_3(M, __VA_ARGS__) M(3, __VA_ARGS__)
#define LIST3_OF(n) LIST3_AGAIN(n)
#define LIST3_AGAIN(n) LIST3_##n

#define LIST5_1(M, ...) M(0, __VA_ARGS__)
#define LIST5_2(M, ...) LIST5_1(M, __VA_ARGS__) M(1, __VA_ARGS__)
#define LIST5_3(M, ...) LIST5_2(M, __VA_ARGS__) M(2, __VA_ARGS__)
#define LIST5_4(M, ...) LIST5_3(M, __VA_ARGS__) M(3, __VA_ARGS__)
#define LIST5_OF(n) LIST5_AGAIN(n)
#define LIST5_AGAIN(n) LIST5_##n

/* The kinds of places at each level, as far as some family has them there. */
#define FIRST_INT(M, ...) LIST1_OF(REGISTERS)(M, __VA_ARGS__) M(S, __VA_ARGS__)
#define FIRST_INT_IMM(M, ...) LIST1_OF(REGISTERS)(M, __VA_ARGS__) M(S, __VA_ARGS__) M(I, __VA_ARGS__)
#define FIRST_FLT(M, ...) LIST1_OF(FLOAT_REGISTERS)(M, __VA_ARGS__) M(S, __VA_ARGS__)
#define FIRST_METERED(M, ...) M(0, __VA_ARGS__) M(1, __VA_ARGS__)
#define FIRST_FLOATS(M, ...) M(0, __VA_ARGS__) M(1, __VA_ARGS__)
#define SECOND_INT(M, ...) LIST2_OF(REGISTERS)(M, __VA_ARGS__) M(S, __VA_ARGS__)
#define SECOND_INT_IMM(M, ...) LIST2_OF(REGISTERS)(M, __VA_ARGS__) M(S, __VA_ARGS__) M(I, __VA_ARGS__)
#define SECOND_FLT(M, ...) LIST2_OF(FLOAT_REGISTERS)(M, __VA_ARGS__) M(S, __VA_ARGS__)
#define SECOND_SLOT_IMM(M, ...) M(S, __VA_ARGS__) M(I, __VA_ARGS__)
#define SECOND_FLOATS(M, ...) M(0, __VA_ARGS__) M(1, __VA_ARGS__)
#define SECOND_COUNT(M, ...) LIST2_OF(REGISTERS)(M, __VA_ARGS__)
#define THIRD_INT(M, ...) LIST3_OF(REGISTERS)(M, __VA_ARGS__) M(S, __VA_ARGS__)
#define THIRD_INT_IMM(M, ...) LIST3_OF(REGISTERS)(M, __VA_ARGS__) M(S, __VA_ARGS__) M(I, __VA_ARGS__)
#define THIRD_FLT(M, ...) LIST3_OF(FLOAT_REGISTERS)(M, __VA_ARGS__) M(S, __VA_ARGS__)
#define THIRD_COUNT(M, ...) LIST3_OF(REGISTERS)(M, __VA_ARGS__)
#define FOURTH_LAST_SLOT(M, ...) M(LAST, __VA_ARGS__) M(S, __VA_ARGS__)
/* registers themselves, inside a handler */
#define EACH_REGISTER(M, ...) LIST5_OF(REGISTERS)(M, __VA_ARGS__)
#define EACH_FLOAT_REGISTER(M, ...) LIST5_OF(FLOAT_REGISTERS)(M, __VA_ARGS__)

#define EACH_VARIANT(M, family, ...) EACH_AGAIN(M, DIGITS_##family, __VA_ARGS__)
#define EACH_AGAIN(M, ...) EACH_NOW(M, __VA_ARGS__)
#define EACH_NOW(M, n, ...) EACH_##n(M, __VA_ARGS__)
#define EACH_0(M, k1, ...) M(__VA_ARGS__)
#define EACH_1(M, k1, ...) FIRST_##k1(M, __VA_ARGS__)
#define EACH_2(M, k1, k2, ...) FIRST_##k1(EACH_2_1, M, k2, __VA_ARGS__)
#define EACH_2_1(x1, M, k2, ...) SECOND_##k2(EACH_2_2, M, x1, __VA_ARGS__)
#define EACH_2_2(x2, M, x1, ...) M(x1, x2, __VA_ARGS__)
#define EACH_3(M, k1, k2, k3, ...) FIRST_##k1(EACH_3_1, M, k2, k3, __VA_ARGS__)
#define EACH_3_1(x1, M, k2, k3, ...) SECOND_##k2(EACH_3_2, M, x1, k3, __VA_ARGS__)
#define EACH_3_2(x2, M, x1, k3, ...) THIRD_##k3(EACH_3_3, M, x1, x2, __VA_ARGS__)
#define EACH_3_3(x3, M, x1, x2, ...) M(x1, x2, x3, __VA_ARGS__)
#define EACH_4(M, k1, k2, k3, k4, ...) FIRST_##k1(EACH_4_1, M, k2, k3, k4, __VA_ARGS__)
#define EACH_4_1(x1, M, k2, k3, k4, ...) SECOND_##k2(EACH_4_2, M, x1, k3, k4, __VA_ARGS__)
#define EACH_4_2(x2, M, x1, k3, k4, ...) THIRD_##k3(EACH_4_3, M, x1, x2, k4, __VA_ARGS__)
#define EACH_4_3(x3, M, x1, x2, k4, ...) FOURTH_##k4(EACH_4_4, M, x1, x2, x3, __VA_ARGS__)
#define EACH_4_4(x4, M, x1, x2, x3, ...) M(x1, x2, x3, x4, __VA_ARGS__)

/* Families whose lists of places have another length than their radices say would send execution to wrong handlers. */
#define COUNT_ONE(...) +1
#define COUNT_FAMILY(family)                                                                         \
    _Static_assert((0 EACH_VARIANT(COUNT_ONE, family, )) == VARIANTS(family, REGISTERS, FLOAT_REGISTERS), \
                   "the places of " #family " do not agree with its radices");
EACH_FAMILY(COUNT_FAMILY)
