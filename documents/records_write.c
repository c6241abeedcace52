#include "documents/records_write.h"

#include "base/shown.h"
#include "documents/records_value.h"
#include "near/receipt_queue.h"

/* ---- records: null if there is no memory ------------------------------------------------------------------------- */

static struct json *data_record(const struct trie_key *key, struct bytes value)
{
    struct json_builder b = json_object_begin();
    json_put(&b, "account_id", json_account_id(&key->account_id));
    json_put(&b, "data_key", json_base64(key->data));
    json_put(&b, "value", json_base64(value));
    return json_variant("Data", json_finish(&b));
}

static struct json *contract_record(const struct trie_key *key, struct bytes code)
{
    struct json_builder b = json_object_begin();
    json_put(&b, "account_id", json_account_id(&key->account_id));
    json_put(&b, "code", json_base64(code));
    return json_variant("Contract", json_finish(&b));
}

static struct json *account_record(const struct trie_key *key, const struct account *account)
{
    struct json_builder b = json_object_begin();
    json_put(&b, "account_id", json_account_id(&key->account_id));
    json_put(&b, "account", json_account(account));
    return json_variant("Account", json_finish(&b));
}

static struct json *access_key_record(const struct trie_key *key, const struct access_key *access_key)
{
    struct json_builder b = json_object_begin();
    json_put(&b, "account_id", json_account_id(&key->account_id));
    json_put(&b, "public_key", json_key_handle(&key->key.handle));
    json_put(&b, "access_key", json_access_key(access_key));
    return json_variant("AccessKey", json_finish(&b));
}

static struct json *gas_key_nonce_record(const struct trie_key *key, uint64_t nonce)
{
    struct json_builder b = json_object_begin();
    json_put(&b, "account_id", json_account_id(&key->account_id));
    json_put(&b, "public_key", json_key_handle(&key->key.handle));
    json_put(&b, "index", json_u64(key->key.nonce_index));
    json_put(&b, "nonce", json_u64(nonce));
    return json_variant("GasKeyNonce", json_finish(&b));
}

static struct json *received_data_record(const struct trie_key *key, const struct received_data *data)
{
    struct json_builder b = json_object_begin();
    json_put(&b, "account_id", json_account_id(&key->account_id));
    json_put(&b, "data_id", json_hash(&key->hash));
    if (data->has_data) json_put(&b, "data", json_base64(data->data));
    else json_put_null(&b, "data");
    return json_variant("ReceivedData", json_finish(&b));
}

/* ---- keys ------------------------------------------------------------------------------------------------------- */

/* What becomes of a key: its record is written; importing the others makes it; or there is none. */
enum fate { FATE_RECORD, FATE_MADE_ANEW, FATE_LEFT_OUT };

/* A receipt, if it has a record. */
static enum status receipt_record(const char *name, const struct receipt *r, enum fate *fate, struct json **out,
                                  struct error *e)
{
    if (json_receipt_unsupported(r)) {
        *fate = FATE_LEFT_OUT;
        return STATUS_OK;
    }
    *out = json_variant(name, json_receipt(r));
    return *out ? STATUS_OK : error_no_memory(e);
}

static enum status typed_record(const struct trie_key *key, struct bytes value, struct arena *arena, enum fate *fate,
                                struct json **out, struct error *e)
{
    union {
        struct account account;
        struct access_key access_key;
        struct received_data data;
        struct receipt receipt;
        struct stored_receipt stored;
        uint64_t nonce;
    } u;
    enum status status = STATUS_OK;
    switch (key->kind) {
    case TRIE_KEY_ACCOUNT:
        status = account_from_borsh(value, &u.account, e);
        if (status == STATUS_OK) *out = account_record(key, &u.account);
        break;
    case TRIE_KEY_ACCESS_KEY:
        status = access_key_from_borsh(value, arena, &u.access_key, e);
        if (status == STATUS_OK) *out = access_key_record(key, &u.access_key);
        break;
    case TRIE_KEY_GAS_KEY_NONCE:
        status = nonce_from_borsh(value, &u.nonce, e);
        if (status == STATUS_OK) *out = gas_key_nonce_record(key, u.nonce);
        break;
    case TRIE_KEY_RECEIVED_DATA:
        status = received_data_from_borsh(value, &u.data, e);
        if (status == STATUS_OK) *out = received_data_record(key, &u.data);
        break;
    case TRIE_KEY_POSTPONED_RECEIPT:
        status = receipt_from_borsh(value, arena, &u.receipt, e);
        return status == STATUS_OK ? receipt_record("PostponedReceipt", &u.receipt, fate, out, e) : status;
    case TRIE_KEY_DELAYED_RECEIPT:
        status = stored_receipt_from_borsh(value, arena, &u.stored, e);
        return status == STATUS_OK ? receipt_record("DelayedReceipt", &u.stored.receipt, fate, out, e) : status;
    case TRIE_KEY_CONTRACT_CODE: *out = contract_record(key, value); break;
    default: *out = data_record(key, value); break;
    }
    return status == STATUS_OK && !*out ? error_no_memory(e) : status;
}

