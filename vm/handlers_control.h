/* Handlers of branches through tables, calls and returns: see handlers.h. */

/* words: operation, index (a) and count, then count + 1 entries, the default last */
#define VARIANT_SWITCH(M, A, name, ...)                               \
    HANDLER(name##_##M##_##A)                                    \
    {                                                            \
        const uint32_t n = pc[1].offset, i = (uint32_t)INT_##A(a, 0); \
        const union word entry = pc[2 + (size_t)(i < n ? i : n)]; \
        pc += entry.jump;                                        \
        if (M) {                                                 \
            gas -= entry.charge;                                 \
            if (UNLIKELY(gas < 0)) OUT_OF_GAS(entry.charge);     \
        }                                                        \
        GO;                                                      \
    }

/* Registers that hold locals live through a call in the caller's frame, behind its header. The callee returns to
 * them without knowing how many were saved: it loads them all, and those that were not saved are not read. */
_Static_assert(REGISTERS - 1 <= SAVED_INTS && FLOAT_REGISTERS - 1 <= SAVED_FLOATS, "frames have no room");
#define SAVE_INT(i, K, F) if (K > i) fp[header + 1 + i] = r##i;
#define SAVE_FLOAT(i, K, F) if (F && i < FLOAT_REGISTERS - 1) fp[header + 1 + SAVED_INTS + i] = f64_to_bits(F64(f##i));
#define SAVE_REGISTERS(K, F) \
    do { EACH_REGISTER(SAVE_INT, K, F) EACH_FLOAT_REGISTER(SAVE_FLOAT, K, F) } while (0)
#define RESTORE_INT(i, _) if (i < REGISTERS - 1) r##i = fp[header + 1 + i];
#define RESTORE_FLOAT(i, _) if (i < FLOAT_REGISTERS - 1) SET_F64(f##i, bits_to_f64(fp[header + 1 + SAVED_INTS + i]));
#define RESTORE_REGISTERS() \
    do { EACH_REGISTER(RESTORE_INT, _) EACH_FLOAT_REGISTER(RESTORE_FLOAT, _) } while (0)

/* Leaves the frame; `value` statements put the results in place (return address and results may share slots, so
 * the address is read first). */
#define RETURN(M, value)                                         \
    const union word *const to = (const union word *)(uintptr_t)fp[pc[1].offset]; \
    const union word call = to[-1];                              \
    value                                                        \
    fp -= call.delta;                                            \
    const size_t header = call.header;                           \
    RESTORE_REGISTERS();                                         \
    pc = to;                                                     \
    if (M) {                                                     \
        gas -= call.after;                                       \
        if (UNLIKELY(gas < 0)) OUT_OF_GAS(call.after);           \
    }                                                            \
    GO;

#define VARIANT_RETURN_INT(M, A, name, ...)                           \
    HANDLER(name##_##M##_##A)                                    \
    {                                                            \
        const uint64_t v = (uint64_t)INT_##A(a, pc[2].u);        \
        RETURN(M, fp[0] = v; LAST_REGISTER = v;)                 \
    }

#define VARIANT_RETURN_FLOAT(M, A, name, ...)                         \
    HANDLER(name##_##M##_##A)                                    \
    {                                                            \
        const double v = double_##A(a);                          \
        RETURN(M, fp[0] = f64_to_bits(v); SET_F64(LAST_FLOAT, v);) \
    }

/* The last register takes the return address to the callee's ENTER, or the callee to call_func. */
#define VARIANT_CALL(F, K, name, ...) HANDLER(name##_##F##_##K) { DO_##name(K, F) }
#define DO_CALL(K, F)                                            \
    {                                                            \
        const size_t header = pc[2].header;                      \
        SAVE_REGISTERS(K, F);                                    \
        LAST_REGISTER = (uint64_t)(uintptr_t)(pc + 3);           \
        fp += pc[2].delta;                                       \
        pc = atomic_load_explicit(&pc[1].body->code, memory_order_acquire); \
        GO;                                                      \
    }
#define DO_CALL_IMPORT(K, F)                                     \
    {                                                            \
        const size_t header = pc[2].header;                      \
        SAVE_REGISTERS(K, F);                                    \
        LAST_REGISTER = (uint64_t)(uintptr_t)inst->funcs[pc[1].offset]; \
        pc += 2;                                                 \
        CONTINUE(call_func);                                     \
    }

/* words: operation, index (a) and table, type, call */
#define VARIANT_CALL_INDEX(F, K, A, name, ...)                        \
    HANDLER(name##_##F##_##K##_##A)                              \
    {                                                            \
        const struct table *const table = inst->tables[pc[1].offset]; \
        const uint32_t i = (uint32_t)INT_##A(a, 0);              \
        if (UNLIKELY(i >= table->size)) TRAP(UNDEFINED_ELEMENT); \
        const struct func *const f = (const struct func *)(uintptr_t)table->elements[i]; \
        if (UNLIKELY(!f)) TRAP(UNINITIALIZED_ELEMENT);           \
        if (UNLIKELY(f->type_id != inst->type_ids[pc[2].u])) TRAP(INDIRECT_CALL_TYPE); \
        const size_t header = pc[3].header;                      \
        SAVE_REGISTERS(K, F);                                    \
        LAST_REGISTER = (uint64_t)(uintptr_t)f;                  \
        pc += 3;                                                 \
        CONTINUE(call_func);                                     \
    }

/* words: operation, locals to zero (d to a) and size of the frame, slots of ints, slots of floats, charge */
#define LOAD_INT(i, K, F) if (K > i) r##i = fp[i < 4 ? pc[2].s[i & 3] : pc[3].s[3]];
#define LOAD_FLOAT(i, K, F) if (F && i < FLOAT_REGISTERS - 1) SET_F64(f##i, bits_to_f64(fp[pc[3].s[i]]));
#define VARIANT_ENTER(M, F, K, name, ...)                             \
    HANDLER(name##_##M##_##F##_##K)                              \
    {                                                            \
        if (UNLIKELY(inst->stack_end - fp < (ptrdiff_t)pc[1].offset)) { \
            inst->store->trap = TRAP_CALL_STACK_EXHAUSTED;       \
            CONTINUE(entry_trap);                                \
        }                                                        \
        fp[pc[1].a] = LAST_REGISTER;                             \
        for (size_t i = pc[1].d; i < pc[1].a; i++) fp[i] = 0;    \
        EACH_REGISTER(LOAD_INT, K, F)                            \
        EACH_FLOAT_REGISTER(LOAD_FLOAT, K, F)                    \
        if (M) {                                                 \
            gas -= pc[4].i;                                      \
            pc += 5;                                             \
            if (UNLIKELY(gas < 0)) OUT_OF_GAS(pc[-1].u);         \
            GO;                                                  \
        }                                                        \
        NEXT(5);                                                 \
    }
