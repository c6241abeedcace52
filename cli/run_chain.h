/* `nvm run --trie`, `--proof`, `--follow`: the call as a receipt that a chunk applies to a real state, instead of a
 * call over a map. What differs: looking nodes of the trie up costs gas, the receipt's own fees are in the outcome, and
 * the random seed that the contract sees follows from the block's (docs/run.md). */
#ifndef CLI_RUN_CHAIN_H
#define CLI_RUN_CHAIN_H

#include "cli/run.h"
#include "node/state_file.h"
#include "proof/build.h"

enum {
    CHAIN_BLOCKS_MAX = 1000,       /* --follow goes no further */
    CHAIN_BLOCK_TIME = 1000000000, /* nanoseconds from block to block */
    CHAIN_GAS_PRICE = 100000000,   /* yoctoNEAR for each unit of gas: the protocol's minimum */
};

struct run_chain {
    struct run *run;
    struct state_file state;       /* in memory only; the trie before the first block */
    struct trie trie;              /* after the latest one */
    struct trie_recorder recorder;
    struct contract_cache *contracts;
    struct crypto_hash code_hash;
    struct public_key signer_key;
    struct shard_congestion *congestion;         /* of each block: what the one before has computed */
    struct shard_bandwidth_requests *bandwidth;
    struct receipt *incoming;      /* of the next block, in the arena */
    uint32_t incoming_count;
    struct chunk *chunks;          /* of the blocks so far, in the arena */
    struct chunk_result *results;
    uint32_t block_count;
    bool cut;                      /* there were more than CHAIN_BLOCKS_MAX */
    struct arena arena;
};

/* Whether the options ask for this. */
bool run_chain_wanted(const struct run_options *o);

/* Does it all; returns the exit code. */
int run_chain(struct run *run);

/* run_chain_state.c: the accounts, the contract and its data. STATUS_USAGE: something that no account has. */
enum status chain_make_state(struct run_chain *c, struct error *e);
/* run_chain_receipt.c: the call, and the data that it waits for. STATUS_USAGE: an option that no receipt has. */
enum status chain_make_receipts(struct run_chain *c, struct error *e);
/* Whether something in the block of the call itself has failed. */
bool chain_call_failed(const struct run_chain *c);
/* run_chain_report.c: outcomes, for people or as JSON; returns the exit code. `proof_path` may be null. */
int chain_report(const struct run_chain *c, const char *proof_path, size_t proof_size);

#endif
