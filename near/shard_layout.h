/* Which shard an account lives in. Source: near-primitives 0.38.0, shard_layout/v2.rs and v3.rs.
 *
 * Shards have ids, which say nothing about their order, and indices, which count the ranges of account ids from the
 * first to the last. Layouts that split accounts by hash (V0) are not known here, nor are shards' parents. */
#ifndef NEAR_SHARD_LAYOUT_H
#define NEAR_SHARD_LAYOUT_H

#include "near/account_id.h"

/* Owns nothing. */
struct shard_layout {
    const uint64_t *shard_ids;           /* by index; none of them twice */
    uint32_t shard_count;                /* at least 1 */
    const struct account_id *boundaries; /* shard_count - 1 in ascending order: shard i ends before boundaries[i] */
};

/* False: no shard has this id; *index is then unchanged. */
bool shard_layout_index(const struct shard_layout *l, uint64_t shard_id, uint32_t *index);

/* The index of the shard in which the account lives. */
uint32_t shard_layout_index_of_account(const struct shard_layout *l, const struct account_id *account);

#endif
