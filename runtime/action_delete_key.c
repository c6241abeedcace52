#include "near/fees.h"
#include "runtime/account_storage.h"
#include "runtime/gas_key.h"

/* What a gas key holds is burnt, so it may not be much. */
static enum status delete_gas_key(struct action_context *c, const struct public_key *public_key,
                                  const struct access_key *key, struct action_result *r, struct error *e)
{
    const struct account_id *id = &c->receipt->receiver_id;
    if (u128_less(gas_key_max_balance_to_burn(), key->gas_key_balance)) {
        struct action_error *error = action_fail(r, action_error_GasKeyBalanceTooHigh);
        error->GasKeyBalanceTooHigh.account_id = *id;
        error->GasKeyBalanceTooHigh.public_key = public_key;
        error->GasKeyBalanceTooHigh.balance = key->gas_key_balance;
        return STATUS_OK;
    }
    if (!u128_add(r->tokens_burnt, key->gas_key_balance, &r->tokens_burnt))
        return integer_overflow(e, "tokens burnt with a gas key");
    enum status status = gas_key_remove_nonces(c->state, id, public_key, key->num_nonces, e);
    if (status != STATUS_OK) return status;
    uint64_t key_bytes = access_key_key_length(id->length, public_key_trie_id_size(public_key)) + NONCE_INDEX_SIZE;
    return gas_key_charge_removal(c->state->parameters, key->num_nonces, key->num_nonces * key_bytes, r, e);
}

enum status action_delete_key(struct action_context *c, const struct action *a, struct action_result *r,
                              struct error *e)
{
    const struct account_id *id = &c->receipt->receiver_id;
    const struct public_key *public_key = a->delete_key.public_key;
    struct access_key key;
    bool found;
    enum status status = state_get_access_key(c->state, id, public_key, &found, &key, e);
    if (status != STATUS_OK) return status;
    if (!found) {
        struct action_error *error = action_fail(r, action_error_DeleteKeyDoesNotExist);
        error->DeleteKeyDoesNotExist.account_id = *id;
        error->DeleteKeyDoesNotExist.public_key = public_key;
        return STATUS_OK;
    }
    if (access_key_is_gas_key(&key)) {
        status = delete_gas_key(c, public_key, &key, r, e);
        if (status != STATUS_OK || r->failed) return status;
    }
    size_t key_size = public_key_trie_id_size(public_key);
    account_storage_subtract(&c->account, access_key_storage(c->state->parameters, key_size, &key));
    return state_remove_access_key(c->state, id, public_key, e);
}
