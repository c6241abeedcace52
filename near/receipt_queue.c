#include "near/receipt_queue.h"

/* ---- delayed and buffered receipts ------------------------------------------------------------------------------- */

enum { STORED_TAG = 0xff }; /* twice, where a receipt has the length of an account id */

static struct stored_receipt read_stored(struct record_reader *r)
{
    struct stored_receipt s = {.form = STORED_RECEIPT_PLAIN};
    const uint8_t *p = r->borsh.p;
    if (r->borsh.end - p >= 2 && p[0] == STORED_TAG && p[1] == STORED_TAG) {
        borsh_read_fixed(&r->borsh, 2);
        const uint8_t version = borsh_read_u8(&r->borsh);
        if (version > 1) record_reject(r, 1, "no version of a stored receipt: neither 0 nor 1");
        s.form = version == 0 ? STORED_RECEIPT_V0 : STORED_RECEIPT_V1;
    }
    s.receipt = receipt_read(r);
    if (s.form == STORED_RECEIPT_PLAIN) return s;
    s.congestion_gas = borsh_read_u64(&r->borsh);
    s.congestion_size = borsh_read_u64(&r->borsh);
    return s;
}

enum status stored_receipt_from_borsh(struct bytes input, struct arena *arena, struct stored_receipt *out,
                                      struct error *e)
{
    struct record_reader r = record_reader_of(input, arena);
    const struct stored_receipt s = read_stored(&r);
    enum status status = record_finish(&r, "stored receipt", e);
    if (status == STATUS_OK) *out = s;
    return status;
}

void stored_receipt_write(const struct stored_receipt *s, struct buffer *out)
{
    if (s->form == STORED_RECEIPT_PLAIN) {
        receipt_write(&s->receipt, out);
        return;
    }
    borsh_write_u8(out, STORED_TAG);
    borsh_write_u8(out, STORED_TAG);
    borsh_write_u8(out, s->form == STORED_RECEIPT_V0 ? 0 : 1);
    receipt_write(&s->receipt, out);
    borsh_write_u64(out, s->congestion_gas);
    borsh_write_u64(out, s->congestion_size);
}

/* ---- indices ----------------------------------------------------------------------------------------------------- */

static struct queue_indices read_indices(struct record_reader *r)
{
    struct queue_indices q = {.first = borsh_read_u64(&r->borsh)};
    q.next = borsh_read_u64(&r->borsh);
    if (q.first > q.next) record_reject(r, 16, "a queue's first index is above its next one");
    return q;
}

enum status queue_indices_from_borsh(struct bytes input, struct queue_indices *out, struct error *e)
{
    struct record_reader r = record_reader_of(input, NULL);
    const struct queue_indices q = read_indices(&r);
    enum status status = record_finish(&r, "queue indices", e);
    if (status == STATUS_OK) *out = q;
    return status;
}

void queue_indices_write(const struct queue_indices *q, struct buffer *out)
{
    borsh_write_u64(out, q->first);
    borsh_write_u64(out, q->next);
}

enum status buffered_indices_from_borsh(struct bytes input, struct arena *arena, struct buffered_indices *out,
                                        struct error *e)
{
    struct record_reader r = record_reader_of(input, arena);
    const uint32_t count = borsh_read_count(&r.borsh, 24);
    struct shard_buffer *buffers = record_array(&r, count, sizeof *buffers);
    for (uint32_t i = 0; buffers && i < count && !r.borsh.failed; i++) {
        buffers[i].shard_id = borsh_read_u64(&r.borsh);
        if (i > 0 && buffers[i].shard_id <= buffers[i - 1].shard_id)
            record_reject(&r, 8, "shard ids are not in rising order");
        buffers[i].indices = read_indices(&r);
    }
    enum status status = record_finish(&r, "indices of outgoing buffers", e);
    if (status == STATUS_OK) *out = (struct buffered_indices){buffers, count};
    return status;
}

void buffered_indices_write(const struct buffered_indices *b, struct buffer *out)
{
    borsh_write_u32(out, b->count);
    for (uint32_t i = 0; i < b->count; i++) {
        borsh_write_u64(out, b->buffers[i].shard_id);
        queue_indices_write(&b->buffers[i].indices, out);
    }
}

/* ---- groups ------------------------------------------------------------------------------------------------------ */

static void read_group_version(struct record_reader *r)
{
    if (borsh_read_u8(&r->borsh) != 0) record_reject(r, 1, "no version of a receipt group: 0");
}

enum status receipt_group_from_borsh(struct bytes input, struct receipt_group *out, struct error *e)
{
    struct record_reader r = record_reader_of(input, NULL);
    struct receipt_group g;
    read_group_version(&r);
    g.size = borsh_read_u64(&r.borsh);
    g.gas = borsh_read_u128(&r.borsh);
    enum status status = record_finish(&r, "receipt group", e);
    if (status == STATUS_OK) *out = g;
    return status;
}

void receipt_group_write(const struct receipt_group *g, struct buffer *out)
{
    borsh_write_u8(out, 0);
    borsh_write_u64(out, g->size);
    borsh_write_u128(out, g->gas);
}

enum status receipt_groups_queue_from_borsh(struct bytes input, struct receipt_groups_queue *out, struct error *e)
{
    struct record_reader r = record_reader_of(input, NULL);
    struct receipt_groups_queue q;
    read_group_version(&r);
    q.indices = read_indices(&r);
    q.total_size = borsh_read_u64(&r.borsh);
    q.total_gas = borsh_read_u128(&r.borsh);
    q.receipt_count = borsh_read_u64(&r.borsh);
    enum status status = record_finish(&r, "queue of receipt groups", e);
    if (status == STATUS_OK) *out = q;
    return status;
}

void receipt_groups_queue_write(const struct receipt_groups_queue *q, struct buffer *out)
{
    borsh_write_u8(out, 0);
    queue_indices_write(&q->indices, out);
    borsh_write_u64(out, q->total_size);
    borsh_write_u128(out, q->total_gas);
    borsh_write_u64(out, q->receipt_count);
}
