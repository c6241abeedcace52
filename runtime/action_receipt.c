/* A receipt whose data are all there: its actions one after another, all or none of them, and what follows from that:
 * refunds, rewards, data for others, the outcome. Source: nearcore, runtime/runtime/src/lib.rs
 * (apply_action_receipt). */
#include "base/array.h"
#include "runtime/action_result.h"
#include "runtime/cost.h"
#include "runtime/features.h"

/* ---- input ------------------------------------------------------------------------------------------------------ */

static enum status take_datum(struct apply_state *s, const struct receipt *r, const struct crypto_hash *id,
                              struct promise_result *out, struct error *e)
{
    const struct trie_key key = trie_key_of_hash(TRIE_KEY_RECEIVED_DATA, &r->receiver_id, id);
    struct received_data data;
    struct bytes value;
    bool found;
    enum status status = state_get(s, &key, &found, &value, e);
    if (status != STATUS_OK) return status;
    if (!found || received_data_from_borsh(value, &data, e) != STATUS_OK)
        return inconsistent_state(e, "data that a receipt waited for are not in the state");
    out->kind = data.has_data ? PROMISE_SUCCESSFUL : PROMISE_FAILED;
    out->data = data.data;
    return state_remove(s, &key, e);
}

static enum status take_data(struct apply_state *s, const struct receipt *r, struct action_context *c, struct error *e)
{
    const uint32_t count = r->action.input_data_id_count;
    struct promise_result *results = arena_array(s->arena, count, sizeof *results);
    if (!results) return error_no_memory(e);
    enum status status = STATUS_OK;
    for (uint32_t i = 0; i < count && status == STATUS_OK; i++)
        status = take_datum(s, r, &r->action.input_data_ids[i], &results[i], e);
    if (status != STATUS_OK) return status;
    c->promise_results = results;
    c->promise_result_count = count;
    apply_commit(s);
    return STATUS_OK;
}

/* ---- actions ---------------------------------------------------------------------------------------------------- */

typedef enum status (*action_function)(struct action_context *c, const struct action *a, struct action_result *r,
                                       struct error *e);

static const action_function functions[ACTION_KIND_COUNT] = {
#define X(name, title, index) [index] = action_##name,
#include "near/action_kinds.def"
#undef X
};

static enum status check_new_receipts(struct apply_state *s, struct action_result *r, struct error *e)
{
    enum status status = STATUS_OK;
    for (uint32_t i = 0; i < r->new_receipt_count && status == STATUS_OK && !r->failed; i++) {
        struct receipt_error error;
        bool valid;
        status = validate_receipt(s, &r->new_receipts[i], RECEIPT_NEW, &valid, &error, e);
        if (status == STATUS_OK && !valid)
            action_fail(r, action_error_NewReceiptValidationError)->NewReceiptValidationError = error;
    }
    return status;
}

static enum status apply_action(struct action_context *c, const struct action *a, struct action_result *r,
                                struct error *e)
{
    struct cost fee;
    enum status status = cost_exec_fee(c->state->parameters, a, &c->receipt->receiver_id, &fee, e);
    if (status != STATUS_OK) return status;
    r->gas_burnt = r->gas_used = fee.gas;
    r->compute_usage = fee.compute;
    check_account_existence(c, a, r);
    if (!r->failed) check_actor_permissions(c, a, r);
    if (!r->failed) status = functions[a->kind](c, a, r, e);
    if (status == STATUS_OK && !r->failed) status = check_new_receipts(c->state, r, e);
    return status;
}

/* From version 87 on, what all actions of a receipt add to the proof is limited, not only what contracts read. */
static void check_storage_proof(const struct action_context *c, struct action_result *r)
{
    const struct apply_state *s = c->state;
    const uint64_t limit = s->parameters->limits.per_receipt_storage_proof_size_limit;
    if (r->failed || !s->recorder || limit == LIMIT_ABSENT ||
        !feature_enabled(FEATURE_enforce_storage_proof_limit_for_all_actions, s->chunk->protocol_version) ||
        s->recorder->upper_bound - c->proof_size_before <= limit)
        return;
    struct action_error error = {.kind = action_error_ReceiptStorageProofSizeExceeded};
    error.ReceiptStorageProofSizeExceeded.limit = limit;
    action_result_set_error(r, &error);
}

static void note_contract(const struct action_context *c, struct outcome_contract *out)
{
    if (!c->account_exists) return;
    *out = (struct outcome_contract){c->account.code, c->account.code_hash, c->account.code_account};
}

