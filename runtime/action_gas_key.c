/* Tokens to and from gas keys. */
#include "runtime/gas_key.h"

/* The gas key of the account; fails the action if there is none. */
static enum status get_gas_key(struct action_context *c, const struct public_key *public_key, struct access_key *key,
                               struct action_result *r, struct error *e)
{
    bool found;
    enum status status = state_get_access_key(c->state, &c->receipt->receiver_id, public_key, &found, key, e);
    if (status != STATUS_OK || (found && access_key_is_gas_key(key))) return status;
    struct action_error *error = action_fail(r, action_error_GasKeyDoesNotExist);
    error->GasKeyDoesNotExist.account_id = c->receipt->receiver_id;
    error->GasKeyDoesNotExist.public_key = public_key;
    return STATUS_OK;
}

enum status action_transfer_to_gas_key(struct action_context *c, const struct action *a, struct action_result *r,
                                       struct error *e)
{
    const struct public_key *public_key = a->transfer_to_gas_key.public_key;
    struct access_key key;
    enum status status = get_gas_key(c, public_key, &key, r, e);
    if (status != STATUS_OK || r->failed) return status;
    if (!u128_add(key.gas_key_balance, a->transfer_to_gas_key.deposit, &key.gas_key_balance))
        return integer_overflow(e, "balance of a gas key");
    return state_set_access_key(c->state, &c->receipt->receiver_id, public_key, &key, e);
}

enum status action_withdraw_from_gas_key(struct action_context *c, const struct action *a, struct action_result *r,
                                         struct error *e)
{
    const struct public_key *public_key = a->withdraw_from_gas_key.public_key;
    const struct u128 amount = a->withdraw_from_gas_key.amount;
    struct access_key key;
    struct u128 left;
    enum status status = get_gas_key(c, public_key, &key, r, e);
    if (status != STATUS_OK || r->failed) return status;
    if (!u128_subtract(key.gas_key_balance, amount, &left)) {
        struct action_error *error = action_fail(r, action_error_InsufficientGasKeyBalance);
        error->InsufficientGasKeyBalance.account_id = c->receipt->receiver_id;
        error->InsufficientGasKeyBalance.public_key = public_key;
        error->InsufficientGasKeyBalance.balance = key.gas_key_balance;
        error->InsufficientGasKeyBalance.required = amount;
        return STATUS_OK;
    }
    key.gas_key_balance = left;
    status = state_set_access_key(c->state, &c->receipt->receiver_id, public_key, &key, e);
    if (status != STATUS_OK) return status;
    if (!u128_add(c->account.amount, amount, &c->account.amount)) return integer_overflow(e, "balance of an account");
    return STATUS_OK;
}
