/* Rules for lists of actions that need no state: of a transaction, a new receipt, an incoming one.
 * Source: nearcore, runtime/runtime/src/action_validation.rs. */
#ifndef RUNTIME_VALIDATE_ACTIONS_H
#define RUNTIME_VALIDATE_ACTIONS_H

#include "runtime/internal.h"

/* *valid is false: *out is the first rule that they break, in production's order; what it refers to lies in the
 * actions. Receipts that exist already (RECEIPT_EXISTING) are not held to rules that came after them.
 * STATUS_NO_MEMORY. */
enum status validate_actions(const struct protocol_parameters *p, uint32_t protocol_version,
                             enum receipt_validation_mode mode, const struct action *actions, uint32_t count,
                             const struct account_id *receiver, bool *valid, struct validation_error *out,
                             struct error *e);

#endif
