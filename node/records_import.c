#include "node/records_import.h"

#include "documents/records_value.h"

enum status records_import_begin(struct records_import *i, struct state_file *state, bool keep_usage, struct error *e)
{
    const struct trie_key key = trie_key_of_queue(TRIE_KEY_DELAYED_RECEIPT_INDICES, 0, 0);
    struct bytes value;
    bool found = false;
    *i = (struct records_import){.state = state, .keep_usage = keep_usage};
    enum status status = state_file_get(state, &key, &found, &value, e);
    return status == STATUS_OK && found ? queue_indices_from_borsh(value, &i->delayed, e) : status;
}

void records_import_free(struct records_import *i)
{
    usage_table_free(&i->usage);
    buffer_free(&i->postponed);
}

/* ---- what all kinds need ---------------------------------------------------------------------------------------- */

/* Sets a key that must not be there yet. */
static enum status put(struct records_import *i, const struct json_place *p, const struct trie_key *key,
                       struct bytes value, struct error *e)
{
    struct bytes old;
    bool found = false;
    enum status status = state_file_get(i->state, key, &found, &old, e);
    if (status != STATUS_OK || !found) return status == STATUS_OK ? state_file_set(i->state, key, value, e) : status;
    struct buffer name = {0};
    trie_key_print(key, &name);
    status = json_refuse(p, e, "%.*s is there already", name.size > 120 ? 120 : (int)name.size,
                         name.size ? (const char *)name.data : "");
    buffer_free(&name);
    return status;
}

/* The same with a value that was just written; the buffer is released. */
static enum status put_buffer(struct records_import *i, const struct json_place *p, const struct trie_key *key,
                              struct buffer *value, struct error *e)
{
    enum status status = value->failed ? error_no_memory(e)
                                       : put(i, p, key, bytes_of(value->data, value->size), e);
    buffer_free(value);
    return status;
}

static enum status add_usage(struct records_import *i, const struct account_id *id, uint64_t bytes, struct error *e)
{
    struct account_usage *usage = NULL;
    enum status status = usage_of(&i->usage, id, &usage, e);
    if (status == STATUS_OK) usage->bytes += bytes; /* of records in memory: no overflow */
    return status;
}

/* ---- one function for each kind --------------------------------------------------------------------------------- */

static enum status import_account(struct records_import *i, const struct json_place *p, struct arena *a,
                                  struct error *e)
{
    static const char *const names[] = {"account_id", "account"};
    struct json_place body;
    struct account_id id;
    struct account account;
    struct buffer value = {0};
    struct account_usage *usage = NULL;
    (void)a;
    enum status status = JSON_CHECK_OBJECT(p, names, e);
    if (status == STATUS_OK) status = json_member_account_id(p, "account_id", &id, e);
    if (status == STATUS_OK) status = json_required(p, "account", &body, e);
    if (status == STATUS_OK) status = json_read_account(&body, &account, e);
    if (status != STATUS_OK) return status;
    account_write(&account, &value);
    const struct trie_key key = trie_key_of_account(TRIE_KEY_ACCOUNT, &id);
    status = put_buffer(i, p, &key, &value, e);
    if (status == STATUS_OK) status = usage_of(&i->usage, &id, &usage, e);
    if (status != STATUS_OK) return status;
    usage->is_new = true;
    usage->given = account.storage_usage;
    usage->bytes += storage_of_account(&account);
    i->account_count++;
    return STATUS_OK;
}

static enum status import_data(struct records_import *i, const struct json_place *p, struct arena *a, struct error *e)
{
    static const char *const names[] = {"account_id", "data_key", "value"};
    struct account_id id;
    struct bytes data_key, value;
    enum status status = JSON_CHECK_OBJECT(p, names, e);
    if (status == STATUS_OK) status = json_member_account_id(p, "account_id", &id, e);
    if (status == STATUS_OK) status = json_member_base64(p, "data_key", a, &data_key, e);
    if (status == STATUS_OK) status = json_member_base64(p, "value", a, &value, e);
    if (status != STATUS_OK) return status;
    const struct trie_key key = trie_key_of_data(&id, data_key);
    status = put(i, p, &key, value, e);
    return status == STATUS_OK ? add_usage(i, &id, storage_of_data(data_key, value), e) : status;
}

