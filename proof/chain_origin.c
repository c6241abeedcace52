/* Where receipts come from. A new chunk gets, in their order and in one piece, all receipts that the last new chunk of
 * its own shard has sent to its own shard; before and after them what other shards have sent. */
#include <stdio.h>

#include "proof/chain.h"

/* What the last new chunk has sent to its own shard. */
struct sent {
    uint32_t block;
    uint32_t *indices; /* among its outgoing receipts */
    uint32_t count;
    bool any_chunk;    /* there was a new chunk */
};

/* ---- reading ----------------------------------------------------------------------------------------------------- */

static enum status read_outgoing(struct proof_chain *c, const struct proof_block *b, const struct receipt **out,
                                 struct error *e)
{
    struct receipt *receipts = arena_array(&c->arena, b->outgoing_count, sizeof *receipts);
    if (!receipts) return error_no_memory(e);
    for (uint32_t i = 0; i < b->outgoing_count; i++) {
        enum status status = receipt_from_borsh(b->outgoing[i], &c->arena, &receipts[i], e);
        if (status != STATUS_OK) return status;
    }
    *out = receipts;
    return STATUS_OK;
}

static enum status read_blocks(struct proof_chain *c, struct error *e)
{
    const struct execution_proof *p = c->proof;
    const struct receipt **outgoing = arena_array(&c->arena, p->block_count, sizeof *outgoing);
    c->chunks = arena_array(&c->arena, p->block_count, sizeof *c->chunks);
    if (!outgoing || !c->chunks) return error_no_memory(e);
    c->outgoing = outgoing;
    enum status status = STATUS_OK;
    for (uint32_t i = 0; i < p->block_count && status == STATUS_OK; i++) {
        status = proof_chunk(p, &p->blocks[i], &c->arena, &c->chunks[i], e);
        if (status == STATUS_OK) status = read_outgoing(c, &p->blocks[i], &outgoing[i], e);
    }
    return status;
}

/* ---- nothing without a new chunk --------------------------------------------------------------------------------- */

static enum status check_nothing(const struct proof_chain *c, uint32_t index, const char *what, uint32_t count,
                                 struct refusal *r)
{
    char place[64], claimed[REFUSAL_VALUE_SIZE];
    if (count == 0) return STATUS_OK;
    return refuse(r, PROOF_OLD_CHUNK, value_of_u64(count, claimed), "0", "%s: %s", block_place(c->proof, index, place),
                  what);
}

static enum status check_old_chunk(const struct proof_chain *c, uint32_t index, struct refusal *r)
{
    const struct proof_block *b = &c->proof->blocks[index];
    enum status status = check_nothing(c, index, "transactions", b->transaction_count, r);
    if (status == STATUS_OK) status = check_nothing(c, index, "incoming receipts", b->incoming_count, r);
    if (status == STATUS_OK) status = check_nothing(c, index, "outcomes", b->outcome_count, r);
    if (status == STATUS_OK) status = check_nothing(c, index, "outgoing receipts", b->outgoing_count, r);
    return status;
}

/* ---- delivery ---------------------------------------------------------------------------------------------------- */

static bool is_for_own_shard(const struct execution_proof *p, const struct receipt *r)
{
    if (r->kind == RECEIPT_global_contract_distribution)
        return r->global_contract_distribution.target_shard == p->shards.shard_ids[p->shard_index];
    return shard_index_of_account(&p->shards, &r->receiver_id) == p->shard_index;
}

static enum status find_sent(struct proof_chain *c, uint32_t block, struct sent *out, struct error *e)
{
    const uint32_t count = c->proof->blocks[block].outgoing_count;
    *out = (struct sent){.block = block, .any_chunk = true};
    out->indices = arena_array(&c->arena, count, sizeof *out->indices);
    if (!out->indices) return error_no_memory(e);
    for (uint32_t i = 0; i < count; i++)
        if (is_for_own_shard(c->proof, &c->outgoing[block][i])) out->indices[out->count++] = i;
    return STATUS_OK;
}

static enum status refuse_delivery(const struct proof_chain *c, uint32_t block, uint32_t index,
                                   const struct crypto_hash *expected, struct refusal *r)
{
    char place[64], claimed[REFUSAL_VALUE_SIZE] = "none", found[REFUSAL_VALUE_SIZE];
    if (index < c->chunks[block].incoming_count) value_of_hash(&c->chunks[block].incoming[index].receipt_id, claimed);
    return refuse(r, PROOF_DELIVERY, claimed, value_of_hash(expected, found), "%s: incoming receipt %lu",
                  block_place(c->proof, block, place), (unsigned long)index);
}

/* What the blocks before have sent is in one piece from `start` on. */
static enum status match(struct proof_chain *c, uint32_t block, uint32_t start, const struct sent *s,
                         struct refusal *r)
{
    const struct proof_block *from = &c->proof->blocks[s->block], *to = &c->proof->blocks[block];
    for (uint32_t k = 0; k < s->count; k++) {
        const uint32_t at = start + k, index = s->indices[k];
        const struct crypto_hash *id = &c->outgoing[s->block][index].receipt_id;
        char place[64], claimed[REFUSAL_VALUE_SIZE], found[REFUSAL_VALUE_SIZE];
        if (at >= to->incoming_count || !crypto_hash_equal(&c->chunks[block].incoming[at].receipt_id, id))
            return refuse_delivery(c, block, at, id, r);
        if (!bytes_equal(to->incoming[at], from->outgoing[index])) {
            const struct crypto_hash a = crypto_hash_of(to->incoming[at]), b = crypto_hash_of(from->outgoing[index]);
            return refuse(r, PROOF_FORGED, value_of_hash(&a, claimed), value_of_hash(&b, found),
                          "%s: incoming receipt %lu, which block %lu has sent: SHA-256",
                          block_place(c->proof, block, place), (unsigned long)at, (unsigned long)s->block);
        }
        c->origins[block][at] = (struct receipt_origin){.sent = {s->block, index}};
    }
    return STATUS_OK;
}

