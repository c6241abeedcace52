#include "host/journal.h"

#include "base/borsh.h"
#include "crypto/sha2.h"
#include "near/record_reader.h"
#include "vm/vm.h"

enum { RESULT_HASH_SIZE = 16 };

enum note {
#define X(name) NOTE_##name,
#include "host/journal.def"
#undef X
    NOTE_COUNT
};

/* ---- notes: the kind, how it ended, the arguments, a hash of the results ----------------------------------------- */

/* HOST_OK and no charges, until it is known better. */
static void begin_note(struct journal *j, enum note kind)
{
    j->begun = j->notes.size;
    j->tracker.charges = 0;
    borsh_write_u8(&j->notes, (uint8_t)kind);
    borsh_write_u32(&j->notes, HOST_OK);
    borsh_write_u32(&j->notes, 0);
}

/* Results are written to a buffer of their own, of which the hash is noted. */
static void note_result(struct journal *j, struct buffer *result)
{
    uint8_t hash[SHA256_SIZE];
    if (result->failed) j->notes.failed = true;
    sha256(bytes_of(result->data, result->size), hash);
    buffer_append(&j->notes, hash, RESULT_HASH_SIZE);
    buffer_free(result);
}

static enum host_error noted(struct journal *j)
{
    if (!j->notes.failed) return HOST_OK;
    error_no_memory(&j->external.error);
    return HOST_EXTERNAL_FAILURE;
}

/* What the inner one says about a failure is what this one says. How many charges there were is noted, since what was
 * touched until the gas ran out stays touched. */
static enum host_error failed(struct journal *j, enum host_error r)
{
    if (!j->notes.failed) {
        store_le32(j->notes.data + j->begun + 1, (uint32_t)r);
        store_le32(j->notes.data + j->begun + 5, j->tracker.charges);
    }
    j->external.fault_a = j->inner->fault_a;
    j->external.fault_b = j->inner->fault_b;
    if (r == HOST_EXTERNAL_FAILURE) j->external.error = j->inner->error;
    return r;
}

#define INNER(j, name, ...) (j)->inner->functions->name((j)->inner->self, __VA_ARGS__)
#define ASK(j, name) (j)->inner->functions->name((j)->inner->self)

#define FORWARD(name)                                                             \
    static bool name(struct access_tracker *t, uint64_t n)                        \
    {                                                                             \
        struct journal_tracker *x = (struct journal_tracker *)(void *)t;          \
        x->charges++;                                                             \
        return x->inner->name(x->inner, n);                                       \
    }
FORWARD(trie_node_touched)
FORWARD(cached_trie_node_access)
FORWARD(write_evicted_bytes)
FORWARD(removed_value_bytes)

/* The tracker to hand on: one that counts. */
static struct access_tracker *counted(struct journal *j, struct access_tracker *t)
{
    j->tracker = (struct journal_tracker){
        {trie_node_touched, cached_trie_node_access, write_evicted_bytes, removed_value_bytes}, t, 0};
    return t ? &j->tracker.tracker : NULL;
}

/* ---- storage ----------------------------------------------------------------------------------------------------- */

static enum host_error storage_set(void *self, struct access_tracker *t, struct bytes key, struct bytes value,
                                   bool *found, struct buffer *old)
{
    struct journal *j = self;
    struct buffer result = {0};
    begin_note(j, NOTE_storage_set);
    borsh_write_bytes(&j->notes, key);
    borsh_write_bytes(&j->notes, value);
    enum host_error r = INNER(j, storage_set, counted(j, t), key, value, found, old);
    if (r != HOST_OK) return failed(j, r);
    borsh_write_bool(&result, *found);
    if (*found) borsh_write_bytes(&result, bytes_of(old->data, old->size));
    note_result(j, &result);
    return noted(j);
}

