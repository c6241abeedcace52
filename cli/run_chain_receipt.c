#include "cli/run_chain.h"

#include "near/ids.h"

/* Ids of things that no block before has made: all different, and the same in every run. */
static struct crypto_hash made_up_id(const struct run_chain *c, const char *what, uint64_t number)
{
    struct crypto_hash base = crypto_hash_of(bytes_of_string(what));
    return id_of(&base, c->run->call.context.block_height, number);
}

static enum status check(const struct run_chain *c, struct error *e)
{
    const struct call_context *x = &c->run->call.context;
    const char *what = NULL;
    if (x->is_view) what = "a view is no part of the chain";
    else if (c->run->call.max_gas_burnt != UINT64_MAX) what = "max_gas_burnt is the protocol's there";
    else if (account_id_is_system(&x->predecessor_account) || account_id_is_system(&x->signer_account))
        what = "system sends refunds alone, and signs nothing else";
    else if (x->block_timestamp > UINT64_MAX - CHAIN_BLOCKS_MAX * (uint64_t)CHAIN_BLOCK_TIME ||
             x->block_height > UINT64_MAX - CHAIN_BLOCKS_MAX)
        what = "heights and times of later blocks would leave 64 bits";
    else if (x->random_seed.size != CRYPTO_HASH_SIZE) what = "the random seed of a block has 32 bytes";
    for (size_t i = 0; i < x->promise_result_count && !what; i++)
        if (x->promise_results[i].kind == PROMISE_NOT_READY) what = "a callback runs when all results are there";
    return what ? error_set(e, STATUS_USAGE, 0, ERROR_NO_OFFSET, "%s", what) : STATUS_OK;
}

/* The receipts of data that the call waits for come before it. */
static enum status add_inputs(struct run_chain *c, struct action_receipt *call, struct error *e)
{
    const struct call_context *x = &c->run->call.context;
    struct crypto_hash *ids = arena_array(&c->arena, x->promise_result_count, sizeof *ids);
    if (!ids) return error_no_memory(e);
    for (size_t i = 0; i < x->promise_result_count; i++) {
        const struct promise_result *p = &x->promise_results[i];
        ids[i] = made_up_id(c, "input", i);
        c->incoming[i] = receipt_data(&x->predecessor_account, &x->current_account, &ids[i],
                                      p->kind == PROMISE_SUCCESSFUL, p->data);
        c->incoming[i].receipt_id = made_up_id(c, "data receipt", i);
    }
    call->input_data_ids = ids;
    call->input_data_id_count = (uint32_t)x->promise_result_count;
    return STATUS_OK;
}

static enum status add_receivers(struct run_chain *c, struct action_receipt *call, struct error *e)
{
    const struct call_context *x = &c->run->call.context;
    struct data_receiver *receivers = arena_array(&c->arena, x->output_data_receiver_count, sizeof *receivers);
    if (!receivers) return error_no_memory(e);
    for (size_t i = 0; i < x->output_data_receiver_count; i++)
        receivers[i] = (struct data_receiver){made_up_id(c, "output", i), x->output_data_receivers[i]};
    call->output_data_receivers = receivers;
    call->output_data_receiver_count = (uint32_t)x->output_data_receiver_count;
    return STATUS_OK;
}

static enum status add_action(struct run_chain *c, struct action_receipt *call, struct error *e)
{
    const struct call_context *x = &c->run->call.context;
    struct action *action = arena_alloc(&c->arena, sizeof *action);
    if (!action) return error_no_memory(e);
    action->kind = ACTION_KIND_function_call;
    action->function_call.method_name = c->run->call.method;
    action->function_call.arguments = x->input;
    action->function_call.gas = x->prepaid_gas;
    action->function_call.deposit = x->attached_deposit;
    call->actions = action;
    call->action_count = 1;
    return STATUS_OK;
}

enum status chain_make_receipts(struct run_chain *c, struct error *e)
{
    const struct call_context *x = &c->run->call.context;
    enum status status = check(c, e);
    if (status != STATUS_OK) return status;
    status = public_key_from_borsh(x->signer_public_key, &c->signer_key, e);
    if (status != STATUS_OK) return status;
    c->incoming_count = (uint32_t)x->promise_result_count + 1;
    c->incoming = arena_array(&c->arena, c->incoming_count, sizeof *c->incoming);
    if (!c->incoming) return error_no_memory(e);
    struct receipt *r = &c->incoming[c->incoming_count - 1];
    *r = (struct receipt){
        .predecessor_id = x->predecessor_account,
        .receiver_id = x->current_account,
        .receipt_id = made_up_id(c, "call", 0),
        .kind = RECEIPT_action_v2,
    };
    r->action = (struct action_receipt){
        .signer_id = x->signer_account,
        .signer_public_key = &c->signer_key,
        .gas_price = u128_of(CHAIN_GAS_PRICE),
        .has_refund_to = !account_id_equal(&x->refund_to_account, &x->predecessor_account),
        .refund_to = x->refund_to_account,
    };
    status = add_action(c, &r->action, e);
    if (status == STATUS_OK) status = add_inputs(c, &r->action, e);
    if (status == STATUS_OK) status = add_receivers(c, &r->action, e);
    return status;
}
