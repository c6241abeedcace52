/* Transactions become receipts, their signers are charged. Source: nearcore, runtime/runtime/src/lib.rs
 * (process_transactions). */
#include "runtime/features.h"
#include "runtime/internal.h"

/* What the state has about a signer. */
struct signer_state {
    struct account account;
    struct access_key key;
    uint64_t gas_key_nonce;
};

/* What there isn't is null in *out. */
static enum status load_signer(struct apply_state *s, const struct transaction *t, struct signer_state *state,
                               struct transaction_signer *out, struct error *e)
{
    bool found;
    *out = (struct transaction_signer){0};
    enum status status = state_get_account(s, &t->signer_id, &found, &state->account, e);
    if (status != STATUS_OK) return status;
    if (found) out->account = &state->account;
    status = state_get_access_key(s, &t->signer_id, t->public_key, &found, &state->key, e);
    if (status != STATUS_OK) return status;
    if (found) out->key = &state->key;
    if (!t->has_nonce_index) return STATUS_OK;
    const struct trie_key nonce = trie_key_of_gas_key_nonce(&t->signer_id, t->public_key, t->nonce_index);
    status = state_get_u64(s, &nonce, &found, &state->gas_key_nonce, e);
    if (status == STATUS_OK && found) out->gas_key_nonce = &state->gas_key_nonce;
    return status;
}

static enum status store_signer(struct apply_state *s, const struct transaction *t,
                                const struct transaction_signer *signer, struct error *e)
{
    enum status status = state_set_account(s, &t->signer_id, signer->account, e);
    if (status == STATUS_OK && t->has_nonce_index) {
        const struct trie_key nonce = trie_key_of_gas_key_nonce(&t->signer_id, t->public_key, t->nonce_index);
        status = state_set_u64(s, &nonce, *signer->gas_key_nonce, e);
    }
    /* A universal account that sends its own state init has no key yet. */
    if (status == STATUS_OK && signer->key)
        status = state_set_access_key(s, &t->signer_id, t->public_key, signer->key, e);
    if (status == STATUS_OK) apply_commit(s);
    return status;
}

static bool in_period(const struct chunk *c, uint32_t i)
{
    return !c->transaction_in_period || c->transaction_in_period[i];
}

/* All signers are read first, also those of transactions that turn out to be invalid: they are in the proof. */
static enum status read_signers(struct apply_state *s, struct error *e)
{
    const struct chunk *c = s->chunk;
    enum status status = STATUS_OK;
    for (uint32_t i = 0; i < c->transaction_count && status == STATUS_OK; i++) {
        struct transaction_signer signer;
        struct signer_state state;
        if (in_period(c, i)) status = load_signer(s, &c->transactions[i].transaction, &state, &signer, e);
    }
    return status;
}

/* ---- transactions that are there twice -------------------------------------------------------------------------- */

struct seen {
    const struct crypto_hash **slots; /* open addressing; in the arena */
    size_t mask;
};

static enum status seen_init(struct apply_state *s, struct seen *seen, struct error *e)
{
    size_t size = 16;
    while (size < 2 * (size_t)s->chunk->transaction_count) size *= 2;
    seen->mask = size - 1;
    seen->slots = arena_array(s->arena, size, sizeof *seen->slots);
    return seen->slots ? STATUS_OK : error_no_memory(e);
}

/* True: it was there before. */
static bool seen_add(struct seen *seen, const struct crypto_hash *hash)
{
    size_t at = (size_t)load_le64(hash->bytes) & seen->mask;
    while (seen->slots[at]) {
        if (crypto_hash_equal(seen->slots[at], hash)) return true;
        at = (at + 1) & seen->mask;
    }
    seen->slots[at] = hash;
    return false;
}

/* ---- one transaction -------------------------------------------------------------------------------------------- */

