/* Gas of one contract call: what was burnt, what is promised to outgoing receipts, and the profile of what for.
 * Source: near-vm-runner, logic/gas_counter.rs and profile.rs. */
#ifndef HOST_GAS_COUNTER_H
#define HOST_GAS_COUNTER_H

#include "host/external.h"
#include "near/gas_profile.h"

struct gas_counter {
    const struct protocol_parameters *parameters;
    uint64_t burnt;
    uint64_t limit;          /* what may be burnt now: the smaller of max_burnt and prepaid - promised */
    uint64_t promised;       /* to outgoing receipts, on top of burnt */
    uint64_t max_burnt;
    uint64_t prepaid;
    bool is_view;
    uint64_t send_compute;   /* compute of the send step of outgoing receipts */
    struct gas_profile profile; /* `wasm` is filled at the end */
};

/* In a view call the budget is `max_burnt`, whatever `prepaid` says. */
void gas_counter_init(struct gas_counter *g, const struct protocol_parameters *parameters, uint64_t max_burnt,
                      uint64_t prepaid, bool is_view);

/* All return HOST_OK, or how the call ends: HOST_GasExceeded, HOST_GasLimitExceeded, HOST_IntegerOverflow. */
enum host_error gas_burn(struct gas_counter *g, uint64_t gas);              /* not in the profile: wasm */
enum host_error gas_pay(struct gas_counter *g, enum ext_cost cost);         /* once */
enum host_error gas_pay_per(struct gas_counter *g, enum ext_cost cost, uint64_t count);
/* `burn` is burnt for the action's send step, `use` (at least burn.gas) is used in all. */
enum host_error gas_pay_action(struct gas_counter *g, struct cost burn, uint64_t use, enum action_cost action);
enum host_error gas_prepay(struct gas_counter *g, uint64_t gas);            /* promised to an outgoing call */

uint64_t gas_used(const struct gas_counter *g);       /* burnt and promised */
uint64_t gas_remaining(const struct gas_counter *g);  /* prepaid less used */

/* Fills profile.wasm and returns the compute usage. */
uint64_t gas_counter_finish(struct gas_counter *g);

#endif
