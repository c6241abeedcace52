#include <stdlib.h>

#include "cli/call.h"
#include "near/receipt_json.h"

static void write_root(struct buffer *out, const char *name, const struct trie_hash *root)
{
    char text[CRYPTO_HASH_TEXT_SIZE];
    struct crypto_hash hash;
    memcpy(hash.bytes, root->bytes, sizeof hash.bytes);
    buffer_printf(out, "\"%s\":\"%s\",\n", name, crypto_hash_text(&hash, text));
}

static void write_entry(struct buffer *out, const struct call_entry *x, bool first)
{
    char id[CRYPTO_HASH_TEXT_SIZE];
    buffer_printf(out, "%s\n{\"id\":\"%s\",\"block_height\":%llu,\"receipt\":", first ? "" : ",",
                  crypto_hash_text(&x->outcome->id, id), (unsigned long long)x->height);
    if (x->receipt) receipt_json(x->receipt, out);
    else buffer_append_string(out, "null");
    buffer_append_string(out, ",\"outcome\":");
    outcome_json(x->outcome, out);
    buffer_append_string(out, "}");
}

static void write_all(const struct call *c, struct call_entry *entries, uint32_t count, struct buffer *out)
{
    char text[CRYPTO_HASH_TEXT_SIZE], amount[U128_TEXT_SIZE];
    struct u128 tokens;
    uint64_t gas = 0;
    call_totals(entries, count, &gas, &tokens);
    u128_print(tokens, amount);
    buffer_printf(out, "{\"transaction_hash\":\"%s\",\n\"transaction\":",
                  crypto_hash_text(&c->transaction.hash, text));
    signed_transaction_json(&c->transaction, out);
    buffer_append_string(out, ",\n\"status\":");
    outcome_status_json(call_final(entries, count), out);
    buffer_printf(out, ",\n\"gas_burnt\":%llu,\n\"tokens_burnt\":\"%s\",\n", (unsigned long long)gas, amount);
    buffer_printf(out, "\"block_height\":%llu,\n\"block_count\":%u,\n", (unsigned long long)c->height,
                  c->block_count);
    write_root(out, "state_root_before", &c->root_before);
    write_root(out, "state_root_after", &c->state.trie.root);
    buffer_printf(out, "\"saved\":%s,\n\"outcomes\":[", c->saved ? "true" : "false");
    for (uint32_t i = 0; i < count; i++) write_entry(out, &entries[i], i == 0);
    buffer_append_string(out, "\n]}\n");
}

int call_report_json(const struct call *c)
{
    struct buffer out = {0};
    uint32_t count = 0;
    int code = EXIT_INPUT;
    struct call_entry *entries = call_entries(c, &count);
    if (entries) write_all(c, entries, count, &out);
    if (!entries || out.failed) {
        say_error("out of memory");
    } else if (!put_json(bytes_of(out.data, out.size)) || fflush(stdout) != 0) {
        say_error("cannot write to standard output");
    } else {
        code = call_final(entries, count)->status == EXECUTION_FAILURE ? EXIT_TRAPPED : EXIT_OK;
    }
    buffer_free(&out);
    free(entries);
    return code;
}
