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

#define GO goto *pc->p
#define NEXT(words)           \
    do {                      \
        pc += (words);        \
        GO;                   \
    } while (0)
#define CONTINUE(name) goto shared_##name
#define TRAP(name) CONTINUE(trap_##name)
#define OUT_OF_GAS(charge)                       \
    do {                                         \
        inst->store->pending = (charge);         \
        CONTINUE(out_of_gas);                    \
    } while (0)
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

static const struct dispatch portable = {"portable", REGISTERS, FLOAT_REGISTERS, handlers, run};

const struct dispatch *dispatch_portable(void)
{
    return &portable;
}
