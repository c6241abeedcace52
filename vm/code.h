/* Translated code: words, operations, and what a dispatcher offers. Internal to vm/.
 *
 * A function's code is a run of 64-bit words. An operation starts with the address of its handler; operands follow.
 * Operands are *places*: a machine register of the dispatcher (r0…, f0…), a slot of the frame, or an immediate.
 * There is one handler for each combination of places, generated from operations.def.
 *
 * A frame, in slots:
 *     0 … locals-1           parameters, then the other locals
 *     locals                 return address ("header")
 *     locals+1 …             where calls save the registers that hold locals
 *     …                      operand n of the stack has its home slot here
 * A call passes arguments in the home slots at the top of the caller's stack, where the callee's frame starts;
 * results come back in the same slots (a single one in the last register, too). */
#ifndef VM_CODE_H
#define VM_CODE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct body;

union word {
    uint64_t u;
    int64_t i;
    const void *p;
    struct body *body;
    struct {
        uint16_t d, a;             /* destination and first operand: slots */
        union {
            struct {
                uint16_t b, c;     /* further operands: slots */
            };
            int32_t imm;           /* or an immediate, or a number of something */
            uint32_t offset;       /* or the offset of a memory operation */
        };
    };
    struct {
        uint16_t x, y;             /* operands of a branch: slots */
        int32_t target;            /* in words, from the start of the operation */
    };
    struct {
        uint32_t taken, fall;      /* what a branch charges either way */
    };
    struct {
        uint32_t charge;           /* an entry of a br_table */
        int32_t jump;
    };
    uint16_t s[4];                 /* slots of locals to load */
    struct {
        uint16_t delta, header;    /* of a call: where the callee's frame starts; the caller's header */
        uint32_t after;            /* charge of what follows the call */
    };
};
_Static_assert(sizeof(union word) == 8, "code is made of 64-bit words");

enum operation {
#define FAMILY(family, name) OPERATION_##name,
#include "vm/operation_names.h"
#undef FAMILY
    OPERATION_COUNT
};

/* Handlers of one operation differ in the places of their operands; the families say how they are numbered:
 * R is the number of integer registers, F of float registers; a place is 0…R-1 (0…F-1): a register; R (F): a slot;
 * R+1: an immediate (or, as an address, nothing: the offset is the whole address). */
enum family {
    FAMILY_BINARY,       /* [d: R+1][a: R+1][b: R+2] */
    FAMILY_DIVIDE,       /* [d: R+1][b: slot, immediate]; a is a slot */
    FAMILY_UNARY,        /* [d: R+1][a: R+1] */
    FAMILY_BRANCH,       /* [metered: 2][a: R+1][b: R+2] */
    FAMILY_LOAD,         /* [d: R+1][a: R+2] */
    FAMILY_STORE,        /* [a: R+2][value: R+2] */
    FAMILY_SELECT,       /* [d: R+1][a: R+1][b: R+2][condition: last register, slot] */
    FAMILY_GET,          /* [d: R+1] */
    FAMILY_PUT,          /* [a: R+2] */
    FAMILY_FBINARY,      /* [d: F+1][a: F+1][b: F+1] */
    FAMILY_FUNARY,       /* [d: F+1][a: F+1] */
    FAMILY_FCOMPARE,     /* [d: R+1][a: F+1][b: F+1] */
    FAMILY_FBRANCH,      /* [metered: 2][a: F+1][b: F+1] */
    FAMILY_FLOAD,        /* [d: F+1][a: R+2] */
    FAMILY_FSTORE,       /* [a: R+2][value: F+1] */
    FAMILY_FSELECT,      /* [d: F+1][a: F+1][b: F+1][condition: last register, slot] */
    FAMILY_FGET,         /* [d: F+1] */
    FAMILY_FPUT,         /* [a: F+1] */
    FAMILY_TO_FLOAT,     /* [d: F+1][a: R+1] */
    FAMILY_FROM_FLOAT,   /* [d: R+1][a: F+1] */
    FAMILY_SWITCH,       /* [metered: 2][a: R+1] */
    FAMILY_RETURN_INT,   /* [metered: 2][a: R+2] */
    FAMILY_RETURN_FLOAT, /* [metered: 2][a: F+1] */
    FAMILY_CALL,         /* [float registers saved: 2][integer registers saved: R] */
    FAMILY_CALL_INDEX,   /* [float registers saved: 2][integer registers saved: R][index: R+1] */
    FAMILY_ENTER,        /* [metered: 2][float registers loaded: 2][integer registers loaded: R] */
    FAMILY_SIMPLE,       /* one handler; operands in the home slots at the top of the stack */
};
extern const uint8_t operation_family[OPERATION_COUNT];

/* The number of the first variant of each operation, for a dispatcher with so many registers. */
void operation_first_variants(unsigned ints, unsigned floats, uint32_t first[OPERATION_COUNT]);

struct execution;
/* How many registers a call saves at most. Frames are laid out for this many with every dispatcher, so that a recursion
 * uses up the stack at the same depth with each. */
enum { SAVED_INTS = 3, SAVED_FLOATS = 2 };
/* Return address and saved registers. */
enum { FRAME_HEADER_SLOTS = 1 + SAVED_INTS + SAVED_FLOATS };

struct store;

struct dispatch {
    const char *name;
    unsigned ints, floats;             /* how many registers: R and F */
    const void *const *(*handlers)(void); /* all variants of all operations, in the order of operations.def */
    /* Runs from `code` with the frame at `fp` until the operation EXIT or a trap; the result is in the store. */
    void (*run)(struct store *s, const union word *code, uint64_t *fp);
};
/* null: not built in */
const struct dispatch *dispatch_tail(void);
const struct dispatch *dispatch_portable(void);

/* Memory for code, in large pieces; only ever grows. */
struct code_block;
struct code_arena {
    struct code_block *head;
    size_t used;
};
union word *code_alloc(struct code_arena *a, size_t words);
void code_arena_free(struct code_arena *a);

#endif
