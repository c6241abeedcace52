#include "proof/light.h"

#include <stdlib.h>
#include <stdio.h>

#include "base/compare.h"
#include "base/hex.h"
#include "proof/chain.h"
#include "proof/witness.h"

/* ---- what follows from the statement alone ----------------------------------------------------------------------- */

/* Of a version that there is not nothing can have been executed. */
static enum status check_version(const struct execution_proof *p, struct refusal *r)
{
    char claimed[REFUSAL_VALUE_SIZE], known[REFUSAL_VALUE_SIZE];
    if (p->protocol_version >= PROTOCOL_VERSION_FIRST && p->protocol_version <= PROTOCOL_VERSION_CURRENT)
        return STATUS_OK;
    snprintf(known, sizeof known, "tables for %d to %d", PROTOCOL_VERSION_FIRST, PROTOCOL_VERSION_CURRENT);
    return refuse(r, PROOF_PROTOCOL_VERSION, value_of_u64(p->protocol_version, claimed), known, "protocol version");
}

static enum status check_counter(uint64_t claimed, uint64_t computed, const char *name, struct refusal *r)
{
    char a[REFUSAL_VALUE_SIZE], b[REFUSAL_VALUE_SIZE];
    if (claimed == computed) return STATUS_OK;
    return refuse(r, PROOF_COUNTER, value_of_u64(claimed, a), value_of_u64(computed, b), "storage counters: %s", name);
}

static enum status check_counters(const struct execution_proof *p, struct refusal *r)
{
    struct proof_counters c = {0};
    for (uint32_t i = 0; i < p->change_count; i++) {
        if (p->changes[i].is) c.keys_set++, c.bytes_set += p->changes[i].new_value.length;
        else c.keys_removed++;
    }
    enum status status = check_counter(p->counters.keys_set, c.keys_set, "keys set", r);
    if (status == STATUS_OK) status = check_counter(p->counters.keys_removed, c.keys_removed, "keys removed", r);
    if (status == STATUS_OK) status = check_counter(p->counters.bytes_set, c.bytes_set, "bytes set", r);
    return status;
}

static enum status check_codes(const struct execution_proof *p, struct refusal *r)
{
    for (uint32_t i = 0; i < p->contract_count; i++) {
        char place[64];
        if (!p->contracts[i].has_code) continue;
        const struct crypto_hash hash = crypto_hash_of(p->contracts[i].code);
        snprintf(place, sizeof place, "contract %lu", (unsigned long)i);
        enum status status = refuse_other_hash(PROOF_CODE_HASH, &p->contracts[i].hash, &hash, place, r);
        if (status != STATUS_OK) return status;
    }
    return STATUS_OK;
}

/* ---- outcomes ---------------------------------------------------------------------------------------------------- */

static enum status check_path(const struct proof_block *b, uint32_t i, const struct crypto_hash *leaf,
                              const char *place, struct refusal *r)
{
    char text[CRYPTO_HASH_TEXT_SIZE], where[160];
    const struct merkle_path path = proof_outcome_path(&b->outcomes[i]);
    snprintf(where, sizeof where, "%s, outcome %lu (%s): path", place, (unsigned long)i,
             crypto_hash_text(&b->outcomes[i].outcome.id, text));
    if (!merkle_path_is_of(&path, i, b->outcome_count)) {
        char found[REFUSAL_VALUE_SIZE];
        snprintf(found, sizeof found, "a path of another shape than that of leaf %lu of %lu", (unsigned long)i,
                 (unsigned long)b->outcome_count);
        return refuse(r, PROOF_OUTCOME_PATH, "", found, "%s", where);
    }
    const struct crypto_hash root = merkle_path_root(&path, leaf);
    return refuse_other_hash(PROOF_OUTCOME_PATH, &b->outcome_root, &root, where, r);
}

