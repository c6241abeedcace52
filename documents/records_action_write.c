#include "documents/records_value.h"

static struct json *deploy_global_contract(const struct action *a)
{
    const bool by_account = a->deploy_global_contract.mode == GLOBAL_BY_ACCOUNT_ID;
    struct json_builder b = json_object_begin();
    json_put(&b, "code", json_base64(a->deploy_global_contract.code));
    json_put(&b, "deploy_mode", json_text(bytes_of_string(by_account ? "AccountId" : "CodeHash")));
    return json_finish(&b);
}

static struct json *use_global_contract(const struct action *a)
{
    const struct global_contract_id *id = &a->use_global_contract.contract;
    struct json_builder b = json_object_begin();
    json_put(&b, "contract_identifier",
             id->mode == GLOBAL_BY_ACCOUNT_ID
                 ? json_variant("account_id", json_account_id(&id->account_id))
                 : json_variant("hash", json_base58(bytes_of(id->code_hash, sizeof id->code_hash))));
    return json_finish(&b);
}

static struct json *function_call(const struct action *a)
{
    struct json_builder b = json_object_begin();
    json_put(&b, "method_name", json_text(a->function_call.method_name));
    json_put(&b, "args", json_base64(a->function_call.arguments));
    json_put(&b, "gas", json_u64(a->function_call.gas));
    json_put(&b, "deposit", json_u128(a->function_call.deposit));
    return json_finish(&b);
}

/* A key, and another member. */
static struct json *with_key(const struct public_key *key, const char *name, struct json *value)
{
    struct json_builder b = json_object_begin();
    json_put(&b, "public_key", json_public_key(key));
    json_put(&b, name, value);
    return json_finish(&b);
}

static struct json *fields(const struct action *a)
{
    struct json_builder none;
    switch (a->kind) {
    case ACTION_KIND_create_account: none = json_object_begin(); return json_finish(&none);
    case ACTION_KIND_deploy_contract: return json_variant("code", json_base64(a->deploy_contract.code));
    case ACTION_KIND_function_call: return function_call(a);
    case ACTION_KIND_transfer: return json_variant("deposit", json_u128(a->transfer.deposit));
    case ACTION_KIND_stake: return with_key(a->stake.public_key, "stake", json_u128(a->stake.stake));
    case ACTION_KIND_add_key:
        return with_key(a->add_key.public_key, "access_key", json_access_key(&a->add_key.access_key));
    case ACTION_KIND_delete_key: return json_variant("public_key", json_public_key(a->delete_key.public_key));
    case ACTION_KIND_delete_account:
        return json_variant("beneficiary_id", json_account_id(&a->delete_account.beneficiary_id));
    case ACTION_KIND_deploy_global_contract: return deploy_global_contract(a);
    case ACTION_KIND_use_global_contract: return use_global_contract(a);
    case ACTION_KIND_transfer_to_gas_key:
        return with_key(a->transfer_to_gas_key.public_key, "deposit", json_u128(a->transfer_to_gas_key.deposit));
    case ACTION_KIND_withdraw_from_gas_key:
        return with_key(a->withdraw_from_gas_key.public_key, "amount", json_u128(a->withdraw_from_gas_key.amount));
    case ACTION_KIND_delegate:
    case ACTION_KIND_delegate_v2:
    case ACTION_KIND_deterministic_state_init:
    case ACTION_KIND_universal_state_init:
    case ACTION_KIND_COUNT: break;
    }
    return NULL;
}

struct json *json_action(const struct action *a)
{
    return json_variant(action_kind_name(a->kind), fields(a));
}

static bool unsupported(enum action_kind kind)
{
    return kind == ACTION_KIND_delegate || kind == ACTION_KIND_delegate_v2 ||
           kind == ACTION_KIND_deterministic_state_init || kind == ACTION_KIND_universal_state_init;
}

const char *json_receipt_unsupported(const struct receipt *r)
{
    if (r->kind == RECEIPT_global_contract_distribution) return "a distribution of a global contract";
    for (uint32_t i = 0; receipt_has_actions(r) && i < r->action.action_count; i++)
        if (unsupported(r->action.actions[i].kind)) return action_kind_name(r->action.actions[i].kind);
    return NULL;
}
