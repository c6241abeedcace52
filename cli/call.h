/* nvm call: a signed transaction and all receipts that come of it, block after block, on a state file. */
#ifndef CLI_CALL_H
#define CLI_CALL_H

#include "cli/cli.h"
#include "node/state_file.h"
#include "crypto/ed25519.h"
#include "runtime/runtime.h"

/* Beyond that the time, which follows the height, would leave 64 bits. */
#define CALL_HEIGHT_MAX UINT64_C(10000000000)

enum {
    CALL_BLOCKS_MAX = 1000,      /* a transaction that goes on for longer is given up */
    CALL_FIRST_HEIGHT = 100,     /* of a state that says nothing of heights */
    CALL_GAS_PRICE = 100000000,  /* yoctoNEAR for each unit of gas: the protocol's minimum */
    CALL_ACTIONS_MAX = 8,
    CALL_VERSION_FIRST = 84,     /* the runtime knows the rules from here on */
};

struct call_arguments {
    const char *args, *args_base64, *args_file, *deposit, *gas, *key, *transfer, *deploy, *add_key;
    const char *gas_price;
    uint64_t height, timestamp, version; /* 0: not given */
    bool create, dry_run, json;
};

struct call_block {
    struct chunk chunk;
    struct chunk_result result;
    struct shard_congestion congestion; /* what the chunk refers to */
    struct shard_bandwidth_requests bandwidth;
};

/* Zero-initialise; released by command_call. */
struct call {
    struct call_arguments options;
    struct state_file state;
    struct trie_hash root_before;
    struct account_id signer, receiver;
    struct bytes method;         /* data is null if there is none */
    struct ed25519_key secret;
    struct public_key public_key;
    struct signed_transaction transaction;
    const struct protocol_parameters *parameters;
    uint64_t height;             /* of the first block */
    struct u128 gas_price;
    struct call_block **blocks;  /* those that were applied */
    uint32_t block_count, block_capacity;
    struct contract_cache *contracts;
    struct arena arena;
    bool saved;
};

/* Each returns -1, or the exit code after a message. */

/* call_key.c: the key of the signer, from a file as near-cli writes it. */
int call_read_key(struct call *c);
/* call_transaction.c: actions, nonce and signature. */
int call_make_transaction(struct call *c);
/* call_blocks.c: applies everything; c->state has the state after it. */
int call_apply(struct call *c);
/* The lowest height that fits to what the state says of the past. */
enum status call_lowest_height(const struct trie *state, uint64_t *out, struct error *e);

/* call_report.c and call_json.c: what came of it. They return the exit code. */
int call_report(const struct call *c);
int call_report_json(const struct call *c);

/* ---- what both reports need (call_result.c) --------------------------------------------------------------------- */

/* An outcome, with what it is the outcome of. */
struct call_entry {
    const struct execution_outcome *outcome;
    const struct receipt *receipt; /* null: the transaction, or a receipt that waited in the state */
    uint64_t height;
    bool shown;
};

/* All outcomes in the order of execution; to be freed. Null: no memory. */
struct call_entry *call_entries(const struct call *c, uint32_t *count);
/* Null: there is none. */
struct call_entry *call_find(struct call_entry *entries, uint32_t count, const struct crypto_hash *id);
/* The outcome that has the result: that of the transaction, or of the receipt that it was handed on to. */
const struct execution_outcome *call_final(struct call_entry *entries, uint32_t count);
/* Gas and tokens that all outcomes have burnt. */
void call_totals(const struct call_entry *entries, uint32_t count, uint64_t *gas, struct u128 *tokens);

/* call_actions.c: one action for people: "transfer 1 NEAR". */
void call_print_action(FILE *out, const struct action *a);

#endif
