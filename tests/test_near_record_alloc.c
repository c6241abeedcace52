/* Reading, writing and hashing of records when memory runs out: the k-th allocation fails, for every k. It is then
 * said, and nothing crashes or leaks. Linked with --wrap (see the Makefile). */
#include "near/receipt_json.h"
#include "tests/failing_alloc.h"
#include "tests/near_samples.h"
#include "tests/test.h"

static struct buffer transaction, receipt, delegate;
static uint8_t signature[64];

static void make_inputs(void)
{
    static struct action inner[SAMPLE_ACTIONS], all[SAMPLE_ACTIONS + 1];
    const uint32_t count = sample_actions(inner);
    const struct delegate_action d = sample_delegate(false, inner, count, signature);
    delegate_action_write(&d, &delegate);
    memcpy(all, inner, sizeof inner);
    all[count] = (struct action){.kind = ACTION_KIND_delegate};
    all[count].delegate.borsh = bytes_of(delegate.data, delegate.size);
    const struct data_receiver receiver = {{{1}}, account_id_of("erin.near")};
    const struct receipt r = sample_receipt(RECEIPT_action_v2, all, count + 1, &receiver, 1);
    const struct signed_transaction t = {.transaction = sample_transaction(TRANSACTION_V1, all, count + 1),
                                         .signature = {KEY_ED25519, {signature, 64}}};
    receipt_write(&r, &receipt);
    signed_transaction_write(&t, &transaction);
    CHECK(!receipt.failed && !transaction.failed && !delegate.failed);
}

static enum status written(struct buffer *b)
{
    const enum status status = b->failed ? STATUS_NO_MEMORY : STATUS_OK;
    buffer_free(b);
    return status;
}

static enum status with_receipt(struct arena *a)
{
    struct receipt r;
    struct buffer out = {0};
    struct error e;
    enum status status = receipt_from_borsh(bytes_of(receipt.data, receipt.size), a, &r, &e);
    if (status != STATUS_OK) return status;
    receipt_write(&r, &out);
    if ((status = written(&out)) != STATUS_OK) return status;
    receipt_json(&r, &out);
    if ((status = written(&out)) != STATUS_OK) return status;
    return receipt_gas_refund(&r.predecessor_id, u128_of(1), r.action.signer_public_key, a, &r, &e);
}

static enum status with_transaction(struct arena *a)
{
    struct signed_transaction t;
    struct crypto_hash hash;
    struct error e;
    bool valid;
    enum status status = signed_transaction_from_borsh(bytes_of(transaction.data, transaction.size), a, &t, &e);
    if (status != STATUS_OK) return status;
    if ((status = transaction_hash(&t.transaction, &hash, &e)) != STATUS_OK) return status;
    const struct action *last = &t.transaction.actions[t.transaction.action_count - 1];
    return delegate_action_verify(last->delegate.parsed, &valid, &e);
}

static enum status with_outcome(struct arena *a)
{
    const struct bytes logs[2] = {bytes_of_string("a"), bytes_of_string("b")};
    const struct execution_error error = {.kind = EXECUTION_ERROR_INVALID_TX,
                                          .invalid_tx.kind = invalid_tx_error_Expired};
    const struct execution_outcome o = {.executor_id = account_id_of("a.near"), .status = EXECUTION_FAILURE,
                                        .error = &error, .logs = logs, .log_count = 2,
                                        .receipt_ids = sample_hashes, .receipt_id_count = 2};
    struct crypto_hash leaf, hashes[4];
    struct function_call_error call;
    struct execution_outcome again;
    struct buffer out = {0};
    struct error e;
    enum status status = outcome_leaf(&o, &leaf, &e);
    if (status != STATUS_OK) return status;
    if ((status = outcome_hashes(&o, hashes, &e)) != STATUS_OK) return status;
    status = function_call_error_of("LinkError", logs[0], NULL, a, &call, &e);
    if (status != STATUS_OK) return status;
    outcome_json(&o, &out);
    if ((status = written(&out)) != STATUS_OK) return status;
    outcome_partial_write(&o, &out);
    if (!out.failed) status = outcome_partial_from_borsh(bytes_of(out.data, out.size), a, &again, &e);
    const enum status write = written(&out);
    return write == STATUS_OK ? status : write;
}

static void check(const char *name, enum status (*run)(struct arena *), long least)
{
    test_begin(name);
    for (long k = 0;; k++) {
        struct arena arena = {0};
        failed = false;
        countdown = k;
        const enum status status = run(&arena);
        countdown = -1;
        arena_free(&arena);
        CHECK_EQUAL(status, failed ? STATUS_NO_MEMORY : STATUS_OK);
        if (failed) continue;
        CHECK(k >= least); /* not because nothing was allocated */
        return;
    }
}

int main(void)
{
    make_inputs();
    check("receipts", with_receipt, 5);
    check("transactions", with_transaction, 5);
    check("outcomes", with_outcome, 4);
    buffer_free(&transaction);
    buffer_free(&receipt);
    buffer_free(&delegate);
    return test_end();
}
