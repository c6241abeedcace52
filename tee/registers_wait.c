/* Waiting for a value, also one that was passed in between: the log keeps every value that a register has had. */
#include <limits.h>

#include "tee/registers_guard.h"

/* Wake-ups are not lost; a sleep is cut into slices only to notice that whoever should wake us is dead. */
enum { SLICE_MS = 500 };

/* Looks at what the log has got since *at. */
static enum status look(struct tee_registers *r, uint32_t index, const uint8_t *value, uint64_t *at, bool *found,
                        struct error *e)
{
    uint64_t end = 0;
    struct log_entry entry;
    if (atomic_load(&r->shared->poisoned)) return registers_refuse_poisoned(e);
    const enum status status = registers_log_size(r, &end, e);
    if (status != STATUS_OK) return status;
    while (registers_log_next(r, at, end, &entry))
        if (entry.index == index && memcmp(entry.value, value, TEE_REGISTER_SIZE) == 0) {
            *found = true;
            return STATUS_OK;
        }
    if (*at == end) return STATUS_OK;
    return tee_refuse(e, TEE_EVENT_LOG, "the event log in the mapping is malformed at byte %llu", (unsigned long long)*at);
}

static enum status wait_until(struct tee_registers *r, uint32_t index, const uint8_t *value, uint64_t deadline,
                              struct error *e)
{
    const uint32_t cancelled = atomic_load(&r->shared->cancelled);
    bool found = false;
    uint64_t at = 0;
    for (;;) {
        const uint32_t sequence = atomic_load(&r->shared->sequence);
        const enum status status = look(r, index, value, &at, &found, e);
        if (status != STATUS_OK || found) return status;
        if (atomic_load(&r->shared->cancelled) != cancelled)
            return tee_refuse(e, TEE_TIMEOUT, "the wait for register %u was cancelled", index);
        if (registers_now() >= deadline)
            return tee_refuse(e, TEE_TIMEOUT, "register %u did not get the value in time", index);
        registers_sleep(r, &r->shared->sequence, sequence, deadline, SLICE_MS);
        if (atomic_load(&r->shared->sequence) == sequence) registers_look_at_guard(r);
    }
}

enum status tee_registers_wait(struct tee_registers *r, uint32_t index, const uint8_t value[TEE_REGISTER_SIZE],
                               uint64_t deadline_ms, struct error *e)
{
    static const uint8_t zeros[TEE_REGISTER_SIZE] = {0};
    enum status status = registers_check_index(r, index, e);
    if (status != STATUS_OK) return status;
    if (atomic_load(&r->shared->poisoned)) return registers_refuse_poisoned(e);
    if (memcmp(value, zeros, sizeof zeros) == 0) return STATUS_OK; /* what all begin with */
    atomic_fetch_add(&r->shared->waiting, 1);
    status = wait_until(r, index, value, registers_deadline(deadline_ms), e);
    atomic_fetch_sub(&r->shared->waiting, 1);
    return status;
}

void tee_registers_cancel(struct tee_registers *r)
{
    atomic_fetch_add(&r->shared->cancelled, 1);
    atomic_fetch_add(&r->shared->sequence, 1);
    registers_wake(r, &r->shared->sequence, INT_MAX);
    for (int lock = 0; lock < LOCK_COUNT; lock++) registers_wake(r, &r->shared->locks[lock], INT_MAX);
}
