#include "json/json_write.h"
#include "documents/records_value.h"
#include "cli/run_text.h"
#include "cli/state.h"
#include "near/amount.h"

static const struct usage usage = {
    .command = "state view",
    .operands = "FILE ACCOUNT",
    .text = "Shows an account: balance, storage, code, access keys, and the data of its contract as far as they can\n"
            "be read: text, JSON, numbers, otherwise hexadecimal.\n"
            "\n"
            "A prefix is text, text:..., base64:... or hex:...\n",
    .examples = "  nvm state view dev.state token.near\n"
                "  nvm state view dev.state token.near --prefix STATE\n"
                "  nvm state view dev.state token.near --json\n",
    .min_operands = 2,
    .max_operands = 2,
    .failure = "is not used",
};

enum { SHOWN_KEY = 60, SHOWN_VALUE = 200 };

struct view {
    struct state_file *state;
    struct account_id id;
    struct account account;
    struct bytes prefix;     /* of the contract's own keys */
    bool json;
    uint64_t count, bytes;   /* data that were shown */
};

/* Calls `each` for every key with the prefix. */
typedef enum status visit(struct view *v, struct bytes key, struct bytes value, struct error *e);

static enum status walk(struct view *v, struct buffer *prefix, visit *each, struct error *e)
{
    struct trie_iterator it = {0};
    struct bytes key, value;
    bool found = true;
    enum status status = prefix->failed ? error_no_memory(e) : STATUS_OK;
    if (status == STATUS_OK)
        status = trie_iterator_prefix(&it, &v->state->trie, bytes_of(prefix->data, prefix->size), e);
    v->count = 0;
    while (status == STATUS_OK) {
        status = trie_iterator_next(&it, &found, &key, &value, e);
        if (status != STATUS_OK || !found) break;
        status = each(v, key, value, e);
    }
    trie_iterator_free(&it);
    buffer_free(prefix);
    return status;
}

/* ---- the account ------------------------------------------------------------------------------------------------ */

static void print_code(const struct account *a, bool found, size_t size)
{
    char hash[CRYPTO_HASH_TEXT_SIZE], id[ACCOUNT_ID_TEXT_SIZE], length[24];
    switch (a->code) {
    case ACCOUNT_CODE_NONE: printf("none"); break;
    case ACCOUNT_CODE_LOCAL: printf("%s", crypto_hash_text(&a->code_hash, hash)); break;
    case ACCOUNT_CODE_GLOBAL: printf("global contract %s", crypto_hash_text(&a->code_hash, hash)); break;
    case ACCOUNT_CODE_GLOBAL_BY_ACCOUNT: printf("global contract of %s", account_id_text(&a->code_account, id)); break;
    }
    readable_size(length, size);
    if (found) printf(", %s", length);
    else if (a->code != ACCOUNT_CODE_NONE) printf(", which is not in this state");
    printf("\n");
}

/* The code of the account, whatever kind it is. */
static enum status find_code(struct view *v, bool *found, struct bytes *code, struct error *e)
{
    struct trie_key key = trie_key_of_account(TRIE_KEY_CONTRACT_CODE, &v->id);
    struct global_contract_id global;
    *found = false;
    *code = (struct bytes){0};
    if (v->account.code == ACCOUNT_CODE_NONE) return STATUS_OK;
    if (account_global_contract(&v->account, &global))
        key = trie_key_of_contract(TRIE_KEY_GLOBAL_CONTRACT_CODE, &global);
    return state_file_get(v->state, &key, found, code, e);
}

static enum status show_account(struct view *v, struct error *e)
{
    char id[ACCOUNT_ID_TEXT_SIZE], amount[AMOUNT_TEXT_SIZE];
    struct bytes code;
    bool found = false;
    enum status status = find_code(v, &found, &code, e);
    if (status != STATUS_OK) return status;
    if (v->json) {
        printf("{\"account_id\":\"%s\",\n\"account\":", account_id_text(&v->id, id));
        if (!state_print_json(json_account(&v->account))) return error_no_memory(e);
        if (found) printf(",\n\"code_size\":%zu", code.size);
        return STATUS_OK;
    }
    printf("%s%s%s\n", colour(stdout, BOLD), account_id_text(&v->id, id), colour(stdout, PLAIN));
    printf("  balance  %s\n", balance_text(v->account.amount, amount));
    if (!u128_equal(v->account.locked, u128_of(0))) printf("  locked   %s\n", balance_text(v->account.locked, amount));
    printf("  storage  %llu bytes\n  code     ", (unsigned long long)v->account.storage_usage);
    print_code(&v->account, found, code.size);
    if (v->account.form == ACCOUNT_UNINITIALIZED)
        printf("  not initialized: its state init is still to come (nonce %llu)\n",
               (unsigned long long)v->account.bootstrap_nonce);
    return STATUS_OK;
}

/* ---- access keys ------------------------------------------------------------------------------------------------ */

