#include "host/mock_external.h"

#include <stdlib.h>

#include "base/array.h"
#include "base/compare.h"
#include "crypto/sha2.h"
#include "host/action_copy.h"

/* Not the contract's fault: *e of the external was filled. */
static enum host_error failure_of(enum status status)
{
    return status == STATUS_OK ? HOST_OK : HOST_EXTERNAL_FAILURE;
}

static enum host_error no_memory(struct mock_external *m)
{
    return failure_of(error_no_memory(&m->external.error));
}

/* ---- storage ---------------------------------------------------------------------------------------------------- */

static enum host_error storage_set(void *self, struct access_tracker *t, struct bytes key, struct bytes value,
                                   bool *found, struct buffer *old)
{
    struct mock_external *m = self;
    (void)t; /* a map has no nodes, and what it evicts costs nothing */
    return failure_of(state_map_set(&m->state, key, value, found, old, &m->external.error));
}

/* The handle is the address of the value, which stays until the key is written: longer than the interface asks. */
static enum host_error storage_get(void *self, struct access_tracker *t, struct bytes key, struct stored_value *out)
{
    struct mock_external *m = self;
    struct bytes value;
    (void)t;
    *out = (struct stored_value){0};
    if (!state_map_get(&m->state, key, &value)) return HOST_OK;
    *out = (struct stored_value){.found = true, .length = (uint32_t)value.size, .handle = (uintptr_t)value.data};
    return HOST_OK;
}

static enum host_error storage_deref(void *self, struct access_tracker *t, const struct stored_value *v,
                                     struct bytes *out)
{
    (void)self;
    (void)t;
    *out = bytes_of((const uint8_t *)(uintptr_t)v->handle, v->length);
    return HOST_OK;
}

static enum host_error storage_remove(void *self, struct access_tracker *t, struct bytes key, bool *found,
                                      struct buffer *removed)
{
    struct mock_external *m = self;
    (void)t;
    return failure_of(state_map_remove(&m->state, key, found, removed, &m->external.error));
}

static enum host_error storage_has_key(void *self, struct access_tracker *t, struct bytes key, bool *found)
{
    struct mock_external *m = self;
    struct bytes value;
    (void)t;
    *found = state_map_get(&m->state, key, &value);
    return HOST_OK;
}

static uint64_t no_storage_proof(void *self)
{
    (void)self;
    return 0;
}

/* ---- validators and chain --------------------------------------------------------------------------------------- */

static enum host_error validator_stake(void *self, const struct account_id *account, bool *found, struct u128 *stake)
{
    struct mock_external *m = self;
    struct bytes value;
    *found = state_map_get(&m->validators, account_id_bytes(account), &value);
    if (*found) *stake = u128_load(value.data);
    return HOST_OK;
}

static enum host_error validator_total_stake(void *self, struct u128 *stake)
{
    *stake = ((struct mock_external *)self)->total_stake;
    return HOST_OK;
}

static struct bytes chain_id(void *self)
{
    return ((struct mock_external *)self)->chain_id;
}

static bool post_quantum_keys_enabled(void *self)
{
    (void)self;
    return true;
}

enum status mock_external_set_validator(struct mock_external *m, const struct account_id *account, struct u128 stake,
                                        struct error *e)
{
    struct bytes former;
    struct u128 total = m->total_stake;
    uint8_t value[16];
    if (state_map_get(&m->validators, account_id_bytes(account), &former))
        u128_subtract(total, u128_load(former.data), &total);
    if (!u128_add(total, stake, &total))
        return error_set(e, STATUS_INVALID, 0, ERROR_NO_OFFSET, "the stakes of all validators exceed 2^128 - 1");
    u128_store(value, stake);
    enum status status = state_map_put(&m->validators, account_id_bytes(account), bytes_of(value, sizeof value), e);
    if (status == STATUS_OK) m->total_stake = total;
    return status;
}

enum status mock_external_set_chain_id(struct mock_external *m, struct bytes id, struct error *e)
{
    struct bytes copy = bytes_copy(&m->arena, id);
    if (!copy.data) return error_no_memory(e);
    m->chain_id = copy;
    return STATUS_OK;
}

/* ---- the log ---------------------------------------------------------------------------------------------------- */

/* Null: no memory. */
static struct mock_entry *log_add(struct mock_external *m, enum mock_entry_kind kind)
{
    struct mock_entry *entry = arena_alloc(&m->arena, sizeof *entry);
    if (!entry || !array_grow(&m->log, m->log_count, &m->log_capacity, sizeof *m->log)) return NULL;
    entry->kind = kind;
    m->log[m->log_count++] = entry;
    return entry;
}

