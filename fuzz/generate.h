/* Makes a valid module out of any bytes: typed random code with the shapes that a translation to registers can get
 * wrong. It exports
 *     runN        functions without parameters that call the others with constants;
 *     state       () -> (i64, ...): a checksum of memory, its size, and the globals;
 *     memory, gN  the memory and the globals;
 * and imports host.hN, functions of any type. Execution always ends soon (a budget in a global is counted down on
 * every call and every turn of a loop), mostly without a trap. */
#ifndef FUZZ_GENERATE_H
#define FUZZ_GENERATE_H

#include "base/bytes.h"

struct generate_options {
    bool no_imports;
    /* Make results independent of the bits of NaNs, of stack limits, and of reference values: for comparing with
     * another engine. */
    bool portable;
    /* A contract: no more than contracts may use, and `main` calls some of the functions and returns the checksum. */
    bool near;
};

/* Appends the module to *out. */
void generate_module(const uint8_t *seed, size_t size, const struct generate_options *options, struct buffer *out);

#endif
