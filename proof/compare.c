/* A proof beside what execution gave, field by field: the first difference counts. */
#include <stdio.h>

#include "base/compare.h"
#include "proof/full.h"

/* Where the comparison stands. */
struct place {
    struct refusal *refusal;
    char text[160];
};

static enum status differ(const struct place *p, enum proof_error code, const char *claimed, const char *found,
                          const char *what)
{
    return refuse(p->refusal, code, claimed, found, "%s: %s", p->text, what);
}

static enum status compare_u64(const struct place *p, enum proof_error code, uint64_t claimed, uint64_t found,
                               const char *what)
{
    char a[REFUSAL_VALUE_SIZE], b[REFUSAL_VALUE_SIZE];
    if (claimed == found) return STATUS_OK;
    return differ(p, code, value_of_u64(claimed, a), value_of_u64(found, b), what);
}

static enum status compare_hash(const struct place *p, enum proof_error code, const struct crypto_hash *claimed,
                                const struct crypto_hash *found, const char *what)
{
    char a[REFUSAL_VALUE_SIZE], b[REFUSAL_VALUE_SIZE];
    if (crypto_hash_equal(claimed, found)) return STATUS_OK;
    return differ(p, code, value_of_hash(claimed, a), value_of_hash(found, b), what);
}

static enum status compare_bytes(const struct place *p, enum proof_error code, struct bytes claimed, struct bytes found,
                                 const char *what)
{
    char a[REFUSAL_VALUE_SIZE], b[REFUSAL_VALUE_SIZE];
    if (bytes_equal(claimed, found)) return STATUS_OK;
    return differ(p, code, value_of_bytes(claimed, a), value_of_bytes(found, b), what);
}

/* ---- outcomes ---------------------------------------------------------------------------------------------------- */

static const char *status_text(enum execution_status status)
{
    switch (status) {
    case EXECUTION_FAILURE: return "Failure";
    case EXECUTION_SUCCESS_VALUE: return "SuccessValue";
    case EXECUTION_SUCCESS_RECEIPT_ID: return "SuccessReceiptId";
    case EXECUTION_UNKNOWN: break;
    }
    return "Unknown";
}

static enum status compare_status(const struct place *p, const struct proof_outcome *x, const struct proof_outcome *y)
{
    const struct execution_outcome *a = &x->outcome, *b = &y->outcome;
    if (a->status != b->status)
        return differ(p, PROOF_STATUS, status_text(a->status), status_text(b->status), "status");
    if (a->status == EXECUTION_FAILURE) return compare_bytes(p, PROOF_FAILURE, x->error, y->error, "status");
    if (a->status == EXECUTION_SUCCESS_VALUE) return compare_bytes(p, PROOF_VALUE, a->value, b->value, "status");
    return compare_hash(p, PROOF_SUCCESS_RECEIPT, &a->receipt_id, &b->receipt_id, "status");
}

static enum status compare_logs(const struct place *p, const struct execution_outcome *a,
                                const struct execution_outcome *b)
{
    enum status status = compare_u64(p, PROOF_LOG, a->log_count, b->log_count, "number of logs");
    for (uint32_t i = 0; i < a->log_count && status == STATUS_OK; i++) {
        char what[32];
        snprintf(what, sizeof what, "log %lu", (unsigned long)i);
        status = compare_bytes(p, PROOF_LOG, a->logs[i], b->logs[i], what);
    }
    return status;
}

static enum status compare_receipt_ids(const struct place *p, const struct execution_outcome *a,
                                       const struct execution_outcome *b)
{
    enum status status =
        compare_u64(p, PROOF_RECEIPT_IDS, a->receipt_id_count, b->receipt_id_count, "number of receipt ids");
    for (uint32_t i = 0; i < a->receipt_id_count && status == STATUS_OK; i++) {
        char what[32];
        snprintf(what, sizeof what, "receipt id %lu", (unsigned long)i);
        status = compare_hash(p, PROOF_RECEIPT_IDS, &a->receipt_ids[i], &b->receipt_ids[i], what);
    }
    return status;
}

