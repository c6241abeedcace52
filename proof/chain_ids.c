/* Ids. What has the same id is the same thing: a transaction is executed once, a receipt is made once, delivered once
 * and executed once. */
#include <stdio.h>

#include "near/receipt_queue.h"
#include "near/trie_key.h"
#include "proof/chain.h"
#include "proof/named_ids.h"

/* In which way an id is mentioned. */
enum mention {
    MENTION_TRANSACTION, /* its hash */
    MENTION_BUFFERED,    /* it has left one of the old state's buffers */
    MENTION_WAITING,     /* it waited in the old state for its turn, for data, or to be resumed, and does so no more */
    MENTION_MADE,        /* an outcome says that it made the receipt */
    MENTION_SENT,        /* outgoing */
    MENTION_RECEIVED,    /* incoming, sent by a block of the proof */
    MENTION_GIVEN,       /* incoming, given */
    MENTION_OUTCOME,
    MENTION_COUNT,
};

static const char *const mention_names[MENTION_COUNT] = {
    "transaction",      "change (buffered receipt)", "change (waiting receipt)", "receipt made by outcome",
    "outgoing receipt", "incoming receipt",          "given receipt",            "outcome",
};

static size_t count_all(const struct execution_proof *p)
{
    size_t count = p->change_count;
    for (uint32_t i = 0; i < p->block_count; i++) {
        const struct proof_block *b = &p->blocks[i];
        count += (size_t)b->transaction_count + b->incoming_count + b->outgoing_count + b->outcome_count;
        for (uint32_t k = 0; k < b->outcome_count; k++) count += b->outcomes[k].outcome.receipt_id_count;
    }
    return count;
}

static void add_block(const struct proof_chain *c, uint32_t i, struct names *n)
{
    const struct proof_block *b = &c->proof->blocks[i];
    const struct chunk *k = &c->chunks[i];
    for (uint32_t t = 0; t < b->transaction_count; t++)
        names_add(n, &k->transactions[t].hash, MENTION_TRANSACTION, i, t);
    for (uint32_t t = 0; t < b->incoming_count; t++)
        names_add(n, &k->incoming[t].receipt_id, c->origins[i][t].given ? MENTION_GIVEN : MENTION_RECEIVED, i, t);
    for (uint32_t t = 0; t < b->outgoing_count; t++) names_add(n, &c->outgoing[i][t].receipt_id, MENTION_SENT, i, t);
    for (uint32_t t = 0; t < b->outcome_count; t++) {
        const struct execution_outcome *o = &b->outcomes[t].outcome;
        names_add(n, &o->id, MENTION_OUTCOME, i, t);
        for (uint32_t m = 0; m < o->receipt_id_count; m++) names_add(n, &o->receipt_ids[m], MENTION_MADE, i, t);
    }
}

/* The receipt that was the old value. */
static enum status read_waiting(enum trie_key_kind kind, struct bytes row, struct arena *arena, struct receipt **out,
                                struct error *e)
{
    struct stored_receipt *stored = arena_alloc(arena, sizeof *stored);
    if (!stored) return error_no_memory(e);
    *out = &stored->receipt;
    if (kind == TRIE_KEY_DELAYED_RECEIPT || kind == TRIE_KEY_BUFFERED_RECEIPT)
        return stored_receipt_from_borsh(row, arena, stored, e);
    return receipt_from_borsh(row, arena, &stored->receipt, e);
}

static bool is_waiting(enum trie_key_kind kind)
{
    return kind == TRIE_KEY_DELAYED_RECEIPT || kind == TRIE_KEY_BUFFERED_RECEIPT || kind == TRIE_KEY_YIELD_RECEIPT;
}