static enum status apply_actions(struct action_context *c, struct action_result *result, struct error *e)
{
    struct apply_state *s = c->state;
    if (feature_enabled(FEATURE_execution_metadata_v4, s->chunk->protocol_version)) {
        result->contracts = arena_array(s->arena, c->action_count, sizeof *result->contracts);
        if (!result->contracts) return error_no_memory(e);
    }
    for (uint32_t i = 0; i < c->action_count && !result->failed; i++) {
        struct action_result next = {0};
        c->action_index = i;
        if (result->contracts) note_contract(c, &result->contracts[i]);
        c->action_hash = action_hash_of(&c->receipt->receipt_id, s->chunk->block_height, i);
        enum status status = apply_action(c, &c->action_receipt->actions[i], &next, e);
        if (status == STATUS_OK) status = action_result_merge(s, result, &next, e);
        if (status != STATUS_OK) return status;
        check_storage_proof(c, result);
        result->has_error_index = result->failed;
        result->error_index = i;
    }
    return STATUS_OK;
}

/* The account is written to the state, unless it has not enough for the storage that it uses. */
static enum status store_account(struct action_context *c, struct action_result *result, struct error *e)
{
    struct u128 missing;
    bool lacks;
    if (result->failed || !c->account_exists) return STATUS_OK;
    enum status status = storage_stake_missing(c->state->parameters, &c->account, &lacks, &missing, e);
    if (status != STATUS_OK) return status;
    if (!lacks) return state_set_account(c->state, &c->receipt->receiver_id, &c->account, e);
    struct action_error error = {.kind = action_error_LackBalanceForState};
    error.LackBalanceForState.account_id = c->receipt->receiver_id;
    error.LackBalanceForState.amount = missing;
    action_result_set_error(result, &error);
    return STATUS_OK;
}

/* ---- money ------------------------------------------------------------------------------------------------------ */

static bool add(struct u128 *sum, struct u128 more)
{
    return u128_add(*sum, more, sum);
}

/* Tokens for the contract's share of the gas that it burnt. */
static enum status reward_receiver(struct apply_state *s, const struct receipt *r, const struct action_result *result,
                                   struct u128 *burnt, struct error *e)
{
    const struct ratio share = s->parameters->runtime.burnt_gas_reward;
    const struct u128 price = feature_enabled(FEATURE_account_cost_increase, s->chunk->protocol_version)
                                  ? receipt_gas_burn_price(s, r) : r->action.gas_price;
    struct account account;
    struct u128 reward;
    uint64_t gas;
    bool found;
    if (!share.numerator) return STATUS_OK;
    if (!share.denominator || result->gas_burnt_for_function_call > UINT64_MAX / share.numerator)
        return integer_overflow(e, "the reward for burnt gas");
    gas = result->gas_burnt_for_function_call * share.numerator / share.denominator;
    if (!cost_gas_to_balance(gas, price, &reward)) return integer_overflow(e, "the reward for burnt gas");
    if (u128_equal(reward, u128_of(0))) return STATUS_OK;
    enum status status = state_get_account(s, &r->receiver_id, &found, &account, e);
    if (status != STATUS_OK || !found) return status;
    if (!u128_subtract(*burnt, reward, burnt) || !add(&account.amount, reward))
        return integer_overflow(e, "the reward for burnt gas");
    status = state_set_account(s, &r->receiver_id, &account, e);
    if (status == STATUS_OK) apply_commit(s);
    return status;
}

/* What the receipt burnt, in tokens. */
static enum status burnt_tokens(const struct apply_state *s, const struct receipt *r,
                                const struct action_result *result, const struct refund_result *refund,
                                struct u128 *out, struct error *e)
{
    const bool is_refund = account_id_is_system(&r->predecessor_id);
    struct u128 burnt;
    if (!cost_gas_to_balance(is_refund ? 0 : result->gas_burnt, receipt_gas_burn_price(s, r), &burnt) ||
        !u128_subtract(burnt, refund->price_deficit, &burnt))
        return integer_overflow(e, "the tokens that a receipt burnt");
    bool fits = add(&burnt, refund->refund_penalty) && add(&burnt, refund->create_account_charge) &&
                add(&burnt, result->tokens_burnt);
    if (!feature_enabled(FEATURE_account_cost_increase, s->chunk->protocol_version))
        fits = fits && add(&burnt, refund->price_surplus);
    *out = burnt;
    return fits ? STATUS_OK : integer_overflow(e, "the tokens that a receipt burnt");
}

/* Refunds; a receipt that is a refund makes none, and if it fails its deposit is gone. */
static enum status settle(struct action_context *c, bool created_account, struct action_result *result,
                          struct refund_result *refund, struct error *e)
{
    struct apply_state *s = c->state;
    struct u128 lost;
    *refund = (struct refund_result){0};
    if (!c->is_refund) return make_refunds(s, c->receipt, created_account, result, refund, e);
    if (!result->failed) return STATUS_OK;
    if (!cost_deposit(c->action_receipt->actions, c->action_count, &lost) || !add(&s->stats.other_burnt_amount, lost))
        return integer_overflow(e, "the tokens that a failed refund burnt");
    return STATUS_OK;
}

