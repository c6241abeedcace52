#include "runtime/internal.h"

static void fail_unstake(struct action_result *r, const struct account_id *id)
{
    action_fail(r, action_error_TriesToUnstake)->TriesToUnstake.account_id = *id;
}

static void fail_insufficient(struct action_result *r, const struct account_id *id, struct u128 stake,
                              struct u128 minimum)
{
    struct action_error *error = action_fail(r, action_error_InsufficientStake);
    error->InsufficientStake.account_id = *id;
    error->InsufficientStake.stake = stake;
    error->InsufficientStake.minimum_stake = minimum;
}

static void fail_balance(struct action_result *r, const struct action_context *c, struct u128 stake)
{
    struct action_error *error = action_fail(r, action_error_TriesToStake);
    error->TriesToStake.account_id = c->receipt->receiver_id;
    error->TriesToStake.stake = stake;
    error->TriesToStake.locked = c->account.locked;
    error->TriesToStake.balance = c->account.amount;
}

/* More is locked at once; less is a proposal alone, and what it sets free comes back at the end of an epoch. */
enum status action_stake(struct action_context *c, const struct action *a, struct action_result *r, struct error *e)
{
    const struct account_id *id = &c->receipt->receiver_id;
    const struct u128 stake = a->stake.stake, zero = u128_of(0), minimum = c->state->chunk->minimum_stake;
    struct u128 increment = zero, amount;
    u128_subtract(stake, c->account.locked, &increment);
    if (!u128_subtract(c->account.amount, increment, &amount)) {
        fail_balance(r, c, stake);
        return STATUS_OK;
    }
    if (u128_equal(stake, zero) && u128_equal(c->account.locked, zero)) {
        fail_unstake(r, id);
        return STATUS_OK;
    }
    if (!u128_equal(stake, zero) && u128_less(stake, minimum)) {
        fail_insufficient(r, id, stake, minimum);
        return STATUS_OK;
    }
    if (u128_less(c->account.locked, stake)) {
        c->account.amount = amount;
        c->account.locked = stake;
    }
    const struct validator_proposal proposal = {*id, a->stake.public_key, stake};
    return action_result_add_proposal(c->state, r, &proposal, e);
}