/* The id of what waited under the key; null: nothing did, or the row is for others to refuse. */
static enum status find_waiting(const struct trie_key *key, const struct trie_value *old,
                                const struct trie_store *rows, struct arena *arena, const struct crypto_hash **out,
                                struct error *e)
{
    struct bytes row;
    struct receipt *receipt = NULL;
    *out = NULL;
    if (!is_waiting(key->kind) || !trie_store_row(rows, &old->hash, &row)) return STATUS_OK;
    enum status status = read_waiting(key->kind, row, arena, &receipt, e);
    if (status == STATUS_OK && receipt) *out = &receipt->receipt_id;
    return status == STATUS_NO_MEMORY ? status : STATUS_OK;
}

/* The id of a postponed receipt is in its key: its place can be taken by another one without reading it. */
static enum status add_change(const struct proof_chain *c, uint32_t i, const struct trie_store *rows,
                              struct arena *arena, struct names *n, struct error *e)
{
    const struct proof_change *change = &c->proof->changes[i];
    struct trie_key *key = arena_alloc(arena, sizeof *key);
    const struct crypto_hash *id = NULL;
    if (!key) return error_no_memory(e);
    if (!change->was || trie_key_parse(change->key, key, NULL) != STATUS_OK) return STATUS_OK;
    enum status status = STATUS_OK;
    if (key->kind == TRIE_KEY_POSTPONED_RECEIPT) id = &key->hash;
    else status = find_waiting(key, &change->old_value, rows, arena, &id, e);
    if (id) names_add(n, id, key->kind == TRIE_KEY_BUFFERED_RECEIPT ? MENTION_BUFFERED : MENTION_WAITING, 0, i);
    return status;
}

/* A receipt is made, sent, received and executed, and one from a buffer sent; what was given or waited, like a
 * transaction, is only executed. */
static bool may_both_be(unsigned a, unsigned b)
{
    if (a == b) return false;
    if (b == MENTION_OUTCOME) return true;
    if (a == MENTION_BUFFERED) return b == MENTION_SENT || b == MENTION_RECEIVED;
    return a != MENTION_TRANSACTION && a != MENTION_WAITING && b != MENTION_GIVEN;
}

static enum status refuse_pair(const struct proof_chain *c, const struct named *a, const struct named *b,
                               struct refusal *r)
{
    char place[64], id[REFUSAL_VALUE_SIZE], other[REFUSAL_VALUE_SIZE];
    snprintf(other, sizeof other, "%s %lu of block %lu has it", mention_names[a->mention], (unsigned long)a->index,
             (unsigned long)a->block);
    return refuse(r, PROOF_SAME_ID, value_of_hash(b->id, id), other, "%s: %s %lu",
                  block_place(c->proof, b->block, place), mention_names[b->mention], (unsigned long)b->index);
}

/* Within a group of one id mentions are in the order of their enumeration: what may not stand beside one of them may
 * not stand beside the next one either, so that neighbours are enough. */
static enum status check_sorted(const struct proof_chain *c, const struct names *n, struct refusal *r)
{
    for (size_t i = 1; i < n->count; i++) {
        const struct named *a = &n->items[i - 1], *b = &n->items[i];
        if (crypto_hash_equal(a->id, b->id) && !may_both_be(a->mention, b->mention)) return refuse_pair(c, a, b, r);
    }
    return STATUS_OK;
}

enum status proof_check_ids(const struct proof_chain *c, const struct trie_store *rows, struct refusal *r,
                            struct error *e)
{
    struct names n;
    struct arena arena = {0};
    enum status status = names_begin(&n, count_all(c->proof)) ? STATUS_OK : error_no_memory(e);
    for (uint32_t i = 0; i < c->proof->block_count && status == STATUS_OK; i++) add_block(c, i, &n);
    for (uint32_t i = 0; i < c->proof->change_count && status == STATUS_OK; i++)
        status = add_change(c, i, rows, &arena, &n, e);
    if (status == STATUS_OK) {
        names_sort(&n);
        status = check_sorted(c, &n, r);
    }
    arena_free(&arena);
    names_free(&n);
    return status;
}
