/* FunctionCall: a contract is run, and what it did becomes part of its receipt's result. Source: nearcore,
 * runtime/runtime/src/function_call.rs, contract_code.rs. */
#include "runtime/action_result.h"
#include "runtime/contract_cache.h"
#include "runtime/eth_wallet.h"
#include "runtime/external.h"

/* ---- which contract --------------------------------------------------------------------------------------------- */

/* *has: the account has a contract, and *hash is that of its code. */
static enum status find_code_hash(const struct action_context *c, bool *has, struct crypto_hash *hash, struct error *e)
{
    struct global_contract_id id;
    *has = c->account.code != ACCOUNT_CODE_NONE;
    *hash = c->account.code_hash;
    if (c->account.code == ACCOUNT_CODE_LOCAL && account_id_kind(&c->receipt->receiver_id) == ACCOUNT_ETH_IMPLICIT &&
        eth_wallet_is_legacy(hash))
        *hash = eth_wallet_code_hash(c->state->chunk->chain_id);
    if (c->account.code != ACCOUNT_CODE_GLOBAL_BY_ACCOUNT || !account_global_contract(&c->account, &id))
        return STATUS_OK;
    const struct trie_key key = trie_key_of_contract(TRIE_KEY_GLOBAL_CONTRACT_CODE, &id);
    char text[ACCOUNT_ID_TEXT_SIZE];
    bool found;
    enum status status = state_value_hash(c->state, &key, &found, hash, e);
    if (status == STATUS_OK && !found)
        return inconsistent_state(e, "there is no global contract of %s", account_id_text(&id.account_id, text));
    return status;
}

/* *out is null if there is no such code. In a partial state that is an error: the code must come from the cache. */
static enum status find_contract(struct apply_state *s, const struct crypto_hash *hash, const struct contract **out,
                                 struct error *e)
{
    char text[CRYPTO_HASH_TEXT_SIZE];
    struct bytes code;
    *out = contract_cache_get(s->contracts, s->parameters, hash);
    if (*out) return STATUS_OK;
    if (state_code(s, hash, &code)) return contract_cache_prepare(s->contracts, s->parameters, hash, code, out, e);
    if (!s->update.trie.store->partial) return STATUS_OK;
    return error_set(e, STATUS_INVALID, TRIE_MISSING_VALUE, ERROR_NO_OFFSET, "the code of contract %s is missing",
                     crypto_hash_text(hash, text));
}

/* ---- what the contract is told ---------------------------------------------------------------------------------- */

static void describe_contract(const struct account *a, struct call_context *out)
{
    static const enum account_contract_kind kinds[] = {
        [ACCOUNT_CODE_NONE] = CONTRACT_NONE,
        [ACCOUNT_CODE_LOCAL] = CONTRACT_LOCAL,
        [ACCOUNT_CODE_GLOBAL] = CONTRACT_GLOBAL_HASH,
        [ACCOUNT_CODE_GLOBAL_BY_ACCOUNT] = CONTRACT_GLOBAL_ACCOUNT,
    };
    out->contract_kind = kinds[a->code];
    memcpy(out->contract_hash, a->code_hash.bytes, sizeof out->contract_hash);
    out->contract_account = a->code_account;
}

/* Who gets the result: known only to the last action. */
static enum status list_receivers(const struct action_context *c, struct call_context *out, struct error *e)
{
    const struct action_receipt *r = c->action_receipt;
    if (c->action_index + 1 != c->action_count) return STATUS_OK;
    struct account_id *ids = arena_array(c->state->arena, r->output_data_receiver_count, sizeof *ids);
    if (!ids) return error_no_memory(e);
    for (uint32_t i = 0; i < r->output_data_receiver_count; i++) ids[i] = r->output_data_receivers[i].receiver_id;
    out->output_data_receivers = ids;
    out->output_data_receiver_count = r->output_data_receiver_count;
    return STATUS_OK;
}

/* What the context refers to: to be kept while the contract runs. */
struct context_memory {
    struct buffer public_key;
    struct crypto_hash random_seed;
};

