/* Every handler, from operations.def. The including dispatcher has defined: REGISTERS, FLOAT_REGISTERS, the state
 * (pc, fp, mem, msz, gas, inst, r0…, f0…), HANDLER(name) { body }, NEXT(words), GO (dispatch at pc), TRAP(name),
 * CONTINUE(name) (go to a shared handler), F32(freg), F64(freg), SET_F32(freg, v), SET_F64(freg, v).
 *
 * A handler reads all operands before it writes its destination, since they may be the same place. */
#define UNLIKELY(x) __builtin_expect(!!(x), 0)

/* an operand by place: INT_x(slot field, immediate) */
#define INT_0(field, immediate) r0
#define INT_1(field, immediate) r1
#define INT_2(field, immediate) r2
#define INT_3(field, immediate) r3
#define INT_4(field, immediate) r4
#define INT_5(field, immediate) r5
#define INT_S(field, immediate) fp[pc[1].field]
#define INT_I(field, immediate) (immediate)
#define INT_LAST(field, immediate) LAST_REGISTER
#define PUT_0(v) r0 = (v)
#define PUT_1(v) r1 = (v)
#define PUT_2(v) r2 = (v)
#define PUT_3(v) r3 = (v)
#define PUT_4(v) r4 = (v)
#define PUT_5(v) r5 = (v)
#define PUT_S(v) fp[pc[1].d] = (v)
#define IS_I_0 0
#define IS_I_1 0
#define IS_I_2 0
#define IS_I_3 0
#define IS_I_4 0
#define IS_I_5 0
#define IS_I_S 0
#define IS_I_I 1

/* float operands, by type and place */
#define float_0(field) F32(f0)
#define float_1(field) F32(f1)
#define float_2(field) F32(f2)
#define float_3(field) F32(f3)
#define float_S(field) bits_to_f32((uint32_t)fp[pc[1].field])
#define double_0(field) F64(f0)
#define double_1(field) F64(f1)
#define double_2(field) F64(f2)
#define double_3(field) F64(f3)
#define double_S(field) bits_to_f64(fp[pc[1].field])
#define PUT_float_0(v) SET_F32(f0, v)
#define PUT_float_1(v) SET_F32(f1, v)
#define PUT_float_2(v) SET_F32(f2, v)
#define PUT_float_3(v) SET_F32(f3, v)
#define PUT_float_S(v) fp[pc[1].d] = f32_to_bits(v)
#define PUT_double_0(v) SET_F64(f0, v)
#define PUT_double_1(v) SET_F64(f1, v)
#define PUT_double_2(v) SET_F64(f2, v)
#define PUT_double_3(v) SET_F64(f3, v)
#define PUT_double_S(v) fp[pc[1].d] = f64_to_bits(v)

