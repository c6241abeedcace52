#include "tee/registers.h"

#include <limits.h>

#include "crypto/sha2.h"
#include "tee/event_log.h"
#include "tee/registers_guard.h"

enum status registers_check_index(const struct tee_registers *r, uint32_t index, struct error *e)
{
    if (index < r->count) return STATUS_OK;
    return tee_refuse(e, TEE_INDEX, "there is no register %u; they are 0 to %u", index, r->count - 1);
}

/* An extension of a register waits for its own lock and for that of coordinated attestation. */
static uint32_t locks_of(uint32_t index)
{
    return 1u << LOCK_ATTESTATION | (index < LOCK_ATTESTATION ? 1u << index : 0);
}

/* Sleepers of tee_registers_wait announce themselves before they look at `sequence`, so either they see it changed or
 * they are seen here. */
static void announce(struct tee_registers *r)
{
    atomic_fetch_add(&r->shared->sequence, 1);
    if (atomic_load(&r->shared->waiting)) registers_wake(r, &r->shared->sequence, INT_MAX);
}

enum status tee_registers_extend(struct tee_registers *r, uint32_t index, uint32_t type, struct bytes payload,
                                 uint8_t value[TEE_REGISTER_SIZE], uint64_t *generation, struct error *e)
{
    uint8_t digest[TEE_REGISTER_SIZE];
    enum status status = registers_check_index(r, index, e);
    if (status != STATUS_OK) return status;
    if (payload.size > TEE_EVENT_MAX)
        return tee_refuse(e, TEE_LIMIT, "an event has at most %d bytes, not %zu", TEE_EVENT_MAX, payload.size);
    tee_event_digest(type, payload, digest);
    status = registers_enter_unlocked(r, locks_of(index), e);
    if (status != STATUS_OK) return status;
    status = registers_append(r, index, type, payload, digest, e);
    if (status == STATUS_OK && value) memcpy(value, r->shared->value[index], TEE_REGISTER_SIZE);
    if (status == STATUS_OK && generation) *generation = r->shared->generation[index];
    registers_leave(r);
    if (status == STATUS_OK) announce(r);
    return status;
}

enum status tee_registers_read(struct tee_registers *r, uint32_t index, uint8_t value[TEE_REGISTER_SIZE],
                               uint64_t *generation, struct error *e)
{
    enum status status = registers_check_index(r, index, e);
    if (status == STATUS_OK) status = registers_enter(r, e);
    if (status != STATUS_OK) return status;
    if (value) memcpy(value, r->shared->value[index], TEE_REGISTER_SIZE);
    if (generation) *generation = r->shared->generation[index];
    registers_leave(r);
    return STATUS_OK;
}

/* What is below the log's size does not change, so nobody has to wait while it is copied. */
static enum status append_log(const struct tee_registers *r, uint64_t end, struct buffer *log, struct error *e)
{
    const size_t before = log->size;
    struct log_entry entry;
    uint32_t count = 0;
    uint64_t at = 0;
    borsh_write_u32(log, 0);
    for (; registers_log_next(r, &at, end, &entry); count++)
        tee_event_write(log, &(struct tee_event){entry.index, entry.type, entry.digest,
                                                 bytes_of(entry.payload, entry.length)});
    if (!log->failed && at == end) {
        store_le32(log->data + before, count);
        return STATUS_OK;
    }
    log->size = before;
    if (log->failed) return error_no_memory(e);
    return tee_refuse(e, TEE_EVENT_LOG, "the event log in the mapping is malformed at byte %llu", (unsigned long long)at);
}

enum status tee_registers_snapshot(struct tee_registers *r, struct tee_snapshot *out, struct buffer *log,
                                   struct error *e)
{
    uint64_t end = 0;
    *out = (struct tee_snapshot){0};
    struct tee_snapshot s = {.count = r->count};
    enum status status = registers_enter(r, e);
    if (status != STATUS_OK) return status;
    status = registers_log_size(r, &end, e);
    memcpy(s.generation, r->shared->generation, r->count * sizeof s.generation[0]);
    memcpy(s.value, r->shared->value, r->count * sizeof s.value[0]);
    registers_leave(r);
    if (status == STATUS_OK && log) status = append_log(r, end, log, e);
    if (status == STATUS_OK) *out = s;
    return status;
}

void tee_snapshot_digest(const struct tee_snapshot *s, uint8_t out[48])
{
    static const char tag[] = "nvm-tee-registers-v1"; /* with its NUL */
    uint8_t input[sizeof tag + 4 + TEE_REGISTERS * TEE_REGISTER_SIZE];
    const uint32_t count = s->count < TEE_REGISTERS ? s->count : TEE_REGISTERS;
    const size_t values = count * (size_t)TEE_REGISTER_SIZE;
    memcpy(input, tag, sizeof tag);
    store_le32(input + sizeof tag, count);
    memcpy(input + sizeof tag + 4, s->value, values);
    sha384(bytes_of(input, sizeof tag + 4 + values), out);
}

/* Everything was checked before by replaying; only the room may still be missing. */
static enum status restore(struct tee_registers *r, struct bytes log, struct error *e)
{
    struct tee_event_reader reader = tee_event_reader_of(log);
    struct tee_event event;
    uint64_t size = 0, needed = 0;
    enum status status = registers_log_size(r, &size, e);
    if (status != STATUS_OK) return status;
    if (size != 0)
        return error_set(e, STATUS_USAGE, TEE_STATE_INVALID, ERROR_NO_OFFSET,
                         "only registers that were never extended can continue where a log ends");
    while (tee_event_next(&reader, &event)) needed += LOG_ENTRY_SIZE + event.payload.size;
    if (needed > r->log_capacity)
        return tee_refuse(e, TEE_LIMIT, "the log needs %llu bytes, these registers have room for %llu",
                          (unsigned long long)needed, (unsigned long long)r->log_capacity);
    reader = tee_event_reader_of(log);
    while (status == STATUS_OK && tee_event_next(&reader, &event))
        status = registers_append(r, event.index, event.type, event.payload, event.digest, e);
    return status;
}

enum status tee_registers_restore(struct tee_registers *r, struct bytes log, struct error *e)
{
    struct tee_snapshot ends;
    enum status status = tee_event_log_replay(log, r->count, &ends, e);
    if (status == STATUS_OK) status = registers_enter_unlocked(r, (1u << LOCK_COUNT) - 1, e);
    if (status != STATUS_OK) return status;
    status = restore(r, log, e);
    registers_leave(r);
    if (status == STATUS_OK) announce(r);
    return status;
}
