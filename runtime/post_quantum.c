#include "runtime/post_quantum.h"

#include "near/universal_state_init.h"
#include "runtime/cost.h"

static enum status state_init_is_post_quantum(struct bytes bytes, bool *out, struct error *e)
{
    struct arena arena = {0};
    struct universal_state_init init = {0};
    enum status status = universal_state_init_from_borsh(bytes, &arena, &init, e);
    for (size_t i = 0; status == STATUS_OK && i < init.key_count; i++)
        if (init.keys[i].tag == KEY_HANDLE_ML_DSA_65_HASH) *out = true;
    arena_free(&arena);
    return status == STATUS_MALFORMED ? STATUS_OK : status; /* what cannot be read has no keys */
}

/* The key that the action itself carries; null if there is none. */
static const struct public_key *key_of_action(const struct action *a)
{
    switch (a->kind) {
    case ACTION_KIND_stake: return a->stake.public_key;
    case ACTION_KIND_add_key: return a->add_key.public_key;
    case ACTION_KIND_delete_key: return a->delete_key.public_key;
    case ACTION_KIND_transfer_to_gas_key: return a->transfer_to_gas_key.public_key;
    case ACTION_KIND_withdraw_from_gas_key: return a->withdraw_from_gas_key.public_key;
    case ACTION_KIND_delegate:
    case ACTION_KIND_delegate_v2: {
        const struct delegate_action *d = action_delegate_of(a);
        return d ? d->public_key : NULL;
    }
    default: return NULL;
    }
}

/* Without what is inside of a delegate action. */
static enum status list_is_post_quantum(const struct action *actions, uint32_t count, bool *out, struct error *e)
{
    for (uint32_t i = 0; i < count && !*out; i++) {
        const struct public_key *key = key_of_action(&actions[i]);
        const struct delegate_action *d = action_delegate_of(&actions[i]);
        if ((key && key->type == KEY_ML_DSA_65) || (d && d->signature.type == KEY_ML_DSA_65)) *out = true;
        if (actions[i].kind != ACTION_KIND_universal_state_init) continue;
        enum status status = state_init_is_post_quantum(actions[i].universal_state_init.state_init, out, e);
        if (status != STATUS_OK) return status;
    }
    return STATUS_OK;
}

enum status actions_are_post_quantum(const struct action *actions, uint32_t count, bool *out, struct error *e)
{
    bool found = false;
    enum status status = list_is_post_quantum(actions, count, &found, e);
    for (uint32_t i = 0; i < count && status == STATUS_OK; i++) {
        const struct delegate_action *d = action_delegate_of(&actions[i]);
        if (d) status = list_is_post_quantum(d->actions, d->action_count, &found, e);
    }
    if (status == STATUS_OK) *out = found;
    return status;
}
