/* From block to block: what must rise, stay, or follow from the block before. The blocks of a proof follow each other
 * on the chain: heights may be left out, blocks may not.
 *
 * Sources: nearcore, chain/chain (headers), chain/chain/src/validate.rs (gas limit, congestion info),
 * core/primitives/src/block.rs (compute_next_gas_price, block_congestion_info). */
#include <stdio.h>
#include <stdlib.h>

#include "proof/chain.h"

/* Two blocks that follow each other. */
struct pair {
    const struct proof_chain *chain;
    uint32_t index;                  /* of the second */
    const struct chunk *before, *after;
    struct refusal *refusal;
};

static enum status refuse_pair(const struct pair *p, enum proof_error code, const char *claimed, const char *found,
                               const char *what)
{
    char place[64];
    return refuse(p->refusal, code, claimed, found, "%s: %s", block_place(p->chain->proof, p->index, place), what);
}

static enum status check_range(const struct pair *p, enum proof_error code, uint64_t claimed, uint64_t least,
                                uint64_t most, const char *what)
{
    char a[REFUSAL_VALUE_SIZE], b[REFUSAL_VALUE_SIZE];
    if (claimed >= least && claimed <= most) return STATUS_OK;
    if (most == UINT64_MAX) snprintf(b, sizeof b, "at least %llu", (unsigned long long)least);
    else snprintf(b, sizeof b, "%llu to %llu", (unsigned long long)least, (unsigned long long)most);
    return refuse_pair(p, code, value_of_u64(claimed, a), b, what);
}

static uint64_t next(uint64_t v)
{
    return v == UINT64_MAX ? v : v + 1;
}

/* At the very end of the range nothing follows. */
static enum status check_rising(const struct pair *p, enum proof_error code, uint64_t before, uint64_t after,
                                const char *what)
{
    char a[REFUSAL_VALUE_SIZE];
    if (before == UINT64_MAX) return refuse_pair(p, code, value_of_u64(after, a), "nothing", what);
    return check_range(p, code, after, before + 1, UINT64_MAX, what);
}

/* ---- the gas price ----------------------------------------------------------------------------------------------- */

/* price × numerator / 200, rounded down. False: it exceeds 128 bits. */
static bool step(struct u128 price, uint64_t numerator, struct u128 *out)
{
    struct u128 rest;
    return u128_multiply(price, u128_of(numerator), out) && u128_divide(*out, u128_of(200), out, &rest);
}

/* The price moves by (used / limit - 1/2) % in each block; used is that of all shards, which a proof does not know. An
 * empty block makes it 1/2 % less. A chunk stops when it has reached its limit, so that what it uses is below twice the
 * limit: 3/2 % more at most. */
static enum status check_gas_price(const struct pair *p)
{
    const struct u128 before = p->before->gas_price, after = p->after->gas_price;
    char claimed[REFUSAL_VALUE_SIZE], found[REFUSAL_VALUE_SIZE], a[U128_TEXT_SIZE], b[U128_TEXT_SIZE];
    struct u128 least, most;
    if (!step(before, 199, &least) || !step(before, 203, &most))
        return refuse_pair(p, PROOF_GAS_PRICE, value_of_u128(before, claimed), "a lower one",
                           "gas price of the block before");
    if (!u128_less(after, least) && !u128_less(most, after)) return STATUS_OK;
    u128_print(least, a);
    u128_print(most, b);
    snprintf(found, sizeof found, "%s to %s", a, b);
    return refuse_pair(p, PROOF_GAS_PRICE, value_of_u128(after, claimed), found, "gas price");
}

/* ---- epochs ------------------------------------------------------------------------------------------------------ */

static bool same_balances(const struct account_balance *a, uint32_t a_count, const struct account_balance *b,
                          uint32_t b_count)
{
    if (a_count != b_count) return false;
    for (uint32_t i = 0; i < a_count; i++)
        if (!account_id_equal(&a[i].account_id, &b[i].account_id) || !u128_equal(a[i].amount, b[i].amount))
            return false;
    return true;
}

