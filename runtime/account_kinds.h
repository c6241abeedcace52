/* Accounts that nobody creates by name, as far as the protocol version knows them. */
#ifndef RUNTIME_ACCOUNT_KINDS_H
#define RUNTIME_ACCOUNT_KINDS_H

#include "near/account_id.h"
#include "near/parameters.h"

/* What the account id stands for: ACCOUNT_NAMED for kinds that the version does not know. Source: nearcore,
 * runtime/runtime/src/actions.rs (get_account_type). */
static inline enum account_kind account_kind_in(const struct protocol_parameters *p, const struct account_id *id)
{
    enum account_kind kind = account_id_kind(id);
    bool known = true;
    switch (kind) {
    case ACCOUNT_NAMED: break;
    case ACCOUNT_NEAR_IMPLICIT: known = p->flags.implicit_account_creation; break;
    case ACCOUNT_ETH_IMPLICIT:
    case ACCOUNT_NEAR_DETERMINISTIC: known = p->flags.eth_implicit_accounts; break;
    case ACCOUNT_UNIVERSAL: known = p->flags.universal_accounts; break;
    }
    return known ? kind : ACCOUNT_NAMED;
}

#endif
