/* Source: nearcore, core/store/src/utils. */
#include "base/array.h"
#include "runtime/internal.h"

/* ---- bytes ------------------------------------------------------------------------------------------------------ */

/* The key's bytes, in a buffer that the caller frees. */
static enum status key_bytes(const struct trie_key *key, struct buffer *out, struct error *e)
{
    trie_key_write(key, out);
    if (!out->failed) return STATUS_OK;
    buffer_free(out);
    return error_no_memory(e);
}

static enum status find(struct apply_state *s, const struct trie_key *key, struct trie_found *out, struct error *e)
{
    struct buffer k = {0};
    enum status status = key_bytes(key, &k, e);
    if (status != STATUS_OK) return status;
    status = trie_update_find(&s->update, bytes_of(k.data, k.size), NULL, out, e);
    buffer_free(&k);
    return status;
}

static enum status copy_to_arena(struct apply_state *s, struct bytes value, struct bytes *out, struct error *e)
{
    uint8_t *copy = arena_alloc(s->arena, value.size);
    if (!copy) return error_no_memory(e);
    if (value.size) memcpy(copy, value.data, value.size);
    *out = bytes_of(copy, value.size);
    return STATUS_OK;
}

enum status state_get(struct apply_state *s, const struct trie_key *key, bool *found, struct bytes *value,
                      struct error *e)
{
    struct buffer k = {0};
    struct bytes view;
    enum status status = key_bytes(key, &k, e);
    *found = false;
    if (status != STATUS_OK) return status;
    status = trie_update_get(&s->update, bytes_of(k.data, k.size), NULL, found, &view, e);
    buffer_free(&k);
    if (status == STATUS_OK && *found) status = copy_to_arena(s, view, value, e);
    if (status != STATUS_OK) *found = false;
    return status;
}

enum status state_has(struct apply_state *s, const struct trie_key *key, bool *found, struct error *e)
{
    struct trie_found f = {0};
    enum status status = find(s, key, &f, e);
    *found = status == STATUS_OK && f.found;
    return status;
}

enum status state_value_hash(struct apply_state *s, const struct trie_key *key, bool *found, struct crypto_hash *out,
                             struct error *e)
{
    struct trie_found f = {0};
    enum status status = find(s, key, &f, e);
    *found = status == STATUS_OK && f.found;
    if (!*found) return status;
    if (f.pending) *out = crypto_hash_of(f.value);
    else memcpy(out->bytes, f.in_trie.hash.bytes, sizeof out->bytes);
    return STATUS_OK;
}

enum status state_value_length(struct apply_state *s, const struct trie_key *key, bool *found, uint32_t *out,
                               struct error *e)
{
    struct trie_found f = {0};
    enum status status = find(s, key, &f, e);
    *found = status == STATUS_OK && f.found;
    *out = f.length;
    return status;
}

enum status state_charge(struct apply_state *s, size_t bytes, struct error *e)
{
    struct arena_budget *budget = s->chunk->budget;
    if (!budget) return STATUS_OK;
    if (bytes > budget->left) {
        budget->exceeded = true;
        return error_no_memory(e);
    }
    budget->left -= bytes;
    return STATUS_OK;
}

enum { STEP_BYTES = 256 }; /* an entry of the changes and its key, or the time that it takes to read one */

enum status state_charge_step(struct apply_state *s, size_t bytes, struct error *e)
{
    return state_charge(s, STEP_BYTES + bytes, e);
}

enum status state_set(struct apply_state *s, const struct trie_key *key, struct bytes value, struct error *e)
{
    struct buffer k = {0};
    enum status status = key_bytes(key, &k, e);
    if (status != STATUS_OK) return status;
    status = state_charge(s, value.size, e);
    if (status == STATUS_OK) status = trie_update_set(&s->update, bytes_of(k.data, k.size), value, e);
    buffer_free(&k);
    return status;
}

enum { REMOVAL_PROOF_BYTES = 2000 }; /* that the removal of contract data may add to the proof, at the most */

enum status state_remove(struct apply_state *s, const struct trie_key *key, struct error *e)
{
    struct buffer k = {0};
    enum status status = key_bytes(key, &k, e);
    if (status != STATUS_OK) return status;
    if (key->kind == TRIE_KEY_CONTRACT_DATA && s->recorder) trie_recorder_expect(s->recorder, REMOVAL_PROOF_BYTES);
    status = trie_update_remove(&s->update, bytes_of(k.data, k.size), e);
    buffer_free(&k);
    return status;
}

