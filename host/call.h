/* One call while it runs. Internal to host/. */
#ifndef HOST_CALL_H
#define HOST_CALL_H

#include "host/contract.h"
#include "host/journal.h"

struct call {
    const struct contract *contract;
    struct bytes method;
    struct host host;
    struct store *store;
    struct memory *own_memory;     /* of a module that declares none */
    struct instance *instance;
    struct arena *arena;
    struct call_outcome *out;
    struct error *e;
    bool crossed;                  /* the code alone burnt more than max_gas_burnt */
    struct call_trace *trace;      /* null: none is wanted */
    bool in_method;                /* the start function, if there is one, has returned */
    uint64_t calls;                /* of host functions that returned */
    struct call_suspend *suspend;  /* null: it is never stopped */
    const struct call_options *options;
    struct bytes resume;           /* empty: from the beginning */
    struct journal journal;        /* of calls that are suspended or resumed */
};

/* suspend.c */

/* Whether the call is noted: because it may be stopped, or was. */
static inline bool call_is_noted(const struct call *c)
{
    return c->suspend != NULL || c->resume.size != 0;
}

/* Tells the store where to stop, from what has been burnt. */
void call_plan_stop(struct call *c);
/* A host function has returned: whether to stop behind it. */
bool call_stops_here(struct call *c);
/* Writes the state; STATUS_SUSPENDED when that is done. `method` is the number of the function that the call is of. */
enum status call_write_state(struct call *c, uint32_t method);
/* Restores host, outside and code. *in_method: it was in the method, not in the start function. */
enum status call_read_state(struct call *c, const struct external *imports, uint32_t method, bool *in_method);

#endif
