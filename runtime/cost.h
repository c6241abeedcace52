/* What transactions, receipts and actions cost before anything runs: fees of sending and executing, attached gas and
 * deposits, and what that is in tokens. Source: nearcore, runtime/runtime/src/config.rs.
 *
 * All functions that return a status: STATUS_LIMIT if a sum leaves its range (production's IntegerOverflowError; for a
 * transaction that is InvalidTxError::CostOverflow), STATUS_NO_MEMORY. */
#ifndef RUNTIME_COST_H
#define RUNTIME_COST_H

#include "near/action_delegate.h"
#include "near/fees.h"
#include "near/transaction.h"

/* What is in a delegate action of either version; null for other actions, and for one that nobody has parsed. */
const struct delegate_action *action_delegate_of(const struct action *a);

/* Fees of sending actions: burnt by who sends. `sir`: sender is receiver. */
enum status cost_send_fees(const struct protocol_parameters *p, bool sir, const struct action *actions, uint32_t count,
                           const struct account_id *receiver, struct cost *out, struct error *e);
/* Fees of sending what is inside of delegate actions, paid ahead: burnt where the delegate action is applied. Zero for
 * all other actions. */
enum status cost_prepaid_send_fees(const struct protocol_parameters *p, const struct action *actions, uint32_t count,
                                   struct cost *out, struct error *e);
/* The fee of executing one action, burnt before it is applied. */
enum status cost_exec_fee(const struct protocol_parameters *p, const struct action *a,
                          const struct account_id *receiver, struct cost *out, struct error *e);
/* The same for all actions; delegate actions with what is inside of them and the receipt that they become. */
enum status cost_prepaid_exec_fees(const struct protocol_parameters *p, const struct action *actions, uint32_t count,
                                   const struct account_id *receiver, struct cost *out, struct error *e);

/* Gas attached to function calls, and deposits, also inside of delegate actions. False: overflow; *out is unchanged. */
bool cost_prepaid_gas(const struct action *actions, uint32_t count, uint64_t *out);
bool cost_deposit(const struct action *actions, uint32_t count, struct u128 *out);

/* What a receipt of these actions uses up at its receiver: exec fees of the actions and of the receipt, attached gas
 * (which has no compute). */
enum status cost_of_receipt(const struct protocol_parameters *p, const struct action *actions, uint32_t count,
                            const struct account_id *receiver, struct cost *out, struct error *e);

/* yoctoNEAR. False: overflow; *out is unchanged. */
bool cost_gas_to_balance(uint64_t gas, struct u128 gas_price, struct u128 *out);

/* Gas and compute of checking a signature with such a key, beyond what every transaction pays anyway. */
struct cost cost_signature_verification(const struct protocol_parameters *p, unsigned key_type);

/* Compute of removing so many values with so many bytes of keys and values from the state. STATUS_LIMIT. */
enum status cost_storage_removes(const struct protocol_parameters *p, uint64_t count, uint64_t key_bytes,
                                 uint64_t value_bytes, uint64_t *compute, struct error *e);

struct transaction_cost {
    uint64_t gas_burnt, compute_burnt; /* by making the receipt */
    uint64_t gas_remaining;            /* bought for what comes later */
    struct u128 receipt_gas_price;     /* what the remaining gas is bought for */
    struct u128 burnt_amount;          /* gas_burnt in tokens, at the block's price */
    struct u128 gas_cost;              /* all gas in tokens */
    struct u128 deposit_cost;
    struct u128 total_cost;
};

enum status cost_of_transaction(const struct protocol_parameters *p, const struct transaction *t,
                                struct u128 gas_price, struct transaction_cost *out, struct error *e);

#endif
