/* How many tokens there are in a receipt or in a value of the state, in yoctoNEAR.
 *
 * Source: nearcore, runtime/runtime/src/balance_checker.rs (receipt_cost). */
#ifndef PROOF_TOKENS_H
#define PROOF_TOKENS_H

#include "runtime/runtime.h"

/* The gas that was paid for before the receipt was sent, and is burnt or comes back: what is attached to calls, the fees
 * of executing the receipt and its actions, and of sending what is in delegate actions. The receipt has actions.
 * STATUS_LIMIT: more than 64 bits. */
enum status gas_of_receipt(const struct protocol_parameters *p, const struct receipt *r, uint64_t *out, struct error *e);

/* Deposits, and that gas at the receipt's price. Refunds carry no gas. STATUS_LIMIT: more than 128
 * bits; STATUS_NO_MEMORY. */
enum status tokens_of_receipt(const struct protocol_parameters *p, const struct receipt *r, struct u128 *out,
                              struct error *e);

/* Whether a value under such a key can have tokens: accounts, access keys (those that are gas keys), receipts that
 * wait. */
bool tokens_may_be_under(struct bytes key);
/* Whether the key is that of an access key. Those without tokens are removed without having been read. */
bool tokens_may_be_unread(struct bytes key);
/* Zero for other keys. STATUS_INVALID: the value is not such as belongs to the key; STATUS_LIMIT; STATUS_NO_MEMORY. */
enum status tokens_of_value(const struct protocol_parameters *p, struct bytes key, struct bytes value,
                            struct u128 *out, struct error *e);

#endif
