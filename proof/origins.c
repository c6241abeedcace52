/* Where the receipts of a chain of blocks come from. */
#include "proof/doors.h"

#include <stdlib.h>

/* A receipt that was sent. Equal ones are neighbours, in the order in which they were sent. */
struct sent {
    struct crypto_hash hash; /* of its bytes */
    uint32_t block, index;
    size_t taken;            /* of the first of equals: how many of them are delivered */
};

static int compare_sent(const void *a, const void *b)
{
    const struct sent *x = a, *y = b;
    const int order = memcmp(x->hash.bytes, y->hash.bytes, sizeof x->hash.bytes);
    if (order) return order;
    if (x->block != y->block) return x->block < y->block ? -1 : 1;
    return (x->index > y->index) - (x->index < y->index);
}

/* The first that is not below the hash. */
static size_t find_sent(const struct sent *list, size_t count, const struct crypto_hash *hash)
{
    size_t low = 0, high = count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (memcmp(list[middle].hash.bytes, hash->bytes, sizeof hash->bytes) < 0) low = middle + 1;
        else high = middle;
    }
    return low;
}

static size_t collect(const struct execution_proof *p, struct sent *list)
{
    size_t count = 0;
    for (uint32_t b = 0; b < p->block_count; b++) {
        for (uint32_t i = 0; i < p->blocks[b].outgoing_count; i++) {
            list[count++] = (struct sent){.hash = crypto_hash_of(p->blocks[b].outgoing[i]), .block = b, .index = i};
        }
    }
    if (count) qsort(list, count, sizeof *list, compare_sent);
    return count;
}

static struct proof_origin origin_of(struct sent *list, size_t count, struct bytes receipt, uint32_t block)
{
    const struct crypto_hash hash = crypto_hash_of(receipt);
    const size_t first = find_sent(list, count, &hash);
    const size_t at = first < count ? first + list[first].taken : count;
    if (at >= count || !crypto_hash_equal(&list[at].hash, &hash) || list[at].block >= block)
        return (struct proof_origin){.given = true};
    list[first].taken++;
    return (struct proof_origin){.block = list[at].block, .index = list[at].index};
}

/* The tables of one block; null: no memory. */
static struct proof_origin *origins_of_block(const struct execution_proof *p, uint32_t index, struct sent *list,
                                             size_t count, struct arena *arena, bool **delivered)
{
    const struct proof_block *b = &p->blocks[index];
    struct proof_origin *origins = arena_array(arena, b->incoming_count, sizeof *origins);
    delivered[index] = arena_array(arena, b->outgoing_count, sizeof *delivered[index]);
    if (!origins || !delivered[index]) return NULL;
    for (uint32_t i = 0; i < b->incoming_count; i++) {
        origins[i] = origin_of(list, count, b->incoming[i], index);
        if (!origins[i].given) delivered[origins[i].block][origins[i].index] = true;
    }
    return origins;
}

enum status proof_origins_of(const struct execution_proof *p, struct arena *arena, struct proof_origins *out,
                             struct error *e)
{
    size_t sent = 0;
    for (uint32_t b = 0; b < p->block_count; b++) sent += p->blocks[b].outgoing_count;
    struct sent *list = arena_array(arena, sent, sizeof *list);
    const struct proof_origin **incoming = arena_array(arena, p->block_count, sizeof *incoming);
    bool **delivered = arena_array(arena, p->block_count, sizeof *delivered);
    if (!list || !incoming || !delivered) return error_no_memory(e);
    sent = collect(p, list);
    *out = (struct proof_origins){.incoming = incoming, .delivered = (const bool *const *)delivered};
    for (uint32_t b = 0; b < p->block_count; b++) {
        incoming[b] = origins_of_block(p, b, list, sent, arena, delivered);
        if (!incoming[b]) return error_no_memory(e);
        out->transactions += p->blocks[b].transaction_count;
        for (uint32_t i = 0; i < p->blocks[b].incoming_count; i++) out->given += incoming[b][i].given;
        out->derived += p->blocks[b].incoming_count;
    }
    out->derived -= out->given;
    return STATUS_OK;
}
