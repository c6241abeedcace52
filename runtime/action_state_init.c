/* Accounts that come with their contract, data and keys: deterministic (NEP-616) and universal ones. Their id follows
 * from what they start with, which has been checked (validate_actions.c), so anybody may make them; who does so does
 * not act for them. Source: nearcore, runtime/runtime/src/{deterministic_account_id,universal_account_id}.rs. */
#include "near/universal_state_init.h"
#include "runtime/account_storage.h"
#include "runtime/features.h"
#include "runtime/global_contract.h"

/* The entries of the contract's data. There are none yet, so each adds to the storage usage. */
static enum status write_entries(struct action_context *c, const struct state_entry *entries, size_t count,
                                 struct error *e)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        const struct trie_key key = trie_key_of_data(&c->receipt->receiver_id, entries[i].key);
        uint64_t bytes = (uint64_t)entries[i].key.size + entries[i].value.size;
        status = account_storage_add(&c->account, bytes + c->state->parameters->runtime.num_extra_bytes_record, e);
        if (status == STATUS_OK) status = state_set(c->state, &key, entries[i].value, e);
    }
    return status;
}

/* ---- what the deposit is for ------------------------------------------------------------------------------------- */

static enum status refund(struct action_context *c, struct u128 amount, struct action_result *r, struct error *e)
{
    struct receipt receipt;
    if (u128_equal(amount, u128_of(0))) return STATUS_OK;
    enum status status = receipt_balance_refund(receipt_balance_refund_receiver(c->receipt), amount, c->state->arena,
                                                &receipt, e);
    return status == STATUS_OK ? action_result_add_receipt(c->state, r, &receipt, e) : status;
}

/* What the account lacks to pay for its storage is taken from the deposit; the rest goes back. */
static enum status settle_deposit(struct action_context *c, struct u128 deposit, struct action_result *r,
                                  struct error *e)
{
    bool lacks;
    struct u128 missing, rest = deposit;
    enum status status = storage_stake_missing(c->state->parameters, &c->account, &lacks, &missing, e);
    if (status != STATUS_OK) return status;
    if (lacks) {
        if (!u128_subtract(deposit, missing, &rest)) {
            struct action_error *error = action_fail(r, action_error_LackBalanceForState);
            error->LackBalanceForState.account_id = c->receipt->receiver_id;
            error->LackBalanceForState.amount = missing;
            return STATUS_OK;
        }
        if (!u128_add(c->account.amount, missing, &c->account.amount))
            return integer_overflow(e, "balance of an account");
    }
    return refund(c, rest, r, e);
}

/* ---- deterministic ----------------------------------------------------------------------------------------------- */

enum status action_deterministic_state_init(struct action_context *c, const struct action *a,
                                            struct action_result *r, struct error *e)
{
    const struct deterministic_state_init *init = &a->deterministic_state_init.state_init;
    if (!c->account_exists) {
        c->account_exists = true;
        c->account = (struct account){
            .form = ACCOUNT_V1,
            .storage_usage = c->state->parameters->runtime.num_bytes_account,
        };
    }
    /* With a contract it has its state, too, and stays as it is. */
    if (c->account.code == ACCOUNT_CODE_NONE) {
        enum status status = use_global_contract(c->state, &c->receipt->receiver_id, &c->account, &init->code, r, e);
        if (status == STATUS_OK && !r->failed) status = write_entries(c, init->entries, init->entry_count, e);
        if (status != STATUS_OK || r->failed) return status;
    }
    return settle_deposit(c, a->deterministic_state_init.deposit, r, e);
}

/* ---- universal --------------------------------------------------------------------------------------------------- */

static enum status write_keys(struct action_context *c, const struct universal_state_init *init, uint64_t nonce,
                              struct error *e)
{
    const struct access_key access = {.nonce = nonce, .permission = PERMISSION_FULL_ACCESS};
    struct buffer value = {0};
    access_key_write(&access, &value);
    enum status status = value.failed ? error_no_memory(e) : STATUS_OK;
    for (size_t i = 0; i < init->key_count && status == STATUS_OK; i++) {
        const struct trie_key key = {
            .kind = TRIE_KEY_ACCESS_KEY,
            .account_id = c->receipt->receiver_id,
            .key = {.handle = init->keys[i]},
        };
        size_t key_size = 1 + key_handle_size(init->keys[i].tag);
        status = account_storage_add(&c->account, access_key_storage(c->state->parameters, key_size, &access), e);
        if (status == STATUS_OK) status = state_set(c->state, &key, bytes_of(value.data, value.size), e);
    }
    buffer_free(&value);
    return status;
}

static enum status install(struct action_context *c, const struct universal_state_init *init,
                           struct action_result *r, struct error *e)
{
    /* Not below the nonce that a transaction of the account itself has used: else it could be sent again. */
    uint64_t nonce = initial_nonce(c->state->chunk->block_height);
    if (nonce < c->account.bootstrap_nonce) nonce = c->account.bootstrap_nonce;
    c->account.form = ACCOUNT_V1;
    c->account.bootstrap_nonce = 0;
    if (init->has_code) {
        enum status status = use_global_contract(c->state, &c->receipt->receiver_id, &c->account, &init->code, r, e);
        if (status != STATUS_OK || r->failed) return status;
    }
    enum status status = write_entries(c, init->entries, init->entry_count, e);
    return status == STATUS_OK ? write_keys(c, init, nonce, e) : status;
}

enum status action_universal_state_init(struct action_context *c, const struct action *a, struct action_result *r,
                                        struct error *e)
{
    if (!c->account_exists) {
        c->account_exists = true;
        c->account = (struct account){
            .form = ACCOUNT_UNINITIALIZED,
            .storage_usage = c->state->parameters->runtime.num_bytes_account,
            .bootstrap_nonce = initial_nonce(c->state->chunk->block_height),
        };
    }
    if (c->account.form != ACCOUNT_UNINITIALIZED) {
        const struct u128 deposit = a->universal_state_init.deposit;
        bool refund_all = feature_enabled(FEATURE_refund_repeated_universal_state_init_deposit,
                                          c->state->chunk->protocol_version);
        return refund_all ? refund(c, deposit, r, e) : settle_deposit(c, deposit, r, e);
    }
    struct universal_state_init init;
    enum status status = universal_state_init_from_borsh(a->universal_state_init.state_init, c->state->arena, &init, e);
    if (status == STATUS_MALFORMED ||
        (status == STATUS_OK && !init.canonical && c->state->parameters->flags.canonical_universal_state_init)) {
        action_fail(r, action_error_MalformedUniversalStateInit);
        return STATUS_OK;
    }
    if (status == STATUS_OK) status = install(c, &init, r, e);
    if (status != STATUS_OK || r->failed) return status;
    return settle_deposit(c, a->universal_state_init.deposit, r, e);
}
