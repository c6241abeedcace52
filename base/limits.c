#include "base/limits.h"

static const struct {
    const char *name, *unit;
} table[LIMIT_COUNT] = {
#define X(name, standard, unit, text) {#name, unit},
#include "base/limits.def"
#undef X
};

struct limits limits_standard(void)
{
    return (struct limits){
#define X(name, standard, unit, text) .name = standard,
#include "base/limits.def"
#undef X
    };
}

static uint64_t limit_of(const struct limits *l, enum limit which)
{
    switch (which) {
#define X(name, standard, unit, text) case LIMIT_##name: return l->name;
#include "base/limits.def"
#undef X
    case LIMIT_COUNT: break;
    }
    return l->gas;
}

static uint64_t scaled(uint64_t limit, uint64_t unit)
{
    return limit == 0 || limit > UINT64_MAX / unit ? UINT64_MAX : limit * unit;
}

uint64_t limits_gas(const struct limits *l)
{
    return scaled(l->gas, UINT64_C(1000000000000));
}

uint64_t limits_memory(const struct limits *l)
{
    return scaled(l->memory, UINT64_C(1) << 20);
}

uint64_t limits_unpacked(const struct limits *l)
{
    return scaled(l->unpacked, UINT64_C(1) << 20);
}

enum status limit_exceeded(const struct limits *l, enum limit which, struct error *e)
{
    return error_set(e, STATUS_LIMIT, 0, ERROR_NO_OFFSET, "more than %llu %s: --limit-%s N allows more",
                     (unsigned long long)limit_of(l, which), table[which].unit, table[which].name);
}

enum status limit_check(const struct limits *l, enum limit which, uint64_t count, struct error *e)
{
    const uint64_t limit = limit_of(l, which);
    return limit == 0 || count <= limit ? STATUS_OK : limit_exceeded(l, which, e);
}
