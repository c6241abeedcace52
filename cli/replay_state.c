/* State changes: what each must have been by the transaction or receipt that caused it. What an account had before is
 * known from changes before, so the first one of an account is only remembered. */
#include <stdlib.h>

#include "cli/replay.h"

/* ---- what is known ----------------------------------------------------------------------------------------------- */

static struct known_account *find_account(struct replay *r, const struct account_id *id)
{
    for (size_t i = 0; i < r->account_count; i++)
        if (account_id_equal(&r->accounts[i].id, id)) return &r->accounts[i];
    return NULL;
}

static void remember(struct replay *r, const struct lake_change *change)
{
    struct known_account *known = find_account(r, &change->account_id);
    if (!known && r->account_count == r->account_capacity) {
        size_t capacity = r->account_capacity ? 2 * r->account_capacity : 64;
        struct known_account *grown = realloc(r->accounts, capacity * sizeof *grown);
        if (!grown) {
            r->no_memory = true;
            return;
        }
        r->accounts = grown;
        r->account_capacity = capacity;
    }
    if (!known) known = &r->accounts[r->account_count++];
    *known = (struct known_account){change->account_id, change->amount, change->locked,
                                    change->kind == LAKE_ACCOUNT_UPDATE};
}

static const struct lake_transaction *find_transaction(const struct lake_shard *s, const struct crypto_hash *hash)
{
    for (uint32_t i = 0; i < s->transaction_count; i++)
        if (crypto_hash_equal(&s->transactions[i].signed_transaction.hash, hash)) return &s->transactions[i];
    return NULL;
}

static const struct lake_executed_receipt *find_executed(const struct lake_shard *s, const struct crypto_hash *id)
{
    for (uint32_t i = 0; i < s->executed_count; i++)
        if (crypto_hash_equal(&s->executed[i].receipt.receipt.receipt_id, id)) return &s->executed[i];
    return NULL;
}

/* ---- balances ---------------------------------------------------------------------------------------------------- */

/* What came in, and what went out. */
struct movement {
    struct u128 in, out;
};

/* The share of the gas that contracts burnt, which the account gets. */
static bool reward_of(const struct replay_context *c, const struct lake_executed_receipt *x, struct u128 *out,
                      const char **reason)
{
    uint64_t fees;
    if (!replay_fees_of_receipt(c, x, &fees, reason)) return false;
    const uint64_t burnt = x->outcome.outcome.gas_burnt;
    const struct ratio share = c->parameters->runtime.burnt_gas_reward;
    const struct u128 paid = x->receipt.receipt.action.gas_price;
    *reason = "the reward depends on the gas price, which is not known";
    if (burnt < fees || !share.denominator || burnt - fees > UINT64_MAX / (share.numerator ? share.numerator : 1))
        return false;
    const uint64_t gas = (burnt - fees) * share.numerator / share.denominator;
    /* in between, all gas of a receipt has the price that it was bought for */
    const bool one_price = c->version >= 78 && c->version < 85;
    if (!one_price && (!c->price_known || u128_less(paid, c->gas_price))) return false;
    return u128_multiply(one_price ? paid : c->gas_price, u128_of(gas), out);
}

static bool of_transaction(const struct replay_context *c, const struct lake_shard *s, const struct lake_change *change,
                           struct movement *m, const char **reason)
{
    const struct lake_transaction *t = find_transaction(s, &change->cause_hash);
    *reason = "the transaction is not in the chunk";
    if (!t) return false;
    *reason = "signed with a gas key, which pays for the gas";
    if (t->signed_transaction.transaction.has_nonce_index) return false;
    return replay_transaction_cost(c, t, &m->out, reason);
}

