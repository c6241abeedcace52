#include "runtime/receipt_sink.h"

#include "runtime/congestion.h"

/* ---- loading ----------------------------------------------------------------------------------------------------- */

/* Without an entry for it, a shard's gas has no limit, but nothing was granted either. */
static enum status set_limits(struct apply_state *s, struct error *e)
{
    const struct chunk *c = s->chunk;
    struct outgoing_limit *limits = arena_array(s->arena, c->shards.shard_count, sizeof *limits);
    if (!limits) return error_no_memory(e);
    for (uint32_t i = 0; i < c->shards.shard_count; i++) limits[i].gas = UINT64_MAX;
    for (uint32_t i = 0; i < c->congestion_count; i++) {
        const struct shard_congestion *to = &c->congestion[i];
        uint32_t index;
        if (!shard_index_of_id(&c->shards, to->shard_id, &index)) continue;
        limits[index].size = s->sink->grants[(size_t)c->shard_index * c->shards.shard_count + index];
        if (index != c->shard_index)
            limits[index].gas = congestion_outgoing_gas_limit(s->parameters, &to->info, to->missed_chunks,
                                                              c->shards.shard_ids[c->shard_index]);
    }
    s->sink->limits = limits;
    return STATUS_OK;
}

/* The buffers' indices, in an array with room for a buffer to each shard. */
static enum status load_buffers(struct apply_state *s, struct error *e)
{
    const struct trie_key key = trie_key_of_queue(TRIE_KEY_BUFFERED_RECEIPT_INDICES, 0, 0);
    struct buffered_indices stored = {0}, *buffers = &s->sink->buffers;
    struct bytes value;
    bool found;
    enum status status = state_get(s, &key, &found, &value, e);
    if (status != STATUS_OK) return status;
    if (found && buffered_indices_from_borsh(value, s->arena, &stored, e) != STATUS_OK)
        return inconsistent_state(e, "the indices of outgoing buffers cannot be read");
    const size_t room = (size_t)stored.count + s->chunk->shards.shard_count;
    buffers->buffers = arena_array(s->arena, room, sizeof *buffers->buffers);
    s->sink->groups = arena_array(s->arena, room, sizeof *s->sink->groups);
    if (!buffers->buffers || !s->sink->groups) return error_no_memory(e);
    buffers->count = stored.count;
    for (uint32_t i = 0; i < stored.count; i++) {
        buffers->buffers[i] = stored.buffers[i];
        status = receipt_groups_load(s, stored.buffers[i].shard_id, &s->sink->groups[i], e);
        if (status != STATUS_OK) return status;
    }
    return STATUS_OK;
}

static enum status load_own_congestion(struct apply_state *s, struct error *e)
{
    const struct chunk *c = s->chunk;
    for (uint32_t i = 0; i < c->congestion_count; i++) {
        if (c->congestion[i].shard_id != c->shards.shard_ids[c->shard_index]) continue;
        s->congestion = c->congestion[i].info;
        return STATUS_OK;
    }
    return congestion_bootstrap(s, e);
}

enum status receipt_sink_begin(struct apply_state *s, struct error *e)
{
    enum status status = load_own_congestion(s, e);
    if (status == STATUS_OK) status = load_buffers(s, e);
    if (status == STATUS_OK) status = set_limits(s, e);
    return status;
}

/* ---- buffers ----------------------------------------------------------------------------------------------------- */

static enum status save_indices(struct apply_state *s, struct error *e)
{
    const struct trie_key key = trie_key_of_queue(TRIE_KEY_BUFFERED_RECEIPT_INDICES, 0, 0);
    struct buffer value = {0};
    buffered_indices_write(&s->sink->buffers, &value);
    const enum status status =
        value.failed ? error_no_memory(e) : state_set(s, &key, bytes_of(value.data, value.size), e);
    buffer_free(&value);
    return status;
}

/* The place of a shard's buffer, or where it would have to be. */
static uint32_t buffer_place(const struct receipt_sink *sink, uint64_t shard_id, bool *found)
{
    uint32_t at = 0;
    while (at < sink->buffers.count && sink->buffers.buffers[at].shard_id < shard_id) at++;
    *found = at < sink->buffers.count && sink->buffers.buffers[at].shard_id == shard_id;
    return at;
}

/* The place of the shard's buffer, which is made if there is none: there is room for one to each shard. */
static uint32_t buffer_for(struct receipt_sink *sink, uint64_t shard_id)
{
    bool found;
    const uint32_t at = buffer_place(sink, shard_id, &found);
    if (found) return at;
    for (uint32_t i = sink->buffers.count++; i > at; i--) {
        sink->buffers.buffers[i] = sink->buffers.buffers[i - 1];
        sink->groups[i] = sink->groups[i - 1];
    }
    sink->buffers.buffers[at] = (struct shard_buffer){.shard_id = shard_id};
    sink->groups[at] = (struct receipt_groups){.shard_id = shard_id};
    return at;
}

