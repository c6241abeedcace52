#include "cli/proof.h"

#include "cli/gas_text.h"
#include "cli/proof_inputs.h"
#include "cli/proof_state.h"
#include "cli/proof_text.h"
#include "near/amount.h"

#include <inttypes.h>

enum { VALUE_SHOWN = 400, LOG_SHOWN = 4000 };

static void print_hash(FILE *out, const struct crypto_hash *hash)
{
    char text[CRYPTO_HASH_TEXT_SIZE];
    fputs(crypto_hash_text(hash, text), out);
}

static void print_size(FILE *out, uint64_t bytes)
{
    char size[24];
    readable_size(size, bytes);
    fputs(size, out);
}

/* ---- the whole --------------------------------------------------------------------------------------------------- */

static void print_contracts(FILE *out, const struct execution_proof *p)
{
    for (uint32_t i = 0; i < p->contract_count; i++) {
        const struct proof_contract *c = &p->contracts[i];
        proof_label(out, "contract");
        print_hash(out, &c->hash);
        fputs(", ", out);
        if (c->has_code) print_size(out, c->code.size);
        else fputs("left out: --code is needed for full verification", out);
        fputc('\n', out);
    }
}

static void print_counters(FILE *out, const struct execution_proof *p)
{
    const struct proof_counters *c = &p->counters;
    uint64_t size = 0;
    for (uint32_t i = 0; i < p->row_count; i++) size += p->rows[i].size;
    proof_label(out, "state");
    fprintf(out, "%" PRIu32 " nodes and values, ", p->row_count);
    print_size(out, size);
    fprintf(out, "; execution read %" PRIu64 " nodes and %" PRIu64 " values, ", c->nodes_read, c->values_read);
    print_size(out, c->bytes_read);
    fprintf(out, "; %" PRIu64 " keys set (", c->keys_set);
    print_size(out, c->bytes_set);
    fprintf(out, "), %" PRIu64 " removed\n", c->keys_removed);
}

static void print_head(FILE *out, const struct execution_proof *p, const struct crypto_hash *statement)
{
    proof_label(out, "statement");
    print_hash(out, statement);
    fputc('\n', out);
    proof_label(out, "protocol");
    fprintf(out, "version %" PRIu32 ", chain ", p->protocol_version);
    print_quoted(out, p->chain_id, PROOF_CHAIN_ID_MAX);
    fprintf(out, ", shard %" PRIu64 " of %" PRIu32 "\n", p->shards.shard_ids[p->shard_index], p->shards.shard_count);
    proof_label(out, "old root");
    print_hash(out, &p->old_root);
    fputc('\n', out);
    proof_label(out, "new root");
    print_hash(out, &p->new_root);
    fputc('\n', out);
    print_contracts(out, p);
    print_counters(out, p);
    proof_label(out, "attested");
    if (p->has_attestation) {
        print_name(out, p->scheme);
        fprintf(out, ", %zu bytes", p->evidence.size);
    } else {
        fputs("no", out);
    }
    fputc('\n', out);
}

/* ---- blocks ------------------------------------------------------------------------------------------------------ */

static void print_sent(FILE *out, const struct proof_block *b, const bool *delivered)
{
    for (uint32_t i = 0; i < b->outgoing_count; i++) {
        struct arena arena = {0};
        struct receipt r;
        proof_label(out, "  sends");
        if (receipt_from_borsh(b->outgoing[i], &arena, &r, NULL) == STATUS_OK) {
            proof_print_receipt(out, &r);
            fputs("  ", out);
            print_hash(out, &r.receipt_id);
        }
        fputs(delivered[i] ? "\n" : "  leaves\n", out);
        arena_free(&arena);
    }
}

static void print_outcome(FILE *out, const struct proof_outcome *p)
{
    const struct execution_outcome *o = &p->outcome;
    char gas[GAS_TEXT], compute[GAS_TEXT], amount[AMOUNT_TEXT_SIZE];
    gas_grouped(gas, o->gas_burnt);
    gas_grouped(compute, o->compute_usage);
    proof_label(out, "  outcome");
    print_hash(out, &o->id);
    fputs(" on ", out);
    print_shown(out, account_id_bytes(&o->executor_id));
    fprintf(out, "\n%*s", (int)PROOF_LABEL, "");
    proof_print_status(out, p, VALUE_SHOWN);
    fprintf(out, "\n%*s%s gas, compute %s, %s burnt\n", (int)PROOF_LABEL, "", gas, compute,
            balance_text(o->tokens_burnt, amount));
    for (uint32_t i = 0; i < o->log_count; i++) {
        fprintf(out, "%*slog: ", (int)PROOF_LABEL, "");
        print_quoted(out, o->logs[i], LOG_SHOWN);
        fputc('\n', out);
    }
}

