/* How a set of registers lies in memory, and who may change it: shared by the files registers*.c.
 *
 * A set is one mapping, private or shared by processes. What lies in it may be changed at any time by whoever has it
 * mapped, so sizes are fixed when a process attaches (struct tee_registers holds them), numbers read from the mapping
 * are checked at each use, and nothing in it is an address: locks are plain words with the thread id of their holder.
 * (A robust mutex of the C library keeps list pointers in the mapping, through which the library writes.) A process
 * that changes the mapping against the rules can make others wait until their limit, refuse, or see values that no log
 * explains; it cannot make them crash or hang.
 *
 * All processes must see each other's thread ids, that is, be in one PID namespace: death of a holder is noticed by
 * asking the kernel for its thread. */
#ifndef TEE_REGISTERS_SET_H
#define TEE_REGISTERS_SET_H

#include <stdatomic.h>

#include "tee/registers.h"

enum { MAPPING_VERSION = 1 };
#define MAPPING_MAGIC "NVMREGS" /* with its NUL: 8 bytes */

struct register_mapping {
    uint8_t magic[8];
    uint32_t version, count;
    uint64_t log_capacity;               /* bytes behind this header */
    _Atomic uint32_t guard;              /* whoever changes or copies values; see registers_guard.h */
    _Atomic uint32_t locks[LOCK_COUNT];  /* tee_lock */
    _Atomic uint32_t poisoned;
    _Atomic uint32_t sequence;           /* changes with each extension; what waits sleep on */
    _Atomic uint32_t waiting;            /* at least 1 if somebody may be asleep on it */
    _Atomic uint32_t cancelled;          /* how often */
    _Atomic uint64_t log_size;           /* bytes below it never change again */
    uint64_t generation[TEE_REGISTERS];
    uint8_t value[TEE_REGISTERS][TEE_REGISTER_SIZE];
    uint8_t log[];
};

struct tee_registers {
    struct register_mapping *shared;
    size_t size;                         /* of the mapping */
    uint64_t log_capacity;
    uint32_t count;
    int fd;                              /* -1: private */
};

/* An event in the mapping's log: index u8, type u32, payload length u32, digest, the register's value afterwards,
 * payload. */
enum { LOG_ENTRY_SIZE = 1 + 4 + 4 + 2 * TEE_REGISTER_SIZE };
struct log_entry {
    uint8_t index;
    uint32_t type, length;
    const uint8_t *digest, *value, *payload; /* in the mapping */
};
/* The entry at *at, which moves behind it. False at `end`, and if the entry does not fit before it, which `end` tells
 * apart: then *at stays. */
bool registers_log_next(const struct tee_registers *r, uint64_t *at, uint64_t end, struct log_entry *out);
/* The log's size, checked. */
enum status registers_log_size(const struct tee_registers *r, uint64_t *size, struct error *e);
/* One extension by whoever holds the guard; the caller has checked everything but the room in the log. */
enum status registers_append(struct tee_registers *r, uint32_t index, uint32_t type, struct bytes payload,
                             const uint8_t digest[TEE_REGISTER_SIZE], struct error *e);
enum status registers_check_index(const struct tee_registers *r, uint32_t index, struct error *e);

#endif
