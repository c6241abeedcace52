/* Outcomes: what came of a transaction or a receipt, and how light clients see it.
 * Source: near-primitives 0.38.0, transaction.rs, profile_data_v3.rs, views.rs. */
#ifndef NEAR_OUTCOME_H
#define NEAR_OUTCOME_H

#include "base/arena.h"
#include "near/account.h"
#include "near/gas_profile.h"
#include "near/outcome_error.h"

enum execution_status {
    EXECUTION_UNKNOWN = 0,
    EXECUTION_FAILURE = 1,
    EXECUTION_SUCCESS_VALUE = 2,
    EXECUTION_SUCCESS_RECEIPT_ID = 3,
};

/* The contract that the receiver's account had right before an action ran. */
struct outcome_contract {
    enum account_code code;
    struct crypto_hash hash;            /* ACCOUNT_CODE_LOCAL, ACCOUNT_CODE_GLOBAL */
    struct account_id account_id;       /* ACCOUNT_CODE_GLOBAL_BY_ACCOUNT */
};

/* Owns nothing. */
struct execution_outcome {
    struct crypto_hash id;              /* of the transaction or receipt */
    struct account_id executor_id;      /* the signer of a transaction, the receiver of a receipt */
    enum execution_status status;
    const struct execution_error *error; /* EXECUTION_FAILURE; may be null if nobody knows it */
    struct bytes value;                 /* EXECUTION_SUCCESS_VALUE */
    struct crypto_hash receipt_id;      /* EXECUTION_SUCCESS_RECEIPT_ID */
    const struct bytes *logs;           /* UTF-8 */
    uint32_t log_count;
    const struct crypto_hash *receipt_ids;
    uint32_t receipt_id_count;
    uint64_t gas_burnt, compute_usage;
    struct u128 tokens_burnt;
    const struct gas_profile *profile; /* null: none (transactions; metadata version 1) */
    /* One for each action of the receipt, those that were not run without a contract. Null: metadata version 3 or 1. */
    const struct outcome_contract *contracts;
    uint32_t contract_count;
};

/* ---- what is hashed ---------------------------------------------------------------------------------------------- */

/* Borsh of PartialExecutionOutcome: receipt ids, gas, tokens, executor and status, without the error's details. */
void outcome_partial_write(const struct execution_outcome *o, struct buffer *out);

/* An outcome without what partial outcomes leave out: id, logs, error, compute, profile. */
enum status outcome_partial_from_borsh(struct bytes input, struct arena *arena, struct execution_outcome *out,
                                       struct error *e);

/* The 2 + log_count hashes of an outcome: its id, its partial outcome, each log. Writes that many. STATUS_NO_MEMORY. */
enum status outcome_hashes(const struct execution_outcome *o, struct crypto_hash *out, struct error *e);

/* The leaf of the outcome in the tree of its block: SHA-256 of those hashes with a count in front. STATUS_NO_MEMORY. */
enum status outcome_leaf(const struct execution_outcome *o, struct crypto_hash *out, struct error *e);
/* The same from the hashes. */
struct crypto_hash outcome_leaf_of_hashes(const struct crypto_hash *hashes, size_t count);

/* ---- profiles ---------------------------------------------------------------------------------------------------- */

/* Borsh: both lists with a count in front, then wasm. The reader takes lists of other lengths, as production does:
 * missing costs are 0, surplus ones are ignored. */
void outcome_profile_write(const struct gas_profile *p, struct buffer *out);
enum status outcome_profile_from_borsh(struct bytes input, struct gas_profile *out, struct error *e);
/* One such list inside of something larger, in files of our own: missing costs are 0, more than `known` are refused. */
void gas_costs_read(struct borsh_reader *r, uint64_t *costs, uint32_t known);

/* ---- JSON, as RPC nodes print it --------------------------------------------------------------------------------- */

/* {"logs":[...],"receipt_ids":[...],"gas_burnt":…,"tokens_burnt":"…","executor_id":"…","status":{…},"metadata":{…}} */
void outcome_json(const struct execution_outcome *o, struct buffer *out);
/* {"SuccessValue":"<base64>"}, {"SuccessReceiptId":"<base58>"}, {"Failure":{…}} or "Unknown". */
void outcome_status_json(const struct execution_outcome *o, struct buffer *out);
/* [{"cost_category":"ACTION_COST","cost":"…","gas_used":"…"},…] of what is not zero, sorted by category and name; null
 * for a null profile. */
void outcome_profile_json(const struct gas_profile *p, struct buffer *out);

#endif