static void print_block(FILE *out, const struct execution_proof *p, const struct proof_origins *o, uint32_t index)
{
    const struct proof_block *b = &p->blocks[index];
    proof_label(out, "block");
    fprintf(out, "%" PRIu32 ": height %" PRIu64 ", epoch %" PRIu64 ", time %" PRIu64 " ns%s\n", index,
            b->context.block_height, b->context.epoch_height, b->context.block_timestamp,
            b->context.is_new_chunk ? "" : ", without a chunk of this shard");
    proof_print_context(out, &b->context);
    for (uint32_t i = 0; i < b->transaction_count; i++)
        proof_print_signed(out, b->transactions[i], b->transaction_in_period[i]);
    for (uint32_t i = 0; i < b->incoming_count; i++)
        proof_print_incoming(out, b->incoming[i], &o->incoming[index][i], p->protocol_version);
    for (uint32_t i = 0; i < b->outcome_count; i++) print_outcome(out, &b->outcomes[i]);
    print_sent(out, b, o->delivered[index]);
    proof_label(out, "  outcomes");
    print_hash(out, &b->outcome_root);
    fputc('\n', out);
    proof_label(out, "  root");
    print_hash(out, &b->state_root);
    fputc('\n', out);
}

/* ---- state ------------------------------------------------------------------------------------------------------- */

static void print_changes(FILE *out, const struct execution_proof *p, const struct witness *rows)
{
    for (uint32_t i = 0; i < p->change_count; i++) {
        const struct proof_change *c = &p->changes[i];
        proof_label(out, i ? "" : "changes");
        proof_print_change(out, c, c->was ? witness_find(rows, &c->old_value.hash) : NULL,
                           c->is ? witness_find(rows, &c->new_value.hash) : NULL);
        fputc('\n', out);
    }
}

/* Which of the nodes above have more children to come. */
struct tree_text {
    FILE *out;
    bool more[PROOF_TREE_DEPTH + 2];
};

static bool print_item(void *context, const struct proof_tree_item *item)
{
    struct tree_text *t = context;
    for (uint32_t i = 1; i < item->depth; i++) fputs(t->more[i] ? "│ " : "  ", t->out);
    if (item->depth) fputs(item->last ? "└ " : "├ ", t->out);
    t->more[item->depth] = !item->last;
    const char *code = item->change ? colour(t->out, BOLD) : item->kind == PROOF_TREE_NODE ? "" : colour(t->out, DIM);
    fputs(code, t->out);
    proof_print_item(t->out, item);
    fprintf(t->out, "%s\n", *code ? PLAIN : "");
    return true;
}

static void print_doors(FILE *out, const struct proof_doors *d)
{
    proof_label(out, "enters");
    proof_print_doors(out, d, true);
    fputc('\n', out);
    proof_label(out, "leaves");
    proof_print_doors(out, d, false);
    fputc('\n', out);
}

static enum status print_tree(FILE *out, const struct execution_proof *p, struct error *e)
{
    struct witness rows;
    struct tree_text tree = {.out = out};
    enum status status = witness_of(p->rows, p->row_count, &rows, e);
    if (status != STATUS_OK) return status;
    print_changes(out, p, &rows);
    fprintf(out, "\n%sthe part of the old state that was needed%s\n", colour(out, BOLD), colour(out, PLAIN));
    status = proof_tree_walk(p, &rows, print_item, &tree, e);
    witness_free(&rows);
    return status;
}

enum status proof_report(FILE *out, const struct execution_proof *p, struct error *e)
{
    struct crypto_hash statement;
    struct arena arena = {0};
    struct proof_origins origins;
    struct proof_doors doors;
    enum status status = execution_proof_statement(p, &statement, e);
    if (status == STATUS_OK) status = proof_origins_of(p, &arena, &origins, e);
    if (status == STATUS_OK) status = proof_doors_of(p, &origins, &doors, e);
    if (status == STATUS_OK) {
        print_head(out, p, &statement);
        print_doors(out, &doors);
        for (uint32_t i = 0; i < p->block_count; i++) print_block(out, p, &origins, i);
        status = print_tree(out, p, e);
    }
    arena_free(&arena);
    return status;
}
