#include "node/records_usage.h"

#include <stdlib.h>

#include "base/array.h"

enum { SLOTS_FIRST = 256, ENTRIES_MAX = 1 << 29 };

/* The slot of the account, or the free one where it belongs. */
static uint32_t find(const struct usage_table *t, const struct account_id *id)
{
    uint32_t slot = (uint32_t)hash_bytes(account_id_bytes(id), &t->key) & (t->slot_count - 1);
    while (t->slots[slot] && !account_id_equal(&t->entries[t->slots[slot] - 1].account, id))
        slot = (slot + 1) & (t->slot_count - 1);
    return slot;
}

static bool grow(struct usage_table *t)
{
    const uint32_t count = t->slot_count ? 2 * t->slot_count : SLOTS_FIRST;
    uint32_t *slots = calloc(count, sizeof *slots);
    if (!slots) return false;
    if (!t->slots) t->key = hash_key_new();
    free(t->slots);
    t->slots = slots;
    t->slot_count = count;
    for (uint32_t i = 0; i < t->count; i++) t->slots[find(t, &t->entries[i].account)] = i + 1;
    return true;
}

enum status usage_of(struct usage_table *t, const struct account_id *id, struct account_usage **out, struct error *e)
{
    if (t->count >= ENTRIES_MAX)
        return error_set(e, STATUS_LIMIT, 0, ERROR_NO_OFFSET, "more than %d accounts", ENTRIES_MAX);
    if (2 * t->count >= t->slot_count && !grow(t)) return error_no_memory(e);
    const uint32_t slot = find(t, id);
    if (!t->slots[slot]) {
        if (!array_grow(&t->entries, t->count, &t->capacity, sizeof *t->entries)) return error_no_memory(e);
        t->entries[t->count] = (struct account_usage){.account = *id};
        t->slots[slot] = ++t->count;
    }
    *out = &t->entries[t->slots[slot] - 1];
    return STATUS_OK;
}

void usage_table_free(struct usage_table *t)
{
    free(t->entries);
    free(t->slots);
    *t = (struct usage_table){0};
}
