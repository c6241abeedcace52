/* Whether the receiver must exist for an action, and who may do it.
 * Source: nearcore, runtime/runtime/src/actions.rs (check_account_existence, check_actor_permissions). */
#include "runtime/account_kinds.h"
#include "runtime/internal.h"

/* ---- existence --------------------------------------------------------------------------------------------------- */

/* Whether a transfer may make the account that it goes to. Refunds never do: they are free. A universal account's id
 * says which keys it will have, so nobody can take it over with more actions; for the others the transfer must be
 * alone. */
static bool transfer_may_create(const struct action_context *c, const struct account_id *id)
{
    enum account_kind kind = account_kind_in(c->state->parameters, id);
    if (c->is_refund || kind == ACCOUNT_NAMED) return false;
    return kind == ACCOUNT_UNIVERSAL || c->action_count == 1;
}

static void check_creation(const struct action_context *c, const struct account_id *id, struct action_result *r)
{
    if (c->account_exists)
        action_fail(r, action_error_AccountAlreadyExists)->AccountAlreadyExists.account_id = *id;
    else if (account_kind_in(c->state->parameters, id) != ACCOUNT_NAMED)
        action_fail(r, action_error_OnlyImplicitAccountCreationAllowed)
            ->OnlyImplicitAccountCreationAllowed.account_id = *id;
}

void check_account_existence(const struct action_context *c, const struct action *a, struct action_result *r)
{
    const struct account_id *id = &c->receipt->receiver_id;
    bool missing = false, uninitialized = false;
    switch (a->kind) {
    case ACTION_KIND_create_account: check_creation(c, id, r); break;
    case ACTION_KIND_transfer: missing = !c->account_exists && !transfer_may_create(c, id); break;
    case ACTION_KIND_deterministic_state_init:
    case ACTION_KIND_universal_state_init: break; /* they make the account, or leave it as it is */
    default:
        missing = !c->account_exists;
        uninitialized = c->account_exists && c->account.form == ACCOUNT_UNINITIALIZED;
        break;
    }
    if (missing) action_fail(r, action_error_AccountDoesNotExist)->AccountDoesNotExist.account_id = *id;
    else if (uninitialized) action_fail(r, action_error_AccountNotInitialized)->AccountNotInitialized.account_id = *id;
}

/* ---- permission -------------------------------------------------------------------------------------------------- */

static bool only_by_itself(enum action_kind kind)
{
    switch (kind) {
    case ACTION_KIND_deploy_contract:
    case ACTION_KIND_stake:
    case ACTION_KIND_add_key:
    case ACTION_KIND_delete_key:
    case ACTION_KIND_delete_account:
    case ACTION_KIND_deploy_global_contract:
    case ACTION_KIND_use_global_contract:
    case ACTION_KIND_withdraw_from_gas_key: return true;
    default: return false;
    }
}

void check_actor_permissions(const struct action_context *c, const struct action *a, struct action_result *r)
{
    const struct account_id *id = &c->receipt->receiver_id;
    if (only_by_itself(a->kind) && !account_id_equal(&c->actor_id, id)) {
        struct action_error *error = action_fail(r, action_error_ActorNoPermission);
        error->ActorNoPermission.account_id = *id;
        error->ActorNoPermission.actor_id = c->actor_id;
    } else if (a->kind == ACTION_KIND_delete_account && !u128_equal(c->account.locked, u128_of(0))) {
        action_fail(r, action_error_DeleteAccountStaking)->DeleteAccountStaking.account_id = *id;
    }
}
