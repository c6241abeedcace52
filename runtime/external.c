/* Source: nearcore, runtime/runtime/src/ext.rs. */
#include "runtime/external.h"

#include "base/compare.h"
#include "host/action_copy.h"
#include "near/universal_state_init.h"
#include "runtime/features.h"

/* Not the contract's fault: the error of the external was filled. */
static enum host_error failure_of(enum status status)
{
    return status == STATUS_OK ? HOST_OK : HOST_EXTERNAL_FAILURE;
}

static enum host_error no_memory(struct runtime_external *x)
{
    return failure_of(error_no_memory(&x->external.error));
}

static const struct account_id *current_account(const struct runtime_external *x)
{
    return &x->action->receipt->receiver_id;
}

/* ---- storage ---------------------------------------------------------------------------------------------------- */

/* The key in the trie; an error only for lack of memory. */
static enum host_error make_key(struct runtime_external *x, struct bytes key, struct bytes *out)
{
    const struct trie_key k = trie_key_of_data(current_account(x), key);
    x->key.size = 0;
    trie_key_write(&k, &x->key);
    *out = bytes_of(x->key.data, x->key.size);
    return x->key.failed ? no_memory(x) : HOST_OK;
}

/* Nodes and values touched so far in this chunk. */
struct node_counts {
    uint64_t touched, cached;
};

static struct node_counts counts_now(const struct runtime_external *x)
{
    return (struct node_counts){x->state->touched.touched, x->state->touched.cached};
}

/* What the access has touched since the counters stood at these. */
static enum host_error charge_nodes(struct runtime_external *x, struct access_tracker *t, struct node_counts before)
{
    const struct node_counts now = counts_now(x);
    if (!t) return HOST_OK;
    if (!t->trie_node_touched(t, now.touched - before.touched)) return HOST_STOPPED;
    return t->cached_trie_node_access(t, now.cached - before.cached) ? HOST_OK : HOST_STOPPED;
}

static enum host_error read_found(struct runtime_external *x, const struct trie_found *f, struct trie_touched *touched,
                                  struct bytes *out)
{
    if (f->pending) {
        *out = f->value;
        return HOST_OK;
    }
    return failure_of(trie_read_value(&x->state->update.trie, &f->in_trie, touched, out, &x->external.error));
}

/* Looks up what is about to be overwritten or removed, through the trie: the value goes to `old`, its length is
 * charged by `charge`. The nodes are still to be charged. */
static enum host_error take_former(struct runtime_external *x, struct access_tracker *t, struct bytes key,
                                   bool (*charge)(struct access_tracker *, uint64_t), bool *found, struct buffer *old)
{
    struct apply_state *s = x->state;
    struct trie_found f;
    struct bytes value;
    old->size = 0;
    *found = false;
    enum host_error r = failure_of(trie_update_find(&s->update, key, &s->touched, &f, &x->external.error));
    if (r != HOST_OK || !f.found) return r;
    if (t && !charge(t, f.length)) return HOST_STOPPED;
    r = read_found(x, &f, &s->touched, &value);
    if (r != HOST_OK) return r;
    buffer_append(old, value.data, value.size);
    *found = true;
    return HOST_OK;
}

static enum host_error storage_set(void *self, struct access_tracker *t, struct bytes key, struct bytes value,
                                   bool *found, struct buffer *old)
{
    struct runtime_external *x = self;
    const struct node_counts before = counts_now(x);
    struct bytes k;
    enum host_error r = make_key(x, key, &k);
    if (r == HOST_OK) r = take_former(x, t, k, t ? t->write_evicted_bytes : NULL, found, old);
    if (r == HOST_OK) r = charge_nodes(x, t, before);
    if (r == HOST_OK) r = failure_of(state_charge(x->state, value.size, &x->external.error));
    if (r != HOST_OK) return r;
    return failure_of(trie_update_set(&x->state->update, k, value, &x->external.error));
}