static enum host_error storage_get(void *self, struct access_tracker *t, struct bytes key, struct stored_value *out)
{
    struct journal *j = self;
    struct buffer result = {0};
    begin_note(j, NOTE_storage_get);
    borsh_write_bytes(&j->notes, key);
    enum host_error r = INNER(j, storage_get, counted(j, t), key, out);
    if (r != HOST_OK) return failed(j, r);
    j->found = *out;
    borsh_write_bool(&result, out->found);
    borsh_write_u32(&result, out->found ? out->length : 0);
    note_result(j, &result);
    return noted(j);
}

/* Of the value that was found last: nobody asks for another. */
static enum host_error storage_deref(void *self, struct access_tracker *t, const struct stored_value *v,
                                     struct bytes *out)
{
    struct journal *j = self;
    struct buffer result = {0};
    begin_note(j, NOTE_storage_deref);
    borsh_write_bool(&j->notes, t != NULL);
    enum host_error r = INNER(j, storage_deref, counted(j, t), v, out);
    if (r != HOST_OK) return failed(j, r);
    borsh_write_bytes(&result, *out);
    note_result(j, &result);
    return noted(j);
}

static enum host_error storage_remove(void *self, struct access_tracker *t, struct bytes key, bool *found,
                                      struct buffer *removed)
{
    struct journal *j = self;
    struct buffer result = {0};
    begin_note(j, NOTE_storage_remove);
    borsh_write_bytes(&j->notes, key);
    enum host_error r = INNER(j, storage_remove, counted(j, t), key, found, removed);
    if (r != HOST_OK) return failed(j, r);
    borsh_write_bool(&result, *found);
    if (*found) borsh_write_bytes(&result, bytes_of(removed->data, removed->size));
    note_result(j, &result);
    return noted(j);
}

static enum host_error storage_has_key(void *self, struct access_tracker *t, struct bytes key, bool *found)
{
    struct journal *j = self;
    struct buffer result = {0};
    begin_note(j, NOTE_storage_has_key);
    borsh_write_bytes(&j->notes, key);
    enum host_error r = INNER(j, storage_has_key, counted(j, t), key, found);
    if (r != HOST_OK) return failed(j, r);
    borsh_write_bool(&result, *found);
    note_result(j, &result);
    return noted(j);
}

/* ---- validators -------------------------------------------------------------------------------------------------- */

static enum host_error validator_stake(void *self, const struct account_id *account, bool *found, struct u128 *stake)
{
    struct journal *j = self;
    struct buffer result = {0};
    begin_note(j, NOTE_validator_stake);
    record_write_account_id(account, &j->notes);
    enum host_error r = INNER(j, validator_stake, account, found, stake);
    if (r != HOST_OK) return failed(j, r);
    borsh_write_bool(&result, *found);
    if (*found) borsh_write_u128(&result, *stake);
    note_result(j, &result);
    return noted(j);
}

static enum host_error validator_total_stake(void *self, struct u128 *stake)
{
    struct journal *j = self;
    struct buffer result = {0};
    begin_note(j, NOTE_validator_total_stake);
    enum host_error r = INNER(j, validator_total_stake, stake);
    if (r != HOST_OK) return failed(j, r);
    borsh_write_u128(&result, *stake);
    note_result(j, &result);
    return noted(j);
}

/* ---- receipts ---------------------------------------------------------------------------------------------------- */

static enum host_error create_action_receipt(void *self, const uint64_t *dependencies, size_t count,
                                             const struct account_id *receiver, uint64_t *receipt)
{
    struct journal *j = self;
    struct buffer result = {0};
    if (count > UINT32_MAX) j->notes.failed = true;
    begin_note(j, NOTE_create_action_receipt);
    borsh_write_u32(&j->notes, (uint32_t)count);
    for (size_t i = 0; i < count; i++) borsh_write_u64(&j->notes, dependencies[i]);
    record_write_account_id(receiver, &j->notes);
    enum host_error r = INNER(j, create_action_receipt, dependencies, count, receiver, receipt);
    if (r != HOST_OK) return failed(j, r);
    borsh_write_u64(&result, *receipt);
    note_result(j, &result);
    return noted(j);
}

