/* Handlers of operations with one form, and those that others share (SHARED): see handlers.h.
 * The operands of SIMPLE operations are in home slots from pc[1].d on; their result replaces the first. */
#define VARIANT_SIMPLE(name, ...) HANDLER(name) { DO_##name }

#define RELOAD_MEMORY() (mem = inst->memory->data, msz = inst->memory->size)
/* Leaves the state where C code finds it; gas may change there. */
#define SYNC_OUT() (inst->store->gas = gas, inst->store->pc = pc, inst->store->fp = fp)
#define SYNC_IN() (gas = inst->store->gas)
#define TRAP_IF(call)                                            \
    do {                                                         \
        const enum trap trap_ = (call);                          \
        if (UNLIKELY(trap_ != TRAP_NONE)) {                      \
            inst->store->trap = trap_;                           \
            CONTINUE(stop);                                      \
        }                                                        \
    } while (0)
/* What a linear operation over n pages, bytes or elements costs. */
#define CHARGE_LINEAR(n)                                         \
    do {                                                         \
        SYNC_OUT();                                              \
        const bool paid_ = bulk_charge(inst, (uint32_t)(n));     \
        SYNC_IN();                                               \
        if (UNLIKELY(!paid_)) TRAP(OUT_OF_GAS);                  \
    } while (0)

#define DO_RETURN_VOID { RETURN(0, ) }
#define DO_RETURN_VOID_METERED { RETURN(1, ) }
#define RETURN_VALUES memmove(fp, fp + pc[1].a, pc[2].u * sizeof *fp);
#define DO_RETURN_MANY { RETURN(0, RETURN_VALUES) }
#define DO_RETURN_MANY_METERED { RETURN(1, RETURN_VALUES) }
#define DO_MOVE { memmove(fp + pc[1].d, fp + pc[1].a, pc[2].u * sizeof *fp); NEXT(3); }
#define DO_JUMP { pc += pc[1].target; GO; }
#define DO_JUMP_METERED                                          \
    {                                                            \
        const uint32_t taken = pc[2].taken;                      \
        gas -= taken;                                            \
        pc += pc[1].target;                                      \
        if (UNLIKELY(gas < 0)) OUT_OF_GAS(taken);                \
        GO;                                                      \
    }
#define DO_CHARGE                                                \
    {                                                            \
        gas -= pc[1].i;                                          \
        pc += 2;                                                 \
        if (UNLIKELY(gas < 0)) OUT_OF_GAS(pc[-1].u);             \
        GO;                                                      \
    }
#define DO_CHARGE_EXACT                                          \
    {                                                            \
        gas -= pc[1].i;                                          \
        pc += 2;                                                 \
        if (UNLIKELY(gas < 0)) {                                 \
            inst->store->pending = pc[-1].u;                     \
            CONTINUE(out_of_gas_exact);                          \
        }                                                        \
        GO;                                                      \
    }
/* What entering the function takes besides its price. */
#define DO_WORK                                                  \
    {                                                            \
        if (UNLIKELY(!store_work(inst->store, pc[1].u))) {       \
            inst->store->trap = TRAP_INTERRUPTED;                \
            CONTINUE(entry_trap);                                \
        }                                                        \
        NEXT(2);                                                 \
    }
#define DO_STACK_ENTER                                           \
    {                                                            \
        struct store *const s = inst->store;                     \
        if (UNLIKELY(s->stack_left < pc[1].u)) {                 \
            s->trap = TRAP_CALL_STACK_EXHAUSTED;                 \
            CONTINUE(entry_trap);                                \
        }                                                        \
        s->stack_left -= pc[1].u;                                \
        NEXT(2);                                                 \
    }
#define DO_STACK_LEAVE { inst->store->stack_left += pc[1].u; NEXT(2); }
/* Tells the observer; the next word has the function. */
#define DO_TRACE_ENTER                                           \
    {                                                            \
        SYNC_OUT();                                              \
        execute_observe(inst->store, pc[1].offset, true);        \
        NEXT(2);                                                 \
    }
#define DO_TRACE_LEAVE                                           \
    {                                                            \
        SYNC_OUT();                                              \
        execute_observe(inst->store, 0, false);                  \
        NEXT(1);                                                 \
    }