static enum status check_epoch(const struct pair *p)
{
    const struct chunk *a = p->before, *b = p->after;
    enum status status = check_range(p, PROOF_EPOCH, b->epoch_height, a->epoch_height, next(a->epoch_height),
                                      "epoch height");
    if (status != STATUS_OK || a->epoch_height != b->epoch_height) return status;
    if (b->validator_update)
        return refuse_pair(p, PROOF_EPOCH, "a validators' update", "none inside of an epoch", "validators' update");
    if (!same_balances(a->validators, a->validator_count, b->validators, b->validator_count))
        return refuse_pair(p, PROOF_EPOCH, "others than the block before", "the same inside of an epoch",
                           "validators");
    char claimed[REFUSAL_VALUE_SIZE], found[REFUSAL_VALUE_SIZE];
    if (u128_equal(a->minimum_stake, b->minimum_stake)) return STATUS_OK;
    return refuse_pair(p, PROOF_EPOCH, value_of_u128(b->minimum_stake, claimed),
                       value_of_u128(a->minimum_stake, found), "minimum stake");
}

/* ---- congestion of the own shard --------------------------------------------------------------------------------- */

static const struct shard_congestion *own_congestion(const struct chunk *c)
{
    for (uint32_t i = 0; i < c->congestion_count; i++)
        if (c->congestion[i].shard_id == c->shards.shard_ids[c->shard_index]) return &c->congestion[i];
    return NULL;
}

static bool same_info(const struct congestion_info *a, const struct congestion_info *b)
{
    return u128_equal(a->delayed_receipts_gas, b->delayed_receipts_gas) &&
           u128_equal(a->buffered_receipts_gas, b->buffered_receipts_gas) && a->receipt_bytes == b->receipt_bytes &&
           a->allowed_shard == b->allowed_shard;
}

static const char *value_of_info(const struct congestion_info *c, char out[static REFUSAL_VALUE_SIZE])
{
    char delayed[U128_TEXT_SIZE], buffered[U128_TEXT_SIZE];
    u128_print(c->delayed_receipts_gas, delayed);
    u128_print(c->buffered_receipts_gas, buffered);
    snprintf(out, REFUSAL_VALUE_SIZE, "delayed gas %s, buffered gas %s, %llu bytes, allowed shard %u", delayed,
             buffered, (unsigned long long)c->receipt_bytes, (unsigned)c->allowed_shard);
    return out;
}

static const struct bandwidth_requests *own_requests(const struct chunk *c)
{
    static const struct bandwidth_requests none;
    for (uint32_t i = 0; i < c->bandwidth_request_count; i++)
        if (c->bandwidth_requests[i].shard_id == c->shards.shard_ids[c->shard_index])
            return &c->bandwidth_requests[i].requests;
    return &none;
}

static bool same_requests(const struct bandwidth_requests *a, const struct bandwidth_requests *b)
{
    if (a->count != b->count) return false;
    for (uint32_t i = 0; i < a->count; i++)
        if (a->requests[i].to_shard != b->requests[i].to_shard ||
            memcmp(a->requests[i].bitmap, b->requests[i].bitmap, sizeof a->requests[i].bitmap) != 0)
            return false;
    return true;
}

/* A missing chunk leaves the header of the one before it, and what that says, where it was. */
static enum status check_congestion(const struct pair *p)
{
    const struct shard_congestion *a = own_congestion(p->before), *b = own_congestion(p->after);
    char claimed[REFUSAL_VALUE_SIZE], found[REFUSAL_VALUE_SIZE];
    if (!b) return refuse_pair(p, PROOF_CONGESTION, "none", "one", "congestion info of the own shard");
    if (p->after->is_new_chunk) return STATUS_OK;
    if (!same_requests(own_requests(p->before), own_requests(p->after)))
        return refuse_pair(p, PROOF_BANDWIDTH, "others than the block before", "the same",
                           "bandwidth requests of the own shard, whose chunk is missing");
    if (!a) return STATUS_OK;
    if (!same_info(&a->info, &b->info))
        return refuse_pair(p, PROOF_CONGESTION, value_of_info(&b->info, claimed), value_of_info(&a->info, found),
                           "congestion info of the own shard, whose chunk is missing");
    const uint64_t past = p->after->block_height - p->before->block_height;
    const uint64_t missed = a->missed_chunks > UINT64_MAX - past ? UINT64_MAX : a->missed_chunks + past;
    if (b->missed_chunks == missed) return STATUS_OK;
    return refuse_pair(p, PROOF_CONGESTION, value_of_u64(b->missed_chunks, claimed), value_of_u64(missed, found),
                       "missed chunks of the own shard");
}

/* Chunks are missed until there is a new one. */
static enum status check_missed(const struct proof_chain *c, uint32_t index, struct refusal *r)
{
    const struct chunk *k = &c->chunks[index];
    const struct shard_congestion *own = own_congestion(k);
    char place[64], claimed[REFUSAL_VALUE_SIZE];
    if (!own || k->is_new_chunk == (own->missed_chunks == 0)) return STATUS_OK;
    return refuse(r, PROOF_CONGESTION, value_of_u64(own->missed_chunks, claimed), k->is_new_chunk ? "0" : "at least 1",
                  "%s: missed chunks of the own shard", block_place(c->proof, index, place));
}

