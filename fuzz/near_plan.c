#include "fuzz/near_plan.h"

static const struct {
    const char *name;
    size_t offset;
} fields[] = {
#define X(field, what) {#field, offsetof(struct near_plan, field)},
#include "fuzz/near_plan.def"
#undef X
};
enum { FIELDS = sizeof fields / sizeof *fields };

static uint32_t *field(struct near_plan *p, size_t i)
{
    return (uint32_t *)(void *)((char *)p + fields[i].offset);
}

bool near_plan_set(struct near_plan *p, const char *name, uint32_t value)
{
    for (size_t i = 0; i < FIELDS; i++) {
        if (strcmp(fields[i].name, name) != 0) continue;
        *field(p, i) = value;
        return true;
    }
    return false;
}

/* Limits of the protocol, of the parsers, and of the rewriting; those that make large modules come last. */
static const uint32_t borders[] = {
    1,    2,     3,     4,     5,     10,    32,    63,    64,     65,     127,    128,    129,     255,
    1000, 1024,  2048,  5000,  8192,  10000, 16384, 49998, 50000,  65536,  100000, 131072, 196608,
};
enum { BORDERS = sizeof borders / sizeof *borders, SMALL_BORDERS = 14, MIDDLE_BORDERS = 19 };

static uint32_t choose_number(struct choices *c)
{
    uint32_t kind = choose(c, 1000);
    if (kind < 700) return 1 + choose(c, 5);
    uint32_t many = kind < 930 ? SMALL_BORDERS : kind < 985 ? MIDDLE_BORDERS : BORDERS;
    return borders[choose(c, many)] + choose(c, 3) - 1;
}

void near_plan_choose(struct near_plan *p, struct choices *c)
{
    *p = (struct near_plan){0};
    uint32_t n = 1 + choose(c, chance(c, 50) ? 3 : 12);
    for (uint32_t i = 0; i < n; i++) *field(p, choose(c, FIELDS)) = choose_number(c);
    if (chance(c, 30)) p->padding = c;
    if (chance(c, 80)) p->header = 0;
    if (chance(c, 50)) p->section_swapped = p->section_size = p->trailing = 0;
    if (!chance(c, 1)) p->all_locals = p->all_blocks = p->all_charges = 0;
}