#define DO_UNREACHABLE TRAP(UNREACHABLE);

/* The first call of a function arrives here; the word stands in its struct body. */
#define DO_TRANSLATE                                             \
    {                                                            \
        struct body *const body = body_of_stub(pc);              \
        pc = execute_translate(inst, body, true);                \
        if (UNLIKELY(!pc)) CONTINUE(entry_trap);                 \
        GO;                                                      \
    }
#define DO_EXIT { inst->store->trap = TRAP_NONE; CONTINUE(stop); }
#define DO_FOREIGN_RETURN                                        \
    {                                                            \
        struct store *const s = inst->store;                     \
        const struct foreign_frame *const f = &s->foreign[--s->foreign_count]; \
        inst = f->instance;                                      \
        fp = f->fp;                                              \
        pc = f->pc;                                              \
        RELOAD_MEMORY();                                         \
        const uint32_t after = pc[-1].after;                     \
        const size_t header = pc[-1].header;                     \
        RESTORE_REGISTERS();                                     \
        gas -= after;                                            \
        if (UNLIKELY(gas < 0)) OUT_OF_GAS(after);                \
        GO;                                                      \
    }

/* The registers, in the store while a run is suspended. */
#define KEEP_INT(i, _) inst->store->suspended.ints[i] = r##i;
#define KEEP_FLOAT(i, _) inst->store->suspended.floats[i] = f64_to_bits(F64(f##i));
#define TAKE_INT(i, _) r##i = inst->store->suspended.ints[i];
#define TAKE_FLOAT(i, _) SET_F64(f##i, bits_to_f64(inst->store->suspended.floats[i]));
#define DO_SUSPEND                                               \
    {                                                            \
        EACH_REGISTER(KEEP_INT, _)                               \
        EACH_FLOAT_REGISTER(KEEP_FLOAT, _)                       \
        pc = inst->store->suspended.pc;                          \
        TRAP(SUSPENDED);                                         \
    }
#define DO_RESUME                                                \
    {                                                            \
        EACH_REGISTER(TAKE_INT, _)                               \
        EACH_FLOAT_REGISTER(TAKE_FLOAT, _)                       \
        pc = inst->store->suspended.from;                        \
        GO;                                                      \
    }

#define DO_MEMORY_GROW                                           \
    {                                                            \
        slot *const v = fp + pc[1].d;                            \
        CHARGE_LINEAR(v[0]);                                     \
        v[0] = bulk_memory_grow(inst, (uint32_t)v[0]);           \
        RELOAD_MEMORY();                                         \
        NEXT(2);                                                 \
    }
#define DO_MEMORY_INIT                                           \
    {                                                            \
        CHARGE_LINEAR(fp[pc[1].d + 2]);                          \
        TRAP_IF(bulk_memory_init(inst, fp + pc[1].d, pc[1].offset)); \
        NEXT(2);                                                 \
    }
#define DO_MEMORY_COPY                                           \
    {                                                            \
        CHARGE_LINEAR(fp[pc[1].d + 2]);                          \
        TRAP_IF(bulk_memory_copy(inst, fp + pc[1].d));           \
        NEXT(2);                                                 \
    }
#define DO_MEMORY_FILL                                           \
    {                                                            \
        CHARGE_LINEAR(fp[pc[1].d + 2]);                          \
        TRAP_IF(bulk_memory_fill(inst, fp + pc[1].d));           \
        NEXT(2);                                                 \
    }
#define DO_DATA_DROP { inst->data_dropped[pc[1].offset] = true; NEXT(2); }
#define DO_ELEM_DROP { inst->element_dropped[pc[1].offset] = true; NEXT(2); }
#define DO_TABLE_GET { TRAP_IF(bulk_table_get(inst, fp + pc[1].d, pc[1].offset)); NEXT(2); }
#define DO_TABLE_SET { TRAP_IF(bulk_table_set(inst, fp + pc[1].d, pc[1].offset)); NEXT(2); }
#define DO_TABLE_SIZE { fp[pc[1].d] = inst->tables[pc[1].offset]->size; NEXT(2); }
#define DO_TABLE_GROW                                            \
    {                                                            \
        slot *const v = fp + pc[1].d;                            \
        CHARGE_LINEAR(v[1]);                                     \
        TRAP_IF(bulk_table_grow(inst, v, pc[1].offset));         \
        NEXT(2);                                                 \
    }
