#include <stdlib.h>

#include "base/array.h"
#include "cli/call.h"
#include "cli/state.h"
#include "near/ids.h"
#include "runtime/congestion.h"
#include "runtime/internal.h"

/* ---- what the state says of the past ---------------------------------------------------------------------------- */

static void at_least(uint64_t *height, uint64_t lowest)
{
    if (*height < lowest) *height = lowest;
}

/* A key that a transaction has made begins with a nonce that its block has given it, and none gets beyond its block. */
static enum status look_at_keys(const struct trie *state, uint64_t *height, struct error *e)
{
    static const uint8_t column = 2; /* of access keys: near/trie_keys.def */
    struct trie_iterator it;
    struct bytes key, value;
    bool found = true;
    enum status status = trie_iterator_prefix(&it, state, bytes_of(&column, 1), e);
    while (status == STATUS_OK) {
        status = trie_iterator_next(&it, &found, &key, &value, e);
        if (status != STATUS_OK || !found) break;
        if (value.size >= NONCE_SIZE && load_le64(value.data))
            at_least(height, load_le64(value.data) / ACCESS_KEY_NONCE_RANGE_MULTIPLIER + 2);
    }
    trie_iterator_free(&it);
    return status;
}

static enum status get(const struct trie *state, const struct trie_key *key, bool *found, struct bytes *value,
                       struct error *e)
{
    struct buffer bytes = {0};
    trie_key_write(key, &bytes);
    enum status status = bytes.failed ? error_no_memory(e)
                                      : trie_get(state, bytes_of(bytes.data, bytes.size), NULL, found, value, e);
    buffer_free(&bytes);
    return status;
}

/* First and last entry of a queue; empty if there is none. */
static enum status get_queue(const struct trie *state, enum trie_key_kind kind, struct queue_indices *out,
                             struct error *e)
{
    const struct trie_key key = trie_key_of_queue(kind, 0, 0);
    struct bytes value;
    bool found = false;
    *out = (struct queue_indices){0, 0};
    enum status status = get(state, &key, &found, &value, e);
    return status == STATUS_OK && found ? queue_indices_from_borsh(value, out, e) : status;
}

/* The latest yield says when it ends, and so when it began. */
static enum status look_at_yields(const struct trie *state, uint64_t *height, struct error *e)
{
    const uint64_t length = parameters_of(PROTOCOL_VERSION_CURRENT)->limits.yield_timeout_length_in_blocks;
    struct queue_indices queue;
    struct yield_timeout timeout;
    struct bytes value;
    bool found = false;
    enum status status = get_queue(state, TRIE_KEY_YIELD_INDICES, &queue, e);
    if (status != STATUS_OK || !queue_length(&queue)) return status;
    const struct trie_key key = trie_key_of_queue(TRIE_KEY_YIELD_TIMEOUT, 0, queue.next - 1);
    status = get(state, &key, &found, &value, e);
    if (status == STATUS_OK && found) status = yield_timeout_from_borsh(value, &timeout, e);
    if (status == STATUS_OK && found && timeout.expires_at > length) at_least(height, timeout.expires_at - length + 1);
    return status;
}

enum status call_lowest_height(const struct trie *state, uint64_t *out, struct error *e)
{
    *out = CALL_FIRST_HEIGHT;
    enum status status = look_at_keys(state, out, e);
    return status == STATUS_OK ? look_at_yields(state, out, e) : status;
}

/* Receipts that wait in the state, from an earlier block or from genesis records. */
static enum status count_delayed(const struct call *c, struct congestion_info *out, struct error *e)
{
    struct queue_indices queue;
    enum status status = get_queue(&c->state.trie, TRIE_KEY_DELAYED_RECEIPT_INDICES, &queue, e);
    for (uint64_t i = queue.first; status == STATUS_OK && i < queue.next; i++) {
        const struct trie_key key = trie_key_of_queue(TRIE_KEY_DELAYED_RECEIPT, 0, i);
        struct stored_receipt stored = {0};
        struct arena arena = {0};
        struct bytes value;
        bool found = false;
        status = get(&c->state.trie, &key, &found, &value, e);
        if (status == STATUS_OK && !found)
            status = error_set(e, STATUS_INVALID, 0, ERROR_NO_OFFSET, "a delayed receipt is not in the state");
        if (status == STATUS_OK) status = stored_receipt_from_borsh(value, &arena, &stored, e);
        const bool plain = status == STATUS_OK && stored.form == STORED_RECEIPT_PLAIN;
        if (plain) status = receipt_congestion_gas(c->parameters, &stored.receipt, &stored.congestion_gas, e);
        if (plain && status == STATUS_OK)
            status = receipt_congestion_size(&stored.receipt, &stored.congestion_size, e);
        if (status == STATUS_OK)
            status = congestion_add_delayed(out, u128_of(stored.congestion_gas), stored.congestion_size, e);
        arena_free(&arena);
    }
    return status;
}

