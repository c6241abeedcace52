/* What the files of runtime/ share: the state of a chunk that is being applied, of a receipt, of an action. */
#ifndef RUNTIME_INTERNAL_H
#define RUNTIME_INTERNAL_H

#include "base/arena.h"
#include "host/host.h"
#include "near/action_delegate.h"
#include "near/ids.h"
#include "near/trie_key.h"
#include "runtime/balance_index.h"
#include "runtime/runtime.h"
#include "runtime/state.h"

/* ---- lists, grown with malloc, released by their owner ---------------------------------------------------------- */

struct receipt_list {
    const struct receipt **items; /* each in the chunk's arena, or among its input */
    uint32_t count, capacity;
};

/* Adds a copy of the struct (not of what it points to), which lies in `arena`. STATUS_NO_MEMORY. */
enum status receipt_list_add(struct receipt_list *l, struct arena *arena, const struct receipt *r, struct error *e);

/* ---- a chunk ---------------------------------------------------------------------------------------------------- */

struct receipt_sink; /* receipt_sink.h: outgoing limits, buffers */

/* Code deployed in this chunk: production finds code by hash alone, not through the trie. */
struct deployed_code {
    struct crypto_hash hash;
    struct bytes code;
};

struct apply_state {
    const struct chunk *chunk;
    const struct protocol_parameters *parameters; /* the chunk's */
    struct trie_update update;    /* commit after each transaction, receipt ...; see state.h for access */
    struct trie_touched touched;  /* what storage accesses of contracts cost */
    struct trie_recorder *recorder; /* may be null */
    struct contract_cache *contracts;
    struct arena *arena;          /* of the result: lives as long as that */

    uint64_t gas, compute;        /* so far */
    struct chunk_stats stats;
    struct execution_outcome *outcomes;
    uint32_t outcome_count, outcome_capacity;
    struct receipt_list outgoing; /* congestion.c adds to it */
    struct receipt_list local, instant;
    struct processed_receipt *processed;
    uint32_t processed_count, processed_capacity;
    struct validator_proposal *proposals;
    uint32_t proposal_count, proposal_capacity;
    struct yield_timeout *yield_timeouts;
    uint32_t yield_timeout_count, yield_timeout_capacity;

    struct queue_indices delayed; /* as it will be; delayed.c */
    struct congestion_info congestion; /* of this shard, kept up to date by congestion.c and delayed.c */
    struct receipt_sink *sink;

    struct balance_index validators; /* the chunk's, once a contract has asked for one (external.c) */

    struct deployed_code *deployed; /* the first `deployed_committed` are committed */
    uint32_t deployed_count, deployed_committed, deployed_capacity;
};

/* Ends the changes of a transaction, receipt or phase. Not trie_update_commit: deployed code goes along. */
void apply_commit(struct apply_state *s);
void apply_rollback(struct apply_state *s);

/* A state that no node could have written: STATUS_INVALID. */
enum status inconsistent_state(struct error *e, const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 2, 3)))
#endif
    ;
/* A sum that leaves its range where production gives up: STATUS_INVALID. */
enum status integer_overflow(struct error *e, const char *what);

/* ---- an action -------------------------------------------------------------------------------------------------- */

/* What came of an action, or of all actions of a receipt so far. Lists lie in the chunk's arena. */
struct action_result {
    uint64_t gas_burnt, gas_burnt_for_function_call, gas_used, compute_usage;
    bool failed;
    struct action_error error;      /* if failed */
    bool has_error_index;
    uint64_t error_index;           /* of the action */
    enum return_kind return_kind;   /* if not failed */
    struct bytes return_value;      /* RETURN_VALUE */
    uint64_t return_receipt;        /* RETURN_RECEIPT: index among new_receipts */
    struct bytes *logs;
    uint32_t log_count, log_capacity;
    struct receipt *new_receipts;   /* without ids yet */
    uint32_t new_receipt_count, new_receipt_capacity;
    struct validator_proposal *proposals;
    uint32_t proposal_count, proposal_capacity;
    struct gas_profile profile;
    struct outcome_contract *contracts; /* of the whole receipt: what each action found; null before version 85 */
    struct u128 tokens_burnt;       /* beyond gas: global contracts */
    struct u128 subsidized_amount;
};

