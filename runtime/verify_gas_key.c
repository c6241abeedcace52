/* Transactions that a gas key has signed (NEP-611). */
#include "runtime/verification.h"

static void check_gas_key(struct verification *c)
{
    const struct access_key *key = c->signer->key;
    if (!access_key_is_gas_key(key)) {
        reject_unknown_key(c);
    } else if (c->t->nonce_index >= key->num_nonces) {
        struct invalid_tx_error *error = reject_transaction(c, invalid_tx_error_InvalidNonceIndex);
        error->InvalidNonceIndex.tx_nonce_index = (struct option_u16){true, c->t->nonce_index};
        error->InvalidNonceIndex.num_nonces = key->num_nonces;
    }
}

static void reject_gas_key_balance(struct verification *c)
{
    struct invalid_tx_error *error = reject_transaction(c, invalid_tx_error_NotEnoughGasKeyBalance);
    error->NotEnoughGasKeyBalance.signer_id = c->t->signer_id;
    error->NotEnoughGasKeyBalance.balance = c->signer->key->gas_key_balance;
    error->NotEnoughGasKeyBalance.cost = c->cost.gas_cost;
}

/* Rejects the transaction, but for the gas that it has burnt: *charged. */
static enum status check_deposit(struct verification *c, struct u128 *amount, bool *charged)
{
    bool lacks = false;
    struct u128 missing = c->cost.deposit_cost, balance = c->signer->account->amount, left;
    enum deposit_reason reason = DEPOSIT_NOT_ENOUGH_BALANCE;
    if (u128_subtract(balance, c->cost.deposit_cost, &left)) {
        enum status status = storage_missing(c, left, &lacks, &missing);
        if (status != STATUS_OK) return status;
        reason = DEPOSIT_LACK_BALANCE_FOR_STATE;
        balance = *amount = left;
    } else {
        lacks = true;
    }
    if (!lacks) return STATUS_OK;
    struct invalid_tx_error *error = reject_transaction(c, invalid_tx_error_NotEnoughBalanceForDeposit);
    error->NotEnoughBalanceForDeposit.signer_id = c->t->signer_id;
    error->NotEnoughBalanceForDeposit.balance = balance;
    error->NotEnoughBalanceForDeposit.cost = missing;
    error->NotEnoughBalanceForDeposit.reason = reason;
    *charged = true;
    return STATUS_OK;
}

enum status charge_gas_key(struct verification *c)
{
    struct access_key *key = c->signer->key;
    struct u128 gas_left = {0, 0}, burnt_left, amount = c->signer->account->amount;
    bool charged = false;
    check_gas_key(c);
    if (c->rejected) return STATUS_OK;
    if (!c->signer->gas_key_nonce) return inconsistent_state(c->e, "a gas key lacks nonce %u", c->t->nonce_index);
    check_nonce(c, *c->signer->gas_key_nonce, c->t->nonce_mode);
    if (c->rejected) return STATUS_OK;
    if (!u128_subtract(key->gas_key_balance, c->cost.gas_cost, &gas_left) ||
        !u128_subtract(key->gas_key_balance, c->cost.burnt_amount, &burnt_left)) {
        reject_gas_key_balance(c);
        return STATUS_OK;
    }
    check_permission(c);
    if (c->rejected) return STATUS_OK;
    enum status status = check_deposit(c, &amount, &charged);
    if (status != STATUS_OK || (c->rejected && !charged)) return status;
    c->out->charged = charged;
    key->gas_key_balance = charged ? burnt_left : gas_left;
    if (!charged) c->signer->account->amount = amount;
    *c->signer->gas_key_nonce = c->t->nonce;
    return STATUS_OK;
}
