/* Where tokens come from, over all blocks. */
#include <stdio.h>

#include "proof/balance.h"
#include "proof/chain.h"

/* Sums under way. */
struct books {
    const struct proof_chain *chain;
    const struct protocol_parameters *parameters;
    const struct trie_store *rows;
    struct balance sums;
    struct refusal *refusal;
};

static enum status refuse_sum(const struct books *b, enum status status, const char *place, struct error *e)
{
    if (status == STATUS_OK || status == STATUS_NO_MEMORY) return status;
    return refuse(b->refusal, PROOF_BALANCE, "", e->message, "balance: %s", place);
}

static enum status add_receipts(struct books *b, struct error *e)
{
    const struct proof_chain *c = b->chain;
    enum status status = STATUS_OK;
    for (uint32_t i = 0; i < c->given_count && status == STATUS_OK; i++) {
        const struct receipt_place *at = &c->given[i];
        status = balance_add_receipt(b->parameters, &c->chunks[at->block].incoming[at->index], &b->sums.before, e);
    }
    return refuse_sum(b, status, "given receipts", e);
}

static enum status add_rewards(struct books *b, struct error *e)
{
    enum status status = STATUS_OK;
    for (uint32_t i = 0; i < b->chain->proof->block_count && status == STATUS_OK; i++)
        status = balance_add_rewards(b->chain->chunks[i].validator_update, &b->sums.before, e);
    return refuse_sum(b, status, "rewards", e);
}

/* What was sent and not received again. */
static enum status add_sent(struct books *b, struct error *e)
{
    const struct proof_chain *c = b->chain;
    struct u128 received = u128_of(0), sent = u128_of(0), left;
    enum status status = STATUS_OK;
    for (uint32_t i = 0; i < c->proof->block_count && status == STATUS_OK; i++) {
        for (uint32_t k = 0; k < c->proof->blocks[i].outgoing_count && status == STATUS_OK; k++)
            status = balance_add_receipt(b->parameters, &c->outgoing[i][k], &sent, e);
        for (uint32_t k = 0; k < c->proof->blocks[i].incoming_count && status == STATUS_OK; k++)
            if (!c->origins[i][k].given)
                status = balance_add_receipt(b->parameters, &c->chunks[i].incoming[k], &received, e);
    }
    if (status == STATUS_OK && u128_subtract(sent, received, &left)) status = balance_add(&b->sums.after, left, e);
    return refuse_sum(b, status, "outgoing receipts", e);
}

static enum status add_old_value(struct books *b, const struct proof_change *c, struct error *e)
{
    struct bytes row;
    const bool there = trie_store_row(b->rows, &c->old_value.hash, &row);
    if (!there && !c->is && tokens_may_be_unread(c->key)) return STATUS_OK;
    const struct trie_missing missing = {c->old_value.hash, true};
    if (!there) return refuse_missing(b->refusal, &missing, "balance: old value");
    return refuse_sum(b, balance_add_value(b->parameters, c->key, row, &b->sums.before, e), "old value", e);
}

static enum status add_change(struct books *b, const struct proof_change *c, struct error *e)
{
    struct bytes row;
    if (!tokens_may_be_under(c->key)) return STATUS_OK;
    enum status status = c->was ? add_old_value(b, c, e) : STATUS_OK;
    if (status != STATUS_OK || !c->is || !trie_store_row(b->rows, &c->new_value.hash, &row)) return status;
    return refuse_sum(b, balance_add_value(b->parameters, c->key, row, &b->sums.after, e), "new value", e);
}

enum status proof_check_net_balance(const struct proof_chain *c, const struct trie_store *rows, struct refusal *r,
                                    struct error *e)
{
    struct books b = {.chain = c, .parameters = parameters_of(c->proof->protocol_version), .rows = rows, .refusal = r};
    char claimed[REFUSAL_VALUE_SIZE], found[REFUSAL_VALUE_SIZE];
    if (!b.parameters) return STATUS_OK; /* what a receipt's gas costs is not known */
    enum status status = add_receipts(&b, e);
    if (status == STATUS_OK) status = add_rewards(&b, e);
    if (status == STATUS_OK) status = add_sent(&b, e);
    for (uint32_t i = 0; i < c->proof->change_count && status == STATUS_OK; i++)
        status = add_change(&b, &c->proof->changes[i], e);
    if (status != STATUS_OK || !u128_less(b.sums.before, b.sums.after)) return status;
    return refuse(r, PROOF_BALANCE, value_of_u128(b.sums.after, claimed), value_of_u128(b.sums.before, found),
                  "balance: yoctoNEAR after all blocks, and what there was and came in");
}
