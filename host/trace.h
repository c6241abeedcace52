/* Where the gas of a call went: a tree of calls. Its nodes' own gas adds up to the burnt gas, to the unit.
 *
 * Ask for it with contract_options.traced and call_options.trace. Calls of one function by one caller are one node; a
 * host function's children are the costs and actions that it paid for. */
#ifndef HOST_TRACE_H
#define HOST_TRACE_H

#include "host/gas_counter.h"

enum trace_kind {
    TRACE_ROOT,                    /* the call; node 0. Own gas: what no function paid, if anything */
    TRACE_LOADING,                 /* of the contract's code */
    TRACE_FUNCTION,                /* index: in the module */
    TRACE_HOST,                    /* index: of import_at (context.h) */
    TRACE_EXT_COST,                /* index: enum ext_cost */
    TRACE_ACTION_COST,             /* index: enum action_cost */
};

enum { TRACE_NONE = UINT32_MAX };

struct trace_node {
    uint8_t kind;                  /* enum trace_kind */
    uint32_t index;
    uint64_t own_gas;
    uint64_t calls;
    uint32_t parent, first_child, next_sibling; /* TRACE_NONE: there is none */
};

/* Zero-initialise; trace_free releases it. */
struct call_trace {
    struct trace_node *nodes;
    uint32_t count, capacity;
    bool failed;                   /* no memory: the tree is not complete */
    /* while the call runs */
    uint32_t current;
    uint64_t gas_left;             /* of the code, at the last event */
    uint32_t lost_depth;           /* calls below a tree that is full */
};

/* The tree grows no further than this; deeper calls are then their caller's. */
enum { TRACE_MOST_NODES = 1 << 20 };

void trace_free(struct call_trace *t);

/* The name of a host function, cost or action node; empty for others. */
struct bytes trace_name(const struct trace_node *n);

/* ---- for run.c ------------------------------------------------------------------------------------------------- */

void trace_begin(struct call_trace *t);
/* The current node, a host function, has burnt so much; what `after` has more than `before` goes to children of it. */
void trace_costs(struct call_trace *t, uint64_t burnt, const struct gas_profile *before,
                 const struct gas_profile *after);
void trace_enter(struct call_trace *t, enum trace_kind kind, uint32_t index);
void trace_leave(struct call_trace *t);
void trace_spend(struct call_trace *t, uint64_t gas_left); /* by the current node, since the last event */
/* The call is over and has burnt so much. The current node has paid what is missing; what is too much (code that ran
 * past max_gas_burnt) is taken from the latest. */
void trace_end(struct call_trace *t, uint64_t burnt);

#endif
