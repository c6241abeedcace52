#include "runtime/validate_actions.h"

#include "runtime/cost.h"
#include "runtime/post_quantum.h"
#include "runtime/staking_key.h"
#include "runtime/validation.h"

void require_feature(struct validation *c, enum feature_version feature, const char *name)
{
    if (enabled(c, feature)) return;
    struct validation_error *v = reject(c, validation_error_UnsupportedProtocolFeature);
    v->UnsupportedProtocolFeature.protocol_feature = bytes_of_string(name);
    v->UnsupportedProtocolFeature.version = c->version;
}

/* ---- single actions ---------------------------------------------------------------------------------------------- */

static void check_code_size(struct validation *c, struct bytes code)
{
    if (code.size <= c->p->limits.max_contract_size) return;
    struct validation_error *v = reject(c, validation_error_ContractSizeExceeded);
    v->ContractSizeExceeded.size = code.size;
    v->ContractSizeExceeded.limit = c->p->limits.max_contract_size;
}

static void check_account_id(struct validation *c, const struct account_id *id)
{
    if (!account_id_valid(account_id_bytes(id)))
        reject(c, validation_error_InvalidAccountId)->InvalidAccountId.account_id = account_id_bytes(id);
}

void check_contract_id(struct validation *c, const struct global_contract_id *id)
{
    if (id->mode == GLOBAL_BY_ACCOUNT_ID) check_account_id(c, &id->account_id);
}

static void check_function_call(struct validation *c, const struct action *a)
{
    const struct protocol_limits *limits = &c->p->limits;
    struct bytes name = a->function_call.method_name, arguments = a->function_call.arguments;
    if (a->function_call.gas == 0) {
        reject(c, validation_error_FunctionCallZeroAttachedGas);
    } else if (name.size == 0 && c->is_new && enabled(c, FEATURE_reject_empty_method_name)) {
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
static void check_transfer(struct validation *c, const struct account_id *receiver)
{
    if (!c->is_new || !enabled(c, FEATURE_reject_universal_account_transfers) ||
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

static void check_method_names(struct validation *c, const struct access_key *key)
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

static void check_gas_key(struct validation *c, const struct access_key *key)
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

static void check_add_key(struct validation *c, const struct access_key *key)
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

static void check_stake(struct validation *c, const struct public_key *key)
{
    if (!staking_key_valid(key))
        reject(c, validation_error_UnsuitableStakingKey)->UnsuitableStakingKey.public_key = key;
}

/* ---- delegate actions -------------------------------------------------------------------------------------------- */

static enum status check_list(struct validation *c, const struct action *actions, uint32_t count,
                              const struct account_id *receiver, bool inside);

static void check_count(struct validation *c, uint64_t count)
{
    if (count <= c->p->limits.max_actions_per_receipt) return;
    struct validation_error *v = reject(c, validation_error_TotalNumberOfActionsExceeded);
    v->TotalNumberOfActionsExceeded.total_number_of_actions = count;
    v->TotalNumberOfActionsExceeded.limit = c->p->limits.max_actions_per_receipt;
}

static enum status check_delegate(struct validation *c, const struct action *a, const struct account_id *receiver)
{
    const struct delegate_action *d = action_delegate_of(a);
    if (a->kind == ACTION_KIND_delegate_v2) {
        require_feature(c, FEATURE_delegate_v2, "DelegateV2");
        if (c->valid && c->is_new && enabled(c, FEATURE_reject_delegate_v2)) {
            struct validation_error *v = reject(c, validation_error_RemovedProtocolFeature);
            v->RemovedProtocolFeature.protocol_feature = bytes_of_string("DelegateV2");
            v->RemovedProtocolFeature.version = c->version;
        }
    }
    if (!c->valid) return STATUS_OK;
    if (!d) return error_set(c->e, STATUS_USAGE, 0, ERROR_NO_OFFSET, "a delegate action that nobody has read");
    check_count(c, d->action_count);
    if (!c->valid) return STATUS_OK;
    if (c->is_new && enabled(c, FEATURE_reject_withdraw_from_gas_key_in_delegate)) {
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

static enum status check_action(struct validation *c, const struct action *a, const struct account_id *receiver,
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

static void check_deploys(struct validation *c, const struct action *actions, uint32_t count)
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

static enum status check_totals(struct validation *c, const struct action *actions, uint32_t count)
{
    check_count(c, count);
    if (!c->valid) return STATUS_OK;
    if (!enabled(c, FEATURE_post_quantum_signatures)) {
        bool post_quantum;
        enum status status = actions_are_post_quantum(actions, count, &post_quantum, c->e);
        if (status != STATUS_OK) return status;
        if (post_quantum) require_feature(c, FEATURE_post_quantum_signatures, "PostQuantumSignatures");
    }
    if (c->valid && c->is_new) check_deploys(c, actions, count);
    if (c->valid && c->is_new) return check_state_inits(c, actions, count);
    return STATUS_OK;
}

static enum status check_each(struct validation *c, const struct action *actions, uint32_t count,
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

static enum status check_list(struct validation *c, const struct action *actions, uint32_t count,
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
    struct validation c = {p, protocol_version, mode == RECEIPT_NEW, true, out, e};
    enum status status = check_list(&c, actions, count, receiver, false);
    *valid = status == STATUS_OK && c.valid;
    return status;
}
