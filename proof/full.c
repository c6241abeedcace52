#include "proof/full.h"

#include <stdio.h>

#include "proof/balance.h"
#include "proof/chain.h"
#include "proof/net_changes.h"
#include "proof/watch.h"
#include "proof/witness.h"
#include "trie/hash_table.h"

/* An execution under way. */
struct execution {
    const struct execution_proof *proof;
    const struct executor *executor;
    struct refusal *refusal;
    struct arena arena;
    struct witness *witness;       /* the checked one */
    struct trie_recorder recorder;
    struct chunk *chunks;          /* one for each block */
    struct chunk_result *results;
    struct proof_step *steps;
    uint32_t done;                 /* blocks that have a result */
    const struct limits *limits;
    struct arena_budget budget;    /* of all results together */
    uint64_t gas;                  /* burnt so far */
};

/* ---- codes ------------------------------------------------------------------------------------------------------- */

/* `hashes` are those of the codes that were handed in. */
static bool find_code(const struct proof_contract *c, const struct full_options *o, const struct crypto_hash *hashes,
                      struct bytes *out)
{
    *out = c->code;
    if (c->has_code) return true;
    for (size_t i = 0; i < o->code_count; i++) {
        *out = o->codes[i];
        if (crypto_hash_equal(&hashes[i], &c->hash)) return true;
    }
    return false;
}

static enum status add_codes(struct execution *x, const struct full_options *o, struct error *e)
{
    struct crypto_hash *hashes = arena_array(&x->arena, o->code_count, sizeof *hashes);
    if (!hashes) return error_no_memory(e);
    for (size_t i = 0; i < o->code_count; i++) hashes[i] = crypto_hash_of(o->codes[i]);
    for (uint32_t i = 0; i < x->proof->contract_count; i++) {
        const struct proof_contract *c = &x->proof->contracts[i];
        char place[48], text[REFUSAL_VALUE_SIZE];
        struct bytes code;
        struct error why = {0};
        snprintf(place, sizeof place, "contract %lu", (unsigned long)i);
        value_of_hash(&c->hash, text);
        if (!find_code(c, o, hashes, &code)) return refuse(x->refusal, PROOF_MISSING_CODE, "", text, "%s", place);
        enum status status = x->executor->add_code(x->executor->context, &c->hash, code, &why);
        if (status == STATUS_NO_MEMORY) return error_no_memory(e);
        if (status != STATUS_OK) return refuse(x->refusal, PROOF_EXECUTION, text, why.message, "%s", place);
    }
    return STATUS_OK;
}

static enum status check_codes_run(const struct execution *x)
{
    for (uint32_t i = 0; i < x->proof->contract_count; i++) {
        char text[REFUSAL_VALUE_SIZE];
        const struct crypto_hash *hash = &x->proof->contracts[i].hash;
        if (!x->executor->has_run(x->executor->context, hash))
            return refuse(x->refusal, PROOF_EXTRA_CODE, "", value_of_hash(hash, text), "contract %lu",
                          (unsigned long)i);
    }
    return STATUS_OK;
}

/* Code that the state has, or that a receipt deployed, is no other than that of the listed contracts. */
static enum status check_no_other_code(const struct execution *x)
{
    const struct executor *executor = x->executor;
    struct crypto_hash hash, first = {0};
    size_t position = 0;
    bool found = false;
    char text[REFUSAL_VALUE_SIZE];
    while (executor->next_found && executor->next_found(executor->context, &position, &hash)) {
        if (!found || memcmp(hash.bytes, first.bytes, sizeof hash.bytes) < 0) first = hash;
        found = true;
    }
    return found ? refuse(x->refusal, PROOF_UNLISTED_CODE, "", value_of_hash(&first, text), "contracts") : STATUS_OK;
}

/* ---- blocks ------------------------------------------------------------------------------------------------------ */

static enum status refuse_execution(const struct execution *x, const struct proof_block *b,
                                    const struct trie_missing *missing, const struct error *why)
{
    char place[96];
    snprintf(place, sizeof place, "block %lu (height %llu): execution", (unsigned long)x->done,
             (unsigned long long)b->context.block_height);
    /* Other folders have codes with the same numbers: the hash is there only if trie/ has set it. */
    if (why->status == STATUS_INVALID && !trie_hash_is_empty(&missing->hash))
        return refuse_missing(x->refusal, missing, place);
    return refuse(x->refusal, PROOF_EXECUTION, "", why->message, "%s", place);
}

