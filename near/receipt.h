/* Receipts: what accounts send each other. Source: near-primitives 0.38.0, receipt.rs.
 *
 * Ownership: a receipt owns nothing. What it refers to lies in the input that it was read from, in the arena, or
 * wherever its maker put it, and must stay as long as the receipt is used. */
#ifndef NEAR_RECEIPT_H
#define NEAR_RECEIPT_H

#include "near/action.h"

enum receipt_kind {
#define X(name, title, index) RECEIPT_##name = index,
#include "near/receipt_kinds.def"
#undef X
    RECEIPT_KIND_COUNT,
};

const char *receipt_kind_name(enum receipt_kind kind); /* "Action", ...; "unknown" */

/* Where the result of a receipt goes. */
struct data_receiver {
    struct crypto_hash data_id;
    struct account_id receiver_id;
};

/* RECEIPT_action, RECEIPT_promise_yield and their second versions. */
struct action_receipt {
    struct account_id signer_id;
    bool has_refund_to;           /* second versions alone */
    struct account_id refund_to;  /* who gets deposits back, if not the predecessor */
    const struct public_key *signer_public_key;
    struct u128 gas_price;        /* yoctoNEAR for each unit of gas: what was paid */
    const struct data_receiver *output_data_receivers;
    uint32_t output_data_receiver_count;
    const struct crypto_hash *input_data_ids; /* data that must be there before the actions are applied */
    uint32_t input_data_id_count;
    const struct action *actions;
    uint32_t action_count;
};

/* RECEIPT_data and RECEIPT_promise_resume. */
struct data_receipt {
    struct crypto_hash data_id;
    bool has_data;                /* false: what should have made it has failed */
    struct bytes data;
};

/* A global contract on its way through the shards. */
struct global_contract_distribution {
    uint8_t version;              /* 1 or 2 */
    struct global_contract_id id;
    uint64_t target_shard;
    const uint64_t *already_delivered_shards;
    uint32_t already_delivered_shard_count;
    struct bytes code;
    uint64_t nonce;               /* version 2; otherwise 0 */
};

struct receipt {
    struct account_id predecessor_id, receiver_id;
    struct crypto_hash receipt_id;
    enum receipt_kind kind;
    union {
        struct action_receipt action;
        struct data_receipt data;
        struct global_contract_distribution global_contract_distribution;
    };
};

/* ---- Borsh ------------------------------------------------------------------------------------------------------- */

/* The whole input or nothing: STATUS_MALFORMED, STATUS_NO_MEMORY; *out is then unchanged. */
enum status receipt_from_borsh(struct bytes input, struct arena *arena, struct receipt *out, struct error *e);
struct receipt receipt_read(struct record_reader *r);
void receipt_write(const struct receipt *r, struct buffer *out);

/* ---- what a receipt is ------------------------------------------------------------------------------------------- */

/* `action` is in use. */
static inline bool receipt_has_actions(const struct receipt *r)
{
    return r->kind == RECEIPT_action || r->kind == RECEIPT_action_v2 || r->kind == RECEIPT_promise_yield ||
           r->kind == RECEIPT_promise_yield_v2;
}
/* An action receipt of either version, not a yielded one. */
static inline bool receipt_is_action(const struct receipt *r)
{
    return r->kind == RECEIPT_action || r->kind == RECEIPT_action_v2;
}
static inline bool receipt_is_yield(const struct receipt *r)
{
    return r->kind == RECEIPT_promise_yield || r->kind == RECEIPT_promise_yield_v2;
}
/* `data` is in use. */
static inline bool receipt_has_data(const struct receipt *r)
{
    return r->kind == RECEIPT_data || r->kind == RECEIPT_promise_resume;
}

/* Applied right after the receipt that made it: yields, and a lone DeleteAccount that waits for nothing. */
bool receipt_is_instant(const struct receipt *r);
/* Who gets deposits back: refund_to, or the predecessor. */
const struct account_id *receipt_balance_refund_receiver(const struct receipt *r);
/* Sum of the gas of its function calls; false if it exceeds 64 bits. Zero without actions. */
bool receipt_prepaid_gas(const struct receipt *r, uint64_t *out);

/* ---- making receipts: receipt_id is zero and to be filled in ----------------------------------------------------- */

/* From "system", signed by nobody: deposits back. STATUS_NO_MEMORY. */
enum status receipt_balance_refund(const struct account_id *receiver, struct u128 amount, struct arena *arena,
                                   struct receipt *out, struct error *e);
/* From "system", in the name of the key that paid: gas back. `key` must stay. STATUS_NO_MEMORY. */
enum status receipt_gas_refund(const struct account_id *receiver, struct u128 amount, const struct public_key *key,
                               struct arena *arena, struct receipt *out, struct error *e);
struct receipt receipt_data(const struct account_id *predecessor, const struct account_id *receiver,
                            const struct crypto_hash *data_id, bool has_data, struct bytes data);

#endif
