#include "tee/registers_guard.h"

#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* A lock's word: the holder's thread id, and whether somebody may be asleep on it. */
#define WORD_SLEEPERS ((uint32_t)1 << 31)
#define WORD_HOLDER (((uint32_t)1 << 30) - 1)

enum { SLICE_MS = 50 /* how often the holder is looked after */, SPINS = 200 };

uint64_t registers_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

uint64_t registers_deadline(uint64_t from_now_ms)
{
    const uint64_t now = registers_now();
    return from_now_ms > (UINT64_MAX - now) / 1000000 ? UINT64_MAX : now + from_now_ms * 1000000;
}

void registers_sleep(const struct tee_registers *r, _Atomic uint32_t *word, uint32_t value, uint64_t deadline,
                     uint64_t slice_ms)
{
    const uint64_t now = registers_now();
    if (now >= deadline) return;
    const uint64_t left = deadline - now, slice = slice_ms * 1000000, ns = left < slice ? left : slice;
    const struct timespec t = {.tv_sec = (time_t)(ns / 1000000000), .tv_nsec = (long)(ns % 1000000000)};
    syscall(SYS_futex, word, r->fd < 0 ? FUTEX_WAIT_PRIVATE : FUTEX_WAIT, value, &t, NULL, 0);
}

void registers_wake(const struct tee_registers *r, _Atomic uint32_t *word, int how_many)
{
    syscall(SYS_futex, word, r->fd < 0 ? FUTEX_WAKE_PRIVATE : FUTEX_WAKE, how_many, NULL, NULL, 0);
}

enum status registers_refuse_poisoned(struct error *e)
{
    return tee_refuse(e, TEE_POISONED, "a holder of the registers died; what they say is not to be relied on");
}

static void poison(struct tee_registers *r)
{
    atomic_store(&r->shared->poisoned, 1);
    atomic_fetch_add(&r->shared->sequence, 1);
    registers_wake(r, &r->shared->sequence, INT_MAX);
}

/* A process that has exited and was not waited for still has its id; a descriptor of it tells. */
static bool process_exited(pid_t id)
{
    const int fd = (int)syscall(SYS_pidfd_open, id, 0);
    if (fd < 0) return errno == ESRCH;
    struct pollfd p = {.fd = fd, .events = POLLIN};
    const bool exited = poll(&p, 1, 0) == 1 && (p.revents & POLLIN);
    close(fd);
    return exited;
}

static bool holder_dead(uint32_t word)
{
    const pid_t holder = (pid_t)(word & WORD_HOLDER);
    if (holder == 0) return true; /* no holder leaves that behind */
    if (kill(holder, 0) < 0) return errno == ESRCH;
    return process_exited(holder);
}

/* If the holder that the word names is dead: poisons the set and frees the word. */
static bool bury(struct tee_registers *r, _Atomic uint32_t *word)
{
    uint32_t v = atomic_load(word);
    if (v == 0 || !holder_dead(v)) return false;
    if (atomic_load(word) != v) return false; /* it let go before it died */
    poison(r);
    if (atomic_compare_exchange_strong(word, &v, 0)) registers_wake(r, word, INT_MAX);
    return true;
}

void registers_look_at_guard(struct tee_registers *r)
{
    bury(r, &r->shared->guard);
}

static uint32_t self(void)
{
    return (uint32_t)syscall(SYS_gettid) & WORD_HOLDER;
}

static bool spin(_Atomic uint32_t *word, uint32_t mine)
{
    for (int i = 0; i < SPINS; i++) {
        uint32_t expected = 0;
        if (atomic_load_explicit(word, memory_order_relaxed) == 0 &&
            atomic_compare_exchange_strong(word, &expected, mine))
            return true;
    }
    return false;
}

/* Whether the word is nobody's or `mine`; otherwise says in it that somebody sleeps, and sleeps for a slice. */
static bool released(struct tee_registers *r, _Atomic uint32_t *word, uint32_t mine, uint64_t deadline)
{
    uint32_t v = atomic_load(word);
    if (v == 0 || (v & WORD_HOLDER) == mine) return true;
    if (!(v & WORD_SLEEPERS) && !atomic_compare_exchange_strong(word, &v, v | WORD_SLEEPERS)) return false;
    registers_sleep(r, word, v | WORD_SLEEPERS, deadline, SLICE_MS);
    bury(r, word);
    return false;
}

enum outcome { TAKEN, TOO_LATE, POISONED };

/* Whoever had to sleep takes the word with the mark for sleepers, as it cannot know whether it was the last. */
static enum outcome take(struct tee_registers *r, _Atomic uint32_t *word, uint32_t mine, uint64_t deadline)
{
    const uint32_t cancelled = atomic_load(&r->shared->cancelled);
    uint32_t expected = 0;
    if (atomic_compare_exchange_strong(word, &expected, mine)) return TAKEN;
    if (word == &r->shared->guard && spin(word, mine)) return TAKEN;
    for (;;) {
        expected = 0;
        if (atomic_compare_exchange_strong(word, &expected, mine | WORD_SLEEPERS)) return TAKEN;
        if (atomic_load(&r->shared->poisoned)) return POISONED;
        if (registers_now() >= deadline) return TOO_LATE;
        if (word != &r->shared->guard && atomic_load(&r->shared->cancelled) != cancelled) return TOO_LATE;
        released(r, word, mine, deadline);
    }
}

