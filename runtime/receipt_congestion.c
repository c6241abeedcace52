/* What receipts count for in congestion info, when they are put somewhere to wait and when they are taken out again. */
#include "runtime/congestion.h"
#include "runtime/cost.h"
#include "runtime/receipt_sink.h"

/* Data that arrive, resumes and yields count for nothing: what they set off is paid for by another receipt. */
enum status receipt_congestion_gas(const struct protocol_parameters *p, const struct receipt *r, uint64_t *gas,
                                   struct error *e)
{
    struct cost execution, sending;
    *gas = 0;
    if (!receipt_is_action(r)) return STATUS_OK;
    const struct action_receipt *a = &r->action;
    enum status status = cost_of_receipt(p, a->actions, a->action_count, &r->receiver_id, &execution, e);
    if (status == STATUS_OK) status = cost_prepaid_send_fees(p, a->actions, a->action_count, &sending, e);
    if (status == STATUS_NO_MEMORY) return status;
    if (status != STATUS_OK || execution.gas + sending.gas < sending.gas)
        return integer_overflow(e, "the gas of a receipt");
    *gas = execution.gas + sending.gas;
    return STATUS_OK;
}

enum status receipt_congestion_size(const struct receipt *r, uint64_t *bytes, struct error *e)
{
    struct buffer text = {0};
    receipt_write(r, &text);
    const bool ok = !text.failed;
    *bytes = text.size;
    buffer_free(&text);
    return ok ? STATUS_OK : error_no_memory(e);
}

enum status stored_receipt_load(struct apply_state *s, const struct trie_key *key, struct stored_receipt *out,
                                struct error *e)
{
    struct bytes value;
    bool found;
    enum status status = state_get(s, key, &found, &value, e);
    if (status != STATUS_OK) return status;
    if (found) status = stored_receipt_from_borsh(value, s->arena, out, e);
    if (status == STATUS_NO_MEMORY) return status;
    if (!found || status != STATUS_OK)
        return inconsistent_state(e, "%s %llu %s", trie_key_kind_name(key->kind),
                                  (unsigned long long)key->queue.index, found ? "cannot be read" : "is missing");
    if (out->form != STORED_RECEIPT_PLAIN) return STATUS_OK;
    status = receipt_congestion_size(&out->receipt, &out->congestion_size, e);
    if (status != STATUS_OK) return status;
    return receipt_congestion_gas(s->parameters, &out->receipt, &out->congestion_gas, e);
}

/* ---- everything that waits --------------------------------------------------------------------------------------- */

static enum status count_queue(struct apply_state *s, enum trie_key_kind kind, uint64_t shard_id,
                               const struct queue_indices *q, struct error *e)
{
    enum status status = STATUS_OK;
    for (uint64_t i = q->first; i < q->next && status == STATUS_OK; i++) {
        const struct trie_key key = trie_key_of_queue(kind, shard_id, i);
        struct stored_receipt r;
        status = stored_receipt_load(s, &key, &r, e);
        if (status != STATUS_OK) return status;
        status = kind == TRIE_KEY_DELAYED_RECEIPT
                     ? congestion_add_delayed(&s->congestion, u128_of(r.congestion_gas), r.congestion_size, e)
                     : congestion_add_buffered(&s->congestion, r.congestion_gas, r.congestion_size, e);
    }
    return status;
}

enum status congestion_bootstrap(struct apply_state *s, struct error *e)
{
    const struct trie_key key = trie_key_of_queue(TRIE_KEY_BUFFERED_RECEIPT_INDICES, 0, 0);
    struct buffered_indices buffers = {0};
    struct bytes value;
    bool found;
    s->congestion = (struct congestion_info){
        .allowed_shard = (uint16_t)s->chunk->shards.shard_ids[s->chunk->shard_index]};
    enum status status = count_queue(s, TRIE_KEY_DELAYED_RECEIPT, 0, &s->delayed, e);
    if (status == STATUS_OK) status = state_get(s, &key, &found, &value, e);
    if (status != STATUS_OK || !found) return status;
    if (buffered_indices_from_borsh(value, s->arena, &buffers, e) != STATUS_OK)
        return inconsistent_state(e, "the indices of outgoing buffers cannot be read");
    for (uint32_t i = 0; i < buffers.count && status == STATUS_OK; i++)
        status = count_queue(s, TRIE_KEY_BUFFERED_RECEIPT, buffers.buffers[i].shard_id, &buffers.buffers[i].indices, e);
    return status;
}
