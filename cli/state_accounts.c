#include "json/json_write.h"
#include "documents/records_value.h"
#include "cli/state.h"
#include "near/amount.h"

static const struct usage usage = {
    .command = "state accounts",
    .operands = "FILE",
    .text = "Lists the accounts of a state, in the order of their names.\n",
    .examples = "  nvm state accounts dev.state\n"
                "  nvm state accounts dev.state --json\n",
    .min_operands = 1,
    .max_operands = 1,
    .failure = "is not used",
};

static const char *code_text(const struct account *a, char out[static CRYPTO_HASH_TEXT_SIZE + ACCOUNT_ID_TEXT_SIZE])
{
    char id[ACCOUNT_ID_TEXT_SIZE], hash[CRYPTO_HASH_TEXT_SIZE];
    const size_t size = CRYPTO_HASH_TEXT_SIZE + ACCOUNT_ID_TEXT_SIZE;
    switch (a->code) {
    case ACCOUNT_CODE_NONE: return "-";
    case ACCOUNT_CODE_LOCAL: snprintf(out, size, "%s", crypto_hash_text(&a->code_hash, hash)); break;
    case ACCOUNT_CODE_GLOBAL: snprintf(out, size, "global %s", crypto_hash_text(&a->code_hash, hash)); break;
    case ACCOUNT_CODE_GLOBAL_BY_ACCOUNT:
        snprintf(out, size, "global of %s", account_id_text(&a->code_account, id));
        break;
    }
    return out;
}

static void print_text_line(const struct account_id *id, const struct account *a)
{
    char name[ACCOUNT_ID_TEXT_SIZE], amount[AMOUNT_TEXT_SIZE];
    char code[CRYPTO_HASH_TEXT_SIZE + ACCOUNT_ID_TEXT_SIZE];
    printf("%-32s  %24s  %8llu  %s\n", account_id_text(id, name), balance_text(a->amount, amount),
           (unsigned long long)a->storage_usage, code_text(a, code));
}

static enum status print_json_line(const struct account_id *id, const struct account *a, bool first, struct error *e)
{
    struct json_builder b = json_object_begin();
    json_put(&b, "account_id", json_account_id(id));
    json_put(&b, "account", json_account(a));
    printf(first ? "\n" : ",\n");
    return state_print_json(json_finish(&b)) ? STATUS_OK : error_no_memory(e);
}

static enum status list(const struct state_file *s, bool json, uint64_t *count, struct error *e)
{
    static const uint8_t column = 0; /* of accounts: near/trie_keys.def */
    struct trie_iterator it;
    struct bytes key, value;
    bool found = true;
    enum status status = trie_iterator_prefix(&it, &s->trie, bytes_of(&column, 1), e);
    for (*count = 0; status == STATUS_OK; (*count)++) {
        struct trie_key parsed;
        struct account account;
        status = trie_iterator_next(&it, &found, &key, &value, e);
        if (status != STATUS_OK || !found) break;
        status = trie_key_parse(key, &parsed, e);
        if (status == STATUS_OK) status = account_from_borsh(value, &account, e);
        if (status == STATUS_OK && json) status = print_json_line(&parsed.account_id, &account, *count == 0, e);
        else if (status == STATUS_OK) print_text_line(&parsed.account_id, &account);
    }
    trie_iterator_free(&it);
    return status;
}

static int print(const struct state_file *s, bool json)
{
    uint64_t count = 0;
    struct error e;
    if (json) printf("[");
    else printf("%s%-32s  %24s  %8s  %s%s\n", colour(stdout, BOLD), "account", "balance", "storage", "code",
                colour(stdout, PLAIN));
    if (list(s, json, &count, &e) != STATUS_OK) return state_refuse(s, &e);
    if (json) printf("\n]\n");
    else printf("%llu account%s\n", (unsigned long long)count, count == 1 ? "" : "s");
    return state_finish_output();
}

int command_state_accounts(int argc, char **argv)
{
    bool json = false;
    const struct option options[] = {
        {"json", 0, OPTION_FLAG, &json, NULL, "as JSON: an array, a line for each account", 0},
        {0},
    };
    struct state_file s = {0};
    int count = 0;
    int code = options_parse(&usage, options, argc, argv, &count);
    if (code < 0) code = state_open(&s, argv[0], STATE_READ);
    if (code < 0) code = print(&s, json);
    state_file_close(&s);
    return code;
}
