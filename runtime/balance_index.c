#include "runtime/balance_index.h"

#include "base/sort.h"

static bool before(const void *context, uint32_t a, uint32_t b)
{
    const struct account_balance *list = context;
    return account_id_compare(&list[a].account_id, &list[b].account_id) < 0;
}

enum status balance_index_make(const struct account_balance *list, uint32_t count, struct arena *arena,
                               struct balance_index *out, struct error *e)
{
    uint32_t *order = arena_array(arena, count, sizeof *order), *spare = arena_array(arena, count, sizeof *spare);
    *out = (struct balance_index){0};
    if (!order || !spare) return error_no_memory(e);
    for (uint32_t i = 0; i < count; i++) order[i] = i;
    sort_order(order, spare, count, before, list);
    *out = (struct balance_index){list, order, count};
    return STATUS_OK;
}

const struct account_balance *balance_index_find(const struct balance_index *index, const struct account_id *id)
{
    uint32_t low = 0, high = index->count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (account_id_compare(&index->list[index->order[middle]].account_id, id) < 0) low = middle + 1;
        else high = middle;
    }
    const struct account_balance *found = low < index->count ? &index->list[index->order[low]] : NULL;
    return found && account_id_equal(&found->account_id, id) ? found : NULL;
}