static enum fate fate_of(enum trie_key_kind kind)
{
    switch (kind) {
    case TRIE_KEY_ACCOUNT:
    case TRIE_KEY_CONTRACT_CODE:
    case TRIE_KEY_ACCESS_KEY:
    case TRIE_KEY_GAS_KEY_NONCE:
    case TRIE_KEY_RECEIVED_DATA:
    case TRIE_KEY_POSTPONED_RECEIPT:
    case TRIE_KEY_DELAYED_RECEIPT:
    case TRIE_KEY_CONTRACT_DATA: return FATE_RECORD;
    case TRIE_KEY_POSTPONED_RECEIPT_ID:
    case TRIE_KEY_PENDING_DATA_COUNT:
    case TRIE_KEY_DELAYED_RECEIPT_INDICES: return FATE_MADE_ANEW;
    default: return FATE_LEFT_OUT;
    }
}

/* No record makes the indices of a queue that has been emptied. */
static bool is_empty_queue(struct bytes value)
{
    struct queue_indices indices;
    return queue_indices_from_borsh(value, &indices, NULL) == STATUS_OK && queue_length(&indices) == 0;
}

/* An error in a value, with the key it is under. */
static enum status bad_record(const struct trie_key *key, struct error *e)
{
    struct buffer name = {0};
    struct error why = *e;
    trie_key_print(key, &name);
    error_set(e, STATUS_INVALID, 0, ERROR_NO_OFFSET, "%.*s: %.120s", name.size > 100 ? 100 : (int)name.size,
              name.size ? (const char *)name.data : "", why.message);
    buffer_free(&name);
    return STATUS_INVALID;
}

/* *out: the record, or null if there is none. */
static enum status record_of(struct bytes key_bytes, struct bytes value, enum trie_key_kind *kind, enum fate *fate,
                             struct json **out, struct error *e)
{
    struct trie_key key;
    struct arena arena = {0};
    *out = NULL;
    enum status status = trie_key_parse(key_bytes, &key, e);
    if (status != STATUS_OK) return status;
    *kind = key.kind;
    *fate = fate_of(key.kind);
    if (key.kind == TRIE_KEY_DELAYED_RECEIPT_INDICES && is_empty_queue(value)) *fate = FATE_LEFT_OUT;
    if (*fate == FATE_RECORD) status = typed_record(&key, value, &arena, fate, out, e);
    arena_free(&arena);
    return status == STATUS_MALFORMED ? bad_record(&key, e) : status;
}

/* ---- the whole state -------------------------------------------------------------------------------------------- */

static enum status write_record(FILE *out, struct json *record, uint64_t number, struct error *e)
{
    struct buffer text = {0}, shown = {0}; /* method names of keys may hold anything */
    json_print(record, &text);
    if (!text.failed) shown_append_json(&shown, bytes_of(text.data, text.size));
    const bool complete = !text.failed && !shown.failed;
    const bool ok = complete && fputs(number ? ",\n" : "\n", out) >= 0 &&
                    fwrite(shown.data, 1, shown.size, out) == shown.size;
    buffer_free(&text);
    buffer_free(&shown);
    if (!complete) return error_no_memory(e);
    if (ok) return STATUS_OK;
    return error_set(e, STATUS_IO, 0, ERROR_NO_OFFSET, "cannot write the records");
}

/* Without `out` only the counts. */
static enum status walk(const struct trie *state, FILE *out, uint64_t *count, struct records_left_out *left_out,
                        struct error *e)
{
    struct trie_iterator it;
    struct bytes key, value;
    bool found = true;
    enum status status = trie_iterator_prefix(&it, state, (struct bytes){0}, e);
    while (status == STATUS_OK) {
        struct json *record = NULL;
        enum trie_key_kind kind = 0;
        enum fate fate = FATE_MADE_ANEW;
        status = trie_iterator_next(&it, &found, &key, &value, e);
        if (status != STATUS_OK || !found) break;
        status = record_of(key, value, &kind, &fate, &record, e);
        if (status == STATUS_OK && fate == FATE_LEFT_OUT) {
            left_out->count[kind]++;
            left_out->total++;
        }
        if (status == STATUS_OK && record && out) status = write_record(out, record, *count, e);
        if (record) (*count)++;
        json_free(record);
    }
    trie_iterator_free(&it);
    return status;
}

enum status records_check(const struct trie *state, struct records_left_out *out, struct error *e)
{
    uint64_t count = 0;
    *out = (struct records_left_out){0};
    return walk(state, NULL, &count, out, e);
}

enum status records_write(const struct trie *state, FILE *out, uint64_t *count, struct error *e)
{
    struct records_left_out ignored = {0};
    *count = 0;
    if (fputc('[', out) == EOF) return error_set(e, STATUS_IO, 0, ERROR_NO_OFFSET, "cannot write the records");
    enum status status = walk(state, out, count, &ignored, e);
    if (status == STATUS_OK && fputs("\n]\n", out) < 0)
        return error_set(e, STATUS_IO, 0, ERROR_NO_OFFSET, "cannot write the records");
    return status;
}