/* What contracts send away is in the receipts that they make, if the stream shows all of them. */
static bool sent_by_contract(const struct replay_context *c, const struct lake_executed_receipt *x, struct movement *m,
                             const char **reason)
{
    const struct execution_outcome *o = &x->outcome.outcome;
    *reason = "single yoctoNEAR that contracts attach may be paid by the protocol";
    if (c->parameters && c->parameters->flags.one_yocto_on_promise) return false;
    *reason = "the stream does not show every receipt that a contract made";
    for (uint32_t i = 0; i < o->receipt_id_count; i++) {
        const struct lake_receipt *made = replay_find_receipt(c->replay, &o->receipt_ids[i]);
        if (!made || !receipt_has_actions(&made->receipt)) return false;
        if (account_id_is_system(&made->receipt.predecessor_id)) continue;
        for (uint32_t k = 0; k < made->actions.count; k++)
            if (!u128_add(m->out, action_deposit(&made->actions.items[k]), &m->out)) return false;
    }
    return true;
}

static bool of_receipt(const struct replay_context *c, const struct lake_shard *s, const struct lake_change *change,
                       struct movement *m, const char **reason)
{
    const struct lake_executed_receipt *x = find_executed(s, &change->cause_hash);
    *reason = "the receipt is not among the executed ones";
    if (!x || !account_id_equal(&x->receipt.receipt.receiver_id, &change->account_id)) return false;
    for (uint32_t i = 0; i < x->receipt.actions.count; i++) {
        const struct action *a = &x->receipt.actions.items[i];
        switch (a->kind) {
        case ACTION_KIND_create_account: case ACTION_KIND_deploy_contract: case ACTION_KIND_add_key:
        case ACTION_KIND_delete_key: case ACTION_KIND_use_global_contract: case ACTION_KIND_delegate:
        case ACTION_KIND_delegate_v2: break;
        case ACTION_KIND_transfer: case ACTION_KIND_function_call:
            if (!u128_add(m->in, action_deposit(a), &m->in)) return false;
            break;
        default:
            *reason = "what this kind of action does to a balance needs the state";
            if (a->kind != ACTION_KIND_stake) return false;
        }
    }
    return !replay_has_call(&x->receipt.actions) || sent_by_contract(c, x, m, reason);
}

static bool of_reward(const struct replay_context *c, const struct lake_shard *s, const struct lake_change *change,
                      struct movement *m, const char **reason)
{
    const struct lake_executed_receipt *x = find_executed(s, &change->cause_hash);
    *reason = "the receipt is not among the executed ones";
    return x && reward_of(c, x, &m->in, reason);
}

static uint32_t kinds_of_cause(const struct lake_shard *s, const struct lake_change *change)
{
    const struct lake_transaction *t = change->cause == LAKE_CAUSE_TRANSACTION ? find_transaction(s, &change->cause_hash)
                                                                               : NULL;
    const struct lake_executed_receipt *x = t ? NULL : find_executed(s, &change->cause_hash);
    if (t) return replay_kinds_of(&t->actions);
    if (!x) return 0;
    if (account_id_is_system(&x->receipt.receipt.predecessor_id)) return UINT32_C(1) << REPLAY_KIND_REFUND;
    return replay_kinds_of(&x->receipt.actions);
}

/* Staking moves tokens from one balance to the other; the sum stays. */
static void compare_balance(const struct replay_context *c, const struct lake_change *change,
                            const struct known_account *before, const struct movement *m, const struct replay_place *at)
{
    struct u128 sum, found;
    if (!u128_add(before->amount, before->locked, &sum) || !u128_add(sum, m->in, &sum) ||
        !u128_subtract(sum, m->out, &sum) || !u128_add(change->amount, change->locked, &found)) {
        replay_different(c->replay, REPLAY_balance, at, "balance", "one within 128 bits", "another one");
        return;
    }
    replay_u128(c->replay, REPLAY_balance, at, "balance", sum, found);
    if (u128_equal(sum, found) && !(at->kinds >> ACTION_KIND_stake & 1) && change->cause != LAKE_CAUSE_OTHER)
        replay_u128(c->replay, REPLAY_stake, at, "locked balance", before->locked, change->locked);
}

