/* A plain stack interpreter for what the generator makes: the reference that the engine is compared with. It looks at
 * one instruction at a time, translates nothing, trusts that the module is valid and of the generator's form, and
 * counts fuel one by one. */
#ifndef FUZZ_REFERENCE_H
#define FUZZ_REFERENCE_H

#include "vm/vm.h"

enum {
    REFERENCE_MAX_PAGES = 64,       /* what stores in the comparison allow, too */
    REFERENCE_MAX_ELEMENTS = 100,
    REFERENCE_MAX_FUNCTIONS = 100,
    REFERENCE_MAX_DEPTH = 400,
};

struct reference;

/* A host function: arguments in, results out, as host_function in vm/vm.h; references are null (0) or not. */
typedef enum trap (*reference_host)(struct reference *r, void *user, uint32_t import, const struct functype *type,
                                    uint64_t *values);

/* `m` is the loaded module: names, types and places of functions are asked from it. Null: no memory. */
struct reference *reference_new(const struct module *m, reference_host host, void *user);
void reference_free(struct reference *r);

/* Calls a function by its index; results are left in `values`. */
enum trap reference_call(struct reference *r, uint32_t function, uint64_t *values);

uint64_t reference_fuel_used(const struct reference *r); /* by all calls together */
uint8_t *reference_memory(struct reference *r, size_t *size);
bool reference_grow(struct reference *r, uint32_t pages);
uint64_t reference_global(const struct reference *r, uint32_t i);
uint32_t reference_table_size(const struct reference *r, uint32_t i);

#endif
