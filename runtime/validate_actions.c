#include "runtime/validate_actions.h"

#include "near/universal_state_init.h"
#include "runtime/cost.h"
#include "runtime/features.h"
#include "runtime/staking_key.h"

/* What all checks share. A check returns STATUS_OK, and has left `valid` false and filled `out` if it says no. */
struct check {
    const struct protocol_parameters *p;
    uint32_t version;
    bool new; /* a new receipt, or a transaction */
    bool valid;
    struct validation_error *out;
    struct error *e;
};

static struct validation_error *reject(struct check *c, enum validation_error_kind kind)
{
    c->valid = false;
    *c->out = (struct validation_error){.kind = kind};
    return c->out;
}

static bool enabled(const struct check *c, enum feature_version feature)
{
    return feature_enabled(feature, c->version);
}

static void require_feature(struct check *c, enum feature_version feature, const char *name)
{
    if (enabled(c, feature)) return;
    struct validation_error *v = reject(c, validation_error_UnsupportedProtocolFeature);
    v->UnsupportedProtocolFeature.protocol_feature = bytes_of_string(name);
    v->UnsupportedProtocolFeature.version = c->version;
}

/* ---- single actions ---------------------------------------------------------------------------------------------- */

static void check_code_size(struct check *c, struct bytes code)
{
    if (code.size <= c->p->limits.max_contract_size) return;
    struct validation_error *v = reject(c, validation_error_ContractSizeExceeded);
    v->ContractSizeExceeded.size = code.size;
    v->ContractSizeExceeded.limit = c->p->limits.max_contract_size;
}

static void check_account_id(struct check *c, const struct account_id *id)
{
    if (!account_id_valid(account_id_bytes(id)))
        reject(c, validation_error_InvalidAccountId)->InvalidAccountId.account_id = account_id_bytes(id);
}

static void check_contract_id(struct check *c, const struct global_contract_id *id)
{
    if (id->mode == GLOBAL_BY_ACCOUNT_ID) check_account_id(c, &id->account_id);
}

static void check_function_call(struct check *c, const struct action *a)
{
    const struct protocol_limits *limits = &c->p->limits;
    struct bytes name = a->function_call.method_name, arguments = a->function_call.arguments;
    if (a->function_call.gas == 0) {
        reject(c, validation_error_FunctionCallZeroAttachedGas);
    } else if (name.size == 0 && c->new && enabled(c, FEATURE_reject_empty_method_name)) {
        reject(c, validation_error_FunctionCallEmptyMethodName);
    } else if (name.size > limits->max_length_method_name) {
        struct validation_error *v = reject(c, validation_error_FunctionCallMethodNameLengthExceeded);
        v->FunctionCallMethodNameLengthExceeded.length = name.size;
        v->FunctionCallMethodNameLengthExceeded.limit = limits->max_length_method_name;
    } else if (arguments.size > limits->max_arguments_length) {
        struct validation_error *v = reject(c, validation_error_FunctionCallArgumentsLengthExceeded);
        v->FunctionCallArgumentsLengthExceeded.length = arguments.size;
        v->FunctionCallArgumentsLengthExceeded.limit = limits->max_arguments_length;
    }
}

/* A universal account may not be created by transfers before it costs something. */
static void check_transfer(struct check *c, const struct account_id *receiver)
{
    if (!c->new || !enabled(c, FEATURE_reject_universal_account_transfers) ||
        enabled(c, FEATURE_universal_accounts) || account_id_kind(receiver) != ACCOUNT_UNIVERSAL)
        return;
    reject(c, validation_error_TransferToUniversalAccountNotAllowed)->TransferToUniversalAccountNotAllowed.account_id =
        *receiver;
}

/* At most `limit` bytes of a text, without cutting a character in two. */
static struct bytes truncated(struct bytes text, size_t limit)
{
    if (text.size <= limit) return text;
    size_t size = limit;
    while (size && (text.data[size] & 0xc0) == 0x80) size--;
    return bytes_of(text.data, size);
}