/* Executes the chunk of the block, and ends where it is not what the proof claims. */
static enum status apply(struct execution *x, const struct trie *state, struct error *e)
{
    const uint32_t i = x->done;
    struct watch watch;
    watch_begin(&watch, &x->proof->blocks[i], i, x->limits, &x->gas, x->refusal);
    x->chunks[i].watch = &watch.chunk_watch;
    x->chunks[i].budget = &x->budget;
    const enum status status = x->executor->apply(x->executor->context, &x->chunks[i], state, &x->results[i], e);
    x->chunks[i].watch = NULL;
    watch_end(&watch);
    return x->budget.exceeded ? limit_exceeded(x->limits, LIMIT_memory, e) : status;
}

/* No token comes from nowhere, and none gets lost. */
static enum status check_balance(const struct execution *x, uint32_t i, const struct trie *before, struct error *e)
{
    struct balance b;
    char place[64], claimed[REFUSAL_VALUE_SIZE], found[REFUSAL_VALUE_SIZE];
    enum status status = balance_of_chunk(&x->chunks[i], before, &x->results[i], &b, e);
    if (status == STATUS_NO_MEMORY) return status;
    block_place(x->proof, i, place);
    if (status != STATUS_OK) return refuse(x->refusal, PROOF_BALANCE, "", e->message, "%s: balance", place);
    if (u128_equal(b.before, b.after)) return STATUS_OK;
    return refuse(x->refusal, PROOF_BALANCE, value_of_u128(b.after, claimed), value_of_u128(b.before, found),
                  "%s: yoctoNEAR after it, and what there was and came in", place);
}

static enum status execute_block(struct execution *x, const struct trie_hash *root, struct error *e)
{
    const uint32_t i = x->done;
    const struct proof_block *claimed = &x->proof->blocks[i];
    struct trie_missing missing = {0};
    const struct trie state = {&x->witness->store, *root, &x->recorder, &missing};
    struct proof_block found;
    struct error why = {0};
    enum status status = proof_chunk(x->proof, claimed, &x->arena, &x->chunks[i], e);
    if (status == STATUS_OK) status = proof_check_context(x->proof, x->results, i, x->refusal);
    if (status != STATUS_OK) return status;
    status = apply(x, &state, &why);
    if (status == STATUS_NO_MEMORY || status == STATUS_LIMIT) {
        *e = why;
        return status;
    }
    if (status != STATUS_OK && x->refusal->code) return status; /* it was refused while it was executed */
    if (status != STATUS_OK) return refuse_execution(x, claimed, &missing, &why);
    x->steps[i] = (struct proof_step){&x->chunks[i], &x->results[i]};
    x->done++;
    status = proof_block_of(&x->steps[i], &x->arena, &found, e);
    if (status == STATUS_OK) status = proof_compare_block(claimed, &found, i, x->refusal);
    if (status == STATUS_OK) status = proof_check_yields(x->proof, &x->chunks[i], &x->results[i], i, x->refusal, e);
    return status == STATUS_OK ? check_balance(x, i, &state, e) : status;
}

static enum status execute_blocks(struct execution *x, struct error *e)
{
    struct trie_hash root = trie_hash_of_crypto(&x->proof->old_root);
    enum status status = STATUS_OK;
    while (x->done < x->proof->block_count && status == STATUS_OK) {
        status = execute_block(x, &root, e);
        if (status == STATUS_OK) root = x->results[x->done - 1].state_root;
    }
    return status;
}

/* ---- what follows from all blocks -------------------------------------------------------------------------------- */

/* The changes of what was executed just now. Old values are looked up where the proof, whose changes have been checked,
 * says nothing of the key: it must have kept its value then. */
static enum status find_changes(struct execution *x, struct execution_proof *found, struct error *e)
{
    const struct execution_proof *p = x->proof;
    struct trie_recorder recorder = {.mark = WITNESS_CHECKED};
    struct trie_missing missing = {0};
    const struct trie old = {&x->witness->store, trie_hash_of_crypto(&p->old_root), &recorder, &missing};
    struct net_changes net;
    enum status status = net_changes_of(x->steps, x->done, &old, p->changes, p->change_count, &x->arena, &net, e);
    if (status == STATUS_NO_MEMORY) return status;
    if (status != STATUS_OK) return refuse(x->refusal, PROOF_CHANGES, "", e->message, "changes");
    found->changes = net.changes;
    found->change_count = net.count;
    return STATUS_OK;
}

static enum status name_row(enum proof_error code, const struct row *row, struct refusal *r)
{
    char text[REFUSAL_VALUE_SIZE];
    const struct trie_value value = {row->hash, row->size};
    return refuse(r, code, "", value_of_trie_value(true, &value, text), "partial state");
}

/* A row that a node of the old state refers to, which was read, but which is only there because a block has made it. */
static enum status check_not_made(const struct execution *x, const struct trie_hash *hash)
{
    const struct row *row = store_find(&x->witness->store, hash);
    return row && row->marks && !row->given ? name_row(PROOF_MISSING_ROW, row, x->refusal) : STATUS_OK;
}