/* Commits or rolls back, books what was burnt, and rewards the receiver. *tokens: as the outcome tells. */
static enum status finish_state(struct apply_state *s, const struct receipt *r, const struct action_result *result,
                                const struct refund_result *refund, struct u128 *tokens, struct error *e)
{
    if (!add(&s->stats.gas_deficit_amount, refund->price_deficit)) return integer_overflow(e, "the gas deficit");
    if (result->failed) apply_rollback(s);
    else apply_commit(s);
    struct u128 burnt;
    enum status status = burnt_tokens(s, r, result, refund, &burnt, e);
    *tokens = burnt;
    if (status == STATUS_OK) status = reward_receiver(s, r, result, &burnt, e);
    if (status != STATUS_OK) return status;
    if (!add(&s->stats.tx_burnt_amount, burnt) || !add(&s->stats.subsidized_amount, result->subsidized_amount))
        return integer_overflow(e, "the tokens that a chunk burnt");
    return STATUS_OK;
}

static enum status keep_proposals(struct apply_state *s, const struct action_result *r, struct error *e)
{
    for (uint32_t i = 0; i < r->proposal_count; i++) {
        if (!array_grow(&s->proposals, s->proposal_count, &s->proposal_capacity, sizeof *s->proposals))
            return error_no_memory(e);
        s->proposals[s->proposal_count++] = r->proposals[i];
    }
    return STATUS_OK;
}

/* ---- output ----------------------------------------------------------------------------------------------------- */

/* Who waits for the result waits for the receipt that was returned instead. */
static enum status pass_receivers_on(struct apply_state *s, const struct action_receipt *from, struct receipt *to,
                                     struct error *e)
{
    struct action_receipt *a = &to->action;
    const uint32_t count = a->output_data_receiver_count, more = from->output_data_receiver_count;
    struct data_receiver *all = arena_array(s->arena, (size_t)count + more, sizeof *all);
    if (!all) return error_no_memory(e);
    if (count) memcpy(all, a->output_data_receivers, count * sizeof *all);
    memcpy(all + count, from->output_data_receivers, more * sizeof *all);
    a->output_data_receivers = all;
    a->output_data_receiver_count = count + more;
    return STATUS_OK;
}

static enum status send_results(struct apply_state *s, const struct receipt *r, struct action_result *result,
                                struct error *e)
{
    const struct action_receipt *a = &r->action;
    enum status status = STATUS_OK;
    if (!a->output_data_receiver_count) return status;
    if (!result->failed && result->return_kind == RETURN_RECEIPT) {
        if (result->return_receipt >= result->new_receipt_count)
            return inconsistent_state(e, "a call returned a receipt that it has not made");
        return pass_receivers_on(s, a, &result->new_receipts[result->return_receipt], e);
    }
    const bool has_value = !result->failed && result->return_kind == RETURN_VALUE;
    for (uint32_t i = 0; i < a->output_data_receiver_count && status == STATUS_OK; i++) {
        const struct data_receiver *to = &a->output_data_receivers[i];
        const struct receipt data = receipt_data(&r->receiver_id, &to->receiver_id, &to->data_id, !result->failed,
                                                 has_value ? result->return_value : (struct bytes){0});
        status = action_result_add_receipt(s, result, &data, e);
    }
    return status;
}

/* Gives the new receipts their ids and sends them off; those with actions are named in the outcome. */
static enum status dispatch_receipts(struct apply_state *s, const struct receipt *r, struct action_result *result,
                                     struct execution_outcome *o, struct error *e)
{
    struct crypto_hash *ids = arena_array(s->arena, result->new_receipt_count, sizeof *ids);
    enum status status = STATUS_OK;
    if (!ids) return error_no_memory(e);
    o->receipt_ids = ids;
    for (uint32_t i = 0; i < result->new_receipt_count && status == STATUS_OK; i++) {
        struct receipt *n = &result->new_receipts[i];
        n->receipt_id = receipt_id_of_receipt(&r->receipt_id, s->chunk->block_height, i);
        if (receipt_has_actions(n)) ids[o->receipt_id_count++] = n->receipt_id;
        status = dispatch_receipt(s, n, e);
    }
    return status;
}

