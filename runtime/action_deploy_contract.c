#include "runtime/account_storage.h"

enum status action_deploy_contract(struct action_context *c, const struct action *a, struct action_result *r,
                                   struct error *e)
{
    (void)r;
    const struct account_id *id = &c->receipt->receiver_id;
    const struct bytes code = a->deploy_contract.code;
    const struct trie_key key = trie_key_of_account(TRIE_KEY_CONTRACT_CODE, id);
    const struct crypto_hash hash = crypto_hash_of(code);
    uint64_t before;
    enum status status = contract_storage(c->state, id, &c->account, &before, e);
    if (status != STATUS_OK) return status;
    account_storage_subtract(&c->account, before);
    status = account_storage_add(&c->account, code.size, e);
    if (status != STATUS_OK) return status;
    account_set_local_code(&c->account, &hash);
    return state_deploy(c->state, &key, code, &hash, e);
}
