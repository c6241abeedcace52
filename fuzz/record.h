/* What a run of all of a module's exported functions did, so that two runs can be compared. */
#ifndef FUZZ_RECORD_H
#define FUZZ_RECORD_H

#include "vm/vm.h"

enum { RECORD_CALLS = 96, RECORD_RESULTS = 40, RECORD_GLOBALS = 32, RECORD_TABLES = 4, STORE_SLOTS = 1 << 18 };

struct call_record {
    enum trap trap;
    uint32_t function;                 /* where it trapped, */
    size_t offset;                     /* and at which byte; only the engine records it */
    uint32_t results;
    uint64_t result[RECORD_RESULTS];   /* funcrefs as 0 or 1 */
    uint64_t fuel;                     /* used so far by all calls */
};

struct record {
    enum status status;                /* of loading and instantiating */
    uint64_t error_offset;
    char message[232];
    enum trap start_trap;
    uint32_t calls;
    struct call_record call[RECORD_CALLS];
    uint64_t memory_size, memory_hash;
    uint32_t globals, tables;
    uint64_t global[RECORD_GLOBALS];
    uint32_t table_size[RECORD_TABLES];
};

/* A run that moves: it is suspended again and again, and goes on from the bytes of its state in a new store, each time
 * with the next dispatcher that there is. */
struct hops {
    uint64_t seed;
    uint64_t most;                     /* gas from one to the next, at most; 0: as little as possible */
    uint32_t limit;                    /* so many at most */
    uint32_t count, host_count;        /* how many there were; and how many of these behind a host function */
    bool failed;                       /* something went wrong: it was said on stderr */
    /* null, or sees every state in passing */
    void (*state)(void *user, const struct module *m, struct bytes state);
    void *user;
};

struct run_config {
    const char *name;
    enum dispatcher dispatcher;
    bool metered, lazy, interruptible;
    uint64_t fuel;                     /* if metered */
    bool priced;                       /* metered: by fees for everything there is, and with a limited stack */
    struct hops *hops;                 /* metered: null, or it moves */
};

/* Loads, instantiates with host functions that do the same for the same arguments, calls every exported function
 * that has no parameters, in the order of the exports; those with parameters get zeros. */
void record_run(const uint8_t *bytes, size_t size, const struct run_config *config, struct record *out);

/* The same by the reference interpreter, for modules of the generator; false: no memory. */
bool record_reference(const struct module *m, struct record *out);

enum { SAME_FUEL = 1, SAME_PLACE = 2 /* of traps */ };

/* Compares; says on stderr what differs. */
bool record_same(const struct record *expected, const struct record *got, const char *name, unsigned what);

/* What host function number `import` does, to whichever engine. The state lives as long as the run. */
struct host_state {
    uint32_t calls, reentries;
};
struct host_actions {
    uint8_t *(*memory)(void *context, size_t *size);     /* null if there is none */
    void (*grow)(void *context);                         /* by one page */
    enum trap (*reenter)(void *context, uint64_t *values); /* calls the first export that is a function */
    void *context;
};
enum trap host_effect(struct host_state *state, uint32_t import, const struct functype *type, uint64_t *values,
                      const struct host_actions *actions);

#endif