static void release(struct tee_registers *r, _Atomic uint32_t *word, int how_many)
{
    if (atomic_exchange(word, 0) & WORD_SLEEPERS) registers_wake(r, word, how_many);
}

enum status registers_enter(struct tee_registers *r, struct error *e)
{
    _Atomic uint32_t *const guard = &r->shared->guard;
    const enum outcome outcome = take(r, guard, self(), registers_deadline(REGISTERS_GUARD_PATIENCE_MS));
    if (outcome == TOO_LATE)
        return tee_refuse(e, TEE_TIMEOUT, "thread %u has held the registers for more than %d s",
                          atomic_load(guard) & WORD_HOLDER, REGISTERS_GUARD_PATIENCE_MS / 1000);
    if (outcome == TAKEN && !atomic_load(&r->shared->poisoned)) return STATUS_OK;
    if (outcome == TAKEN) registers_leave(r);
    return registers_refuse_poisoned(e);
}

void registers_leave(struct tee_registers *r)
{
    release(r, &r->shared->guard, 1);
}

/* The first of these locks that another thread holds; LOCK_COUNT: none. */
static uint32_t held_by_others(struct tee_registers *r, uint32_t locks, uint32_t mine)
{
    for (uint32_t lock = 0; lock < LOCK_COUNT; lock++) {
        const uint32_t v = atomic_load(&r->shared->locks[lock]);
        if ((locks & 1u << lock) && v != 0 && (v & WORD_HOLDER) != mine) return lock;
    }
    return LOCK_COUNT;
}

enum status registers_enter_unlocked(struct tee_registers *r, uint32_t locks, struct error *e)
{
    const uint32_t cancelled = atomic_load(&r->shared->cancelled);
    uint64_t deadline = 0;
    for (;;) {
        const enum status status = registers_enter(r, e);
        if (status != STATUS_OK) return status;
        const uint32_t mine = atomic_load(&r->shared->guard) & WORD_HOLDER, lock = held_by_others(r, locks, mine);
        if (lock == LOCK_COUNT) return STATUS_OK;
        registers_leave(r);
        if (deadline == 0) deadline = registers_deadline(REGISTERS_PATIENCE_MS);
        while (!released(r, &r->shared->locks[lock], mine, deadline)) {
            if (atomic_load(&r->shared->poisoned)) return registers_refuse_poisoned(e);
            if (registers_now() >= deadline || atomic_load(&r->shared->cancelled) != cancelled)
                return tee_refuse(e, TEE_TIMEOUT, "lock %u was not released in time", lock);
        }
    }
}

static enum status check_lock(uint32_t lock, struct error *e)
{
    if (lock < LOCK_COUNT) return STATUS_OK;
    return tee_refuse(e, TEE_INDEX, "there is no lock %u; locks are 0 to %d", lock, LOCK_COUNT - 1);
}

enum status tee_lock(struct tee_registers *r, uint32_t lock, uint64_t deadline_ms, struct error *e)
{
    const enum status status = check_lock(lock, e);
    if (status != STATUS_OK) return status;
    _Atomic uint32_t *const word = &r->shared->locks[lock];
    const uint32_t mine = self();
    if ((atomic_load(word) & WORD_HOLDER) == mine)
        return error_set(e, STATUS_USAGE, TEE_BUSY, ERROR_NO_OFFSET, "this thread holds lock %u already", lock);
    const enum outcome outcome = take(r, word, mine, registers_deadline(deadline_ms));
    if (outcome == TOO_LATE)
        return tee_refuse(e, TEE_TIMEOUT, "lock %u was not free within %llu ms (or the wait was cancelled)", lock,
                          (unsigned long long)deadline_ms);
    if (outcome == TAKEN && !atomic_load(&r->shared->poisoned)) return STATUS_OK;
    if (outcome == TAKEN) release(r, word, INT_MAX);
    return registers_refuse_poisoned(e);
}

enum status tee_unlock(struct tee_registers *r, uint32_t lock, struct error *e)
{
    const enum status status = check_lock(lock, e);
    if (status != STATUS_OK) return status;
    if ((atomic_load(&r->shared->locks[lock]) & WORD_HOLDER) != self())
        return error_set(e, STATUS_USAGE, TEE_BUSY, ERROR_NO_OFFSET, "this thread does not hold lock %u", lock);
    release(r, &r->shared->locks[lock], INT_MAX); /* extensions sleep on it, too, and don't take it */
    return STATUS_OK;
}
