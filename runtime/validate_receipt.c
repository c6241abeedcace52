/* Rules for receipts that need no state. Source: nearcore, runtime/runtime/src/verifier.rs. */
#include "runtime/validate_actions.h"

static struct receipt_error *reject(bool *valid, struct receipt_error *out, enum receipt_error_kind kind)
{
    *valid = false;
    *out = (struct receipt_error){.kind = kind};
    return out;
}

static enum status check_size(const struct protocol_parameters *p, const struct receipt *r, bool *valid,
                              struct receipt_error *out, struct error *e)
{
    struct buffer borsh = {0};
    receipt_write(r, &borsh);
    bool failed = borsh.failed;
    uint64_t size = borsh.size;
    buffer_free(&borsh);
    if (failed) return error_no_memory(e);
    if (size > p->limits.max_receipt_size) {
        reject(valid, out, receipt_error_ReceiptSizeExceeded);
        out->ReceiptSizeExceeded.size = size;
        out->ReceiptSizeExceeded.limit = p->limits.max_receipt_size;
    }
    return STATUS_OK;
}

static void check_account_ids(const struct receipt *r, bool *valid, struct receipt_error *out)
{
    if (!account_id_valid(account_id_bytes(&r->predecessor_id)))
        reject(valid, out, receipt_error_InvalidPredecessorId)->InvalidPredecessorId.account_id =
            account_id_bytes(&r->predecessor_id);
    else if (!account_id_valid(account_id_bytes(&r->receiver_id)))
        reject(valid, out, receipt_error_InvalidReceiverId)->InvalidReceiverId.account_id =
            account_id_bytes(&r->receiver_id);
}

static enum status check_actions(const struct apply_state *s, const struct receipt *r,
                                 enum receipt_validation_mode mode, bool *valid, struct receipt_error *out,
                                 struct error *e)
{
    const struct action_receipt *a = &r->action;
    uint64_t limit = s->parameters->limits.max_number_input_data_dependencies;
    if (a->input_data_id_count > limit) {
        reject(valid, out, receipt_error_NumberInputDataDependenciesExceeded);
        out->NumberInputDataDependenciesExceeded.number_of_input_data_dependencies = a->input_data_id_count;
        out->NumberInputDataDependenciesExceeded.limit = limit;
        return STATUS_OK;
    }
    if (a->has_refund_to && !account_id_valid(account_id_bytes(&a->refund_to))) {
        reject(valid, out, receipt_error_InvalidRefundTo)->InvalidRefundTo.account_id = account_id_bytes(&a->refund_to);
        return STATUS_OK;
    }
    struct validation_error why;
    enum status status = validate_actions(s->parameters, s->chunk->protocol_version, mode, a->actions,
                                          a->action_count, &r->receiver_id, valid, &why, e);
    if (status == STATUS_OK && !*valid) reject(valid, out, receipt_error_ActionsValidation)->ActionsValidation = why;
    return status;
}

static void check_data(const struct protocol_parameters *p, const struct data_receipt *d, bool *valid,
                       struct receipt_error *out)
{
    uint64_t length = d->has_data ? d->data.size : 0;
    if (length <= p->limits.max_length_returned_data) return;
    reject(valid, out, receipt_error_ReturnedValueLengthExceeded);
    out->ReturnedValueLengthExceeded.length = length;
    out->ReturnedValueLengthExceeded.limit = p->limits.max_length_returned_data;
}

enum status validate_receipt(const struct apply_state *s, const struct receipt *r, enum receipt_validation_mode mode,
                             bool *valid, struct receipt_error *out, struct error *e)
{
    enum status status = STATUS_OK;
    *valid = true;
    /* Receipts that are on their way may be larger: the limit could be passed around once (nearcore issue 12606). */
    if (mode == RECEIPT_NEW) status = check_size(s->parameters, r, valid, out, e);
    if (status == STATUS_OK && *valid) check_account_ids(r, valid, out);
    if (status != STATUS_OK || !*valid) return status;
    if (receipt_has_actions(r)) return check_actions(s, r, mode, valid, out, e);
    if (receipt_has_data(r)) check_data(s->parameters, &r->data, valid, out);
    return STATUS_OK; /* a global contract on its way was checked before it was sent */
}
