/* Delegate actions: what somebody signed for a relayer to send (NEP-366; with gas keys NEP-611). The signer's account
 * becomes the predecessor of a new receipt; the relayer stays its signer and has paid for it. */
#include "runtime/cost.h"
#include "runtime/features.h"
#include "runtime/internal.h"

/* ---- the key that signed ----------------------------------------------------------------------------------------- */

static void fail_key(struct action_result *r, enum access_key_error_kind kind)
{
    struct action_error *error = action_fail(r, action_error_DelegateActionAccessKeyError);
    error->DelegateActionAccessKeyError = (struct access_key_error){.kind = kind};
}

static bool method_allowed(const struct access_key *key, struct bytes method)
{
    bool found = key->method_count == 0;
    for (uint32_t i = 0; i < key->method_count && !found; i++) found = bytes_equal(key->method_names[i], method);
    return found;
}

/* A function call key allows one call without a deposit, of one receiver, maybe of some methods. */
static void check_permission(const struct action_context *c, const struct delegate_action *d,
                             const struct access_key *key, struct action_result *r)
{
    const struct action *a = d->actions;
    if (!access_key_is_function_call(key)) return;
    if (d->action_count != 1 || a->kind != ACTION_KIND_function_call) {
        fail_key(r, access_key_error_RequiresFullAccess);
        return;
    }
    if (!u128_equal(a->function_call.deposit, u128_of(0))) {
        fail_key(r, access_key_error_DepositWithFunctionCall);
        /* Once the checks went on, and a later one could name another reason. */
        if (feature_enabled(FEATURE_fix_delegate_deposit_error, c->state->chunk->protocol_version)) return;
    }
    if (!bytes_equal(account_id_bytes(&d->receiver_id), key->receiver_id)) {
        fail_key(r, access_key_error_ReceiverMismatch);
        struct access_key_error *error = &r->error.DelegateActionAccessKeyError;
        error->ReceiverMismatch.tx_receiver = d->receiver_id;
        error->ReceiverMismatch.ak_receiver = key->receiver_id;
    } else if (!method_allowed(key, a->function_call.method_name)) {
        fail_key(r, access_key_error_MethodNameMismatch);
        r->error.DelegateActionAccessKeyError.MethodNameMismatch.method_name = a->function_call.method_name;
    }
}

/* The nonce that the action must exceed: the key's, or one of a gas key. */
static enum status current_nonce(struct action_context *c, const struct delegate_action *d,
                                 const struct access_key *key, uint64_t *out, struct action_result *r,
                                 struct error *e)
{
    bool found;
    if (!d->has_nonce_index) {
        *out = key->nonce;
        if (access_key_is_gas_key(key)) fail_key(r, access_key_error_DelegateActionRequiresNonGasKey);
        return STATUS_OK;
    }
    if (!access_key_is_gas_key(key)) {
        fail_key(r, access_key_error_DelegateActionRequiresGasKey);
        return STATUS_OK;
    }
    if (d->nonce_index >= key->num_nonces) {
        struct action_error *error = action_fail(r, action_error_DelegateActionInvalidNonceIndex);
        error->DelegateActionInvalidNonceIndex.nonce_index = d->nonce_index;
        error->DelegateActionInvalidNonceIndex.num_nonces = key->num_nonces;
        return STATUS_OK;
    }
    const struct trie_key k = trie_key_of_gas_key_nonce(&d->sender_id, d->public_key, d->nonce_index);
    enum status status = state_get_u64(c->state, &k, &found, out, e);
    if (status != STATUS_OK || found) return status;
    return inconsistent_state(e, "a gas key lacks nonce %u", d->nonce_index);
}

static void check_nonce(const struct action_context *c, const struct delegate_action *d, uint64_t current,
                        struct action_result *r)
{
    uint64_t height = c->state->chunk->block_height, bound = UINT64_MAX;
    if (height <= UINT64_MAX / ACCESS_KEY_NONCE_RANGE_MULTIPLIER) bound = height * ACCESS_KEY_NONCE_RANGE_MULTIPLIER;
    if (d->nonce <= current) {
        struct action_error *error = action_fail(r, action_error_DelegateActionInvalidNonce);
        error->DelegateActionInvalidNonce.delegate_nonce = d->nonce;
        error->DelegateActionInvalidNonce.ak_nonce = current;
    } else if (d->nonce >= bound) {
        struct action_error *error = action_fail(r, action_error_DelegateActionNonceTooLarge);
        error->DelegateActionNonceTooLarge.delegate_nonce = d->nonce;
        error->DelegateActionNonceTooLarge.upper_bound = bound;
    }
}

static enum status set_nonce(struct action_context *c, const struct delegate_action *d, struct access_key *key,
                             struct error *e)
{
    if (d->has_nonce_index) {
        const struct trie_key k = trie_key_of_gas_key_nonce(&d->sender_id, d->public_key, d->nonce_index);
        return state_set_u64(c->state, &k, d->nonce, e);
    }
    key->nonce = d->nonce;
    return state_set_access_key(c->state, &d->sender_id, d->public_key, key, e);
}

