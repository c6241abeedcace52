/* Rules for accounts that come with their state: the id follows from it, and there is not too much of it. */
#include "near/universal_state_init.h"
#include "runtime/cost.h"
#include "runtime/validation.h"

enum status check_deterministic_state_init(struct validation *c, const struct deterministic_state_init *init,
                                           const struct account_id *receiver)
{
    const struct protocol_limits *limits = &c->p->limits;
    check_contract_id(c, &init->code);
    if (!c->valid) return STATUS_OK;
    struct buffer borsh = {0};
    deterministic_state_init_write(init, &borsh);
    bool failed = borsh.failed;
    struct account_id derived = {0};
    if (!failed) derived = account_id_deterministic(bytes_of(borsh.data, borsh.size));
    buffer_free(&borsh);
    if (failed) return error_no_memory(c->e);
    if (!account_id_equal(&derived, receiver)) {
        struct validation_error *v = reject(c, validation_error_InvalidDeterministicStateInitReceiver);
        v->InvalidDeterministicStateInitReceiver.receiver_id = *receiver;
        v->InvalidDeterministicStateInitReceiver.derived_id = derived;
    }
    for (size_t i = 0; i < init->entry_count && c->valid; i++) {
        struct state_entry entry = init->entries[i];
        if (entry.key.size > limits->max_length_storage_key) {
            struct validation_error *v = reject(c, validation_error_DeterministicStateInitKeyLengthExceeded);
            v->DeterministicStateInitKeyLengthExceeded.length = entry.key.size;
            v->DeterministicStateInitKeyLengthExceeded.limit = limits->max_length_storage_key;
        } else if (entry.value.size > limits->max_length_storage_value) {
            struct validation_error *v = reject(c, validation_error_DeterministicStateInitValueLengthExceeded);
            v->DeterministicStateInitValueLengthExceeded.length = entry.value.size;
            v->DeterministicStateInitValueLengthExceeded.limit = limits->max_length_storage_value;
        }
    }
    return STATUS_OK;
}

static void check_universal_entries(struct validation *c, const struct universal_state_init *init)
{
    const struct protocol_limits *limits = &c->p->limits;
    for (size_t i = 0; i < init->entry_count && c->valid; i++) {
        struct state_entry entry = init->entries[i];
        if (entry.key.size > limits->max_length_storage_key) {
            struct validation_error *v = reject(c, validation_error_UniversalStateInitKeyLengthExceeded);
            v->UniversalStateInitKeyLengthExceeded.length = entry.key.size;
            v->UniversalStateInitKeyLengthExceeded.limit = limits->max_length_storage_key;
        } else if (entry.value.size > limits->max_length_storage_value) {
            struct validation_error *v = reject(c, validation_error_UniversalStateInitValueLengthExceeded);
            v->UniversalStateInitValueLengthExceeded.length = entry.value.size;
            v->UniversalStateInitValueLengthExceeded.limit = limits->max_length_storage_value;
        }
    }
}

enum status check_universal_state_init(struct validation *c, struct bytes bytes, const struct account_id *receiver)
{
    require_feature(c, FEATURE_universal_accounts, "UniversalAccounts");
    if (!c->valid) return STATUS_OK;
    struct account_id derived = account_id_universal(bytes);
    if (!account_id_equal(&derived, receiver)) {
        struct validation_error *v = reject(c, validation_error_InvalidUniversalStateInitReceiver);
        v->InvalidUniversalStateInitReceiver.receiver_id = *receiver;
        v->InvalidUniversalStateInitReceiver.derived_id = derived;
        return STATUS_OK;
    }
    struct arena arena = {0};
    struct universal_state_init init;
    enum status status = universal_state_init_from_borsh(bytes, &arena, &init, c->e);
    if (status == STATUS_MALFORMED ||
        (status == STATUS_OK && !init.canonical && c->p->flags.canonical_universal_state_init)) {
        reject(c, validation_error_MalformedUniversalStateInit);
        status = STATUS_OK;
    } else if (status == STATUS_OK) {
        if (init.has_code) check_contract_id(c, &init.code);
        if (!c->valid) c->out->InvalidAccountId.account_id = (struct bytes){0}; /* it is not kept, and never invalid */
        else check_universal_entries(c, &init);
    }
    arena_free(&arena);
    return status;
}

/* ---- all of a list ----------------------------------------------------------------------------------------------- */

struct state_init_totals {
    uint64_t entries, keys;
};

static enum status add_state_inits(struct validation *c, const struct action *a, struct state_init_totals *totals)
{
    struct universal_state_init_counts counts = {0};
    if (a->kind == ACTION_KIND_deterministic_state_init) {
        counts.num_entries = a->deterministic_state_init.state_init.entry_count;
    } else if (a->kind == ACTION_KIND_universal_state_init) {
        enum status status = universal_state_init_count(a->universal_state_init.state_init, &counts, c->e);
        if (status != STATUS_OK) return status;
    }
    totals->entries += counts.num_entries; /* fewer than there are bytes in memory */
    totals->keys += counts.num_keys;
    return STATUS_OK;
}

enum status check_state_inits(struct validation *c, const struct action *actions, uint32_t count)
{
    struct state_init_totals totals = {0};
    const struct protocol_limits *limits = &c->p->limits;
    enum status status = STATUS_OK;
    for (uint32_t i = 0; i < count && status == STATUS_OK; i++) {
        const struct delegate_action *d = action_delegate_of(&actions[i]);
        if (!d) status = add_state_inits(c, &actions[i], &totals);
        for (uint32_t k = 0; d && k < d->action_count && status == STATUS_OK; k++)
            status = add_state_inits(c, &d->actions[k], &totals);
    }
    if (status != STATUS_OK) return status;
    if (totals.entries > limits->max_state_init_entries) {
        struct validation_error *v = reject(c, validation_error_TotalNumberOfStateInitEntriesExceeded);
        v->TotalNumberOfStateInitEntriesExceeded.number_of_entries = totals.entries;
        v->TotalNumberOfStateInitEntriesExceeded.limit = limits->max_state_init_entries;
    } else if (totals.keys > limits->max_universal_state_init_keys) {
        struct validation_error *v = reject(c, validation_error_TotalNumberOfStateInitKeysExceeded);
        v->TotalNumberOfStateInitKeysExceeded.number_of_keys = totals.keys;
        v->TotalNumberOfStateInitKeysExceeded.limit = limits->max_universal_state_init_keys;
    }
    return STATUS_OK;
}
