/* Genesis records: the states of all recorded scenarios, before the first block and after each one, to records and
 * back; what is refused, and where in the file. */
#include <stdlib.h>
#include <unistd.h>

#include "base/hex.h"
#include "node/records_import.h"
#include "documents/records_stream.h"
#include "documents/records_value.h"
#include "documents/records_write.h"
#include "tests/json.h"
#include "tests/read_file.h"
#include "tests/test.h"

static bool good(enum status status, const struct error *e)
{
    if (status != STATUS_OK) printf("%s: %s\n", status_name(status), e->message);
    return status == STATUS_OK;
}

static struct json *member(struct json *object, const char *name)
{
    struct json *value = NULL;
    json_find(object, name, &value);
    return value;
}

static struct bytes text_of(struct json *text)
{
    return json_string_bytes(text);
}

/* ---- records of the beginning: what the scenarios say of their accounts ----------------------------------------- */

static bool import_value(struct records_import *import, const char *kind, struct json *value)
{
    struct json *record = json_variant(kind, value);
    struct error e;
    struct buffer text = {0};
    json_print(record, &text);
    const bool ok = good(records_import_one(import, bytes_of(text.data, text.size), &e), &e);
    buffer_free(&text);
    json_free(record);
    return ok;
}

static struct json *with_account(struct json *account)
{
    struct json *value = empty_object();
    json_add(value, "account_id", json_copy(member(account, "account_id")));
    return value;
}

/* The scenarios leave the code's hash to be computed. */
static bool import_contract(struct records_import *import, struct json *account, struct json *record)
{
    struct json *code = member(account, "code_base64"), *value = with_account(account);
    struct crypto_hash hash = {{0}};
    const struct json_place place = json_root(code);
    struct arena arena = {0};
    struct bytes decoded = {0};
    if (code && json_read_base64(&place, &arena, &decoded, NULL) == STATUS_OK) hash = crypto_hash_of(decoded);
    arena_free(&arena);
    json_add(member(record, "account"), "code_hash", json_hash(&hash));
    bool ok = import_value(import, "Account", record);
    if (!code) {
        json_free(value);
        return ok;
    }
    json_add(value, "code", json_copy(code));
    return import_value(import, "Contract", value) && ok;
}

static bool import_genesis_account(struct records_import *import, struct json *account)
{
    struct json *record = with_account(account), *body = empty_object();
    struct json *locked = member(account, "locked"), *keys = member(account, "keys");
    json_add(body, "amount", json_copy(member(account, "amount")));
    json_add(body, "locked", locked ? json_copy(locked) : json_of_chars("0"));
    json_add(body, "storage_usage", json_copy(member(account, "storage_usage")));
    json_add(record, "account", body);
    bool ok = import_contract(import, account, record);
    for (size_t i = 0; keys && i < json_length(keys); i++) {
        struct json *key = json_at(keys, i), *value = with_account(account);
        struct json *access_key = empty_object();
        json_add(value, "public_key", json_copy(member(key, "public_key")));
        json_add(access_key, "nonce", json_copy(member(key, "nonce")));
        json_add(access_key, "permission", json_copy(member(key, "permission")));
        json_add(value, "access_key", access_key);
        ok = import_value(import, "AccessKey", value) && ok;
    }
    return ok;
}

/* ---- states ----------------------------------------------------------------------------------------------------- */

static bool decode(struct json *hex, struct buffer *out)
{
    out->size = 0;
    return hex_decode(text_of(hex), out);
}

/* [[key, value], ...], or [{"trie_key_hex", "value_hex"}, ...] where no value is a key that goes. */
static bool apply_pairs(struct state_file *s, struct json *pairs, bool changes)
{
    struct buffer key = {0}, value = {0};
    struct error e;
    bool ok = true;
    for (size_t i = 0; ok && i < json_length(pairs); i++) {
        struct json *pair = json_at(pairs, i);
        struct json *k = changes ? member(pair, "trie_key_hex") : json_at(pair, 0);
        struct json *v = changes ? member(pair, "value_hex") : json_at(pair, 1);
        ok = decode(k, &key) && (!v || decode(v, &value));
        if (ok && v)
            ok = good(trie_update_set(&s->update, bytes_of(key.data, key.size), bytes_of(value.data, value.size), &e),
                      &e);
        if (ok && !v) ok = good(trie_update_remove(&s->update, bytes_of(key.data, key.size), &e), &e);
        s->pending_count++;
    }
    buffer_free(&key);
    buffer_free(&value);
    return ok && good(state_file_flush(s, &e), &e);
}

