/* The registers of a contract call: numbered byte strings on the host's side. Source: near-vm-runner,
 * logic/vmstate.rs. */
#ifndef HOST_REGISTERS_H
#define HOST_REGISTERS_H

#include "host/gas_counter.h"

struct register_entry {
    uint64_t id;
    struct bytes data;
    void *owned;             /* data's memory, or null if somebody else keeps it for the whole call */
    size_t capacity;         /* of `owned` */
};

struct registers {
    struct register_entry *entries; /* at most max_number_registers of them */
    uint32_t count, capacity;
    uint64_t memory_usage;
};

void registers_free(struct registers *r);

bool registers_find(const struct registers *r, uint64_t id, struct bytes *out); /* without gas */

/* Pays for the read. *out is valid until the register is written. HOST_InvalidRegisterId: there is none of that
 * number (nothing was paid). */
enum host_error registers_read(const struct registers *r, struct gas_counter *g, uint64_t id, struct bytes *out);

/* Pays for the write, checks the limits, copies. HOST_EXTERNAL_FAILURE: no memory. */
enum host_error registers_write(struct registers *r, struct gas_counter *g, uint64_t id, struct bytes data);

/* The same for data that outlives the call: neither copied nor charged by byte. */
enum host_error registers_write_shared(struct registers *r, struct gas_counter *g, uint64_t id, struct bytes data);

/* Puts a register back that was there before: without gas. False: not one that these limits allow, or one of that
 * number is there, or *no_memory. */
bool registers_restore(struct registers *r, const struct protocol_limits *limits, uint64_t id, struct bytes data,
                       bool *no_memory);

#endif
