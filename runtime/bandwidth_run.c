/* Runs the bandwidth scheduler for a chunk: its input is what the block says of the shards, its state is in the
 * trie. */
#include "runtime/congestion.h"
#include "runtime/receipt_sink.h"

#include <stdlib.h>

static struct shard_status *shard_statuses(const struct apply_state *s)
{
    const struct chunk *c = s->chunk;
    struct shard_status *statuses = arena_array(s->arena, c->shards.shard_count, sizeof *statuses);
    for (uint32_t i = 0; statuses && i < c->congestion_count; i++) {
        const struct shard_congestion *shard = &c->congestion[i];
        uint32_t index;
        if (!shard_index_of_id(&c->shards, shard->shard_id, &index)) continue;
        struct shard_status *status = &statuses[index];
        const double level = congestion_level(s->parameters, &shard->info, shard->missed_chunks);
        *status = (struct shard_status){.known = true,
                                        .last_chunk_missing = shard->missed_chunks > 0,
                                        .fully_congested = congestion_is_full(level)};
        status->has_allowed_sender =
            shard_index_of_id(&c->shards, shard->info.allowed_shard, &status->allowed_sender);
    }
    return statuses;
}

static int by_shard_id(const void *a, const void *b)
{
    const struct shard_bandwidth_requests *left = a, *right = b;
    return left->shard_id < right->shard_id ? -1 : left->shard_id > right->shard_id;
}

static struct shard_bandwidth_requests *sorted_requests(const struct apply_state *s)
{
    const struct chunk *c = s->chunk;
    struct shard_bandwidth_requests *sorted = arena_array(s->arena, c->bandwidth_request_count, sizeof *sorted);
    if (!sorted || !c->bandwidth_request_count) return sorted;
    memcpy(sorted, c->bandwidth_requests, c->bandwidth_request_count * sizeof *sorted);
    qsort(sorted, c->bandwidth_request_count, sizeof *sorted, by_shard_id);
    return sorted;
}

static enum status load(struct apply_state *s, struct bandwidth_scheduler_state *state, struct error *e)
{
    const struct trie_key key = trie_key_of_queue(TRIE_KEY_BANDWIDTH_SCHEDULER_STATE, 0, 0);
    struct bytes value;
    bool found;
    const enum status status = state_get(s, &key, &found, &value, e);
    if (status != STATUS_OK || !found) return status;
    if (bandwidth_scheduler_state_from_borsh(value, s->arena, state, e) == STATUS_OK) return STATUS_OK;
    return inconsistent_state(e, "the bandwidth scheduler's state cannot be read");
}

static enum status save(struct apply_state *s, const struct bandwidth_scheduler_state *state, struct error *e)
{
    const struct trie_key key = trie_key_of_queue(TRIE_KEY_BANDWIDTH_SCHEDULER_STATE, 0, 0);
    struct buffer value = {0};
    enum status status = STATUS_NO_MEMORY;
    bandwidth_scheduler_state_write(state, &value);
    if (value.failed) {
        status = error_no_memory(e);
    } else {
        const struct bytes bytes = bytes_of(value.data, value.size);
        s->sink->scheduler_hash = crypto_hash_of(bytes);
        status = state_set(s, &key, bytes, e);
    }
    buffer_free(&value);
    if (status == STATUS_OK) apply_commit(s);
    return status;
}

enum status bandwidth_scheduler_run(struct apply_state *s, struct error *e)
{
    struct bandwidth_scheduler_state state = {0};
    const struct bandwidth_input in = {
        .layout = &s->chunk->shards,
        .statuses = shard_statuses(s),
        .requests = sorted_requests(s),
        .request_count = s->chunk->bandwidth_request_count,
        .seed = s->chunk->prev_block_hash.bytes,
    };
    s->sink = arena_alloc(s->arena, sizeof *s->sink);
    if (!in.statuses || !in.requests || !s->sink) return error_no_memory(e);
    s->sink->bandwidth = bandwidth_parameters_of(s->parameters, s->chunk->shards.shard_count);
    enum status status = load(s, &state, e);
    if (status == STATUS_OK)
        status = bandwidth_schedule(&s->sink->bandwidth, &in, &state, s->arena, &s->sink->grants, e);
    return status == STATUS_OK ? save(s, &state, e) : status;
}