static enum status use_key(struct action_context *c, const struct delegate_action *d, struct action_result *r,
                           struct error *e)
{
    struct access_key key;
    uint64_t nonce = 0;
    bool found;
    enum status status = state_get_access_key(c->state, &d->sender_id, d->public_key, &found, &key, e);
    if (status != STATUS_OK) return status;
    if (!found) {
        fail_key(r, access_key_error_AccessKeyNotFound);
        struct access_key_error *error = &r->error.DelegateActionAccessKeyError;
        error->AccessKeyNotFound.account_id = d->sender_id;
        error->AccessKeyNotFound.public_key = d->public_key;
        return STATUS_OK;
    }
    status = current_nonce(c, d, &key, &nonce, r, e);
    if (status == STATUS_OK && !r->failed) check_nonce(c, d, nonce, r);
    if (status == STATUS_OK && !r->failed) check_permission(c, d, &key, r);
    return status == STATUS_OK && !r->failed ? set_nonce(c, d, &key, e) : status;
}

/* ---- the receipt ------------------------------------------------------------------------------------------------- */

static bool add(uint64_t *sum, uint64_t part)
{
    if (part > UINT64_MAX - *sum) return false;
    *sum += part;
    return true;
}

/* The relayer paid for sending and executing the inner actions. Sending is burnt now; the rest goes with the receipt
 * and is no longer to be refunded here. */
static enum status charge(struct action_context *c, const struct delegate_action *d, struct action_result *r,
                          struct error *e)
{
    const struct protocol_parameters *p = c->state->parameters;
    const struct action_receipt *outer = c->action_receipt;
    struct cost send, required;
    enum status status = cost_prepaid_send_fees(p, outer->actions, outer->action_count, &send, e);
    if (status == STATUS_OK)
        status = cost_of_receipt(p, d->actions, d->action_count, &d->receiver_id, &required, e);
    if (status != STATUS_OK) return status == STATUS_LIMIT ? integer_overflow(e, "gas of a delegate action") : status;
    /* The gas of checking the signature was burnt with the transaction. */
    if (p->flags.fix_ml_dsa_cost_charging &&
        !add(&r->compute_usage, cost_signature_verification(p, d->public_key->type).compute))
        return integer_overflow(e, "compute of a delegate action");
    if (!add(&r->gas_used, required.gas) || !add(&r->gas_used, send.gas) || !add(&r->gas_burnt, send.gas) ||
        !add(&r->compute_usage, send.compute))
        return integer_overflow(e, "gas of a delegate action");
    return STATUS_OK;
}

static enum status send_receipt(struct action_context *c, const struct delegate_action *d, struct action_result *r,
                                struct error *e)
{
    const struct receipt receipt = {
        .predecessor_id = c->receipt->receiver_id,
        .receiver_id = d->receiver_id,
        .kind = RECEIPT_action,
        .action = {
            .signer_id = c->action_receipt->signer_id,
            .signer_public_key = c->action_receipt->signer_public_key,
            .gas_price = c->action_receipt->gas_price,
            .actions = d->actions,
            .action_count = d->action_count,
        },
    };
    return action_result_add_receipt(c->state, r, &receipt, e);
}

/* What can be said without the key. */
static enum status check_action(const struct action_context *c, const struct delegate_action *d,
                                struct action_result *r, struct error *e)
{
    const struct account_id *id = &c->receipt->receiver_id;
    bool valid;
    enum status status = delegate_action_verify(d, &valid, e);
    if (status != STATUS_OK) return status;
    if (!valid) {
        action_fail(r, action_error_DelegateActionInvalidSignature);
    } else if (c->state->chunk->block_height > d->max_block_height) {
        action_fail(r, action_error_DelegateActionExpired);
    } else if (!account_id_equal(&d->sender_id, id)) {
        struct action_error *error = action_fail(r, action_error_DelegateActionSenderDoesNotMatchTxReceiver);
        error->DelegateActionSenderDoesNotMatchTxReceiver.sender_id = d->sender_id;
        error->DelegateActionSenderDoesNotMatchTxReceiver.receiver_id = *id;
    }
    return STATUS_OK;
}

enum status action_delegate(struct action_context *c, const struct action *a, struct action_result *r,
                            struct error *e)
{
    const struct delegate_action *d = action_delegate_of(a);
    if (!d) return error_set(e, STATUS_USAGE, 0, ERROR_NO_OFFSET, "a delegate action that nobody has read");
    enum status status = check_action(c, d, r, e);
    if (status == STATUS_OK && !r->failed) status = use_key(c, d, r, e);
    if (status == STATUS_OK && !r->failed) status = charge(c, d, r, e);
    if (status == STATUS_OK && !r->failed) status = send_receipt(c, d, r, e);
    return status;
}

enum status action_delegate_v2(struct action_context *c, const struct action *a, struct action_result *r,
                               struct error *e)
{
    return action_delegate(c, a, r, e);
}
