/* What the checks of actions share (validate_actions.c). A check that fails for want of memory returns a status; one
 * that says no leaves `valid` false and fills `out`. */
#ifndef RUNTIME_VALIDATION_H
#define RUNTIME_VALIDATION_H

#include "runtime/features.h"
#include "runtime/internal.h"

struct validation {
    const struct protocol_parameters *p;
    uint32_t version;
    bool is_new; /* a new receipt, or a transaction */
    bool valid;
    struct validation_error *out;
    struct error *e;
};

static inline struct validation_error *reject(struct validation *c, enum validation_error_kind kind)
{
    c->valid = false;
    *c->out = (struct validation_error){.kind = kind};
    return c->out;
}

static inline bool enabled(const struct validation *c, enum feature_version feature)
{
    return feature_enabled(feature, c->version);
}

/* Rejects if the version does not know the feature; the name is the protocol's. */
void require_feature(struct validation *c, enum feature_version feature, const char *name);
void check_contract_id(struct validation *c, const struct global_contract_id *id);

/* ---- state inits (validate_state_init.c) ------------------------------------------------------------------------- */

enum status check_deterministic_state_init(struct validation *c, const struct deterministic_state_init *init,
                                           const struct account_id *receiver);
enum status check_universal_state_init(struct validation *c, struct bytes bytes, const struct account_id *receiver);
/* Entries and keys of all state inits among the actions, also inside of delegate actions. */
enum status check_state_inits(struct validation *c, const struct action *actions, uint32_t count);

#endif
