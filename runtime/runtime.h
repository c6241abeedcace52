/* runtime/: applying transactions and receipts to the state: one chunk at a time, exactly as production's runtime does.
 * Accounts, actions, fees, refunds, promises and their data, yields, queues, congestion and bandwidth between shards.
 * It runs contracts through host/ and keeps everything in a trie (trie/). It knows nothing of proofs or hardware: what
 * was read is in the recorder that the caller hands in.
 *
 * What fails because of the chain's input (an invalid transaction, a contract that panics) is an outcome, with
 * production's error. A status that is not STATUS_OK is for what has no outcome: no memory, a node that a partial trie
 * lacks (TRIE_MISSING_NODE, TRIE_MISSING_VALUE: the message names the hash), a state that contradicts itself
 * (STATUS_INVALID), an incoming receipt that no node would have sent (STATUS_INVALID).
 *
 * Protocol versions: RUNTIME_VERSION_FIRST and later; what the runtime did before that is not known here.
 *
 * Source: nearcore, runtime/runtime/src; the facts that the protocol leaves open were measured (docs/runtime.md). */
#ifndef RUNTIME_RUNTIME_H
#define RUNTIME_RUNTIME_H

#include "near/bandwidth.h"
#include "near/congestion_info.h"
#include "near/outcome.h"
#include "near/parameters.h"
#include "near/receipt_queue.h"
#include "near/transaction.h"
#include "trie/trie.h"

enum { RUNTIME_VERSION_FIRST = 83 };

/* ---- shards ----------------------------------------------------------------------------------------------------- */

/* Which shard an account is in: shard_ids[n], n being how many of the boundary accounts (in rising order, one less than
 * there are shards) are not above it. */
struct shard_layout {
    const uint64_t *shard_ids;
    const struct account_id *boundary_accounts; /* shard_count - 1 */
    uint32_t shard_count;                       /* at least 1 */
};

/* The index of the shard, below shard_count. */
uint32_t shard_index_of_account(const struct shard_layout *l, const struct account_id *id);
/* False: no shard of that id. */
bool shard_index_of_id(const struct shard_layout *l, uint64_t shard_id, uint32_t *index);

/* ---- what goes in ----------------------------------------------------------------------------------------------- */

/* What the latest chunk of a shard says, and how many of its chunks have been missing since. */
struct shard_congestion {
    uint64_t shard_id;
    struct congestion_info info;
    uint64_t missed_chunks;
};

struct shard_bandwidth_requests {
    uint64_t shard_id;
    struct bandwidth_requests requests;
};

struct account_balance {
    struct account_id account_id;
    struct u128 amount; /* yoctoNEAR */
};

/* At the first block of an epoch. Lists by account, no account twice in one; an account that is missing in the last two
 * has 0 there. */
struct validator_accounts_update {
    const struct account_balance *stake_info; /* the largest stake of the last three epochs */
    uint32_t stake_info_count;
    const struct account_balance *rewards;
    uint32_t reward_count;
    const struct account_balance *last_proposals;
    uint32_t last_proposal_count;
    bool has_treasury;              /* the protocol's treasury is in this shard */
    struct account_id treasury;
};

/* A chunk to apply. Everything it points to belongs to the caller and outlives the call; the receipts and transactions,
 * which outcomes refer to, the result as well. */
struct contract;
struct call_context;
struct external_state;
struct call_outcome;

/* Who makes the contract calls of a chunk: for runs that are suspended and go on (host.h). As contract_call, in whose
 * place it is called; *out is released by the caller. */
struct call_hook {
    enum status (*call)(void *user, const struct contract *contract, struct bytes method,
                        const struct call_context *context, struct external_state *external, struct call_outcome *out,
                        struct error *e);
    void *user;
};

/* Who watches a chunk while it is applied: a verifier that stops at the first thing that is not as it should be. Each
 * function may be null; what is not STATUS_OK ends the chunk with that status. Numbers count from 0 in the order of the
 * result's lists. */
struct chunk_watch {
    /* Before the actions of a receipt run that will give outcome `number`. */
    enum status (*begin)(void *user, uint32_t number, const struct crypto_hash *receipt_id, struct error *e);
    /* As soon as an outcome is there, or a receipt that leaves the shard. */
    enum status (*outcome)(void *user, uint32_t number, const struct execution_outcome *outcome, struct error *e);
    enum status (*outgoing)(void *user, uint32_t number, const struct receipt *receipt, struct error *e);
    void *user;
};

struct chunk {
    const struct call_hook *calls;            /* null: contract_call */
    const struct chunk_watch *watch;          /* null: nobody */
    struct arena_budget *budget;              /* what the result and all on the way to it may take; null: no limit */
    const struct protocol_parameters *parameters;
    uint32_t protocol_version;
    struct bytes chain_id;
    struct shard_layout shards;
    uint32_t shard_index;           /* this one */

