/* Limits on what a file may cost whoever reads it: one set for all commands and functions (base/limits.def). */
#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

#include "base/error.h"

/* In the units of the table; 0: no limit. */
struct limits {
#define X(name, standard, unit, text) uint64_t name;
#include "base/limits.def"
#undef X
};

enum limit {
#define X(name, standard, unit, text) LIMIT_##name,
#include "base/limits.def"
#undef X
    LIMIT_COUNT
};

/* The table's defaults. */
struct limits limits_standard(void);

/* A limit in the unit of what is counted: units of gas, bytes. UINT64_MAX if there is none. */
uint64_t limits_gas(const struct limits *l);
uint64_t limits_memory(const struct limits *l);
uint64_t limits_unpacked(const struct limits *l);

/* STATUS_OK unless `count` is more than the limit allows; else as limit_exceeded. */
enum status limit_check(const struct limits *l, enum limit which, uint64_t count, struct error *e);

/* "more than 256 shards: --limit-shards N allows more". Returns STATUS_LIMIT. */
enum status limit_exceeded(const struct limits *l, enum limit which, struct error *e);

#endif
