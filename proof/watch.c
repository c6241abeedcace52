#include "proof/watch.h"

static enum status see_begin(void *user, uint32_t number, const struct crypto_hash *receipt_id, struct error *e)
{
    struct watch *w = user;
    const enum status status = proof_compare_id(w->claimed, w->index, number, receipt_id, w->refusal);
    return status == STATUS_INVALID ? refusal_error(w->refusal, e) : status;
}

static enum status see_outcome(void *user, uint32_t number, const struct execution_outcome *outcome, struct error *e)
{
    struct watch *w = user;
    struct proof_outcome found = {.outcome = *outcome};
    w->scratch.size = 0;
    if (outcome->status == EXECUTION_FAILURE && outcome->error) execution_error_json(outcome->error, &w->scratch);
    if (w->scratch.failed) return error_no_memory(e);
    found.error = bytes_of(w->scratch.data, w->scratch.size);
    const enum status status = proof_compare_outcome(w->claimed, w->index, number, &found, w->refusal);
    if (status != STATUS_OK) return status == STATUS_INVALID ? refusal_error(w->refusal, e) : status;
    if (outcome->gas_burnt > limits_gas(w->limits) - *w->gas) return limit_exceeded(w->limits, LIMIT_gas, e);
    *w->gas += outcome->gas_burnt;
    return STATUS_OK;
}

static enum status see_outgoing(void *user, uint32_t number, const struct receipt *receipt, struct error *e)
{
    struct watch *w = user;
    w->scratch.size = 0;
    receipt_write(receipt, &w->scratch);
    if (w->scratch.failed) return error_no_memory(e);
    const enum status status = proof_compare_outgoing(w->claimed, w->index, number,
                                                      bytes_of(w->scratch.data, w->scratch.size), w->refusal);
    return status == STATUS_INVALID ? refusal_error(w->refusal, e) : status;
}

void watch_begin(struct watch *w, const struct proof_block *claimed, uint32_t index, const struct limits *limits,
                 uint64_t *gas, struct refusal *refusal)
{
    *w = (struct watch){.claimed = claimed, .index = index, .limits = limits, .gas = gas, .refusal = refusal};
    w->chunk_watch = (struct chunk_watch){see_begin, see_outcome, see_outgoing, w};
}

void watch_end(struct watch *w)
{
    buffer_free(&w->scratch);
}

enum status watch_check_gas(const struct execution_proof *p, const struct limits *limits, struct error *e)
{
    uint64_t left = limits_gas(limits);
    for (uint32_t i = 0; i < p->block_count; i++) {
        const struct proof_block *b = &p->blocks[i];
        for (uint32_t k = 0; k < b->outcome_count; k++) {
            const uint64_t burnt = b->outcomes[k].outcome.gas_burnt;
            if (burnt > left) return limit_exceeded(limits, LIMIT_gas, e);
            left -= burnt;
        }
    }
    return STATUS_OK;
}

enum status proof_check_limits(const struct execution_proof *p, const struct limits *limits, struct error *e)
{
    uint64_t receipts = 0;
    for (uint32_t i = 0; i < p->block_count; i++)
        receipts += (uint64_t)p->blocks[i].incoming_count + p->blocks[i].transaction_count;
    enum status status = limit_check(limits, LIMIT_shards, p->shards.shard_count, e);
    if (status == STATUS_OK) status = limit_check(limits, LIMIT_blocks, p->block_count, e);
    if (status == STATUS_OK) status = limit_check(limits, LIMIT_receipts, receipts, e);
    return status == STATUS_OK ? limit_check(limits, LIMIT_rows, p->row_count, e) : status;
}
