/* The lines of the mock's log in the form of production's MockAction. */
#include "documents/case_write.h"
#include "near/json_values.h"

/* {"Name": {...}} */
static struct json *named(const char *name, struct json_builder *members)
{
    struct json_builder outer = json_object_begin();
    json_put(&outer, name, json_finish(members));
    return json_finish(&outer);
}

static struct json *receipt_list(const uint64_t *receipts, size_t count)
{
    struct json_builder list = json_array_begin();
    for (size_t i = 0; i < count; i++) json_append(&list, json_u64(receipts[i]));
    return json_finish(&list);
}

/* ---- what is not an action -------------------------------------------------------------------------------------- */

static struct json *create_receipt(const struct mock_entry *entry)
{
    struct json_builder o = json_object_begin();
    json_put(&o, "receipt_indices",
             receipt_list(entry->create_receipt.dependencies, entry->create_receipt.dependency_count));
    json_put(&o, "receiver_id", json_account_id(&entry->create_receipt.receiver));
    return named("CreateReceipt", &o);
}

static struct json *yield_create(const struct mock_entry *entry)
{
    struct json_builder o = json_object_begin();
    json_put(&o, "data_id", json_base58(bytes_of(entry->yield_create.data_id, 32)));
    json_put(&o, "receiver_id", json_account_id(&entry->yield_create.receiver));
    if (entry->yield_create.has_yield_id)
        json_put(&o, "yield_id", json_base58(bytes_of(entry->yield_create.yield_id, 32)));
    else json_put_null(&o, "yield_id");
    return named("YieldCreate", &o);
}

static struct json *yield_resume(const struct mock_entry *entry)
{
    struct json_builder o = json_object_begin();
    json_put(&o, "data_id", json_base58(bytes_of(entry->yield_resume.data_id, 32)));
    json_put(&o, "data", json_base64(entry->yield_resume.data));
    return named("YieldResume", &o);
}

static struct json *set_refund_to(const struct mock_entry *entry)
{
    struct json_builder o = json_object_begin();
    json_put(&o, "receipt_index", json_u64(entry->set_refund_to.receipt));
    json_put(&o, "refund_to", json_account_id(&entry->set_refund_to.account));
    return named("SetRefundTo", &o);
}

/* ---- parts of actions ------------------------------------------------------------------------------------------- */

/* The tag is in capitals in the actions of global contracts, and in small letters inside a state init. */
static struct json *contract_id(const struct global_contract_id *id, bool in_state_init)
{
    struct json_builder o = json_object_begin();
    if (id->mode == GLOBAL_BY_CODE_HASH)
        json_put(&o, in_state_init ? "hash" : "CodeHash", json_base58(bytes_of(id->code_hash, 32)));
    else json_put(&o, in_state_init ? "account_id" : "AccountId", json_account_id(&id->account_id));
    return json_finish(&o);
}

static struct json *state_init(const struct deterministic_state_init *init)
{
    struct json_builder version = json_object_begin(), data = json_object_begin();
    for (size_t i = 0; i < init->entry_count; i++) {
        struct json *key = json_base64(init->entries[i].key);
        if (key) json_put(&data, json_chars(key), json_base64(init->entries[i].value));
        else data.failed = true;
        json_free(key);
    }
    json_put(&version, "code", contract_id(&init->code, true));
    json_put(&version, "data", json_finish(&data));
    return named("V1", &version);
}

static struct json *method_names(const struct access_key *key)
{
    struct json_builder names = json_array_begin();
    for (uint32_t i = 0; i < key->method_count; i++) json_append(&names, json_base64(key->method_names[i]));
    return json_finish(&names);
}

static const char *add_key(const struct action *action, struct json_builder *o)
{
    const struct access_key *key = &action->add_key.access_key;
    const bool gas_key = key->permission == PERMISSION_GAS_KEY_FUNCTION_CALL ||
                         key->permission == PERMISSION_GAS_KEY_FULL_ACCESS;
    const bool calls = key->permission == PERMISSION_FUNCTION_CALL ||
                       key->permission == PERMISSION_GAS_KEY_FUNCTION_CALL;
    json_put(o, "public_key", json_public_key(action->add_key.public_key));
    if (gas_key) json_put(o, "num_nonces", json_u64(key->num_nonces));
    else json_put(o, "nonce", json_u64(key->nonce));
    if (calls) {
        if (key->has_allowance) json_put(o, "allowance", json_u128(key->allowance));
        else json_put_null(o, "allowance");
        json_put(o, "receiver_id", json_text(key->receiver_id));
        json_put(o, "method_names", method_names(key));
    }
    if (gas_key) return calls ? "AddGasKeyWithFunctionCall" : "AddGasKeyWithFullAccess";
    return calls ? "AddKeyWithFunctionCall" : "AddKeyWithFullAccess";
}