/* Removes before it charges the nodes: what the removal may add to the proof counts even if the gas runs out. */
static enum host_error storage_remove(void *self, struct access_tracker *t, struct bytes key, bool *found,
                                      struct buffer *removed)
{
    struct runtime_external *x = self;
    const struct trie_key typed = trie_key_of_data(current_account(x), key);
    const struct node_counts before = counts_now(x);
    struct bytes k;
    enum host_error r = make_key(x, key, &k);
    if (r == HOST_OK) r = take_former(x, t, k, t ? t->removed_value_bytes : NULL, found, removed);
    if (r == HOST_OK) r = failure_of(state_remove(x->state, &typed, &x->external.error));
    return r == HOST_OK ? charge_nodes(x, t, before) : r;
}

/* Finding a key to read it is free of trie nodes since there is flat storage. */
static enum host_error find_to_read(struct runtime_external *x, struct access_tracker *t, struct bytes key,
                                    struct trie_found *out)
{
    struct apply_state *s = x->state;
    const struct node_counts before = counts_now(x);
    const bool counted = s->parameters->flags.storage_get_mode == STORAGE_TRIE;
    struct bytes k;
    enum host_error r = make_key(x, key, &k);
    if (r != HOST_OK) return r;
    r = failure_of(trie_update_find(&s->update, k, counted ? &s->touched : NULL, out, &x->external.error));
    return r == HOST_OK ? charge_nodes(x, t, before) : r;
}

static enum host_error storage_get(void *self, struct access_tracker *t, struct bytes key, struct stored_value *out)
{
    struct runtime_external *x = self;
    *out = (struct stored_value){0};
    enum host_error r = find_to_read(x, t, key, &x->found);
    if (r == HOST_OK) *out = (struct stored_value){.found = x->found.found, .length = x->found.length};
    return r;
}

static enum host_error storage_deref(void *self, struct access_tracker *t, const struct stored_value *v,
                                     struct bytes *out)
{
    struct runtime_external *x = self;
    const struct node_counts before = counts_now(x);
    (void)v; /* there is but one: the last that was found */
    enum host_error r = read_found(x, &x->found, &x->state->touched, out);
    return r == HOST_OK ? charge_nodes(x, t, before) : r;
}

static enum host_error storage_has_key(void *self, struct access_tracker *t, struct bytes key, bool *found)
{
    struct runtime_external *x = self;
    struct trie_found f;
    enum host_error r = find_to_read(x, t, key, &f);
    *found = r == HOST_OK && f.found;
    return r;
}

static uint64_t recorded_storage_size(void *self)
{
    const struct runtime_external *x = self;
    return x->state->recorder ? x->state->recorder->upper_bound : 0;
}

static uint64_t storage_proof_size_before_receipt(void *self)
{
    return ((struct runtime_external *)self)->proof_size_before;
}

/* ---- validators and chain --------------------------------------------------------------------------------------- */

static enum host_error validator_stake(void *self, const struct account_id *account, bool *found, struct u128 *stake)
{
    struct runtime_external *x = self;
    struct apply_state *s = x->state;
    const struct chunk *c = s->chunk;
    if (!s->validators.order) { /* the first contract of the chunk that asks */
        enum status status = balance_index_make(c->validators, c->validator_count, s->arena, &s->validators,
                                                &x->external.error);
        if (status != STATUS_OK) return failure_of(status);
    }
    const struct account_balance *validator = balance_index_find(&s->validators, account);
    *found = validator != NULL;
    if (validator) *stake = validator->amount;
    return HOST_OK;
}

static enum host_error validator_total_stake(void *self, struct u128 *stake)
{
    struct runtime_external *x = self;
    const struct chunk *c = x->state->chunk;
    *stake = u128_of(0);
    for (uint32_t i = 0; i < c->validator_count; i++)
        if (!u128_add(*stake, c->validators[i].amount, stake))
            return failure_of(integer_overflow(&x->external.error, "the stakes of all validators"));
    return HOST_OK;
}

static struct bytes chain_id(void *self)
{
    return ((struct runtime_external *)self)->state->chunk->chain_id;
}

static bool post_quantum_keys_enabled(void *self)
{
    const struct runtime_external *x = self;
    return feature_enabled(FEATURE_post_quantum_signatures, x->state->chunk->protocol_version);
}

/* ---- receipts --------------------------------------------------------------------------------------------------- */

static struct crypto_hash next_data_id(struct runtime_external *x)
{
    return data_id_of(&x->action->action_hash, x->state->chunk->block_height, x->data_count++);
}

