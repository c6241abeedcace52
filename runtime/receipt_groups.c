#include "runtime/receipt_groups.h"

#define GROUP_SIZE_BOUND 100000 /* bytes: a group that would exceed it is closed */

/* ---- in the state ------------------------------------------------------------------------------------------------ */

enum status receipt_groups_load(struct apply_state *s, uint64_t shard_id, struct receipt_groups *out, struct error *e)
{
    const struct trie_key key = trie_key_of_queue(TRIE_KEY_RECEIPT_GROUPS_QUEUE, shard_id, 0);
    struct bytes value;
    *out = (struct receipt_groups){.shard_id = shard_id};
    const enum status status = state_get(s, &key, &out->exists, &value, e);
    if (status != STATUS_OK || !out->exists) return status;
    if (receipt_groups_queue_from_borsh(value, &out->queue, e) == STATUS_OK) return STATUS_OK;
    return inconsistent_state(e, "groups of receipts to shard %llu cannot be read", (unsigned long long)shard_id);
}

static enum status save(struct apply_state *s, struct receipt_groups *g, struct error *e)
{
    const struct trie_key key = trie_key_of_queue(TRIE_KEY_RECEIPT_GROUPS_QUEUE, g->shard_id, 0);
    struct buffer value = {0};
    receipt_groups_queue_write(&g->queue, &value);
    const enum status status =
        value.failed ? error_no_memory(e) : state_set(s, &key, bytes_of(value.data, value.size), e);
    buffer_free(&value);
    g->exists = true;
    return status;
}

enum status receipt_groups_read(struct apply_state *s, const struct receipt_groups *g, uint64_t index,
                                struct receipt_group *out, struct error *e)
{
    const struct trie_key key = trie_key_of_queue(TRIE_KEY_RECEIPT_GROUP, g->shard_id, index);
    struct bytes value;
    bool found;
    const enum status status = state_get(s, &key, &found, &value, e);
    if (status != STATUS_OK) return status;
    if (found && receipt_group_from_borsh(value, out, e) == STATUS_OK) return STATUS_OK;
    return inconsistent_state(e, "group %llu of receipts to shard %llu %s", (unsigned long long)index,
                              (unsigned long long)g->shard_id, found ? "cannot be read" : "is missing");
}

static enum status write_group(struct apply_state *s, const struct receipt_groups *g, uint64_t index,
                               const struct receipt_group *group, struct error *e)
{
    const struct trie_key key = trie_key_of_queue(TRIE_KEY_RECEIPT_GROUP, g->shard_id, index);
    struct buffer value = {0};
    receipt_group_write(group, &value);
    const enum status status =
        value.failed ? error_no_memory(e) : state_set(s, &key, bytes_of(value.data, value.size), e);
    buffer_free(&value);
    return status;
}

/* ---- changes ----------------------------------------------------------------------------------------------------- */

static bool add(uint64_t *total, uint64_t more)
{
    *total += more;
    return *total >= more;
}

enum status receipt_groups_push(struct apply_state *s, struct receipt_groups *g, uint64_t size, uint64_t gas,
                                struct error *e)
{
    struct receipt_groups_queue *q = &g->queue;
    struct receipt_group last = {.size = size, .gas = u128_of(gas)};
    if (!add(&q->total_size, size) || !u128_add(q->total_gas, u128_of(gas), &q->total_gas) ||
        !add(&q->receipt_count, 1))
        return integer_overflow(e, "groups of buffered receipts");
    if (queue_length(&q->indices)) {
        struct receipt_group open;
        const enum status status = receipt_groups_read(s, g, q->indices.next - 1, &open, e);
        if (status != STATUS_OK) return status;
        uint64_t total = open.size;
        if (!add(&total, size)) return integer_overflow(e, "the size of a group of receipts");
        struct u128 total_gas;
        if (!u128_add(open.gas, last.gas, &total_gas)) return integer_overflow(e, "the gas of a group of receipts");
        if (total <= GROUP_SIZE_BOUND && total_gas.high == 0) {
            last = (struct receipt_group){.size = total, .gas = total_gas};
            q->indices.next--;
        }
    }
    if (q->indices.next == UINT64_MAX) return integer_overflow(e, "the number of groups of receipts");
    const enum status status = write_group(s, g, q->indices.next++, &last, e);
    return status == STATUS_OK ? save(s, g, e) : status;
}

enum status receipt_groups_pop(struct apply_state *s, struct receipt_groups *g, uint64_t size, uint64_t gas,
                               struct error *e)
{
    struct receipt_groups_queue *q = &g->queue;
    struct receipt_group first;
    if (!queue_length(&q->indices) || q->total_size < size || !q->receipt_count ||
        !u128_subtract(q->total_gas, u128_of(gas), &q->total_gas))
        return inconsistent_state(e, "groups of receipts hold less than the buffer");
    q->total_size -= size;
    q->receipt_count--;
    enum status status = receipt_groups_read(s, g, q->indices.first, &first, e);
    if (status != STATUS_OK) return status;
    if (first.size < size || !u128_subtract(first.gas, u128_of(gas), &first.gas))
        return inconsistent_state(e, "a group of receipts holds less than the buffer");
    first.size -= size;
    if (first.size) {
        status = write_group(s, g, q->indices.first, &first, e);
    } else {
        const struct trie_key key = trie_key_of_queue(TRIE_KEY_RECEIPT_GROUP, g->shard_id, q->indices.first++);
        status = state_remove(s, &key, e);
    }
    return status == STATUS_OK ? save(s, g, e) : status;
}
