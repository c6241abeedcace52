/* Measurement registers: SHA-384 values that can only be extended, with the log of events that replays to them. A set is
 * shared by threads, and by processes through one mapping. By convention register 0 measures engine and configuration,
 * 1 the code, 2 the entry (method, arguments, context, prepaid gas), 3 the effects in their order; the rest are free.
 *
 *     value = SHA-384(value ‖ digest),  digest = SHA-384("nvm-tee-event-v1" ‖ 0x00 ‖ le32 type ‖ le32 length ‖ payload) */
#ifndef TEE_REGISTERS_H
#define TEE_REGISTERS_H

#include <stdbool.h>

#include "base/bytes.h"
#include "tee/refusal.h"

enum { TEE_REGISTERS = 16, TEE_REGISTER_SIZE = 48, TEE_EVENT_MAX = 1 << 16 /* bytes of a payload */ };
enum { REGISTER_ENGINE = 0, REGISTER_CODE = 1, REGISTER_ENTRY = 2, REGISTER_EFFECTS = 3 };

enum tee_event_type { EVENT_ENGINE = 1, EVENT_CODE, EVENT_ENTRY, EVENT_EFFECT, EVENT_USER };

struct tee_registers; /* opaque */

struct tee_snapshot {
    uint32_t count;
    uint64_t generation[TEE_REGISTERS];
    uint8_t value[TEE_REGISTERS][TEE_REGISTER_SIZE];
};

/* A set of `count` registers (at most TEE_REGISTERS) of zeros in this process's memory; `log_bytes` bounds the log (an
 * event takes its payload and 105 bytes; 0: the default, 64 MiB; at most 1 GiB; memory is taken as it is used).
 * STATUS_NO_MEMORY, STATUS_USAGE. Sets may be used by any number of threads at once. */
enum status tee_registers_new(uint32_t count, size_t log_bytes, struct tee_registers **out, struct error *e);
/* A set in a mapping that processes share: a new memfd, whose descriptor (tee_registers_fd; -1: a set of this process
 * alone) others hand to tee_registers_attach, which keeps a descriptor of its own. Every field that is read from a foreign
 * mapping is checked; refusals: format (no set, or not a memfd of fixed size), version, length. The processes must be in one
 * PID namespace, because a holder's death is noticed by its thread id. */
enum status tee_registers_new_shared(uint32_t count, size_t log_bytes, struct tee_registers **out, struct error *e);
int tee_registers_fd(const struct tee_registers *r);
enum status tee_registers_attach(int fd, struct tee_registers **out, struct error *e);
void tee_registers_free(struct tee_registers *r); /* null is allowed; a mapping lives on in others */

/* Refusals: index, limit (payload or log), poisoned; event-log (a foreign mapping's log is malformed; likewise below); timeout
 * (another thread holds the attestation lock, or the register's own, for more than 150 s; or cancelled). `value` and
 * `generation` (of the register afterwards) may be null. */
enum status tee_registers_extend(struct tee_registers *r, uint32_t index, uint32_t type, struct bytes payload,
                                 uint8_t value[TEE_REGISTER_SIZE], uint64_t *generation, struct error *e);
enum status tee_registers_read(struct tee_registers *r, uint32_t index, uint8_t value[TEE_REGISTER_SIZE],
                               uint64_t *generation, struct error *e);
/* All registers at one moment, with the log up to then (Borsh, appended to *log, which may be null). */
enum status tee_registers_snapshot(struct tee_registers *r, struct tee_snapshot *out, struct buffer *log,
                                   struct error *e);
/* Waits until the register has, or has had, the value. `deadline_ms` from now; 0: looks once. Refusals: timeout, index,
 * poisoned. */
enum status tee_registers_wait(struct tee_registers *r, uint32_t index, const uint8_t value[TEE_REGISTER_SIZE],
                               uint64_t deadline_ms, struct error *e);
void tee_registers_cancel(struct tee_registers *r); /* ends all waits that have begun, in all processes (timeout) */

/* SHA-384("nvm-tee-registers-v1" ‖ 0x00 ‖ le32 count ‖ values): what report data covers. */
void tee_snapshot_digest(const struct tee_snapshot *s, uint8_t out[48]);

/* Event logs as bytes (Borsh): count, then (index u8, type u32, digest 48, payload). Replays from zeros; every digest is
 * computed anew from its payload. Refusals: event-log. */
enum status tee_event_log_replay(struct bytes log, uint32_t count, struct tee_snapshot *out, struct error *e);
/* Registers that were never extended continue where a log ends: for resumed runs. All or nothing. Refusals: event-log,
 * limit; STATUS_USAGE if something was extended before. */
enum status tee_registers_restore(struct tee_registers *r, struct bytes log, struct error *e);

/* LOCK_PCR0 … 3 = 0 … 3, LOCK_ATTESTATION = 4, as embedders know them. For coordinated attestation: a holder of the
 * attestation lock sees nobody else extend anything, a holder of lock 0 … 3 nobody else extend that register; reading and
 * waiting go on. A lock belongs to a thread. Not recursive, and only its holder releases it (STATUS_USAGE). The death of a
 * holder poisons the set. Refusals: index, timeout, poisoned. */
enum { LOCK_ATTESTATION = 4, LOCK_COUNT = 5 };
enum status tee_lock(struct tee_registers *r, uint32_t lock, uint64_t deadline_ms, struct error *e);
enum status tee_unlock(struct tee_registers *r, uint32_t lock, struct error *e);

#endif
