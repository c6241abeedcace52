#include "proof/build.h"

#include <stdlib.h>

#include "base/compare.h"
#include "proof/net_changes.h"
#include "proof/witness.h"

/* A proof under way. */
struct building {
    const struct proof_parts *parts;
    struct execution_proof proof;
    struct trie_recorder recorder;   /* what looking up and changing the changed keys reads */
    struct trie_change *changes;     /* to be applied: those of proof.changes, with the values */
};

/* ---- changes ----------------------------------------------------------------------------------------------------- */

/* The rows that light verification reads are recorded by doing what it does. */
static enum status apply_changes(struct building *b, const struct trie *old, struct error *e)
{
    const struct trie_hash expected = trie_hash_of_crypto(&b->proof.new_root);
    struct trie_hash root;
    enum status status = trie_root_after(old, b->changes, b->proof.change_count, &root, NULL, e);
    if (status != STATUS_OK) return status;
    if (trie_hash_equal(&root, &expected)) return STATUS_OK;
    char computed[CRYPTO_HASH_TEXT_SIZE], claimed[CRYPTO_HASH_TEXT_SIZE];
    const struct crypto_hash hash = crypto_hash_of_trie(&root);
    return error_set(e, STATUS_INVALID, PROOF_STATE_ROOT, ERROR_NO_OFFSET,
                     "the changes lead to the state root %s, execution to %s", crypto_hash_text(&hash, computed),
                     crypto_hash_text(&b->proof.new_root, claimed));
}

static enum status add_changes(struct building *b, struct error *e)
{
    const struct proof_parts *parts = b->parts;
    struct trie old = *parts->old;
    struct net_changes net;
    old.recorder = &b->recorder;
    enum status status = net_changes_of(parts->steps, parts->step_count, &old, NULL, 0, &b->proof.arena, &net, e);
    if (status != STATUS_OK) return status;
    b->changes = net.values;
    b->proof.changes = net.changes;
    b->proof.change_count = net.count;
    return apply_changes(b, &old, e);
}

static void add_counters(struct building *b)
{
    struct proof_counters *c = &b->proof.counters;
    const struct trie_recorder *r = b->parts->recorder;
    *c = (struct proof_counters){r->nodes_read, r->values_read, r->bytes_read, 0, 0, 0};
    for (uint32_t i = 0; i < b->proof.change_count; i++) {
        const struct proof_change *change = &b->proof.changes[i];
        if (change->is) c->keys_set++, c->bytes_set += change->new_value.length;
        else c->keys_removed++;
    }
}

/* ---- witness ----------------------------------------------------------------------------------------------------- */

static int compare_bytes(const void *a, const void *b)
{
    return bytes_compare(*(const struct bytes *)a, *(const struct bytes *)b);
}

/* Sorts, and leaves one of each. Returns how many. */
static size_t sort_rows(struct bytes *rows, size_t count)
{
    size_t kept = 0;
    if (count == 0) return 0;
    qsort(rows, count, sizeof *rows, compare_bytes);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || !bytes_equal(rows[kept - 1], rows[i])) rows[kept++] = rows[i];
    return kept;
}

/* Appends the recorded rows, copied: the second recorder does not live as long as the proof. */
static enum status append_recorded(const struct trie_recorder *r, struct arena *arena, struct bytes *rows, size_t *at,
                                   struct error *e)
{
    struct bytes *recorded;
    size_t count;
    enum status status = trie_recorder_rows(r, &recorded, &count, e);
    if (status != STATUS_OK) return status;
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        uint8_t *copy = arena_alloc(arena, recorded[i].size);
        if (!copy) status = error_no_memory(e);
        if (status != STATUS_OK) break;
        if (recorded[i].size) memcpy(copy, recorded[i].data, recorded[i].size);
        rows[(*at)++] = bytes_of(copy, recorded[i].size);
    }
    free(recorded);
    return status;
}

/* Everything that may be needed. */
static enum status gather_rows(struct building *b, struct bytes **out, size_t *count, struct error *e)
{
    const struct trie_recorder *steps = b->parts->recorder;
    const size_t most = steps->rows.count + b->recorder.rows.count + b->proof.change_count;
    struct bytes *rows = arena_array(&b->proof.arena, most, sizeof *rows);
    size_t at = 0;
    if (!rows) return error_no_memory(e);
    enum status status = append_recorded(steps, &b->proof.arena, rows, &at, e);
    if (status == STATUS_OK) status = append_recorded(&b->recorder, &b->proof.arena, rows, &at, e);
    if (status != STATUS_OK) return status;
    for (uint32_t i = 0; i < b->proof.change_count; i++)
        if (b->proof.changes[i].is) rows[at++] = b->changes[i].value;
    *out = rows;
    *count = sort_rows(rows, at);
    return STATUS_OK;
}

/* Of all rows those of the old state, and the new values: rows that one step made and another one read are neither. */
static enum status keep_needed(struct building *b, struct bytes *rows, size_t count, struct error *e)
{
    const struct trie_hash root = trie_hash_of_crypto(&b->proof.old_root);
    struct refusal why;
    struct witness w;
    enum status status = witness_of(rows, count, &w, e);
    if (status == STATUS_OK) status = witness_walk(&w, &root, &why, e);
    if (status == STATUS_INVALID) status = refusal_error(&why, e);
    if (status == STATUS_OK) witness_reach_new_values(&w, b->proof.changes, b->proof.change_count);
    size_t kept = 0;
    for (size_t i = 0; i < w.count && status == STATUS_OK; i++)
        if (witness_reached(w.rows[i])) rows[kept++] = rows[i];
    witness_free(&w);
    if (kept > UINT32_MAX) return error_no_memory(e);
    b->proof.rows = rows; /* still in order */
    b->proof.row_count = (uint32_t)kept;
    return status;
}

