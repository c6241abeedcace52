#include <stdlib.h>

#include "cli/call.h"

/* Among what came in, what was applied, and what went out (and was applied later). */
static const struct receipt *find_receipt(const struct call *c, const struct crypto_hash *id)
{
    for (uint32_t b = 0; b < c->block_count; b++) {
        const struct chunk *chunk = &c->blocks[b]->chunk;
        const struct chunk_result *r = &c->blocks[b]->result;
        for (uint32_t i = 0; i < chunk->incoming_count; i++)
            if (crypto_hash_equal(&chunk->incoming[i].receipt_id, id)) return &chunk->incoming[i];
        for (uint32_t i = 0; i < r->processed_count; i++)
            if (crypto_hash_equal(&r->processed[i].receipt->receipt_id, id)) return r->processed[i].receipt;
    }
    return NULL;
}

struct call_entry *call_entries(const struct call *c, uint32_t *count)
{
    size_t total = 0;
    for (uint32_t b = 0; b < c->block_count; b++) total += c->blocks[b]->result.outcome_count;
    struct call_entry *entries = calloc(total + 1, sizeof *entries);
    *count = 0;
    for (uint32_t b = 0; entries && b < c->block_count; b++) {
        const struct chunk_result *r = &c->blocks[b]->result;
        for (uint32_t i = 0; i < r->outcome_count; i++)
            entries[(*count)++] = (struct call_entry){.outcome = &r->outcomes[i],
                                                      .receipt = find_receipt(c, &r->outcomes[i].id),
                                                      .height = c->blocks[b]->chunk.block_height};
    }
    return entries;
}

struct call_entry *call_find(struct call_entry *entries, uint32_t count, const struct crypto_hash *id)
{
    for (uint32_t i = 0; i < count; i++)
        if (crypto_hash_equal(&entries[i].outcome->id, id)) return &entries[i];
    return NULL;
}

const struct execution_outcome *call_final(struct call_entry *entries, uint32_t count)
{
    const struct call_entry *at = entries;
    for (uint32_t steps = 0; at && at->outcome->status == EXECUTION_SUCCESS_RECEIPT_ID && steps < count; steps++) {
        const struct call_entry *next = call_find(entries, count, &at->outcome->receipt_id);
        if (!next) break; /* a yield that waits */
        at = next;
    }
    return at->outcome;
}

void call_totals(const struct call_entry *entries, uint32_t count, uint64_t *gas, struct u128 *tokens)
{
    *gas = 0;
    *tokens = u128_of(0);
    for (uint32_t i = 0; i < count; i++) {
        *gas += entries[i].outcome->gas_burnt;
        (void)u128_add(*tokens, entries[i].outcome->tokens_burnt, tokens);
    }
}