static enum status check_below(const struct execution *x, const struct row *row)
{
    struct node n;
    enum status status = STATUS_OK;
    if (!row->node || node_decode(row_bytes(row), &n, NULL) != STATUS_OK) return STATUS_OK;
    for (unsigned i = 0; i < node_child_count(&n) && status == STATUS_OK; i++)
        status = check_not_made(x, &n.children[i]);
    return status == STATUS_OK && n.has_value ? check_not_made(x, &n.value.hash) : status;
}

/* The partial state must be the smallest one that is enough: what was read to check the changes or to execute, as far
 * as it belongs to the old state, and the new values. What is there belongs to the old state or is a new value; that
 * was checked before. */
static enum status check_witness(const struct execution *x)
{
    const struct execution_proof *p = x->proof;
    const struct witness *w = x->witness;
    enum status status = STATUS_OK;
    for (uint32_t i = 0; i < p->change_count; i++) {
        struct row *row = p->changes[i].is ? witness_find(w, &p->changes[i].new_value.hash) : NULL;
        if (row) row->marks |= WITNESS_CHECKED;
    }
    for (size_t i = 0; i < w->count && status == STATUS_OK; i++)
        if (!w->rows[i]->marks) status = name_row(PROOF_EXTRA_ROW, w->rows[i], x->refusal);
    if (!x->recorder.marked_made) return status;
    for (size_t i = 0; i < w->count && status == STATUS_OK; i++) status = check_below(x, w->rows[i]);
    return status;
}

static enum status compare_totals(struct execution *x, struct error *e)
{
    const struct trie_recorder *r = &x->recorder;
    struct execution_proof found = {.counters = x->proof->counters};
    found.counters.nodes_read = r->nodes_read;
    found.counters.values_read = r->values_read;
    found.counters.bytes_read = r->bytes_read;
    enum status status = find_changes(x, &found, e);
    if (status == STATUS_OK) status = proof_compare_totals(x->proof, &found, x->refusal);
    return status == STATUS_OK ? check_witness(x) : status;
}

/* ---- the whole --------------------------------------------------------------------------------------------------- */

static enum status begin(struct execution *x, struct error *e)
{
    const uint32_t count = x->proof->block_count;
    x->chunks = arena_array(&x->arena, count, sizeof *x->chunks);
    x->results = arena_array(&x->arena, count, sizeof *x->results);
    x->steps = arena_array(&x->arena, count, sizeof *x->steps);
    return x->chunks && x->results && x->steps ? STATUS_OK : error_no_memory(e);
}

static void end(struct execution *x)
{
    while (x->done > 0) x->executor->release(x->executor->context, &x->results[--x->done]);
    trie_recorder_free(&x->recorder);
    arena_free(&x->arena);
}

static enum status execute(const struct execution_proof *p, const struct full_options *o, const struct limits *limits,
                           struct witness *w, struct full_report *out, struct error *e)
{
    struct execution x = {.proof = p, .executor = o->executor, .refusal = &out->light.refusal, .witness = w,
                          .recorder.mark = WITNESS_EXECUTED, .limits = limits};
    const uint64_t memory = limits_memory(limits);
    x.budget.left = memory < SIZE_MAX ? (size_t)memory : SIZE_MAX;
    enum status status = watch_check_gas(p, limits, e);
    if (status == STATUS_OK) status = begin(&x, e);
    if (status == STATUS_OK) status = add_codes(&x, o, e);
    if (status == STATUS_OK) status = execute_blocks(&x, e);
    if (status == STATUS_OK) status = compare_totals(&x, e);
    if (status == STATUS_OK && o->executor->has_run) status = check_codes_run(&x);
    if (status == STATUS_OK) status = check_no_other_code(&x);
    if (status == STATUS_OK) out->codes_checked = o->executor->has_run != NULL;
    end(&x);
    return status == STATUS_INVALID ? refusal_error(&out->light.refusal, e) : status;
}

enum status proof_verify_full(const struct execution_proof *p, const struct full_options *options,
                              struct full_report *out, struct error *e)
{
    struct error ignored;
    if (!e) e = &ignored;
    *out = (struct full_report){0};
    struct witness w;
    const struct limits standard = limits_standard(), *limits = options->limits ? options->limits : &standard;
    enum status status = proof_check_limits(p, limits, e);
    if (status != STATUS_OK) return status;
    status = proof_check_light(p, options->verifiers, &w, &out->light, e);
    if (status == STATUS_OK) status = execute(p, options, limits, &w, out, e);
    witness_free(&w);
    return status;
}
