/* What blocks did, for people and as JSON. */
#include "cli/run_chain.h"

#include <stdlib.h>

#include "cli/gas_text.h"
#include "cli/run_text.h"
#include "near/amount.h"

enum { VALUE_SHOWN = 60, RESULT_SHOWN = 400 };

static const struct receipt *find_receipt(const struct run_chain *c, const struct crypto_hash *id)
{
    for (uint32_t b = 0; b < c->block_count; b++) {
        const struct chunk *k = &c->chunks[b];
        for (uint32_t i = 0; i < k->incoming_count; i++)
            if (crypto_hash_equal(&k->incoming[i].receipt_id, id)) return &k->incoming[i];
        for (uint32_t i = 0; i < c->results[b].processed_count; i++)
            if (crypto_hash_equal(&c->results[b].processed[i].receipt->receipt_id, id))
                return c->results[b].processed[i].receipt;
    }
    return NULL;
}

static void print_account(FILE *out, const struct account_id *id)
{
    fprintf(out, "%.*s", (int)id->length, id->text);
}

/* "ft_transfer() on alice.near by carol.near" */
static void print_title(FILE *out, const struct receipt *r)
{
    if (!r) {
        fputs("a receipt", out);
        return;
    }
    if (receipt_has_actions(r) && r->action.action_count == 1 &&
        r->action.actions[0].kind == ACTION_KIND_function_call) {
        print_name(out, r->action.actions[0].function_call.method_name);
        fputs("()", out);
    } else if (receipt_has_actions(r)) {
        for (uint32_t i = 0; i < r->action.action_count; i++)
            fprintf(out, "%s%s", i ? ", " : "", action_kind_name(r->action.actions[i].kind));
    } else {
        fputs(receipt_kind_name(r->kind), out);
    }
    fputs(" on ", out);
    print_account(out, &r->receiver_id);
    fputs(" by ", out);
    print_account(out, &r->predecessor_id);
}

static void print_status(FILE *out, const struct execution_outcome *o)
{
    char text[CRYPTO_HASH_TEXT_SIZE];
    struct buffer json = {0};
    switch (o->status) {
    case EXECUTION_SUCCESS_VALUE:
        if (o->value.size == 0) fputs("ok", out);
        else {
            fputs("ok, ", out);
            print_returned(out, o->value, RESULT_SHOWN);
        }
        break;
    case EXECUTION_SUCCESS_RECEIPT_ID: fprintf(out, "ok, result of %s", crypto_hash_text(&o->receipt_id, text)); break;
    case EXECUTION_FAILURE:
        outcome_status_json(o, &json);
        fputs(colour(out, RED), out);
        if (!json.failed) print_shown(out, bytes_of(json.data, json.size));
        fputs(colour(out, PLAIN), out);
        break;
    case EXECUTION_UNKNOWN: fputs("unknown", out);
    }
    buffer_free(&json);
}

static void print_gas_line(FILE *out, uint64_t gas, struct u128 tokens)
{
    char digits[GAS_TEXT], amount[AMOUNT_TEXT_SIZE];
    gas_grouped(digits, gas);
    fprintf(out, "%s gas, %s burnt", digits, balance_text(tokens, amount));
}

static void print_outcome(FILE *out, const struct run_chain *c, const struct execution_outcome *o)
{
    run_label(out, "receipt");
    print_title(out, find_receipt(c, &o->id));
    fputc('\n', out);
    run_label(out, "");
    print_status(out, o);
    fputc('\n', out);
    for (uint32_t i = 0; i < o->log_count; i++) {
        run_label(out, "");
        fputs("log: ", out);
        print_shown(out, o->logs[i]);
        fputc('\n', out);
    }
    run_label(out, "");
    print_gas_line(out, o->gas_burnt, o->tokens_burnt);
    fputc('\n', out);
}