    uint64_t block_height, block_timestamp /* nanoseconds */, epoch_height;
    struct crypto_hash prev_block_hash, random_seed;
    struct u128 gas_price;          /* yoctoNEAR for each unit of gas */
    uint64_t gas_limit;             /* of the chunk, gas and compute; UINT64_MAX: none */
    bool is_new_chunk;              /* false: the shard's chunk is missing in this block */

    const struct shard_congestion *congestion; /* of all shards that have any, in any order */
    uint32_t congestion_count;
    const struct shard_bandwidth_requests *bandwidth_requests; /* likewise */
    uint32_t bandwidth_request_count;

    const struct account_balance *validators; /* stakes of the current epoch */
    uint32_t validator_count;
    struct u128 minimum_stake;
    const struct validator_accounts_update *validator_update; /* null: none */

    const struct signed_transaction *transactions;
    const bool *transaction_in_period; /* for each: its block hash is not too old; null: all are */
    uint32_t transaction_count;
    const struct receipt *incoming;
    uint32_t incoming_count;
};

/* ---- contracts -------------------------------------------------------------------------------------------------- */

/* Prepared contracts by code hash and parameters, kept by the caller over many chunks. A contract that is in here runs
 * even if the (partial) state lacks its code. Not for several threads at once. */
struct contract_cache;
struct contract;

struct contract_cache *contract_cache_new(void); /* null: no memory */
void contract_cache_free(struct contract_cache *c); /* null is allowed */
/* Prepares `code` and keeps it (with a copy of the code); nothing happens if it is there already. */
enum status contract_cache_add(struct contract_cache *c, const struct protocol_parameters *p, struct bytes code,
                               struct error *e);
/* Whether a call has asked for the contract since it was added. */
bool contract_cache_used(const struct contract_cache *c, const struct protocol_parameters *p,
                         const struct crypto_hash *hash);
/* The contracts that a call has asked for and nobody had added, in no order: their code was found in the state, or was
 * deployed by a receipt. *position is 0 at first. False: there is no other. `code` is valid as long as the cache. */
bool contract_cache_next_found(const struct contract_cache *c, size_t *position, struct crypto_hash *hash,
                               struct bytes *code);

/* ---- what comes out --------------------------------------------------------------------------------------------- */

struct chunk_stats {
    struct u128 tx_burnt_amount, slashed_burnt_amount, other_burnt_amount; /* yoctoNEAR */
    struct u128 gas_deficit_amount, subsidized_amount;
    uint64_t transaction_count, incoming_receipt_count;
};

struct validator_proposal {
    struct account_id account_id;
    const struct public_key *public_key;
    struct u128 stake;
};

/* Receipts that no other chunk shows: executed here, and not among the incoming ones. */
enum receipt_source { RECEIPT_SOURCE_LOCAL, RECEIPT_SOURCE_DELAYED, RECEIPT_SOURCE_INSTANT };

struct processed_receipt {
    const struct receipt *receipt;
    enum receipt_source source;
};

/* Release with chunk_result_free; everything in it is owned by it, but for what it shares with the chunk. */
struct chunk_result {
    struct trie_hash state_root;              /* in the trie's store, with one reference more: trie_release */
    uint64_t memory_usage;                    /* of the root */
    struct execution_outcome *outcomes;       /* in the order of execution */
    uint32_t outcome_count;
    const struct receipt **outgoing;
    uint32_t outgoing_count;
    struct processed_receipt *processed;      /* in the order of execution */
    uint32_t processed_count;
    struct yield_timeout *yield_timeouts;     /* those that were taken from the queue */
    uint32_t yield_timeout_count;
    struct validator_proposal *proposals;
    uint32_t proposal_count;
    struct chunk_stats stats;
    struct trie_change *changes;              /* in the order of keys */
    size_t change_count;
    uint64_t delayed_receipt_count;
    bool has_congestion_info;                 /* false: the chunk is missing and none came in */
    struct congestion_info congestion_info;
    struct bandwidth_requests bandwidth_requests;
    struct crypto_hash bandwidth_scheduler_state_hash;
    struct arena *arena;
};

/* Applies the chunk on top of `state`. If `state` has a recorder, what is read is in it afterwards, as production
 * records it; without one, the limits on the size of that proof are not enforced (a replay on a proof needs one, too:
 * else it goes on where the first run stopped). The trie itself stays as it is.
 * On failure *out is zero. STATUS_USAGE: a version below RUNTIME_VERSION_FIRST, no parameters, no such shard, a shard id
 * of more than 16 bits (the protocol's limit where receipts are buffered). */
enum status apply_chunk(const struct chunk *chunk, const struct trie *state, struct contract_cache *contracts,
                        struct chunk_result *out, struct error *e);
void chunk_result_free(struct chunk_result *r);

#endif
