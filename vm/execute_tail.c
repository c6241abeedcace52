/* The fast dispatcher: each handler is a function that ends in a tail call to the next, with the machine state in
 * the processor's registers. Needs clang 19 or later. */
#include "vm/runtime.h"

#if defined(__clang__) && defined(__has_attribute)
#if __clang_major__ >= 19 && __has_attribute(musttail) && __has_attribute(preserve_none) && \
    (defined(__x86_64__) || defined(__aarch64__)) && !defined(NVM_NO_TAIL)
#define HAVE_TAIL 1
#endif
#endif

#ifdef HAVE_TAIL
#include "vm/body_stub.h"
#include "vm/numeric.h"

#pragma clang diagnostic ignored "-Wunused-parameter"
#pragma clang diagnostic ignored "-Wfloat-equal"

#define REGISTERS 4
#define FLOAT_REGISTERS 3
#define LAST_REGISTER r3
#define LAST_FLOAT f2

/* A vector register: an f32 or f64 in its first lanes; what else is in it does not matter. */
typedef float f32x4 __attribute__((vector_size(16)));
typedef double f64x2 __attribute__((vector_size(16)));
#define F32(v) ((v)[0])
#define F64(v) (((f64x2)(v))[0])
#define SET_F32(v, x) ((v)[0] = (x))
#define SET_F64(v, x)                   \
    do {                                \
        f64x2 v_ = (f64x2)(v);          \
        v_[0] = (x);                    \
        (v) = (f32x4)v_;                \
    } while (0)

#define STATE                                                                                             \
    const union word *pc, slot *fp, uint8_t *mem, uint64_t msz, int64_t gas, struct instance *inst,       \
        uint64_t r0, uint64_t r1, uint64_t r2, uint64_t r3, f32x4 f0, f32x4 f1, f32x4 f2
#define STATE_NOW pc, fp, mem, msz, gas, inst, r0, r1, r2, r3, f0, f1, f2
#define CONVENTION __attribute__((preserve_none))
typedef CONVENTION void (*handler)(STATE);

#define TAIL __attribute__((musttail)) return
#define GO TAIL((handler)(uintptr_t)pc->p)(STATE_NOW)
#define NEXT(words)           \
    do {                      \
        pc += (words);        \
        GO;                   \
    } while (0)
#define CONTINUE(name) TAIL shared_##name(STATE_NOW)
#define TRAP(name) CONTINUE(trap_##name)
#define OUT_OF_GAS(charge)                       \
    do {                                         \
        inst->store->pending = (charge);         \
        CONTINUE(out_of_gas);                    \
    } while (0)
#define STOP return
#define HANDLER(name) static CONVENTION void handle_##name(STATE)
#define SHARED(name) static CONVENTION __attribute__((noinline, unused)) void shared_##name(STATE)

SHARED(call_func);
SHARED(out_of_gas);
SHARED(out_of_gas_exact);
SHARED(entry_trap);
SHARED(stop);
#define X(name, text) SHARED(trap_##name);
#include "vm/traps.def"
#undef X

#include "vm/places.h"
#include "vm/handlers.h"
#define ADDRESS(name) (const void *)handle_##name
#include "vm/tables.h"

static void run(struct store *s, const union word *code, slot *fp)
{
    struct instance *inst = s->instance;
    const f32x4 zero = {0};
    ((handler)(uintptr_t)code->p)(code, fp, inst->memory->data, inst->memory->size, s->gas, inst, 0, 0, 0,
                                  (uint64_t)(uintptr_t)&s->stub[STUB_EXIT], zero, zero, zero);
}

static const void *const *handlers(void)
{
    return all_handlers;
}

static const struct dispatch tail = {"tail", REGISTERS, FLOAT_REGISTERS, handlers, run};

const struct dispatch *dispatch_tail(void)
{
    return &tail;
}
#else
const struct dispatch *dispatch_tail(void)
{
    return NULL;
}
#endif