static bool root_is(const struct state_file *s, struct json *base58)
{
    struct crypto_hash root;
    return crypto_hash_parse(text_of(base58), &root) && memcmp(root.bytes, s->trie.root.bytes, sizeof root.bytes) == 0;
}

static bool import_file(struct state_file *s, const char *path, bool keep_usage, struct records_import *import)
{
    struct records_stream stream = {0};
    struct bytes text;
    struct error e;
    bool found = true;
    bool ok = good(records_import_begin(import, s, keep_usage, &e), &e) &&
              good(records_stream_open(&stream, path, &e), &e);
    while (ok && found) {
        ok = good(records_stream_next(&stream, &found, &text, &e), &e);
        if (ok && found) ok = good(records_import_one(import, text, &e), &e);
    }
    ok = ok && good(records_import_finish(import, &e), &e) && good(state_file_flush(s, &e), &e);
    records_stream_close(&stream);
    return ok;
}

/* ---- comparing -------------------------------------------------------------------------------------------------- */

struct totals {
    bool keep_usage; /* of the scenario at hand */
    unsigned blocks, keys, delayed, postponed, received, left_out;
};

static bool same_receipt(struct bytes a, struct bytes b)
{
    struct arena arena = {0};
    struct stored_receipt first, second;
    struct buffer x = {0}, y = {0};
    bool ok = stored_receipt_from_borsh(a, &arena, &first, NULL) == STATUS_OK &&
              stored_receipt_from_borsh(b, &arena, &second, NULL) == STATUS_OK;
    if (ok) receipt_write(&first.receipt, &x);
    if (ok) receipt_write(&second.receipt, &y);
    ok = ok && bytes_equal(bytes_of(x.data, x.size), bytes_of(y.data, y.size));
    buffer_free(&x);
    buffer_free(&y);
    arena_free(&arena);
    return ok;
}

static bool is_left_out(enum trie_key_kind kind)
{
    return kind >= TRIE_KEY_YIELD_INDICES;
}

/* What is under `key` in the original must be in the copy; delayed receipts move to the front of the queue. */
static bool same_value(struct state_file *copy, struct trie_key key, struct bytes value, uint64_t first,
                       struct totals *totals)
{
    struct bytes other = {0};
    struct queue_indices a, b;
    bool found = false;
    if (key.kind == TRIE_KEY_DELAYED_RECEIPT) key.queue.index -= first;
    if (state_file_get(copy, &key, &found, &other, NULL) != STATUS_OK) return false;
    totals->delayed += key.kind == TRIE_KEY_DELAYED_RECEIPT;
    totals->postponed += key.kind == TRIE_KEY_POSTPONED_RECEIPT;
    totals->received += key.kind == TRIE_KEY_RECEIVED_DATA;
    if (key.kind == TRIE_KEY_DELAYED_RECEIPT_INDICES) {
        if (queue_indices_from_borsh(value, &a, NULL) != STATUS_OK) return false;
        if (queue_length(&a) == 0) return !found;
        return found && queue_indices_from_borsh(other, &b, NULL) == STATUS_OK && queue_length(&a) == queue_length(&b);
    }
    if (key.kind == TRIE_KEY_DELAYED_RECEIPT) return found && same_receipt(value, other);
    return found && bytes_equal(value, other);
}

static uint64_t queue_begin(struct state_file *s)
{
    const struct trie_key key = trie_key_of_queue(TRIE_KEY_DELAYED_RECEIPT_INDICES, 0, 0);
    struct queue_indices indices = {0, 0};
    struct bytes value;
    bool found = false;
    if (state_file_get(s, &key, &found, &value, NULL) == STATUS_OK && found)
        (void)queue_indices_from_borsh(value, &indices, NULL);
    return indices.first;
}

