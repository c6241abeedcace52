/* Whether a transaction may be turned into a receipt, and who pays for it.
 * Source: nearcore, runtime/runtime/src/verifier.rs; the order of the checks is production's. */
#include "near/universal_state_init.h"
#include "runtime/cost.h"
#include "runtime/features.h"
#include "runtime/validate_actions.h"

/* What all checks share. A check returns STATUS_OK, and has left the verdict's error filled if it says no: rejected()
 * tells. */
struct check {
    struct apply_state *s;
    const struct signed_transaction *signed_transaction;
    const struct transaction *t;
    const struct transaction_signer *signer;
    struct transaction_cost cost;
    bool rejected;
    struct transaction_verdict *out;
    struct error *e;
};

static struct invalid_tx_error *reject(struct check *c, enum invalid_tx_error_kind kind)
{
    c->rejected = true;
    c->out->error = (struct invalid_tx_error){.kind = kind};
    return &c->out->error;
}

static struct access_key_error *reject_key(struct check *c, enum access_key_error_kind kind)
{
    struct invalid_tx_error *error = reject(c, invalid_tx_error_InvalidAccessKeyError);
    error->InvalidAccessKeyError.kind = kind;
    return &error->InvalidAccessKeyError;
}

static void reject_unknown_key(struct check *c)
{
    struct access_key_error *error = reject_key(c, access_key_error_AccessKeyNotFound);
    error->AccessKeyNotFound.account_id = c->t->signer_id;
    error->AccessKeyNotFound.public_key = c->t->public_key;
}

/* ---- without the state ------------------------------------------------------------------------------------------- */

static bool enabled(const struct check *c, enum feature_version feature)
{
    return feature_enabled(feature, c->s->chunk->protocol_version);
}

static void check_version_and_size(struct check *c)
{
    const struct signed_transaction *t = c->signed_transaction;
    bool pq = enabled(c, FEATURE_post_quantum_signatures);
    if ((c->t->version == TRANSACTION_V1 && !enabled(c, FEATURE_gas_keys)) ||
        (c->t->nonce_mode == NONCE_STRICT && !enabled(c, FEATURE_strict_nonce)) ||
        (!pq && (c->t->public_key->type == KEY_ML_DSA_65 || t->signature.type == KEY_ML_DSA_65))) {
        reject(c, invalid_tx_error_InvalidTransactionVersion);
        return;
    }
    /* Signatures may be large since there are post-quantum ones; they count since then. */
    uint64_t size = pq ? t->size : t->unsigned_size, limit = c->s->parameters->limits.max_transaction_size;
    if (size <= limit) return;
    struct invalid_tx_error *error = reject(c, invalid_tx_error_TransactionSizeExceeded);
    error->TransactionSizeExceeded.size = size;
    error->TransactionSizeExceeded.limit = limit;
}

static enum status check_without_state(struct check *c)
{
    bool valid;
    struct validation_error why;
    enum status status = validate_actions(c->s->parameters, c->s->chunk->protocol_version, RECEIPT_NEW, c->t->actions,
                                          c->t->action_count, &c->t->receiver_id, &valid, &why, c->e);
    if (status != STATUS_OK) return status;
    if (!valid) {
        reject(c, invalid_tx_error_ActionsValidation)->ActionsValidation = why;
        return STATUS_OK;
    }
    check_version_and_size(c);
    if (c->rejected) return STATUS_OK;
    if (!signed_transaction_verify(c->signed_transaction)) {
        reject(c, invalid_tx_error_InvalidSignature);
        return STATUS_OK;
    }
    status = cost_of_transaction(c->s->parameters, c->t, c->s->chunk->gas_price, &c->cost, c->e);
    if (status != STATUS_LIMIT) return status;
    reject(c, invalid_tx_error_CostOverflow);
    return STATUS_OK;
}

/* ---- pieces of the checks against the state ---------------------------------------------------------------------- */

static void check_nonce(struct check *c, uint64_t current, enum nonce_mode mode)
{
    uint64_t nonce = c->t->nonce, height = c->s->chunk->block_height, bound = UINT64_MAX;
    bool follows = mode == NONCE_STRICT ? current != UINT64_MAX && nonce == current + 1 : nonce > current;
    if (!follows) {
        struct invalid_tx_error *error = reject(c, invalid_tx_error_InvalidNonce);
        error->InvalidNonce.tx_nonce = nonce;
        error->InvalidNonce.ak_nonce = current;
        return;
    }
    if (height <= UINT64_MAX / ACCESS_KEY_NONCE_RANGE_MULTIPLIER) bound = height * ACCESS_KEY_NONCE_RANGE_MULTIPLIER;
    if (nonce < bound) return;
    struct invalid_tx_error *error = reject(c, invalid_tx_error_NonceTooLarge);
    error->NonceTooLarge.tx_nonce = nonce;
    error->NonceTooLarge.upper_bound = bound;
}