static enum status import_contract(struct records_import *i, const struct json_place *p, struct arena *a,
                                   struct error *e)
{
    static const char *const names[] = {"account_id", "code"};
    char text[ACCOUNT_ID_TEXT_SIZE], hash_text[CRYPTO_HASH_TEXT_SIZE];
    struct account_id id;
    struct account account;
    struct bytes code;
    bool found = false;
    enum status status = JSON_CHECK_OBJECT(p, names, e);
    if (status == STATUS_OK) status = json_member_account_id(p, "account_id", &id, e);
    if (status == STATUS_OK) status = json_member_base64(p, "code", a, &code, e);
    if (status == STATUS_OK) status = state_file_get_account(i->state, &id, &found, &account, e);
    if (status != STATUS_OK) return status;
    if (!found) return json_refuse(p, e, "the record of the account %s must come before its code",
                                   account_id_text(&id, text));
    const struct crypto_hash hash = crypto_hash_of(code);
    if (account.code != ACCOUNT_CODE_LOCAL || !crypto_hash_equal(&hash, &account.code_hash))
        return json_refuse(p, e, "this code has the hash %s, which is not the code_hash of %s",
                           crypto_hash_text(&hash, hash_text), account_id_text(&id, text));
    const struct trie_key key = trie_key_of_account(TRIE_KEY_CONTRACT_CODE, &id);
    status = put(i, p, &key, code, e);
    return status == STATUS_OK ? add_usage(i, &id, code.size, e) : status;
}

static enum status import_access_key(struct records_import *i, const struct json_place *p, struct arena *a,
                                     struct error *e)
{
    static const char *const names[] = {"account_id", "public_key", "access_key"};
    struct trie_key key = {.kind = TRIE_KEY_ACCESS_KEY};
    struct json_place public_key, body;
    struct access_key access_key;
    struct buffer value = {0};
    enum status status = JSON_CHECK_OBJECT(p, names, e);
    if (status == STATUS_OK) status = json_member_account_id(p, "account_id", &key.account_id, e);
    if (status == STATUS_OK) status = json_required(p, "public_key", &public_key, e);
    if (status == STATUS_OK) status = json_read_key_handle(&public_key, &key.key.handle, e);
    if (status == STATUS_OK) status = json_required(p, "access_key", &body, e);
    if (status == STATUS_OK) status = json_read_access_key(&body, a, &access_key, e);
    if (status != STATUS_OK) return status;
    access_key_write(&access_key, &value);
    const uint64_t bytes = storage_of_access_key(&key.key.handle, bytes_of(value.data, value.size));
    status = put_buffer(i, p, &key, &value, e);
    return status == STATUS_OK ? add_usage(i, &key.account_id, bytes, e) : status;
}

static enum status import_gas_key_nonce(struct records_import *i, const struct json_place *p, struct arena *a,
                                        struct error *e)
{
    static const char *const names[] = {"account_id", "public_key", "index", "nonce"};
    struct trie_key key = {.kind = TRIE_KEY_GAS_KEY_NONCE};
    struct json_place public_key, place;
    uint64_t index = 0, nonce = 0;
    uint8_t value[NONCE_SIZE];
    (void)a;
    enum status status = JSON_CHECK_OBJECT(p, names, e);
    if (status == STATUS_OK) status = json_member_account_id(p, "account_id", &key.account_id, e);
    if (status == STATUS_OK) status = json_required(p, "public_key", &public_key, e);
    if (status == STATUS_OK) status = json_read_key_handle(&public_key, &key.key.handle, e);
    if (status == STATUS_OK) status = json_required(p, "index", &place, e);
    if (status == STATUS_OK) status = json_read_u64(&place, UINT16_MAX, &index, e);
    if (status == STATUS_OK) status = json_member_u64(p, "nonce", &nonce, e);
    if (status != STATUS_OK) return status;
    key.key.nonce_index = (uint16_t)index;
    store_le64(value, nonce);
    status = put(i, p, &key, bytes_of(value, sizeof value), e);
    return status == STATUS_OK ? add_usage(i, &key.account_id, storage_of_gas_key_nonce(&key.key.handle), e) : status;
}