/* ---- blocks ----------------------------------------------------------------------------------------------------- */

/* The next block: the first one has the transaction, the others what the one before has sent. */
static enum status make_block(struct call *c, struct call_block *b, struct error *e)
{
    static const uint64_t shard_id = 0;
    static const struct crypto_hash zero;
    const struct call_block *last = c->block_count ? c->blocks[c->block_count - 1] : NULL;
    const uint64_t height = c->height + c->block_count;
    const uint64_t start = c->options.timestamp ? c->options.timestamp : UINT64_C(1700000000000000000);
    struct receipt *incoming = arena_array(&c->arena, last ? last->result.outgoing_count : 0, sizeof *incoming);
    if (!incoming) return error_no_memory(e);
    for (uint32_t i = 0; last && i < last->result.outgoing_count; i++) incoming[i] = *last->result.outgoing[i];
    b->chunk = (struct chunk){
        .parameters = c->parameters,
        .protocol_version = (uint32_t)c->options.version,
        .chain_id = bytes_of_string("test"),
        .shards = {.shard_ids = &shard_id, .shard_count = 1},
        .block_height = height,
        .block_timestamp = start + (height - (c->options.timestamp ? c->height : 0)) * UINT64_C(1000000000),
        .epoch_height = 1,
        .prev_block_hash = id_of(&zero, height - 1, 0),
        .random_seed = id_of(&zero, height, 1),
        .gas_price = c->gas_price,
        .gas_limit = UINT64_C(1000000000000000),
        .is_new_chunk = true,
        .congestion = &b->congestion,
        .congestion_count = 1,
        .transactions = &c->transaction,
        .transaction_count = last ? 0 : 1,
        .incoming = incoming,
        .incoming_count = last ? last->result.outgoing_count : 0,
    };
    if (!last) return count_delayed(c, &b->congestion.info, e);
    b->congestion.info = last->result.congestion_info;
    if (last->result.bandwidth_requests.count) {
        b->bandwidth = (struct shard_bandwidth_requests){shard_id, last->result.bandwidth_requests};
        b->chunk.bandwidth_requests = &b->bandwidth;
        b->chunk.bandwidth_request_count = 1;
    }
    return STATUS_OK;
}

static enum status apply_block(struct call *c, struct error *e)
{
    if (!array_grow(&c->blocks, c->block_count, &c->block_capacity, sizeof *c->blocks)) return error_no_memory(e);
    struct call_block *b = calloc(1, sizeof *b);
    if (!b) return error_no_memory(e);
    enum status status = make_block(c, b, e);
    if (status == STATUS_OK) status = apply_chunk(&b->chunk, &c->state.trie, c->contracts, &b->result, e);
    if (status != STATUS_OK) {
        free(b);
        return status;
    }
    state_file_move(&c->state, &b->result.state_root);
    c->blocks[c->block_count++] = b;
    return STATUS_OK;
}

int call_apply(struct call *c)
{
    struct error e;
    bool more = true;
    c->root_before = c->state.trie.root;
    c->contracts = contract_cache_new();
    enum status status = c->contracts ? STATUS_OK : error_no_memory(&e);
    while (status == STATUS_OK && more && c->block_count < CALL_BLOCKS_MAX) {
        status = apply_block(c, &e);
        if (status != STATUS_OK) break;
        const struct chunk_result *r = &c->blocks[c->block_count - 1]->result;
        more = r->outgoing_count || r->delayed_receipt_count;
    }
    if (status != STATUS_OK) return state_refuse(&c->state, &e);
    if (!more) return -1;
    say_error("call: receipts go on after %d blocks; the state stays as it was", CALL_BLOCKS_MAX);
    return EXIT_INPUT;
}
