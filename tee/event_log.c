#include "tee/event_log.h"

#include <bearssl.h>

#include "crypto/sha2.h"

enum { EVENT_MIN_SIZE = 1 + 4 + TEE_REGISTER_SIZE + 4 };

void tee_event_digest(uint32_t type, struct bytes payload, uint8_t digest[TEE_REGISTER_SIZE])
{
    static const char tag[] = "nvm-tee-event-v1"; /* with its NUL */
    uint8_t numbers[8];
    br_sha384_context context;
    store_le32(numbers, type);
    store_le32(numbers + 4, (uint32_t)payload.size);
    br_sha384_init(&context);
    br_sha384_update(&context, tag, sizeof tag);
    br_sha384_update(&context, numbers, sizeof numbers);
    if (payload.size) br_sha384_update(&context, payload.data, payload.size);
    br_sha384_out(&context, digest);
}

void tee_register_advance(uint8_t value[TEE_REGISTER_SIZE], const uint8_t digest[TEE_REGISTER_SIZE])
{
    uint8_t both[2 * TEE_REGISTER_SIZE];
    memcpy(both, value, TEE_REGISTER_SIZE);
    memcpy(both + TEE_REGISTER_SIZE, digest, TEE_REGISTER_SIZE);
    sha384(bytes_of(both, sizeof both), value);
}

struct tee_event_reader tee_event_reader_of(struct bytes log)
{
    struct tee_event_reader r = {.borsh = borsh_reader_of(log)};
    r.left = borsh_read_count(&r.borsh, EVENT_MIN_SIZE);
    return r;
}

bool tee_event_next(struct tee_event_reader *r, struct tee_event *out)
{
    *out = (struct tee_event){0};
    if (r->left == 0 || r->borsh.failed) return false;
    r->left--;
    out->index = borsh_read_u8(&r->borsh);
    if (out->index >= TEE_REGISTERS) borsh_reject(&r->borsh, "there is no such register");
    out->type = borsh_read_u32(&r->borsh);
    out->digest = borsh_read_fixed(&r->borsh, TEE_REGISTER_SIZE).data;
    out->payload = borsh_read_bytes(&r->borsh);
    if (out->payload.size > TEE_EVENT_MAX) borsh_reject(&r->borsh, "a payload longer than an event's may be");
    return !r->borsh.failed;
}

enum status tee_event_finish(const struct tee_event_reader *r, struct error *e)
{
    struct error ignored;
    if (!e) e = &ignored;
    const enum status status = borsh_finish(&r->borsh, "event log", e);
    if (status != STATUS_OK) e->code = TEE_EVENT_LOG;
    return status;
}

void tee_event_write(struct buffer *log, const struct tee_event *event)
{
    borsh_write_u8(log, event->index);
    borsh_write_u32(log, event->type);
    buffer_append(log, event->digest, TEE_REGISTER_SIZE);
    borsh_write_bytes(log, event->payload);
}

static enum status replay_event(const struct tee_event *event, uint32_t number, struct tee_snapshot *s, struct error *e)
{
    uint8_t digest[TEE_REGISTER_SIZE];
    if (event->index >= s->count)
        return tee_refuse(e, TEE_EVENT_LOG, "event %u extends register %u, but there are %u registers", number,
                          event->index, s->count);
    tee_event_digest(event->type, event->payload, digest);
    if (memcmp(digest, event->digest, sizeof digest) != 0)
        return tee_refuse(e, TEE_EVENT_LOG,
                          "event %u (register %u, type %u): its digest begins with %02x%02x%02x%02x, that of its "
                          "payload with %02x%02x%02x%02x",
                          number, event->index, event->type, event->digest[0], event->digest[1], event->digest[2],
                          event->digest[3], digest[0], digest[1], digest[2], digest[3]);
    tee_register_advance(s->value[event->index], digest);
    s->generation[event->index]++;
    return STATUS_OK;
}

enum status tee_event_log_replay(struct bytes log, uint32_t count, struct tee_snapshot *out, struct error *e)
{
    struct tee_event_reader r = tee_event_reader_of(log);
    struct tee_event event;
    *out = (struct tee_snapshot){0};
    if (count == 0 || count > TEE_REGISTERS)
        return error_set(e, STATUS_USAGE, TEE_INDEX, ERROR_NO_OFFSET, "a set has 1 to %d registers, not %u", TEE_REGISTERS,
                         count);
    struct tee_snapshot s = {.count = count};
    for (uint32_t number = 0; tee_event_next(&r, &event); number++) {
        const enum status status = replay_event(&event, number, &s, e);
        if (status != STATUS_OK) return status;
    }
    const enum status status = tee_event_finish(&r, e);
    if (status == STATUS_OK) *out = s;
    return status;
}