static bool compare(struct state_file *original, struct state_file *copy, const struct records_left_out *left_out,
                    struct totals *totals)
{
    const uint64_t first = queue_begin(original);
    struct trie_iterator it;
    struct bytes bytes, value;
    uint64_t ours = 0, theirs = 0;
    bool found = true, ok = trie_iterator_prefix(&it, &original->trie, (struct bytes){0}, NULL) == STATUS_OK;
    while (ok) {
        struct trie_key key;
        ok = trie_iterator_next(&it, &found, &bytes, &value, NULL) == STATUS_OK;
        if (!ok || !found) break;
        ok = trie_key_parse(bytes, &key, NULL) == STATUS_OK;
        if (!ok || is_left_out(key.kind)) continue;
        ours += key.kind != TRIE_KEY_DELAYED_RECEIPT_INDICES; /* an empty queue has no record */
        const bool delayed = key.kind == TRIE_KEY_DELAYED_RECEIPT_INDICES && left_out->count[TRIE_KEY_DELAYED_RECEIPT];
        if (!delayed && !left_out->count[key.kind]) ok = same_value(copy, key, value, first, totals);
    }
    trie_iterator_free(&it);
    if (ok) ok = trie_iterator_prefix(&it, &copy->trie, (struct bytes){0}, NULL) == STATUS_OK;
    while (ok && trie_iterator_next(&it, &found, &bytes, &value, NULL) == STATUS_OK && found) {
        struct trie_key key;
        ok = trie_key_parse(bytes, &key, NULL) == STATUS_OK;
        theirs += ok && key.kind != TRIE_KEY_DELAYED_RECEIPT_INDICES;
    }
    trie_iterator_free(&it);
    totals->keys += (unsigned)theirs;
    for (enum trie_key_kind kind = 0; kind < TRIE_KEY_KIND_COUNT; kind++)
        if (!is_left_out(kind) && kind != TRIE_KEY_DELAYED_RECEIPT_INDICES) ours -= left_out->count[kind];
    return ok && ours == theirs;
}

/* ---- the scenarios ---------------------------------------------------------------------------------------------- */

static bool round_trip(struct state_file *original, const char *path, struct totals *totals)
{
    struct state_file copy;
    struct records_import import = {0};
    struct records_left_out left_out;
    struct error e;
    uint64_t count = 0;
    state_file_begin(&copy, "copy");
    bool ok = good(records_check(&original->trie, &left_out, &e), &e);
    FILE *out = ok ? fopen(path, "wb") : NULL;
    ok = out && good(records_write(&original->trie, out, &count, &e), &e);
    if (out && fclose(out) != 0) ok = false;
    ok = ok && import_file(&copy, path, totals->keep_usage, &import);
    if (ok && import.other_usage_count) { /* the storage that was counted is the storage that the protocol counted */
        printf("%.*s: counted %llu, recorded %llu\n", import.other_usage.account.length,
               import.other_usage.account.text, (unsigned long long)import.other_usage.bytes,
               (unsigned long long)import.other_usage.given);
        ok = false;
    }
    ok = ok && import.record_count == count && compare(original, &copy, &left_out, totals);
    totals->blocks++;
    totals->left_out += left_out.total != 0;
    records_import_free(&import);
    state_file_close(&copy);
    return ok;
}

static bool genesis(struct json *scenario, bool keep_usage)
{
    struct state_file s;
    struct records_import import;
    struct json *accounts = member(scenario, "genesis");
    struct error e;
    state_file_begin(&s, "genesis");
    bool ok = good(records_import_begin(&import, &s, keep_usage, &e), &e);
    for (size_t i = 0; ok && i < json_length(accounts); i++) {
        struct json *account = json_at(accounts, i);
        struct json *state = member(account, "state");
        ok = import_genesis_account(&import, account);
        for (size_t n = 0; ok && state && n < json_length(state); n++) {
            struct json *pair = json_at(state, n), *value = with_account(account);
            json_add(value, "data_key", json_copy(json_at(pair, 0)));
            json_add(value, "value", json_copy(json_at(pair, 1)));
            ok = import_value(&import, "Data", value);
        }
    }
    ok = ok && good(records_import_finish(&import, &e), &e) && good(state_file_flush(&s, &e), &e);
    ok = ok && root_is(&s, member(scenario, "genesis_root"));
    records_import_free(&import);
    state_file_close(&s);
    return ok;
}