static enum status check_leaves(const struct proof_block *b, const struct crypto_hash *leaves, const char *place,
                                struct refusal *r)
{
    char where[96];
    const struct crypto_hash root = merkle_root(leaves, b->outcome_count);
    snprintf(where, sizeof where, "%s: outcome root", place);
    enum status status = refuse_other_hash(PROOF_OUTCOME_ROOT, &b->outcome_root, &root, where, r);
    for (uint32_t i = 0; i < b->outcome_count && status == STATUS_OK; i++)
        status = check_path(b, i, &leaves[i], place, r);
    return status;
}

static enum status check_outcomes(const struct proof_block *b, uint32_t index, struct refusal *r, struct error *e)
{
    char place[64];
    enum status status = STATUS_OK;
    struct crypto_hash *leaves = calloc(b->outcome_count ? b->outcome_count : 1, sizeof *leaves);
    if (!leaves) return error_no_memory(e);
    snprintf(place, sizeof place, "block %lu (height %llu)", (unsigned long)index,
             (unsigned long long)b->context.block_height);
    for (uint32_t i = 0; i < b->outcome_count && status == STATUS_OK; i++)
        status = outcome_leaf(&b->outcomes[i].outcome, &leaves[i], e);
    if (status == STATUS_OK) status = check_leaves(b, leaves, place, r);
    free(leaves);
    return status;
}

/* ---- the state --------------------------------------------------------------------------------------------------- */

static void key_place(const struct proof_change *c, const char *what, char out[static 200])
{
    enum { SHOWN = 70 };
    size_t at = (size_t)snprintf(out, 200, "change of the key ");
    for (size_t i = 0; i < c->key.size && i < SHOWN; i++)
        at += (size_t)snprintf(out + at, 200 - at, "%02x", (unsigned)c->key.data[i]);
    snprintf(out + at, 200 - at, "%s: %s", c->key.size > SHOWN ? "..." : "", what);
}

/* What trie/ says about a partial state, as a refusal; what is no refusal stays what it is. */
static enum status refuse_trie(enum status status, const struct trie_missing *missing, const char *place,
                               struct refusal *r, struct error *e)
{
    if (status == STATUS_NO_MEMORY) return error_no_memory(e);
    if (e->code == TRIE_MISSING_NODE || e->code == TRIE_MISSING_VALUE) return refuse_missing(r, missing, place);
    return refuse(r, PROOF_BAD_NODE, "", e->message, "%s", place);
}

static enum status check_change(const struct trie *old, const struct proof_change *c, struct trie_change *out,
                                struct refusal *r, struct error *e)
{
    char place[200], a[REFUSAL_VALUE_SIZE], b[REFUSAL_VALUE_SIZE];
    struct trie_value value = {0};
    bool found;
    key_place(c, "old value", place);
    enum status status = trie_find(old, c->key, NULL, &found, &value, e);
    if (status != STATUS_OK) return refuse_trie(status, old->missing, place, r, e);
    if (found != c->was || (found && !trie_value_equal(&value, &c->old_value)))
        return refuse(r, PROOF_OLD_VALUE, value_of_trie_value(c->was, &c->old_value, a),
                      value_of_trie_value(found, &value, b), "%s", place);
    *out = (struct trie_change){.key = c->key, .remove = !c->is};
    if (!c->is) return STATUS_OK;
    key_place(c, "new value", place);
    if (!trie_store_row(old->store, &c->new_value.hash, &out->value)) {
        const struct trie_missing missing = {c->new_value.hash, true};
        return refuse_missing(r, &missing, place);
    }
    value = (struct trie_value){c->new_value.hash, (uint32_t)out->value.size};
    if (trie_value_equal(&value, &c->new_value)) return STATUS_OK;
    return refuse(r, PROOF_NEW_VALUE, value_of_trie_value(true, &c->new_value, a), value_of_trie_value(true, &value, b),
                  "%s", place);
}