static enum host_error create_promise_yield_receipt(void *self, const struct account_id *receiver, uint64_t *receipt,
                                                    uint8_t data_id[32])
{
    struct journal *j = self;
    struct buffer result = {0};
    begin_note(j, NOTE_create_promise_yield_receipt);
    record_write_account_id(receiver, &j->notes);
    enum host_error r = INNER(j, create_promise_yield_receipt, receiver, receipt, data_id);
    if (r != HOST_OK) return failed(j, r);
    borsh_write_u64(&result, *receipt);
    buffer_append(&result, data_id, 32);
    note_result(j, &result);
    return noted(j);
}

static enum host_error create_promise_yield_receipt_with_id(void *self, const struct account_id *receiver,
                                                            const uint8_t yield_id[32], bool *created,
                                                            uint64_t *receipt, uint8_t data_id[32])
{
    struct journal *j = self;
    struct buffer result = {0};
    begin_note(j, NOTE_create_promise_yield_receipt_with_id);
    record_write_account_id(receiver, &j->notes);
    buffer_append(&j->notes, yield_id, 32);
    enum host_error r = INNER(j, create_promise_yield_receipt_with_id, receiver, yield_id, created, receipt, data_id);
    if (r != HOST_OK) return failed(j, r);
    borsh_write_bool(&result, *created);
    if (*created) {
        borsh_write_u64(&result, *receipt);
        buffer_append(&result, data_id, 32);
    }
    note_result(j, &result);
    return noted(j);
}

typedef enum host_error (*submit_function)(void *self, const uint8_t id[32], struct bytes data, bool *accepted);

static enum host_error submit(struct journal *j, enum note kind, submit_function f, const uint8_t id[32],
                              struct bytes data, bool *accepted)
{
    struct buffer result = {0};
    begin_note(j, kind);
    buffer_append(&j->notes, id, 32);
    borsh_write_bytes(&j->notes, data);
    enum host_error r = f(j->inner->self, id, data, accepted);
    if (r != HOST_OK) return failed(j, r);
    borsh_write_bool(&result, *accepted);
    note_result(j, &result);
    return noted(j);
}

static enum host_error submit_promise_resume_data(void *self, const uint8_t data_id[32], struct bytes data,
                                                  bool *accepted)
{
    struct journal *j = self;
    return submit(j, NOTE_submit_promise_resume_data, j->inner->functions->submit_promise_resume_data, data_id, data,
                  accepted);
}

static enum host_error submit_promise_resume_data_with_yield_id(void *self, const uint8_t yield_id[32],
                                                                struct bytes data, bool *accepted)
{
    struct journal *j = self;
    return submit(j, NOTE_submit_promise_resume_data_with_yield_id,
                  j->inner->functions->submit_promise_resume_data_with_yield_id, yield_id, data, accepted);
}

/* The external may refuse such names only later. */
static bool has_encoding(const struct action *a)
{
    if (a->kind == ACTION_KIND_function_call)
        return utf8_valid(a->function_call.method_name.data, a->function_call.method_name.size);
    if (a->kind != ACTION_KIND_add_key) return true;
    const struct access_key *k = &a->add_key.access_key;
    for (uint32_t i = 0; access_key_is_function_call(k) && i < k->method_count; i++)
        if (!utf8_valid(k->method_names[i].data, k->method_names[i].size)) return false;
    return true;
}

/* The weight of a function call's gas is no part of the action's encoding. */
static enum host_error append_action(void *self, uint64_t receipt, const struct action *action, uint64_t *index)
{
    struct journal *j = self;
    struct buffer result = {0};
    uint64_t ignored = 0;
    j->unreadable |= !has_encoding(action);
    begin_note(j, NOTE_append_action);
    borsh_write_u64(&j->notes, receipt);
    action_write(action, &j->notes);
    if (action->kind == ACTION_KIND_function_call) borsh_write_u64(&j->notes, action->function_call.gas_weight);
    enum host_error r = INNER(j, append_action, receipt, action, index ? index : &ignored);
    if (r != HOST_OK) return failed(j, r);
    borsh_write_u64(&result, index ? *index : ignored);
    note_result(j, &result);
    return noted(j);
}