static enum host_error create_action_receipt(void *self, const uint64_t *dependencies, size_t count,
                                             const struct account_id *receiver, uint64_t *receipt)
{
    struct mock_external *m = self;
    uint64_t *copy = arena_array(&m->arena, count, sizeof *copy);
    struct mock_entry *entry = copy ? log_add(m, MOCK_CREATE_RECEIPT) : NULL;
    if (!entry) return no_memory(m);
    if (count) memcpy(copy, dependencies, count * sizeof *copy);
    entry->create_receipt.dependencies = copy;
    entry->create_receipt.dependency_count = count;
    entry->create_receipt.receiver = *receiver;
    *receipt = m->log_count - 1;
    return HOST_OK;
}

static enum host_error append_action(void *self, uint64_t receipt, const struct action *action, uint64_t *index)
{
    struct mock_external *m = self;
    struct action copy;
    struct mock_entry *entry = action_copy(&m->arena, action, &copy) ? log_add(m, MOCK_ACTION) : NULL;
    if (!entry) return no_memory(m);
    entry->action.receipt = receipt;
    entry->action.action = copy;
    if (index) *index = m->log_count - 1;
    return HOST_OK;
}

static enum host_error set_refund_to(void *self, uint64_t receipt, const struct account_id *account)
{
    struct mock_external *m = self;
    struct mock_entry *entry = log_add(m, MOCK_SET_REFUND_TO);
    if (!entry) return no_memory(m);
    entry->set_refund_to.receipt = receipt;
    entry->set_refund_to.account = *account;
    return HOST_OK;
}

static const struct account_id *receipt_receiver(void *self, uint64_t receipt)
{
    const struct mock_external *m = self;
    if (receipt >= m->log_count) return NULL;
    const struct mock_entry *entry = m->log[receipt];
    if (entry->kind == MOCK_CREATE_RECEIPT) return &entry->create_receipt.receiver;
    return entry->kind == MOCK_YIELD_CREATE ? &entry->yield_create.receiver : NULL;
}

/* ---- yields ----------------------------------------------------------------------------------------------------- */

static const struct mock_entry *find_yield(const struct mock_external *m, const uint8_t *data_id,
                                           const uint8_t *yield_id)
{
    for (uint32_t i = 0; i < m->log_count; i++) {
        const struct mock_entry *entry = m->log[i];
        if (entry->kind != MOCK_YIELD_CREATE) continue;
        if (data_id && memcmp(entry->yield_create.data_id, data_id, 32) != 0) continue;
        if (yield_id && (!entry->yield_create.has_yield_id || memcmp(entry->yield_create.yield_id, yield_id, 32) != 0))
            continue;
        return entry;
    }
    return NULL;
}

/* `yield_id` may be null. */
static enum host_error create_yield(struct mock_external *m, const struct account_id *receiver,
                                    const uint8_t *yield_id, uint64_t *receipt, uint8_t data_id[32])
{
    uint8_t counter[8];
    struct mock_entry *entry = log_add(m, MOCK_YIELD_CREATE);
    if (!entry) return no_memory(m);
    store_le64(counter, m->data_count++);
    sha256(bytes_of(counter, sizeof counter), entry->yield_create.data_id);
    memcpy(data_id, entry->yield_create.data_id, 32);
    entry->yield_create.receiver = *receiver;
    entry->yield_create.has_yield_id = yield_id != NULL;
    if (yield_id) memcpy(entry->yield_create.yield_id, yield_id, 32);
    *receipt = m->log_count - 1;
    return HOST_OK;
}

static enum host_error create_promise_yield_receipt(void *self, const struct account_id *receiver, uint64_t *receipt,
                                                    uint8_t data_id[32])
{
    return create_yield(self, receiver, NULL, receipt, data_id);
}

static enum host_error create_promise_yield_receipt_with_id(void *self, const struct account_id *receiver,
                                                            const uint8_t yield_id[32], bool *created,
                                                            uint64_t *receipt, uint8_t data_id[32])
{
    *created = !find_yield(self, NULL, yield_id);
    return *created ? create_yield(self, receiver, yield_id, receipt, data_id) : HOST_OK;
}

/* Logged also if nobody waits for that data. */
static enum host_error submit_promise_resume_data(void *self, const uint8_t data_id[32], struct bytes data,
                                                  bool *accepted)
{
    struct mock_external *m = self;
    struct bytes copy = bytes_copy(&m->arena, data);
    struct mock_entry *entry = copy.data ? log_add(m, MOCK_YIELD_RESUME) : NULL;
    if (!entry) return no_memory(m);
    memcpy(entry->yield_resume.data_id, data_id, 32);
    entry->yield_resume.data = copy;
    *accepted = find_yield(m, data_id, NULL) != NULL;
    return HOST_OK;
}