/* To the local receipts, or off to the shard of its receiver. */
static enum status send_receipt(struct apply_state *s, const struct signed_transaction *t,
                                const struct transaction_verdict *verdict, const struct crypto_hash *id,
                                struct error *e)
{
    const struct transaction *tx = &t->transaction;
    const struct receipt r = {
        .predecessor_id = tx->signer_id,
        .receiver_id = tx->receiver_id,
        .receipt_id = *id,
        .kind = RECEIPT_action,
        .action = {.signer_id = tx->signer_id, .signer_public_key = tx->public_key,
                   .gas_price = verdict->receipt_gas_price, .actions = tx->actions, .action_count = tx->action_count},
    };
    if (account_id_equal(&tx->signer_id, &tx->receiver_id)) return receipt_list_add(&s->local, s->arena, &r, e);
    return receipt_sink_forward_or_buffer(s, &r, e);
}

static enum status fill_failure(struct apply_state *s, const struct transaction_verdict *verdict,
                                struct execution_outcome *o, struct error *e)
{
    struct execution_error *error = arena_alloc(s->arena, sizeof *error);
    if (!error) return error_no_memory(e);
    *error = (struct execution_error){.kind = EXECUTION_ERROR_INVALID_TX, .invalid_tx = verdict->error};
    o->status = EXECUTION_FAILURE;
    o->error = error;
    return STATUS_OK;
}

static enum status make_receipt(struct apply_state *s, const struct signed_transaction *t,
                                const struct transaction_verdict *verdict, struct execution_outcome *o,
                                struct error *e)
{
    struct crypto_hash *id = arena_alloc(s->arena, sizeof *id);
    if (!id) return error_no_memory(e);
    *id = receipt_id_of_transaction(&t->hash, s->chunk->block_height);
    o->status = EXECUTION_SUCCESS_RECEIPT_ID;
    o->receipt_id = *id;
    o->receipt_ids = id;
    o->receipt_id_count = 1;
    return send_receipt(s, t, verdict, id, e);
}

static enum status process_transaction(struct apply_state *s, const struct signed_transaction *t, bool valid_period,
                                       struct error *e)
{
    struct execution_outcome o = {.id = t->hash, .executor_id = t->transaction.signer_id};
    struct transaction_verdict verdict = {0};
    struct transaction_signer signer = {0};
    struct signer_state state;
    enum status status = STATUS_OK;
    if (valid_period) status = load_signer(s, &t->transaction, &state, &signer, e);
    if (status == STATUS_OK) status = verify_and_charge(s, t, valid_period, &signer, &verdict, e);
    if (status != STATUS_OK) return status;
    if (verdict.valid || verdict.charged) {
        o.gas_burnt = verdict.gas_burnt;
        o.compute_usage = verdict.valid ? verdict.compute_burnt : verdict.gas_burnt; /* a quirk of failed ones */
        o.tokens_burnt = verdict.burnt_amount;
        if (!u128_add(s->stats.tx_burnt_amount, o.tokens_burnt, &s->stats.tx_burnt_amount))
            return integer_overflow(e, "the tokens that a chunk burnt");
    }
    status = verdict.valid ? make_receipt(s, t, &verdict, &o, e) : fill_failure(s, &verdict, &o, e);
    if (status == STATUS_OK) status = add_outcome(s, &o, e);
    if (status == STATUS_OK && (verdict.valid || verdict.charged))
        status = store_signer(s, &t->transaction, &signer, e);
    return status;
}

enum status process_transactions(struct apply_state *s, struct error *e)
{
    const struct chunk *c = s->chunk;
    const bool unique = feature_enabled(FEATURE_unique_chunk_transactions, c->protocol_version);
    struct seen seen;
    enum status status = seen_init(s, &seen, e);
    if (status == STATUS_OK) status = read_signers(s, e);
    for (uint32_t i = 0; i < c->transaction_count && status == STATUS_OK; i++) {
        if (unique && seen_add(&seen, &c->transactions[i].hash)) continue;
        status = process_transaction(s, &c->transactions[i], in_period(c, i), e);
    }
    return status;
}