/* One change after the other, so that it can be said which one is wrong. */
static enum status check_each_change(const struct execution_proof *p, const struct trie *old,
                                     struct trie_change *changes, struct refusal *r, struct error *e)
{
    struct trie_hash root;
    enum status status = STATUS_OK;
    for (uint32_t i = 0; i < p->change_count && status == STATUS_OK; i++)
        status = check_change(old, &p->changes[i], &changes[i], r, e);
    if (status != STATUS_OK) return status;
    status = trie_root_after(old, changes, p->change_count, &root, NULL, e);
    if (status != STATUS_OK) return refuse_trie(status, old->missing, "new state root", r, e);
    const struct crypto_hash found = crypto_hash_of_trie(&root);
    return refuse_other_hash(PROOF_STATE_ROOT, &p->new_root, &found, "new state root", r);
}

/* The change with its new value. False: the keys are not in order, or the value is not there. */
static bool prepare_change(const struct execution_proof *p, uint32_t i, const struct trie *old,
                           struct trie_change *out)
{
    const struct proof_change *c = &p->changes[i];
    *out = (struct trie_change){.key = c->key, .remove = !c->is};
    if (i > 0 && bytes_compare(p->changes[i - 1].key, c->key) >= 0) return false;
    return !c->is || (trie_store_row(old->store, &c->new_value.hash, &out->value) &&
                      out->value.size == c->new_value.length);
}

static bool was_as_claimed(const struct proof_change *c, const struct trie_old *old)
{
    return c->was == old->found && (!c->was || trie_value_equal(&c->old_value, &old->value));
}

/* All changes in one walk through the trie, which finds the old values on its way. *hold is false if something is
 * wrong, whatever it is. STATUS_NO_MEMORY. */
static enum status check_all_changes(const struct execution_proof *p, const struct trie *old,
                                     struct trie_change *changes, struct trie_old *values, bool *hold,
                                     struct error *e)
{
    const struct trie_hash wanted = trie_hash_of_crypto(&p->new_root);
    struct trie_hash root;
    *hold = false;
    for (uint32_t i = 0; i < p->change_count; i++)
        if (!prepare_change(p, i, old, &changes[i])) return STATUS_OK;
    const enum status status = trie_root_after(old, changes, p->change_count, &root, values, e);
    if (status != STATUS_OK) return status == STATUS_NO_MEMORY ? status : STATUS_OK;
    for (uint32_t i = 0; i < p->change_count; i++)
        if (!was_as_claimed(&p->changes[i], &values[i])) return STATUS_OK;
    *hold = trie_hash_equal(&root, &wanted);
    return STATUS_OK;
}

static enum status check_changes(const struct execution_proof *p, const struct trie *old, struct refusal *r,
                                 struct error *e)
{
    const size_t count = p->change_count ? p->change_count : 1;
    struct trie_change *changes = calloc(count, sizeof *changes);
    struct trie_old *values = calloc(count, sizeof *values);
    bool hold = false;
    enum status status = changes && values ? STATUS_OK : error_no_memory(e);
    if (status == STATUS_OK) status = check_all_changes(p, old, changes, values, &hold, e);
    if (status == STATUS_OK && !hold) status = check_each_change(p, old, changes, r, e);
    free(changes);
    free(values);
    return status;
}

/* Every row is reached from the old root or is a new value. */
static enum status check_rows(const struct execution_proof *p, struct witness *w, struct refusal *r, struct error *e)
{
    const struct trie_hash root = trie_hash_of_crypto(&p->old_root);
    enum status status = witness_walk(w, &root, r, e);
    if (status == STATUS_OK) witness_reach_new_values(w, p->changes, p->change_count);
    for (size_t i = 0; i < w->count && status == STATUS_OK; i++) {
        char value[REFUSAL_VALUE_SIZE];
        const struct trie_value row = {w->rows[i]->hash, w->rows[i]->size};
        if (!witness_reached(w->rows[i]))
            status = refuse(r, PROOF_EXTRA_ROW, "", value_of_trie_value(true, &row, value), "partial state");
    }
    return status;
}