static enum status deliver(struct proof_chain *c, uint32_t block, const struct sent *s, struct refusal *r)
{
    const struct chunk *k = &c->chunks[block];
    uint32_t start = 0;
    if (s->count == 0) return STATUS_OK;
    const struct crypto_hash *first = &c->outgoing[s->block][s->indices[0]].receipt_id;
    while (start < k->incoming_count && !crypto_hash_equal(&k->incoming[start].receipt_id, first)) start++;
    if (start == k->incoming_count) start = 0; /* which refuses the first */
    return match(c, block, start, s, r);
}

/* ---- given receipts ---------------------------------------------------------------------------------------------- */

/* Whether another shard can have sent it. A global contract goes from shard to shard in the name of who deployed it,
 * and to that account's shard first. */
static bool may_be_foreign(const struct execution_proof *p, const struct receipt *r)
{
    if (p->shards.shard_count == 1) return false;
    if (account_id_is_system(&r->predecessor_id)) return true;
    return shard_index_of_account(&p->shards, &r->predecessor_id) != p->shard_index;
}

/* After the first new chunk all that the own shard sends is known. */
static enum status check_given(const struct proof_chain *c, uint32_t block, struct refusal *r)
{
    const struct chunk *k = &c->chunks[block];
    for (uint32_t i = 0; i < k->incoming_count; i++) {
        char place[64], claimed[REFUSAL_VALUE_SIZE];
        if (!c->origins[block][i].given || may_be_foreign(c->proof, &k->incoming[i])) continue;
        return refuse(r, PROOF_NO_ORIGIN, value_of_hash(&k->incoming[i].receipt_id, claimed), "no such receipt",
                      "%s: incoming receipt %lu", block_place(c->proof, block, place), (unsigned long)i);
    }
    return STATUS_OK;
}

/* ---- all blocks -------------------------------------------------------------------------------------------------- */

static enum status add_origins(struct proof_chain *c, struct error *e)
{
    const struct execution_proof *p = c->proof;
    struct receipt_origin **origins = arena_array(&c->arena, p->block_count, sizeof *origins);
    if (!origins) return error_no_memory(e);
    for (uint32_t i = 0; i < p->block_count; i++) {
        const uint32_t count = p->blocks[i].incoming_count;
        origins[i] = arena_array(&c->arena, count, sizeof *origins[i]);
        if (!origins[i]) return error_no_memory(e);
        for (uint32_t k = 0; k < count; k++) origins[i][k].given = true;
    }
    c->origins = origins;
    return STATUS_OK;
}

static enum status list_given(struct proof_chain *c, struct error *e)
{
    const struct execution_proof *p = c->proof;
    size_t most = 0;
    for (uint32_t i = 0; i < p->block_count; i++) most += p->blocks[i].incoming_count;
    struct receipt_place *given = arena_array(&c->arena, most, sizeof *given);
    if (!given) return error_no_memory(e);
    for (uint32_t i = 0; i < p->block_count; i++)
        for (uint32_t k = 0; k < p->blocks[i].incoming_count; k++)
            if (c->origins[i][k].given) given[c->given_count++] = (struct receipt_place){i, k};
    c->given = given;
    return STATUS_OK;
}

static enum status list_undelivered(struct proof_chain *c, const struct sent *last, struct error *e)
{
    struct receipt_place *list = arena_array(&c->arena, last->count, sizeof *list);
    if (!list) return error_no_memory(e);
    for (uint32_t i = 0; i < last->count; i++) list[i] = (struct receipt_place){last->block, last->indices[i]};
    c->undelivered = list;
    c->undelivered_count = last->count;
    return STATUS_OK;
}

static enum status follow(struct proof_chain *c, struct refusal *r, struct error *e)
{
    struct sent last = {0};
    enum status status = STATUS_OK;
    for (uint32_t i = 0; i < c->proof->block_count && status == STATUS_OK; i++) {
        if (!c->chunks[i].is_new_chunk) {
            status = check_old_chunk(c, i, r);
            continue;
        }
        status = deliver(c, i, &last, r);
        if (status == STATUS_OK && last.any_chunk) status = check_given(c, i, r);
        if (status == STATUS_OK) status = find_sent(c, i, &last, e);
    }
    return status == STATUS_OK ? list_undelivered(c, &last, e) : status;
}

enum status proof_chain_read(const struct execution_proof *p, struct proof_chain *out, struct refusal *r,
                             struct error *e)
{
    *out = (struct proof_chain){.proof = p};
    enum status status = read_blocks(out, e);
    if (status == STATUS_OK) status = add_origins(out, e);
    if (status == STATUS_OK) status = follow(out, r, e);
    return status == STATUS_OK ? list_given(out, e) : status;
}

void proof_chain_free(struct proof_chain *c)
{
    arena_free(&c->arena);
    *c = (struct proof_chain){0};
}
