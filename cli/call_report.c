/* The receipts of a transaction as a tree. */
#include <stdlib.h>

#include "cli/call.h"
#include "cli/run_text.h"
#include "near/amount.h"

enum { DEPTH_SHOWN = 24, VALUE_SHOWN = 400 };

/* A receipt whose children are being printed. */
struct level {
    const struct call_entry *entry;
    uint32_t next; /* of its receipt_ids */
};

struct tree {
    const struct call *call;
    struct call_entry *entries;
    uint32_t count;
    struct level *levels; /* as many as there are entries */
    uint32_t depth;
};

/* ---- one outcome ------------------------------------------------------------------------------------------------ */

static void indent(uint32_t depth)
{
    printf("%*s", 2 * (int)(depth < DEPTH_SHOWN ? depth : DEPTH_SHOWN), "");
}

static void print_actions(const struct action *actions, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (i) printf("; ");
        call_print_action(stdout, &actions[i]);
    }
}

static void print_title(const struct call *c, const struct call_entry *x)
{
    char from[ACCOUNT_ID_TEXT_SIZE], to[ACCOUNT_ID_TEXT_SIZE];
    const struct receipt *r = x->receipt;
    if (!r && !crypto_hash_equal(&x->outcome->id, &c->transaction.hash)) {
        printf("a receipt that waited in the state, for %s", account_id_text(&x->outcome->executor_id, to));
        return;
    }
    if (!r) {
        const struct transaction *t = &c->transaction.transaction;
        printf("transaction of %s for %s: ", account_id_text(&c->signer, from), account_id_text(&c->receiver, to));
        print_actions(t->actions, t->action_count);
        return;
    }
    printf("%s → %s: ", account_id_text(&r->predecessor_id, from), account_id_text(&r->receiver_id, to));
    if (account_id_is_system(&r->predecessor_id)) printf("refund, ");
    if (receipt_has_actions(r)) print_actions(r->action.actions, r->action.action_count);
    else printf("%s", receipt_kind_name(r->kind));
}

/* The text of a contract's failure, else the error as nodes print it. */
static void print_failure(const struct execution_outcome *o, uint32_t depth)
{
    const struct execution_error *e = o->error;
    struct buffer json = {0};
    printf("%sfailed:%s ", colour(stdout, RED), colour(stdout, PLAIN));
    if (e && e->kind == EXECUTION_ERROR_ACTION && e->action.kind == action_error_FunctionCallError &&
        e->action.FunctionCallError.kind == function_call_error_ExecutionError) {
        print_text(stdout, e->action.FunctionCallError.ExecutionError, 2 * depth + 4);
    } else if (e) {
        execution_error_json(e, &json);
        if (!json.failed) print_shown(stdout, bytes_of(json.data, json.size));
        buffer_free(&json);
    } else {
        printf("unknown");
    }
}

static void print_status(const struct execution_outcome *o, uint32_t depth)
{
    char text[CRYPTO_HASH_TEXT_SIZE];
    switch (o->status) {
    case EXECUTION_SUCCESS_VALUE:
        printf("ok");
        if (o->value.size) printf(": ");
        if (o->value.size) print_returned(stdout, o->value, VALUE_SHOWN);
        break;
    case EXECUTION_SUCCESS_RECEIPT_ID: printf("ok, handed on to %s", crypto_hash_text(&o->receipt_id, text)); break;
    case EXECUTION_FAILURE: print_failure(o, depth); break;
    case EXECUTION_UNKNOWN: printf("unknown"); break;
    }
}

static void print_outcome(const struct call *c, const struct call_entry *x, uint32_t depth)
{
    char id[CRYPTO_HASH_TEXT_SIZE], gas[AMOUNT_TEXT_SIZE], amount[AMOUNT_TEXT_SIZE];
    const struct execution_outcome *o = x->outcome;
    indent(depth);
    print_title(c, x);
    printf("\n");
    indent(depth + 1);
    printf("%sblock %llu, %s, %s gas, %s burnt%s\n", colour(stdout, DIM), (unsigned long long)x->height,
           crypto_hash_text(&o->id, id), gas_digits(o->gas_burnt, gas), balance_text(o->tokens_burnt, amount),
           colour(stdout, PLAIN));
    for (uint32_t i = 0; i < o->log_count; i++) {
        indent(depth + 1);
        printf("log: ");
        print_text(stdout, o->logs[i], 2 * depth + 7);
        printf("\n");
    }
    indent(depth + 1);
    print_status(o, depth);
    printf("\n");
}

/* ---- the tree --------------------------------------------------------------------------------------------------- */

static void enter(struct tree *t, struct call_entry *x)
{
    print_outcome(t->call, x, t->depth);
    x->shown = true;
    t->levels[t->depth++] = (struct level){x, 0};
}

/* What has come of an entry, depth first; each outcome once. */
static void print_tree(struct tree *t, struct call_entry *root)
{
    enter(t, root);
    while (t->depth) {
        struct level *top = &t->levels[t->depth - 1];
        const struct execution_outcome *o = top->entry->outcome;
        if (top->next == o->receipt_id_count) {
            t->depth--;
            continue;
        }
        const struct crypto_hash *id = &o->receipt_ids[top->next++];
        struct call_entry *child = call_find(t->entries, t->count, id);
        char text[CRYPTO_HASH_TEXT_SIZE];
        if (child && !child->shown) {
            enter(t, child);
        } else if (!child) {
            indent(t->depth);
            printf("%s: waits\n", crypto_hash_text(id, text));
        }
    }
}

static void print_end(const struct call *c, const struct call_entry *entries, uint32_t count)
{
    char gas[AMOUNT_TEXT_SIZE], amount[AMOUNT_TEXT_SIZE];
    char before[CRYPTO_HASH_TEXT_SIZE], after[CRYPTO_HASH_TEXT_SIZE];
    struct crypto_hash old, new;
    struct u128 tokens;
    uint64_t sum = 0;
    call_totals(entries, count, &sum, &tokens);
    memcpy(old.bytes, c->root_before.bytes, sizeof old.bytes);
    memcpy(new.bytes, c->state.trie.root.bytes, sizeof new.bytes);
    printf("\nall    %s gas, %s burnt, %u block%s\n", gas_digits(sum, gas), balance_text(tokens, amount),
           c->block_count, c->block_count == 1 ? "" : "s");
    printf("root   %s → %s\n", crypto_hash_text(&old, before), crypto_hash_text(&new, after));
    printf(c->saved ? "saved  " : "not saved");
    if (c->saved) print_path(stdout, c->state.path);
    printf("\n");
}

int call_report(const struct call *c)
{
    struct tree t = {.call = c};
    t.entries = call_entries(c, &t.count);
    t.levels = t.entries ? calloc(t.count + 1, sizeof *t.levels) : NULL;
    if (!t.levels) {
        free(t.entries);
        say_error("out of memory");
        return EXIT_INPUT;
    }
    for (uint32_t i = 0; i < t.count; i++)
        if (!t.entries[i].shown) print_tree(&t, &t.entries[i]);
    print_end(c, t.entries, t.count);
    const bool failed = call_final(t.entries, t.count)->status == EXECUTION_FAILURE;
    free(t.entries);
    free(t.levels);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        say_error("cannot write to standard output");
        return EXIT_INPUT;
    }
    return failed ? EXIT_TRAPPED : EXIT_OK;
}
