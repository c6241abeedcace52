/* The reference interpreter's state: shared by its files. */
#ifndef FUZZ_REFERENCE_STATE_H
#define FUZZ_REFERENCE_STATE_H

#include "fuzz/reference.h"

struct reference_function {
    struct functype type;
    const uint8_t *code, *end;     /* behind the local declarations */
    uint32_t *match;               /* by offset in the code: of block, loop, if: the end; of if, else: see match_else */
    uint32_t *match_else;          /* of if: its else, or 0 */
    uint32_t locals;               /* with parameters */
};

struct reference_segment {
    const uint8_t *data;           /* data: the bytes */
    uint64_t refs[64];             /* elements */
    uint32_t count;
};

struct reference {
    const struct module *module;
    reference_host host;
    void *user;
    uint32_t functions, imports, globals, tables, data_segments, element_segments;
    struct reference_function function[REFERENCE_MAX_FUNCTIONS];
    uint32_t types;
    struct functype type[64];
    uint64_t global[32];
    struct {
        uint64_t element[REFERENCE_MAX_ELEMENTS];
        uint32_t size, max;
    } table[4];
    struct reference_segment data[8], element[8];
    uint8_t *memory;
    uint32_t pages, max_pages;
    uint64_t fuel;
    uint32_t depth;
    uint64_t stack[1 << 18];
    size_t height;
    enum trap trap;
};

/* Numeric instructions (0x45 to 0xc4, and 0xfc 0 to 7): takes operands from the stack, pushes the result. False: the
 * trap is set. */
bool reference_numeric(struct reference *r, uint8_t opcode);
bool reference_saturating(struct reference *r, uint32_t number);

static inline void ref_push(struct reference *r, uint64_t v)
{
    r->stack[r->height++] = v;
}
static inline uint64_t ref_pop(struct reference *r)
{
    return r->stack[--r->height];
}
static inline bool ref_trap(struct reference *r, enum trap t)
{
    r->trap = t;
    return false;
}

#endif