static enum host_error set_state_init_data_entry(void *self, uint64_t receipt, uint64_t action, struct bytes key,
                                                 struct bytes value)
{
    struct journal *j = self;
    struct buffer result = {0};
    begin_note(j, NOTE_set_state_init_data_entry);
    borsh_write_u64(&j->notes, receipt);
    borsh_write_u64(&j->notes, action);
    borsh_write_bytes(&j->notes, key);
    borsh_write_bytes(&j->notes, value);
    enum host_error r = INNER(j, set_state_init_data_entry, receipt, action, key, value);
    if (r != HOST_OK) return failed(j, r);
    note_result(j, &result);
    return noted(j);
}

static enum host_error set_refund_to(void *self, uint64_t receipt, const struct account_id *account)
{
    struct journal *j = self;
    struct buffer result = {0};
    begin_note(j, NOTE_set_refund_to);
    borsh_write_u64(&j->notes, receipt);
    record_write_account_id(account, &j->notes);
    enum host_error r = INNER(j, set_refund_to, receipt, account);
    if (r != HOST_OK) return failed(j, r);
    note_result(j, &result);
    return noted(j);
}

/* ---- what neither changes anything nor depends on what was done: not noted --------------------------------------- */

static uint64_t recorded_storage_size(void *self) { return ASK((struct journal *)self, recorded_storage_size); }
static uint64_t storage_proof_size_before_receipt(void *self)
{
    return ASK((struct journal *)self, storage_proof_size_before_receipt);
}
static struct bytes chain_id(void *self) { return ASK((struct journal *)self, chain_id); }
static enum state_init_check check_state_init(void *self, struct bytes state_init)
{
    return INNER((struct journal *)self, check_state_init, state_init);
}
static struct state_init_counts state_init_send_counts(void *self, struct bytes state_init, bool canonical)
{
    return INNER((struct journal *)self, state_init_send_counts, state_init, canonical);
}
static const struct account_id *receipt_receiver(void *self, uint64_t receipt)
{
    return INNER((struct journal *)self, receipt_receiver, receipt);
}
static bool post_quantum_keys_enabled(void *self)
{
    return ASK((struct journal *)self, post_quantum_keys_enabled);
}

static const struct external_functions functions = {
#define X(name) .name = name,
#include "host/journal.def"
#undef X
    .recorded_storage_size = recorded_storage_size,
    .storage_proof_size_before_receipt = storage_proof_size_before_receipt,
    .chain_id = chain_id,
    .check_state_init = check_state_init,
    .state_init_send_counts = state_init_send_counts,
    .receipt_receiver = receipt_receiver,
    .post_quantum_keys_enabled = post_quantum_keys_enabled,
};

void journal_init(struct journal *j, struct external_state *inner)
{
    *j = (struct journal){.external = {.functions = &functions, .self = j}, .inner = inner};
}

void journal_free(struct journal *j)
{
    buffer_free(&j->notes);
}

/* ---- replaying: each note is done again through the functions above, which note the same, or something else ------ */

struct replay {
    struct journal *j;
    struct record_reader r;
    struct access_tracker tracker; /* the gas was paid then */
    uint32_t result, charges_then; /* how the call that is repeated ended then */
    uint32_t charges;
    struct buffer scratch;
};

static bool paid(struct access_tracker *t, uint64_t count)
{
    struct replay *x = (struct replay *)(void *)((char *)t - offsetof(struct replay, tracker));
    (void)count;
    return ++x->charges != x->charges_then || x->result != HOST_STOPPED;
}

static struct account_id read_account(struct replay *x)
{
    struct account_id id = {0};
    const struct bytes text = borsh_read_bytes(&x->r.borsh);
    if (!x->r.borsh.failed && !account_id_parse(text, &id, NULL)) borsh_reject(&x->r.borsh, "not an account id");
    return id;
}

