/* Calls of NEAR's host functions, drawn from a fuzzer's input: a guest's memory with things in it that the functions
 * ask for, and arguments that mostly name such things. */
#ifndef FUZZ_HOST_CALLS_H
#define FUZZ_HOST_CALLS_H

#include "fuzz/choices.h"
#include "host/context.h"

enum thing {
    THING_ACCOUNT,
    THING_KEY,
    THING_HASH,
    THING_METHOD,
    THING_AMOUNT,
    THING_INDICES,
    THING_WIDE_TEXT,
    THING_BYTES, /* any of the others, too */
};

struct placed_thing {
    enum thing kind;
    uint32_t ptr, size;
};

enum { PLACED_THINGS_MAX = 64 };

struct guest_memory {
    uint8_t *data; /* exactly `size` bytes from malloc; null for none */
    uint32_t size;
    struct placed_thing things[PLACED_THINGS_MAX];
    uint32_t count;
};

/* False: no memory. Release with free(m->data). */
bool guest_memory_make(struct guest_memory *m, struct choices *c);

struct host_function_call {
    const struct import_definition *import;
    uint64_t args[16];
};

/* Any import, with arguments for a host that has made `promises` promises. */
struct host_function_call choose_call(struct choices *c, const struct guest_memory *m, uint32_t promises);

#endif