/* Receipts that were not followed. */
static void print_left(FILE *out, const struct run_chain *c)
{
    for (uint32_t b = 0; b < c->block_count; b++) {
        for (uint32_t i = 0; i < c->results[b].outgoing_count; i++) {
            const struct receipt *r = c->results[b].outgoing[i];
            bool applied = false;
            for (uint32_t k = 0; b + 1 < c->block_count && k < c->chunks[b + 1].incoming_count; k++)
                applied |= crypto_hash_equal(&c->chunks[b + 1].incoming[k].receipt_id, &r->receipt_id);
            if (applied) continue;
            run_label(out, "sent");
            print_title(out, r);
            fputc('\n', out);
        }
    }
}

/* ---- what is different after all blocks -------------------------------------------------------------------------- */

static int by_key(const void *a, const void *b)
{
    const struct bytes *x = a, *y = b;
    size_t n = x->size < y->size ? x->size : y->size;
    int order = n ? memcmp(x->data, y->data, n) : 0;
    return order ? order : (x->size > y->size) - (x->size < y->size);
}

/* All keys that some block has changed, sorted; to be freed. */
static struct bytes *changed_keys(const struct run_chain *c, size_t *count)
{
    size_t n = 0;
    for (uint32_t b = 0; b < c->block_count; b++) n += c->results[b].change_count;
    struct bytes *keys = calloc(n + 1, sizeof *keys);
    *count = 0;
    for (uint32_t b = 0; keys && b < c->block_count; b++)
        for (size_t i = 0; i < c->results[b].change_count; i++) keys[(*count)++] = c->results[b].changes[i].key;
    if (keys) qsort(keys, *count, sizeof *keys, by_key);
    return keys;
}

static bool look_up(const struct run_chain *c, const struct trie_hash *root, struct bytes key, struct bytes *value)
{
    struct trie t = c->trie;
    bool found = false;
    t.root = *root;
    t.recorder = NULL;
    return trie_get(&t, key, NULL, &found, value, NULL) == STATUS_OK && found;
}

static void print_account_change(FILE *out, struct bytes before, struct bytes after)
{
    struct account a, b;
    char was[AMOUNT_TEXT_SIZE], is[AMOUNT_TEXT_SIZE];
    if (account_from_borsh(before, &a, NULL) != STATUS_OK || account_from_borsh(after, &b, NULL) != STATUS_OK) return;
    fprintf(out, ": %s", balance_text(a.amount, was));
    if (!u128_equal(a.amount, b.amount)) fprintf(out, " -> %s", balance_text(b.amount, is));
    if (a.storage_usage != b.storage_usage)
        fprintf(out, ", storage %llu -> %llu bytes", (unsigned long long)a.storage_usage,
                (unsigned long long)b.storage_usage);
}


static void print_change(FILE *out, const struct run_chain *c, struct bytes bytes)
{
    struct bytes before = {0}, after = {0};
    struct trie_key key;
    struct buffer text = {0};
    bool was = look_up(c, &c->state.trie.root, bytes, &before), is = look_up(c, &c->trie.root, bytes, &after);
    if (was == is && bytes_equal(before, after)) return;
    if (trie_key_parse(bytes, &key, NULL) != STATUS_OK || key.kind == TRIE_KEY_BANDWIDTH_SCHEDULER_STATE) return;
    trie_key_print(&key, &text);
    run_label(out, "state");
    fputs(!was ? "+ " : !is ? "- " : "~ ", out);
    if (!text.failed) print_shown(out, bytes_of(text.data, text.size));
    buffer_free(&text);
    if (key.kind == TRIE_KEY_ACCOUNT && was && is) print_account_change(out, before, after);
    if (key.kind == TRIE_KEY_CONTRACT_DATA) {
        fputs(": ", out);
        if (was) print_value(out, before, VALUE_SHOWN);
        if (was && is) fputs(" -> ", out);
        if (is) print_value(out, after, VALUE_SHOWN);
    }
    fputc('\n', out);
}