static enum host_error unknown_receipt(struct runtime_external *x, uint64_t receipt)
{
    x->external.fault_a = receipt;
    return HOST_InvalidReceiptIndex;
}

static enum host_error create_action_receipt(void *self, const uint64_t *dependencies, size_t count,
                                             const struct account_id *receiver, uint64_t *receipt)
{
    struct runtime_external *x = self;
    struct crypto_hash *inputs = arena_array(x->receipts.arena, count, sizeof *inputs);
    if (!inputs || count > UINT32_MAX) return no_memory(x);
    for (size_t i = 0; i < count; i++) inputs[i] = next_data_id(x);
    for (size_t i = 0; i < count; i++) {
        const struct data_receiver to = {inputs[i], *receiver};
        struct call_receipt *from = call_receipts_at(&x->receipts, dependencies[i]);
        if (!from) return unknown_receipt(x, dependencies[i]);
        if (!call_receipt_add_output(&x->receipts, from, &to)) return no_memory(x);
    }
    return call_receipts_add(&x->receipts, receiver, inputs, (uint32_t)count, receipt) ? HOST_OK : no_memory(x);
}

/* The host knows which receipts there are and asks for no other. Names that are not UTF-8 are found only here. */
static enum host_error append_action(void *self, uint64_t receipt, const struct action *action, uint64_t *index)
{
    struct runtime_external *x = self;
    if (!call_receipts_at(&x->receipts, receipt)) return unknown_receipt(x, receipt);
    if (action->kind == ACTION_KIND_function_call &&
        !utf8_valid(action->function_call.method_name.data, action->function_call.method_name.size))
        return HOST_InvalidMethodName;
    if (action->kind == ACTION_KIND_add_key) {
        const struct access_key *k = &action->add_key.access_key;
        for (uint32_t i = 0; access_key_is_function_call(k) && i < k->method_count; i++)
            if (!utf8_valid(k->method_names[i].data, k->method_names[i].size)) return HOST_InvalidMethodName;
    }
    return call_receipt_add_action(&x->receipts, receipt, action, index) ? HOST_OK : no_memory(x);
}

static enum host_error set_refund_to(void *self, uint64_t receipt, const struct account_id *account)
{
    struct runtime_external *x = self;
    struct call_receipt *r = call_receipts_at(&x->receipts, receipt);
    if (!r) return unknown_receipt(x, receipt);
    r->has_refund_to = true;
    r->refund_to = *account;
    return HOST_OK;
}

static const struct account_id *receipt_receiver(void *self, uint64_t receipt)
{
    struct runtime_external *x = self;
    const struct call_receipt *r = call_receipts_at(&x->receipts, receipt);
    return r ? &r->receiver : NULL;
}

/* ---- yields ----------------------------------------------------------------------------------------------------- */

static enum host_error set_yield_status(struct runtime_external *x, const struct crypto_hash *data_id,
                                        enum yield_status status)
{
    const struct trie_key key = trie_key_of_hash(TRIE_KEY_YIELD_STATUS, current_account(x), data_id);
    const uint8_t byte = (uint8_t)status;
    return failure_of(state_set(x->state, &key, bytes_of(&byte, 1), &x->external.error));
}

static enum host_error add_yield(struct runtime_external *x, const struct account_id *receiver,
                                 const struct crypto_hash *data_id, uint64_t *receipt)
{
    struct crypto_hash *input = arena_alloc(x->receipts.arena, sizeof *input);
    if (!input) return no_memory(x);
    *input = *data_id;
    struct call_receipt *r = call_receipts_add(&x->receipts, receiver, input, 1, receipt);
    if (!r) return no_memory(x);
    r->is_yield = true;
    return set_yield_status(x, data_id, YIELD_YIELDED);
}

static enum host_error create_promise_yield_receipt(void *self, const struct account_id *receiver, uint64_t *receipt,
                                                    uint8_t data_id[32])
{
    struct runtime_external *x = self;
    const struct crypto_hash id = next_data_id(x);
    memcpy(data_id, id.bytes, sizeof id.bytes);
    return add_yield(x, receiver, &id, receipt);
}

