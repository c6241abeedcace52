/* Yields that nobody resumes: their queue, in the order in which they expire, and the receipts that end them (NEP-519).
 * Source: nearcore, runtime/runtime/src/lib.rs (resolve_promise_yield_timeouts), core/store/src/utils. */
#include "base/array.h"
#include "runtime/internal.h"

enum status yield_enqueue_timeout(struct apply_state *s, const struct account_id *account,
                                  const struct crypto_hash *data_id, struct queue_indices *queue, struct error *e)
{
    const struct trie_key key = trie_key_of_queue(TRIE_KEY_YIELD_TIMEOUT, 0, queue->next);
    const uint64_t length = s->parameters->limits.yield_timeout_length_in_blocks;
    struct yield_timeout timeout = {*account, *data_id, 0};
    struct buffer value = {0};
    if (length > UINT64_MAX - s->chunk->block_height || queue->next == UINT64_MAX)
        return integer_overflow(e, "the height at which a yield expires");
    timeout.expires_at = s->chunk->block_height + length;
    yield_timeout_write(&timeout, &value);
    enum status status = value.failed ? error_no_memory(e) : state_set(s, &key, bytes_of(value.data, value.size), e);
    buffer_free(&value);
    if (status == STATUS_OK) queue->next++;
    return status;
}

static enum status read_entry(struct apply_state *s, uint64_t index, struct yield_timeout *out, struct error *e)
{
    const struct trie_key key = trie_key_of_queue(TRIE_KEY_YIELD_TIMEOUT, 0, index);
    struct bytes value;
    bool found;
    enum status status = state_get(s, &key, &found, &value, e);
    if (status != STATUS_OK) return status;
    if (!found)
        return inconsistent_state(e, "entry #%llu of the queue of yields is not in the state",
                                  (unsigned long long)index);
    status = yield_timeout_from_borsh(value, out, e);
    if (status == STATUS_MALFORMED)
        return inconsistent_state(e, "entry #%llu of the queue of yields cannot be read", (unsigned long long)index);
    return status;
}

/* Resumes the yield with nothing, if it is still there. *sent counts these receipts. */
static enum status expire(struct apply_state *s, const struct yield_timeout *t, uint64_t *sent, struct error *e)
{
    const struct trie_key key = trie_key_of_hash(TRIE_KEY_YIELD_RECEIPT, &t->account_id, &t->data_id);
    bool waiting;
    enum status status = state_has(s, &key, &waiting, e);
    if (status != STATUS_OK || !waiting) return status;
    struct receipt resume = receipt_data(&t->account_id, &t->account_id, &t->data_id, false, (struct bytes){0});
    resume.kind = RECEIPT_promise_resume;
    resume.receipt_id = receipt_id_of_timeout(&t->data_id, s->chunk->block_height, (*sent)++);
    return receipt_sink_forward_or_buffer(s, &resume, e);
}

static enum status note_timeout(struct apply_state *s, const struct yield_timeout *t, struct error *e)
{
    if (!array_grow(&s->yield_timeouts, s->yield_timeout_count, &s->yield_timeout_capacity, sizeof *t))
        return error_no_memory(e);
    s->yield_timeouts[s->yield_timeout_count++] = *t;
    return STATUS_OK;
}

enum status yield_resolve_timeouts(struct apply_state *s, struct error *e)
{
    struct queue_indices queue;
    uint64_t sent = 0;
    enum status status = state_get_queue(s, TRIE_KEY_YIELD_INDICES, &queue, e);
    if (status != STATUS_OK) return status;
    const uint64_t first = queue.first;
    while (queue_length(&queue) && !chunk_is_full(s)) {
        const struct trie_key key = trie_key_of_queue(TRIE_KEY_YIELD_TIMEOUT, 0, queue.first);
        struct yield_timeout entry;
        status = read_entry(s, queue.first, &entry, e);
        if (status != STATUS_OK) return status;
        if (entry.expires_at > s->chunk->block_height) break;
        status = state_charge_step(s, sizeof entry, e);
        if (status == STATUS_OK) status = expire(s, &entry, &sent, e);
        if (status == STATUS_OK) status = note_timeout(s, &entry, e);
        if (status == STATUS_OK) status = state_remove(s, &key, e);
        if (status != STATUS_OK) return status;
        queue.first++;
    }
    return queue.first == first ? STATUS_OK : state_set_queue(s, TRIE_KEY_YIELD_INDICES, &queue, e);
}
