#include "cli/replay.h"

/* ---- context ----------------------------------------------------------------------------------------------------- */

/* The price that the first transaction was charged; its gas is checked elsewhere, and all others must agree. The price
 * moves by at most 1 % from block to block. */
static bool price_of_transactions(const struct lake_block *block, struct u128 *out)
{
    struct u128 rest, twice, next = block->header.gas_price;
    for (const struct lake_shard *s = block->shards; s; s = s->next) {
        for (uint32_t i = 0; i < s->transaction_count; i++) {
            const struct execution_outcome *o = &s->transactions[i].outcome.outcome;
            if (!o->gas_burnt || !u128_divide(o->tokens_burnt, u128_of(o->gas_burnt), out, &rest)) continue;
            return u128_equal(rest, u128_of(0)) && u128_add(*out, *out, &twice) && !u128_less(twice, next) &&
                   u128_add(next, next, &twice) && !u128_less(twice, *out);
        }
    }
    return false;
}

struct replay_context replay_context_of(struct replay *r, const struct lake_block *block,
                                        const struct lake_block *previous)
{
    struct replay_context c = {.replay = r, .block = block};
    if (previous && crypto_hash_equal(&previous->header.hash, &block->header.prev_hash)) c.previous = previous;
    c.version = r->version_option ? (uint32_t)r->version_option : block->header.latest_protocol_version;
    c.parameters = parameters_of(c.version);
    c.price_known = c.previous || price_of_transactions(block, &c.gas_price);
    if (c.previous) c.gas_price = c.previous->header.gas_price;
    return c;
}

uint32_t replay_kinds_of(const struct lake_actions *actions)
{
    uint32_t kinds = 0;
    for (uint32_t i = 0; i < actions->count; i++) kinds |= UINT32_C(1) << actions->items[i].kind;
    return kinds;
}

bool replay_has_call(const struct lake_actions *actions)
{
    return replay_kinds_of(actions) >> ACTION_KIND_function_call & 1;
}

enum { VERSION_HEIGHT_IN_IDS = 77 }; /* before: the hash of the block */

struct crypto_hash replay_id(const struct replay_context *c, const struct crypto_hash *base, uint64_t number)
{
    uint8_t input[2 * CRYPTO_HASH_SIZE + 8];
    size_t size = CRYPTO_HASH_SIZE;
    memcpy(input, base->bytes, CRYPTO_HASH_SIZE);
    if (c->version >= VERSION_HEIGHT_IN_IDS) {
        store_le64(input + size, c->block->header.height);
        size += 8;
    } else {
        memcpy(input + size, c->block->header.hash.bytes, CRYPTO_HASH_SIZE);
        size += CRYPTO_HASH_SIZE;
    }
    store_le64(input + size, number);
    return crypto_hash_of(bytes_of(input, size + 8));
}

/* ---- hash and signatures ----------------------------------------------------------------------------------------- */

static bool try_block_hash(struct replay *r, struct lake_transaction *t, const struct crypto_hash *block_hash)
{
    struct transaction *tx = &t->signed_transaction.transaction;
    struct crypto_hash hash;
    tx->block_hash = *block_hash;
    if (transaction_hash(tx, &hash, NULL) != STATUS_OK) r->no_memory = true;
    else t->block_hash_known = crypto_hash_equal(&hash, &t->signed_transaction.hash);
    return t->block_hash_known || r->no_memory;
}

/* The stream does not say which block a transaction names; most often it is a final one of a moment ago. */
static void find_block_hash(struct replay *r, struct lake_transaction *t)
{
    for (const struct lake_block *b = r->blocks; b; b = b->next) {
        const struct lake_header *h = &b->header;
        if (try_block_hash(r, t, &h->hash) || try_block_hash(r, t, &h->prev_hash) ||
            try_block_hash(r, t, &h->last_final_block) || try_block_hash(r, t, &h->last_ds_final_block))
            return;
    }
}

static void check_hash(const struct replay_context *c, struct lake_transaction *t, const struct replay_place *at)
{
    if (t->actions.code_unknown) {
        replay_unchecked(c->replay, REPLAY_tx_hash, at, "the code of a contract that is deployed is not in the stream");
        return;
    }
    find_block_hash(c->replay, t);
    if (t->block_hash_known) replay_equal(c->replay, REPLAY_tx_hash, at);
    else replay_unchecked(c->replay, REPLAY_tx_hash, at,
                          "the stream leaves out which block the transaction names, and it is none that it mentions");
}

static void check_signatures(const struct replay_context *c, const struct lake_transaction *t,
                             const struct replay_place *at)
{
    const bool holds = signed_transaction_verify(&t->signed_transaction), failed = t->outcome.error != NULL;
    const bool refused = failed && strcmp(t->outcome.error, "InvalidTxError.InvalidSignature") == 0;
    if (refused || !failed)
        replay_verdict(c->replay, REPLAY_tx_signature, at, holds != refused, "signature",
                       refused ? "one that does not hold" : "one by the signer's key over the hash",
                       refused ? "one that holds" : "another one");
    else replay_unchecked(c->replay, REPLAY_tx_signature, at, "the transaction is invalid for another reason");
    for (uint32_t i = 0; i < t->actions.count; i++) {
        const struct action *a = &t->actions.items[i];
        bool valid = false;
        if (a->kind != ACTION_KIND_delegate && a->kind != ACTION_KIND_delegate_v2) continue;
        if (delegate_action_verify(a->delegate.parsed, &valid, NULL) != STATUS_OK) {
            c->replay->no_memory = true;
            return;
        }
        /* One that does not hold is a failure of the receipt, not of the stream. */
        if (valid) replay_equal(c->replay, REPLAY_delegate_signature, at);
        else replay_unchecked(c->replay, REPLAY_delegate_signature, at, "the signature does not hold");
    }
}

