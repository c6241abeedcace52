/* The queue of receipts that did not fit into earlier chunks. Source: nearcore, core/store/src/trie/
 * receipts_column_helper.rs; runtime/runtime/src/congestion_control.rs (DelayedReceiptQueueWrapper). */
#include "runtime/congestion.h"
#include "runtime/internal.h"

enum status delayed_load(struct apply_state *s, struct error *e)
{
    return state_get_queue(s, TRIE_KEY_DELAYED_RECEIPT_INDICES, &s->delayed, e);
}

static enum status store_indices(struct apply_state *s, struct error *e)
{
    return state_set_queue(s, TRIE_KEY_DELAYED_RECEIPT_INDICES, &s->delayed, e);
}

enum status delayed_push(struct apply_state *s, const struct receipt *r, struct error *e)
{
    struct stored_receipt stored = {.form = STORED_RECEIPT_V1, .receipt = *r};
    const struct trie_key key = trie_key_of_queue(TRIE_KEY_DELAYED_RECEIPT, 0, s->delayed.next);
    struct buffer value = {0};
    enum status status = receipt_congestion_gas(s->parameters, r, &stored.congestion_gas, e);
    if (status == STATUS_OK) status = receipt_congestion_size(r, &stored.congestion_size, e);
    if (status == STATUS_OK)
        status = congestion_add_delayed(&s->congestion, u128_of(stored.congestion_gas), stored.congestion_size, e);
    if (status != STATUS_OK) return status;
    if (s->delayed.next == UINT64_MAX) return integer_overflow(e, "the index of the delayed queue");
    stored_receipt_write(&stored, &value);
    status = value.failed ? error_no_memory(e) : state_set(s, &key, bytes_of(value.data, value.size), e);
    buffer_free(&value);
    if (status != STATUS_OK) return status;
    s->delayed.next++;
    return store_indices(s, e);
}

/* What a receipt from the queue counted for when it was put there; older forms don't say. */
static enum status stop_counting(struct apply_state *s, struct stored_receipt *stored, struct error *e)
{
    enum status status = STATUS_OK;
    if (stored->form == STORED_RECEIPT_PLAIN) {
        status = receipt_congestion_gas(s->parameters, &stored->receipt, &stored->congestion_gas, e);
        if (status == STATUS_OK) status = receipt_congestion_size(&stored->receipt, &stored->congestion_size, e);
    }
    if (status != STATUS_OK) return status;
    return congestion_remove_delayed(&s->congestion, u128_of(stored->congestion_gas), stored->congestion_size, e);
}

enum status delayed_pop(struct apply_state *s, const struct receipt **out, struct error *e)
{
    const struct trie_key key = trie_key_of_queue(TRIE_KEY_DELAYED_RECEIPT, 0, s->delayed.first);
    struct bytes value;
    bool found;
    *out = NULL;
    if (!queue_length(&s->delayed)) return STATUS_OK;
    struct stored_receipt *stored = arena_alloc(s->arena, sizeof *stored);
    if (!stored) return error_no_memory(e);
    enum status status = state_charge_step(s, 0, e);
    if (status == STATUS_OK) status = state_get(s, &key, &found, &value, e);
    if (status != STATUS_OK) return status;
    if (!found)
        return inconsistent_state(e, "delayed receipt #%llu is not in the state", (unsigned long long)s->delayed.first);
    status = stored_receipt_from_borsh(value, s->arena, stored, e);
    if (status == STATUS_MALFORMED)
        return inconsistent_state(e, "delayed receipt #%llu cannot be read", (unsigned long long)s->delayed.first);
    if (status == STATUS_OK) status = stop_counting(s, stored, e);
    if (status == STATUS_OK) status = state_remove(s, &key, e);
    if (status != STATUS_OK) return status;
    s->delayed.first++;
    status = store_indices(s, e);
    if (status == STATUS_OK) *out = &stored->receipt;
    return status;
}