/* What is left of the signer's tokens after the whole cost. */
static void check_balance(struct check *c, struct u128 *left)
{
    struct u128 balance = c->signer->account->amount;
    if (u128_subtract(balance, c->cost.total_cost, left)) return;
    struct invalid_tx_error *error = reject(c, invalid_tx_error_NotEnoughBalance);
    error->NotEnoughBalance.signer_id = c->t->signer_id;
    error->NotEnoughBalance.balance = balance;
    error->NotEnoughBalance.cost = c->cost.total_cost;
}

static void check_allowance(struct check *c, struct u128 *left)
{
    const struct access_key *key = c->signer->key;
    if (!access_key_is_function_call(key) || !key->has_allowance) return;
    if (u128_subtract(key->allowance, c->cost.total_cost, left)) return;
    struct access_key_error *error = reject_key(c, access_key_error_NotEnoughAllowance);
    error->NotEnoughAllowance.account_id = c->t->signer_id;
    error->NotEnoughAllowance.public_key = c->t->public_key;
    error->NotEnoughAllowance.allowance = key->allowance;
    error->NotEnoughAllowance.cost = c->cost.total_cost;
}

/* Whether the signer still pays for its storage with `amount` left. */
static enum status storage_missing(struct check *c, struct u128 amount, bool *lacks, struct u128 *missing)
{
    struct account after = *c->signer->account;
    after.amount = amount;
    return storage_stake_missing(c->s->parameters, &after, lacks, missing, c->e);
}

static enum status check_storage_stake(struct check *c, struct u128 amount)
{
    bool lacks;
    struct u128 missing;
    enum status status = storage_missing(c, amount, &lacks, &missing);
    if (status != STATUS_OK || !lacks) return status;
    struct invalid_tx_error *error = reject(c, invalid_tx_error_LackBalanceForState);
    error->LackBalanceForState.signer_id = c->t->signer_id;
    error->LackBalanceForState.amount = missing;
    return STATUS_OK;
}

static bool method_allowed(const struct access_key *key, struct bytes method)
{
    bool found = key->method_count == 0;
    for (uint32_t i = 0; i < key->method_count && !found; i++) found = bytes_equal(key->method_names[i], method);
    return found;
}

static void check_permission(struct check *c)
{
    const struct access_key *key = c->signer->key;
    const struct action *a = c->t->actions;
    if (!access_key_is_function_call(key)) return;
    if (c->t->action_count != 1 || a->kind != ACTION_KIND_function_call) {
        reject_key(c, access_key_error_RequiresFullAccess);
    } else if (!u128_equal(a->function_call.deposit, u128_of(0))) {
        reject_key(c, access_key_error_DepositWithFunctionCall);
    } else if (!bytes_equal(account_id_bytes(&c->t->receiver_id), key->receiver_id)) {
        struct access_key_error *error = reject_key(c, access_key_error_ReceiverMismatch);
        error->ReceiverMismatch.tx_receiver = c->t->receiver_id;
        error->ReceiverMismatch.ak_receiver = key->receiver_id;
    } else if (!method_allowed(key, a->function_call.method_name)) {
        reject_key(c, access_key_error_MethodNameMismatch)->MethodNameMismatch.method_name =
            a->function_call.method_name;
    }
}

/* ---- with an access key ------------------------------------------------------------------------------------------ */

static enum status charge_access_key(struct check *c)
{
    struct access_key *key = c->signer->key;
    struct u128 amount = {0, 0}, allowance = key->allowance;
    if (access_key_is_gas_key(key)) {
        reject(c, invalid_tx_error_InvalidNonceIndex)->InvalidNonceIndex.num_nonces = key->num_nonces;
        return STATUS_OK;
    }
    check_nonce(c, key->nonce, c->t->nonce_mode);
    if (!c->rejected) check_balance(c, &amount);
    if (!c->rejected) check_allowance(c, &allowance);
    if (c->rejected) return STATUS_OK;
    enum status status = check_storage_stake(c, amount);
    if (status == STATUS_OK && !c->rejected) check_permission(c);
    if (status != STATUS_OK || c->rejected) return status;
    c->signer->account->amount = amount;
    key->allowance = allowance;
    key->nonce = c->t->nonce;
    return STATUS_OK;
}

/* ---- with a gas key: it pays for gas, the account for deposits --------------------------------------------------- */

static void check_gas_key(struct check *c)
{
    const struct access_key *key = c->signer->key;
    if (!access_key_is_gas_key(key)) {
        reject_unknown_key(c);
    } else if (c->t->nonce_index >= key->num_nonces) {
        struct invalid_tx_error *error = reject(c, invalid_tx_error_InvalidNonceIndex);
        error->InvalidNonceIndex.tx_nonce_index = (struct option_u16){true, c->t->nonce_index};
        error->InvalidNonceIndex.num_nonces = key->num_nonces;
    }
}

