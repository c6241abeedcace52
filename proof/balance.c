#include "proof/balance.h"

enum status balance_add(struct u128 *sum, struct u128 amount, struct error *e)
{
    if (u128_add(*sum, amount, sum)) return STATUS_OK;
    return error_set(e, STATUS_LIMIT, 0, ERROR_NO_OFFSET, "a sum of tokens exceeds 128 bits");
}

enum status balance_add_receipt(const struct protocol_parameters *p, const struct receipt *r, struct u128 *sum,
                                struct error *e)
{
    struct u128 tokens;
    enum status status = tokens_of_receipt(p, r, &tokens, e);
    return status == STATUS_OK ? balance_add(sum, tokens, e) : status;
}

enum status balance_add_rewards(const struct validator_accounts_update *u, struct u128 *sum, struct error *e)
{
    enum status status = STATUS_OK;
    for (uint32_t i = 0; u && i < u->reward_count && status == STATUS_OK; i++)
        status = balance_add(sum, u->rewards[i].amount, e);
    return status;
}

enum status balance_add_value(const struct protocol_parameters *p, struct bytes key, struct bytes value,
                              struct u128 *sum, struct error *e)
{
    struct u128 tokens;
    enum status status = tokens_of_value(p, key, value, &tokens, e);
    return status == STATUS_OK ? balance_add(sum, tokens, e) : status;
}

static enum status add_change(const struct protocol_parameters *p, const struct trie *state,
                              const struct trie_change *c, struct balance *b, struct error *e)
{
    struct bytes value;
    bool found;
    if (!tokens_may_be_under(c->key)) return STATUS_OK;
    enum status status = trie_get(state, c->key, NULL, &found, &value, e);
    if (status == STATUS_INVALID && e->code == TRIE_MISSING_VALUE && c->remove && tokens_may_be_unread(c->key))
        return STATUS_OK;
    if (status == STATUS_OK && found) status = balance_add_value(p, c->key, value, &b->before, e);
    if (status == STATUS_OK && !c->remove) status = balance_add_value(p, c->key, c->value, &b->after, e);
    return status;
}

static enum status add_burnt(const struct chunk_stats *s, struct u128 *sum, struct error *e)
{
    enum status status = balance_add(sum, s->tx_burnt_amount, e);
    if (status == STATUS_OK) status = balance_add(sum, s->slashed_burnt_amount, e);
    return status == STATUS_OK ? balance_add(sum, s->other_burnt_amount, e) : status;
}

enum status balance_of_chunk(const struct chunk *c, const struct trie *state, const struct chunk_result *r,
                             struct balance *out, struct error *e)
{
    struct trie plain = *state;
    plain.recorder = NULL; /* what is read here was not read by the execution */
    *out = (struct balance){u128_of(0), u128_of(0)};
    enum status status = balance_add_rewards(c->validator_update, &out->before, e);
    const uint32_t incoming = c->is_new_chunk ? c->incoming_count : 0; /* otherwise they wait for the next one */
    for (uint32_t i = 0; i < incoming && status == STATUS_OK; i++)
        status = balance_add_receipt(c->parameters, &c->incoming[i], &out->before, e);
    for (size_t i = 0; i < r->change_count && status == STATUS_OK; i++)
        status = add_change(c->parameters, &plain, &r->changes[i], out, e);
    for (uint32_t i = 0; i < r->outgoing_count && status == STATUS_OK; i++)
        status = balance_add_receipt(c->parameters, r->outgoing[i], &out->after, e);
    return status == STATUS_OK ? add_burnt(&r->stats, &out->after, e) : status;
}
