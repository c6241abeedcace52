#include "cli/replay.h"

static bool is_failure(const struct lake_executed_receipt *x)
{
    return x->outcome.outcome.status == EXECUTION_FAILURE;
}

/* ---- content and ids --------------------------------------------------------------------------------------------- */

static void check_content(const struct replay_context *c, const struct lake_executed_receipt *x,
                          const struct replay_place *at)
{
    const struct lake_receipt *sent = replay_find_other(c->replay, &x->receipt);
    struct buffer a = {0}, b = {0};
    replay_hashes(c->replay, REPLAY_receipt_content, at, "id of the outcome", &x->receipt.receipt.receipt_id,
                  &x->outcome.outcome.id);
    if (!sent) {
        replay_unchecked(c->replay, REPLAY_receipt_content, at, "the chunk that sent it is not in the stream");
        return;
    }
    receipt_write(&x->receipt.receipt, &a);
    receipt_write(&sent->receipt, &b);
    if (a.failed || b.failed) c->replay->no_memory = true;
    else replay_verdict(c->replay, REPLAY_receipt_content, at,
                        bytes_equal(bytes_of(a.data, a.size), bytes_of(b.data, b.size)), "receipt", "as it was sent",
                        "something else");
    buffer_free(&a);
    buffer_free(&b);
}

enum { NEW_RECEIPTS_MAX = 4096 }; /* numbers that are tried: receipts and data that one receipt can make */

/* Ids are made of rising numbers, of which data receipts, which are not listed, take some. */
static void check_ids(const struct replay_context *c, const struct lake_executed_receipt *x,
                      const struct replay_place *at)
{
    const struct execution_outcome *o = &x->outcome.outcome;
    uint64_t number = 0;
    for (uint32_t i = 0; i < o->receipt_id_count; i++) {
        struct crypto_hash id = replay_id(c, &o->id, number), first = id;
        while (!crypto_hash_equal(&id, &o->receipt_ids[i]) && number < NEW_RECEIPTS_MAX)
            id = replay_id(c, &o->id, ++number);
        if (number == NEW_RECEIPTS_MAX) {
            replay_hashes(c->replay, REPLAY_receipt_ids, at, "id of a new receipt", &first, &o->receipt_ids[i]);
            return;
        }
        number++;
        replay_equal(c->replay, REPLAY_receipt_ids, at);
    }
}

/* ---- gas --------------------------------------------------------------------------------------------------------- */

static void check_gas(const struct replay_context *c, const struct lake_executed_receipt *x,
                      const struct replay_place *at)
{
    const uint64_t found = x->outcome.outcome.gas_burnt;
    const char *reason = NULL;
    uint64_t fees, prepaid = 0;
    if (!replay_fees_of_receipt(c, x, &fees, &reason)) {
        replay_unchecked(c->replay, REPLAY_receipt_gas, at, reason);
        return;
    }
    if (!replay_has_call(&x->receipt.actions)) {
        replay_u64(c->replay, REPLAY_receipt_gas, at, "gas burnt", fees, found);
        return;
    }
    if (receipt_prepaid_gas(&x->receipt.receipt, &prepaid) && (found < fees || found - fees > prepaid)) {
        char range[80];
        snprintf(range, sizeof range, "%llu and at most %llu more", (unsigned long long)fees,
                 (unsigned long long)prepaid);
        char text[24];
        snprintf(text, sizeof text, "%llu", (unsigned long long)found);
        replay_different(c->replay, REPLAY_receipt_gas, at, "gas burnt", range, text);
        return;
    }
    replay_unchecked(c->replay, REPLAY_receipt_gas, at,
                     "what a contract burns is not known without its state (that it lies within the prepaid gas is)");
}

/* Since version 3 of the metadata the profile has everything that contracts burnt, and nothing else. */
static void check_profile(const struct replay_context *c, const struct lake_executed_receipt *x,
                          const struct replay_place *at)
{
    const char *reason = NULL;
    uint64_t fees;
    if (x->outcome.metadata_version < 3 || !x->outcome.has_profile || !replay_fees_of_receipt(c, x, &fees, &reason))
        return;
    const uint64_t burnt = x->outcome.outcome.gas_burnt;
    replay_u128(c->replay, REPLAY_profile, at, "sum of the gas profile", u128_of(burnt > fees ? burnt - fees : 0),
                x->outcome.profile_sum);
}

/* ---- tokens and refunds ------------------------------------------------------------------------------------------ */

/* What a receipt gives back. */
struct refunds {
    struct u128 deposit, gas;
};

static bool is_zero(struct u128 v)
{
    return u128_equal(v, u128_of(0));
}

/* One refund among the new receipts: who gets it and how much, if the stream shows it. */
static void check_refund(const struct replay_context *c, const struct lake_executed_receipt *x,
                         const struct replay_place *at, uint32_t index, const struct account_id *receiver,
                         struct u128 amount, const struct public_key *key)
{
    const struct lake_receipt *refund = replay_find_receipt(c->replay, &x->outcome.outcome.receipt_ids[index]);
    if (!refund) {
        replay_unchecked(c->replay, REPLAY_refund, at, "the chunk that sends the refund is not in the stream");
        return;
    }
    const struct receipt *r = &refund->receipt;
    bool form = receipt_is_action(r) && r->action.action_count == 1 &&
                r->action.actions[0].kind == ACTION_KIND_transfer && account_id_is_system(&r->predecessor_id) &&
                account_id_equal(&r->receiver_id, receiver) && is_zero(r->action.gas_price) &&
                (!key || public_key_equal(r->action.signer_public_key, key));
    replay_verdict(c->replay, REPLAY_refund, at, form, key ? "gas refund" : "deposit refund",
                   "a transfer from system to who paid", "another receipt");
    if (form)
        replay_u128(c->replay, REPLAY_refund, at, key ? "gas refund" : "deposit refund", amount,
                    r->action.actions[0].transfer.deposit);
}

