#include "runtime/gas_key.h"

#include "runtime/cost.h"

struct u128 gas_key_max_balance_to_burn(void)
{
    struct u128 near = {0, 0};
    u128_multiply(u128_of(1000000000000), u128_of(1000000000000), &near);
    return near;
}

enum status gas_key_set_nonces(struct apply_state *s, const struct account_id *id, const struct public_key *key,
                               uint16_t count, uint64_t nonce, struct error *e)
{
    enum status status = STATUS_OK;
    for (uint32_t i = 0; i < count && status == STATUS_OK; i++) {
        const struct trie_key k = trie_key_of_gas_key_nonce(id, key, (uint16_t)i);
        status = state_set_u64(s, &k, nonce, e);
    }
    return status;
}

enum status gas_key_remove_nonces(struct apply_state *s, const struct account_id *id, const struct public_key *key,
                                  uint16_t count, struct error *e)
{
    enum status status = STATUS_OK;
    for (uint32_t i = 0; i < count && status == STATUS_OK; i++) {
        const struct trie_key k = trie_key_of_gas_key_nonce(id, key, (uint16_t)i);
        status = state_remove(s, &k, e);
    }
    return status;
}

/* Adds the balance of one access key, given as its record in the state. */
static enum status add_balance(struct bytes record, struct u128 *total, struct error *e)
{
    struct arena arena = {0};
    struct access_key key;
    enum status status = access_key_from_borsh(record, &arena, &key, e);
    if (status == STATUS_MALFORMED) status = inconsistent_state(e, "an access key that is none");
    if (status == STATUS_OK && access_key_is_gas_key(&key) && !u128_add(*total, key.gas_key_balance, total))
        status = integer_overflow(e, "balance of gas keys");
    arena_free(&arena);
    return status;
}

static enum status sum_with_prefix(struct apply_state *s, struct bytes prefix, struct u128 *out, struct error *e)
{
    struct trie_update_iterator it;
    struct bytes bytes, value;
    bool found = true;
    enum status status = trie_update_iterator_init(&it, &s->update, prefix, e);
    while (status == STATUS_OK) {
        struct trie_key key;
        status = trie_update_iterator_next(&it, &found, &bytes, &value, e);
        if (status != STATUS_OK || !found) break;
        status = state_charge_step(s, 0, e);
        if (status == STATUS_OK) status = trie_key_parse(bytes, &key, e);
        if (status == STATUS_MALFORMED) status = inconsistent_state(e, "a key of an access key that is none");
        if (status == STATUS_OK && key.kind == TRIE_KEY_ACCESS_KEY) status = add_balance(value, out, e);
    }
    trie_update_iterator_free(&it);
    return status;
}

enum status gas_key_balance_sum(struct apply_state *s, const struct account_id *id, struct u128 *out, struct error *e)
{
    struct buffer prefix = {0};
    *out = u128_of(0);
    trie_key_write_access_key_prefix(id, &prefix);
    enum status status = prefix.failed ? error_no_memory(e)
                                       : sum_with_prefix(s, bytes_of(prefix.data, prefix.size), out, e);
    buffer_free(&prefix);
    return status;
}

enum status gas_key_charge_removal(const struct protocol_parameters *p, uint64_t nonces, uint64_t key_bytes,
                                   struct action_result *r, struct error *e)
{
    uint64_t compute;
    enum status status = cost_storage_removes(p, nonces, key_bytes, nonces * NONCE_SIZE, &compute, e);
    if (status != STATUS_OK || compute > UINT64_MAX - r->compute_usage)
        return integer_overflow(e, "compute of removing nonces");
    r->compute_usage += compute;
    return STATUS_OK;
}