static enum status compare_profile(const struct place *p, const struct gas_profile *a,
                                   const struct gas_profile *b)
{
    char what[96];
    if (!a != !b) return differ(p, PROOF_PROFILE, a ? "a profile" : "none", b ? "a profile" : "none", "gas profile");
    if (!a) return STATUS_OK;
    enum status status = STATUS_OK;
    for (unsigned i = 0; i < ACTION_COST_COUNT && status == STATUS_OK; i++) {
        snprintf(what, sizeof what, "gas profile: %s", action_cost_name((enum action_cost)i));
        status = compare_u64(p, PROOF_PROFILE, a->action[i], b->action[i], what);
    }
    for (unsigned i = 0; i < EXT_COST_COUNT && status == STATUS_OK; i++) {
        snprintf(what, sizeof what, "gas profile: %s", ext_cost_name((enum ext_cost)i));
        status = compare_u64(p, PROOF_PROFILE, a->ext[i], b->ext[i], what);
    }
    return status == STATUS_OK ? compare_u64(p, PROOF_PROFILE, a->wasm, b->wasm, "gas profile: instructions") : status;
}

static enum status compare_outcome(struct place *p, const struct proof_outcome *x, const struct proof_outcome *y)
{
    const struct execution_outcome *a = &x->outcome, *b = &y->outcome;
    char claimed[REFUSAL_VALUE_SIZE], found[REFUSAL_VALUE_SIZE];
    enum status status = compare_hash(p, PROOF_OUTCOME_ID, &a->id, &b->id, "id");
    if (status == STATUS_OK)
        status = compare_bytes(p, PROOF_EXECUTOR, account_id_bytes(&a->executor_id), account_id_bytes(&b->executor_id),
                               "executor");
    if (status == STATUS_OK) status = compare_status(p, x, y);
    if (status == STATUS_OK) status = compare_logs(p, a, b);
    if (status == STATUS_OK) status = compare_receipt_ids(p, a, b);
    if (status == STATUS_OK) status = compare_u64(p, PROOF_GAS, a->gas_burnt, b->gas_burnt, "gas burnt");
    if (status == STATUS_OK)
        status = compare_u64(p, PROOF_COMPUTE, a->compute_usage, b->compute_usage, "compute usage");
    if (status == STATUS_OK && !u128_equal(a->tokens_burnt, b->tokens_burnt))
        status = differ(p, PROOF_TOKENS, value_of_u128(a->tokens_burnt, claimed), value_of_u128(b->tokens_burnt, found),
                        "tokens burnt");
    return status == STATUS_OK ? compare_profile(p, a->profile, b->profile) : status;
}

/* ---- blocks ------------------------------------------------------------------------------------------------------ */

static struct place place_of_block(const struct proof_block *claimed, uint32_t index, struct refusal *r)
{
    struct place p = {.refusal = r};
    snprintf(p.text, sizeof p.text, "block %lu (height %llu)", (unsigned long)index,
             (unsigned long long)claimed->context.block_height);
    return p;
}

/* There are more than are claimed. */
static enum status too_many(const struct place *p, enum proof_error code, uint32_t claimed, const char *what)
{
    char a[REFUSAL_VALUE_SIZE], b[REFUSAL_VALUE_SIZE];
    snprintf(b, sizeof b, "%llu or more", (unsigned long long)claimed + 1);
    return differ(p, code, value_of_u64(claimed, a), b, what);
}

static struct place place_of_outcome(const struct place *block, const struct proof_block *claimed, uint32_t number)
{
    char text[CRYPTO_HASH_TEXT_SIZE];
    struct place p = {.refusal = block->refusal};
    snprintf(p.text, sizeof p.text, "%.60s, outcome %lu (%s)", block->text, (unsigned long)number,
             crypto_hash_text(&claimed->outcomes[number].outcome.id, text));
    return p;
}

enum status proof_compare_id(const struct proof_block *claimed, uint32_t index, uint32_t number,
                             const struct crypto_hash *id, struct refusal *r)
{
    const struct place block = place_of_block(claimed, index, r);
    if (number >= claimed->outcome_count)
        return too_many(&block, PROOF_OUTCOME_COUNT, claimed->outcome_count, "number of outcomes");
    const struct place p = place_of_outcome(&block, claimed, number);
    return compare_hash(&p, PROOF_OUTCOME_ID, &claimed->outcomes[number].outcome.id, id, "id");
}

enum status proof_compare_outcome(const struct proof_block *claimed, uint32_t index, uint32_t number,
                                  const struct proof_outcome *found, struct refusal *r)
{
    enum status status = proof_compare_id(claimed, index, number, &found->outcome.id, r);
    if (status != STATUS_OK) return status;
    const struct place block = place_of_block(claimed, index, r);
    struct place p = place_of_outcome(&block, claimed, number);
    return compare_outcome(&p, &claimed->outcomes[number], found);
}

