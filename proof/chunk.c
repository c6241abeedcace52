/* The chunk that a block of a proof applies. */
#include "near/transaction.h"
#include "proof/execution_proof.h"

static enum status read_receipts(const struct proof_block *b, struct arena *arena, struct receipt **out,
                                 struct error *e)
{
    struct receipt *receipts = arena_array(arena, b->incoming_count, sizeof *receipts);
    if (!receipts) return error_no_memory(e);
    for (uint32_t i = 0; i < b->incoming_count; i++) {
        enum status status = receipt_from_borsh(b->incoming[i], arena, &receipts[i], e);
        if (status != STATUS_OK) return status;
    }
    *out = receipts;
    return STATUS_OK;
}

static enum status read_transactions(const struct proof_block *b, struct arena *arena, struct signed_transaction **out,
                                     struct error *e)
{
    struct signed_transaction *transactions = arena_array(arena, b->transaction_count, sizeof *transactions);
    if (!transactions) return error_no_memory(e);
    for (uint32_t i = 0; i < b->transaction_count; i++) {
        enum status status = signed_transaction_from_borsh(b->transactions[i], arena, &transactions[i], e);
        if (status != STATUS_OK) return status;
    }
    *out = transactions;
    return STATUS_OK;
}

enum status proof_chunk(const struct execution_proof *p, const struct proof_block *b, struct arena *arena,
                        struct chunk *out, struct error *e)
{
    struct chunk chunk = b->context;
    struct receipt *receipts = NULL;
    struct signed_transaction *transactions = NULL;
    enum status status = read_receipts(b, arena, &receipts, e);
    if (status == STATUS_OK) status = read_transactions(b, arena, &transactions, e);
    if (status != STATUS_OK) return status;
    chunk.parameters = parameters_of(p->protocol_version);
    chunk.incoming = receipts;
    chunk.incoming_count = b->incoming_count;
    chunk.transactions = transactions;
    chunk.transaction_in_period = b->transaction_in_period;
    chunk.transaction_count = b->transaction_count;
    *out = chunk;
    return STATUS_OK;
}
