/* The state of a validation, and its layers: stack below control and instructions below validate.c, the pass over a
 * body. The functions follow the algorithm of the specification's appendix 7.3. Internal to vm/validate*.c. */
#ifndef VM_VALIDATOR_H
#define VM_VALIDATOR_H

#include "vm/opcodes.h"
#include "vm/validate.h"

enum { ANY = 0 }; /* the type of what is popped from an empty stack behind an unconditional branch */

struct control {
    uint8_t opcode;                /* OPCODE_BLOCK, _LOOP, _IF, _ELSE; 0 for the function itself */
    bool unreachable;              /* from here on */
    bool dead;                     /* as a whole: it begins where code is unreachable */
    uint32_t height;               /* of the operand stack at entry, without the parameters */
    struct functype type;
    uint32_t weight;               /* of uses inside, for choosing hot locals */
    uint32_t checked;              /* the last br_table that found this label's types right */
};

struct validator {
    struct module *m;
    struct reader r;
    uint8_t *locals;
    uint32_t local_count;
    uint32_t *uses;                /* of each local, weighted by loop depth; zero between functions */
    uint32_t *used, used_count;    /* the locals that have uses */
    uint8_t *stack;
    uint32_t height, capacity, max_height; /* max_height: in code that is reached */
    struct control *control;       /* control[depth - 1] is the innermost */
    uint32_t depth, control_capacity;
    uint32_t weight;
    uint32_t br_tables, blocks, charges, indirect_calls;
    const uint8_t *at;             /* the instruction */
};

/* A type list of one, for block types that are a single value type; 0 at what is no value type. */
extern const uint8_t one_type[128];

#define FAIL(code, ...) reader_fail(&v->r, VM_ERROR_##code, v->at, __VA_ARGS__)

/* ---- validate_stack.c: false means that the failure was reported ---- */

bool no_memory(struct validator *v);
bool grow_stack(struct validator *v);
bool pop_failed(struct validator *v, uint8_t expected, bool empty);
bool pop_list(struct validator *v, const uint8_t *types, uint32_t n);
bool push_list(struct validator *v, const uint8_t *types, uint32_t n);
void set_unreachable(struct validator *v);

static inline struct control *top(struct validator *v)
{
    return &v->control[v->depth - 1];
}

/* What is never executed needs no room in the frame. */
static inline void note_height(struct validator *v)
{
    if (v->height > v->max_height && !top(v)->unreachable && !top(v)->dead) v->max_height = v->height;
}

static inline bool push(struct validator *v, uint8_t type)
{
    if (v->height == v->capacity && !grow_stack(v)) return false;
    v->stack[v->height++] = type;
    note_height(v);
    return true;
}

/* Pops a value of the type (or any); *type gets what was there. */
static inline bool pop_into(struct validator *v, uint8_t expected, uint8_t *type)
{
    const struct control *c = top(v);
    if (v->height == c->height) {
        *type = expected;
        return c->unreachable ? true : pop_failed(v, expected, true);
    }
    *type = v->stack[v->height - 1];
    if (*type != expected && expected != ANY && *type != ANY) return pop_failed(v, expected, false);
    v->height--;
    return true;
}

static inline bool pop(struct validator *v, uint8_t expected)
{
    uint8_t type;
    return pop_into(v, expected, &type);
}

/* ---- validate_control.c: blocks, branches, calls ---- */

bool do_block(struct validator *v, uint8_t opcode);
bool do_else(struct validator *v);
bool do_end(struct validator *v);
bool do_br(struct validator *v, bool conditional);
bool do_br_table(struct validator *v);
bool do_return(struct validator *v);
bool do_call(struct validator *v);
bool do_call_indirect(struct validator *v);
bool read_table(struct validator *v, uint32_t *table); /* an index that must exist */

/* ---- validate_memory.c: memories, tables, segments ---- */

bool need_memory(struct validator *v);
bool read_zero(struct validator *v);
bool do_bulk(struct validator *v, uint32_t opcode);
bool do_table_access(struct validator *v, uint32_t opcode);

/* ---- validate_instruction.c: reads one instruction and checks it ---- */

bool do_instruction(struct validator *v);

#endif