static enum host_error submit_promise_resume_data_with_yield_id(void *self, const uint8_t yield_id[32],
                                                                struct bytes data, bool *accepted)
{
    const struct mock_entry *yield = find_yield(self, NULL, yield_id);
    *accepted = false;
    return yield ? submit_promise_resume_data(self, yield->yield_create.data_id, data, accepted) : HOST_OK;
}

/* ---- state inits ------------------------------------------------------------------------------------------------ */

/* Where the key is, or belongs, among the sorted entries. */
static size_t find_entry(const struct deterministic_state_init *init, struct bytes key, bool *found)
{
    size_t low = 0, high = init->entry_count;
    *found = false;
    while (low < high && !*found) {
        const size_t middle = low + (high - low) / 2;
        const int order = bytes_compare(init->entries[middle].key, key);
        if (order < 0) low = middle + 1;
        else high = middle;
        if (order == 0) {
            *found = true;
            low = middle;
        }
    }
    return low;
}

/* Makes room for one more entry. */
static bool grow_entries(struct arena *a, struct mock_entry *entry)
{
    struct deterministic_state_init *init = &entry->action.action.deterministic_state_init.state_init;
    if (init->entry_count < entry->action.entry_capacity) return true;
    const size_t capacity = init->entry_count < 4 ? 8 : 2 * init->entry_count;
    struct state_entry *entries = arena_array(a, capacity, sizeof *entries);
    if (!entries) return false;
    if (init->entry_count) memcpy(entries, init->entries, init->entry_count * sizeof *entries);
    entry->action.entries = entries;
    entry->action.entry_capacity = capacity;
    init->entries = entries;
    return true;
}

static enum host_error invalid_action_index(struct mock_external *m, uint64_t receipt, uint64_t action)
{
    m->external.fault_a = receipt;
    m->external.fault_b = action;
    return HOST_InvalidActionIndex;
}

/* An entry that was there already is replaced all the same before the call ends. */
static enum host_error set_state_init_data_entry(void *self, uint64_t receipt, uint64_t action, struct bytes key,
                                                 struct bytes value)
{
    struct mock_external *m = self;
    struct mock_entry *entry = action < m->log_count ? m->log[action] : NULL;
    if (!entry || entry->kind != MOCK_ACTION || entry->action.receipt != receipt ||
        entry->action.action.kind != ACTION_KIND_deterministic_state_init)
        return invalid_action_index(m, receipt, action);
    struct deterministic_state_init *init = &entry->action.action.deterministic_state_init.state_init;
    bool found = false;
    const size_t at = find_entry(init, key, &found);
    const struct bytes key_copy = bytes_copy(&m->arena, key), value_copy = bytes_copy(&m->arena, value);
    if (!key_copy.data || !value_copy.data || !grow_entries(&m->arena, entry)) return no_memory(m);
    struct state_entry *entries = entry->action.entries;
    if (!found) memmove(entries + at + 1, entries + at, (init->entry_count++ - at) * sizeof *entries);
    entries[at] = (struct state_entry){key_copy, value_copy};
    return found ? HOST_DataEntryAlreadyExists : HOST_OK;
}

static enum state_init_check check_state_init(void *self, struct bytes state_init)
{
    (void)self;
    (void)state_init;
    return STATE_INIT_VALID;
}

static struct state_init_counts state_init_send_counts(void *self, struct bytes state_init, bool canonical)
{
    (void)self;
    (void)canonical;
    return (struct state_init_counts){.bytes = state_init.size};
}

/* ---- life ------------------------------------------------------------------------------------------------------- */

static const struct external_functions functions = {
    .storage_set = storage_set,
    .storage_get = storage_get,
    .storage_deref = storage_deref,
    .storage_remove = storage_remove,
    .storage_has_key = storage_has_key,
    .recorded_storage_size = no_storage_proof,
    .storage_proof_size_before_receipt = no_storage_proof,
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

void mock_external_init(struct mock_external *m)
{
    *m = (struct mock_external){.chain_id = bytes_of_string("test")};
    m->external.functions = &functions;
    m->external.self = m;
}

void mock_external_free(struct mock_external *m)
{
    state_map_free(&m->state);
    state_map_free(&m->validators);
    arena_free(&m->arena);
    free(m->log);
    *m = (struct mock_external){0};
}
