/* Receipts that a contract makes while it runs: they grow action by action, and become receipts when the call has
 * succeeded. Source: nearcore, runtime/runtime/src/receipt_manager.rs. */
#ifndef RUNTIME_CALL_RECEIPTS_H
#define RUNTIME_CALL_RECEIPTS_H

#include "runtime/internal.h"

struct call_receipt {
    struct account_id receiver;
    bool is_yield;
    bool has_refund_to;
    struct account_id refund_to;
    struct data_receiver *outputs;
    uint32_t output_count, output_capacity;
    struct crypto_hash *inputs;
    uint32_t input_count;
    struct action *actions;
    uint32_t action_count, action_capacity;
};

/* A payload for a yield. */
struct call_resume {
    struct crypto_hash data_id;
    struct bytes data;
};

/* A function call that takes a share of the gas that is left at the end. */
struct gas_weight {
    uint64_t receipt;
    uint32_t action;
    uint64_t weight;
};

/* Everything lies in the arena. Zero-initialise but for that. */
struct call_receipts {
    struct arena *arena;
    struct call_receipt *receipts;
    uint32_t receipt_count, receipt_capacity;
    struct call_resume *resumes;
    uint32_t resume_count, resume_capacity;
    struct gas_weight *weights;
    uint32_t weight_count, weight_capacity;
};

/* Null: no memory. `inputs` lies in the arena. *index: the receipt's number. */
struct call_receipt *call_receipts_add(struct call_receipts *c, const struct account_id *receiver,
                                       struct crypto_hash *inputs, uint32_t input_count, uint64_t *index);
/* Null: no receipt of that number. */
struct call_receipt *call_receipts_at(struct call_receipts *c, uint64_t index);

/* These copy what they keep. False: no memory. */
bool call_receipt_add_output(struct call_receipts *c, struct call_receipt *r, const struct data_receiver *to);
bool call_receipt_add_action(struct call_receipts *c, uint64_t index, const struct action *a, uint64_t *action_index);
bool call_receipts_add_resume(struct call_receipts *c, const struct crypto_hash *data_id, struct bytes data);

/* Divides gas among the calls that have a weight, by their weights; the last one gets what division leaves over.
 * *distributed: 0 or all of it. STATUS_INVALID: overflow. */
enum status call_receipts_distribute_gas(struct call_receipts *c, uint64_t gas, uint64_t *distributed,
                                         struct error *e);

#endif
