#include "base/base64.h"
#include "documents/records_write.h"
#include "cli/state.h"

static const struct usage usage = {
    .command = "state export",
    .operands = "FILE",
    .text = "Prints a state as genesis records, one line for each, or the data of one contract in the form in which\n"
            "an RPC server answers view_state (`nvm run --state` and `nvm state import` read it).\n"
            "\n"
            "There are no records for queues between shards, yields and global contracts: such a state is refused,\n"
            "unless --partial leaves them out.\n",
    .examples = "  nvm state export dev.state > records.json\n"
                "  nvm state export dev.state --view-state token.near > token.json\n",
    .min_operands = 1,
    .max_operands = 1,
    .failure = "is not used",
};

/* Names the kinds of keys that have no record. */
static void list_left_out(const struct records_left_out *left_out)
{
    for (enum trie_key_kind kind = 0; kind < TRIE_KEY_KIND_COUNT; kind++)
        if (left_out->count[kind])
            fprintf(stderr, "  %s: %llu\n", trie_key_kind_name(kind), (unsigned long long)left_out->count[kind]);
}

static int export_records(const struct state_file *s, bool partial)
{
    struct records_left_out left_out;
    uint64_t count = 0;
    struct error e;
    if (records_check(&s->trie, &left_out, &e) != STATUS_OK) return state_refuse(s, &e);
    if (left_out.total && !partial) {
        say_error("%s: %llu key%s of the state ha%s no genesis record:", s->path, (unsigned long long)left_out.total,
                  left_out.total == 1 ? "" : "s", left_out.total == 1 ? "s" : "ve");
        list_left_out(&left_out);
        say_hint("--partial leaves them out; the state file itself is complete");
        return EXIT_INPUT;
    }
    if (left_out.total) {
        fprintf(stderr, "nvm: note: left out for want of a record:\n");
        list_left_out(&left_out);
    }
    enum status status = records_write(&s->trie, stdout, &count, &e);
    if (status != STATUS_OK && status != STATUS_IO) return state_refuse(s, &e);
    return state_finish_output();
}

static enum status print_entry(struct bytes key, struct bytes value, bool first, struct error *e)
{
    struct buffer text = {0};
    buffer_append_string(&text, first ? "\n{\"key\":\"" : ",\n{\"key\":\"");
    base64_encode(key, &text);
    buffer_append_string(&text, "\",\"value\":\"");
    base64_encode(value, &text);
    buffer_append_string(&text, "\"}");
    if (!text.failed) put_json(bytes_of(text.data, text.size));
    const bool failed = text.failed;
    buffer_free(&text);
    return failed ? error_no_memory(e) : STATUS_OK;
}

static enum status print_data(const struct state_file *s, const struct account_id *id, struct error *e)
{
    struct buffer prefix = {0};
    struct trie_iterator it = {0};
    struct bytes key, value;
    bool found = true, first = true;
    trie_key_write_data_prefix(id, (struct bytes){0}, &prefix);
    enum status status = prefix.failed ? error_no_memory(e) : STATUS_OK;
    if (status == STATUS_OK) status = trie_iterator_prefix(&it, &s->trie, bytes_of(prefix.data, prefix.size), e);
    while (status == STATUS_OK) {
        status = trie_iterator_next(&it, &found, &key, &value, e);
        if (status != STATUS_OK || !found) break;
        status = print_entry(bytes_of(key.data + prefix.size, key.size - prefix.size), value, first, e);
        first = false;
    }
    trie_iterator_free(&it);
    buffer_free(&prefix);
    return status;
}

static int export_data(struct state_file *s, const char *account)
{
    struct account_id id;
    struct account found;
    struct error e;
    int code = state_parse_account_id("state export: --view-state", bytes_of_string(account), &id);
    if (code < 0) code = state_require_account(s, &id, &found);
    if (code >= 0) return code;
    printf("{\"values\":[");
    if (print_data(s, &id, &e) != STATUS_OK) return state_refuse(s, &e);
    printf("\n]}\n");
    return state_finish_output();
}

int command_state_export(int argc, char **argv)
{
    const char *view_state = NULL;
    bool records = false, partial = false;
    const struct option options[] = {
        {"records", 0, OPTION_FLAG, &records, NULL, "genesis records (this is the default)", 0},
        {"view-state", 0, OPTION_TEXT, &view_state, "ACCOUNT", "the data of this contract", 0},
        {"partial", 0, OPTION_FLAG, &partial, NULL, "leave out what has no record, and say what", 0},
        {0},
    };
    struct state_file s = {0};
    int count = 0;
    int code = options_parse(&usage, options, argc, argv, &count);
    if (code < 0 && view_state && (records || partial)) {
        say_error("state export: --view-state goes with neither --records nor --partial");
        return EXIT_INPUT;
    }
    if (code < 0) code = state_open(&s, argv[0], STATE_READ);
    if (code < 0) code = view_state ? export_data(&s, view_state) : export_records(&s, partial);
    state_file_close(&s);
    return code;
}
