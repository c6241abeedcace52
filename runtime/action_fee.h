/* The fees of single actions, added up. Source: nearcore, runtime/runtime/src/config.rs. */
#ifndef RUNTIME_ACTION_FEE_H
#define RUNTIME_ACTION_FEE_H

#include "near/action.h"
#include "near/fees.h"

/* Which of its fees an action pays: sending (to oneself or to another), or executing. */
enum fee_phase { SEND_SIR, SEND_NOT_SIR, EXEC };

/* Start with p and phase, the rest zero. */
struct fee_sum {
    const struct protocol_parameters *p;
    enum fee_phase phase;
    struct cost total;
    bool overflow;  /* the total is of no use */
};

void fee_add(struct fee_sum *s, struct cost c);
/* `units` times an action cost. */
void fee_pay(struct fee_sum *s, enum action_cost kind, uint64_t units);
/* Without what is inside of a delegate action. STATUS_NO_MEMORY. */
enum status fee_of_action(struct fee_sum *s, const struct action *a, const struct account_id *receiver,
                          struct error *e);

#endif
