#include "runtime/account_storage.h"
#include "runtime/gas_key.h"

enum status action_add_key(struct action_context *c, const struct action *a, struct action_result *r,
                           struct error *e)
{
    const struct account_id *id = &c->receipt->receiver_id;
    const struct public_key *public_key = a->add_key.public_key;
    const uint64_t nonce = initial_nonce(c->state->chunk->block_height);
    struct access_key key = a->add_key.access_key, old;
    bool found;
    enum status status = state_get_access_key(c->state, id, public_key, &found, &old, e);
    if (status != STATUS_OK) return status;
    if (found) {
        struct action_error *error = action_fail(r, action_error_AddKeyAlreadyExists);
        error->AddKeyAlreadyExists.account_id = *id;
        error->AddKeyAlreadyExists.public_key = public_key;
        return STATUS_OK;
    }
    /* The nonce that the action names is ignored. Those of a gas key stand under keys of their own. */
    key.nonce = access_key_is_gas_key(&key) ? 0 : nonce;
    status = state_set_access_key(c->state, id, public_key, &key, e);
    if (status == STATUS_OK && access_key_is_gas_key(&key))
        status = gas_key_set_nonces(c->state, id, public_key, key.num_nonces, nonce, e);
    if (status != STATUS_OK) return status;
    size_t key_size = public_key_trie_id_size(public_key);
    return account_storage_add(&c->account, access_key_storage(c->state->parameters, key_size, &key), e);
}