static enum status import_received_data(struct records_import *i, const struct json_place *p, struct arena *a,
                                        struct error *e)
{
    static const char *const names[] = {"account_id", "data_id", "data"};
    struct account_id id;
    struct crypto_hash data_id;
    struct json_place body;
    struct received_data data = {0};
    struct buffer value = {0};
    enum status status = JSON_CHECK_OBJECT(p, names, e);
    if (status == STATUS_OK) status = json_member_account_id(p, "account_id", &id, e);
    if (status == STATUS_OK) status = json_member_hash(p, "data_id", &data_id, e);
    data.has_data = json_member(p, "data", &body);
    if (status == STATUS_OK && data.has_data) status = json_read_base64(&body, a, &data.data, e);
    if (status != STATUS_OK) return status;
    received_data_write(&data, &value);
    const struct trie_key key = trie_key_of_hash(TRIE_KEY_RECEIVED_DATA, &id, &data_id);
    return put_buffer(i, p, &key, &value, e);
}

static enum status import_delayed(struct records_import *i, const struct json_place *p, struct arena *a,
                                  struct error *e)
{
    struct stored_receipt stored = {.form = STORED_RECEIPT_PLAIN};
    struct buffer value = {0};
    enum status status = json_read_receipt(p, a, &stored.receipt, e);
    if (status != STATUS_OK) return status;
    if (i->delayed.next == UINT64_MAX) return json_refuse(p, e, "the queue of delayed receipts is full");
    stored_receipt_write(&stored, &value);
    const struct trie_key key = trie_key_of_queue(TRIE_KEY_DELAYED_RECEIPT, 0, i->delayed.next);
    status = put_buffer(i, p, &key, &value, e);
    if (status != STATUS_OK) return status;
    i->delayed.next++;
    i->has_delayed = true;
    return STATUS_OK;
}

/* Only kept: which data it waits for is known after the last record. */
static enum status import_postponed(struct records_import *i, const struct json_place *p, struct arena *a,
                                    struct error *e)
{
    struct receipt receipt;
    uint8_t length[4];
    enum status status = json_read_receipt(p, a, &receipt, e);
    if (status != STATUS_OK) return status;
    if (!receipt_is_action(&receipt)) return json_refuse(p, e, "only action receipts are postponed");
    const size_t start = i->postponed.size;
    buffer_append(&i->postponed, (uint8_t[4]){0}, sizeof length);
    receipt_write(&receipt, &i->postponed);
    if (i->postponed.failed || i->postponed.size - start > UINT32_MAX) return error_no_memory(e);
    store_le32(i->postponed.data + start, (uint32_t)(i->postponed.size - start - sizeof length));
    return STATUS_OK;
}

/* ---- which kind ------------------------------------------------------------------------------------------------- */

typedef enum status record_import(struct records_import *i, const struct json_place *p, struct arena *a,
                                  struct error *e);

static const struct {
    const char *name;
    record_import *import;
} kinds[] = {
    {"Account", import_account},
    {"Data", import_data},
    {"Contract", import_contract},
    {"AccessKey", import_access_key},
    {"GasKeyNonce", import_gas_key_nonce},
    {"ReceivedData", import_received_data},
    {"DelayedReceipt", import_delayed},
    {"PostponedReceipt", import_postponed},
};

static enum status import_document(struct records_import *i, struct json *document, struct arena *a,
                                   struct error *e)
{
    const struct json_place root = json_root(document);
    struct json_place value;
    const char *name = NULL;
    enum status status = json_read_variant(&root, &name, &value, e);
    if (status != STATUS_OK) return status;
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
        if (strcmp(kinds[k].name, name) == 0) return kinds[k].import(i, &value, a, e);
    return json_refuse(&value, e, "records of this kind are not known");
}

enum status records_import_one(struct records_import *i, struct bytes text, struct error *e)
{
    struct json *document = NULL;
    struct arena arena = {0};
    enum status status = json_read_document(text, &document, e);
    if (status == STATUS_OK) status = import_document(i, document, &arena, e);
    arena_free(&arena);
    json_free(document);
    if (status == STATUS_OK) i->record_count++;
    return status == STATUS_OK ? state_file_flush_if_large(i->state, e) : status;
}

/* ---- after the last record -------------------------------------------------------------------------------------- */

static enum status invalid(struct error *e, const char *format, const struct account_id *id)
{
    char text[ACCOUNT_ID_TEXT_SIZE];
    return error_set(e, STATUS_INVALID, 0, ERROR_NO_OFFSET, format, account_id_text(id, text));
}

