/* Given receipts beside outcomes that were on the chain. */
#include "proof/claims.h"

#include <stdio.h>
#include <stdlib.h>

const char *proof_claim_text(enum proof_claim claim)
{
    static const char *const texts[] = {
        [CLAIM_UNSHOWN] = "claimed",
        [CLAIM_MADE] = "id made on the chain",
        [CLAIM_EXECUTED] = "id executed on the chain with this outcome",
    };
    return texts[claim];
}

const char *proof_claim_name(enum proof_claim claim)
{
    static const char *const names[] = {
        [CLAIM_UNSHOWN] = "claimed", [CLAIM_MADE] = "made", [CLAIM_EXECUTED] = "executed"};
    return names[claim];
}

/* ---- by id ------------------------------------------------------------------------------------------------------- */

enum what { INCOMING, TRANSACTION, OUTCOME };

struct entry {
    struct crypto_hash id;
    enum what what;
    uint32_t block, index;
};

struct table {
    const struct execution_proof *proof;
    struct entry *entries;
    size_t count;
    enum proof_claim **incoming, **transactions;
    struct refusal *refusal;
};

static int compare_entries(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    return memcmp(x->id.bytes, y->id.bytes, sizeof x->id.bytes);
}

/* The first of that id; null: none. */
static const struct entry *find(const struct table *t, const struct crypto_hash *id)
{
    size_t low = 0, high = t->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (memcmp(t->entries[middle].id.bytes, id->bytes, sizeof id->bytes) < 0) low = middle + 1;
        else high = middle;
    }
    return low < t->count && crypto_hash_equal(&t->entries[low].id, id) ? &t->entries[low] : NULL;
}

static const struct entry *next(const struct table *t, const struct entry *x)
{
    const struct entry *y = x + 1;
    return y < t->entries + t->count && crypto_hash_equal(&x->id, &y->id) ? y : NULL;
}

static enum status add_block(struct table *t, uint32_t block, struct error *e)
{
    const struct proof_block *b = &t->proof->blocks[block];
    enum status status = STATUS_OK;
    for (uint32_t i = 0; i < b->outcome_count; i++)
        t->entries[t->count++] = (struct entry){b->outcomes[i].outcome.id, OUTCOME, block, i};
    for (uint32_t i = 0; i < b->incoming_count && status == STATUS_OK; i++) {
        struct arena arena = {0};
        struct receipt r;
        status = receipt_from_borsh(b->incoming[i], &arena, &r, e);
        if (status == STATUS_OK) t->entries[t->count++] = (struct entry){r.receipt_id, INCOMING, block, i};
        arena_free(&arena);
    }
    for (uint32_t i = 0; i < b->transaction_count && status == STATUS_OK; i++) {
        struct arena arena = {0};
        struct signed_transaction x;
        status = signed_transaction_from_borsh(b->transactions[i], &arena, &x, e);
        if (status == STATUS_OK) t->entries[t->count++] = (struct entry){x.hash, TRANSACTION, block, i};
        arena_free(&arena);
    }
    return status;
}

static enum status table_of(struct table *t, struct arena *arena, struct error *e)
{
    const struct execution_proof *p = t->proof;
    size_t most = 0;
    enum status status = STATUS_OK;
    t->incoming = arena_array(arena, p->block_count, sizeof *t->incoming);
    t->transactions = arena_array(arena, p->block_count, sizeof *t->transactions);
    if (!t->incoming || !t->transactions) return error_no_memory(e);
    for (uint32_t i = 0; i < p->block_count; i++) {
        const struct proof_block *b = &p->blocks[i];
        most += (size_t)b->outcome_count + b->incoming_count + b->transaction_count;
        t->incoming[i] = arena_array(arena, b->incoming_count, sizeof **t->incoming);
        t->transactions[i] = arena_array(arena, b->transaction_count, sizeof **t->transactions);
        if (!t->incoming[i] || !t->transactions[i]) return error_no_memory(e);
    }
    t->entries = arena_array(arena, most, sizeof *t->entries);
    if (!t->entries) return error_no_memory(e);
    for (uint32_t i = 0; i < p->block_count && status == STATUS_OK; i++) status = add_block(t, i, e);
    if (t->count) qsort(t->entries, t->count, sizeof *t->entries, compare_entries);
    return status;
}

/* ---- one outcome of the chain ------------------------------------------------------------------------------------ */

static enum status differ(const struct table *t, const struct entry *x, const char *claimed, const char *found,
                          const char *what)
{
    char id[CRYPTO_HASH_TEXT_SIZE];
    return refuse(t->refusal, PROOF_CHAIN_OUTCOME, claimed, found, "block %lu (height %llu), outcome %lu (%s): %s",
                  (unsigned long)x->block, (unsigned long long)t->proof->blocks[x->block].context.block_height,
                  (unsigned long)x->index, crypto_hash_text(&x->id, id), what);
}