static bool blocks(struct json *scenario, const char *path, struct totals *totals)
{
    struct state_file s;
    struct json *results = member(scenario, "results");
    state_file_begin(&s, "original");
    bool ok = apply_pairs(&s, member(scenario, "genesis_state"), false) && round_trip(&s, path, totals);
    for (size_t i = 0; ok && i < json_length(results); i++) {
        struct json *result = json_at(results, i);
        ok = apply_pairs(&s, member(result, "state_changes"), true) &&
             root_is(&s, member(result, "state_root_after")) && round_trip(&s, path, totals);
    }
    state_file_close(&s);
    return ok;
}

static void test_scenarios(const char *path)
{
    struct buffer text = {0};
    struct totals totals = {0};
    unsigned scenarios = 0;
    test_begin("recorded states, to records and back");
    if (!CHECK(read_file("tests/vectors/runtime.jsonl.xz", &text))) return;
    buffer_append_byte(&text, 0);
    for (char *line = (char *)text.data, *end; !text.failed && (end = strchr(line, '\n')); line = end + 1) {
        struct json *scenario = json_of(bytes_of(line, (size_t)(end - line)));
        const char *name = json_chars(member(scenario, "name"));
        totals.keep_usage = name && strcmp(name, "promise_one_yocto") == 0; /* a usage that is not what is stored */
        if (!CHECK(scenario && genesis(scenario, totals.keep_usage))) printf("genesis of %s\n", name ? name : "?");
        if (!CHECK(scenario && blocks(scenario, path, &totals))) printf("blocks of %s\n", name ? name : "?");
        json_free(scenario);
        scenarios++;
    }
    printf("%u scenarios, %u states (%u with keys that have no record), %u keys; receipts: %u delayed, %u postponed, "
           "%u received data\n",
           scenarios, totals.blocks, totals.left_out, totals.keys, totals.delayed, totals.postponed, totals.received);
    CHECK(totals.delayed && totals.postponed && totals.received && totals.left_out);
    buffer_free(&text);
}

/* ---- what is refused -------------------------------------------------------------------------------------------- */

#define ACCOUNT(id) "{\"Account\":{\"account_id\":\"" id "\",\"account\":{\"amount\":\"1\",\"locked\":\"0\"," \
                    "\"code_hash\":\"11111111111111111111111111111111\",\"storage_usage\":100}}}"
#define KEY "\"public_key\":\"ed25519:6E8sCci9badyRkXb3JoRpBj5p8C6Tw41ELDZoiihKEtp\""
#define RECEIPT(ids, actions) \
    "{\"predecessor_id\":\"ab\",\"receiver_id\":\"ab\",\"receipt_id\":\"11111111111111111111111111111112\"," \
    "\"receipt\":{\"Action\":{\"signer_id\":\"ab\",\"signer_" "public_key" \
    "\":\"ed25519:6E8sCci9badyRkXb3JoRpBj5p8C6Tw41ELDZoiihKEtp\",\"gas_price\":\"1\"," \
    "\"output_data_receivers\":[],\"input_data_ids\":[" ids "],\"actions\":[" actions "]}}}"

