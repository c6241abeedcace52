/* What a near-lake stream says about blocks, as structures of near/. Source: near-indexer-primitives and the views of
 * near-primitives 0.38.0 (views.rs).
 *
 * Views leave things out: the code of deployed contracts (its hash is there), the block hash that a transaction names,
 * and which version of an action receipt it was. Where that matters it is said below.
 *
 * Ownership: everything lies in the arena that it was read into, or in the JSON document, which both must stay. */
#ifndef DOCUMENTS_LAKE_BLOCK_H
#define DOCUMENTS_LAKE_BLOCK_H

#include "json/json.h"

#include "near/action_delegate.h"
#include "near/bandwidth.h"
#include "near/congestion_info.h"
#include "near/outcome.h"
#include "near/receipt.h"
#include "near/transaction.h"
#include "proof/merkle.h"

struct lake_stake {
    struct account_id account_id;
    const struct public_key *public_key;
    struct u128 stake;
};

struct lake_slashed {
    struct account_id account_id;
    bool is_double_sign;
};

struct lake_header {
    uint64_t height, prev_height, timestamp, block_ordinal, chunks_included;
    struct crypto_hash epoch_id, next_epoch_id, hash, prev_hash, prev_state_root, chunk_receipts_root;
    struct crypto_hash chunk_headers_root, chunk_tx_root, outcome_root, challenges_root, random_value;
    struct crypto_hash last_final_block, last_ds_final_block, next_bp_hash, block_merkle_root;
    bool has_prev_height, has_body_hash, has_epoch_sync_data_hash, has_endorsements, has_shard_split, is_spice;
    struct crypto_hash body_hash, epoch_sync_data_hash;
    const struct lake_stake *proposals;
    const bool *chunk_mask;
    const struct lake_slashed *challenges_result;
    const struct signature *approvals; /* no data: none of that validator */
    const struct bytes *endorsements;
    uint32_t proposal_count, chunk_mask_count, challenge_count, approval_count, endorsement_count;
    uint64_t split_shard;
    struct account_id split_account;
    struct u128 gas_price;             /* of the next block */
    struct u128 total_supply;
    uint32_t latest_protocol_version;  /* what the producer of the block knows; the epoch's may be lower */
};

struct lake_chunk_header {
    struct crypto_hash chunk_hash, prev_block_hash, outcome_root, prev_state_root, encoded_merkle_root;
    struct crypto_hash outgoing_receipts_root, tx_root;
    uint64_t encoded_length, height_created, height_included, shard_id, gas_used, gas_limit;
    struct u128 balance_burnt;
    const struct lake_stake *proposals;
    uint32_t proposal_count;
    bool has_congestion, has_bandwidth, has_split_field, has_split;
    struct congestion_info congestion;
    struct bandwidth_requests bandwidth;
    struct account_id split_account;
    uint64_t split_left, split_right;
};

/* Actions, with what the stream left out of them. */
struct lake_actions {
    struct action *items;
    uint32_t count;
    bool code_unknown; /* of a contract that is deployed: `code` is its hash; lake_find_codes looks for it */
};

struct lake_receipt {
    struct receipt receipt; /* action receipts in version 1, unless they have refund_to */
    struct lake_actions actions;
};

struct lake_outcome {
    struct execution_outcome outcome; /* `error` and `profile` are null */
    struct crypto_hash block_hash;
    struct merkle_path proof;
    const char *error;         /* EXECUTION_FAILURE: "ActionError.DelegateActionExpired" */
    bool has_error_index;
    uint64_t error_index;      /* of the action that failed */
    uint32_t metadata_version;
    bool has_profile;
    struct u128 profile_sum;   /* gas */
};

struct lake_transaction {
    struct signed_transaction signed_transaction; /* its block_hash is zero */
    struct lake_actions actions;
    bool block_hash_known;     /* somebody has found it out and filled it in */
    struct lake_outcome outcome;
};

struct lake_executed_receipt {
    struct lake_receipt receipt;
    struct lake_outcome outcome;
};

enum lake_change_kind {
    LAKE_ACCOUNT_UPDATE, LAKE_ACCOUNT_DELETION, LAKE_KEY_UPDATE, LAKE_KEY_DELETION, LAKE_GAS_KEY_NONCE_UPDATE,
    LAKE_DATA_UPDATE, LAKE_DATA_DELETION, LAKE_CODE_UPDATE, LAKE_CODE_DELETION,
};

enum lake_cause {
    LAKE_CAUSE_TRANSACTION, LAKE_CAUSE_RECEIPT, LAKE_CAUSE_GAS_REWARD,
    LAKE_CAUSE_OTHER, /* validators, migrations, ... */
};

struct lake_change {
    enum lake_cause cause;
    struct crypto_hash cause_hash;   /* of the transaction or receipt */
    enum lake_change_kind kind;
    struct account_id account_id;
    struct u128 amount, locked;      /* LAKE_ACCOUNT_UPDATE */
    struct crypto_hash code_hash;    /* LAKE_ACCOUNT_UPDATE; LAKE_CODE_UPDATE: of the code */
    uint64_t storage_usage;
    struct bytes public_key;         /* text */
    uint64_t nonce;                  /* keys and gas keys */
    uint64_t nonce_index;            /* LAKE_GAS_KEY_NONCE_UPDATE */
    struct bytes code;               /* LAKE_CODE_UPDATE */
};

struct lake_shard {
    const char *path;
    uint64_t shard_id;
    bool has_chunk;                  /* false: the chunk is missing in this block */
    struct lake_chunk_header header;
    struct lake_transaction *transactions;
    struct lake_receipt *receipts;   /* local ones, then those that the chunk sends */
    struct lake_executed_receipt *executed;
    struct lake_change *changes;
    uint32_t transaction_count, receipt_count, executed_count, change_count;
    struct lake_shard *next;
};

struct lake_block {
    const char *path;
    struct lake_header header;
    struct lake_chunk_header *chunks; /* one for each shard, old ones where a chunk is missing */
    uint32_t chunk_count;
    struct lake_shard *shards;        /* those that were given, by id */
    struct lake_block *next;          /* by height */
};

#endif
