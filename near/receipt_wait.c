/* What waits for receipts and data: yields, received data, counts. */
#include "near/receipt_queue.h"

enum status yield_timeout_from_borsh(struct bytes input, struct yield_timeout *out, struct error *e)
{
    struct record_reader r = record_reader_of(input, NULL);
    struct yield_timeout t = {.account_id = record_account_id(&r)};
    t.data_id = record_hash(&r);
    t.expires_at = borsh_read_u64(&r.borsh);
    enum status status = record_finish(&r, "timeout of a yield", e);
    if (status == STATUS_OK) *out = t;
    return status;
}

void yield_timeout_write(const struct yield_timeout *t, struct buffer *out)
{
    record_write_account_id(&t->account_id, out);
    record_write_hash(&t->data_id, out);
    borsh_write_u64(out, t->expires_at);
}

enum status yield_status_from_borsh(struct bytes input, enum yield_status *out, struct error *e)
{
    struct record_reader r = record_reader_of(input, NULL);
    const uint8_t s = borsh_read_u8(&r.borsh);
    if (s > YIELD_RESUME_INITIATED) record_reject(&r, 1, "neither 0 (yielded) nor 1 (resume initiated)");
    enum status status = record_finish(&r, "status of a yield", e);
    if (status == STATUS_OK) *out = (enum yield_status)s;
    return status;
}

void yield_status_write(enum yield_status s, struct buffer *out)
{
    borsh_write_u8(out, (uint8_t)s);
}

enum status received_data_from_borsh(struct bytes input, struct received_data *out, struct error *e)
{
    struct record_reader r = record_reader_of(input, NULL);
    struct received_data d = {.has_data = borsh_read_bool(&r.borsh)};
    if (d.has_data) d.data = borsh_read_bytes(&r.borsh);
    enum status status = record_finish(&r, "received data", e);
    if (status == STATUS_OK) *out = d;
    return status;
}

void received_data_write(const struct received_data *d, struct buffer *out)
{
    borsh_write_bool(out, d->has_data);
    if (d->has_data) borsh_write_bytes(out, d->data);
}

enum status hash_from_borsh(struct bytes input, struct crypto_hash *out, struct error *e)
{
    struct record_reader r = record_reader_of(input, NULL);
    const struct crypto_hash h = record_hash(&r);
    enum status status = record_finish(&r, "hash", e);
    if (status == STATUS_OK) *out = h;
    return status;
}

enum status data_count_from_borsh(struct bytes input, uint32_t *out, struct error *e)
{
    struct record_reader r = record_reader_of(input, NULL);
    const uint32_t count = borsh_read_u32(&r.borsh);
    enum status status = record_finish(&r, "count of missing data", e);
    if (status == STATUS_OK) *out = count;
    return status;
}

enum status nonce_from_borsh(struct bytes input, uint64_t *out, struct error *e)
{
    struct record_reader r = record_reader_of(input, NULL);
    const uint64_t nonce = borsh_read_u64(&r.borsh);
    enum status status = record_finish(&r, "nonce", e);
    if (status == STATUS_OK) *out = nonce;
    return status;
}