static const struct {
    const char *text;
    const char *message; /* part of it; null: accepted */
    uint32_t line;       /* of the record; 0: not looked at */
} files[] = {
    {"[]", NULL, 0},
    {" [ ] ", NULL, 0},
    {"{\"records\":[],\"x\":{\"records\":[1]}}", NULL, 0},
    {"{\"x\":\"\\\"records\\\":[\",\"records\":\n[" ACCOUNT("ab") "]}", NULL, 0},
    {"[" ACCOUNT("ab") ",\n" ACCOUNT("cd") "]", NULL, 0},
    {"", "the file ends where an array of records was expected", 0},
    {"1", "expected an array of records, found '1'", 0},
    {"[", "the file ends where a record was expected", 0},
    {"[" ACCOUNT("ab"), "the file ends where more of a record", 0},
    {"[" ACCOUNT("ab") ",]", "expected a record, found ']'", 0},
    {"[," ACCOUNT("ab") "]", "expected a record, found ','", 0},
    {"[" ACCOUNT("ab") "] x", "expected the end of the file, found 'x'", 0},
    {"[}]", "expected a record, found '}'", 0},
    {"[1}]", "expected ',' or ']' behind a record, found '}'", 0},
    {"{\"a\":[]}", "no array named \"records\"", 0},
    {"{\"records\":[],\"records\":[]}", "two arrays named", 0},
    {"{\"records\":[], 7}", "", 0},
    {"{\"records\":[]", "the file ends where more of the object", 0},
    {"[1]", "record 1: the document: expected an object with one member", 1},
    {"[{}]", "record 1: the document: expected an object with one member", 1},
    {"[{\"Acount\":{}}]", "record 1: Acount: records of this kind are not known", 1},
    {"[" ACCOUNT("ab") ",\n" ACCOUNT("ab") "]", "record 2: Account: account ab is there already", 2},
    {"[" ACCOUNT("Ab") "]", "'Ab' is not an account id", 1},
    {"[\n\n{\"Account\":{\"account_id\":\"ab\"}}]", "record 1: Account: 'account' is missing", 3},
    {"[{\"Account\":\n{\"account_id\":01}}]", "record 1: ", 2},
    {"[" ACCOUNT("ab") ",{\"Data\":{\"account_id\":\"ab\",\"data_key\":\"a\",\"value\":\"\"}}]",
     "record 2: Data.data_key: expected a string in base64", 1},
    {"[{\"Data\":{\"account_id\":\"ab\",\"data_key\":\"\",\"value\":\"\"}}]",
     "keys or data of the account ab, but no record of itself", 0},
    {"[{\"Contract\":{\"account_id\":\"ab\",\"code\":\"\"}}]", "the account ab must come before its code", 1},
    {"[" ACCOUNT("ab") ",{\"Contract\":{\"account_id\":\"ab\",\"code\":\"AA==\"}}]", "is not the code_hash of ab", 1},
    {"[" ACCOUNT("ab") ",{\"AccessKey\":{\"account_id\":\"ab\",\"public_key\":\"ed25519:1\",\"access_key\":0}}]",
     "record 2: AccessKey.public_key: ", 1},
    {"[" ACCOUNT("ab") ",{\"AccessKey\":{\"account_id\":\"ab\"," KEY ",\"access_key\":{\"nonce\":1,"
     "\"permission\":\"Full\"}}}]", "AccessKey.access_key.permission: expected \"FullAccess\"", 1},
    {"[" ACCOUNT("ab") ",{\"AccessKey\":{\"account_id\":\"ab\"," KEY ",\"access_key\":{\"nonce\":1,"
     "\"permission\":{\"FunctionCall\":{\"allowance\":null,\"receiver_id\":\"x\",\"method_names\":[\"m\"]}}}}}]",
     NULL, 0},
    {"[" ACCOUNT("ab") ",{\"AccessKey\":{\"account_id\":\"ab\"," KEY ",\"access_key\":{\"nonce\":1,\"permission\":"
     "{\"GasKeyFunctionCall\":[{\"balance\":\"5\",\"num_nonces\":1},{\"allowance\":null,\"receiver_id\":\"x\","
     "\"method_names\":[]}]}}}},{\"GasKeyNonce\":{\"account_id\":\"ab\"," KEY ",\"index\":0,\"nonce\":7}}]", NULL, 0},
    {"[" ACCOUNT("ab") ",{\"GasKeyNonce\":{\"account_id\":\"ab\"," KEY ",\"index\":65536,\"nonce\":7}}]",
     "GasKeyNonce.index: expected a whole number from 0 to 65535", 1},
    {"[{\"DelayedReceipt\":" RECEIPT("", "{\"Transfer\":{\"deposit\":\"1\"}}") "}]", NULL, 0},
    {"[{\"DelayedReceipt\":" RECEIPT("", "{\"Delegate\":{}}") "}]",
     "Delegate: actions of this kind cannot be read from JSON", 1},
    {"[{\"DelayedReceipt\":" RECEIPT("", "{\"Transfr\":{}}") "}]", "Transfr: there is no such action", 1},
    {"[{\"PostponedReceipt\":" RECEIPT("", "{\"CreateAccount\":{}}") "}]", "waits for no data", 0},
    {"[{\"PostponedReceipt\":" RECEIPT("\"11111111111111111111111111111112\"", "") "}]", NULL, 0},
    {"[{\"PostponedReceipt\":" RECEIPT("\"11111111111111111111111111111112\"", "") "},{\"PostponedReceipt\":"
     RECEIPT("\"11111111111111111111111111111112\"", "") "}]", "there twice", 0},
};