/* ---- the receipt ------------------------------------------------------------------------------------------------- */

static bool same_actions(const struct replay_context *c, const struct lake_actions *a, const struct lake_actions *b)
{
    struct buffer x = {0}, y = {0};
    actions_write(a->items, a->count, &x);
    actions_write(b->items, b->count, &y);
    bool same = bytes_equal(bytes_of(x.data, x.size), bytes_of(y.data, y.size));
    if (x.failed || y.failed) c->replay->no_memory = true;
    buffer_free(&x);
    buffer_free(&y);
    return same;
}

static void check_price(const struct replay_context *c, const struct lake_transaction *t,
                        const struct lake_receipt *made, const struct replay_place *at)
{
    struct u128 price;
    const char *reason = NULL;
    if (!replay_receipt_price(c, t, &price, &reason)) replay_unchecked(c->replay, REPLAY_tx_receipt, at, reason);
    else replay_u128(c->replay, REPLAY_tx_receipt, at, "gas price of the receipt", price,
                     made->receipt.action.gas_price);
}

static void check_made(const struct replay_context *c, const struct lake_transaction *t, const struct replay_place *at)
{
    const struct execution_outcome *o = &t->outcome.outcome;
    const struct transaction *tx = &t->signed_transaction.transaction;
    const struct crypto_hash id = replay_id(c, &t->signed_transaction.hash, 0);
    const bool one = o->status == EXECUTION_SUCCESS_RECEIPT_ID && o->receipt_id_count == 1 &&
                     crypto_hash_equal(&o->receipt_ids[0], &o->receipt_id);
    if (!one) {
        replay_different(c->replay, REPLAY_tx_receipt_id, at, "status", "the id of one receipt", "something else");
        return;
    }
    replay_hashes(c->replay, REPLAY_tx_receipt_id, at, "receipt id", &id, &o->receipt_id);
    const struct lake_receipt *made = replay_find_receipt(c->replay, &o->receipt_id);
    if (!made) {
        replay_unchecked(c->replay, REPLAY_tx_receipt, at, "the receipt is not in the stream");
        return;
    }
    const struct receipt *r = &made->receipt;
    bool same = receipt_is_action(r) && account_id_equal(&r->predecessor_id, &tx->signer_id) &&
                account_id_equal(&r->receiver_id, &tx->receiver_id) &&
                account_id_equal(&r->action.signer_id, &tx->signer_id) &&
                public_key_equal(r->action.signer_public_key, tx->public_key) &&
                same_actions(c, &made->actions, &t->actions) && !r->action.input_data_id_count &&
                !r->action.output_data_receiver_count;
    replay_verdict(c->replay, REPLAY_tx_receipt, at, same, "receipt", "accounts, key and actions of the transaction",
                   "others");
    if (receipt_is_action(r)) check_price(c, t, made, at);
}

/* ---- gas and tokens ---------------------------------------------------------------------------------------------- */

static void check_gas(const struct replay_context *c, const struct lake_transaction *t, const struct replay_place *at)
{
    const struct execution_outcome *o = &t->outcome.outcome;
    uint64_t burnt, remaining;
    struct u128 tokens = u128_of(0);
    const char *reason = NULL;
    if (!replay_transaction_gas(c, t, &burnt, &remaining, &reason)) {
        replay_unchecked(c->replay, REPLAY_tx_gas, at, reason);
        replay_unchecked(c->replay, REPLAY_tx_tokens, at, reason);
        return;
    }
    replay_u64(c->replay, REPLAY_tx_gas, at, "gas burnt", burnt, o->gas_burnt);
    if (!c->price_known)
        replay_unchecked(c->replay, REPLAY_tx_tokens, at,
                         "the gas price is in the header of the previous block, which is not in the stream");
    else if (u128_multiply(c->gas_price, u128_of(burnt), &tokens))
        replay_u128(c->replay, REPLAY_tx_tokens, at, "tokens burnt", tokens, o->tokens_burnt);
}

void replay_check_transaction(const struct replay_context *c, const struct lake_shard *shard,
                              struct lake_transaction *t)
{
    const struct execution_outcome *o = &t->outcome.outcome;
    const struct replay_place at = {.block = c->block, .shard = shard, .what = "transaction",
                                    .id = &t->signed_transaction.hash, .kinds = replay_kinds_of(&t->actions)};
    check_hash(c, t, &at);
    check_signatures(c, t, &at);
    replay_hashes(c->replay, REPLAY_tx_hash, &at, "id of the outcome", &t->signed_transaction.hash, &o->id);
    if (o->status == EXECUTION_FAILURE) { /* an invalid transaction, which costs nothing (since version 83) */
        replay_u64(c->replay, REPLAY_tx_gas, &at, "gas burnt", 0, o->gas_burnt);
        replay_u128(c->replay, REPLAY_tx_tokens, &at, "tokens burnt", u128_of(0), o->tokens_burnt);
        return;
    }
    check_made(c, t, &at);
    check_gas(c, t, &at);
}
