/* Lists of a block's context: no member twice, and no shard that there is not. */
#include <stdio.h>
#include <stdlib.h>

#include "proof/chain.h"

/* The lists of one block. */
struct lists {
    const struct proof_chain *chain;
    uint32_t block;
    struct refusal *refusal;
    struct error *error;
};

static enum status refuse_list(const struct lists *l, enum proof_error code, const char *claimed, const char *found,
                               const char *what)
{
    char place[64];
    return refuse(l->refusal, code, claimed, found, "%s: %s", block_place(l->chain->proof, l->block, place), what);
}

/* ---- accounts ---------------------------------------------------------------------------------------------------- */

static int compare_accounts(const void *a, const void *b)
{
    return account_id_compare(*(const struct account_id *const *)a, *(const struct account_id *const *)b);
}

static enum status find_twice(const struct lists *l, const struct account_id **sorted, uint32_t count,
                              const char *what)
{
    char text[REFUSAL_VALUE_SIZE];
    qsort(sorted, count, sizeof *sorted, compare_accounts);
    for (uint32_t i = 1; i < count; i++)
        if (account_id_equal(sorted[i - 1], sorted[i]))
            return refuse_list(l, PROOF_TWICE, value_of_bytes(account_id_bytes(sorted[i]), text), "it once", what);
    return STATUS_OK;
}

static enum status check_accounts(const struct lists *l, const struct account_balance *list, uint32_t count,
                                  const char *what)
{
    if (count < 2) return STATUS_OK;
    const struct account_id **sorted = calloc(count, sizeof *sorted);
    if (!sorted) return error_no_memory(l->error);
    for (uint32_t i = 0; i < count; i++) sorted[i] = &list[i].account_id;
    enum status status = find_twice(l, sorted, count, what);
    free(sorted);
    return status;
}

/* Only accounts of the own shard are paid here. */
static enum status check_own(const struct lists *l, const struct account_id *id, const char *what)
{
    char text[REFUSAL_VALUE_SIZE], found[REFUSAL_VALUE_SIZE];
    if (is_in_own_shard(l->chain->proof, id, found)) return STATUS_OK;
    return refuse_list(l, PROOF_WRONG_SHARD, value_of_bytes(account_id_bytes(id), text), found, what);
}

static enum status check_own_accounts(const struct lists *l, const struct account_balance *list, uint32_t count,
                                      const char *what)
{
    enum status status = check_accounts(l, list, count, what);
    for (uint32_t i = 0; i < count && status == STATUS_OK; i++) status = check_own(l, &list[i].account_id, what);
    return status;
}

static enum status check_update(const struct lists *l, const struct validator_accounts_update *u)
{
    if (!u) return STATUS_OK;
    enum status status = check_own_accounts(l, u->stake_info, u->stake_info_count, "stakes of validators");
    if (status == STATUS_OK) status = check_own_accounts(l, u->rewards, u->reward_count, "rewards of validators");
    if (status == STATUS_OK)
        status = check_own_accounts(l, u->last_proposals, u->last_proposal_count, "proposals of validators");
    return status == STATUS_OK && u->has_treasury ? check_own(l, &u->treasury, "treasury") : status;
}

/* ---- shards ------------------------------------------------------------------------------------------------------ */

static int compare_u64(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

/* Sorts `list`; `known`: the shards that there are, sorted. */
static enum status check_sorted(const struct lists *l, uint64_t *list, uint32_t count, const uint64_t *known,
                                uint32_t known_count, const char *what)
{
    char text[REFUSAL_VALUE_SIZE];
    qsort(list, count, sizeof *list, compare_u64);
    for (uint32_t i = 0; i < count; i++) {
        if (i > 0 && list[i - 1] == list[i])
            return refuse_list(l, PROOF_TWICE, value_of_u64(list[i], text), "it once", what);
        if (!bsearch(&list[i], known, known_count, sizeof *known, compare_u64))
            return refuse_list(l, PROOF_NO_SHARD, value_of_u64(list[i], text), "no such shard", what);
    }
    return STATUS_OK;
}

/* A list of shard ids, copied to be sorted. */
struct shard_list {
    uint64_t *ids;
    uint32_t count;
};

static enum status shards_of(size_t count, struct shard_list *out, struct error *e)
{
    *out = (struct shard_list){calloc(count ? count : 1, sizeof *out->ids), 0};
    return out->ids ? STATUS_OK : error_no_memory(e);
}

static enum status check_requests(const struct lists *l, const struct bandwidth_requests *b,
                                  const struct shard_list *known)
{
    struct shard_list list;
    enum status status = shards_of(b->count, &list, l->error);
    if (status != STATUS_OK) return status;
    for (uint32_t i = 0; i < b->count; i++) list.ids[list.count++] = b->requests[i].to_shard;
    status = check_sorted(l, list.ids, list.count, known->ids, known->count, "bandwidth requests of a shard");
    free(list.ids);
    return status;
}

static enum status check_shard_lists(const struct lists *l, const struct chunk *k, const struct shard_list *known)
{
    const uint32_t most = k->congestion_count > k->bandwidth_request_count ? k->congestion_count
                                                                           : k->bandwidth_request_count;
    struct shard_list list;
    enum status status = shards_of(most, &list, l->error);
    if (status != STATUS_OK) return status;
    for (uint32_t i = 0; i < k->congestion_count; i++) list.ids[list.count++] = k->congestion[i].shard_id;
    status = check_sorted(l, list.ids, list.count, known->ids, known->count, "congestion infos");
    list.count = 0;
    for (uint32_t i = 0; i < k->bandwidth_request_count; i++)
        list.ids[list.count++] = k->bandwidth_requests[i].shard_id;
    if (status == STATUS_OK)
        status = check_sorted(l, list.ids, list.count, known->ids, known->count, "bandwidth requests");
    free(list.ids);
    for (uint32_t i = 0; i < k->bandwidth_request_count && status == STATUS_OK; i++)
        status = check_requests(l, &k->bandwidth_requests[i].requests, known);
    return status;
}

/* ---- all of it --------------------------------------------------------------------------------------------------- */

static enum status check_block(const struct lists *l, const struct shard_list *known)
{
    const struct chunk *k = &l->chain->chunks[l->block];
    enum status status = check_accounts(l, k->validators, k->validator_count, "validators");
    if (status == STATUS_OK) status = check_update(l, k->validator_update);
    return status == STATUS_OK ? check_shard_lists(l, k, known) : status;
}

static enum status check_layout(const struct shard_list *shards, struct refusal *r)
{
    char text[REFUSAL_VALUE_SIZE];
    for (uint32_t i = 1; i < shards->count; i++)
        if (shards->ids[i - 1] == shards->ids[i])
            return refuse(r, PROOF_TWICE, value_of_u64(shards->ids[i], text), "it once", "shard ids");
    return STATUS_OK;
}

enum status proof_check_lists(const struct proof_chain *c, struct refusal *r, struct error *e)
{
    const struct shard_layout *shards = &c->proof->shards;
    struct shard_list known;
    enum status status = shards_of(shards->shard_count, &known, e);
    if (status != STATUS_OK) return status;
    known.count = shards->shard_count;
    memcpy(known.ids, shards->shard_ids, known.count * sizeof *known.ids);
    qsort(known.ids, known.count, sizeof *known.ids, compare_u64);
    status = check_layout(&known, r);
    for (uint32_t i = 0; i < c->proof->block_count && status == STATUS_OK; i++) {
        const struct lists l = {c, i, r, e};
        status = check_block(&l, &known);
    }
    free(known.ids);
    return status;
}