/* ---- hashes of blocks and seeds: all are different --------------------------------------------------------------- */

static int compare_hashes(const void *a, const void *b)
{
    return memcmp(((const struct crypto_hash *)a)->bytes, ((const struct crypto_hash *)b)->bytes, CRYPTO_HASH_SIZE);
}

static enum status check_different(struct crypto_hash *hashes, uint32_t count, const char *what, struct refusal *r)
{
    char text[REFUSAL_VALUE_SIZE];
    qsort(hashes, count, sizeof *hashes, compare_hashes);
    for (uint32_t i = 1; i < count; i++)
        if (crypto_hash_equal(&hashes[i - 1], &hashes[i]))
            return refuse(r, PROOF_SAME_BLOCK, value_of_hash(&hashes[i], text), "another one", "two blocks: %s", what);
    return STATUS_OK;
}

static enum status check_hashes(const struct execution_proof *p, struct refusal *r, struct error *e)
{
    struct crypto_hash *hashes = calloc(p->block_count, sizeof *hashes);
    if (!hashes) return error_no_memory(e);
    for (uint32_t i = 0; i < p->block_count; i++) hashes[i] = p->blocks[i].context.prev_block_hash;
    enum status status = check_different(hashes, p->block_count, "hash of the block before", r);
    for (uint32_t i = 0; i < p->block_count; i++) hashes[i] = p->blocks[i].context.random_seed;
    if (status == STATUS_OK) status = check_different(hashes, p->block_count, "random seed", r);
    free(hashes);
    return status;
}

/* ---- all of it --------------------------------------------------------------------------------------------------- */

static enum status check_pair(const struct pair *p)
{
    const struct chunk *a = p->before, *b = p->after;
    enum status status = check_rising(p, PROOF_HEIGHT, a->block_height, b->block_height, "height");
    if (status == STATUS_OK)
        status = check_rising(p, PROOF_TIMESTAMP, a->block_timestamp, b->block_timestamp, "timestamp");
    if (status == STATUS_OK) status = check_epoch(p);
    if (status == STATUS_OK) status = check_gas_price(p);
    if (status == STATUS_OK)
        status = check_range(p, PROOF_GAS_LIMIT, b->gas_limit, a->gas_limit, a->gas_limit, "gas limit");
    return status == STATUS_OK ? check_congestion(p) : status;
}

enum status proof_check_order(const struct proof_chain *c, struct refusal *r, struct error *e)
{
    enum status status = check_missed(c, 0, r);
    for (uint32_t i = 1; i < c->proof->block_count && status == STATUS_OK; i++) {
        const struct pair p = {c, i, &c->chunks[i - 1], &c->chunks[i], r};
        status = check_pair(&p);
        if (status == STATUS_OK) status = check_missed(c, i, r);
    }
    return status == STATUS_OK ? check_hashes(c->proof, r, e) : status;
}

/* ---- with results ------------------------------------------------------------------------------------------------ */

enum status proof_check_context(const struct execution_proof *p, const struct chunk_result *results, uint32_t index,
                                struct refusal *r)
{
    const struct chunk *k = &p->blocks[index].context;
    uint32_t last = index;
    char place[64], claimed[REFUSAL_VALUE_SIZE], found[REFUSAL_VALUE_SIZE];
    if (!k->is_new_chunk) return STATUS_OK;
    while (last > 0 && !p->blocks[last - 1].context.is_new_chunk) last--;
    if (last == 0 || !results[last - 1].has_congestion_info) return STATUS_OK;
    const struct chunk_result *result = &results[last - 1];
    const struct shard_congestion *own = own_congestion(k);
    if (!own || !same_info(&own->info, &result->congestion_info))
        return refuse(r, PROOF_CONGESTION, own ? value_of_info(&own->info, claimed) : "none",
                      value_of_info(&result->congestion_info, found), "%s: congestion info of the own shard",
                      block_place(p, index, place));
    if (same_requests(own_requests(k), &result->bandwidth_requests)) return STATUS_OK;
    return refuse(r, PROOF_BANDWIDTH, value_of_u64(own_requests(k)->count, claimed),
                  value_of_u64(result->bandwidth_requests.count, found), "%s: bandwidth requests of the own shard",
                  block_place(p, index, place));
}
