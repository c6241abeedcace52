#include "near/bandwidth.h"

#include "near/record_reader.h"

enum status bandwidth_requests_from_borsh(struct bytes input, struct arena *arena, struct bandwidth_requests *out,
                                          struct error *e)
{
    struct record_reader r = record_reader_of(input, arena);
    if (borsh_read_u8(&r.borsh) != 0) record_reject(&r, 1, "no version of bandwidth requests: 0");
    const uint32_t count = borsh_read_count(&r.borsh, 2 + BANDWIDTH_BITMAP_SIZE);
    struct bandwidth_request *requests = record_array(&r, count, sizeof *requests);
    for (uint32_t i = 0; requests && i < count; i++) {
        requests[i].to_shard = borsh_read_u16(&r.borsh);
        const struct bytes bitmap = borsh_read_fixed(&r.borsh, BANDWIDTH_BITMAP_SIZE);
        if (bitmap.data) memcpy(requests[i].bitmap, bitmap.data, bitmap.size);
    }
    enum status status = record_finish(&r, "bandwidth requests", e);
    if (status == STATUS_OK) *out = (struct bandwidth_requests){requests, count};
    return status;
}

void bandwidth_requests_write(const struct bandwidth_requests *b, struct buffer *out)
{
    borsh_write_u8(out, 0);
    borsh_write_u32(out, b->count);
    for (uint32_t i = 0; i < b->count; i++) {
        borsh_write_u16(out, b->requests[i].to_shard);
        buffer_append(out, b->requests[i].bitmap, BANDWIDTH_BITMAP_SIZE);
    }
}

enum status bandwidth_scheduler_state_from_borsh(struct bytes input, struct arena *arena,
                                                 struct bandwidth_scheduler_state *out, struct error *e)
{
    struct record_reader r = record_reader_of(input, arena);
    if (borsh_read_u8(&r.borsh) != 0) record_reject(&r, 1, "no version of a bandwidth scheduler's state: 0");
    struct bandwidth_scheduler_state s = {.count = borsh_read_count(&r.borsh, 24)};
    s.links = record_array(&r, s.count, sizeof *s.links);
    for (uint32_t i = 0; s.links && i < s.count; i++) {
        s.links[i].sender = borsh_read_u64(&r.borsh);
        s.links[i].receiver = borsh_read_u64(&r.borsh);
        s.links[i].allowance = borsh_read_u64(&r.borsh);
    }
    s.sanity_check_hash = record_hash(&r);
    enum status status = record_finish(&r, "bandwidth scheduler's state", e);
    if (status == STATUS_OK) *out = s;
    return status;
}

void bandwidth_scheduler_state_write(const struct bandwidth_scheduler_state *s, struct buffer *out)
{
    borsh_write_u8(out, 0);
    borsh_write_u32(out, s->count);
    for (uint32_t i = 0; i < s->count; i++) {
        borsh_write_u64(out, s->links[i].sender);
        borsh_write_u64(out, s->links[i].receiver);
        borsh_write_u64(out, s->links[i].allowance);
    }
    record_write_hash(&s->sanity_check_hash, out);
}