static enum status fill_status(struct apply_state *s, const struct receipt *r, const struct action_result *result,
                               struct execution_outcome *o, struct error *e)
{
    o->status = EXECUTION_SUCCESS_VALUE;
    if (result->failed) {
        struct execution_error *error = arena_alloc(s->arena, sizeof *error);
        if (!error) return error_no_memory(e);
        *error = (struct execution_error){.kind = EXECUTION_ERROR_ACTION, .has_index = result->has_error_index,
                                          .index = result->error_index, .action = result->error};
        o->status = EXECUTION_FAILURE;
        o->error = error;
    } else if (result->return_kind == RETURN_VALUE) {
        o->value = result->return_value;
    } else if (result->return_kind == RETURN_RECEIPT) {
        o->status = EXECUTION_SUCCESS_RECEIPT_ID;
        o->receipt_id = receipt_id_of_receipt(&r->receipt_id, s->chunk->block_height, result->return_receipt);
    }
    return STATUS_OK;
}

static enum status fill_outcome(struct apply_state *s, const struct receipt *r, const struct action_result *result,
                                struct execution_outcome *o, struct error *e)
{
    struct gas_profile *profile = arena_alloc(s->arena, sizeof *profile);
    if (!profile) return error_no_memory(e);
    *profile = result->profile;
    o->id = r->receipt_id;
    o->executor_id = r->receiver_id;
    o->logs = result->logs;
    o->log_count = result->log_count;
    o->gas_burnt = result->gas_burnt;
    o->compute_usage = result->compute_usage;
    o->profile = profile;
    o->contracts = result->contracts;
    o->contract_count = result->contracts ? r->action.action_count : 0;
    return fill_status(s, r, result, o, e);
}

enum status add_outcome(struct apply_state *s, const struct execution_outcome *o, struct error *e)
{
    if (o->gas_burnt > UINT64_MAX - s->gas || o->compute_usage > UINT64_MAX - s->compute)
        return integer_overflow(e, "the gas of a chunk");
    if (!array_grow(&s->outcomes, s->outcome_count, &s->outcome_capacity, sizeof *s->outcomes))
        return error_no_memory(e);
    s->gas += o->gas_burnt;
    s->compute += o->compute_usage;
    s->outcomes[s->outcome_count++] = *o;
    const struct chunk_watch *w = s->chunk->watch;
    return w && w->outcome ? w->outcome(w->user, s->outcome_count - 1, o, e) : STATUS_OK;
}

/* ---- all of it -------------------------------------------------------------------------------------------------- */

static enum status begin(struct action_context *c, struct action_result *result, struct error *e)
{
    struct apply_state *s = c->state;
    const struct cost fee = action_exec_fee(s->parameters, ACTION_new_action_receipt);
    enum status status = take_data(s, c->receipt, c, e);
    if (status != STATUS_OK) return status;
    result->gas_burnt = result->gas_used = fee.gas;
    result->compute_usage = fee.compute;
    status = state_get_account(s, &c->receipt->receiver_id, &c->account_exists, &c->account, e);
    if (s->recorder && feature_enabled(FEATURE_enforce_storage_proof_limit, s->chunk->protocol_version))
        c->proof_size_before = s->recorder->upper_bound;
    return status;
}

/* What comes of the actions, up to the state being committed. */
static enum status run(struct action_context *c, struct action_result *result, struct u128 *tokens, struct error *e)
{
    struct refund_result refund;
    enum status status = begin(c, result, e);
    const bool existed = c->account_exists;
    if (status == STATUS_OK) status = apply_actions(c, result, e);
    if (status == STATUS_OK) status = store_account(c, result, e);
    if (status != STATUS_OK) return status;
    status = settle(c, !existed && c->account_exists && !result->failed, result, &refund, e);
    if (status == STATUS_OK) status = keep_proposals(c->state, result, e);
    return status == STATUS_OK ? finish_state(c->state, c->receipt, result, &refund, tokens, e) : status;
}

enum status apply_action_receipt(struct apply_state *s, const struct receipt *r, struct error *e)
{
    struct action_context *c = arena_alloc(s->arena, sizeof *c);
    struct action_result *result = arena_alloc(s->arena, sizeof *result);
    struct execution_outcome outcome = {0};
    if (!c || !result) return error_no_memory(e);
    *c = (struct action_context){.state = s, .receipt = r, .action_receipt = &r->action,
                                 .actor_id = r->predecessor_id, .action_count = r->action.action_count,
                                 .is_refund = account_id_is_system(&r->predecessor_id)};
    const struct chunk_watch *w = s->chunk->watch;
    enum status status = w && w->begin ? w->begin(w->user, s->outcome_count, &r->receipt_id, e) : STATUS_OK;
    if (status == STATUS_OK) status = run(c, result, &outcome.tokens_burnt, e);
    if (status == STATUS_OK) status = send_results(s, r, result, e);
    if (status == STATUS_OK) status = dispatch_receipts(s, r, result, &outcome, e);
    if (status == STATUS_OK) status = fill_outcome(s, r, result, &outcome, e);
    return status == STATUS_OK ? add_outcome(s, &outcome, e) : status;
}