static void check_method_names(struct check *c, const struct access_key *key)
{
    const struct protocol_limits *limits = &c->p->limits;
    uint64_t total = 0;
    for (uint32_t i = 0; i < key->method_count; i++) {
        uint64_t length = key->method_names[i].size;
        if (length > limits->max_length_method_name) {
            struct validation_error *v = reject(c, validation_error_AddKeyMethodNameLengthExceeded);
            v->AddKeyMethodNameLengthExceeded.length = length;
            v->AddKeyMethodNameLengthExceeded.limit = limits->max_length_method_name;
            return;
        }
        total += length + 1; /* a terminating character for each */
    }
    if (total <= limits->max_number_bytes_method_names) return;
    struct validation_error *v = reject(c, validation_error_AddKeyMethodNamesNumberOfBytesExceeded);
    v->AddKeyMethodNamesNumberOfBytesExceeded.total_number_of_bytes = total;
    v->AddKeyMethodNamesNumberOfBytesExceeded.limit = limits->max_number_bytes_method_names;
}

static void check_gas_key(struct check *c, const struct access_key *key)
{
    require_feature(c, FEATURE_gas_keys, "GasKeys");
    if (!c->valid) return;
    if (access_key_is_function_call(key) && key->has_allowance) {
        reject(c, validation_error_GasKeyFunctionCallAllowanceNotAllowed);
    } else if (key->num_nonces == 0 || key->num_nonces > GAS_KEY_MAX_NONCES) {
        struct validation_error *v = reject(c, validation_error_GasKeyInvalidNumNonces);
        v->GasKeyInvalidNumNonces.requested_nonces = key->num_nonces;
        v->GasKeyInvalidNumNonces.limit = GAS_KEY_MAX_NONCES;
    } else if (!u128_equal(key->gas_key_balance, u128_of(0))) {
        reject(c, validation_error_AddGasKeyWithNonZeroBalance)->AddGasKeyWithNonZeroBalance.balance =
            key->gas_key_balance;
    }
}

static void check_add_key(struct check *c, const struct access_key *key)
{
    if (access_key_is_function_call(key)) {
        if (c->p->limits.account_id_validity_rules_version != ACCOUNT_ID_UNCHECKED &&
            !account_id_valid(key->receiver_id)) {
            reject(c, validation_error_InvalidAccountId)->InvalidAccountId.account_id =
                truncated(key->receiver_id, 2 * ACCOUNT_ID_MAX);
            return;
        }
        check_method_names(c, key);
    }
    if (c->valid && access_key_is_gas_key(key)) check_gas_key(c, key);
}

static void check_stake(struct check *c, const struct public_key *key)
{
    if (!staking_key_valid(key))
        reject(c, validation_error_UnsuitableStakingKey)->UnsuitableStakingKey.public_key = key;
}

/* ---- accounts that come with a state ----------------------------------------------------------------------------- */

