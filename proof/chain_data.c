/* Data: what a promise gets is what was made for it. A receipt that makes data names whom they are for, by an id that
 * no other data have; a receipt that needs them names the same id. (A yield may be resumed several times: only the
 * first counts, and its account does all of that.) */
#include <stdio.h>
#include <stdlib.h>

#include "proof/chain.h"
#include "proof/named_ids.h"

/* In which way the id of data is mentioned. */
enum mention {
    MENTION_ORDERED_ABROAD, /* a receipt to another shard that a block has sent makes them, or hands that on */
    MENTION_ORDERED,        /* a receipt that is executed in the own shard does */
    MENTION_AWAITED,        /* a receipt that a block has sent needs them */
    MENTION_AWAITED_GIVEN,  /* a given receipt needs them */
    MENTION_SENT,           /* they were sent */
    MENTION_RECEIVED,       /* they came in, sent by a block of the proof */
    MENTION_GIVEN,          /* they came in, given */
};

/* ---- gathering --------------------------------------------------------------------------------------------------- */

static size_t mentions_of(const struct receipt *r)
{
    if (r->kind == RECEIPT_data) return 1;
    return receipt_has_actions(r) ? (size_t)r->action.input_data_id_count + r->action.output_data_receiver_count : 0;
}

static size_t count_all(const struct proof_chain *c)
{
    size_t count = 0;
    for (uint32_t b = 0; b < c->proof->block_count; b++) {
        for (uint32_t i = 0; i < c->proof->blocks[b].outgoing_count; i++) count += mentions_of(&c->outgoing[b][i]);
        for (uint32_t i = 0; i < c->chunks[b].incoming_count; i++) count += mentions_of(&c->chunks[b].incoming[i]);
    }
    return count;
}

static void add_actions(struct names *n, const struct receipt *r, enum mention ordered, enum mention awaited,
                        uint32_t block, uint32_t index)
{
    for (uint32_t i = 0; i < r->action.output_data_receiver_count; i++)
        names_add(n, &r->action.output_data_receivers[i].data_id, ordered, block, index);
    for (uint32_t i = 0; i < r->action.input_data_id_count; i++)
        names_add(n, &r->action.input_data_ids[i], awaited, block, index);
}

static void add_outgoing(const struct proof_chain *c, uint32_t block, struct names *n)
{
    const struct execution_proof *p = c->proof;
    for (uint32_t i = 0; i < p->blocks[block].outgoing_count; i++) {
        const struct receipt *r = &c->outgoing[block][i];
        const bool abroad = shard_index_of_account(&p->shards, &r->receiver_id) != p->shard_index;
        if (r->kind == RECEIPT_data) names_add(n, &r->data.data_id, MENTION_SENT, block, i);
        if (receipt_has_actions(r))
            add_actions(n, r, abroad ? MENTION_ORDERED_ABROAD : MENTION_ORDERED, MENTION_AWAITED, block, i);
    }
}

/* What was sent by a block has been counted there. */
static void add_incoming(const struct proof_chain *c, uint32_t block, struct names *n)
{
    for (uint32_t i = 0; i < c->chunks[block].incoming_count; i++) {
        const struct receipt *r = &c->chunks[block].incoming[i];
        const bool given = c->origins[block][i].given;
        if (r->kind == RECEIPT_data) names_add(n, &r->data.data_id, given ? MENTION_GIVEN : MENTION_RECEIVED, block, i);
        if (receipt_has_actions(r) && given) add_actions(n, r, MENTION_ORDERED, MENTION_AWAITED_GIVEN, block, i);
    }
}

/* ---- checking ---------------------------------------------------------------------------------------------------- */

static enum status refuse_data(const struct proof_chain *c, enum proof_error code, const struct named *at,
                               const char *found, struct refusal *r)
{
    const bool out = at->mention == MENTION_SENT || at->mention == MENTION_AWAITED;
    char place[64], id[REFUSAL_VALUE_SIZE];
    return refuse(r, code, value_of_hash(at->id, id), found, "%s: %s receipt %lu: data id",
                  block_place(c->proof, at->block, place), out ? "outgoing" : "incoming", (unsigned long)at->index);
}

/* What is said of one id. */
struct group {
    const struct named *abroad;               /* the first that was ordered there */
    const struct named *own, *awaited, *sent, *came;
    const struct named *awaited_again, *sent_again, *came_again;
};

static void note(const struct named *at, const struct named **first, const struct named **again)
{
    if (*first) *again = at;
    else *first = at;
}