static void print_permission(const struct access_key *k)
{
    char amount[AMOUNT_TEXT_SIZE];
    if (access_key_is_gas_key(k))
        printf("gas key with %s and %u nonces, ", balance_text(k->gas_key_balance, amount), k->num_nonces);
    if (!access_key_is_function_call(k)) {
        printf("full access");
        return;
    }
    printf("calls of ");
    print_name(stdout, k->receiver_id);
    for (uint32_t i = 0; i < k->method_count; i++) {
        printf(i ? ", " : ": ");
        print_name(stdout, k->method_names[i]);
    }
    if (k->has_allowance) printf("; allowance %s", balance_text(k->allowance, amount));
}

static enum status show_key(struct view *v, struct bytes key_bytes, struct bytes value, struct error *e)
{
    struct trie_key key;
    struct access_key access_key;
    struct arena arena = {0};
    struct buffer text = {0};
    enum status status = trie_key_parse(key_bytes, &key, e);
    if (status != STATUS_OK || key.kind != TRIE_KEY_ACCESS_KEY || !account_id_equal(&key.account_id, &v->id))
        return status;
    status = access_key_from_borsh(value, &arena, &access_key, e);
    if (status == STATUS_OK && !public_key_handle_print(&key.key.handle, &text)) status = error_no_memory(e);
    if (status == STATUS_OK && v->json) {
        struct json_builder b = json_object_begin();
        json_put(&b, "public_key", json_key_handle(&key.key.handle));
        json_put(&b, "access_key", json_access_key(&access_key));
        printf(v->count ? ",\n" : "\n");
        if (!state_print_json(json_finish(&b))) status = error_no_memory(e);
    } else if (status == STATUS_OK) {
        if (!v->count) printf("keys\n");
        printf("  %.*s  nonce %llu, ", (int)text.size, (const char *)text.data, (unsigned long long)access_key.nonce);
        print_permission(&access_key);
        printf("\n");
    }
    v->count++;
    buffer_free(&text);
    arena_free(&arena);
    return status;
}

static enum status show_keys(struct view *v, struct error *e)
{
    struct buffer prefix = {0};
    trie_key_write_access_key_prefix(&v->id, &prefix);
    if (v->json) printf(",\n\"keys\":[");
    enum status status = walk(v, &prefix, show_key, e);
    if (status == STATUS_OK && v->json) printf("]");
    else if (status == STATUS_OK && !v->count) printf("keys: none\n");
    return status;
}

/* ---- data ------------------------------------------------------------------------------------------------------- */

static enum status show_entry(struct view *v, struct bytes key_bytes, struct bytes value, struct error *e)
{
    struct trie_key key;
    enum status status = trie_key_parse(key_bytes, &key, e);
    if (status != STATUS_OK) return status;
    if (v->json) {
        struct json_builder b = json_object_begin();
        json_put(&b, "key", json_base64(key.data));
        json_put(&b, "value", json_base64(value));
        printf(v->count ? ",\n" : "\n");
        if (!state_print_json(json_finish(&b))) return error_no_memory(e);
    } else {
        if (!v->count) printf("data\n");
        printf("  ");
        print_bytes(stdout, key.data, SHOWN_KEY);
        printf(" = ");
        print_value(stdout, value, SHOWN_VALUE);
        printf("\n");
    }
    v->count++;
    v->bytes += key.data.size + value.size;
    return STATUS_OK;
}

static enum status show_data(struct view *v, struct error *e)
{
    struct buffer prefix = {0};
    char size[24];
    trie_key_write_data_prefix(&v->id, v->prefix, &prefix);
    if (v->json) printf(",\n\"data\":[");
    enum status status = walk(v, &prefix, show_entry, e);
    if (status != STATUS_OK) return status;
    readable_size(size, v->bytes);
    if (v->json) printf("]}\n");
    else if (!v->count) printf(v->prefix.size ? "data: none with this prefix\n" : "data: none\n");
    else printf("%llu key%s, %s\n", (unsigned long long)v->count, v->count == 1 ? "" : "s", size);
    return STATUS_OK;
}

int command_state_view(int argc, char **argv)
{
    const char *prefix_text = "";
    struct view v = {0};
    const struct option options[] = {
        {"prefix", 0, OPTION_TEXT, &prefix_text, "PREFIX", "only data whose key begins so", 0},
        {"json", 0, OPTION_FLAG, &v.json, NULL, "as JSON; keys and values of the data in base64", 0},
        {0},
    };
    struct state_file s = {0};
    struct buffer prefix = {0};
    struct error e;
    int count = 0;
    int code = options_parse(&usage, options, argc, argv, &count);
    if (code < 0) code = state_parse_account_id("state view", bytes_of_string(argv[1]), &v.id);
    if (code < 0) code = state_parse_bytes("state view: --prefix", prefix_text, &prefix);
    if (code < 0) code = state_open(&s, argv[0], STATE_READ);
    if (code < 0) code = state_require_account(&s, &v.id, &v.account);
    if (code < 0) {
        v.state = &s;
        v.prefix = bytes_of(prefix.data, prefix.size);
        enum status status = show_account(&v, &e);
        if (status == STATUS_OK) status = show_keys(&v, &e);
        if (status == STATUS_OK) status = show_data(&v, &e);
        code = status == STATUS_OK ? state_finish_output() : state_refuse(&s, &e);
    }
    buffer_free(&prefix);
    state_file_close(&s);
    return code;
}