/* The first error of a file; its record is named as the command does it. */
static enum status import_text(const char *path, struct error *e)
{
    struct state_file s;
    struct records_stream stream = {0};
    struct records_import import = {0};
    struct bytes text;
    bool found = true, in_record = false;
    state_file_begin(&s, "state");
    enum status status = records_import_begin(&import, &s, false, e);
    if (status == STATUS_OK) status = records_stream_open(&stream, path, e);
    while (status == STATUS_OK && found) {
        status = records_stream_next(&stream, &found, &text, e);
        in_record = status == STATUS_OK && found;
        if (in_record) status = records_import_one(&import, text, e);
    }
    if (status == STATUS_OK) status = records_import_finish(&import, e);
    else if (in_record) records_stream_locate(&stream, e);
    records_stream_close(&stream);
    records_import_free(&import);
    state_file_close(&s);
    return status;
}

static void test_refused(const char *path)
{
    test_begin("files that are refused, and some that are not");
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct error e = {0};
        FILE *out = fopen(path, "wb");
        if (!CHECK(out && fputs(files[i].text, out) >= 0)) return;
        fclose(out);
        const enum status status = import_text(path, &e);
        const bool ok = files[i].message ? status != STATUS_OK && strstr(e.message, files[i].message) &&
                                               (!files[i].line || e.line == files[i].line)
                                         : status == STATUS_OK;
        if (!CHECK(ok)) printf("%s\n%s (line %u)\n", files[i].text, e.message, e.line);
    }
}

/* Every truncation of a file that has one record of each kind ends in an error, and in nothing else. */
static void test_truncated(const char *path)
{
    static const char whole[] =
        "{\"a\":[],\"records\":[" ACCOUNT("ab") ",{\"Data\":{\"account_id\":\"ab\",\"data_key\":\"\",\"value\":\"AA==\"}},"
        "{\"ReceivedData\":{\"account_id\":\"ab\",\"data_id\":\"11111111111111111111111111111111\",\"data\":null}},"
        "{\"DelayedReceipt\":" RECEIPT("", "{\"Transfer\":{\"deposit\":\"1\"}}") "}]}";
    unsigned refused = 0;
    test_begin("truncations");
    for (size_t size = 0; size < sizeof whole; size++) {
        struct error e = {0};
        FILE *out = fopen(path, "wb");
        if (!CHECK(out && fwrite(whole, 1, size, out) == size)) return;
        fclose(out);
        refused += import_text(path, &e) != STATUS_OK && e.message[0];
    }
    CHECK_EQUAL(refused, sizeof whole - 1);
}

int main(void)
{
    char path[] = "/tmp/records.XXXXXX";
    const int descriptor = mkstemp(path);
    if (!CHECK(descriptor >= 0)) return test_end();
    close(descriptor);
    test_scenarios(path);
    test_refused(path);
    test_truncated(path);
    unlink(path);
    return test_end();
}
