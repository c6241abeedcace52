#include "near/congestion_info.h"

#include "near/record_reader.h"

enum status congestion_info_from_borsh(struct bytes input, struct congestion_info *out, struct error *e)
{
    struct record_reader r = record_reader_of(input, NULL);
    struct congestion_info c;
    if (borsh_read_u8(&r.borsh) != 0) record_reject(&r, 1, "no version of congestion info: 0");
    c.delayed_receipts_gas = borsh_read_u128(&r.borsh);
    c.buffered_receipts_gas = borsh_read_u128(&r.borsh);
    c.receipt_bytes = borsh_read_u64(&r.borsh);
    c.allowed_shard = borsh_read_u16(&r.borsh);
    enum status status = record_finish(&r, "congestion info", e);
    if (status == STATUS_OK) *out = c;
    return status;
}

void congestion_info_write(const struct congestion_info *c, struct buffer *out)
{
    borsh_write_u8(out, 0);
    borsh_write_u128(out, c->delayed_receipts_gas);
    borsh_write_u128(out, c->buffered_receipts_gas);
    borsh_write_u64(out, c->receipt_bytes);
    borsh_write_u16(out, c->allowed_shard);
}
