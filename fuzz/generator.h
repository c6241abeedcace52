/* What the parts of the generator share: generate.c makes the module, generate_code.c instructions and blocks,
 * generate_value.c values and their ends. */
#ifndef FUZZ_GENERATOR_H
#define FUZZ_GENERATOR_H

#include "base/leb128.h"
#include "fuzz/choices.h"
#include "fuzz/generate.h"

enum { I32 = 0x7f, I64 = 0x7e, F32 = 0x7d, F64 = 0x7c, FUNCREF = 0x70, EXTERNREF = 0x6f };
enum {
    MAX_SIGNATURES = 24, MAX_ARITY = 14, MAX_FUNCTIONS = 40, MAX_GLOBALS = 20, MAX_STACK = 600, MAX_LABELS = 70,
    MAX_LOCALS = 50000, TABLE_ELEMENTS = 16, COUNTERS = 6, FIRST_FREE_GLOBAL = 1, DATA_SEGMENTS = 3,
    MAX_LOOPS = 3,        /* nested without a budget check */
};

struct signature {
    uint8_t params, results;
    uint8_t type[2 * MAX_ARITY]; /* parameters, then results */
};

struct label {
    uint8_t count;               /* what a branch to it takes */
    uint8_t type[MAX_ARITY];
    int base;                    /* height of the operand stack below the block's own values */
    bool dead;                   /* the code here cannot be reached: the stack below is polymorphic */
    bool no_branch;              /* a loop that only its own last instruction may repeat */
};

struct generator {
    struct choices c;
    struct generate_options o;
    struct buffer *b;            /* where code goes */

    struct signature signature[MAX_SIGNATURES];
    uint32_t signatures;
    uint32_t function[MAX_FUNCTIONS]; /* signature of each, imports first */
    uint32_t functions, imports;
    struct {
        uint8_t type;
        bool is_mutable;
    } global[MAX_GLOBALS];
    uint32_t globals;
    uint32_t element[TABLE_ELEMENTS]; /* what table 0 holds at first */

    /* the function being made */
    uint8_t *local;              /* types */
    uint32_t locals;             /* those that code may set; after them come COUNTERS of type i32 */
    uint32_t hot[4];             /* locals that are used often */
    uint8_t stack[MAX_STACK + 64];
    int height;
    struct label label[MAX_LABELS];
    int labels;
    int loops;                   /* nested loops without a budget check */
    int counters;                /* counters that the loops around have taken: an inner loop must not reuse one */
    int left;                    /* instructions still to be made */
    int appetite;                /* percent of steps that only push */
};

/* generate_value.c */
bool is_reference(uint8_t type);
uint8_t choose_type(struct generator *g);
void put(struct generator *g, uint8_t byte);
void put_u(struct generator *g, uint64_t v);
void put_s(struct generator *g, int64_t v);
void put_const(struct generator *g, uint8_t type);         /* an interesting constant */
void put_i32(struct generator *g, int32_t v);
void push_type(struct generator *g, uint8_t type);          /* notes what an instruction pushed */
void push_value(struct generator *g, uint8_t type, int depth);
void push_address(struct generator *g);                     /* an i32 that is mostly inside the first page */
void need(struct generator *g, const uint8_t *types, int n);/* sees that the operands are on the stack, then pops them */
void discard(struct generator *g);                          /* takes one value off the stack in some way */
void settle(struct generator *g, const uint8_t *types, int n); /* leaves exactly these above the block's base */
bool find_local(struct generator *g, uint8_t type, bool settable, uint32_t *index);
bool find_global(struct generator *g, uint8_t type, bool settable, uint32_t *index);
void canonicalise(struct generator *g, uint8_t type);       /* a float on top of the stack: any NaN becomes nan */
void numeric(struct generator *g, uint8_t wanted, int depth); /* an operation; wanted: its result, or 0 */

/* generate_code.c */
void generate_body(struct generator *g, const struct signature *s, int instructions);
void budget_check(struct generator *g);

static inline struct label *innermost(struct generator *g)
{
    return &g->label[g->labels - 1];
}

#endif