/* The first action of the receipt has made the account, so that it had nothing before. */
static bool is_new(const struct lake_shard *s, const struct lake_change *change)
{
    const struct lake_executed_receipt *x = change->cause == LAKE_CAUSE_RECEIPT ? find_executed(s, &change->cause_hash)
                                                                                : NULL;
    return x && x->receipt.actions.count && x->receipt.actions.items[0].kind == ACTION_KIND_create_account;
}

static void check_balance(const struct replay_context *c, const struct lake_shard *s, const struct lake_change *change,
                          const struct replay_place *at)
{
    const struct known_account none = {.id = change->account_id};
    const struct known_account *before = find_account(c->replay, &change->account_id);
    struct movement m = {{0, 0}, {0, 0}};
    const char *reason = "changed by the protocol itself (validators' rewards, for instance)";
    bool known = change->cause != LAKE_CAUSE_OTHER;
    if (!before && is_new(s, change)) before = &none;
    if (!before) {
        reason = "the balance before is not in the stream";
        known = false;
    } else if (change->cause == LAKE_CAUSE_TRANSACTION) {
        known = of_transaction(c, s, change, &m, &reason);
    } else if (change->cause == LAKE_CAUSE_RECEIPT) {
        known = of_receipt(c, s, change, &m, &reason);
    } else if (change->cause == LAKE_CAUSE_GAS_REWARD) {
        known = of_reward(c, s, change, &m, &reason);
    }
    if (!known) replay_unchecked(c->replay, REPLAY_balance, at, reason);
    else compare_balance(c, change, before, &m, at);
}

/* ---- keys and code ----------------------------------------------------------------------------------------------- */

static bool is_key(const struct public_key *key, struct bytes text)
{
    struct buffer b = {0};
    struct public_key_handle handle = public_key_handle_of(key);
    bool same = public_key_handle_print(&handle, &b) && bytes_equal(bytes_of(b.data, b.size), text);
    buffer_free(&b);
    return same;
}

static const struct action *find_action(const struct lake_actions *actions, enum action_kind kind, struct bytes key)
{
    for (uint32_t i = 0; i < actions->count; i++) {
        const struct action *a = &actions->items[i];
        if (a->kind == kind && is_key(a->add_key.public_key, key)) return a;
    }
    return NULL;
}

/* A key that a receipt has changed: added, or its nonce used up by a delegate action. */
static void check_key_of_receipt(const struct replay_context *c, const struct lake_executed_receipt *x,
                                 const struct lake_change *change, const struct replay_place *at)
{
    const struct lake_actions *actions = &x->receipt.actions;
    const struct action *added = find_action(actions, ACTION_KIND_add_key, change->public_key);
    if (added && !access_key_is_gas_key(&added->add_key.access_key)) {
        replay_u64(c->replay, REPLAY_nonce, at, "nonce of a new key",
                   (c->block->header.height - 1) * ACCESS_KEY_NONCE_RANGE_MULTIPLIER, change->nonce);
        return;
    }
    for (uint32_t i = 0; i < actions->count; i++) {
        const struct action *a = &actions->items[i];
        bool delegate = a->kind == ACTION_KIND_delegate || a->kind == ACTION_KIND_delegate_v2;
        if (!delegate || !is_key(a->delegate.parsed->public_key, change->public_key)) continue;
        replay_u64(c->replay, REPLAY_nonce, at, "nonce after a delegate action", a->delegate.parsed->nonce,
                   change->nonce);
        return;
    }
    replay_unchecked(c->replay, REPLAY_nonce, at, "a key that was changed by a refund, or with its account");
}

static void check_key(const struct replay_context *c, const struct lake_shard *s, const struct lake_change *change,
                      const struct replay_place *at)
{
    const struct lake_transaction *t = find_transaction(s, &change->cause_hash);
    const struct lake_executed_receipt *x = find_executed(s, &change->cause_hash);
    if (change->cause == LAKE_CAUSE_TRANSACTION && t) {
        const struct transaction *tx = &t->signed_transaction.transaction;
        if (!is_key(tx->public_key, change->public_key))
            replay_different(c->replay, REPLAY_nonce, at, "key", "the one that signed", "another one");
        else if (!tx->has_nonce_index || change->kind == LAKE_GAS_KEY_NONCE_UPDATE)
            replay_u64(c->replay, REPLAY_nonce, at, "nonce", tx->nonce, change->nonce);
        return;
    }
    if (change->cause == LAKE_CAUSE_RECEIPT && x && change->kind == LAKE_KEY_UPDATE)
        check_key_of_receipt(c, x, change, at);
    else replay_unchecked(c->replay, REPLAY_nonce, at, "changed by something that is not in the stream");
}

