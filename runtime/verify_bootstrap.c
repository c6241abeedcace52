/* The first transaction of a universal account, which has no key yet. */
#include "near/universal_state_init.h"
#include "runtime/verification.h"

/* The id is the hash of a state init that the transaction holds and that names its key. */
static enum status is_bootstrap(struct verification *c, bool *out)
{
    struct public_key_handle handle = public_key_handle_of(c->t->public_key);
    *out = false;
    if (c->t->has_nonce_index || !account_id_equal(&c->t->signer_id, &c->t->receiver_id) ||
        c->signer->account->form != ACCOUNT_UNINITIALIZED || !c->s->parameters->flags.universal_accounts)
        return STATUS_OK;
    for (uint32_t i = 0; i < c->t->action_count && !*out; i++) {
        const struct action *a = &c->t->actions[i];
        if (a->kind != ACTION_KIND_universal_state_init) continue;
        struct account_id derived = account_id_universal(a->universal_state_init.state_init);
        if (!account_id_equal(&derived, &c->t->signer_id)) continue;
        struct arena arena = {0};
        struct universal_state_init init = {0};
        enum status status = universal_state_init_from_borsh(a->universal_state_init.state_init, &arena, &init, c->e);
        for (size_t k = 0; status == STATUS_OK && k < init.key_count; k++)
            *out |= init.keys[k].tag == handle.tag && memcmp(init.keys[k].data, handle.data, sizeof handle.data) == 0;
        arena_free(&arena);
        if (status == STATUS_NO_MEMORY) return status;
    }
    return STATUS_OK;
}

enum status charge_bootstrap(struct verification *c)
{
    bool bootstrap;
    struct u128 amount = {0, 0};
    enum status status = is_bootstrap(c, &bootstrap);
    if (status != STATUS_OK) return status;
    if (!bootstrap) {
        reject_unknown_key(c);
        return STATUS_OK;
    }
    /* Strictly the next nonce, whatever the transaction wants: a higher one could be above the one that the new keys
     * start with, and the transaction could be sent again. */
    check_nonce(c, c->signer->account->bootstrap_nonce, NONCE_STRICT);
    if (!c->rejected) check_balance(c, &amount);
    if (c->rejected) return STATUS_OK;
    status = check_storage_stake(c, amount);
    if (status != STATUS_OK || c->rejected) return status;
    c->signer->account->amount = amount;
    c->signer->account->bootstrap_nonce = c->t->nonce;
    return STATUS_OK;
}