static enum host_error create_promise_yield_receipt_with_id(void *self, const struct account_id *receiver,
                                                            const uint8_t yield_id[32], bool *created,
                                                            uint64_t *receipt, uint8_t data_id[32])
{
    struct runtime_external *x = self;
    struct crypto_hash yield;
    memcpy(yield.bytes, yield_id, sizeof yield.bytes);
    const struct trie_key by_yield = trie_key_of_hash(TRIE_KEY_YIELD_ID_TO_DATA_ID, receiver, &yield);
    bool taken;
    enum host_error r = failure_of(state_has(x->state, &by_yield, &taken, &x->external.error));
    *created = r == HOST_OK && !taken;
    if (!*created) return r;
    const struct crypto_hash id = next_data_id(x);
    const struct trie_key by_data = trie_key_of_hash(TRIE_KEY_DATA_ID_TO_YIELD_ID, receiver, &id);
    memcpy(data_id, id.bytes, sizeof id.bytes);
    r = failure_of(state_set(x->state, &by_yield, crypto_hash_bytes(&id), &x->external.error));
    if (r == HOST_OK) r = failure_of(state_set(x->state, &by_data, crypto_hash_bytes(&yield), &x->external.error));
    return r == HOST_OK ? add_yield(x, receiver, &id, receipt) : r;
}

/* A yield that this call has made has a status already; one of an earlier call has a receipt, too. */
static enum host_error resume(struct runtime_external *x, const struct crypto_hash *data_id, struct bytes data,
                              bool *accepted)
{
    const struct trie_key receipt = trie_key_of_hash(TRIE_KEY_YIELD_RECEIPT, current_account(x), data_id);
    const struct trie_key status = trie_key_of_hash(TRIE_KEY_YIELD_STATUS, current_account(x), data_id);
    bool has_receipt, has_status;
    *accepted = false;
    enum host_error r = failure_of(state_has(x->state, &receipt, &has_receipt, &x->external.error));
    if (r == HOST_OK) r = failure_of(state_has(x->state, &status, &has_status, &x->external.error));
    if (r != HOST_OK || (!has_receipt && !has_status)) return r;
    if (!call_receipts_add_resume(&x->receipts, data_id, data)) return no_memory(x);
    *accepted = true;
    return set_yield_status(x, data_id, YIELD_RESUME_INITIATED);
}

static enum host_error submit_promise_resume_data(void *self, const uint8_t data_id[32], struct bytes data,
                                                  bool *accepted)
{
    struct crypto_hash id;
    memcpy(id.bytes, data_id, sizeof id.bytes);
    return resume(self, &id, data, accepted);
}

static enum host_error submit_promise_resume_data_with_yield_id(void *self, const uint8_t yield_id[32],
                                                                struct bytes data, bool *accepted)
{
    struct runtime_external *x = self;
    struct crypto_hash yield, id;
    struct bytes value;
    bool found;
    memcpy(yield.bytes, yield_id, sizeof yield.bytes);
    const struct trie_key key = trie_key_of_hash(TRIE_KEY_YIELD_ID_TO_DATA_ID, current_account(x), &yield);
    *accepted = false;
    enum host_error r = failure_of(state_get(x->state, &key, &found, &value, &x->external.error));
    if (r != HOST_OK || !found) return r;
    if (hash_from_borsh(value, &id, &x->external.error) != STATUS_OK)
        return failure_of(inconsistent_state(&x->external.error, "the data id of a yield cannot be read"));
    return resume(x, &id, data, accepted);
}

/* ---- state inits ------------------------------------------------------------------------------------------------ */

/* Where the key is, or belongs, among the sorted entries. */
static size_t find_entry(const struct deterministic_state_init *init, struct bytes key, bool *found)
{
    size_t low = 0, high = init->entry_count;
    *found = false;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const int order = bytes_compare(init->entries[middle].key, key);
        if (order == 0) {
            *found = true;
            return middle;
        }
        if (order < 0) low = middle + 1;
        else high = middle;
    }
    return low;
}