static struct group group_of(const struct named *items, size_t count)
{
    struct group g = {0};
    const struct named *ignored = NULL;
    for (size_t i = 0; i < count; i++) {
        const struct named *at = &items[i];
        if (at->mention == MENTION_ORDERED_ABROAD) note(at, &g.abroad, &ignored);
        else if (at->mention == MENTION_SENT) note(at, &g.sent, &g.sent_again);
        else if (at->mention >= MENTION_RECEIVED) note(at, &g.came, &g.came_again);
        else if (at->mention != MENTION_ORDERED) note(at, &g.awaited, &g.awaited_again);
        if (at->mention == MENTION_ORDERED || at->mention == MENTION_AWAITED) g.own = at;
    }
    return g;
}

/* Given data are either those that a receipt to another shard was to make, or such that no block of the proof knows
 * of. The next block's chunk takes the receipt there, and the one after that brings what it has made. */
static enum status check_given(const struct proof_chain *c, const struct group *g, struct refusal *r)
{
    const struct named *given = g->came_again ? g->came_again : g->came; /* given ones are last */
    if (!given || given->mention != MENTION_GIVEN || (!g->own && !g->sent && !g->abroad)) return STATUS_OK;
    if (g->sent || !g->abroad) return refuse_data(c, PROOF_DATA, given, "they are made in this shard", r);
    if (given->block - g->abroad->block >= 2 && given->block > g->abroad->block) return STATUS_OK;
    return refuse_data(c, PROOF_DATA, given, "nobody has them yet", r);
}

/* Data are sent once, come in once, and are awaited once. */
static enum status check_group(const struct proof_chain *c, const struct group *g, struct refusal *r)
{
    enum status status = check_given(c, g, r);
    if (status != STATUS_OK) return status;
    if (g->awaited_again) return refuse_data(c, PROOF_TWICE, g->awaited_again, "another receipt waits for it", r);
    if (g->sent_again) return refuse_data(c, PROOF_SAME_ID, g->sent_again, "they were sent before", r);
    return g->came_again ? refuse_data(c, PROOF_SAME_ID, g->came_again, "they came in before", r) : STATUS_OK;
}

static enum status check_sorted(const struct proof_chain *c, const struct names *n, struct refusal *r)
{
    enum status status = STATUS_OK;
    for (size_t first = 0, end; first < n->count && status == STATUS_OK; first = end) {
        for (end = first + 1; end < n->count && crypto_hash_equal(n->items[first].id, n->items[end].id);) end++;
        const struct group g = group_of(&n->items[first], end - first);
        status = check_group(c, &g, r);
    }
    return status;
}

enum status proof_check_data(const struct proof_chain *c, struct refusal *r, struct error *e)
{
    struct names n;
    if (!names_begin(&n, count_all(c))) return error_no_memory(e);
    for (uint32_t i = 0; i < c->proof->block_count; i++) {
        add_outgoing(c, i, &n);
        add_incoming(c, i, &n);
    }
    names_sort(&n);
    enum status status = check_sorted(c, &n, r);
    names_free(&n);
    return status;
}

/* ---- yields ------------------------------------------------------------------------------------------------------ */

static int compare_ids(const void *a, const void *b)
{
    const struct crypto_hash *const *x = a, *const *y = b;
    return memcmp((*x)->bytes, (*y)->bytes, CRYPTO_HASH_SIZE);
}

/* The data ids of the yields that the block has made, which it applies at once. */
static size_t list_yields(const struct chunk_result *result, const struct crypto_hash **out)
{
    size_t count = 0;
    for (uint32_t i = 0; i < result->processed_count; i++) {
        const struct processed_receipt *x = &result->processed[i];
        if (x->source == RECEIPT_SOURCE_INSTANT && receipt_is_yield(x->receipt) &&
            x->receipt->action.input_data_id_count)
            out[count++] = &x->receipt->action.input_data_ids[0];
    }
    return count;
}

enum status proof_check_yields(const struct execution_proof *p, const struct chunk *chunk,
                               const struct chunk_result *result, uint32_t index, struct refusal *r, struct error *e)
{
    const struct crypto_hash **yields = calloc(result->processed_count ? result->processed_count : 1, sizeof *yields);
    char place[64], id[REFUSAL_VALUE_SIZE];
    enum status status = yields ? STATUS_OK : error_no_memory(e);
    if (status != STATUS_OK) return status;
    const size_t count = list_yields(result, yields);
    qsort(yields, count, sizeof *yields, compare_ids);
    for (uint32_t i = 0; i < chunk->incoming_count && status == STATUS_OK; i++) {
        const struct receipt *x = &chunk->incoming[i];
        const struct crypto_hash *data_id = receipt_has_data(x) ? &x->data.data_id : NULL;
        if (data_id && bsearch(&data_id, yields, count, sizeof *yields, compare_ids))
            status = refuse(r, PROOF_DATA, value_of_hash(data_id, id), "the yield was made in this block",
                            "%s: incoming receipt %lu: data id", block_place(p, index, place), (unsigned long)i);
    }
    free(yields);
    return status;
}
