/* At the start of an epoch: rewards are paid, and stake that is not needed any more comes back. Source: nearcore,
 * runtime/runtime/src/lib.rs (update_validator_accounts). */
#include "runtime/balance_index.h"
#include "runtime/internal.h"

/* The update's lists by account. */
struct update_index {
    struct balance_index rewards, proposals;
};

static struct u128 amount_of(const struct balance_index *list, const struct account_id *id)
{
    const struct account_balance *found = balance_index_find(list, id);
    return found ? found->amount : u128_of(0);
}

static enum status return_stake(const struct update_index *u, const struct account_balance *stake,
                                struct account *a, struct error *e)
{
    char text[ACCOUNT_ID_TEXT_SIZE];
    const struct u128 reward = amount_of(&u->rewards, &stake->account_id);
    if (!u128_add(a->locked, reward, &a->locked)) return integer_overflow(e, "a validator's stake and reward");
    if (u128_less(a->locked, stake->amount))
        return inconsistent_state(e, "%s has less locked than its stake of the last epochs",
                                  account_id_text(&stake->account_id, text));
    struct u128 needed = amount_of(&u->proposals, &stake->account_id);
    if (u128_less(needed, stake->amount)) needed = stake->amount;
    struct u128 back;
    if (!u128_subtract(a->locked, needed, &back) || !u128_add(a->amount, back, &a->amount))
        return integer_overflow(e, "the stake that a validator gets back");
    a->locked = needed;
    return STATUS_OK;
}

static enum status update_validator(struct apply_state *s, const struct update_index *u,
                                    const struct account_balance *stake, struct error *e)
{
    char text[ACCOUNT_ID_TEXT_SIZE];
    struct account account;
    bool found;
    enum status status = state_get_account(s, &stake->account_id, &found, &account, e);
    if (status != STATUS_OK) return status;
    if (!found) {
        if (u128_equal(stake->amount, u128_of(0))) return STATUS_OK;
        return inconsistent_state(e, "%s has a stake but no account", account_id_text(&stake->account_id, text));
    }
    status = return_stake(u, stake, &account, e);
    return status == STATUS_OK ? state_set_account(s, &stake->account_id, &account, e) : status;
}

static bool is_validator(const struct validator_accounts_update *u, const struct account_id *id)
{
    for (uint32_t i = 0; i < u->stake_info_count; i++)
        if (account_id_equal(&u->stake_info[i].account_id, id)) return true;
    return false;
}

/* Unless it is a validator itself: then it was rewarded above. */
static enum status reward_treasury(struct apply_state *s, const struct validator_accounts_update *u,
                                   const struct update_index *index, struct error *e)
{
    const struct account_balance *reward = balance_index_find(&index->rewards, &u->treasury);
    struct account account;
    bool found;
    if (is_validator(u, &u->treasury)) return STATUS_OK;
    enum status status = state_get_account(s, &u->treasury, &found, &account, e);
    if (status != STATUS_OK) return status;
    if (!found) return inconsistent_state(e, "the protocol's treasury has no account");
    if (!reward) return inconsistent_state(e, "there is no reward for the protocol's treasury");
    if (!u128_add(account.amount, reward->amount, &account.amount))
        return integer_overflow(e, "the treasury's balance");
    return state_set_account(s, &u->treasury, &account, e);
}

enum status update_validator_accounts(struct apply_state *s, struct error *e)
{
    const struct validator_accounts_update *u = s->chunk->validator_update;
    struct update_index index;
    if (!u) return STATUS_OK;
    enum status status = balance_index_make(u->rewards, u->reward_count, s->arena, &index.rewards, e);
    if (status == STATUS_OK)
        status = balance_index_make(u->last_proposals, u->last_proposal_count, s->arena, &index.proposals, e);
    for (uint32_t i = 0; i < u->stake_info_count && status == STATUS_OK; i++)
        status = update_validator(s, &index, &u->stake_info[i], e);
    if (status == STATUS_OK && u->has_treasury) status = reward_treasury(s, u, &index, e);
    if (status == STATUS_OK) apply_commit(s);
    return status;
}
