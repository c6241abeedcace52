#include "proof/tokens.h"

#include "near/access_key.h"
#include "near/account.h"
#include "near/trie_key.h"
#include "runtime/cost.h"

static enum status too_many(struct error *e)
{
    return error_set(e, STATUS_LIMIT, 0, ERROR_NO_OFFSET, "a sum of tokens exceeds 128 bits");
}

/* ---- receipts ---------------------------------------------------------------------------------------------------- */

enum status gas_of_receipt(const struct protocol_parameters *p, const struct receipt *r, uint64_t *out, struct error *e)
{
    const struct action_receipt *a = &r->action;
    struct cost execution, sending;
    enum status status = cost_of_receipt(p, a->actions, a->action_count, &r->receiver_id, &execution, e);
    if (status == STATUS_OK) status = cost_prepaid_send_fees(p, a->actions, a->action_count, &sending, e);
    if (status != STATUS_OK) return status;
    if (sending.gas > UINT64_MAX - execution.gas) return too_many(e);
    *out = execution.gas + sending.gas;
    return STATUS_OK;
}

enum status tokens_of_receipt(const struct protocol_parameters *p, const struct receipt *r, struct u128 *out,
                              struct error *e)
{
    struct u128 deposits, paid;
    uint64_t gas = 0;
    *out = u128_of(0);
    if (!receipt_has_actions(r)) return STATUS_OK;
    if (!cost_deposit(r->action.actions, r->action.action_count, &deposits)) return too_many(e);
    if (!account_id_is_system(&r->predecessor_id)) {
        enum status status = gas_of_receipt(p, r, &gas, e);
        if (status != STATUS_OK) return status;
    }
    if (!cost_gas_to_balance(gas, r->action.gas_price, &paid) || !u128_add(deposits, paid, out)) return too_many(e);
    return STATUS_OK;
}

/* ---- values ------------------------------------------------------------------------------------------------------ */

static bool has_tokens(enum trie_key_kind kind)
{
    return kind == TRIE_KEY_ACCOUNT || kind == TRIE_KEY_ACCESS_KEY || kind == TRIE_KEY_POSTPONED_RECEIPT ||
           kind == TRIE_KEY_YIELD_RECEIPT || kind == TRIE_KEY_DELAYED_RECEIPT || kind == TRIE_KEY_BUFFERED_RECEIPT;
}

bool tokens_may_be_under(struct bytes key)
{
    struct trie_key parsed;
    return trie_key_parse(key, &parsed, NULL) == STATUS_OK && has_tokens(parsed.kind);
}

bool tokens_may_be_unread(struct bytes key)
{
    struct trie_key parsed;
    return trie_key_parse(key, &parsed, NULL) == STATUS_OK && parsed.kind == TRIE_KEY_ACCESS_KEY;
}

static enum status tokens_of_account(struct bytes value, struct u128 *out, struct error *e)
{
    struct account a;
    enum status status = account_from_borsh(value, &a, e);
    if (status != STATUS_OK) return status;
    return u128_add(a.amount, a.locked, out) ? STATUS_OK : too_many(e);
}

static enum status tokens_of_key(struct bytes value, struct arena *arena, struct u128 *out, struct error *e)
{
    struct access_key k;
    enum status status = access_key_from_borsh(value, arena, &k, e);
    *out = status == STATUS_OK && access_key_is_gas_key(&k) ? k.gas_key_balance : u128_of(0);
    return status;
}

static enum status tokens_of_waiting(const struct protocol_parameters *p, bool queued, struct bytes value,
                                     struct arena *arena, struct u128 *out, struct error *e)
{
    struct stored_receipt stored;
    enum status status = queued ? stored_receipt_from_borsh(value, arena, &stored, e)
                                : receipt_from_borsh(value, arena, &stored.receipt, e);
    return status == STATUS_OK ? tokens_of_receipt(p, &stored.receipt, out, e) : status;
}

static enum status tokens_of(const struct protocol_parameters *p, enum trie_key_kind kind, struct bytes value,
                             struct arena *arena, struct u128 *out, struct error *e)
{
    if (kind == TRIE_KEY_ACCOUNT) return tokens_of_account(value, out, e);
    if (kind == TRIE_KEY_ACCESS_KEY) return tokens_of_key(value, arena, out, e);
    const bool queued = kind == TRIE_KEY_DELAYED_RECEIPT || kind == TRIE_KEY_BUFFERED_RECEIPT;
    return tokens_of_waiting(p, queued, value, arena, out, e);
}

enum status tokens_of_value(const struct protocol_parameters *p, struct bytes key, struct bytes value,
                            struct u128 *out, struct error *e)
{
    struct trie_key parsed;
    struct arena arena = {0};
    *out = u128_of(0);
    if (trie_key_parse(key, &parsed, NULL) != STATUS_OK || !has_tokens(parsed.kind)) return STATUS_OK;
    enum status status = tokens_of(p, parsed.kind, value, &arena, out, e);
    arena_free(&arena);
    if (status != STATUS_MALFORMED) return status;
    struct buffer name = {0};
    trie_key_print(&parsed, &name);
    status = error_set(e, STATUS_INVALID, 0, ERROR_NO_OFFSET, "%.*s: it cannot be read",
                       (int)(name.size < 120 ? name.size : 120), name.data ? (const char *)name.data : "");
    buffer_free(&name);
    return status;
}
