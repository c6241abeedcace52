#include "proof/chain.h"

#include <stdio.h>

const char *block_place(const struct execution_proof *p, uint32_t index, char out[static 64])
{
    snprintf(out, 64, "block %lu (height %llu)", (unsigned long)index,
             (unsigned long long)p->blocks[index].context.block_height);
    return out;
}

bool is_in_own_shard(const struct execution_proof *p, const struct account_id *id,
                     char found[static REFUSAL_VALUE_SIZE])
{
    const uint32_t index = shard_index_of_account(&p->shards, id);
    if (index == p->shard_index) return true;
    snprintf(found, REFUSAL_VALUE_SIZE, "an account of shard %llu", (unsigned long long)p->shards.shard_ids[index]);
    return false;
}

enum status proof_check_chain(const struct proof_chain *c, const struct trie_store *rows, struct refusal *r,
                              struct error *e)
{
    enum status status = proof_check_order(c, r, e);
    if (status == STATUS_OK) status = proof_check_lists(c, r, e);
    if (status == STATUS_OK) status = proof_check_ids(c, rows, r, e);
    if (status == STATUS_OK) status = proof_check_senders(c, r);
    if (status == STATUS_OK) status = proof_check_data(c, r, e);
    if (status == STATUS_OK) status = proof_check_code_changes(c, rows, r, e);
    return status == STATUS_OK ? proof_check_net_balance(c, rows, r, e) : status;
}