enum status proof_compare_outgoing(const struct proof_block *claimed, uint32_t index, uint32_t number,
                                   struct bytes found, struct refusal *r)
{
    const struct place p = place_of_block(claimed, index, r);
    char what[40];
    if (number >= claimed->outgoing_count)
        return too_many(&p, PROOF_OUTGOING, claimed->outgoing_count, "number of outgoing receipts");
    snprintf(what, sizeof what, "outgoing receipt %lu", (unsigned long)number);
    return compare_bytes(&p, PROOF_OUTGOING, claimed->outgoing[number], found, what);
}

static enum status compare_outcomes(const struct place *block, const struct proof_block *a, const struct proof_block *b,
                                    uint32_t index)
{
    enum status status = compare_u64(block, PROOF_OUTCOME_COUNT, a->outcome_count, b->outcome_count,
                                     "number of outcomes");
    for (uint32_t i = 0; i < a->outcome_count && status == STATUS_OK; i++)
        status = proof_compare_outcome(a, index, i, &b->outcomes[i], block->refusal);
    return status;
}

static enum status compare_outgoing(const struct place *p, const struct proof_block *a, const struct proof_block *b,
                                    uint32_t index)
{
    enum status status = compare_u64(p, PROOF_OUTGOING, a->outgoing_count, b->outgoing_count,
                                     "number of outgoing receipts");
    for (uint32_t i = 0; i < a->outgoing_count && status == STATUS_OK; i++)
        status = proof_compare_outgoing(a, index, i, b->outgoing[i], p->refusal);
    return status;
}

enum status proof_compare_block(const struct proof_block *claimed, const struct proof_block *found, uint32_t index,
                                struct refusal *r)
{
    const struct place p = place_of_block(claimed, index, r);
    enum status status = compare_outcomes(&p, claimed, found, index);
    if (status == STATUS_OK) status = compare_outgoing(&p, claimed, found, index);
    if (status == STATUS_OK)
        status = compare_hash(&p, PROOF_STATE_ROOT, &claimed->state_root, &found->state_root, "state root");
    return status;
}

/* ---- what follows from all blocks -------------------------------------------------------------------------------- */

static enum status compare_changes(const struct execution_proof *a, const struct execution_proof *b, struct refusal *r)
{
    struct place p = {.refusal = r, .text = "changes"};
    char x[REFUSAL_VALUE_SIZE], y[REFUSAL_VALUE_SIZE];
    for (uint32_t i = 0; i < a->change_count && i < b->change_count; i++) {
        const struct proof_change *c = &a->changes[i], *d = &b->changes[i];
        enum status status = compare_bytes(&p, PROOF_CHANGES, c->key, d->key, "key");
        if (status != STATUS_OK) return status;
        if (c->is != d->is || (c->is && !trie_value_equal(&c->new_value, &d->new_value)))
            return differ(&p, PROOF_NEW_VALUE, value_of_trie_value(c->is, &c->new_value, x),
                          value_of_trie_value(d->is, &d->new_value, y), "new value");
        if (c->was != d->was || (c->was && !trie_value_equal(&c->old_value, &d->old_value)))
            return differ(&p, PROOF_OLD_VALUE, value_of_trie_value(c->was, &c->old_value, x),
                          value_of_trie_value(d->was, &d->old_value, y), "old value");
    }
    return compare_u64(&p, PROOF_CHANGES, a->change_count, b->change_count, "number of changed keys");
}

static enum status compare_counters(const struct proof_counters *a, const struct proof_counters *b, struct refusal *r)
{
    const struct place p = {.refusal = r, .text = "storage counters"};
    enum status status = compare_u64(&p, PROOF_COUNTER, a->nodes_read, b->nodes_read, "nodes read");
    if (status == STATUS_OK) status = compare_u64(&p, PROOF_COUNTER, a->values_read, b->values_read, "values read");
    if (status == STATUS_OK) status = compare_u64(&p, PROOF_COUNTER, a->bytes_read, b->bytes_read, "bytes read");
    if (status == STATUS_OK) status = compare_u64(&p, PROOF_COUNTER, a->keys_set, b->keys_set, "keys set");
    if (status == STATUS_OK) status = compare_u64(&p, PROOF_COUNTER, a->keys_removed, b->keys_removed, "keys removed");
    if (status == STATUS_OK) status = compare_u64(&p, PROOF_COUNTER, a->bytes_set, b->bytes_set, "bytes set");
    return status;
}

enum status proof_compare_totals(const struct execution_proof *claimed, const struct execution_proof *found,
                                 struct refusal *r)
{
    enum status status = compare_changes(claimed, found, r);
    if (status == STATUS_OK) status = compare_counters(&claimed->counters, &found->counters, r);
    return status;
}