/* Marks the result as failed; the error's fields are then set through the pointer:
 * action_fail(r, action_error_AccountDoesNotExist)->AccountDoesNotExist.account_id = *id. */
struct action_error *action_fail(struct action_result *r, enum action_error_kind kind);
/* STATUS_NO_MEMORY. */
enum status action_result_add_receipt(struct apply_state *s, struct action_result *r, const struct receipt *receipt,
                                      struct error *e);
enum status action_result_add_proposal(struct apply_state *s, struct action_result *r,
                                       const struct validator_proposal *p, struct error *e);

struct action_context {
    struct apply_state *state;
    const struct receipt *receipt;
    const struct action_receipt *action_receipt; /* &receipt->action */
    bool account_exists;
    struct account account;        /* the receiver's, if it exists; written to the state after the last action */
    struct account_id actor_id;    /* who acts: the predecessor; the account itself once it was created */
    const struct promise_result *promise_results;
    uint32_t promise_result_count;
    struct crypto_hash action_hash;
    uint32_t action_index, action_count;
    bool is_refund;                /* from "system" */
    uint64_t proof_size_before;    /* upper bound of the recorded proof before the first action; 0 before version 86 */
};

/* One function for each kind of action. `r` starts with the exec fees of the action as burnt and used. A failure of the
 * chain's making goes to r->error and returns STATUS_OK. Whether the account exists and the actor may do this has been
 * checked (check_account_existence, check_actor_permissions). */
#define X(name, title, index)                                                                                         \
    enum status action_##name(struct action_context *c, const struct action *a, struct action_result *r,              \
                              struct error *e);
#include "near/action_kinds.def"
#undef X

/* ---- checks (checks of accounts and actors: check_action.c; of receipts: validate_receipt.c) -------------------- */

/* They leave *r failed if they say no. */
void check_account_existence(const struct action_context *c, const struct action *a, struct action_result *r);
void check_actor_permissions(const struct action_context *c, const struct action *a, struct action_result *r);

enum receipt_validation_mode { RECEIPT_NEW, RECEIPT_EXISTING };
/* *valid is false: *out says what is wrong. STATUS_NO_MEMORY. */
enum status validate_receipt(const struct apply_state *s, const struct receipt *r, enum receipt_validation_mode mode,
                             bool *valid, struct receipt_error *out, struct error *e);

/* True: *missing is what the account lacks to pay for its storage. STATUS_INVALID: overflow. */
enum status storage_stake_missing(const struct protocol_parameters *p, const struct account *a, bool *lacks,
                                  struct u128 *missing, struct error *e);

/* ---- transactions (verify_transaction.c) ------------------------------------------------------------------------ */

/* What a transaction's signer and key are in the state, loaded once for each chunk: transactions see each other's
 * charges. Null: there is none. */
struct transaction_signer {
    struct account *account;
    struct access_key *key;
    uint64_t *gas_key_nonce; /* of the transaction's nonce index */
};

struct transaction_verdict {
    bool valid;
    struct invalid_tx_error error;      /* unless valid */
    /* Without a receipt, yet signer and key were charged: a gas key pays for a transaction whose deposit its account
     * cannot pay. What follows is set then, too. */
    bool charged;
    uint64_t gas_burnt, compute_burnt;  /* by making the receipt */
    struct u128 receipt_gas_price, burnt_amount;
};

/* Checks the transaction and charges signer and key (through the pointers; nothing is changed unless it is valid or
 * charged). What the error refers to lies in the transaction, the key and the chunk's arena. */
enum status verify_and_charge(struct apply_state *s, const struct signed_transaction *t, bool in_period,
                              const struct transaction_signer *signer, struct transaction_verdict *out,
                              struct error *e);

