#include "near/outcome.h"

#include "crypto/sha2.h"

/* ---- what is hashed ---------------------------------------------------------------------------------------------- */

void outcome_partial_write(const struct execution_outcome *o, struct buffer *out)
{
    record_write_hashes(o->receipt_ids, o->receipt_id_count, out);
    borsh_write_u64(out, o->gas_burnt);
    borsh_write_u128(out, o->tokens_burnt);
    record_write_account_id(&o->executor_id, out);
    borsh_write_u8(out, (uint8_t)o->status);
    if (o->status == EXECUTION_SUCCESS_VALUE) borsh_write_bytes(out, o->value);
    else if (o->status == EXECUTION_SUCCESS_RECEIPT_ID) record_write_hash(&o->receipt_id, out);
}

enum status outcome_partial_from_borsh(struct bytes input, struct arena *arena, struct execution_outcome *out,
                                       struct error *e)
{
    struct record_reader r = record_reader_of(input, arena);
    struct execution_outcome o = {0};
    o.receipt_ids = record_hashes(&r, &o.receipt_id_count);
    o.gas_burnt = borsh_read_u64(&r.borsh);
    o.tokens_burnt = borsh_read_u128(&r.borsh);
    o.executor_id = record_account_id(&r);
    const uint8_t kind = borsh_read_u8(&r.borsh);
    if (kind > EXECUTION_SUCCESS_RECEIPT_ID) record_reject(&r, 1, "no status of an outcome: 0 to 3");
    else o.status = (enum execution_status)kind;
    if (o.status == EXECUTION_SUCCESS_VALUE) o.value = borsh_read_bytes(&r.borsh);
    else if (o.status == EXECUTION_SUCCESS_RECEIPT_ID) o.receipt_id = record_hash(&r);
    enum status status = record_finish(&r, "partial outcome", e);
    if (status == STATUS_OK) *out = o;
    return status;
}

enum status outcome_hashes(const struct execution_outcome *o, struct crypto_hash *out, struct error *e)
{
    struct buffer partial = {0};
    outcome_partial_write(o, &partial);
    if (partial.failed) {
        buffer_free(&partial);
        return error_no_memory(e);
    }
    out[0] = o->id;
    out[1] = crypto_hash_of(bytes_of(partial.data, partial.size));
    for (uint32_t i = 0; i < o->log_count; i++) out[2 + i] = crypto_hash_of(o->logs[i]);
    buffer_free(&partial);
    return STATUS_OK;
}

static void hash_count(struct sha256 *h, uint32_t count)
{
    uint8_t bytes[4];
    store_le32(bytes, count);
    sha256_init(h);
    sha256_update(h, bytes_of(bytes, sizeof bytes));
}

struct crypto_hash outcome_leaf_of_hashes(const struct crypto_hash *hashes, size_t count)
{
    struct crypto_hash leaf;
    struct sha256 h;
    hash_count(&h, (uint32_t)count);
    for (size_t i = 0; i < count; i++) sha256_update(&h, crypto_hash_bytes(&hashes[i]));
    sha256_finish(&h, leaf.bytes);
    return leaf;
}

/* One hash after the other, so that many logs take no memory. */
enum status outcome_leaf(const struct execution_outcome *o, struct crypto_hash *out, struct error *e)
{
    struct execution_outcome silent = *o;
    struct crypto_hash first[2];
    struct sha256 h;
    silent.log_count = 0;
    enum status status = outcome_hashes(&silent, first, e);
    if (status != STATUS_OK) return status;
    hash_count(&h, o->log_count + 2);
    sha256_update(&h, crypto_hash_bytes(&first[0]));
    sha256_update(&h, crypto_hash_bytes(&first[1]));
    for (uint32_t i = 0; i < o->log_count; i++) {
        const struct crypto_hash log = crypto_hash_of(o->logs[i]);
        sha256_update(&h, crypto_hash_bytes(&log));
    }
    sha256_finish(&h, out->bytes);
    return STATUS_OK;
}

/* ---- profiles ---------------------------------------------------------------------------------------------------- */

void outcome_profile_write(const struct gas_profile *p, struct buffer *out)
{
    record_write_u64s(p->action, ACTION_COST_COUNT, out);
    record_write_u64s(p->ext, EXT_COST_COUNT, out);
    borsh_write_u64(out, p->wasm);
}

void gas_costs_read(struct borsh_reader *r, uint64_t *costs, uint32_t known)
{
    const uint32_t count = borsh_read_count(r, sizeof *costs);
    if (count > known) borsh_reject(r, "more costs than are known here");
    for (uint32_t i = 0; i < known; i++) costs[i] = i < count ? borsh_read_u64(r) : 0;
}

static void read_costs(struct record_reader *r, uint64_t *costs, uint32_t known)
{
    const uint32_t count = borsh_read_count(&r->borsh, sizeof *costs);
    for (uint32_t i = 0; i < count; i++) {
        const uint64_t gas = borsh_read_u64(&r->borsh);
        if (i < known) costs[i] = gas;
    }
}

enum status outcome_profile_from_borsh(struct bytes input, struct gas_profile *out, struct error *e)
{
    struct record_reader r = record_reader_of(input, NULL);
    struct gas_profile p = {0};
    read_costs(&r, p.action, ACTION_COST_COUNT);
    read_costs(&r, p.ext, EXT_COST_COUNT);
    p.wasm = borsh_read_u64(&r.borsh);
    enum status status = record_finish(&r, "gas profile", e);
    if (status == STATUS_OK) *out = p;
    return status;
}