static const uint8_t *read_id(struct replay *x)
{
    static const uint8_t none[32];
    const struct bytes id = borsh_read_fixed(&x->r.borsh, 32);
    return x->r.borsh.failed ? none : id.data;
}

#define DECLARE(x) struct borsh_reader *const r = &(x)->r.borsh; struct journal *const j = (x)->j
/* Nothing is done if the arguments could not be read. */
#define DO(...) (r->failed ? HOST_OK : (__VA_ARGS__))

static enum host_error replay_storage_set(struct replay *x)
{
    DECLARE(x);
    bool found;
    const struct bytes key = borsh_read_bytes(r), value = borsh_read_bytes(r);
    return DO(storage_set(j, &x->tracker, key, value, &found, &x->scratch));
}

static enum host_error replay_storage_get(struct replay *x)
{
    DECLARE(x);
    struct stored_value v;
    const struct bytes key = borsh_read_bytes(r);
    return DO(storage_get(j, &x->tracker, key, &v));
}

static enum host_error replay_storage_deref(struct replay *x)
{
    DECLARE(x);
    struct bytes value;
    const bool tracked = borsh_read_bool(r);
    if (!r->failed && !j->found.found) borsh_reject(r, "a value is read that was not found");
    return DO(storage_deref(j, tracked ? &x->tracker : NULL, &j->found, &value));
}

static enum host_error replay_storage_remove(struct replay *x)
{
    DECLARE(x);
    bool found;
    const struct bytes key = borsh_read_bytes(r);
    return DO(storage_remove(j, &x->tracker, key, &found, &x->scratch));
}

static enum host_error replay_storage_has_key(struct replay *x)
{
    DECLARE(x);
    bool found;
    const struct bytes key = borsh_read_bytes(r);
    return DO(storage_has_key(j, &x->tracker, key, &found));
}

static enum host_error replay_validator_stake(struct replay *x)
{
    DECLARE(x);
    bool found;
    struct u128 stake;
    const struct account_id account = read_account(x);
    return DO(validator_stake(j, &account, &found, &stake));
}

static enum host_error replay_validator_total_stake(struct replay *x)
{
    struct u128 stake;
    return validator_total_stake(x->j, &stake);
}

static enum host_error replay_create_action_receipt(struct replay *x)
{
    DECLARE(x);
    uint64_t receipt;
    const uint32_t count = borsh_read_count(r, 8);
    uint64_t *dependencies = arena_array(x->r.arena, count, sizeof *dependencies);
    if (!dependencies) {
        j->notes.failed = true;
        return noted(j);
    }
    for (uint32_t i = 0; i < count; i++) {
        dependencies[i] = borsh_read_u64(r);
        if (!r->failed && !receipt_receiver(j, dependencies[i])) borsh_reject(r, "a receipt that was not made");
    }
    const struct account_id receiver = read_account(x);
    return DO(create_action_receipt(j, dependencies, count, &receiver, &receipt));
}

static enum host_error replay_create_promise_yield_receipt(struct replay *x)
{
    DECLARE(x);
    uint64_t receipt;
    uint8_t id[32];
    const struct account_id receiver = read_account(x);
    return DO(create_promise_yield_receipt(j, &receiver, &receipt, id));
}

static enum host_error replay_create_promise_yield_receipt_with_id(struct replay *x)
{
    DECLARE(x);
    uint64_t receipt;
    uint8_t id[32];
    bool created;
    const struct account_id receiver = read_account(x);
    const uint8_t *yield_id = read_id(x);
    return DO(create_promise_yield_receipt_with_id(j, &receiver, yield_id, &created, &receipt, id));
}

static enum host_error replay_submit_promise_resume_data(struct replay *x)
{
    DECLARE(x);
    bool accepted;
    const uint8_t *id = read_id(x);
    const struct bytes data = borsh_read_bytes(r);
    return DO(submit_promise_resume_data(j, id, data, &accepted));
}

