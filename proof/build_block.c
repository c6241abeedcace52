/* What a proof says about one chunk. */
#include "base/borsh.h"
#include "near/transaction.h"
#include "proof/build.h"

/* Copies what was written into the arena and empties the buffer. False: no memory. */
static bool keep(struct buffer *b, struct arena *arena, struct bytes *out)
{
    uint8_t *copy = b->failed ? NULL : arena_alloc(arena, b->size);
    if (!copy) return false;
    if (b->size) memcpy(copy, b->data, b->size);
    *out = bytes_of(copy, b->size);
    b->size = 0;
    return true;
}

static bool keep_receipts(const struct chunk *c, const struct chunk_result *r, struct buffer *b, struct arena *arena,
                          struct proof_block *out)
{
    struct bytes *incoming = arena_array(arena, c->incoming_count, sizeof *incoming);
    struct bytes *outgoing = arena_array(arena, r->outgoing_count, sizeof *outgoing);
    if (!incoming || !outgoing) return false;
    for (uint32_t i = 0; i < c->incoming_count; i++) {
        receipt_write(&c->incoming[i], b);
        if (!keep(b, arena, &incoming[i])) return false;
    }
    for (uint32_t i = 0; i < r->outgoing_count; i++) {
        receipt_write(r->outgoing[i], b);
        if (!keep(b, arena, &outgoing[i])) return false;
    }
    out->incoming = incoming;
    out->incoming_count = c->incoming_count;
    out->outgoing = outgoing;
    out->outgoing_count = r->outgoing_count;
    return true;
}

static bool keep_transactions(const struct chunk *c, struct buffer *b, struct arena *arena, struct proof_block *out)
{
    struct bytes *transactions = arena_array(arena, c->transaction_count, sizeof *transactions);
    bool *in_period = arena_array(arena, c->transaction_count, sizeof *in_period);
    if (!transactions || !in_period) return false;
    for (uint32_t i = 0; i < c->transaction_count; i++) {
        signed_transaction_write(&c->transactions[i], b);
        if (!keep(b, arena, &transactions[i])) return false;
        in_period[i] = !c->transaction_in_period || c->transaction_in_period[i];
    }
    out->transactions = transactions;
    out->transaction_in_period = in_period;
    out->transaction_count = c->transaction_count;
    return true;
}

static bool keep_outcome(const struct execution_outcome *o, const struct merkle_levels *tree, uint32_t index,
                         struct buffer *b, struct arena *arena, struct proof_outcome *out)
{
    struct merkle_path path;
    if (!merkle_levels_path(tree, index, &path)) return false;
    out->outcome = *o;
    out->outcome.error = NULL;
    out->outcome.contracts = NULL; /* they are in no proof */
    out->outcome.contract_count = 0;
    if (o->status == EXECUTION_FAILURE && o->error) execution_error_json(o->error, b);
    if (!keep(b, arena, &out->error)) return false;
    merkle_path_write(&path, b);
    return keep(b, arena, &out->path);
}

static bool keep_outcomes(const struct chunk_result *r, struct buffer *b, struct arena *arena, struct proof_block *out)
{
    struct crypto_hash *leaves = arena_array(arena, r->outcome_count, sizeof *leaves);
    struct proof_outcome *outcomes = arena_array(arena, r->outcome_count, sizeof *outcomes);
    struct merkle_levels tree;
    if (!leaves || !outcomes) return false;
    for (uint32_t i = 0; i < r->outcome_count; i++)
        if (outcome_leaf(&r->outcomes[i], &leaves[i], NULL) != STATUS_OK) return false;
    if (!merkle_levels_of(leaves, r->outcome_count, arena, &tree)) return false;
    for (uint32_t i = 0; i < r->outcome_count; i++)
        if (!keep_outcome(&r->outcomes[i], &tree, i, b, arena, &outcomes[i])) return false;
    out->outcomes = outcomes;
    out->outcome_count = r->outcome_count;
    out->outcome_root = merkle_levels_root(&tree);
    return true;
}

enum status proof_block_of(const struct proof_step *step, struct arena *arena, struct proof_block *out,
                           struct error *e)
{
    struct proof_block block = {.context = *step->chunk,
                                .state_root = crypto_hash_of_trie(&step->result->state_root)};
    struct buffer b = {0};
    block.context.parameters = NULL;
    block.context.transactions = NULL;
    block.context.transaction_in_period = NULL;
    block.context.incoming = NULL;
    block.context.transaction_count = block.context.incoming_count = 0;
    const bool ok = keep_transactions(step->chunk, &b, arena, &block) &&
                    keep_receipts(step->chunk, step->result, &b, arena, &block) &&
                    keep_outcomes(step->result, &b, arena, &block);
    buffer_free(&b);
    if (!ok) return error_no_memory(e);
    *out = block;
    return STATUS_OK;
}
