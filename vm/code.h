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

#include "vm/families.h"

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
#define OPERATION(family, name, ...) OPERATION_##name,
#include "vm/operations.def"
    OPERATION_COUNT
};

extern const uint8_t operation_family[OPERATION_COUNT]; /* enum family */

/* The number of the first variant of each operation, for a dispatcher with so many registers. */
void operation_first_variants(unsigned ints, unsigned floats, uint32_t first[OPERATION_COUNT]);

/* For each family: how many variants an operation has for one place of its first digit, which is the result's. */
void family_strides(unsigned ints, unsigned floats, uint32_t stride[FAMILY_COUNT]);

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
