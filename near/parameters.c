#include "near/parameters.h"

#include "near/params/tables.inc"

enum { TABLE_COUNT = sizeof tables / sizeof tables[0] };

const char *ext_cost_name(enum ext_cost cost)
{
    static const char *const names[EXT_COST_COUNT] = {
#define X(name, index) [EXT_##name] = #name,
#include "near/ext_costs.def"
#undef X
    };
    return (size_t)cost < EXT_COST_COUNT ? names[cost] : "unknown";
}

const char *action_cost_name(enum action_cost cost)
{
    static const char *const names[ACTION_COST_COUNT] = {
#define X(name, index) [ACTION_##name] = #name,
#include "near/action_costs.def"
#undef X
    };
    return (size_t)cost < ACTION_COST_COUNT ? names[cost] : "unknown";
}

const struct protocol_parameters *parameters_of(uint32_t version)
{
    const struct protocol_parameters *found = NULL;
    for (size_t i = 0; i < TABLE_COUNT && tables[i]->version <= version; i++)
        found = tables[i];
    return found;
}

const struct protocol_parameters *parameters_entry(size_t index)
{
    return index < TABLE_COUNT ? tables[index] : NULL;
}