/* Refunds stand behind what the actions made. Returns false if there cannot be that many. */
static bool check_count(const struct replay_context *c, const struct lake_executed_receipt *x,
                        const struct replay_place *at, uint32_t refunds)
{
    const uint32_t kinds = replay_kinds_of(&x->receipt.actions), found = x->outcome.outcome.receipt_id_count;
    const bool ok = !is_failure(x);
    const uint32_t delegate = ok && (kinds >> ACTION_KIND_delegate & 1 || kinds >> ACTION_KIND_delegate_v2 & 1);
    /* what is left of a deleted account, or of the deposit of a state init, if anything is */
    const uint32_t rest = ok && (kinds >> ACTION_KIND_delete_account & 1 ||
                                 kinds >> ACTION_KIND_deterministic_state_init & 1 ||
                                 kinds >> ACTION_KIND_universal_state_init & 1);
    const bool calls = ok && replay_has_call(&x->receipt.actions);
    const uint32_t least = delegate + refunds, most = calls ? UINT32_MAX : least + rest;
    if (found >= least && found <= most) {
        replay_equal(c->replay, REPLAY_refund, at);
        return true;
    }
    replay_u64(c->replay, REPLAY_refund, at, "number of new receipts", found < least ? least : most, found);
    return false;
}

static void check_refunds(const struct replay_context *c, const struct lake_executed_receipt *x,
                          const struct replay_place *at, struct u128 gas_refund)
{
    const struct receipt *r = &x->receipt.receipt;
    struct refunds back = {.gas = gas_refund};
    if (is_failure(x)) {
        for (uint32_t i = 0; i < x->receipt.actions.count; i++) {
            const struct action *a = &x->receipt.actions.items[i];
            const struct delegate_action *d = a->kind == ACTION_KIND_delegate || a->kind == ACTION_KIND_delegate_v2
                                                  ? a->delegate.parsed : NULL;
            (void)u128_add(back.deposit, action_deposit(a), &back.deposit);
            for (uint32_t k = 0; d && k < d->action_count; k++)
                (void)u128_add(back.deposit, action_deposit(&d->actions[k]), &back.deposit);
        }
    }
    const uint32_t count = (uint32_t)!is_zero(back.deposit) + (uint32_t)!is_zero(back.gas);
    uint32_t index = x->outcome.outcome.receipt_id_count - count;
    if (!check_count(c, x, at, count)) return;
    if (!is_zero(back.deposit))
        check_refund(c, x, at, index++, receipt_balance_refund_receiver(r), back.deposit, NULL);
    if (!is_zero(back.gas))
        check_refund(c, x, at, index, &r->action.signer_id, back.gas, r->action.signer_public_key);
}

static void check_tokens(const struct replay_context *c, const struct lake_executed_receipt *x,
                         const struct replay_place *at)
{
    const struct replay_settlement s = replay_settle(c, x);
    if (!s.tokens_known) replay_unchecked(c->replay, REPLAY_receipt_tokens, at, s.reason);
    else replay_u128(c->replay, REPLAY_receipt_tokens, at, "tokens burnt", s.tokens_burnt,
                     x->outcome.outcome.tokens_burnt);
    if (!s.refund_known) {
        replay_unchecked(c->replay, REPLAY_refund, at, s.reason);
        return;
    }
    if (account_id_is_system(&x->receipt.receipt.predecessor_id))
        replay_u64(c->replay, REPLAY_refund, at, "number of new receipts", 0, x->outcome.outcome.receipt_id_count);
    else check_refunds(c, x, at, s.refund);
}

static uint32_t kinds_of_receipt(const struct lake_receipt *r)
{
    if (account_id_is_system(&r->receipt.predecessor_id)) return UINT32_C(1) << REPLAY_KIND_REFUND;
    return receipt_has_actions(&r->receipt) ? replay_kinds_of(&r->actions) : UINT32_C(1) << REPLAY_KIND_OTHER;
}

void replay_check_receipt(const struct replay_context *c, const struct lake_shard *shard,
                          const struct lake_executed_receipt *x)
{
    const struct replay_place at = {.block = c->block, .shard = shard, .what = "receipt",
                                    .id = &x->receipt.receipt.receipt_id, .kinds = kinds_of_receipt(&x->receipt)};
    for (unsigned kind = 0; kind < REPLAY_KIND_COUNT; kind++) c->replay->seen[kind] += at.kinds >> kind & 1;
    check_content(c, x, &at);
    check_ids(c, x, &at);
    if (!receipt_has_actions(&x->receipt.receipt)) {
        replay_unchecked(c->replay, REPLAY_receipt_gas, &at, "receipts without actions");
        return;
    }
    check_gas(c, x, &at);
    check_profile(c, x, &at);
    check_tokens(c, x, &at);
}
