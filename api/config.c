#include "api/api.h"

#include <stdlib.h>

/* The two interfaces number features and traps alike. */
_Static_assert(NVM_FEATURES_ALL == FEATURES_ALL && NVM_FEATURE_BULK_MEMORY == FEATURE_BULK_MEMORY &&
                   NVM_FEATURE_EXTERNREF == FEATURE_EXTERNREF &&
                   NVM_FEATURE_REFERENCE_TYPES == FEATURE_REFERENCE_TYPES &&
                   NVM_FEATURE_MULTI_VALUE == FEATURE_MULTI_VALUE &&
                   NVM_FEATURE_SATURATING_TRUNCATION == FEATURE_SATURATING_TRUNCATION &&
                   NVM_FEATURE_SIGN_EXTENSION == FEATURE_SIGN_EXTENSION &&
                   NVM_FEATURE_MUTABLE_GLOBALS == FEATURE_MUTABLE_GLOBALS,
               "features");

nvm_config *nvm_config_new(void)
{
    nvm_config *c = calloc(1, sizeof *c);
    if (c) vm_config_default(&c->vm);
    return c;
}

void nvm_config_free(nvm_config *c)
{
    free(c);
}

void nvm_config_set_features(nvm_config *c, uint32_t mask)
{
    if (c) c->vm.features = mask & FEATURES_ALL;
}

void nvm_config_set_lazy(nvm_config *c, bool lazy)
{
    if (c) c->vm.lazy = lazy;
}

void nvm_config_set_interruptible(nvm_config *c, bool interruptible)
{
    if (c) c->vm.interruptible = interruptible;
}

void nvm_config_set_stop(nvm_config *c, bool (*stop)(void *user), void *user)
{
    if (c) c->stop = (struct load_stop){stop, user};
}

static void copy_costs(uint64_t *to, const uint64_t *from, size_t n)
{
    for (size_t i = 0; i < n; i++) to[i] = from[i];
}

void nvm_schedule_fuel(nvm_schedule *s)
{
    struct fee_schedule fuel;
    if (!s) return;
    fee_schedule_fuel(&fuel);
    *s = (nvm_schedule){
        .linear_base = fuel.linear_base,
        .linear_unit = fuel.linear_unit,
        .frame_unit = fuel.frame_unit,
        .frame_bytes = fuel.frame_bytes,
        .bytes32 = fuel.bytes32,
        .bytes64 = fuel.bytes64,
    };
    copy_costs(s->op, fuel.op, 256);
    copy_costs(s->op_fc, fuel.op_fc, 32);
}

void nvm_config_set_schedule(nvm_config *c, const nvm_schedule *s)
{
    if (!c) return;
    c->metered = s != NULL;
    if (!s) return;
    c->schedule = (struct fee_schedule){
        .linear_base = s->linear_base,
        .linear_unit = s->linear_unit,
        .frame_unit = s->frame_unit,
        .frame_bytes = s->frame_bytes,
        .bytes32 = s->bytes32,
        .bytes64 = s->bytes64,
    };
    copy_costs(c->schedule.op, s->op, 256);
    copy_costs(c->schedule.op_fc, s->op_fc, 32);
}
