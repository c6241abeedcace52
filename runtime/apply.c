/* A chunk, from the first phase to the last. Source: nearcore, runtime/runtime/src/lib.rs (Runtime::apply). */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/array.h"
#include "base/compare.h"
#include "base/sort.h"
#include "runtime/internal.h"

/* ---- what all files use ----------------------------------------------------------------------------------------- */

enum status receipt_list_add(struct receipt_list *l, struct arena *arena, const struct receipt *r, struct error *e)
{
    struct receipt *copy = arena_alloc(arena, sizeof *copy);
    if (!copy || !array_grow(&l->items, l->count, &l->capacity, sizeof *l->items)) return error_no_memory(e);
    *copy = *r;
    l->items[l->count++] = copy;
    return STATUS_OK;
}

void apply_commit(struct apply_state *s)
{
    trie_update_commit(&s->update);
    s->deployed_committed = s->deployed_count;
}

void apply_rollback(struct apply_state *s)
{
    trie_update_rollback(&s->update);
    s->deployed_count = s->deployed_committed;
}

enum status inconsistent_state(struct error *e, const char *format, ...)
{
    char text[sizeof((struct error *)0)->message];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return error_set(e, STATUS_INVALID, 0, ERROR_NO_OFFSET, "the state contradicts itself: %.190s", text);
}

enum status integer_overflow(struct error *e, const char *what)
{
    return error_set(e, STATUS_INVALID, 0, ERROR_NO_OFFSET, "%s: the sum exceeds its range", what);
}

bool chunk_is_full(const struct apply_state *s)
{
    const struct trie_recorder *r = s->recorder;
    return s->compute >= s->chunk->gas_limit ||
           (r && r->upper_bound > s->parameters->runtime.main_storage_proof_size_soft_limit);
}

/* ---- phases of receipts ----------------------------------------------------------------------------------------- */

static enum status check_receipt(const struct apply_state *s, const struct receipt *r, const char *which,
                                 struct error *e)
{
    struct receipt_error error;
    char id[CRYPTO_HASH_TEXT_SIZE];
    bool valid;
    enum status status = validate_receipt(s, r, RECEIPT_EXISTING, &valid, &error, e);
    if (status != STATUS_OK || valid) return status;
    return error_set(e, STATUS_INVALID, 0, ERROR_NO_OFFSET, "%s receipt %s is invalid", which,
                     crypto_hash_text(&r->receipt_id, id));
}

static enum status process_local(struct apply_state *s, struct error *e)
{
    enum status status = STATUS_OK;
    for (uint32_t i = 0; i < s->local.count && status == STATUS_OK; i++) {
        const struct receipt *r = s->local.items[i];
        if (chunk_is_full(s)) {
            status = delayed_push(s, r, e);
            continue;
        }
        status = process_receipt(s, r, e);
        if (status == STATUS_OK) status = note_processed(s, r, RECEIPT_SOURCE_LOCAL, e);
    }
    return status;
}

static enum status process_delayed(struct apply_state *s, struct error *e)
{
    enum status status = STATUS_OK;
    while (status == STATUS_OK && !chunk_is_full(s)) {
        const struct receipt *r;
        status = delayed_pop(s, &r, e);
        if (status != STATUS_OK || !r) break;
        status = check_receipt(s, r, "delayed", e);
        if (status == STATUS_OK) status = process_receipt(s, r, e);
        if (status == STATUS_OK) status = note_processed(s, r, RECEIPT_SOURCE_DELAYED, e);
    }
    return status;
}

static enum status process_incoming(struct apply_state *s, struct error *e)
{
    enum status status = STATUS_OK;
    for (uint32_t i = 0; i < s->chunk->incoming_count && status == STATUS_OK; i++) {
        const struct receipt *r = &s->chunk->incoming[i];
        status = check_receipt(s, r, "incoming", e);
        if (status != STATUS_OK) break;
        status = chunk_is_full(s) ? delayed_push(s, r, e) : process_receipt(s, r, e);
    }
    return status;
}

/* ---- the result ------------------------------------------------------------------------------------------------- */

static void *copy_array(struct apply_state *s, const void *items, size_t count, size_t size)
{
    void *copy = arena_array(s->arena, count, size);
    if (copy && count) memcpy(copy, items, count * size);
    return copy;
}

static enum status copy_changes(struct apply_state *s, struct chunk_result *out, struct error *e)
{
    struct trie_change *changes;
    size_t count;
    enum status status = trie_update_changes(&s->update, &changes, &count, e);
    if (status != STATUS_OK) return status;
    out->changes = copy_array(s, changes, count, sizeof *changes);
    free(changes);
    if (!out->changes) return error_no_memory(e);
    out->change_count = count;
    for (size_t i = 0; i < count; i++) {
        struct trie_change *c = &out->changes[i];
        c->key.data = copy_array(s, c->key.data, c->key.size, 1);
        if (!c->remove) c->value.data = copy_array(s, c->value.data, c->value.size, 1);
        if (!c->key.data || (!c->remove && !c->value.data)) return error_no_memory(e);
    }
    return STATUS_OK;
}

static bool account_before(const void *context, uint32_t a, uint32_t b)
{
    const struct validator_proposal *proposals = context;
    return bytes_compare(account_id_bytes(&proposals[a].account_id), account_id_bytes(&proposals[b].account_id)) < 0;
}

