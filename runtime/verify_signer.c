/* Checks of a transaction against its signer and access key. */
#include "runtime/verification.h"

static struct access_key_error *reject_key(struct verification *c, enum access_key_error_kind kind)
{
    struct invalid_tx_error *error = reject_transaction(c, invalid_tx_error_InvalidAccessKeyError);
    error->InvalidAccessKeyError.kind = kind;
    return &error->InvalidAccessKeyError;
}

void reject_unknown_key(struct verification *c)
{
    struct access_key_error *error = reject_key(c, access_key_error_AccessKeyNotFound);
    error->AccessKeyNotFound.account_id = c->t->signer_id;
    error->AccessKeyNotFound.public_key = c->t->public_key;
}

/* ---- pieces of the checks against the state ---------------------------------------------------------------------- */

void check_nonce(struct verification *c, uint64_t current, enum nonce_mode mode)
{
    uint64_t nonce = c->t->nonce, height = c->s->chunk->block_height, bound = UINT64_MAX;
    bool follows = mode == NONCE_STRICT ? current != UINT64_MAX && nonce == current + 1 : nonce > current;
    if (!follows) {
        struct invalid_tx_error *error = reject_transaction(c, invalid_tx_error_InvalidNonce);
        error->InvalidNonce.tx_nonce = nonce;
        error->InvalidNonce.ak_nonce = current;
        return;
    }
    if (height <= UINT64_MAX / ACCESS_KEY_NONCE_RANGE_MULTIPLIER) bound = height * ACCESS_KEY_NONCE_RANGE_MULTIPLIER;
    if (nonce < bound) return;
    struct invalid_tx_error *error = reject_transaction(c, invalid_tx_error_NonceTooLarge);
    error->NonceTooLarge.tx_nonce = nonce;
    error->NonceTooLarge.upper_bound = bound;
}

/* What is left of the signer's tokens after the whole cost. */
void check_balance(struct verification *c, struct u128 *left)
{
    struct u128 balance = c->signer->account->amount;
    if (u128_subtract(balance, c->cost.total_cost, left)) return;
    struct invalid_tx_error *error = reject_transaction(c, invalid_tx_error_NotEnoughBalance);
    error->NotEnoughBalance.signer_id = c->t->signer_id;
    error->NotEnoughBalance.balance = balance;
    error->NotEnoughBalance.cost = c->cost.total_cost;
}

static void check_allowance(struct verification *c, struct u128 *left)
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
enum status storage_missing(struct verification *c, struct u128 amount, bool *lacks, struct u128 *missing)
{
    struct account after = *c->signer->account;
    after.amount = amount;
    return storage_stake_missing(c->s->parameters, &after, lacks, missing, c->e);
}

enum status check_storage_stake(struct verification *c, struct u128 amount)
{
    bool lacks;
    struct u128 missing;
    enum status status = storage_missing(c, amount, &lacks, &missing);
    if (status != STATUS_OK || !lacks) return status;
    struct invalid_tx_error *error = reject_transaction(c, invalid_tx_error_LackBalanceForState);
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

void check_permission(struct verification *c)
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

enum status charge_access_key(struct verification *c)
{
    struct access_key *key = c->signer->key;
    struct u128 amount = {0, 0}, allowance = key->allowance;
    if (access_key_is_gas_key(key)) {
        reject_transaction(c, invalid_tx_error_InvalidNonceIndex)->InvalidNonceIndex.num_nonces = key->num_nonces;
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
