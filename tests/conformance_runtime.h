/* What the files of conformance_runtime share: a scenario of blocks, its shards, chunks as they are read from JSON. */
#ifndef TESTS_CONFORMANCE_RUNTIME_H
#define TESTS_CONFORMANCE_RUNTIME_H

#include "runtime/runtime.h"
#include "tests/conformance.h"

/* A shard while the scenario runs. */
struct runtime_shard {
    struct trie_store store;
    struct trie_hash root;          /* referenced in the store */
    struct bytes *incoming;         /* receipts on their way to it, Borsh, in the scenario's arena */
    uint32_t incoming_count, incoming_capacity;
    struct bytes *sent;             /* what left it in the last block, likewise */
    uint32_t sent_count;
};

struct runtime_scenario {
    struct conformance_case *c;
    struct json_object *json;
    bool multi;                     /* several shards: blocks, results and more are lists by shard index */
    uint32_t version;
    const struct protocol_parameters *parameters;
    struct bytes chain_id;
    struct shard_layout layout;
    const struct account_balance *validators;
    uint32_t validator_count;
    struct u128 minimum_stake;
    struct contract_cache *contracts;
    struct runtime_shard *shards;   /* layout.shard_count */
    struct arena arena;
};

/* Reads what concerns the whole scenario, builds the tries and checks their roots. False: a difference is recorded.
 * Release with runtime_scenario_free, whatever the result. */
bool runtime_scenario_read(struct conformance_case *c, struct runtime_scenario *s);
void runtime_scenario_free(struct runtime_scenario *s);

/* Adds a receipt to those on their way to a shard. */
bool runtime_shard_add(struct runtime_scenario *s, uint32_t shard, struct bytes receipt);

/* The member of a block or result for the shard: an element of the list if there are several shards.
 * Null if it is no object. */
struct json_object *runtime_for_shard(const struct runtime_scenario *s, struct json_object *list, size_t block,
                                      uint32_t shard);

/* Reads the chunk's part of a block; its incoming receipts are those on their way to the shard. Everything is in
 * `arena`. False: a difference is recorded. */
bool runtime_chunk_read(struct runtime_scenario *s, struct json_object *block, uint32_t shard, struct arena *arena,
                        struct chunk *out);

/* The chunk's transactions in the form of the vectors; null without memory. */
struct json_object *runtime_transactions_json(const struct chunk *chunk);

/* The result in the form of the vectors; null without memory. `with_proof`: with the recorded nodes. */
struct json_object *runtime_result_json(const struct chunk *chunk, const struct trie_hash *before,
                                        const struct chunk_result *r, const struct trie_recorder *recorder,
                                        bool with_proof);

#endif
