#include "proof/full.h"

#include <stdio.h>

/* An execution under way. */
struct execution {
    const struct execution_proof *proof;
    const struct executor *executor;
    struct refusal *refusal;
    struct arena arena;
    struct trie_store store;
    struct trie_recorder recorder;
    struct chunk *chunks;          /* one for each block */
    struct chunk_result *results;
    struct proof_step *steps;
    uint32_t done;                 /* blocks that have a result */
};

/* ---- codes ------------------------------------------------------------------------------------------------------- */

static bool find_code(const struct proof_contract *c, const struct full_options *o, struct bytes *out)
{
    *out = c->code;
    if (c->has_code) return true;
    for (size_t i = 0; i < o->code_count; i++) {
        const struct crypto_hash hash = crypto_hash_of(o->codes[i]);
        *out = o->codes[i];
        if (crypto_hash_equal(&hash, &c->hash)) return true;
    }
    return false;
}

static enum status add_codes(struct execution *x, const struct full_options *o, struct error *e)
{
    for (uint32_t i = 0; i < x->proof->contract_count; i++) {
        const struct proof_contract *c = &x->proof->contracts[i];
        char place[48], text[REFUSAL_VALUE_SIZE];
        struct bytes code;
        struct error why = {0};
        snprintf(place, sizeof place, "contract %lu", (unsigned long)i);
        value_of_hash(&c->hash, text);
        if (!find_code(c, o, &code)) return refuse(x->refusal, PROOF_MISSING_CODE, "", text, "%s", place);
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

static enum status execute_block(struct execution *x, const struct trie_hash *root, struct error *e)
{
    const uint32_t i = x->done;
    const struct proof_block *claimed = &x->proof->blocks[i];
    struct trie_missing missing = {0};
    const struct trie state = {&x->store, *root, &x->recorder, &missing};
    struct proof_block found;
    struct error why = {0};
    enum status status = proof_chunk(x->proof, claimed, &x->arena, &x->chunks[i], e);
    if (status != STATUS_OK) return status;
    status = x->executor->apply(x->executor->context, &x->chunks[i], &state, &x->results[i], &why);
    if (status == STATUS_NO_MEMORY) return error_no_memory(e);
    if (status != STATUS_OK) return refuse_execution(x, claimed, &missing, &why);
    x->steps[i] = (struct proof_step){&x->chunks[i], &x->results[i]};
    x->done++;
    status = proof_block_of(&x->steps[i], &x->arena, &found, e);
    return status == STATUS_OK ? proof_compare_block(claimed, &found, i, x->refusal) : status;
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

/* Makes the same proof of what was executed just now. */
static enum status compare_totals(struct execution *x, struct error *e)
{
    const struct trie old = {&x->store, trie_hash_of_crypto(&x->proof->old_root), NULL, NULL};
    const struct proof_parts parts = {.old = &old, .steps = x->steps, .step_count = x->done, .recorder = &x->recorder};
    struct execution_proof found;
    enum status status = proof_build(&parts, &found, e);
    if (status == STATUS_NO_MEMORY) return status;
    if (status != STATUS_OK) return refuse(x->refusal, PROOF_CHANGES, "", e->message, "changes");
    status = proof_compare_totals(x->proof, &found, x->refusal);
    execution_proof_free(&found);
    return status;
}

/* ---- the whole --------------------------------------------------------------------------------------------------- */

static enum status begin(struct execution *x, struct error *e)
{
    const uint32_t count = x->proof->block_count;
    enum status status = STATUS_OK;
    trie_store_init_partial(&x->store);
    x->chunks = arena_array(&x->arena, count, sizeof *x->chunks);
    x->results = arena_array(&x->arena, count, sizeof *x->results);
    x->steps = arena_array(&x->arena, count, sizeof *x->steps);
    if (!x->chunks || !x->results || !x->steps) return error_no_memory(e);
    for (uint32_t i = 0; i < x->proof->row_count && status == STATUS_OK; i++)
        status = trie_partial_add(&x->store, x->proof->rows[i], NULL, e);
    return status;
}

static void end(struct execution *x)
{
    while (x->done > 0) x->executor->release(x->executor->context, &x->results[--x->done]);
    trie_recorder_free(&x->recorder);
    trie_store_free(&x->store);
    arena_free(&x->arena);
}

static enum status check_version(const struct execution_proof *p, struct refusal *r)
{
    char claimed[REFUSAL_VALUE_SIZE], known[REFUSAL_VALUE_SIZE];
    if (p->protocol_version >= PROTOCOL_VERSION_FIRST && p->protocol_version <= PROTOCOL_VERSION_CURRENT)
        return STATUS_OK;
    snprintf(known, sizeof known, "tables for %d to %d", PROTOCOL_VERSION_FIRST, PROTOCOL_VERSION_CURRENT);
    return refuse(r, PROOF_PROTOCOL_VERSION, value_of_u64(p->protocol_version, claimed), known, "protocol version");
}

static enum status execute(const struct execution_proof *p, const struct full_options *o, struct full_report *out,
                           struct error *e)
{
    struct execution x = {.proof = p, .executor = o->executor, .refusal = &out->light.refusal};
    enum status status = check_version(p, x.refusal);
    if (status == STATUS_OK) status = begin(&x, e);
    if (status == STATUS_OK) status = add_codes(&x, o, e);
    if (status == STATUS_OK) status = execute_blocks(&x, e);
    if (status == STATUS_OK) status = compare_totals(&x, e);
    if (status == STATUS_OK && o->executor->has_run) status = check_codes_run(&x);
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
    enum status status = proof_verify_light(p, options->verifiers, &out->light, e);
    return status == STATUS_OK ? execute(p, options, out, e) : status;
}
