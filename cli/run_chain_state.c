#include "cli/run_chain.h"

/* What other accounts have, so that refunds find them: 100 NEAR. */
static struct u128 other_balance(void)
{
    struct u128 out = {0};
    u128_parse(bytes_of_string("100000000000000000000000000"), &out);
    return out;
}

static enum status add_account(struct run_chain *c, const struct account_id *id, struct error *e)
{
    bool found;
    struct account a;
    enum status status = state_file_get_account(&c->state, id, &found, &a, e);
    if (status != STATUS_OK || found) return status;
    a = (struct account){.form = ACCOUNT_V1, .amount = other_balance()};
    a.storage_usage = storage_of_account(&a);
    return state_file_set_account(&c->state, id, &a, e);
}

static enum status add_contract(struct run_chain *c, struct error *e)
{
    const struct call_context *context = &c->run->call.context;
    const struct account_id *id = &context->current_account;
    struct account a = {.form = ACCOUNT_V1, .amount = context->account_balance,
                        .locked = context->account_locked_balance};
    a.storage_usage = storage_of_account(&a) + c->run->call.code.size;
    c->code_hash = crypto_hash_of(c->run->call.code);
    account_set_local_code(&a, &c->code_hash);
    struct trie_key code = trie_key_of_account(TRIE_KEY_CONTRACT_CODE, id);
    enum status status = state_file_set(&c->state, &code, c->run->call.code, e);
    for (size_t i = 0; i < c->run->state_count && status == STATUS_OK; i++) {
        const struct state_entry *s = &c->run->state[i];
        struct trie_key key = trie_key_of_data(id, s->key);
        bool twice;
        struct bytes old;
        status = state_file_get(&c->state, &key, &twice, &old, e);
        if (status == STATUS_OK && twice) a.storage_usage -= storage_of_data(s->key, old);
        if (status == STATUS_OK) status = state_file_set(&c->state, &key, s->value, e);
        a.storage_usage += storage_of_data(s->key, s->value);
    }
    if (status == STATUS_OK) status = state_file_set_account(&c->state, id, &a, e);
    return status;
}

enum status chain_make_state(struct run_chain *c, struct error *e)
{
    const struct call_context *context = &c->run->call.context;
    state_file_begin(&c->state, "(in memory)");
    enum status status = add_contract(c, e);
    if (status == STATUS_OK) status = add_account(c, &context->signer_account, e);
    if (status == STATUS_OK) status = add_account(c, &context->predecessor_account, e);
    if (status == STATUS_OK) status = add_account(c, &context->refund_to_account, e);
    for (size_t i = 0; i < context->output_data_receiver_count && status == STATUS_OK; i++)
        status = add_account(c, &context->output_data_receivers[i], e);
    if (status == STATUS_OK) status = state_file_flush(&c->state, e);
    return status;
}