#define DO_TABLE_FILL                                            \
    {                                                            \
        CHARGE_LINEAR(fp[pc[1].d + 2]);                          \
        TRAP_IF(bulk_table_fill(inst, fp + pc[1].d, pc[1].offset)); \
        NEXT(2);                                                 \
    }
#define DO_TABLE_COPY                                            \
    {                                                            \
        CHARGE_LINEAR(fp[pc[1].d + 2]);                          \
        TRAP_IF(bulk_table_copy(inst, fp + pc[1].d, pc[1].offset, (uint32_t)pc[2].u)); \
        NEXT(3);                                                 \
    }
#define DO_TABLE_INIT                                            \
    {                                                            \
        CHARGE_LINEAR(fp[pc[1].d + 2]);                          \
        TRAP_IF(bulk_table_init(inst, fp + pc[1].d, pc[1].offset, (uint32_t)pc[2].u)); \
        NEXT(3);                                                 \
    }
#define DO_REF_FUNC { fp[pc[1].d] = (uint64_t)(uintptr_t)inst->funcs[pc[1].offset]; NEXT(2); }

/* Calls the function in the last register; pc is at the call's last word. */
SHARED(call_func)
{
    struct func *const f = (struct func *)(uintptr_t)LAST_REGISTER;
    if (f->body && f->instance == inst) {
        LAST_REGISTER = (uint64_t)(uintptr_t)(pc + 1);
        fp += pc[0].delta;
        pc = atomic_load_explicit(&f->body->code, memory_order_acquire);
        GO;
    }
    if (f->body) {
        if (UNLIKELY(!foreign_push(inst->store, inst, pc + 1, fp))) TRAP(NO_MEMORY);
        LAST_REGISTER = (uint64_t)(uintptr_t)&inst->store->stub[STUB_FOREIGN];
        fp += pc[0].delta;
        inst = f->instance;
        RELOAD_MEMORY();
        pc = atomic_load_explicit(&f->body->code, memory_order_acquire);
        GO;
    }
    SYNC_OUT();
    const enum trap result = execute_host(inst->store, inst, f, fp + pc[0].delta);
    SYNC_IN();
    TRAP_IF(result);
    RELOAD_MEMORY();
    LAST_REGISTER = fp[pc[0].delta];
    SET_F64(LAST_FLOAT, bits_to_f64(fp[pc[0].delta]));
    gas -= pc[0].after;
    pc += 1;
    if (UNLIKELY(gas < 0)) OUT_OF_GAS(pc[-1].after);
    GO;
}

/* The charge in store->pending made the gas negative; pc is where its stretch starts. */
SHARED(out_of_gas)
{
    SYNC_OUT();
    const union word *const to = execute_gas(inst->store, inst, pc, false);
    SYNC_IN();
    if (!to) CONTINUE(stop);
    pc = to;
    GO;
}
SHARED(out_of_gas_exact)
{
    SYNC_OUT();
    const union word *const to = execute_gas(inst->store, inst, pc, true);
    SYNC_IN();
    if (!to) {
        pc -= 1; /* it stopped at the charge, not at what comes behind it */
        CONTINUE(stop);
    }
    pc = to;
    GO;
}

/* A trap before the callee has a frame: it belongs to the call. */
SHARED(entry_trap)
{
    const union word *const to = (const union word *)(uintptr_t)LAST_REGISTER;
    fp -= to[-1].delta;
    pc = to - 1;
    CONTINUE(stop);
}

#define X(name, text) \
    SHARED(trap_##name) { inst->store->trap = TRAP_##name; CONTINUE(stop); }
#include "vm/traps.def"
#undef X

/* Leaves the dispatcher, with the trap (or none) in the store. */
SHARED(stop)
{
    SYNC_OUT();
    inst->store->instance = inst;
    STOP;
}