static void check_code(const struct replay_context *c, const struct lake_shard *s, const struct lake_change *change,
                       const struct replay_place *at)
{
    const struct lake_executed_receipt *x = find_executed(s, &change->cause_hash);
    for (uint32_t i = 0; x && i < x->receipt.actions.count; i++) {
        const struct action *a = &x->receipt.actions.items[i];
        struct crypto_hash hash;
        if (a->kind != ACTION_KIND_deploy_contract) continue;
        /* the view has the hash of the code; where it was put back, that was by this hash */
        if (x->receipt.actions.code_unknown && a->deploy_contract.code.size == CRYPTO_HASH_SIZE)
            memcpy(hash.bytes, a->deploy_contract.code.data, CRYPTO_HASH_SIZE);
        else hash = crypto_hash_of(a->deploy_contract.code);
        if (i + 1 < x->receipt.actions.count && !crypto_hash_equal(&hash, &change->code_hash)) continue;
        replay_hashes(c->replay, REPLAY_code, at, "hash of the code", &hash, &change->code_hash);
        return;
    }
    replay_unchecked(c->replay, REPLAY_code, at, "no action of the receipt deploys a contract");
}

/* ---- all changes ------------------------------------------------------------------------------------------------- */

static void check_failed(const struct replay_context *c, const struct lake_shard *s)
{
    for (uint32_t i = 0; i < s->executed_count; i++) {
        const struct lake_executed_receipt *x = &s->executed[i];
        const struct replay_place at = {.block = c->block, .shard = s, .what = "receipt",
                                        .id = &x->receipt.receipt.receipt_id,
                                        .kinds = replay_kinds_of(&x->receipt.actions)};
        bool changed = false;
        if (x->outcome.outcome.status != EXECUTION_FAILURE) continue;
        for (uint32_t k = 0; k < s->change_count; k++)
            changed = changed || (s->changes[k].cause == LAKE_CAUSE_RECEIPT &&
                                  crypto_hash_equal(&s->changes[k].cause_hash, &x->receipt.receipt.receipt_id));
        replay_verdict(c->replay, REPLAY_changes, &at, !changed, "state changes", "none", "some");
    }
}

void replay_check_changes(const struct replay_context *c, const struct lake_shard *s)
{
    for (uint32_t i = 0; i < s->change_count; i++) {
        const struct lake_change *change = &s->changes[i];
        char account[ACCOUNT_ID_TEXT_SIZE], what[ACCOUNT_ID_TEXT_SIZE + 32];
        snprintf(what, sizeof what, "account %s, changed by", account_id_text(&change->account_id, account));
        const struct replay_place at = {.block = c->block, .shard = s, .what = what, .id = &change->cause_hash,
                                        .kinds = kinds_of_cause(s, change)};
        switch (change->kind) {
        case LAKE_ACCOUNT_UPDATE:
            check_balance(c, s, change, &at);
            remember(c->replay, change);
            break;
        case LAKE_ACCOUNT_DELETION: remember(c->replay, change); break;
        case LAKE_KEY_UPDATE:
        case LAKE_GAS_KEY_NONCE_UPDATE: check_key(c, s, change, &at); break;
        case LAKE_CODE_UPDATE: check_code(c, s, change, &at); break;
        case LAKE_KEY_DELETION: case LAKE_DATA_UPDATE: case LAKE_DATA_DELETION: case LAKE_CODE_DELETION: break;
        }
    }
    check_failed(c, s);
}
