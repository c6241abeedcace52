/* What gas was burnt for: ProfileDataV3 of outcomes. */
#ifndef NEAR_GAS_PROFILE_H
#define NEAR_GAS_PROFILE_H

#include "near/parameters.h"

struct gas_profile {
    uint64_t action[ACTION_COST_COUNT]; /* gas */
    uint64_t ext[EXT_COST_COUNT];
    uint64_t wasm;                      /* instructions: what is left of the burnt gas */
};

static inline void gas_profile_add(struct gas_profile *sum, const struct gas_profile *more)
{
    for (size_t i = 0; i < ACTION_COST_COUNT; i++) sum->action[i] += more->action[i];
    for (size_t i = 0; i < EXT_COST_COUNT; i++) sum->ext[i] += more->ext[i];
    sum->wasm += more->wasm;
}

#endif
