/* The portable dispatcher: one function, a label for each handler, computed gotos (GNU C). Fewer registers than the
 * fast one, since compilers would keep more of them in memory anyway. */
#include "vm/body_stub.h"
#include "vm/numeric.h"
#include "vm/runtime.h"

#pragma GCC diagnostic ignored "-Wpedantic"
#pragma GCC diagnostic ignored "-Wunused-label"
#pragma GCC diagnostic ignored "-Wfloat-equal"

#define REGISTERS 1
#define FLOAT_REGISTERS 1
#define LAST_REGISTER r0
#define LAST_FLOAT f0

/* A spill writes all 64 bits of the register: an f32 must be in their low half, on every host. */
typedef union {
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    float lanes[2];
#define F32(v) ((v).lanes[1])
#else
    float lanes[1];
#define F32(v) ((v).lanes[0])
#endif
    double f64;
} float_register;
#define F64(v) ((v).f64)
#define SET_F32(v, x) (F32(v) = (x))
#define SET_F64(v, x) ((v).f64 = (x))

#define NEXT(words)           \
    do {                      \
        pc += (words);        \
        GO;                   \
    } while (0)
#define TRAP(name) CONTINUE(trap_##name)
#define OUT_OF_GAS(charge)                       \
    do {                                         \
        inst->store->pending = (charge);         \
        CONTINUE(out_of_gas);                    \
    } while (0)

#ifndef NVM_PORTABLE_CALLS

#define GO goto *pc->p
#define CONTINUE(name) goto shared_##name
#define STOP return NULL
#define HANDLER(name) handle_##name:
#define SHARED(name) shared_##name:
#define ADDRESS(name) &&handle_##name

#include "vm/places.h"

/* Without a store: returns the table of handlers, which only this function can name. */
static const void *const *interpret(struct store *from, const union word *pc, slot *fp)
{
#include "vm/tables.h"
    if (!from) return all_handlers;
    struct instance *inst = from->instance;
    uint8_t *mem = inst->memory->data;
    uint64_t msz = inst->memory->size;
    int64_t gas = from->gas;
    uint64_t r0 = (uint64_t)(uintptr_t)&from->stub[STUB_EXIT];
    float_register f0 = {.f64 = 0};
    GO;
#include "vm/handlers.h"
}

static void run(struct store *s, const union word *code, slot *fp)
{
    interpret(s, code, fp);
}

static const void *const *handlers(void)
{
    return interpret(NULL, NULL, NULL);
}

#else

/* The same handlers as functions that a loop calls. Without optimisation, as for sanitizers, the locals of all handlers
 * would be in the one function's frame, 225 KB, and calls inside calls would not fit on the C stack. */
struct machine {
    const union word *pc;          /* null: stopped */
    slot *fp;
    uint8_t *mem;
    uint64_t msz;
    int64_t gas;
    struct instance *inst;
    uint64_t r0;
    float_register f0;
};
#define STATE                                                                                       \
    const union word *pc, slot *fp, uint8_t *mem, uint64_t msz, int64_t gas, struct instance *inst, \
        uint64_t r0, float_register f0
#define STATE_NOW pc, fp, mem, msz, gas, inst, r0, f0
typedef struct machine (*handler)(STATE);

#pragma GCC diagnostic ignored "-Wunused-parameter"
#define GO return (struct machine){STATE_NOW}
#define CONTINUE(name) return shared_##name(STATE_NOW)
#define STOP return (struct machine){0}
#define HANDLER(name) static struct machine handle_##name(STATE)
#define SHARED(name) static __attribute__((noinline, unused)) struct machine shared_##name(STATE)
#define ADDRESS(name) (const void *)handle_##name

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
#include "vm/tables.h"

static void run(struct store *s, const union word *code, slot *fp)
{
    struct instance *i = s->instance;
    struct machine m = {code, fp, i->memory->data, i->memory->size, s->gas, i, (uint64_t)(uintptr_t)&s->stub[STUB_EXIT],
                        {.f64 = 0}};
    while (m.pc) m = ((handler)(uintptr_t)m.pc->p)(m.pc, m.fp, m.mem, m.msz, m.gas, m.inst, m.r0, m.f0);
}

static const void *const *handlers(void)
{
    return all_handlers;
}

#endif

static const struct dispatch portable = {"portable", REGISTERS, FLOAT_REGISTERS, handlers, run};

const struct dispatch *dispatch_portable(void)
{
    return &portable;
}