/* Sets what was written into a buffer, and frees that. */
static enum status set_written(struct apply_state *s, const struct trie_key *key, struct buffer *value, struct error *e)
{
    enum status status = value->failed ? error_no_memory(e)
                                       : state_set(s, key, bytes_of(value->data, value->size), e);
    buffer_free(value);
    return status;
}

/* A value that cannot be read is a state that no node could have written: says where it is. */
static enum status unreadable(const struct trie_key *key, enum status status, struct error *e)
{
    if (status != STATUS_MALFORMED) return status;
    struct buffer text = {0};
    const struct error why = e ? *e : (struct error){0};
    trie_key_print(key, &text);
    buffer_append_byte(&text, 0);
    if (text.failed) status = error_no_memory(e);
    else status = inconsistent_state(e, "%.90s: %.120s", (const char *)text.data, why.message);
    buffer_free(&text);
    return status;
}

/* ---- accounts --------------------------------------------------------------------------------------------------- */

enum status state_get_account(struct apply_state *s, const struct account_id *id, bool *found, struct account *out,
                              struct error *e)
{
    const struct trie_key key = trie_key_of_account(TRIE_KEY_ACCOUNT, id);
    struct bytes value;
    enum status status = state_get(s, &key, found, &value, e);
    if (status == STATUS_OK && *found) status = unreadable(&key, account_from_borsh(value, out, e), e);
    return status;
}

enum status state_set_account(struct apply_state *s, const struct account_id *id, const struct account *a,
                              struct error *e)
{
    const struct trie_key key = trie_key_of_account(TRIE_KEY_ACCOUNT, id);
    struct buffer value = {0};
    account_write(a, &value);
    return set_written(s, &key, &value, e);
}

/* All keys with a prefix, each with its length in front: they are collected before any is removed, as production does
 * it, so that all of them are read. */
static enum status collect_keys(struct apply_state *s, struct bytes prefix, struct buffer *out, struct error *e)
{
    struct trie_update_iterator it;
    struct bytes key, value;
    bool found = true;
    enum status status = trie_update_iterator_init(&it, &s->update, prefix, e);
    while (status == STATUS_OK && found) {
        status = trie_update_iterator_next(&it, &found, &key, &value, e);
        if (status != STATUS_OK || !found) break;
        status = state_charge_step(s, 2 * key.size, e); /* here, and among the changes */
        borsh_write_bytes(out, key);
    }
    trie_update_iterator_free(&it);
    if (status == STATUS_OK && out->failed) status = error_no_memory(e);
    return status;
}

/* Removes all keys with the prefix, which is freed; the nonces of gas keys are counted. */
static enum status remove_keys(struct apply_state *s, struct buffer *prefix, struct removed_account *removed,
                               struct error *e)
{
    struct buffer keys = {0};
    enum status status = prefix->failed ? error_no_memory(e)
                                        : collect_keys(s, bytes_of(prefix->data, prefix->size), &keys, e);
    struct borsh_reader r = borsh_reader_of(bytes_of(keys.data, keys.size));
    while (status == STATUS_OK && r.p < r.end) {
        struct bytes bytes = borsh_read_bytes(&r);
        struct trie_key key;
        status = trie_key_parse(bytes, &key, e);
        if (status == STATUS_MALFORMED) status = inconsistent_state(e, "a key of an account's that is none");
        if (status != STATUS_OK) break;
        if (key.kind == TRIE_KEY_GAS_KEY_NONCE) {
            removed->gas_key_nonces++;
            removed->gas_key_nonce_key_bytes += bytes.size;
        }
        status = state_remove(s, &key, e);
    }
    buffer_free(&keys);
    buffer_free(prefix);
    return status;
}

enum status state_remove_account(struct apply_state *s, const struct account_id *id, struct removed_account *removed,
                                 struct error *e)
{
    const struct trie_key account = trie_key_of_account(TRIE_KEY_ACCOUNT, id);
    const struct trie_key code = trie_key_of_account(TRIE_KEY_CONTRACT_CODE, id);
    struct buffer keys = {0}, data = {0};
    *removed = (struct removed_account){0};
    enum status status = state_remove(s, &account, e);
    if (status == STATUS_OK) status = state_remove(s, &code, e);
    if (status != STATUS_OK) return status;
    trie_key_write_access_key_prefix(id, &keys);
    status = remove_keys(s, &keys, removed, e);
    if (status != STATUS_OK) return status;
    trie_key_write_data_prefix(id, (struct bytes){0}, &data);
    return remove_keys(s, &data, removed, e);
}

