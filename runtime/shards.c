/* Which shard an account lives in, and which place a shard has in the layout. */
#include "runtime/runtime.h"

bool shard_index_of_id(const struct shard_layout *l, uint64_t shard_id, uint32_t *index)
{
    for (uint32_t i = 0; i < l->shard_count; i++) {
        if (l->shard_ids[i] != shard_id) continue;
        *index = i;
        return true;
    }
    return false;
}

uint32_t shard_index_of_account(const struct shard_layout *l, const struct account_id *id)
{
    uint32_t low = 0, high = l->shard_count - 1; /* the answer is one of low..high */
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (account_id_compare(id, &l->boundary_accounts[middle]) < 0) high = middle;
        else low = middle + 1;
    }
    return low;
}