/* Both leaves are made of everything that the chain binds, so that no field can be forgotten here. */
static enum status compare_outcome(const struct table *t, const struct entry *x, const struct outcome_proof *chain,
                                   struct error *e)
{
    const struct proof_block *b = &t->proof->blocks[x->block];
    const struct execution_outcome *ours = &b->outcomes[x->index].outcome;
    struct crypto_hash claimed, found;
    char a[REFUSAL_VALUE_SIZE], c[REFUSAL_VALUE_SIZE];
    enum status status = outcome_leaf(ours, &claimed, e);
    if (status == STATUS_OK) status = outcome_leaf(&chain->outcome, &found, e);
    if (status != STATUS_OK) return status;
    if (chain->header.height <= b->context.block_height)
        return differ(t, x, value_of_u64(b->context.block_height, a), value_of_u64(chain->header.height, c),
                      "height of the block with its outcome root, which comes after the one that executes");
    if (crypto_hash_equal(&claimed, &found)) return STATUS_OK;
    if (ours->gas_burnt != chain->outcome.gas_burnt)
        return differ(t, x, value_of_u64(ours->gas_burnt, a), value_of_u64(chain->outcome.gas_burnt, c), "gas burnt");
    if (ours->status == EXECUTION_SUCCESS_VALUE && chain->outcome.status == EXECUTION_SUCCESS_VALUE &&
        !bytes_equal(ours->value, chain->outcome.value))
        return differ(t, x, value_of_bytes(ours->value, a), value_of_bytes(chain->outcome.value, c), "value");
    return differ(t, x, value_of_hash(&claimed, a), value_of_hash(&found, c), "hash of the outcome");
}

static enum proof_claim *claim_of(const struct table *t, const struct entry *x)
{
    return x->what == INCOMING ? &t->incoming[x->block][x->index] : &t->transactions[x->block][x->index];
}

static void raise(const struct table *t, const struct entry *x, enum proof_claim claim)
{
    enum proof_claim *c = claim_of(t, x);
    if (*c < claim) *c = claim;
}

/* What the chain executed, and the proof holds. */
static enum status use_execution(const struct table *t, const struct outcome_proof *chain, bool *used, struct error *e)
{
    const struct entry *first = find(t, &chain->outcome.id);
    bool compared = false;
    enum status status = STATUS_OK;
    for (const struct entry *x = first; x && status == STATUS_OK; x = next(t, x)) {
        if (x->what != OUTCOME) continue;
        status = compare_outcome(t, x, chain, e);
        compared = true;
    }
    for (const struct entry *x = first; x && status == STATUS_OK; x = next(t, x))
        if (x->what != OUTCOME) raise(t, x, compared ? CLAIM_EXECUTED : CLAIM_MADE);
    *used |= first != NULL;
    return status;
}

/* Refunds, and code on its way through the shards, come from "system", whoever made them. */
static enum status check_maker(const struct table *t, const struct entry *x, const struct outcome_proof *chain,
                               struct error *e)
{
    struct arena arena = {0};
    struct receipt r;
    char a[REFUSAL_VALUE_SIZE], c[REFUSAL_VALUE_SIZE];
    enum status status = receipt_from_borsh(t->proof->blocks[x->block].incoming[x->index], &arena, &r, e);
    if (status == STATUS_OK && !account_id_is_system(&r.predecessor_id) &&
        !account_id_equal(&r.predecessor_id, &chain->outcome.executor_id))
        status = refuse(t->refusal, PROOF_CHAIN_OUTCOME, value_of_bytes(account_id_bytes(&r.predecessor_id), a),
                        value_of_bytes(account_id_bytes(&chain->outcome.executor_id), c),
                        "block %lu (height %llu), receipt %lu: predecessor", (unsigned long)x->block,
                        (unsigned long long)t->proof->blocks[x->block].context.block_height, (unsigned long)x->index);
    arena_free(&arena);
    return status;
}

static enum status use_outcome(const struct table *t, const struct outcome_proof *chain, bool *used, struct error *e)
{
    enum status status = use_execution(t, chain, used, e);
    for (uint32_t i = 0; i < chain->outcome.receipt_id_count && status == STATUS_OK; i++) {
        const struct entry *x = find(t, &chain->outcome.receipt_ids[i]);
        for (; x && status == STATUS_OK; x = next(t, x)) {
            if (x->what != INCOMING) continue;
            status = check_maker(t, x, chain, e);
            raise(t, x, CLAIM_MADE);
            *used = true;
        }
    }
    return status;
}

enum status proof_claims_of(const struct execution_proof *p, const struct proof_origins *origins,
                            const struct outcome_proof *proofs, size_t count, struct arena *arena,
                            struct proof_claims *out, struct refusal *r, struct error *e)
{
    struct table t = {.proof = p, .refusal = r};
    *out = (struct proof_claims){0};
    *r = (struct refusal){0};
    enum status status = table_of(&t, arena, e);
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        bool used = false;
        status = use_outcome(&t, &proofs[i], &used, e);
        out->unused += !used;
    }
    if (status == STATUS_INVALID && r->code) return refusal_error(r, e);
    if (status != STATUS_OK) return status;
    for (uint32_t b = 0; b < p->block_count; b++)
        for (uint32_t i = 0; i < p->blocks[b].incoming_count; i++)
            out->shown += origins->incoming[b][i].given && t.incoming[b][i] != CLAIM_UNSHOWN;
    out->incoming = (const enum proof_claim *const *)t.incoming;
    out->transactions = (const enum proof_claim *const *)t.transactions;
    return STATUS_OK;
}
