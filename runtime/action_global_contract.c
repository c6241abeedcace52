/* Deploying and using global contracts. Source: nearcore, runtime/runtime/src/global_contracts.rs. */
#include "runtime/account_storage.h"
#include "runtime/global_contract.h"

/* ---- deploying: the code is on its way through the shards -------------------------------------------------------- */

/* Counts up the contract's nonce at once, so that two deployments in a row are told apart; shards ignore the older. */
static enum status next_nonce(struct apply_state *s, const struct global_contract_id *id, uint64_t *out,
                              struct error *e)
{
    const struct trie_key key = trie_key_of_contract(TRIE_KEY_GLOBAL_CONTRACT_NONCE, id);
    bool found;
    enum status status = state_get_u64(s, &key, &found, out, e);
    if (status != STATUS_OK) return status;
    if (!found) *out = 0;
    if (*out == UINT64_MAX) return integer_overflow(e, "nonce of a global contract");
    return state_set_u64(s, &key, ++*out, e);
}

static enum status send_to_shards(struct action_context *c, const struct action *a, struct action_result *r,
                                  struct error *e)
{
    const struct chunk *chunk = c->state->chunk;
    struct receipt receipt = {
        .predecessor_id = c->receipt->receiver_id,
        .receiver_id = account_id_of("system"),
        .kind = RECEIPT_global_contract_distribution,
        .global_contract_distribution = {
            .version = 2,
            .id = {.mode = a->deploy_global_contract.mode},
            .target_shard = chunk->shards.shard_ids[chunk->shard_index],
            .code = a->deploy_global_contract.code,
        },
    };
    struct global_contract_distribution *d = &receipt.global_contract_distribution;
    if (d->id.mode == GLOBAL_BY_CODE_HASH) {
        const struct crypto_hash hash = crypto_hash_of(d->code);
        memcpy(d->id.code_hash, hash.bytes, sizeof d->id.code_hash);
    } else {
        d->id.account_id = c->receipt->receiver_id;
    }
    enum status status = next_nonce(c->state, &d->id, &d->nonce, e);
    return status == STATUS_OK ? action_result_add_receipt(c->state, r, &receipt, e) : status;
}

enum status action_deploy_global_contract(struct action_context *c, const struct action *a,
                                          struct action_result *r, struct error *e)
{
    struct u128 cost = {UINT64_MAX, UINT64_MAX}, left;
    u128_multiply(c->state->parameters->runtime.global_contract_storage_amount_per_byte,
                  u128_of(a->deploy_global_contract.code.size), &cost);
    if (!u128_subtract(c->account.amount, cost, &left)) {
        struct action_error *error = action_fail(r, action_error_LackBalanceForState);
        error->LackBalanceForState.account_id = c->receipt->receiver_id;
        error->LackBalanceForState.amount = cost;
        return STATUS_OK;
    }
    if (!u128_add(r->tokens_burnt, cost, &r->tokens_burnt)) return integer_overflow(e, "tokens burnt for storage");
    c->account.amount = left;
    return send_to_shards(c, a, r, e);
}

/* ---- using ------------------------------------------------------------------------------------------------------- */

enum status use_global_contract(struct apply_state *s, const struct account_id *id, struct account *account,
                                const struct global_contract_id *contract, struct action_result *r,
                                struct error *e)
{
    const struct trie_key key = trie_key_of_contract(TRIE_KEY_GLOBAL_CONTRACT_CODE, contract);
    const struct trie_key own_code = trie_key_of_account(TRIE_KEY_CONTRACT_CODE, id);
    uint64_t before;
    bool found;
    enum status status = state_has(s, &key, &found, e);
    if (status != STATUS_OK) return status;
    if (!found) {
        action_fail(r, action_error_GlobalContractDoesNotExist)->GlobalContractDoesNotExist.identifier = *contract;
        return STATUS_OK;
    }
    status = contract_storage(s, id, account, &before, e);
    if (status == STATUS_OK && account->code == ACCOUNT_CODE_LOCAL) status = state_remove(s, &own_code, e);
    if (status != STATUS_OK) return status;
    account_storage_subtract(account, before);
    account_set_global_contract(account, contract);
    return account_storage_add(account, global_contract_id_size(contract), e);
}

enum status action_use_global_contract(struct action_context *c, const struct action *a, struct action_result *r,
                                       struct error *e)
{
    return use_global_contract(c->state, &c->receipt->receiver_id, &c->account, &a->use_global_contract.contract, r,
                               e);
}