static enum status check_state(const struct execution_proof *p, struct witness *w, struct refusal *r, struct error *e)
{
    struct trie_missing missing = {0};
    struct trie_recorder recorder = {.mark = WITNESS_CHECKED};
    enum status status = witness_of(p->rows, p->row_count, w, e);
    const struct trie old = {&w->store, trie_hash_of_crypto(&p->old_root), &recorder, &missing};
    if (status == STATUS_OK) status = check_changes(p, &old, r, e);
    return status == STATUS_OK ? check_rows(p, w, r, e) : status;
}

/* ---- the attestation --------------------------------------------------------------------------------------------- */

static enum status check_attestation(const struct execution_proof *p, const struct attestation_verifiers *v,
                                     struct light_report *out, struct error *e)
{
    char scheme[REFUSAL_VALUE_SIZE];
    if (!v) return STATUS_OK;
    if (!p->has_attestation)
        return v->required ? refuse(&out->refusal, PROOF_ATTESTATION_MISSING, "", "", "attestation") : STATUS_OK;
    value_of_bytes(p->scheme, scheme);
    for (size_t i = 0; i < v->count; i++) {
        if (!bytes_equal(p->scheme, bytes_of_string(v->list[i].scheme))) continue;
        struct error why = {0};
        enum status status = v->list[i].verify(v->list[i].context, &out->statement, p->evidence, &why);
        if (status == STATUS_NO_MEMORY) return error_no_memory(e);
        if (status != STATUS_OK)
            return refuse(&out->refusal, PROOF_ATTESTATION, "", why.message, "attestation (%s)", scheme);
        out->attested = true;
        return STATUS_OK;
    }
    return refuse(&out->refusal, PROOF_ATTESTATION_SCHEME, "", scheme, "attestation");
}

/* ---- the whole --------------------------------------------------------------------------------------------------- */

static enum status check_claims(const struct execution_proof *p, struct refusal *r, struct error *e)
{
    enum status status = check_counters(p, r);
    if (status == STATUS_OK)
        status = refuse_other_hash(PROOF_STATE_ROOT, &p->blocks[p->block_count - 1].state_root, &p->new_root,
                                   "state root after the last block", r);
    if (status == STATUS_OK) status = check_codes(p, r);
    for (uint32_t i = 0; i < p->block_count && status == STATUS_OK; i++)
        status = check_outcomes(&p->blocks[i], i, r, e);
    return status;
}

/* The blocks beside each other, and beside what has changed. */
static enum status check_blocks(const struct execution_proof *p, const struct trie_store *rows, struct refusal *r,
                                struct error *e)
{
    struct proof_chain chain;
    enum status status = proof_chain_read(p, &chain, r, e);
    if (status == STATUS_OK) status = proof_check_chain(&chain, rows, r, e);
    proof_chain_free(&chain);
    return status;
}

enum status proof_check_light(const struct execution_proof *p, const struct attestation_verifiers *verifiers,
                              struct witness *w, struct light_report *out, struct error *e)
{
    struct error ignored;
    struct refusal *r = &out->refusal;
    if (!e) e = &ignored;
    *out = (struct light_report){0};
    *w = (struct witness){0};
    enum status status = execution_proof_statement(p, &out->statement, e);
    if (status == STATUS_OK) status = check_version(p, r);
    if (status == STATUS_OK) status = check_claims(p, r, e);
    if (status == STATUS_OK) status = check_state(p, w, r, e);
    if (status == STATUS_OK) status = check_blocks(p, &w->store, r, e);
    if (status == STATUS_OK) status = check_attestation(p, verifiers, out, e);
    return status == STATUS_INVALID ? refusal_error(r, e) : status;
}

enum status proof_verify_light(const struct execution_proof *p, const struct attestation_verifiers *verifiers,
                               struct light_report *out, struct error *e)
{
    struct witness w;
    enum status status = proof_check_light(p, verifiers, &w, out, e);
    witness_free(&w);
    return status;
}
