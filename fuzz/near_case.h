/* Contract cases for both sides of a differential test (the form of tests/vectors): made from any bytes. */
#ifndef FUZZ_NEAR_CASE_H
#define FUZZ_NEAR_CASE_H

#include "base/bytes.h"

#define NEAR_CASE_KINDS \
    X(border, "modules at the borders of what is accepted") \
    X(code, "modules with random valid code") \
    X(mutated, "either with some bytes changed") \
    X(host, "programs of host calls") \
    X(hostgas, "the same with any amount of gas")

enum near_case_kind {
#define X(name, what) NEAR_CASE_##name,
    NEAR_CASE_KINDS
#undef X
    NEAR_CASE_KIND_COUNT
};

/* False: there is none of that name. */
bool near_case_kind(const char *name, enum near_case_kind *out);
/* As a fuzzing engine's input chooses it: by the first byte. */
enum near_case_kind near_case_kind_of(const uint8_t *seed, size_t size);
const char *near_case_kind_name(enum near_case_kind kind);

/* The module alone. False: no memory. */
bool near_case_module(enum near_case_kind kind, const uint8_t *seed, size_t size, struct buffer *out);

/* Appends the case as one line of JSON. `name` must not need escapes. */
bool near_case_write(enum near_case_kind kind, const uint8_t *seed, size_t size, const char *name, struct buffer *out);

/* Appends a case of the given module with everything else at its default. */
void near_case_write_module(const char *name, struct bytes module, const char *method, uint32_t version, uint64_t gas,
                            struct buffer *out);

#endif