enum status state_get_access_key(struct apply_state *s, const struct account_id *id, const struct public_key *key,
                                 bool *found, struct access_key *out, struct error *e)
{
    const struct trie_key k = trie_key_of_access_key(id, key);
    struct bytes value;
    enum status status = state_get(s, &k, found, &value, e);
    if (status == STATUS_OK && *found) status = unreadable(&k, access_key_from_borsh(value, s->arena, out, e), e);
    return status;
}

enum status state_set_access_key(struct apply_state *s, const struct account_id *id, const struct public_key *key,
                                 const struct access_key *access, struct error *e)
{
    const struct trie_key k = trie_key_of_access_key(id, key);
    struct buffer value = {0};
    access_key_write(access, &value);
    return set_written(s, &k, &value, e);
}

enum status state_remove_access_key(struct apply_state *s, const struct account_id *id, const struct public_key *key,
                                    struct error *e)
{
    const struct trie_key k = trie_key_of_access_key(id, key);
    return state_remove(s, &k, e);
}

/* ---- code ------------------------------------------------------------------------------------------------------- */

enum status state_deploy(struct apply_state *s, const struct trie_key *key, struct bytes code,
                         const struct crypto_hash *hash, struct error *e)
{
    struct bytes copy;
    enum status status = copy_to_arena(s, code, &copy, e);
    if (status != STATUS_OK) return status;
    if (!array_grow(&s->deployed, s->deployed_count, &s->deployed_capacity, sizeof *s->deployed))
        return error_no_memory(e);
    s->deployed[s->deployed_count++] = (struct deployed_code){*hash, copy};
    return state_set(s, key, code, e);
}

bool state_code(const struct apply_state *s, const struct crypto_hash *hash, struct bytes *code)
{
    struct trie_hash row;
    for (uint32_t i = s->deployed_count; i-- > 0;) {
        if (!crypto_hash_equal(&s->deployed[i].hash, hash)) continue;
        *code = s->deployed[i].code;
        return true;
    }
    memcpy(row.bytes, hash->bytes, sizeof row.bytes);
    return trie_store_row(s->update.trie.store, &row, code);
}

/* ---- receipts and data ------------------------------------------------------------------------------------------ */

enum status state_get_receipt(struct apply_state *s, const struct trie_key *key, bool *found, struct receipt *out,
                              struct error *e)
{
    struct bytes value;
    enum status status = state_get(s, key, found, &value, e);
    if (status == STATUS_OK && *found) status = unreadable(key, receipt_from_borsh(value, s->arena, out, e), e);
    return status;
}

enum status state_set_receipt(struct apply_state *s, const struct trie_key *key, const struct receipt *r,
                              struct error *e)
{
    struct buffer value = {0};
    receipt_write(r, &value);
    return set_written(s, key, &value, e);
}

enum status state_get_queue(struct apply_state *s, enum trie_key_kind kind, struct queue_indices *out, struct error *e)
{
    const struct trie_key key = trie_key_of_queue(kind, 0, 0);
    struct bytes value;
    bool found;
    *out = (struct queue_indices){0};
    enum status status = state_get(s, &key, &found, &value, e);
    if (status == STATUS_OK && found) status = unreadable(&key, queue_indices_from_borsh(value, out, e), e);
    return status;
}

enum status state_set_queue(struct apply_state *s, enum trie_key_kind kind, const struct queue_indices *q,
                            struct error *e)
{
    const struct trie_key key = trie_key_of_queue(kind, 0, 0);
    struct buffer value = {0};
    queue_indices_write(q, &value);
    return set_written(s, &key, &value, e);
}

enum status state_get_u64(struct apply_state *s, const struct trie_key *key, bool *found, uint64_t *out,
                          struct error *e)
{
    struct bytes value;
    *out = 0;
    enum status status = state_get(s, key, found, &value, e);
    if (status == STATUS_OK && *found) status = unreadable(key, nonce_from_borsh(value, out, e), e);
    return status;
}

enum status state_set_u64(struct apply_state *s, const struct trie_key *key, uint64_t value, struct error *e)
{
    uint8_t bytes[8];
    store_le64(bytes, value);
    return state_set(s, key, bytes_of(bytes, sizeof bytes), e);
}
