#include <stdlib.h>

#include "cli/state.h"

static const struct usage usage = {
    .command = "state create",
    .operands = "FILE",
    .text = "Makes a state file: without accounts, with those that are named, or with those of a file of genesis\n"
            "records. An account has no keys and no code to begin with: `nvm state set` gives it some.\n"
            "\n"
            "Amounts: 1.5N, 10mN, 1 (yoctoNEAR).\n",
    .examples = "  nvm state create dev.state --account alice.near=100N --account token.near=10N\n"
                "  nvm state create dev.state --genesis records.json\n",
    .min_operands = 1,
    .max_operands = 1,
    .failure = "is not used",
};

/* ID=BALANCE */
static int add_account(struct state_file *s, const char *text)
{
    char shown[ACCOUNT_ID_TEXT_SIZE];
    const char *equals = strchr(text, '=');
    struct account account = {.form = ACCOUNT_V1};
    struct account_id id;
    struct account old;
    struct error e;
    bool found = false;
    if (!equals) {
        say_error("state create: --account: '%.100s' is not ID=BALANCE", text);
        say_hint("for example: --account alice.near=100N");
        return EXIT_INPUT;
    }
    int code = state_parse_account_id("state create: --account", bytes_of(text, (size_t)(equals - text)), &id);
    if (code < 0) code = state_parse_balance("state create: --account", bytes_of_string(equals + 1), &account.amount);
    if (code >= 0) return code;
    if (state_file_get_account(s, &id, &found, &old, &e) != STATUS_OK) return state_refuse(s, &e);
    if (found) {
        say_error("state create: the account %s is there twice", account_id_text(&id, shown));
        return EXIT_INPUT;
    }
    account.storage_usage = storage_of_account(&account);
    return state_file_set_account(s, &id, &account, &e) == STATUS_OK ? -1 : state_refuse(s, &e);
}

int command_state_create(int argc, char **argv)
{
    struct text_list accounts = {0};
    const char *genesis = NULL;
    bool keep_usage = false, force = false;
    const struct option options[] = {
        {"account", 0, OPTION_LIST, &accounts, "ID=BALANCE", "an account; may be repeated", 0},
        {"genesis", 0, OPTION_TEXT, &genesis, "FILE", "genesis records, or a whole genesis file (JSON)", 0},
        {"keep-usage", 0, OPTION_FLAG, &keep_usage, NULL, "storage usages as the records have them, not counted", 0},
        {"force", 0, OPTION_FLAG, &force, NULL, "take the place of a file that is there", 0},
        {0},
    };
    struct state_file s = {0};
    uint64_t records = 0;
    int count = 0;
    int code = options_parse(&usage, options, argc, argv, &count);
    if (code < 0) code = state_make(&s, argv[0], force);
    if (code < 0 && genesis) code = state_add_records(&s, genesis, keep_usage, &records);
    for (uint32_t i = 0; code < 0 && i < accounts.count; i++) code = add_account(&s, accounts.items[i]);
    if (code < 0) code = state_save(&s);
    state_file_close(&s);
    free(accounts.items);
    return code < 0 ? EXIT_OK : code;
}
