#include "node/state_file.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "near/parameters.h"

enum { FLUSH_COUNT = 50000, FLUSH_BYTES = 64 << 20 };

/* ---- the file --------------------------------------------------------------------------------------------------- */

void state_file_begin(struct state_file *s, const char *path)
{
    *s = (struct state_file){.path = path};
    s->trie.store = &s->store;
    trie_update_init(&s->update, &s->trie);
}

enum status state_file_open(struct state_file *s, const char *path, enum state_use use, struct error *e)
{
    struct trie_hash *roots = NULL;
    size_t count = 0;
    state_file_begin(s, path);
    enum status status = use == STATE_CHANGE ? file_lock(&s->lock, path, e) : STATUS_OK;
    if (status == STATUS_OK) status = trie_snapshot_read(&s->store, path, &roots, &count, e);
    if (status == STATUS_OK && count != 1)
        status = error_set(e, STATUS_USAGE, 0, ERROR_NO_OFFSET, "the file holds %zu states, not one", count);
    if (status == STATUS_OK) {
        s->trie.root = roots[0];
        trie_update_free(&s->update);
        trie_update_init(&s->update, &s->trie);
    }
    free(roots);
    return status;
}

enum status state_file_make(struct state_file *s, const char *path, bool replace, struct error *e)
{
    state_file_begin(s, path);
    enum status status = file_lock(&s->lock, path, e);
    if (status == STATUS_OK && !replace && access(path, F_OK) == 0)
        status = error_set(e, STATUS_IO, EEXIST, ERROR_NO_OFFSET, "%.160s is there already", path);
    return status;
}

void state_file_close(struct state_file *s)
{
    if (!s->trie.store) return; /* never begun */
    trie_update_free(&s->update);
    trie_store_free(&s->store);
    buffer_free(&s->key);
    file_unlock(&s->lock);
    *s = (struct state_file){0};
}

enum status state_file_save(struct state_file *s, struct error *e)
{
    struct stat about;
    enum status status = state_file_flush(s, e);
    if (status != STATUS_OK) return status;
    if (stat(s->path, &about) == 0 && !S_ISREG(about.st_mode))
        return error_set(e, STATUS_IO, 0, ERROR_NO_OFFSET, "%.160s: this is not a file that a state can be written to",
                         s->path);
    status = trie_snapshot_write(&s->store, &s->trie.root, 1, s->path, e);
    if (status == STATUS_OK) file_unlock(&s->lock);
    return status;
}

/* ---- changes ---------------------------------------------------------------------------------------------------- */

enum status state_file_flush(struct state_file *s, struct error *e)
{
    struct trie_hash root;
    if (!s->pending_count) return STATUS_OK;
    trie_update_commit(&s->update);
    enum status status = trie_update_apply(&s->update, &root, NULL, e);
    if (status != STATUS_OK) return status;
    state_file_move(s, &root);
    return STATUS_OK;
}

void state_file_move(struct state_file *s, const struct trie_hash *root)
{
    trie_release(&s->store, &s->trie.root);
    s->trie.root = *root;
    trie_update_free(&s->update);
    trie_update_init(&s->update, &s->trie);
    s->pending_count = s->pending_bytes = 0;
}

enum status state_file_flush_if_large(struct state_file *s, struct error *e)
{
    if (s->pending_count < FLUSH_COUNT && s->pending_bytes < FLUSH_BYTES) return STATUS_OK;
    return state_file_flush(s, e);
}

static enum status encode(struct state_file *s, const struct trie_key *key, struct bytes *out, struct error *e)
{
    s->key.size = 0;
    s->key.failed = false;
    trie_key_write(key, &s->key);
    *out = bytes_of(s->key.data, s->key.size);
    return s->key.failed ? error_no_memory(e) : STATUS_OK;
}

enum status state_file_get(struct state_file *s, const struct trie_key *key, bool *found, struct bytes *value,
                           struct error *e)
{
    struct bytes encoded;
    enum status status = encode(s, key, &encoded, e);
    return status == STATUS_OK ? trie_update_get(&s->update, encoded, NULL, found, value, e) : status;
}

enum status state_file_set(struct state_file *s, const struct trie_key *key, struct bytes value, struct error *e)
{
    struct bytes encoded;
    enum status status = encode(s, key, &encoded, e);
    if (status == STATUS_OK) status = trie_update_set(&s->update, encoded, value, e);
    if (status != STATUS_OK) return status;
    s->pending_count++;
    s->pending_bytes += encoded.size + value.size;
    return STATUS_OK;
}

enum status state_file_remove(struct state_file *s, const struct trie_key *key, struct error *e)
{
    struct bytes encoded;
    enum status status = encode(s, key, &encoded, e);
    if (status == STATUS_OK) status = trie_update_remove(&s->update, encoded, e);
    if (status == STATUS_OK) s->pending_count++;
    return status;
}

enum status state_file_get_account(struct state_file *s, const struct account_id *id, bool *found, struct account *out,
                                   struct error *e)
{
    const struct trie_key key = trie_key_of_account(TRIE_KEY_ACCOUNT, id);
    struct bytes value;
    enum status status = state_file_get(s, &key, found, &value, e);
    return status == STATUS_OK && *found ? account_from_borsh(value, out, e) : status;
}

enum status state_file_set_account(struct state_file *s, const struct account_id *id, const struct account *a,
                                   struct error *e)
{
    const struct trie_key key = trie_key_of_account(TRIE_KEY_ACCOUNT, id);
    struct buffer value = {0};
    account_write(a, &value);
    enum status status = value.failed ? error_no_memory(e)
                                      : state_file_set(s, &key, bytes_of(value.data, value.size), e);
    buffer_free(&value);
    return status;
}

/* ---- storage ---------------------------------------------------------------------------------------------------- */

static const struct protocol_parameters *parameters(void)
{
    return parameters_of(PROTOCOL_VERSION_CURRENT);
}

uint64_t storage_of_account(const struct account *a)
{
    uint64_t reference = 0;
    if (a->code == ACCOUNT_CODE_GLOBAL) reference = sizeof a->code_hash.bytes;
    if (a->code == ACCOUNT_CODE_GLOBAL_BY_ACCOUNT) reference = a->code_account.length;
    return parameters()->runtime.num_bytes_account + reference;
}

uint64_t storage_of_data(struct bytes key, struct bytes value)
{
    return parameters()->runtime.num_extra_bytes_record + key.size + value.size;
}

uint64_t storage_of_access_key(const struct public_key_handle *key, struct bytes access_key)
{
    return parameters()->runtime.num_extra_bytes_record + 1 + key_handle_size(key->tag) + access_key.size;
}

uint64_t storage_of_gas_key_nonce(const struct public_key_handle *key)
{
    return parameters()->runtime.num_extra_bytes_record + 1 + key_handle_size(key->tag) + NONCE_INDEX_SIZE +
           NONCE_SIZE;
}