static void print_changes(FILE *out, const struct run_chain *c)
{
    size_t count;
    struct bytes *keys = changed_keys(c, &count);
    for (size_t i = 0; keys && i < count; i++)
        if (i == 0 || !bytes_equal(keys[i - 1], keys[i])) print_change(out, c, keys[i]);
    free(keys);
}

bool chain_call_failed(const struct run_chain *c)
{
    for (uint32_t i = 0; i < c->results[0].outcome_count; i++)
        if (c->results[0].outcomes[i].status == EXECUTION_FAILURE) return true;
    return false;
}

static void append_hash(struct buffer *out, const char *name, const struct trie_hash *h)
{
    struct crypto_hash hash;
    char text[CRYPTO_HASH_TEXT_SIZE];
    memcpy(hash.bytes, h->bytes, sizeof hash.bytes);
    buffer_printf(out, "\"%s\":\"%s\"", name, crypto_hash_text(&hash, text));
}

static int report_json(const struct run_chain *c)
{
    struct buffer out = {0};
    buffer_append_string(&out, "{");
    append_hash(&out, "state_root_before", &c->state.trie.root);
    buffer_append_string(&out, ",");
    append_hash(&out, "state_root_after", &c->trie.root);
    buffer_append_string(&out, ",\"outcomes\":[");
    bool first = true;
    for (uint32_t b = 0; b < c->block_count; b++) {
        for (uint32_t i = 0; i < c->results[b].outcome_count; i++) {
            char id[CRYPTO_HASH_TEXT_SIZE];
            const struct execution_outcome *o = &c->results[b].outcomes[i];
            buffer_printf(&out, "%s{\"id\":\"%s\",\"block_height\":%llu,\"outcome\":", first ? "" : ",",
                          crypto_hash_text(&o->id, id), (unsigned long long)c->chunks[b].block_height);
            outcome_json(o, &out);
            buffer_append_string(&out, "}");
            first = false;
        }
    }
    buffer_append_string(&out, "]}\n");
    if (out.failed) {
        buffer_free(&out);
        say_error("out of memory");
        return EXIT_INPUT;
    }
    put_json(bytes_of(out.data, out.size));
    buffer_free(&out);
    return chain_call_failed(c) ? EXIT_TRAPPED : EXIT_OK;
}

int chain_report(const struct run_chain *c, const char *proof_path, size_t proof_size)
{
    if (c->run->options.json) return report_json(c);
    struct crypto_hash before, after;
    char a[CRYPTO_HASH_TEXT_SIZE], b[CRYPTO_HASH_TEXT_SIZE], size[24];
    memcpy(before.bytes, c->state.trie.root.bytes, sizeof before.bytes);
    memcpy(after.bytes, c->trie.root.bytes, sizeof after.bytes);
    for (uint32_t k = 0; k < c->block_count; k++)
        for (uint32_t i = 0; i < c->results[k].outcome_count; i++) print_outcome(stdout, c, &c->results[k].outcomes[i]);
    print_left(stdout, c);
    print_changes(stdout, c);
    run_label(stdout, "root");
    printf("%s -> %s\n", crypto_hash_text(&before, a), crypto_hash_text(&after, b));
    if (c->run->saved) {
        run_label(stdout, "saved");
        print_path(stdout, c->run->saved);
        printf(" (%zu keys)\n", c->run->saved_keys);
    }
    if (proof_path) {
        readable_size(size, proof_size);
        run_label(stdout, "proof");
        print_path(stdout, proof_path);
        printf(" (%s): nvm verify ", size);
        print_path(stdout, proof_path);
        printf("\n");
    }
    if (c->cut) say_error("receipts go on after %d blocks; they were not followed further", CHAIN_BLOCKS_MAX);
    return chain_call_failed(c) ? EXIT_TRAPPED : EXIT_OK;
}