/* ---- global contracts (global_contract.c) ----------------------------------------------------------------------- */

/* A receipt of kind RECEIPT_global_contract_distribution: writes the code, forwards it to the next shard. */
enum status apply_global_contract_distribution(struct apply_state *s, const struct receipt *r, struct error *e);

/* ---- between shards (congestion.c, bandwidth.c) ----------------------------------------------------------------- */

/* In this order: the scheduler for every chunk, missing ones too (it writes its state and commits), then the sink. */
enum status bandwidth_scheduler_run(struct apply_state *s, struct error *e);
/* Loads buffers and limits; sets s->congestion and s->sink. */
enum status receipt_sink_begin(struct apply_state *s, struct error *e);
enum status receipt_sink_forward_from_buffer(struct apply_state *s, struct error *e);
/* Puts a receipt (with its id) into s->outgoing or into the buffer of its shard. Does not commit. */
enum status receipt_sink_forward_or_buffer(struct apply_state *s, const struct receipt *r, struct error *e);
/* Chooses the allowed shard, fills congestion info, bandwidth requests and the scheduler's hash of *out. For a missing
 * chunk these are what came in. */
enum status receipt_sink_finish(struct apply_state *s, struct chunk_result *out, struct error *e);
void receipt_sink_free(struct apply_state *s);

/* What a receipt counts for in congestion info. STATUS_INVALID: overflow. */
enum status receipt_congestion_gas(const struct protocol_parameters *p, const struct receipt *r, uint64_t *gas,
                                   struct error *e);
enum status receipt_congestion_size(const struct receipt *r, uint64_t *bytes, struct error *e); /* STATUS_NO_MEMORY */

/* ---- receipts (receipt.c, action_receipt.c, delayed.c, yield.c, refund.c) --------------------------------------- */

/* A receipt that was made in this chunk and has its id: to the instant queue, or to the sink. */
enum status dispatch_receipt(struct apply_state *s, const struct receipt *r, struct error *e);
enum status note_processed(struct apply_state *s, const struct receipt *r, enum receipt_source source,
                           struct error *e);
/* Adds the outcome, its gas and its compute to those of the chunk. */
enum status add_outcome(struct apply_state *s, const struct execution_outcome *o, struct error *e);
/* Applies a receipt and the instant receipts that come of it. */
enum status process_receipt(struct apply_state *s, const struct receipt *r, struct error *e);
/* Runs the actions of a receipt whose data are all there. Adds the outcome. */
enum status apply_action_receipt(struct apply_state *s, const struct receipt *r, struct error *e);

enum status delayed_load(struct apply_state *s, struct error *e);
enum status delayed_push(struct apply_state *s, const struct receipt *r, struct error *e);
/* Null: the queue is empty. */
enum status delayed_pop(struct apply_state *s, const struct receipt **out, struct error *e);

/* Adds a yield's time out behind the queue with these indices, which the caller writes to the state. */
enum status yield_enqueue_timeout(struct apply_state *s, const struct account_id *account,
                                  const struct crypto_hash *data_id, struct queue_indices *queue, struct error *e);
/* Ends the yields that have expired. */
enum status yield_resolve_timeouts(struct apply_state *s, struct error *e);

/* What refunds leave to be booked. */
struct refund_result {
    struct u128 price_deficit, price_surplus, refund_penalty, create_account_charge;
};
/* Adds the refunds of a receipt that was applied to its new receipts. `created_account`: it made its receiver. */
enum status make_refunds(struct apply_state *s, const struct receipt *r, bool created_account,
                         struct action_result *result, struct refund_result *out, struct error *e);
/* The price at which gas of this receipt is burnt. */
struct u128 receipt_gas_burn_price(const struct apply_state *s, const struct receipt *r);

enum status process_transactions(struct apply_state *s, struct error *e);
enum status update_validator_accounts(struct apply_state *s, struct error *e);

/* Compute or the recorded proof do not allow another receipt to start. */
bool chunk_is_full(const struct apply_state *s);

#endif