/* Sets a key if it is absent or has the same value. */
static enum status put_once(struct records_import *i, const struct trie_key *key, struct bytes value,
                            const struct receipt *r, struct error *e)
{
    struct bytes old;
    bool found = false;
    enum status status = state_file_get(i->state, key, &found, &old, e);
    if (status != STATUS_OK || !found) return status == STATUS_OK ? state_file_set(i->state, key, value, e) : status;
    return invalid(e, "a postponed receipt for %s is there twice, or waits for the data of another one",
                   &r->receiver_id);
}

static enum status postpone(struct records_import *i, const struct receipt *r, struct bytes borsh, struct error *e)
{
    uint32_t waiting = 0;
    for (uint32_t n = 0; n < r->action.input_data_id_count; n++) {
        const struct crypto_hash *id = &r->action.input_data_ids[n];
        struct trie_key key = trie_key_of_hash(TRIE_KEY_RECEIVED_DATA, &r->receiver_id, id);
        struct bytes data;
        bool found = false;
        enum status status = state_file_get(i->state, &key, &found, &data, e);
        if (status == STATUS_OK && !found) {
            waiting++;
            key = trie_key_of_hash(TRIE_KEY_POSTPONED_RECEIPT_ID, &r->receiver_id, id);
            status = put_once(i, &key, crypto_hash_bytes(&r->receipt_id), r, e);
        }
        if (status != STATUS_OK) return status;
    }
    if (!waiting) return invalid(e, "a postponed receipt for %s waits for no data", &r->receiver_id);
    uint8_t count[4];
    store_le32(count, waiting);
    struct trie_key key = trie_key_of_hash(TRIE_KEY_PENDING_DATA_COUNT, &r->receiver_id, &r->receipt_id);
    enum status status = put_once(i, &key, bytes_of(count, sizeof count), r, e);
    key.kind = TRIE_KEY_POSTPONED_RECEIPT;
    return status == STATUS_OK ? put_once(i, &key, borsh, r, e) : status;
}

static enum status finish_postponed(struct records_import *i, struct error *e)
{
    enum status status = STATUS_OK;
    for (size_t at = 0; status == STATUS_OK && at < i->postponed.size;) {
        const struct bytes borsh = bytes_of(i->postponed.data + at + 4, load_le32(i->postponed.data + at));
        struct arena arena = {0};
        struct receipt receipt;
        status = receipt_from_borsh(borsh, &arena, &receipt, e);
        if (status == STATUS_OK) status = postpone(i, &receipt, borsh, e);
        if (status == STATUS_OK) status = state_file_flush_if_large(i->state, e);
        arena_free(&arena);
        at += 4 + borsh.size;
    }
    return status;
}

static enum status finish_delayed(struct records_import *i, struct error *e)
{
    const struct trie_key key = trie_key_of_queue(TRIE_KEY_DELAYED_RECEIPT_INDICES, 0, 0);
    struct buffer value = {0};
    if (!i->has_delayed) return STATUS_OK;
    queue_indices_write(&i->delayed, &value);
    enum status status = value.failed ? error_no_memory(e)
                                      : state_file_set(i->state, &key, bytes_of(value.data, value.size), e);
    buffer_free(&value);
    return status;
}

static enum status finish_usage(struct records_import *i, const struct account_usage *u, struct error *e)
{
    struct account account;
    bool found = false;
    enum status status = state_file_get_account(i->state, &u->account, &found, &account, e);
    if (status != STATUS_OK) return status;
    if (!found) return invalid(e, "there are keys or data of the account %s, but no record of itself", &u->account);
    if (u->is_new && i->keep_usage) return STATUS_OK;
    if (u->is_new && u->bytes != u->given && !i->other_usage_count++) i->other_usage = *u;
    if (!u->is_new && account.storage_usage > UINT64_MAX - u->bytes)
        return invalid(e, "the storage usage of %s exceeds 64 bits", &u->account);
    account.storage_usage = u->is_new ? u->bytes : account.storage_usage + u->bytes;
    status = state_file_set_account(i->state, &u->account, &account, e);
    return status == STATUS_OK ? state_file_flush_if_large(i->state, e) : status;
}

enum status records_import_finish(struct records_import *i, struct error *e)
{
    enum status status = finish_postponed(i, e);
    if (status == STATUS_OK) status = finish_delayed(i, e);
    for (uint32_t n = 0; status == STATUS_OK && n < i->usage.count; n++)
        status = finish_usage(i, &i->usage.entries[n], e);
    return status;
}