static enum host_error replay_submit_promise_resume_data_with_yield_id(struct replay *x)
{
    DECLARE(x);
    bool accepted;
    const uint8_t *id = read_id(x);
    const struct bytes data = borsh_read_bytes(r);
    return DO(submit_promise_resume_data_with_yield_id(j, id, data, &accepted));
}

static uint64_t read_receipt(struct replay *x)
{
    DECLARE(x);
    const uint64_t receipt = borsh_read_u64(r);
    if (!r->failed && !receipt_receiver(j, receipt)) borsh_reject(r, "a receipt that was not made");
    return receipt;
}

static enum host_error replay_append_action(struct replay *x)
{
    DECLARE(x);
    uint64_t index;
    const uint64_t receipt = read_receipt(x);
    struct action action = action_read(&x->r);
    if (action.kind == ACTION_KIND_function_call && !r->failed) action.function_call.gas_weight = borsh_read_u64(r);
    return DO(append_action(j, receipt, &action, &index));
}

static enum host_error replay_set_state_init_data_entry(struct replay *x)
{
    DECLARE(x);
    const uint64_t receipt = read_receipt(x), action = borsh_read_u64(r);
    const struct bytes key = borsh_read_bytes(r), value = borsh_read_bytes(r);
    return DO(set_state_init_data_entry(j, receipt, action, key, value));
}

static enum host_error replay_set_refund_to(struct replay *x)
{
    DECLARE(x);
    const uint64_t receipt = read_receipt(x);
    const struct account_id account = read_account(x);
    return DO(set_refund_to(j, receipt, &account));
}

static enum host_error (*const replays[NOTE_COUNT])(struct replay *x) = {
#define X(name) replay_##name,
#include "host/journal.def"
#undef X
};

static enum status replay_failed(size_t at, const char *why, struct error *e)
{
    return error_set(e, STATUS_INVALID, VM_ERROR_STATE_INVALID, at, "suspended call, in its journal: %s", why);
}

/* One note; what is noted of it must be the same bytes. Only the last one may be of a call that failed, and only if the
 * run has `ended`. */
static enum status replay_one(struct replay *x, struct bytes notes, bool ended, struct error *e)
{
    struct borsh_reader *r = &x->r.borsh;
    const size_t at = (size_t)(r->p - r->start), before = x->j->notes.size;
    const uint8_t kind = borsh_read_u8(r);
    x->result = borsh_read_u32(r);
    x->charges_then = borsh_read_u32(r);
    x->charges = 0;
    if (r->failed) return replay_failed(r->failed_at, r->problem, e);
    if (kind >= NOTE_COUNT) return replay_failed(at, "a call of an unknown kind", e);
    const enum host_error result = replays[kind](x);
    if (x->j->notes.failed || x->scratch.failed || x->r.no_memory) return error_no_memory(e);
    if (!r->failed && x->result == HOST_OK) borsh_read_fixed(r, RESULT_HASH_SIZE);
    if (r->failed) return replay_failed(r->failed_at, r->problem, e);
    if (result == HOST_EXTERNAL_FAILURE) {
        if (e) *e = x->j->inner->error;
        return STATUS_IO;
    }
    const struct bytes then = bytes_of(notes.data + at, (size_t)(r->p - r->start) - at);
    const struct bytes now = bytes_of(x->j->notes.data + before, x->j->notes.size - before);
    if (bytes_equal(then, now) && (result == HOST_OK || (ended && r->p == r->end))) return STATUS_OK;
    return replay_failed(at, "the state is not the one that the call was made on", e);
}

enum status journal_replay(struct journal *j, struct bytes notes, bool ended, struct arena *arena, struct error *e)
{
    struct replay x = {.j = j, .r = record_reader_of(notes, arena), .tracker = {paid, paid, paid, paid}};
    enum status status = STATUS_OK;
    while (status == STATUS_OK && x.r.borsh.p < x.r.borsh.end) status = replay_one(&x, notes, ended, e);
    buffer_free(&x.scratch);
    return status;
}