static const char *function_call(const struct action *action, struct json_builder *o)
{
    json_put(o, "method_name", json_base64(action->function_call.method_name));
    json_put(o, "args", json_base64(action->function_call.arguments));
    json_put(o, "attached_deposit", json_u128(action->function_call.deposit));
    json_put(o, "prepaid_gas", json_u64(action->function_call.gas));
    json_put(o, "gas_weight", json_u64(action->function_call.gas_weight));
    return "FunctionCallWeight";
}

static const char *deploy_global(const struct action *action, struct json_builder *o)
{
    const bool by_hash = action->deploy_global_contract.mode == GLOBAL_BY_CODE_HASH;
    json_put(o, "code", json_base64(action->deploy_global_contract.code));
    json_put(o, "mode", json_text(bytes_of_string(by_hash ? "CodeHash" : "AccountId")));
    return "DeployGlobalContract";
}

/* ---- actions ---------------------------------------------------------------------------------------------------- */

/* Adds the action's members and returns its name there; null: not one of those that contracts make. */
static const char *action_members(const struct action *action, struct json_builder *o)
{
    switch (action->kind) {
    case ACTION_KIND_create_account: return "CreateAccount";
    case ACTION_KIND_deploy_contract:
        json_put(o, "code", json_base64(action->deploy_contract.code));
        return "DeployContract";
    case ACTION_KIND_function_call: return function_call(action, o);
    case ACTION_KIND_transfer: json_put(o, "deposit", json_u128(action->transfer.deposit)); return "Transfer";
    case ACTION_KIND_stake:
        json_put(o, "stake", json_u128(action->stake.stake));
        json_put(o, "public_key", json_public_key(action->stake.public_key));
        return "Stake";
    case ACTION_KIND_add_key: return add_key(action, o);
    case ACTION_KIND_delete_key:
        json_put(o, "public_key", json_public_key(action->delete_key.public_key));
        return "DeleteKey";
    case ACTION_KIND_delete_account:
        json_put(o, "beneficiary_id", json_account_id(&action->delete_account.beneficiary_id));
        return "DeleteAccount";
    case ACTION_KIND_deploy_global_contract: return deploy_global(action, o);
    case ACTION_KIND_use_global_contract:
        json_put(o, "contract_id", contract_id(&action->use_global_contract.contract, false));
        return "UseGlobalContract";
    case ACTION_KIND_deterministic_state_init:
        json_put(o, "state_init", state_init(&action->deterministic_state_init.state_init));
        json_put(o, "amount", json_u128(action->deterministic_state_init.deposit));
        return "DeterministicStateInit";
    case ACTION_KIND_universal_state_init:
        json_put(o, "state_init", json_base64(action->universal_state_init.state_init));
        json_put(o, "amount", json_u128(action->universal_state_init.deposit));
        return "UniversalStateInit";
    case ACTION_KIND_transfer_to_gas_key:
        json_put(o, "public_key", json_public_key(action->transfer_to_gas_key.public_key));
        json_put(o, "deposit", json_u128(action->transfer_to_gas_key.deposit));
        return "TransferToGasKey";
    case ACTION_KIND_withdraw_from_gas_key:
    case ACTION_KIND_delegate:
    case ACTION_KIND_delegate_v2:
    case ACTION_KIND_COUNT: break;
    }
    return NULL;
}

static struct json *action_entry(const struct mock_entry *entry)
{
    struct json_builder o = json_object_begin();
    json_put(&o, "receipt_index", json_u64(entry->action.receipt));
    const char *name = action_members(&entry->action.action, &o);
    if (!name) o.failed = true;
    return named(name ? name : "", &o);
}

struct json *case_write_entry(const struct mock_entry *entry)
{
    switch (entry->kind) {
    case MOCK_CREATE_RECEIPT: return create_receipt(entry);
    case MOCK_ACTION: return action_entry(entry);
    case MOCK_YIELD_CREATE: return yield_create(entry);
    case MOCK_YIELD_RESUME: return yield_resume(entry);
    case MOCK_SET_REFUND_TO: return set_refund_to(entry);
    }
    return NULL;
}
