/* Whether a transaction may be turned into a receipt, and who pays for it.
 * Source: nearcore, runtime/runtime/src/verifier.rs; the order of the checks is production's. */
#include "runtime/features.h"
#include "runtime/validate_actions.h"
#include "runtime/verification.h"

struct invalid_tx_error *reject_transaction(struct verification *c, enum invalid_tx_error_kind kind)
{
    c->rejected = true;
    c->out->error = (struct invalid_tx_error){.kind = kind};
    return &c->out->error;
}

/* ---- without the state ------------------------------------------------------------------------------------------- */

static bool enabled(const struct verification *c, enum feature_version feature)
{
    return feature_enabled(feature, c->s->chunk->protocol_version);
}

static void check_version_and_size(struct verification *c)
{
    const struct signed_transaction *t = c->signed_transaction;
    bool pq = enabled(c, FEATURE_post_quantum_signatures);
    if ((c->t->version == TRANSACTION_V1 && !enabled(c, FEATURE_gas_keys)) ||
        (c->t->nonce_mode == NONCE_STRICT && !enabled(c, FEATURE_strict_nonce)) ||
        (!pq && (c->t->public_key->type == KEY_ML_DSA_65 || t->signature.type == KEY_ML_DSA_65))) {
        reject_transaction(c, invalid_tx_error_InvalidTransactionVersion);
        return;
    }
    /* Signatures may be large since there are post-quantum ones; they count since then. */
    uint64_t size = pq ? t->size : t->unsigned_size, limit = c->s->parameters->limits.max_transaction_size;
    if (size <= limit) return;
    struct invalid_tx_error *error = reject_transaction(c, invalid_tx_error_TransactionSizeExceeded);
    error->TransactionSizeExceeded.size = size;
    error->TransactionSizeExceeded.limit = limit;
}

static enum status check_without_state(struct verification *c)
{
    bool valid;
    struct validation_error why;
    enum status status = validate_actions(c->s->parameters, c->s->chunk->protocol_version, RECEIPT_NEW, c->t->actions,
                                          c->t->action_count, &c->t->receiver_id, &valid, &why, c->e);
    if (status != STATUS_OK) return status;
    if (!valid) {
        reject_transaction(c, invalid_tx_error_ActionsValidation)->ActionsValidation = why;
        return STATUS_OK;
    }
    check_version_and_size(c);
    if (c->rejected) return STATUS_OK;
    if (!signed_transaction_verify(c->signed_transaction)) {
        reject_transaction(c, invalid_tx_error_InvalidSignature);
        return STATUS_OK;
    }
    status = cost_of_transaction(c->s->parameters, c->t, c->s->chunk->gas_price, &c->cost, c->e);
    if (status != STATUS_LIMIT) return status;
    reject_transaction(c, invalid_tx_error_CostOverflow);
    return STATUS_OK;
}

/* ---- all of it --------------------------------------------------------------------------------------------------- */

static enum status check_and_charge(struct verification *c, bool in_period)
{
    if (!in_period) {
        reject_transaction(c, invalid_tx_error_Expired);
        return STATUS_OK;
    }
    enum status status = check_without_state(c);
    if (status != STATUS_OK || c->rejected) return status;
    if (!c->signer->account) {
        reject_transaction(c, invalid_tx_error_InvalidSignerId)->InvalidSignerId.signer_id =
            account_id_bytes(&c->t->signer_id);
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
    struct verification c = {
        .s = s, .signed_transaction = t, .t = &t->transaction, .signer = signer, .out = out, .e = e,
    };
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
