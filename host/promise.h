/* What the promise functions share: looking promises up, paying for receipts and actions, appending actions. Internal
 * to host/. Source: near-vm-runner, logic/host.rs.
 *
 * Every function returns HOST_OK or how the call ends, which is then recorded in h->fault. */
#ifndef HOST_PROMISE_H
#define HOST_PROMISE_H

#include "host/context.h"
#include "near/public_key.h"

/* How most of these functions begin: pays `base`, then refuses in a view call under the name of `function`. */
enum host_error promise_begin(struct host *h, const char *function);

/* ---- promises and their receipts -------------------------------------------------------------------------------- */

/* Null, and HOST_InvalidPromiseIndex recorded: there is none of that number. Valid until the next promise is made. */
const struct promise *promise_find(struct host *h, uint64_t index);

/* Adds a promise; *index is its number. */
enum host_error promise_push(struct host *h, struct promise promise, uint64_t *index);

/* The receipt that actions of a promise go to. `sir`: its receiver is the current account ("sender is receiver"). */
struct promise_receipt {
    uint64_t index;
    const struct account_id *receiver; /* valid until the next receipt is made */
    bool sir;
};
enum host_error promise_receipt_of(struct host *h, uint64_t promise_index, struct promise_receipt *out);

/* Pays for an empty receipt, and for each receipt whose result it waits for: `same` of these have the same receiver as
 * it, `other` haven't. */
enum host_error promise_pay_receipt(struct host *h, bool sir, uint64_t same, uint64_t other);

/* ---- actions ---------------------------------------------------------------------------------------------------- */

/* Pays `units` times what sending costs, and promises as many times what executing costs. */
enum host_error promise_pay_action(struct host *h, enum action_cost action, uint64_t units, bool sir);
/* The same for fees that are not simple multiples. */
enum host_error promise_pay_fees(struct host *h, enum action_cost action, struct cost send, uint64_t execution_gas);

/* Hands an action to the outside. *action_index (which may be null) is what the outside calls it. */
enum host_error promise_append(struct host *h, uint64_t receipt, const struct action *action, uint64_t *action_index);

/* Takes the deposit of a function call from the account. One yoctoNEAR from an account that has nothing is a gift of
 * the protocol, where the version knows that (flag one_yocto_on_promise), and counted as subsidized. */
enum host_error promise_deduct_deposit(struct host *h, struct u128 deposit);

/* ---- arguments -------------------------------------------------------------------------------------------------- */

/* A key that was read but possibly can't be decoded. Production looks at that only after all other checks and charges:
 * promise_key_check. */
struct promise_key {
    bool valid;
    struct public_key key;
};
enum host_error promise_read_key(struct host *h, uint64_t len, uint64_t ptr, struct promise_key *out);
enum host_error promise_key_check(struct host *h, const struct promise_key *key);

/* What a key of function calls may call, as it was handed in: names divided by commas. HOST_EmptyMethodName for a name
 * of no bytes; no bytes at all are no names. */
enum host_error promise_check_method_names(struct host *h, struct bytes names);
/* The length that fees are charged for: a byte of its own for the end of every name. */
uint64_t promise_method_names_size(struct bytes names);
/* The names of a checked list, in the arena. */
enum host_error promise_split_method_names(struct host *h, struct bytes names, const struct bytes **out,
                                           uint32_t *count);

/* By hash (32 bytes, or HOST_ContractCodeHashMalformed) or by account id. */
enum host_error promise_read_contract_id(struct host *h, enum global_contract_mode mode, uint64_t len, uint64_t ptr,
                                         struct global_contract_id *out);

/* The arguments of a function call, which stand in this order in all functions that make one. */
enum promise_call_arg {
    CALL_METHOD_LEN,
    CALL_METHOD_PTR,
    CALL_ARGUMENTS_LEN,
    CALL_ARGUMENTS_PTR,
    CALL_AMOUNT_PTR,
    CALL_GAS,
};
/* Does what promise_batch_action_function_call_weight does, from `base` on. */
enum host_error promise_call(struct host *h, uint64_t promise_index, const uint64_t *args, uint64_t gas_weight);

#endif
