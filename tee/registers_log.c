/* The event log in the mapping. */
#include "tee/event_log.h"
#include "tee/registers_set.h"

enum status registers_log_size(const struct tee_registers *r, uint64_t *size, struct error *e)
{
    *size = atomic_load_explicit(&r->shared->log_size, memory_order_acquire);
    if (*size <= r->log_capacity) return STATUS_OK;
    const uint64_t wrong = *size;
    *size = 0;
    return tee_refuse(e, TEE_EVENT_LOG, "the mapping says that %llu of %llu bytes of its log are used",
                      (unsigned long long)wrong, (unsigned long long)r->log_capacity);
}

bool registers_log_next(const struct tee_registers *r, uint64_t *at, uint64_t end, struct log_entry *out)
{
    if (end > r->log_capacity || *at > end || end - *at < LOG_ENTRY_SIZE) return false;
    const uint8_t *p = r->shared->log + *at;
    *out = (struct log_entry){
        .index = p[0],
        .type = load_le32(p + 1),
        .length = load_le32(p + 5),
        .digest = p + 9,
        .value = p + 9 + TEE_REGISTER_SIZE,
        .payload = p + LOG_ENTRY_SIZE,
    };
    if (out->length > TEE_EVENT_MAX || out->length > end - *at - LOG_ENTRY_SIZE) return false;
    *at += LOG_ENTRY_SIZE + out->length;
    return true;
}

enum status registers_append(struct tee_registers *r, uint32_t index, uint32_t type, struct bytes payload,
                             const uint8_t digest[TEE_REGISTER_SIZE], struct error *e)
{
    struct register_mapping *m = r->shared;
    uint64_t size = 0;
    uint8_t value[TEE_REGISTER_SIZE];
    const enum status status = registers_log_size(r, &size, e);
    if (status != STATUS_OK) return status;
    if (payload.size + LOG_ENTRY_SIZE > r->log_capacity - size)
        return tee_refuse(e, TEE_LIMIT, "the event log is full: %zu bytes more than the %llu that are left of %llu",
                          payload.size + LOG_ENTRY_SIZE, (unsigned long long)(r->log_capacity - size),
                          (unsigned long long)r->log_capacity);
    memcpy(value, m->value[index], sizeof value);
    tee_register_advance(value, digest);
    uint8_t *p = m->log + size;
    p[0] = (uint8_t)index;
    store_le32(p + 1, type);
    store_le32(p + 5, (uint32_t)payload.size);
    memcpy(p + 9, digest, TEE_REGISTER_SIZE);
    memcpy(p + 9 + TEE_REGISTER_SIZE, value, TEE_REGISTER_SIZE);
    if (payload.size) memcpy(p + LOG_ENTRY_SIZE, payload.data, payload.size);
    memcpy(m->value[index], value, sizeof value);
    m->generation[index]++;
    atomic_store_explicit(&m->log_size, size + LOG_ENTRY_SIZE + payload.size, memory_order_release);
    return STATUS_OK;
}