static enum status check_deterministic_state_init(struct check *c, const struct deterministic_state_init *init,
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

static void check_universal_entries(struct check *c, const struct universal_state_init *init)
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

static enum status check_universal_state_init(struct check *c, struct bytes bytes, const struct account_id *receiver)
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

/* ---- delegate actions -------------------------------------------------------------------------------------------- */

static enum status check_list(struct check *c, const struct action *actions, uint32_t count,
                              const struct account_id *receiver, bool inside);

static void check_count(struct check *c, uint64_t count)
{
    if (count <= c->p->limits.max_actions_per_receipt) return;
    struct validation_error *v = reject(c, validation_error_TotalNumberOfActionsExceeded);
    v->TotalNumberOfActionsExceeded.total_number_of_actions = count;
    v->TotalNumberOfActionsExceeded.limit = c->p->limits.max_actions_per_receipt;
}

static enum status check_delegate(struct check *c, const struct action *a, const struct account_id *receiver)
{
    const struct delegate_action *d = action_delegate_of(a);
    if (a->kind == ACTION_KIND_delegate_v2) {
        require_feature(c, FEATURE_delegate_v2, "DelegateV2");
        if (c->valid && c->new && enabled(c, FEATURE_reject_delegate_v2)) {
            struct validation_error *v = reject(c, validation_error_RemovedProtocolFeature);
            v->RemovedProtocolFeature.protocol_feature = bytes_of_string("DelegateV2");
            v->RemovedProtocolFeature.version = c->version;
        }
    }
    if (!c->valid) return STATUS_OK;
    if (!d) return error_set(c->e, STATUS_USAGE, 0, ERROR_NO_OFFSET, "a delegate action that nobody has read");
    check_count(c, d->action_count);
    if (!c->valid) return STATUS_OK;
    if (c->new && enabled(c, FEATURE_reject_withdraw_from_gas_key_in_delegate)) {
        for (uint32_t i = 0; i < d->action_count; i++) {
            if (d->actions[i].kind != ACTION_KIND_withdraw_from_gas_key) continue;
            reject(c, validation_error_WithdrawFromGasKeyNotAllowedInDelegate);
            return STATUS_OK;
        }
    }
    /* Before the fix, state inits were held against the receiver of the outer receipt, so that none could pass. */
    bool fixed = enabled(c, FEATURE_fix_delegated_deterministic_state_init);
    return check_list(c, d->actions, d->action_count, fixed ? &d->receiver_id : receiver, true);
}

static enum status check_action(struct check *c, const struct action *a, const struct account_id *receiver,
                                bool inside)
{
    switch (a->kind) {
    case ACTION_KIND_create_account:
    case ACTION_KIND_delete_key: break;
    case ACTION_KIND_deploy_contract: check_code_size(c, a->deploy_contract.code); break;
    case ACTION_KIND_deploy_global_contract: check_code_size(c, a->deploy_global_contract.code); break;
    case ACTION_KIND_use_global_contract: check_contract_id(c, &a->use_global_contract.contract); break;
    case ACTION_KIND_function_call: check_function_call(c, a); break;
    case ACTION_KIND_transfer: check_transfer(c, receiver); break;
    case ACTION_KIND_stake: check_stake(c, a->stake.public_key); break;
    case ACTION_KIND_add_key: check_add_key(c, &a->add_key.access_key); break;
    case ACTION_KIND_delete_account: check_account_id(c, &a->delete_account.beneficiary_id); break;
    case ACTION_KIND_delegate:
    case ACTION_KIND_delegate_v2:
        if (!inside) return check_delegate(c, a, receiver);
        reject(c, validation_error_DelegateActionMustBeOnlyOne); /* the readers let none through */
        break;
    case ACTION_KIND_deterministic_state_init:
        return check_deterministic_state_init(c, &a->deterministic_state_init.state_init, receiver);
    case ACTION_KIND_transfer_to_gas_key:
    case ACTION_KIND_withdraw_from_gas_key: require_feature(c, FEATURE_gas_keys, "GasKeys"); break;
    case ACTION_KIND_universal_state_init:
        return check_universal_state_init(c, a->universal_state_init.state_init, receiver);
    case ACTION_KIND_COUNT: break;
    }
    return STATUS_OK;
}

/* ---- lists ------------------------------------------------------------------------------------------------------- */

static void check_deploys(struct check *c, const struct action *actions, uint32_t count)
{
    uint64_t deploys = 0, limit = c->p->limits.max_deploy_actions_per_receipt;
    for (uint32_t i = 0; i < count; i++)
        deploys += actions[i].kind == ACTION_KIND_deploy_contract ||
                   actions[i].kind == ACTION_KIND_deploy_global_contract;
    if (deploys <= limit) return;
    struct validation_error *v = reject(c, validation_error_TotalNumberOfDeployActionsExceeded);
    v->TotalNumberOfDeployActionsExceeded.number_of_deploy_actions = deploys;
    v->TotalNumberOfDeployActionsExceeded.limit = limit;
}

struct state_init_totals {
    uint64_t entries, keys;
};

static enum status add_state_inits(struct check *c, const struct action *a, struct state_init_totals *totals)
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

/* Entries and keys in all state inits, also inside of delegate actions. */
static enum status check_state_inits(struct check *c, const struct action *actions, uint32_t count)
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

static enum status check_totals(struct check *c, const struct action *actions, uint32_t count)
{
    check_count(c, count);
    if (!c->valid) return STATUS_OK;
    if (!enabled(c, FEATURE_post_quantum_signatures)) {
        bool post_quantum;
        enum status status = actions_are_post_quantum(actions, count, &post_quantum, c->e);
        if (status != STATUS_OK) return status;
        if (post_quantum) require_feature(c, FEATURE_post_quantum_signatures, "PostQuantumSignatures");
    }
    if (c->valid && c->new) check_deploys(c, actions, count);
    if (c->valid && c->new) return check_state_inits(c, actions, count);
    return STATUS_OK;
}

static enum status check_each(struct check *c, const struct action *actions, uint32_t count,
                              const struct account_id *receiver, bool inside)
{
    bool delegate_found = false;
    for (uint32_t i = 0; i < count; i++) {
        const struct action *a = &actions[i];
        if (a->kind == ACTION_KIND_delete_account && i + 1 < count) {
            reject(c, validation_error_DeleteActionMustBeFinal);
        } else if (a->kind == ACTION_KIND_delegate || a->kind == ACTION_KIND_delegate_v2) {
            if (delegate_found) reject(c, validation_error_DelegateActionMustBeOnlyOne);
            delegate_found = true;
        }
        if (!c->valid) return STATUS_OK;
        enum status status = check_action(c, a, receiver, inside);
        if (status != STATUS_OK || !c->valid) return status;
    }
    return STATUS_OK;
}

static enum status check_list(struct check *c, const struct action *actions, uint32_t count,
                              const struct account_id *receiver, bool inside)
{
    uint64_t gas;
    enum status status = check_totals(c, actions, count);
    if (status == STATUS_OK && c->valid) status = check_each(c, actions, count, receiver, inside);
    if (status != STATUS_OK || !c->valid) return status;
    if (!cost_prepaid_gas(actions, count, &gas)) {
        reject(c, validation_error_IntegerOverflow);
    } else if (gas > c->p->limits.max_total_prepaid_gas) {
        struct validation_error *v = reject(c, validation_error_TotalPrepaidGasExceeded);
        v->TotalPrepaidGasExceeded.total_prepaid_gas = gas;
        v->TotalPrepaidGasExceeded.limit = c->p->limits.max_total_prepaid_gas;
    }
    return STATUS_OK;
}

enum status validate_actions(const struct protocol_parameters *p, uint32_t protocol_version,
                             enum receipt_validation_mode mode, const struct action *actions, uint32_t count,
                             const struct account_id *receiver, bool *valid, struct validation_error *out,
                             struct error *e)
{
    struct check c = {p, protocol_version, mode == RECEIPT_NEW, true, out, e};
    enum status status = check_list(&c, actions, count, receiver, false);
    *valid = status == STATUS_OK && c.valid;
    return status;
}

/* ---- post-quantum keys ------------------------------------------------------------------------------------------- */

static enum status state_init_is_post_quantum(struct bytes bytes, bool *out, struct error *e)
{
    struct arena arena = {0};
    struct universal_state_init init = {0};
    enum status status = universal_state_init_from_borsh(bytes, &arena, &init, e);
    for (size_t i = 0; status == STATUS_OK && i < init.key_count; i++)
        if (init.keys[i].tag == KEY_HANDLE_ML_DSA_65_HASH) *out = true;
    arena_free(&arena);
    return status == STATUS_MALFORMED ? STATUS_OK : status; /* what cannot be read has no keys */
}

/* The key that the action itself carries; null if there is none. */
static const struct public_key *key_of_action(const struct action *a)
{
    switch (a->kind) {
    case ACTION_KIND_stake: return a->stake.public_key;
    case ACTION_KIND_add_key: return a->add_key.public_key;
    case ACTION_KIND_delete_key: return a->delete_key.public_key;
    case ACTION_KIND_transfer_to_gas_key: return a->transfer_to_gas_key.public_key;
    case ACTION_KIND_withdraw_from_gas_key: return a->withdraw_from_gas_key.public_key;
    case ACTION_KIND_delegate:
    case ACTION_KIND_delegate_v2: {
        const struct delegate_action *d = action_delegate_of(a);
        return d ? d->public_key : NULL;
    }
    default: return NULL;
    }
}

/* Without what is inside of a delegate action. */
static enum status list_is_post_quantum(const struct action *actions, uint32_t count, bool *out, struct error *e)
{
    for (uint32_t i = 0; i < count && !*out; i++) {
        const struct public_key *key = key_of_action(&actions[i]);
        const struct delegate_action *d = action_delegate_of(&actions[i]);
        if ((key && key->type == KEY_ML_DSA_65) || (d && d->signature.type == KEY_ML_DSA_65)) *out = true;
        if (actions[i].kind != ACTION_KIND_universal_state_init) continue;
        enum status status = state_init_is_post_quantum(actions[i].universal_state_init.state_init, out, e);
        if (status != STATUS_OK) return status;
    }
    return STATUS_OK;
}

enum status actions_are_post_quantum(const struct action *actions, uint32_t count, bool *out, struct error *e)
{
    bool found = false;
    enum status status = list_is_post_quantum(actions, count, &found, e);
    for (uint32_t i = 0; i < count && status == STATUS_OK; i++) {
        const struct delegate_action *d = action_delegate_of(&actions[i]);
        if (d) status = list_is_post_quantum(d->actions, d->action_count, &found, e);
    }
    if (status == STATUS_OK) *out = found;
    return status;
}
