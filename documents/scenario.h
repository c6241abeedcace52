/* Scenarios: a state and some blocks that are applied to it, in one shard or several, with everything that a runtime
 * said of each chunk: one JSON object, as in tests/vectors/runtime.jsonl.xz. Each chunk is applied to the state that
 * the one before has left, with the receipts that the block before has sent. */
#ifndef DOCUMENTS_SCENARIO_H
#define DOCUMENTS_SCENARIO_H

#include "base/limits.h"
#include "json/json.h"
#include "runtime/runtime.h"

/* A shard while the scenario runs. */
struct scenario_shard {
    struct trie_store store;
    struct trie_hash root;          /* referenced in the store */
    struct bytes *incoming;         /* receipts on their way to it, Borsh, in the scenario's arena */
    uint32_t incoming_count, incoming_capacity;
    struct bytes *sent;             /* what left it in the last block, likewise */
    uint32_t sent_count;
};

struct scenario {
    struct json *json;       /* the caller's */
    const char *name;
    bool multi;                     /* several shards: blocks, results and more are lists by shard index */
    uint32_t version;
    const struct protocol_parameters *parameters;
    struct bytes chain_id;
    struct shard_layout layout;
    const struct account_balance *validators;
    uint32_t validator_count;
    struct u128 minimum_stake;
    size_t block_count;
    struct contract_cache *contracts;
    struct scenario_shard *shards;  /* layout.shard_count */
    struct arena arena;
    const struct limits *limits;    /* gas and memory; null: the standard ones. To be set after scenario_read */
    uint64_t gas;                   /* burnt so far */
};

/* Whether it has the members that a scenario has. */
bool scenario_is_one(struct json *json);

/* Reads what concerns the whole scenario and builds the tries. Release with scenario_free, whatever the result.
 * STATUS_MALFORMED and others: *e says what cannot be read. */
enum status scenario_read(struct json *json, struct scenario *s, struct error *e);
void scenario_free(struct scenario *s);

/* What the scenario says of a shard's first state root; the root itself is in shards[shard].root until the first block
 * is applied. "" if it says nothing. */
const char *scenario_first_root(const struct scenario *s, uint32_t shard);

/* One chunk that was applied, and both sides of what is to be compared. `wanted` is completed: what the scenario leaves
 * out (large ones show no more of receipts than an id) is as in `got`. */
struct scenario_chunk {
    uint32_t shard;
    const struct chunk *chunk;
    struct trie_hash before;
    const struct chunk_result *result;         /* null: it could not be applied, `failure` says why */
    const struct error *failure;
    const struct trie_recorder *recorder;
    struct json *wanted, *got;          /* the result */
    struct json *wanted_transactions, *got_transactions;
};

/* False: stop. */
typedef bool scenario_visit(void *context, const struct scenario_chunk *chunk);

/* Applies one block after the other, shard by shard; stops where `visit` says so, and behind a chunk that could not be
 * applied. *done (may be null): whether it came to the end; then what the last block has sent is on its way, too.
 * Errors: a block that cannot be read; STATUS_NO_MEMORY. */
enum status scenario_run(struct scenario *s, scenario_visit *visit, void *context, bool *done, struct error *e);

/* How many receipts are still on their way: a number, or one for each shard. Null without memory. */
struct json *scenario_unprocessed(const struct scenario *s);

/* ---- for scenario.c: scenario_read.c ----------------------------------------------------------------------------- */

/* A member, or null if it is missing or null. */
struct json *scenario_member(struct json *json, const char *name);

/* Adds a receipt to those on their way to a shard. False: no memory. */
bool scenario_add_receipt(struct scenario *s, uint32_t shard, struct bytes receipt);

/* The member of a block or result for the shard: an element of the list if there are several shards.
 * Null if it is no object. */
struct json *scenario_for_shard(const struct scenario *s, struct json *list, size_t block,
                                       uint32_t shard);

/* Reads the chunk's part of a block; its incoming receipts are those on their way to the shard. Everything is in
 * `arena`. */
enum status scenario_read_chunk(struct scenario *s, struct json *block, uint32_t shard, struct arena *arena,
                                struct chunk *out, struct error *e);

/* ---- scenario_json.c --------------------------------------------------------------------------------------------- */

/* The chunk's transactions in the form of scenarios; null without memory. */
struct json *scenario_transactions_json(const struct chunk *chunk);

/* The result in the form of scenarios, with the recorded nodes; null without memory. */
struct json *scenario_result_json(const struct chunk *chunk, const struct trie_hash *before,
                                         const struct chunk_result *r, const struct trie_recorder *recorder);

#endif