#define VARIANT_BINARY(D, A, B, name, T, TO, ...)                \
    HANDLER(name##_##D##_##A##_##B)                              \
    {                                                            \
        const T a = (T)INT_##A(a, 0);                            \
        const T b = (T)INT_##B(b, (int64_t)pc[1].imm);           \
        PUT_##D((uint64_t)(TO)(__VA_ARGS__));                    \
        NEXT(2);                                                 \
    }

/* words: operation, operands and target, [immediate], [charges] */
#define VARIANT_BRANCH(M, A, B, name, T, ...)                                   \
    HANDLER(name##_##M##_##A##_##B)                                             \
    {                                                                           \
        const T a = (T)INT_##A(x, 0);                                           \
        const T b = (T)INT_##B(y, pc[2].i);                                     \
        BRANCH_IF(M, 2 + IS_I_##B, __VA_ARGS__)                                 \
    }

#define BRANCH_IF(M, words, ...)                                                \
    if (M) {                                                                    \
        const uint32_t taken = pc[words].taken, fall = pc[words].fall;          \
        if (__VA_ARGS__) {                                                      \
            pc += pc[1].target;                                                 \
            gas -= taken;                                                       \
            if (UNLIKELY(gas < 0)) OUT_OF_GAS(taken);                           \
            GO;                                                                 \
        }                                                                       \
        gas -= fall;                                                            \
        pc += (words) + 1;                                                      \
        if (UNLIKELY(gas < 0)) OUT_OF_GAS(fall);                                \
        GO;                                                                     \
    }                                                                           \
    if (__VA_ARGS__) {                                                          \
        pc += pc[1].target;                                                     \
        GO;                                                                     \
    }                                                                           \
    NEXT(words);

#define VARIANT_DIVIDE(D, B, name, T, ok1, trap1, ok2, trap2, TO, ...) \
    HANDLER(name##_##D##_##B)                                    \
    {                                                            \
        const T a = (T)fp[pc[1].a];                              \
        const T b = (T)INT_##B(b, (int64_t)pc[1].imm);           \
        if (UNLIKELY(!(ok1))) TRAP(trap1);                       \
        if (UNLIKELY(!(ok2))) TRAP(trap2);                       \
        PUT_##D((uint64_t)(TO)(__VA_ARGS__));                    \
        NEXT(2);                                                 \
    }

#define VARIANT_UNARY(D, A, name, T, TO, ...)                    \
    HANDLER(name##_##D##_##A)                                    \
    {                                                            \
        const T a = (T)INT_##A(a, 0);                            \
        PUT_##D((uint64_t)(TO)(__VA_ARGS__));                    \
        NEXT(2);                                                 \
    }

/* `ea` in 33 bits: the sum cannot wrap, and the access must end inside the memory */
#define EFFECTIVE_ADDRESS(A, field, T)                                                            \
    const uint64_t ea = (uint64_t)(uint32_t)INT_##A(field, 0) + pc[1].offset;             \
    if (UNLIKELY(ea + sizeof(T) > msz)) TRAP(MEMORY_BOUNDS);

#define VARIANT_LOAD(D, A, name, T, TO)                          \
    HANDLER(name##_##D##_##A)                                    \
    {                                                            \
        EFFECTIVE_ADDRESS(A, a, T)                                         \
        PUT_##D((uint64_t)(TO)load_##T(mem + ea));               \
        NEXT(2);                                                 \
    }

#define VARIANT_STORE(A, V, name, T)                             \
    HANDLER(name##_##A##_##V)                                    \
    {                                                            \
        EFFECTIVE_ADDRESS(A, d, T)                                         \
        store_##T(mem + ea, (uint64_t)INT_##V(a, pc[2].u));      \
        NEXT(2 + IS_I_##V);                                      \
    }

#define VARIANT_FLOAD(D, A, name, T)                             \
    HANDLER(name##_##D##_##A)                                    \
    {                                                            \
        EFFECTIVE_ADDRESS(A, a, T)                                         \
        PUT_##T##_##D(load_##T(mem + ea));                       \
        NEXT(2);                                                 \
    }

#define VARIANT_FSTORE(A, V, name, T)                            \
    HANDLER(name##_##A##_##V)                                    \
    {                                                            \
        EFFECTIVE_ADDRESS(A, d, T)                                         \
        store_##T(mem + ea, T##_##V(a));                         \
        NEXT(2);                                                 \
    }

#define VARIANT_SELECT(D, A, B, C, name, ...)                         \
    HANDLER(name##_##D##_##A##_##B##_##C)                        \
    {                                                            \
        const uint64_t a = INT_##A(a, 0);                        \
        const uint64_t b = (uint64_t)INT_##B(b, pc[2].u);        \
        const uint32_t c = (uint32_t)INT_##C(c, 0);              \
        PUT_##D(c ? a : b);                                      \
        NEXT(2 + IS_I_##B);                                      \
    }

#define VARIANT_FSELECT(D, A, B, C, name, ...)                        \
    HANDLER(name##_##D##_##A##_##B##_##C)                        \
    {                                                            \
        const double a = double_##A(a), b = double_##B(b);       \
        const uint32_t c = (uint32_t)INT_##C(c, 0);              \
        PUT_double_##D(c ? a : b);                               \
        NEXT(2);                                                 \
    }

#define VARIANT_GET(D, name, ...) HANDLER(name##_##D) { GET_##name(D) }
#define GET_CONST32(D) { PUT_##D((uint64_t)(int64_t)pc[1].imm); NEXT(2); }
#define GET_CONST64(D) { PUT_##D(pc[2].u); NEXT(3); }
#define GET_GLOBAL_GET(D) { PUT_##D(inst->globals[pc[1].offset]->value); NEXT(2); }
#define GET_MEMORY_SIZE(D) { PUT_##D((uint64_t)inst->memory->pages); NEXT(2); }

#define VARIANT_PUT(A, name, ...)                                     \
    HANDLER(name##_##A)                                          \
    {                                                            \
        inst->globals[pc[1].offset]->value = (uint64_t)INT_##A(d, pc[2].u); \
        NEXT(2 + IS_I_##A);                                      \
    }

#define VARIANT_FGET(D, name, ...) HANDLER(name##_##D) { FGET_##name(D) }
#define FGET_FCONST(D) { PUT_double_##D(bits_to_f64(pc[2].u)); NEXT(3); }
#define FGET_FGLOBAL_GET(D) { PUT_double_##D(bits_to_f64(inst->globals[pc[1].offset]->value)); NEXT(2); }
#define VARIANT_FPUT(A, name, ...)                                    \
    HANDLER(name##_##A)                                          \
    {                                                            \
        inst->globals[pc[1].offset]->value = f64_to_bits(double_##A(d)); \
        NEXT(2);                                                 \
    }

#define VARIANT_FBINARY(D, A, B, name, T, ...)                   \
    HANDLER(name##_##D##_##A##_##B)                              \
    {                                                            \
        const T a = T##_##A(a), b = T##_##B(b);                  \
        PUT_##T##_##D(__VA_ARGS__);                              \
        NEXT(2);                                                 \
    }

#define VARIANT_FUNARY(D, A, name, T, TO, ...)                   \
    HANDLER(name##_##D##_##A)                                    \
    {                                                            \
        const T a = T##_##A(a);                                  \
        PUT_##TO##_##D(__VA_ARGS__);                             \
        NEXT(2);                                                 \
    }

#define VARIANT_FCOMPARE(D, A, B, name, T, ...)                  \
    HANDLER(name##_##D##_##A##_##B)                              \
    {                                                            \
        const T a = T##_##A(a), b = T##_##B(b);                  \
        PUT_##D((uint64_t)(__VA_ARGS__));                        \
        NEXT(2);                                                 \
    }

#define VARIANT_FBRANCH(M, A, B, name, T, ...)                   \
    HANDLER(name##_##M##_##A##_##B)                              \
    {                                                            \
        const T a = T##_##A(x), b = T##_##B(y);                  \
        BRANCH_IF(M, 2, __VA_ARGS__)                             \
    }

#define VARIANT_TO_FLOAT(D, A, name, T, TO, ...)                 \
    HANDLER(name##_##D##_##A)                                    \
    {                                                            \
        const T a = (T)INT_##A(a, 0);                            \
        PUT_##TO##_##D(__VA_ARGS__);                             \
        NEXT(2);                                                 \
    }

#define VARIANT_FROM_FLOAT(D, A, name, T, number, fits, TO, ...) \
    HANDLER(name##_##D##_##A)                                    \
    {                                                            \
        const T a = T##_##A(a);                                  \
        if (UNLIKELY(!(number))) TRAP(INVALID_CONVERSION);       \
        if (UNLIKELY(!(fits))) TRAP(INTEGER_OVERFLOW);           \
        PUT_##D((uint64_t)(TO)(__VA_ARGS__));                    \
        NEXT(2);                                                 \
    }

#include "vm/handlers_control.h"
#include "vm/handlers_simple.h"

#define OPERATION(family, name, ...) EACH_VARIANT(VARIANT_##family, family, name, __VA_ARGS__)
#include "vm/operations.def"
