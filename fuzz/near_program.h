/* Contracts that call host functions: random calls (host_calls.h) as a module; their results are what it returns. */
#ifndef FUZZ_NEAR_PROGRAM_H
#define FUZZ_NEAR_PROGRAM_H

#include "base/bytes.h"
#include "fuzz/choices.h"

/* Appends a module with the method `main`, which mostly calls what that version has. False: no memory. */
bool near_program_write(uint32_t version, struct choices *c, struct buffer *out);

#endif