static enum status push_receipt(struct apply_state *s, struct shard_buffer *b, const struct stored_receipt *r,
                                struct error *e)
{
    const struct trie_key key = trie_key_of_queue(TRIE_KEY_BUFFERED_RECEIPT, b->shard_id, b->indices.next);
    struct buffer value = {0};
    if (b->indices.next == UINT64_MAX) return integer_overflow(e, "the number of buffered receipts");
    stored_receipt_write(r, &value);
    const enum status status =
        value.failed ? error_no_memory(e) : state_set(s, &key, bytes_of(value.data, value.size), e);
    buffer_free(&value);
    if (status != STATUS_OK) return status;
    b->indices.next++;
    return save_indices(s, e);
}

static enum status buffer_receipt(struct apply_state *s, uint64_t shard_id, const struct receipt *r, uint64_t gas,
                                  uint64_t size, struct error *e)
{
    const bool stored = s->parameters->runtime.use_state_stored_receipt;
    const struct stored_receipt entry = {.form = stored ? STORED_RECEIPT_V1 : STORED_RECEIPT_PLAIN,
                                         .receipt = *r,
                                         .congestion_gas = gas,
                                         .congestion_size = size};
    enum status status = congestion_add_buffered(&s->congestion, gas, size, e);
    if (status != STATUS_OK) return status;
    const uint32_t at = buffer_for(s->sink, shard_id);
    if (stored) status = receipt_groups_push(s, &s->sink->groups[at], size, gas, e);
    if (status == STATUS_OK) status = push_receipt(s, &s->sink->buffers.buffers[at], &entry, e);
    return status;
}

/* ---- forwarding -------------------------------------------------------------------------------------------------- */

/* The shard that a receipt goes to. */
static enum status target_shard(const struct chunk *c, const struct receipt *r, uint32_t *index, struct error *e)
{
    if (r->kind != RECEIPT_global_contract_distribution) {
        *index = shard_index_of_account(&c->shards, &r->receiver_id);
        return STATUS_OK;
    }
    const uint64_t id = r->global_contract_distribution.target_shard;
    if (shard_index_of_id(&c->shards, id, index)) return STATUS_OK;
    return inconsistent_state(e, "a global contract is on its way to shard %llu, which there is not",
                              (unsigned long long)id);
}

/* Adds the receipt to what leaves the shard if the limits allow it. A receipt that is larger than receipts may be
 * counts as one that is not, or it would never leave. */
static enum status try_forward(struct apply_state *s, const struct receipt *r, uint32_t shard, uint64_t gas,
                               uint64_t size, bool *forwarded, struct error *e)
{
    struct outgoing_limit *limit = &s->sink->limits[shard];
    if (size > s->parameters->limits.max_receipt_size) size = s->parameters->limits.max_receipt_size;
    *forwarded = limit->gas >= gas && limit->size >= size;
    if (!*forwarded) return STATUS_OK;
    limit->gas -= gas;
    limit->size -= size;
    const struct chunk_watch *w = s->chunk->watch;
    if (w && w->outgoing) {
        const enum status status = w->outgoing(w->user, s->outgoing.count, r, e);
        if (status != STATUS_OK) return status;
    }
    return receipt_list_add(&s->outgoing, s->arena, r, e);
}

enum status receipt_sink_forward_or_buffer(struct apply_state *s, const struct receipt *r, struct error *e)
{
    uint64_t gas = 0, size = 0;
    uint32_t shard = 0;
    bool forwarded = false;
    enum status status = target_shard(s->chunk, r, &shard, e);
    if (status == STATUS_OK) status = receipt_congestion_size(r, &size, e);
    if (status == STATUS_OK) status = receipt_congestion_gas(s->parameters, r, &gas, e);
    if (status == STATUS_OK) status = try_forward(s, r, shard, gas, size, &forwarded, e);
    if (status != STATUS_OK || forwarded) return status;
    return buffer_receipt(s, s->chunk->shards.shard_ids[shard], r, gas, size, e);
}

/* Sends the oldest receipt of a buffer, if the limits allow it. */
static enum status forward_first(struct apply_state *s, uint32_t at, bool *forwarded, struct error *e)
{
    struct shard_buffer *b = &s->sink->buffers.buffers[at];
    const struct trie_key key = trie_key_of_queue(TRIE_KEY_BUFFERED_RECEIPT, b->shard_id, b->indices.first);
    struct stored_receipt r;
    uint32_t shard = 0;
    enum status status = stored_receipt_load(s, &key, &r, e);
    if (status == STATUS_OK) status = target_shard(s->chunk, &r.receipt, &shard, e);
    if (status == STATUS_OK)
        status = try_forward(s, &r.receipt, shard, r.congestion_gas, r.congestion_size, forwarded, e);
    if (status != STATUS_OK || !*forwarded) return status;
    b->indices.first++;
    status = congestion_remove_buffered(&s->congestion, r.congestion_gas, r.congestion_size, e);
    if (status == STATUS_OK) status = state_remove(s, &key, e);
    if (status == STATUS_OK && r.form == STORED_RECEIPT_V1)
        status = receipt_groups_pop(s, &s->sink->groups[at], r.congestion_size, r.congestion_gas, e);
    return status;
}

