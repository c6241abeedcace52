/* One receipt: applied at once, kept until the data that it waits for are there, or the data that others wait for.
 * Source: nearcore, runtime/runtime/src/lib.rs (process_receipt). */
#include "base/array.h"
#include "runtime/features.h"
#include "runtime/internal.h"

static struct trie_key key_of(enum trie_key_kind kind, const struct receipt *r, const struct crypto_hash *hash)
{
    return trie_key_of_hash(kind, &r->receiver_id, hash);
}

static enum status set_u32(struct apply_state *s, const struct trie_key *key, uint32_t value, struct error *e)
{
    uint8_t bytes[4];
    store_le32(bytes, value);
    return state_set(s, key, bytes_of(bytes, sizeof bytes), e);
}

/* ---- receipts of actions ---------------------------------------------------------------------------------------- */

/* Counts the data that are not there yet, and notes for each who waits for it. */
static enum status note_missing_data(struct apply_state *s, const struct receipt *r, uint32_t *missing, struct error *e)
{
    enum status status = STATUS_OK;
    *missing = 0;
    for (uint32_t i = 0; i < r->action.input_data_id_count && status == STATUS_OK; i++) {
        const struct crypto_hash *id = &r->action.input_data_ids[i];
        const struct trie_key data = key_of(TRIE_KEY_RECEIVED_DATA, r, id);
        const struct trie_key waiting = key_of(TRIE_KEY_POSTPONED_RECEIPT_ID, r, id);
        bool found;
        status = state_has(s, &data, &found, e);
        if (status != STATUS_OK || found) continue;
        ++*missing;
        status = state_set(s, &waiting, crypto_hash_bytes(&r->receipt_id), e);
    }
    return status;
}

static enum status process_action(struct apply_state *s, const struct receipt *r, struct error *e)
{
    const struct trie_key count = key_of(TRIE_KEY_PENDING_DATA_COUNT, r, &r->receipt_id);
    const struct trie_key postponed = key_of(TRIE_KEY_POSTPONED_RECEIPT, r, &r->receipt_id);
    uint32_t missing;
    enum status status = note_missing_data(s, r, &missing, e);
    if (status != STATUS_OK) return status;
    if (!missing) return apply_action_receipt(s, r, e);
    status = set_u32(s, &count, missing, e);
    if (status == STATUS_OK) status = state_set_receipt(s, &postponed, r, e);
    if (status == STATUS_OK) apply_commit(s);
    return status;
}

/* ---- data ------------------------------------------------------------------------------------------------------- */

static enum status set_received_data(struct apply_state *s, const struct receipt *r, struct error *e)
{
    const struct trie_key key = key_of(TRIE_KEY_RECEIVED_DATA, r, &r->data.data_id);
    const struct received_data data = {r->data.has_data, r->data.data};
    struct buffer value = {0};
    received_data_write(&data, &value);
    enum status status = value.failed ? error_no_memory(e) : state_set(s, &key, bytes_of(value.data, value.size), e);
    buffer_free(&value);
    return status;
}

/* The last data of a postponed receipt are there: it is applied. */
static enum status apply_postponed(struct apply_state *s, const struct trie_key *count,
                                   const struct trie_key *postponed, struct error *e)
{
    struct receipt *ready = arena_alloc(s->arena, sizeof *ready);
    bool found;
    if (!ready) return error_no_memory(e);
    enum status status = state_remove(s, count, e);
    if (status == STATUS_OK) status = state_get_receipt(s, postponed, &found, ready, e);
    if (status != STATUS_OK) return status;
    if (!found || !receipt_has_actions(ready)) return inconsistent_state(e, "a postponed receipt is not in the state");
    status = state_remove(s, postponed, e);
    return status == STATUS_OK ? apply_action_receipt(s, ready, e) : status;
}

/* One of the data that the receipt with this id waits for has come. *applied: it was the last one. */
static enum status count_data(struct apply_state *s, const struct receipt *r, const struct crypto_hash *receipt_id,
                              bool *applied, struct error *e)
{
    const struct trie_key count_key = key_of(TRIE_KEY_PENDING_DATA_COUNT, r, receipt_id);
    const struct trie_key postponed = key_of(TRIE_KEY_POSTPONED_RECEIPT, r, receipt_id);
    struct bytes value;
    uint32_t count = 0;
    bool found;
    enum status status = state_get(s, &count_key, &found, &value, e);
    if (status != STATUS_OK) return status;
    if (!found || data_count_from_borsh(value, &count, e) != STATUS_OK || !count)
        return inconsistent_state(e, "the number of data that a postponed receipt waits for is not in the state");
    *applied = count == 1;
    return *applied ? apply_postponed(s, &count_key, &postponed, e) : set_u32(s, &count_key, count - 1, e);
}

static enum status process_data(struct apply_state *s, const struct receipt *r, struct error *e)
{
    const struct trie_key waiting = key_of(TRIE_KEY_POSTPONED_RECEIPT_ID, r, &r->data.data_id);
    struct crypto_hash receipt_id;
    struct bytes value;
    bool found, applied = false;
    enum status status = set_received_data(s, r, e);
    if (status == STATUS_OK) status = state_get(s, &waiting, &found, &value, e);
    if (status != STATUS_OK) return status;
    if (found) {
        if (hash_from_borsh(value, &receipt_id, e) != STATUS_OK)
            return inconsistent_state(e, "the id of a postponed receipt cannot be read");
        status = state_remove(s, &waiting, e);
        if (status == STATUS_OK) status = count_data(s, r, &receipt_id, &applied, e);
    }
    if (status == STATUS_OK && !applied) apply_commit(s);
    return status;
}