/* The last proposal of each account, the latest first. */
static enum status unique_proposals(struct apply_state *s, struct chunk_result *out, struct error *e)
{
    const uint32_t count = s->proposal_count;
    uint32_t *order = arena_array(s->arena, count, sizeof *order), *spare = arena_array(s->arena, count, sizeof *spare);
    out->proposals = arena_array(s->arena, count, sizeof *out->proposals);
    if (!order || !spare || !out->proposals) return error_no_memory(e);
    for (uint32_t i = 0; i < count; i++) order[i] = i;
    sort_order(order, spare, count, account_before, s->proposals);
    for (uint32_t i = 0; i < count; i++) {
        const bool last = i + 1 == count || account_before(s->proposals, order[i], order[i + 1]);
        spare[order[i]] = last; /* no proposal's number from here on, but whether it is the account's last */
    }
    for (uint32_t i = count; i-- > 0;)
        if (spare[i]) out->proposals[out->proposal_count++] = s->proposals[i];
    return STATUS_OK;
}

static enum status copy_lists(struct apply_state *s, struct chunk_result *out, struct error *e)
{
    out->stats = s->stats;
    out->delayed_receipt_count = queue_length(&s->delayed);
    out->outcomes = copy_array(s, s->outcomes, s->outcome_count, sizeof *s->outcomes);
    out->outcome_count = s->outcome_count;
    out->outgoing = copy_array(s, s->outgoing.items, s->outgoing.count, sizeof *s->outgoing.items);
    out->outgoing_count = s->outgoing.count;
    out->processed = copy_array(s, s->processed, s->processed_count, sizeof *s->processed);
    out->processed_count = s->processed_count;
    out->yield_timeouts = copy_array(s, s->yield_timeouts, s->yield_timeout_count, sizeof *s->yield_timeouts);
    out->yield_timeout_count = s->yield_timeout_count;
    if (!out->outcomes || !out->outgoing || !out->processed || !out->yield_timeouts) return error_no_memory(e);
    return unique_proposals(s, out, e);
}

/* The new root comes last: from then on nothing fails. */
static enum status finish(struct apply_state *s, struct chunk_result *out, struct error *e)
{
    enum status status = receipt_sink_finish(s, out, e);
    if (status != STATUS_OK) return status;
    apply_commit(s);
    status = copy_lists(s, out, e);
    if (status == STATUS_OK) status = copy_changes(s, out, e);
    if (status == STATUS_OK) status = trie_update_apply(&s->update, &out->state_root, &out->memory_usage, e);
    return status;
}

/* ---- phases ----------------------------------------------------------------------------------------------------- */

static enum status run_phases(struct apply_state *s, struct error *e)
{
    static enum status (*const phases[])(struct apply_state *, struct error *) = {
        receipt_sink_begin, receipt_sink_forward_from_buffer, process_transactions, process_local,
        process_delayed,    process_incoming,                 yield_resolve_timeouts,
    };
    enum status status = STATUS_OK;
    for (size_t i = 0; i < sizeof phases / sizeof *phases && status == STATUS_OK; i++) status = phases[i](s, e);
    return status;
}

static enum status check_chunk(const struct chunk *c, struct error *e)
{
    if (!c->parameters || !c->shards.shard_count || c->shard_index >= c->shards.shard_count)
        return error_set(e, STATUS_USAGE, 0, ERROR_NO_OFFSET, "a chunk without parameters, or of no shard");
    if (c->protocol_version < RUNTIME_VERSION_FIRST)
        return error_set(e, STATUS_USAGE, 0, ERROR_NO_OFFSET,
                         "chunks of protocol version %u cannot be applied; %d is the first that can",
                         c->protocol_version, RUNTIME_VERSION_FIRST);
    for (uint32_t i = 0; i < c->shards.shard_count; i++)
        if (c->shards.shard_ids[i] > UINT16_MAX) /* keys of buffered receipts have no room for more */
            return error_set(e, STATUS_USAGE, 0, ERROR_NO_OFFSET, "shard id %llu has more than 16 bits",
                             (unsigned long long)c->shards.shard_ids[i]);
    return STATUS_OK;
}

static void free_state(struct apply_state *s)
{
    receipt_sink_free(s);
    trie_update_free(&s->update);
    trie_touched_free(&s->touched);
    free(s->outcomes);
    free(s->outgoing.items);
    free(s->local.items);
    free(s->instant.items);
    free(s->processed);
    free(s->proposals);
    free(s->yield_timeouts);
    free(s->deployed);
}

enum status apply_chunk(const struct chunk *chunk, const struct trie *state, struct contract_cache *contracts,
                        struct chunk_result *out, struct error *e)
{
    *out = (struct chunk_result){0};
    enum status status = check_chunk(chunk, e);
    if (status != STATUS_OK) return status;
    struct apply_state s = {.chunk = chunk, .parameters = chunk->parameters, .recorder = state->recorder,
                            .contracts = contracts};
    s.arena = out->arena = calloc(1, sizeof *s.arena);
    if (!s.arena) return error_no_memory(e);
    s.arena->budget = chunk->budget;
    trie_update_init(&s.update, state);
    s.stats.transaction_count = chunk->transaction_count;
    s.stats.incoming_receipt_count = chunk->incoming_count;
    status = update_validator_accounts(&s, e);
    if (status == STATUS_OK) status = delayed_load(&s, e);
    if (status == STATUS_OK) status = bandwidth_scheduler_run(&s, e);
    if (status == STATUS_OK && chunk->is_new_chunk) status = run_phases(&s, e);
    if (status == STATUS_OK) status = finish(&s, out, e);
    free_state(&s);
    if (status != STATUS_OK) chunk_result_free(out);
    return status;
}

void chunk_result_free(struct chunk_result *r)
{
    if (r->arena) arena_free(r->arena);
    free(r->arena);
    *r = (struct chunk_result){0};
}
