#include "runtime/account_storage.h"

uint64_t access_key_storage(const struct protocol_parameters *p, size_t key_size, const struct access_key *key)
{
    uint64_t extra = p->runtime.num_extra_bytes_record, total = key_size + access_key_size(key) + extra;
    if (access_key_is_gas_key(key)) total += key->num_nonces * (key_size + NONCE_INDEX_SIZE + NONCE_SIZE + extra);
    return total;
}

enum status account_storage_add(struct account *a, uint64_t bytes, struct error *e)
{
    if (bytes > UINT64_MAX - a->storage_usage) return integer_overflow(e, "storage usage of an account");
    a->storage_usage += bytes;
    return STATUS_OK;
}

void account_storage_subtract(struct account *a, uint64_t bytes)
{
    a->storage_usage = bytes < a->storage_usage ? a->storage_usage - bytes : 0;
}

enum status local_code_storage(struct apply_state *s, const struct account_id *id, uint64_t *bytes, struct error *e)
{
    const struct trie_key key = trie_key_of_account(TRIE_KEY_CONTRACT_CODE, id);
    bool found;
    uint32_t length;
    enum status status = state_value_length(s, &key, &found, &length, e);
    if (status == STATUS_OK) *bytes = found ? length : 0;
    return status;
}

enum status contract_storage(struct apply_state *s, const struct account_id *id, const struct account *a,
                             uint64_t *bytes, struct error *e)
{
    struct global_contract_id global;
    *bytes = 0;
    if (a->code == ACCOUNT_CODE_LOCAL) return local_code_storage(s, id, bytes, e);
    if (account_global_contract(a, &global)) *bytes = global_contract_id_size(&global);
    return STATUS_OK;
}

uint64_t initial_nonce(uint64_t block_height)
{
    return block_height ? (block_height - 1) * ACCESS_KEY_NONCE_RANGE_MULTIPLIER : 0;
}