/* ---- yields ----------------------------------------------------------------------------------------------------- */

static enum status process_yield(struct apply_state *s, const struct receipt *r, struct error *e)
{
    if (r->action.input_data_id_count != 1)
        return inconsistent_state(e, "a yield that does not wait for exactly one datum");
    const struct trie_key key = key_of(TRIE_KEY_YIELD_RECEIPT, r, &r->action.input_data_ids[0]);
    enum status status = state_set_receipt(s, &key, r, e);
    if (status == STATUS_OK) apply_commit(s);
    return status;
}

/* A time out that comes when a resume is under way does nothing. */
static enum status timeout_is_late(struct apply_state *s, const struct receipt *r, bool *late, struct error *e)
{
    const struct trie_key key = key_of(TRIE_KEY_YIELD_STATUS, r, &r->data.data_id);
    enum yield_status yield;
    struct bytes value;
    bool found;
    *late = false;
    if (r->data.has_data) return STATUS_OK;
    enum status status = state_get(s, &key, &found, &value, e);
    if (status != STATUS_OK || !found) return status;
    if (yield_status_from_borsh(value, &yield, e) != STATUS_OK)
        return inconsistent_state(e, "the status of a yield cannot be read");
    *late = yield == YIELD_RESUME_INITIATED;
    return STATUS_OK;
}

/* The contract's own id of the yield, if it gave it one, is free again. */
static enum status forget_yield_id(struct apply_state *s, const struct receipt *r, struct error *e)
{
    const struct trie_key by_data = key_of(TRIE_KEY_DATA_ID_TO_YIELD_ID, r, &r->data.data_id);
    struct crypto_hash yield_id;
    struct bytes value;
    bool found;
    if (!feature_enabled(FEATURE_yield_with_id, s->chunk->protocol_version)) return STATUS_OK;
    enum status status = state_get(s, &by_data, &found, &value, e);
    if (status != STATUS_OK || !found) return status;
    if (hash_from_borsh(value, &yield_id, e) != STATUS_OK)
        return inconsistent_state(e, "the id of a yield cannot be read");
    const struct trie_key by_yield = key_of(TRIE_KEY_YIELD_ID_TO_DATA_ID, r, &yield_id);
    status = state_remove(s, &by_yield, e);
    return status == STATUS_OK ? state_remove(s, &by_data, e) : status;
}

/* Resumes the yield; one that is not there any more was resumed before. */
static enum status process_resume(struct apply_state *s, const struct receipt *r, struct error *e)
{
    const struct trie_key key = key_of(TRIE_KEY_YIELD_RECEIPT, r, &r->data.data_id);
    const struct trie_key status_key = key_of(TRIE_KEY_YIELD_STATUS, r, &r->data.data_id);
    struct receipt *yield = arena_alloc(s->arena, sizeof *yield);
    bool late, found;
    if (!yield) return error_no_memory(e);
    enum status status = timeout_is_late(s, r, &late, e);
    if (status != STATUS_OK || late) return status;
    status = state_get_receipt(s, &key, &found, yield, e);
    if (status != STATUS_OK || !found) return status;
    if (!receipt_has_actions(yield)) return inconsistent_state(e, "a yield that has no actions");
    status = state_remove(s, &key, e);
    if (status == STATUS_OK) status = state_remove(s, &status_key, e);
    if (status == STATUS_OK) status = forget_yield_id(s, r, e);
    if (status == STATUS_OK) status = set_received_data(s, r, e);
    return status == STATUS_OK ? apply_action_receipt(s, yield, e) : status;
}

/* ---- all kinds -------------------------------------------------------------------------------------------------- */

static enum status process_one(struct apply_state *s, const struct receipt *r, struct error *e)
{
    switch (r->kind) {
    case RECEIPT_action:
    case RECEIPT_action_v2: return process_action(s, r, e);
    case RECEIPT_data: return process_data(s, r, e);
    case RECEIPT_promise_yield:
    case RECEIPT_promise_yield_v2: return process_yield(s, r, e);
    case RECEIPT_promise_resume: return process_resume(s, r, e);
    case RECEIPT_global_contract_distribution: return apply_global_contract_distribution(s, r, e);
    case RECEIPT_KIND_COUNT: break;
    }
    return error_set(e, STATUS_USAGE, 0, ERROR_NO_OFFSET, "a receipt of no known kind");
}

enum status note_processed(struct apply_state *s, const struct receipt *r, enum receipt_source source, struct error *e)
{
    if (!array_grow(&s->processed, s->processed_count, &s->processed_capacity, sizeof *s->processed))
        return error_no_memory(e);
    s->processed[s->processed_count++] = (struct processed_receipt){r, source};
    return STATUS_OK;
}

enum status process_receipt(struct apply_state *s, const struct receipt *r, struct error *e)
{
    enum status status = process_one(s, r, e);
    for (uint32_t i = 0; i < s->instant.count && status == STATUS_OK; i++) { /* the list grows meanwhile */
        const struct receipt *instant = s->instant.items[i];
        status = process_one(s, instant, e);
        if (status == STATUS_OK) status = note_processed(s, instant, RECEIPT_SOURCE_INSTANT, e);
    }
    s->instant.count = 0;
    return status;
}

enum status dispatch_receipt(struct apply_state *s, const struct receipt *r, struct error *e)
{
    if (receipt_is_instant(r)) return receipt_list_add(&s->instant, s->arena, r, e);
    return receipt_sink_forward_or_buffer(s, r, e);
}