static enum status forward_buffer(struct apply_state *s, uint32_t at, struct error *e)
{
    const struct queue_indices *indices = &s->sink->buffers.buffers[at].indices;
    const uint64_t before = indices->first;
    bool forwarded = true;
    while (forwarded && queue_length(indices)) {
        const enum status status = forward_first(s, at, &forwarded, e);
        if (status != STATUS_OK) return status;
    }
    return indices->first != before ? save_indices(s, e) : STATUS_OK;
}

enum status receipt_sink_forward_from_buffer(struct apply_state *s, struct error *e)
{
    const struct shard_layout *shards = &s->chunk->shards;
    bool empty = true;
    for (uint32_t i = 0; i < shards->shard_count; i++) {
        bool found;
        const uint32_t at = buffer_place(s->sink, shards->shard_ids[i], &found);
        if (!found) continue;
        const enum status status = forward_buffer(s, at, e);
        if (status != STATUS_OK) return status;
        empty &= queue_length(&s->sink->buffers.buffers[at].indices) == 0;
    }
    if (empty && !u128_equal(s->congestion.buffered_receipts_gas, u128_of(0)))
        return inconsistent_state(e, "congestion info counts buffered receipts, but the buffers are empty");
    apply_commit(s);
    return STATUS_OK;
}

/* ---- at the end -------------------------------------------------------------------------------------------------- */

/* Sizes are those of groups; a receipt larger than receipts may be counts as one that is not. Buffers with receipts
 * that are in no group (from versions before there were any) ask for the largest receipt. */
static enum status request(struct apply_state *s, uint32_t at, struct bandwidth_asker *asker, struct error *e)
{
    const struct receipt_groups *g = &s->sink->groups[at];
    const uint64_t waiting = queue_length(&s->sink->buffers.buffers[at].indices);
    const uint64_t max = s->sink->bandwidth.max_receipt_size;
    bandwidth_asker_init(asker, &s->sink->bandwidth);
    if (waiting && (!g->exists || g->queue.receipt_count != waiting)) {
        bandwidth_asker_add(asker, max);
        return STATUS_OK;
    }
    if (!waiting) return STATUS_OK;
    for (uint64_t i = g->queue.indices.first; i < g->queue.indices.next && !asker->full; i++) {
        struct receipt_group group;
        enum status status = state_charge_step(s, 0, e);
        if (status == STATUS_OK) status = receipt_groups_read(s, g, i, &group, e);
        if (status != STATUS_OK) return status;
        bandwidth_asker_add(asker, group.size < max ? group.size : max);
    }
    return STATUS_OK;
}

enum status receipt_sink_requests(struct apply_state *s, struct bandwidth_requests *out, struct error *e)
{
    const struct shard_layout *shards = &s->chunk->shards;
    *out = (struct bandwidth_requests){.requests =
                                           arena_array(s->arena, shards->shard_count, sizeof *out->requests)};
    if (!out->requests) return error_no_memory(e);
    for (uint32_t i = 0; i < shards->shard_count; i++) {
        struct bandwidth_asker asker;
        bool found;
        const uint32_t at = buffer_place(s->sink, shards->shard_ids[i], &found);
        if (!found) continue;
        const enum status status = request(s, at, &asker, e);
        if (status != STATUS_OK) return status;
        if (!bandwidth_asker_needs(&asker)) continue;
        asker.request.to_shard = (uint16_t)shards->shard_ids[i];
        out->requests[out->count++] = asker.request;
    }
    return STATUS_OK;
}

/* A missing chunk leaves both as they came in. */
static void copy_what_came_in(const struct chunk *c, struct chunk_result *out)
{
    const uint64_t own = c->shards.shard_ids[c->shard_index];
    for (uint32_t i = 0; i < c->congestion_count; i++) {
        if (c->congestion[i].shard_id != own) continue;
        out->has_congestion_info = true;
        out->congestion_info = c->congestion[i].info;
    }
    for (uint32_t i = 0; i < c->bandwidth_request_count; i++)
        if (c->bandwidth_requests[i].shard_id == own) out->bandwidth_requests = c->bandwidth_requests[i].requests;
}

enum status receipt_sink_finish(struct apply_state *s, struct chunk_result *out, struct error *e)
{
    const struct chunk *c = s->chunk;
    out->bandwidth_scheduler_state_hash = s->sink->scheduler_hash;
    if (!c->is_new_chunk) {
        copy_what_came_in(c, out);
        return STATUS_OK;
    }
    s->congestion.allowed_shard = congestion_allowed_shard(c->shards.shard_ids, c->shards.shard_count,
                                                           c->block_height + c->shard_index);
    out->has_congestion_info = true;
    out->congestion_info = s->congestion;
    return receipt_sink_requests(s, &out->bandwidth_requests, e);
}

void receipt_sink_free(struct apply_state *s)
{
    s->sink = NULL; /* all of it is in the arena */
}
