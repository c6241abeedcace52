#include "runtime/account_storage.h"
#include "runtime/features.h"
#include "runtime/gas_key.h"

/* Accounts with more state than that stay: removing it all in one receipt would take too long. Bytes. */
enum { MAX_DELETED_STORAGE = 10000 };

/* The account's storage but for its contract. */
static enum status storage_without_contract(struct action_context *c, uint64_t *out, struct error *e)
{
    const struct account_id *id = &c->receipt->receiver_id;
    struct account rest = c->account;
    uint64_t contract;
    bool all_kinds = feature_enabled(FEATURE_fix_delete_account_global_contract, c->state->chunk->protocol_version);
    enum status status = all_kinds ? contract_storage(c->state, id, &c->account, &contract, e)
                                   : local_code_storage(c->state, id, &contract, e);
    if (status != STATUS_OK) return status;
    account_storage_subtract(&rest, contract);
    *out = rest.storage_usage;
    return STATUS_OK;
}

/* Whether the account may go; *burnt is what its gas keys hold. */
static enum status check_deletion(struct action_context *c, struct u128 *burnt, struct action_result *r,
                                  struct error *e)
{
    const struct account_id *id = &c->receipt->receiver_id;
    uint64_t storage;
    enum status status = storage_without_contract(c, &storage, e);
    if (status != STATUS_OK) return status;
    if (storage > MAX_DELETED_STORAGE) {
        action_fail(r, action_error_DeleteAccountWithLargeState)->DeleteAccountWithLargeState.account_id = *id;
        return STATUS_OK;
    }
    status = gas_key_balance_sum(c->state, id, burnt, e);
    if (status != STATUS_OK || !u128_less(gas_key_max_balance_to_burn(), *burnt)) return status;
    struct action_error *error = action_fail(r, action_error_GasKeyBalanceTooHigh);
    error->GasKeyBalanceTooHigh.account_id = *id;
    error->GasKeyBalanceTooHigh.balance = *burnt;
    return STATUS_OK;
}

/* The balance goes to the beneficiary as a refund, which makes no account. */
static enum status pay_out(struct action_context *c, const struct account_id *beneficiary, struct action_result *r,
                           struct error *e)
{
    struct receipt refund;
    if (u128_equal(c->account.amount, u128_of(0))) return STATUS_OK;
    enum status status = receipt_balance_refund(beneficiary, c->account.amount, c->state->arena, &refund, e);
    return status == STATUS_OK ? action_result_add_receipt(c->state, r, &refund, e) : status;
}

enum status action_delete_account(struct action_context *c, const struct action *a, struct action_result *r,
                                  struct error *e)
{
    struct removed_account removed = {0};
    struct u128 burnt;
    enum status status = check_deletion(c, &burnt, r, e);
    if (status != STATUS_OK || r->failed) return status;
    status = pay_out(c, &a->delete_account.beneficiary_id, r, e);
    if (status == STATUS_OK) status = state_remove_account(c->state, &c->receipt->receiver_id, &removed, e);
    if (status != STATUS_OK) return status;
    if (!u128_add(r->tokens_burnt, burnt, &r->tokens_burnt)) return integer_overflow(e, "tokens burnt with gas keys");
    if (removed.gas_key_nonces) {
        status = gas_key_charge_removal(c->state->parameters, removed.gas_key_nonces, removed.gas_key_nonce_key_bytes,
                                        r, e);
        if (status != STATUS_OK) return status;
    }
    c->actor_id = c->receipt->predecessor_id;
    c->account_exists = false;
    return STATUS_OK;
}
