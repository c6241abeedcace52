/* Global contracts: code that many accounts use (NEP-591). */
#ifndef RUNTIME_GLOBAL_CONTRACT_H
#define RUNTIME_GLOBAL_CONTRACT_H

#include "runtime/internal.h"

/* Makes the account use the contract instead of what it had. Fails the action if there is no such contract. */
enum status use_global_contract(struct apply_state *s, const struct account_id *id, struct account *account,
                                const struct global_contract_id *contract, struct action_result *r,
                                struct error *e);

#endif