static void reject_gas_key_balance(struct check *c)
{
    struct invalid_tx_error *error = reject(c, invalid_tx_error_NotEnoughGasKeyBalance);
    error->NotEnoughGasKeyBalance.signer_id = c->t->signer_id;
    error->NotEnoughGasKeyBalance.balance = c->signer->key->gas_key_balance;
    error->NotEnoughGasKeyBalance.cost = c->cost.gas_cost;
}

/* Rejects the transaction, but for the gas that it has burnt: *charged. */
static enum status check_deposit(struct check *c, struct u128 *amount, bool *charged)
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
    struct invalid_tx_error *error = reject(c, invalid_tx_error_NotEnoughBalanceForDeposit);
    error->NotEnoughBalanceForDeposit.signer_id = c->t->signer_id;
    error->NotEnoughBalanceForDeposit.balance = balance;
    error->NotEnoughBalanceForDeposit.cost = missing;
    error->NotEnoughBalanceForDeposit.reason = reason;
    *charged = true;
    return STATUS_OK;
}

static enum status charge_gas_key(struct check *c)
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

/* ---- with nothing but the account's id: a universal account sends its own state init ----------------------------- */

/* The id is the hash of a state init that the transaction holds and that names its key. */
static enum status is_bootstrap(struct check *c, bool *out)
{
    struct public_key_handle handle = public_key_handle_of(c->t->public_key);
    *out = false;
    if (c->t->has_nonce_index || !account_id_equal(&c->t->signer_id, &c->t->receiver_id) ||
        c->signer->account->form != ACCOUNT_UNINITIALIZED || !c->s->parameters->flags.universal_accounts)
        return STATUS_OK;
    for (uint32_t i = 0; i < c->t->action_count && !*out; i++) {
        const struct action *a = &c->t->actions[i];
        if (a->kind != ACTION_KIND_universal_state_init) continue;
        struct account_id derived = account_id_universal(a->universal_state_init.state_init);
        if (!account_id_equal(&derived, &c->t->signer_id)) continue;
        struct arena arena = {0};
        struct universal_state_init init = {0};
        enum status status = universal_state_init_from_borsh(a->universal_state_init.state_init, &arena, &init, c->e);
        for (size_t k = 0; status == STATUS_OK && k < init.key_count; k++)
            *out |= init.keys[k].tag == handle.tag && memcmp(init.keys[k].data, handle.data, sizeof handle.data) == 0;
        arena_free(&arena);
        if (status == STATUS_NO_MEMORY) return status;
    }
    return STATUS_OK;
}

static enum status charge_bootstrap(struct check *c)
{
    bool bootstrap;
    struct u128 amount = {0, 0};
    enum status status = is_bootstrap(c, &bootstrap);
    if (status != STATUS_OK) return status;
    if (!bootstrap) {
        reject_unknown_key(c);
        return STATUS_OK;
    }
    /* Strictly the next nonce, whatever the transaction wants: a higher one could be above the one that the new keys
     * start with, and the transaction could be sent again. */
    check_nonce(c, c->signer->account->bootstrap_nonce, NONCE_STRICT);
    if (!c->rejected) check_balance(c, &amount);
    if (c->rejected) return STATUS_OK;
    status = check_storage_stake(c, amount);
    if (status != STATUS_OK || c->rejected) return status;
    c->signer->account->amount = amount;
    c->signer->account->bootstrap_nonce = c->t->nonce;
    return STATUS_OK;
}

/* ---- all of it --------------------------------------------------------------------------------------------------- */

static enum status check_and_charge(struct check *c, bool in_period)
{
    if (!in_period) {
        reject(c, invalid_tx_error_Expired);
        return STATUS_OK;
    }
    enum status status = check_without_state(c);
    if (status != STATUS_OK || c->rejected) return status;
    if (!c->signer->account) {
        reject(c, invalid_tx_error_InvalidSignerId)->InvalidSignerId.signer_id = account_id_bytes(&c->t->signer_id);
        return STATUS_OK;
    }
    if (!c->signer->key) return charge_bootstrap(c);
    return c->t->has_nonce_index ? charge_gas_key(c) : charge_access_key(c);
}

enum status verify_and_charge(struct apply_state *s, const struct signed_transaction *t, bool in_period,
                              const struct transaction_signer *signer, struct transaction_verdict *out,
                              struct error *e)
{
    *out = (struct transaction_verdict){0};
    struct check c = {.s = s, .signed_transaction = t, .t = &t->transaction, .signer = signer, .out = out, .e = e};
    enum status status = check_and_charge(&c, in_period);
    if (status != STATUS_OK) return status;
    out->valid = !c.rejected;
    if (c.rejected && !out->charged) return STATUS_OK;
    out->gas_burnt = c.cost.gas_burnt;
    out->compute_burnt = c.cost.compute_burnt;
    out->receipt_gas_price = c.cost.receipt_gas_price;
    out->burnt_amount = c.cost.burnt_amount;
    return STATUS_OK;
}