/* An entry that was there already ends the call. */
static enum host_error set_state_init_data_entry(void *self, uint64_t receipt, uint64_t action, struct bytes key,
                                                 struct bytes value)
{
    struct runtime_external *x = self;
    struct call_receipt *r = call_receipts_at(&x->receipts, receipt);
    if (!r || action >= r->action_count || r->actions[action].kind != ACTION_KIND_deterministic_state_init) {
        x->external.fault_a = receipt;
        x->external.fault_b = action;
        return HOST_InvalidActionIndex;
    }
    struct deterministic_state_init *init = &r->actions[action].deterministic_state_init.state_init;
    bool found;
    const size_t at = find_entry(init, key, &found);
    if (found) return HOST_DataEntryAlreadyExists;
    struct state_entry *entries = arena_array(x->receipts.arena, init->entry_count + 1, sizeof *entries);
    const struct bytes k = bytes_copy(x->receipts.arena, key), v = bytes_copy(x->receipts.arena, value);
    if (!entries || !k.data || !v.data) return no_memory(x);
    if (at) memcpy(entries, init->entries, at * sizeof *entries);
    entries[at] = (struct state_entry){k, v};
    const size_t behind = init->entry_count - at;
    if (behind) memcpy(entries + at + 1, init->entries + at, behind * sizeof *entries);
    init->entries = entries;
    init->entry_count++;
    return HOST_OK;
}

static enum state_init_check check_state_init(void *self, struct bytes bytes)
{
    struct universal_state_init_counts counts;
    (void)self;
    switch (universal_state_init_scan(bytes, &counts)) {
    case UNIVERSAL_STATE_INIT_MALFORMED: return STATE_INIT_MALFORMED;
    case UNIVERSAL_STATE_INIT_NOT_CANONICAL: return STATE_INIT_NOT_CANONICAL;
    case UNIVERSAL_STATE_INIT_CANONICAL: break;
    }
    return STATE_INIT_VALID;
}

/* What cannot be used is paid as if it were full: reading it was work. (Versions that take what is not canonical do not
 * let contracts send any, so entries that are there twice are not looked for.) */
static struct state_init_counts state_init_send_counts(void *self, struct bytes bytes, bool canonical)
{
    struct universal_state_init_counts counts = {.num_bytes = bytes.size};
    (void)self;
    if (universal_state_init_scan(bytes, &counts) != UNIVERSAL_STATE_INIT_CANONICAL && canonical)
        counts = universal_state_init_counts_bound(bytes.size);
    return (struct state_init_counts){counts.num_bytes, counts.num_entries, counts.num_keys};
}

/* ---- life ------------------------------------------------------------------------------------------------------- */

static const struct external_functions functions = {
    .storage_set = storage_set,
    .storage_get = storage_get,
    .storage_deref = storage_deref,
    .storage_remove = storage_remove,
    .storage_has_key = storage_has_key,
    .recorded_storage_size = recorded_storage_size,
    .storage_proof_size_before_receipt = storage_proof_size_before_receipt,
    .validator_stake = validator_stake,
    .validator_total_stake = validator_total_stake,
    .chain_id = chain_id,
    .create_action_receipt = create_action_receipt,
    .create_promise_yield_receipt = create_promise_yield_receipt,
    .create_promise_yield_receipt_with_id = create_promise_yield_receipt_with_id,
    .submit_promise_resume_data = submit_promise_resume_data,
    .submit_promise_resume_data_with_yield_id = submit_promise_resume_data_with_yield_id,
    .append_action = append_action,
    .set_state_init_data_entry = set_state_init_data_entry,
    .check_state_init = check_state_init,
    .state_init_send_counts = state_init_send_counts,
    .receipt_receiver = receipt_receiver,
    .set_refund_to = set_refund_to,
    .post_quantum_keys_enabled = post_quantum_keys_enabled,
};

void runtime_external_init(struct runtime_external *x, const struct action_context *c)
{
    const struct apply_state *s = c->state;
    *x = (struct runtime_external){.state = c->state, .action = c, .receipts = {.arena = s->arena}};
    x->external.functions = &functions;
    x->external.self = x;
    x->proof_size_before = recorded_storage_size(x);
    if (feature_enabled(FEATURE_enforce_storage_proof_limit, s->chunk->protocol_version))
        x->proof_size_before = c->proof_size_before;
}

void runtime_external_free(struct runtime_external *x)
{
    buffer_free(&x->key);
}
