#include "cli/replay.h"

static const struct lake_change *find_code(const struct replay *r, const struct crypto_hash *hash)
{
    for (const struct lake_block *b = r->blocks; b; b = b->next)
        for (const struct lake_shard *s = b->shards; s; s = s->next)
            for (uint32_t i = 0; i < s->change_count; i++)
                if (s->changes[i].kind == LAKE_CODE_UPDATE && crypto_hash_equal(&s->changes[i].code_hash, hash))
                    return &s->changes[i];
    return NULL;
}

static bool complete_code(const struct replay *r, struct bytes *code)
{
    struct crypto_hash hash;
    if (code->size != CRYPTO_HASH_SIZE) return false;
    memcpy(hash.bytes, code->data, sizeof hash.bytes);
    const struct lake_change *change = find_code(r, &hash);
    if (change) *code = change->code;
    return change;
}

static void complete(const struct replay *r, struct lake_actions *actions)
{
    bool known = true;
    if (!actions->code_unknown || !actions->count) return;
    for (uint32_t i = 0; i < actions->count; i++) {
        struct action *a = &actions->items[i];
        if (a->kind == ACTION_KIND_deploy_contract) known = complete_code(r, &a->deploy_contract.code) && known;
        if (a->kind == ACTION_KIND_deploy_global_contract)
            known = complete_code(r, &a->deploy_global_contract.code) && known;
    }
    actions->code_unknown = !known;
}

void replay_find_codes(struct replay *r)
{
    for (struct lake_block *b = r->blocks; b; b = b->next) {
        for (struct lake_shard *s = b->shards; s; s = s->next) {
            for (uint32_t i = 0; i < s->transaction_count; i++) complete(r, &s->transactions[i].actions);
            for (uint32_t i = 0; i < s->receipt_count; i++) complete(r, &s->receipts[i].actions);
            for (uint32_t i = 0; i < s->executed_count; i++) complete(r, &s->executed[i].receipt.actions);
        }
    }
}