static enum status add_rows(struct building *b, struct error *e)
{
    struct bytes *rows = NULL;
    size_t count = 0;
    enum status status = gather_rows(b, &rows, &count, e);
    return status == STATUS_OK ? keep_needed(b, rows, count, e) : status;
}

static int compare_contracts(const void *a, const void *b)
{
    const struct proof_contract *x = a, *y = b;
    return memcmp(x->hash.bytes, y->hash.bytes, sizeof x->hash.bytes);
}

static enum status add_contracts(struct building *b, struct error *e)
{
    const uint32_t count = b->parts->code_count;
    struct proof_contract *contracts = arena_array(&b->proof.arena, count, sizeof *contracts);
    if (!contracts) return error_no_memory(e);
    for (uint32_t i = 0; i < count; i++) {
        const struct proof_code *code = &b->parts->codes[i];
        contracts[i].hash = crypto_hash_of(code->code);
        contracts[i].has_code = !code->leave_out;
        if (!code->leave_out) contracts[i].code = code->code;
    }
    if (count) qsort(contracts, count, sizeof *contracts, compare_contracts);
    for (uint32_t i = 0; i + 1 < count; i++)
        if (crypto_hash_equal(&contracts[i].hash, &contracts[i + 1].hash))
            return error_set(e, STATUS_USAGE, 0, ERROR_NO_OFFSET, "a contract's code is there twice");
    b->proof.contracts = contracts;
    b->proof.contract_count = count;
    return STATUS_OK;
}

/* ---- the whole --------------------------------------------------------------------------------------------------- */

static bool same_chain(const struct chunk *a, const struct chunk *b)
{
    if (a->protocol_version != b->protocol_version || !bytes_equal(a->chain_id, b->chain_id)) return false;
    if (a->shard_index != b->shard_index || a->shards.shard_count != b->shards.shard_count) return false;
    for (uint32_t i = 0; i < a->shards.shard_count; i++) {
        if (a->shards.shard_ids[i] != b->shards.shard_ids[i]) return false;
        if (i > 0 && !account_id_equal(&a->shards.boundary_accounts[i - 1], &b->shards.boundary_accounts[i - 1]))
            return false;
    }
    return true;
}

static enum status check_parts(const struct proof_parts *parts, struct error *e)
{
    if (parts->step_count == 0) return error_set(e, STATUS_USAGE, 0, ERROR_NO_OFFSET, "a proof of nothing");
    const struct chunk *first = parts->steps[0].chunk;
    if (first->shards.shard_count == 0 || first->shard_index >= first->shards.shard_count)
        return error_set(e, STATUS_USAGE, 0, ERROR_NO_OFFSET, "there is no such shard");
    if (first->chain_id.size > PROOF_CHAIN_ID_MAX)
        return error_set(e, STATUS_USAGE, 0, ERROR_NO_OFFSET, "a chain id of more than 64 bytes");
    for (uint32_t i = 1; i < parts->step_count; i++)
        if (!same_chain(first, parts->steps[i].chunk))
            return error_set(e, STATUS_USAGE, 0, ERROR_NO_OFFSET,
                             "steps of other protocol versions, chains or shards in one proof");
    return STATUS_OK;
}

static enum status add_blocks(struct building *b, struct error *e)
{
    const struct proof_parts *parts = b->parts;
    const struct chunk *first = parts->steps[0].chunk;
    struct proof_block *blocks = arena_array(&b->proof.arena, parts->step_count, sizeof *blocks);
    if (!blocks) return error_no_memory(e);
    for (uint32_t i = 0; i < parts->step_count; i++) {
        enum status status = proof_block_of(&parts->steps[i], &b->proof.arena, &blocks[i], e);
        if (status != STATUS_OK) return status;
    }
    b->proof.version = EXECUTION_PROOF_VERSION;
    b->proof.action_cost_count = ACTION_COST_COUNT;
    b->proof.host_cost_count = EXT_COST_COUNT;
    b->proof.protocol_version = first->protocol_version;
    b->proof.chain_id = first->chain_id;
    b->proof.shards = first->shards;
    b->proof.shard_index = first->shard_index;
    b->proof.old_root = crypto_hash_of_trie(&parts->old->root);
    b->proof.new_root = blocks[parts->step_count - 1].state_root;
    b->proof.blocks = blocks;
    b->proof.block_count = parts->step_count;
    return STATUS_OK;
}

enum status proof_build(const struct proof_parts *parts, struct execution_proof *out, struct error *e)
{
    struct building b = {.parts = parts};
    *out = (struct execution_proof){0};
    enum status status = check_parts(parts, e);
    if (status == STATUS_OK) status = add_blocks(&b, e);
    if (status == STATUS_OK) status = add_changes(&b, e);
    if (status == STATUS_OK) add_counters(&b);
    if (status == STATUS_OK) status = add_rows(&b, e);
    if (status == STATUS_OK) status = add_contracts(&b, e);
    trie_recorder_free(&b.recorder);
    if (status == STATUS_OK) *out = b.proof;
    else execution_proof_free(&b.proof);
    return status;
}

enum status proof_attest(struct execution_proof *p, struct bytes scheme, struct bytes evidence, struct error *e)
{
    if (!proof_scheme_valid(scheme))
        return error_set(e, STATUS_USAGE, 0, ERROR_NO_OFFSET,
                         "not a name of an attestation scheme: 1 to %d of a-z, 0-9 and -", PROOF_SCHEME_MAX);
    p->has_attestation = true;
    p->scheme = scheme;
    p->evidence = evidence;
    return STATUS_OK;
}
