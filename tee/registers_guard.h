/* Locks of a set of registers: 32-bit words in its mapping that hold the thread id of their holder, on which others
 * sleep (futex). They survive the death of a holder: the set is then poisoned. */
#ifndef TEE_REGISTERS_GUARD_H
#define TEE_REGISTERS_GUARD_H

#include "tee/registers_set.h"

/* How long an extension waits for a lock that somebody alive holds: longer than any device takes for a quote. */
enum { REGISTERS_PATIENCE_MS = 150000, REGISTERS_GUARD_PATIENCE_MS = 10000 };

/* CLOCK_MONOTONIC, in nanoseconds, and a deadline that many milliseconds from now (never wraps). */
uint64_t registers_now(void);
uint64_t registers_deadline(uint64_t from_now_ms);

/* Sleeps while the word has that value, at most until the deadline and never longer than `slice_ms`. */
void registers_sleep(const struct tee_registers *r, _Atomic uint32_t *word, uint32_t value, uint64_t deadline,
                     uint64_t slice_ms);
void registers_wake(const struct tee_registers *r, _Atomic uint32_t *word, int how_many);

/* The guard over values and log, held for microseconds. Refusals: poisoned, timeout (somebody was stopped while it held
 * it). */
enum status registers_enter(struct tee_registers *r, struct error *e);
void registers_leave(struct tee_registers *r);
/* The same when others hold none of these locks (bits 1 << lock), for whoever changes values. */
enum status registers_enter_unlocked(struct tee_registers *r, uint32_t locks, struct error *e);

/* Poisons the set if whoever holds the guard is dead. */
void registers_look_at_guard(struct tee_registers *r);
enum status registers_refuse_poisoned(struct error *e);

#endif
