/* Transfers, among them refunds, and the accounts that they make. */
#include "runtime/account_kinds.h"
#include "runtime/account_storage.h"
#include "runtime/eth_wallet.h"

/* ---- to an account that exists ----------------------------------------------------------------------------------- */

/* A refund of gas goes back to the gas key that paid, or raises the allowance of the key again. *done: nothing is left
 * for the account. */
static enum status refund_to_key(struct action_context *c, struct u128 deposit, bool *done, struct error *e)
{
    const struct account_id *id = &c->receipt->receiver_id;
    const struct public_key *public_key = c->action_receipt->signer_public_key;
    struct access_key key;
    bool found;
    *done = false;
    enum status status = state_get_access_key(c->state, id, public_key, &found, &key, e);
    if (status != STATUS_OK || !found) return status;
    if (access_key_is_gas_key(&key)) {
        if (!u128_add(key.gas_key_balance, deposit, &key.gas_key_balance))
            return integer_overflow(e, "balance of a gas key");
        *done = true;
    } else if (access_key_is_function_call(&key) && key.has_allowance) {
        struct u128 most = {UINT64_MAX, UINT64_MAX}, raised = most;
        u128_add(key.allowance, deposit, &raised);
        if (u128_equal(raised, key.allowance)) return STATUS_OK;
        key.allowance = raised;
    } else {
        return STATUS_OK;
    }
    return state_set_access_key(c->state, id, public_key, &key, e);
}

static enum status transfer_to_account(struct action_context *c, struct u128 deposit, struct error *e)
{
    bool gas_refund = c->is_refund && account_id_equal(&c->action_receipt->signer_id, &c->receipt->receiver_id);
    bool done = false;
    if (gas_refund) {
        enum status status = refund_to_key(c, deposit, &done, e);
        if (status != STATUS_OK || done) return status;
    }
    if (!u128_add(c->account.amount, deposit, &c->account.amount)) return integer_overflow(e, "balance of an account");
    return STATUS_OK;
}

/* ---- to one that does not ---------------------------------------------------------------------------------------- */

/* With the key whose hexadecimal form is the account's id. */
static enum status create_near_implicit(struct action_context *c, struct error *e)
{
    struct public_key key = {.type = KEY_ED25519};
    const struct access_key access = {
        .nonce = initial_nonce(c->state->chunk->block_height),
        .permission = PERMISSION_FULL_ACCESS,
    };
    const struct account_id *id = &c->receipt->receiver_id;
    for (size_t i = 0; i < PUBLIC_KEY_ED25519_SIZE; i++) {
        const char *digits = id->text + 2 * i;
        int high = digits[0] <= '9' ? digits[0] - '0' : digits[0] - 'a' + 10;
        int low = digits[1] <= '9' ? digits[1] - '0' : digits[1] - 'a' + 10;
        key.data[i] = (uint8_t)(high << 4 | low);
    }
    c->account.storage_usage += access_key_storage(c->state->parameters, public_key_trie_id_size(&key), &access);
    return state_set_access_key(c->state, id, &key, &access, e);
}

/* With a wallet contract that checks signatures of Ethereum. */
static enum status create_eth_implicit(struct action_context *c)
{
    struct global_contract_id wallet = {.mode = GLOBAL_BY_CODE_HASH};
    const struct crypto_hash hash = eth_wallet_code_hash(c->state->chunk->chain_id);
    memcpy(wallet.code_hash, hash.bytes, sizeof wallet.code_hash);
    account_set_global_contract(&c->account, &wallet);
    c->account.storage_usage += global_contract_id_size(&wallet);
    return STATUS_OK;
}

static enum status transfer_creates_account(struct action_context *c, struct u128 deposit, struct error *e)
{
    const struct protocol_parameters *p = c->state->parameters;
    c->account_exists = true;
    c->account = (struct account){.form = ACCOUNT_V1, .amount = deposit,
                                  .storage_usage = p->runtime.num_bytes_account};
    switch (account_kind_in(p, &c->receipt->receiver_id)) {
    case ACCOUNT_NEAR_IMPLICIT: return create_near_implicit(c, e);
    case ACCOUNT_ETH_IMPLICIT: return create_eth_implicit(c);
    case ACCOUNT_NEAR_DETERMINISTIC: return STATUS_OK; /* the state comes with a DeterministicStateInit */
    case ACCOUNT_UNIVERSAL:
        c->account.form = ACCOUNT_UNINITIALIZED;
        c->account.bootstrap_nonce = initial_nonce(c->state->chunk->block_height);
        return STATUS_OK;
    case ACCOUNT_NAMED: break;
    }
    return inconsistent_state(e, "a transfer to a named account that does not exist"); /* check_account_existence */
}

enum status action_transfer(struct action_context *c, const struct action *a, struct action_result *r,
                            struct error *e)
{
    (void)r;
    if (c->account_exists) return transfer_to_account(c, a->transfer.deposit, e);
    return transfer_creates_account(c, a->transfer.deposit, e);
}