static enum status fill_context(const struct action_context *c, const struct action *a, struct context_memory *memory,
                                struct call_context *out, struct error *e)
{
    const struct chunk *chunk = c->state->chunk;
    public_key_write(c->action_receipt->signer_public_key, &memory->public_key);
    if (memory->public_key.failed) return error_no_memory(e);
    memory->random_seed = random_seed_of(&c->action_hash, &chunk->random_seed);
    *out = (struct call_context){
        .current_account = c->receipt->receiver_id,
        .signer_account = c->action_receipt->signer_id,
        .predecessor_account = c->receipt->predecessor_id,
        .refund_to_account = *receipt_balance_refund_receiver(c->receipt),
        .signer_public_key = bytes_of(memory->public_key.data, memory->public_key.size),
        .input = a->function_call.arguments,
        .promise_results = c->promise_results,
        .promise_result_count = c->promise_result_count,
        .block_height = chunk->block_height,
        .block_timestamp = chunk->block_timestamp,
        .epoch_height = chunk->epoch_height,
        .account_balance = c->account.amount,
        .account_locked_balance = c->account.locked,
        .attached_deposit = a->function_call.deposit,
        .storage_usage = c->account.storage_usage,
        .prepaid_gas = a->function_call.gas,
        .random_seed = crypto_hash_bytes(&memory->random_seed),
    };
    describe_contract(&c->account, out);
    return list_receivers(c, out, e);
}

/* ---- what came of it -------------------------------------------------------------------------------------------- */

/* The error in the runtime's form. */
static enum status fail(struct action_context *c, const char *kind, struct bytes message, struct action_result *r,
                        struct error *e)
{
    uint8_t *copy = arena_alloc(c->state->arena, message.size);
    struct function_call_error error;
    if (!copy) return error_no_memory(e);
    if (message.size) memcpy(copy, message.data, message.size);
    enum status status = function_call_error_of(kind, bytes_of(copy, message.size), &c->receipt->receiver_id,
                                                c->state->arena, &error, e);
    if (status == STATUS_OK) action_fail(r, action_error_FunctionCallError)->FunctionCallError = error;
    return status;
}

static bool add(uint64_t *sum, uint64_t more)
{
    if (more > UINT64_MAX - *sum) return false;
    *sum += more;
    return true;
}

static enum status book_gas(const struct call_outcome *o, uint64_t distributed, struct action_result *r,
                            struct error *e)
{
    if (!add(&r->gas_burnt, o->burnt_gas) || !add(&r->gas_burnt_for_function_call, o->burnt_gas) ||
        !add(&r->gas_used, o->used_gas) || !add(&r->gas_used, distributed) || !add(&r->compute_usage, o->compute_usage))
        return integer_overflow(e, "the gas of a function call");
    gas_profile_add(&r->profile, &o->profile);
    return STATUS_OK;
}

static struct receipt finished_receipt(const struct action_context *c, const struct call_receipt *made)
{
    return (struct receipt){
        .predecessor_id = c->receipt->receiver_id,
        .receiver_id = made->receiver,
        .kind = made->is_yield ? RECEIPT_promise_yield_v2 : RECEIPT_action_v2,
        .action = {
            .signer_id = c->action_receipt->signer_id,
            .has_refund_to = made->has_refund_to,
            .refund_to = made->refund_to,
            .signer_public_key = c->action_receipt->signer_public_key,
            .gas_price = c->action_receipt->gas_price,
            .output_data_receivers = made->outputs,
            .output_data_receiver_count = made->output_count,
            .input_data_ids = made->inputs,
            .input_data_id_count = made->input_count,
            .actions = made->actions,
            .action_count = made->action_count,
        },
    };
}

/* The receipts that the contract made: those of actions and yields, then the resumes. */
static enum status keep_receipts(const struct action_context *c, const struct call_receipts *made,
                                 struct action_result *r, struct error *e)
{
    const struct account_id *self = &c->receipt->receiver_id;
    struct apply_state *s = c->state;
    struct queue_indices queue;
    enum status status = state_get_queue(s, TRIE_KEY_YIELD_INDICES, &queue, e);
    const uint64_t next = queue.next;
    for (uint32_t i = 0; i < made->receipt_count && status == STATUS_OK; i++) {
        const struct call_receipt *m = &made->receipts[i];
        const struct receipt receipt = finished_receipt(c, m);
        if (m->is_yield) status = yield_enqueue_timeout(s, self, &m->inputs[0], &queue, e);
        if (status == STATUS_OK) status = action_result_add_receipt(s, r, &receipt, e);
    }
    for (uint32_t i = 0; i < made->resume_count && status == STATUS_OK; i++) {
        struct receipt resume = receipt_data(self, self, &made->resumes[i].data_id, true, made->resumes[i].data);
        resume.kind = RECEIPT_promise_resume;
        status = action_result_add_receipt(s, r, &resume, e);
    }
    if (status == STATUS_OK && queue.next != next) status = state_set_queue(s, TRIE_KEY_YIELD_INDICES, &queue, e);
    return status;
}

