/* Global contracts on their way: each shard keeps the code and sends it to the next one.
 * Source: nearcore, runtime/runtime/src/global_contracts.rs. */
#include <stdlib.h>

#include "near/fees.h"
#include "runtime/global_contract.h"

/* Keeps the code, unless a newer one was here already. */
static enum status keep_code(struct apply_state *s, const struct global_contract_distribution *d, struct error *e)
{
    const struct runtime_parameters *p = &s->parameters->runtime;
    const struct trie_key nonce_key = trie_key_of_contract(TRIE_KEY_GLOBAL_CONTRACT_NONCE, &d->id);
    const struct trie_key code_key = trie_key_of_contract(TRIE_KEY_GLOBAL_CONTRACT_CODE, &d->id);
    const struct crypto_hash hash = crypto_hash_of(d->code);
    uint64_t nonce;
    bool found;
    enum status status = state_get_u64(s, &nonce_key, &found, &nonce, e);
    if (status != STATUS_OK || (found && d->nonce < nonce)) return status;
    status = state_set_u64(s, &nonce_key, d->nonce, e);
    if (status == STATUS_OK) status = state_deploy(s, &code_key, d->code, &hash, e);
    if (status != STATUS_OK) return status;
    struct cost compute = {0, p->deploy_global_contract_compute_per_byte}, total = {0, s->compute};
    if (!cost_multiply(compute, d->code.size, &compute) ||
        !cost_add(compute, (struct cost){0, p->deploy_global_contract_compute_base}, &compute) ||
        !cost_add(total, compute, &total))
        return integer_overflow(e, "compute of a global contract");
    s->compute = total.compute;
    apply_commit(s);
    return STATUS_OK;
}

static int compare_u64(const void *a, const void *b)
{
    uint64_t x, y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return x < y ? -1 : x > y;
}

/* The shards that have the code, this one included: sorted, each once. Null: no memory. */
static uint64_t *delivered_shards(struct apply_state *s, const struct global_contract_distribution *d,
                                  uint32_t *count)
{
    uint32_t n = d->already_delivered_shard_count, kept = 0;
    uint64_t *shards = arena_array(s->arena, (size_t)n + 1, sizeof *shards);
    if (!shards) return NULL;
    for (uint32_t i = 0; i < n; i++) shards[i] = d->already_delivered_shards[i];
    shards[n] = s->chunk->shards.shard_ids[s->chunk->shard_index];
    qsort(shards, (size_t)n + 1, sizeof *shards, compare_u64);
    for (uint32_t i = 0; i <= n; i++)
        if (i == 0 || shards[i] != shards[i - 1]) shards[kept++] = shards[i];
    *count = kept;
    return shards;
}

/* To the first shard of the layout that has not got it. */
static enum status forward(struct apply_state *s, const struct receipt *r, struct error *e)
{
    struct receipt next = *r;
    struct global_contract_distribution *d = &next.global_contract_distribution;
    uint32_t count;
    uint64_t *delivered = delivered_shards(s, d, &count);
    if (!delivered) return error_no_memory(e);
    d->already_delivered_shards = delivered;
    d->already_delivered_shard_count = count;
    next.receipt_id = receipt_id_of_receipt(&r->receipt_id, s->chunk->block_height, 0);
    next.receiver_id = account_id_of("system");
    for (uint32_t i = 0; i < s->chunk->shards.shard_count; i++) {
        d->target_shard = s->chunk->shards.shard_ids[i];
        if (!bsearch(&d->target_shard, delivered, count, sizeof *delivered, compare_u64))
            return receipt_sink_forward_or_buffer(s, &next, e);
    }
    return STATUS_OK;
}

enum status apply_global_contract_distribution(struct apply_state *s, const struct receipt *r, struct error *e)
{
    enum status status = keep_code(s, &r->global_contract_distribution, e);
    return status == STATUS_OK ? forward(s, r, e) : status;
}