static enum status keep_success(struct action_context *c, const struct call_outcome *o,
                                const struct call_receipts *made, struct action_result *r, struct error *e)
{
    enum status status = keep_receipts(c, made, r, e);
    if (status != STATUS_OK) return status;
    c->account.amount = o->balance;
    c->account.storage_usage = o->storage_usage;
    r->subsidized_amount = o->subsidized_amount;
    r->return_kind = o->return_kind;
    r->return_receipt = o->return_receipt;
    uint8_t *copy = arena_alloc(c->state->arena, o->return_value.size);
    if (!copy) return error_no_memory(e);
    if (o->return_value.size) memcpy(copy, o->return_value.data, o->return_value.size);
    r->return_value = bytes_of(copy, o->return_value.size);
    return STATUS_OK;
}

static enum status keep_outcome(struct action_context *c, const struct action *a, const struct call_outcome *o,
                                struct call_receipts *made, struct action_result *r, struct error *e)
{
    const uint64_t gas = a->function_call.gas;
    uint64_t distributed;
    enum status status = call_receipts_distribute_gas(made, gas > o->used_gas ? gas - o->used_gas : 0, &distributed, e);
    if (status == STATUS_OK) status = book_gas(o, distributed, r, e);
    for (size_t i = 0; i < o->log_count && status == STATUS_OK; i++)
        status = action_result_add_log(c->state, r, o->logs[i], e);
    if (status != STATUS_OK) return status;
    if (o->error_kind) return fail(c, o->error_kind, o->error_message, r, e);
    return keep_success(c, o, made, r, e);
}

/* Before version 87 a contract that the engine cannot hold had no outcome of its own: the runtime made one, in which
 * nothing was burnt. */
static bool cannot_load(const struct action_context *c, enum status status, const struct error *why)
{
    static const char message[] = "Loading error:";
    return status == STATUS_LIMIT && !c->state->parameters->flags.fix_contract_loading_error &&
           strncmp(why->message, message, sizeof message - 1) == 0;
}

/* ---- the call --------------------------------------------------------------------------------------------------- */

static enum status run(struct action_context *c, const struct action *a, const struct contract *contract,
                       struct action_result *r, struct error *e)
{
    struct context_memory memory = {0};
    struct runtime_external x;
    struct call_context context;
    struct call_outcome outcome = {0};
    struct error why = {0};
    runtime_external_init(&x, c);
    enum status status = fill_context(c, a, &memory, &context, &why);
    const struct call_hook *hook = c->state->chunk->calls;
    const struct bytes method = a->function_call.method_name;
    if (status == STATUS_OK && hook)
        status = hook->call(hook->user, contract, method, &context, &x.external, &outcome, &why);
    else if (status == STATUS_OK)
        status = contract_call(contract, method, &context, &x.external, NULL, &outcome, &why);
    if (status == STATUS_IO) status = why.status; /* the external's own */
    if (x.no_memory) status = error_no_memory(&why);
    if (status == STATUS_OK) status = keep_outcome(c, a, &outcome, &x.receipts, r, &why);
    else if (cannot_load(c, status, &why)) status = fail(c, "LoadingError", bytes_of_string(why.message), r, &why);
    call_outcome_free(&outcome);
    runtime_external_free(&x);
    buffer_free(&memory.public_key);
    if (status != STATUS_OK && e) *e = why;
    return status;
}

enum status action_function_call(struct action_context *c, const struct action *a, struct action_result *r,
                                 struct error *e)
{
    const struct contract *contract = NULL;
    struct crypto_hash hash;
    struct u128 sum;
    bool has_code;
    if (!u128_add(c->account.amount, a->function_call.deposit, &sum))
        return inconsistent_state(e, "the deposit of a function call exceeds what a balance can be");
    enum status status = find_code_hash(c, &has_code, &hash, e);
    if (status == STATUS_OK && has_code) status = find_contract(c->state, &hash, &contract, e);
    if (status != STATUS_OK) return status;
    if (contract) return run(c, a, contract, r, e);
    return fail(c, "CompilationError.CodeDoesNotExist", (struct bytes){0}, r, e);
}
