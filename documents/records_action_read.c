#include "documents/records_value.h"

/* ---- the fields of each kind: `p` is the value under the action's name ------------------------------------------ */

static enum status read_create_account(const struct json_place *p, struct arena *a, struct action *out, struct error *e)
{
    (void)a;
    (void)out;
    return json_check_object(p, NULL, 0, e);
}

static enum status read_deploy_contract(const struct json_place *p, struct arena *a, struct action *out,
                                        struct error *e)
{
    static const char *const names[] = {"code"};
    enum status status = JSON_CHECK_OBJECT(p, names, e);
    return status == STATUS_OK ? json_member_base64(p, "code", a, &out->deploy_contract.code, e) : status;
}

static enum status read_function_call(const struct json_place *p, struct arena *a, struct action *out, struct error *e)
{
    static const char *const names[] = {"method_name", "args", "gas", "deposit"};
    struct json_place method;
    enum status status = JSON_CHECK_OBJECT(p, names, e);
    if (status == STATUS_OK) status = json_required(p, "method_name", &method, e);
    if (status == STATUS_OK) status = json_read_text(&method, &out->function_call.method_name, e);
    if (status == STATUS_OK) status = json_member_base64(p, "args", a, &out->function_call.arguments, e);
    if (status == STATUS_OK) status = json_member_u64(p, "gas", &out->function_call.gas, e);
    return status == STATUS_OK ? json_member_u128(p, "deposit", &out->function_call.deposit, e) : status;
}

static enum status read_transfer(const struct json_place *p, struct arena *a, struct action *out, struct error *e)
{
    static const char *const names[] = {"deposit"};
    (void)a;
    enum status status = JSON_CHECK_OBJECT(p, names, e);
    return status == STATUS_OK ? json_member_u128(p, "deposit", &out->transfer.deposit, e) : status;
}

static enum status read_stake(const struct json_place *p, struct arena *a, struct action *out, struct error *e)
{
    static const char *const names[] = {"stake", "public_key"};
    enum status status = JSON_CHECK_OBJECT(p, names, e);
    if (status == STATUS_OK) status = json_member_u128(p, "stake", &out->stake.stake, e);
    return status == STATUS_OK ? json_member_public_key(p, "public_key", a, &out->stake.public_key, e) : status;
}

static enum status read_add_key(const struct json_place *p, struct arena *a, struct action *out, struct error *e)
{
    static const char *const names[] = {"public_key", "access_key"};
    struct json_place key;
    enum status status = JSON_CHECK_OBJECT(p, names, e);
    if (status == STATUS_OK) status = json_member_public_key(p, "public_key", a, &out->add_key.public_key, e);
    if (status == STATUS_OK) status = json_required(p, "access_key", &key, e);
    return status == STATUS_OK ? json_read_access_key(&key, a, &out->add_key.access_key, e) : status;
}

static enum status read_delete_key(const struct json_place *p, struct arena *a, struct action *out, struct error *e)
{
    static const char *const names[] = {"public_key"};
    enum status status = JSON_CHECK_OBJECT(p, names, e);
    return status == STATUS_OK ? json_member_public_key(p, "public_key", a, &out->delete_key.public_key, e) : status;
}

static enum status read_delete_account(const struct json_place *p, struct arena *a, struct action *out,
                                       struct error *e)
{
    static const char *const names[] = {"beneficiary_id"};
    (void)a;
    enum status status = JSON_CHECK_OBJECT(p, names, e);
    return status == STATUS_OK ? json_member_account_id(p, "beneficiary_id", &out->delete_account.beneficiary_id, e)
                               : status;
}

static enum status read_deploy_global_contract(const struct json_place *p, struct arena *a, struct action *out,
                                               struct error *e)
{
    static const char *const names[] = {"code", "deploy_mode"};
    struct json_place mode;
    struct bytes text;
    enum status status = JSON_CHECK_OBJECT(p, names, e);
    if (status == STATUS_OK) status = json_member_base64(p, "code", a, &out->deploy_global_contract.code, e);
    if (status == STATUS_OK) status = json_required(p, "deploy_mode", &mode, e);
    if (status == STATUS_OK) status = json_read_text(&mode, &text, e);
    if (status != STATUS_OK) return status;
    const bool by_account = bytes_equal(text, bytes_of_string("AccountId"));
    if (!by_account && !bytes_equal(text, bytes_of_string("CodeHash")))
        return json_expected(&mode, "\"CodeHash\" or \"AccountId\"", e);
    out->deploy_global_contract.mode = by_account ? GLOBAL_BY_ACCOUNT_ID : GLOBAL_BY_CODE_HASH;
    return STATUS_OK;
}

static enum status read_use_global_contract(const struct json_place *p, struct arena *a, struct action *out,
                                            struct error *e)
{
    static const char *const names[] = {"contract_identifier"};
    struct global_contract_id *id = &out->use_global_contract.contract;
    struct json_place identifier, value;
    struct crypto_hash hash;
    const char *name = NULL;
    (void)a;
    enum status status = JSON_CHECK_OBJECT(p, names, e);
    if (status == STATUS_OK) status = json_required(p, "contract_identifier", &identifier, e);
    if (status == STATUS_OK) status = json_read_variant(&identifier, &name, &value, e);
    if (status != STATUS_OK) return status;
    if (strcmp(name, "account_id") == 0) {
        id->mode = GLOBAL_BY_ACCOUNT_ID;
        return json_read_account_id(&value, &id->account_id, e);
    }
    if (strcmp(name, "hash") != 0) return json_expected(&identifier, "\"hash\" or \"account_id\"", e);
    id->mode = GLOBAL_BY_CODE_HASH;
    status = json_read_hash(&value, &hash, e);
    if (status == STATUS_OK) memcpy(id->code_hash, hash.bytes, sizeof hash.bytes);
    return status;
}

static enum status read_transfer_to_gas_key(const struct json_place *p, struct arena *a, struct action *out,
                                            struct error *e)
{
    static const char *const names[] = {"public_key", "deposit"};
    enum status status = JSON_CHECK_OBJECT(p, names, e);
    if (status == STATUS_OK)
        status = json_member_public_key(p, "public_key", a, &out->transfer_to_gas_key.public_key, e);
    return status == STATUS_OK ? json_member_u128(p, "deposit", &out->transfer_to_gas_key.deposit, e) : status;
}

static enum status read_withdraw_from_gas_key(const struct json_place *p, struct arena *a, struct action *out,
                                              struct error *e)
{
    static const char *const names[] = {"public_key", "amount"};
    enum status status = JSON_CHECK_OBJECT(p, names, e);
    if (status == STATUS_OK)
        status = json_member_public_key(p, "public_key", a, &out->withdraw_from_gas_key.public_key, e);
    return status == STATUS_OK ? json_member_u128(p, "amount", &out->withdraw_from_gas_key.amount, e) : status;
}

/* ---- which kind ------------------------------------------------------------------------------------------------- */

typedef enum status action_reader(const struct json_place *p, struct arena *a, struct action *out, struct error *e);

/* Null: known to NEAR, refused here. */
static action_reader *const readers[ACTION_KIND_COUNT] = {
    [ACTION_KIND_create_account] = read_create_account,
    [ACTION_KIND_deploy_contract] = read_deploy_contract,
    [ACTION_KIND_function_call] = read_function_call,
    [ACTION_KIND_transfer] = read_transfer,
    [ACTION_KIND_stake] = read_stake,
    [ACTION_KIND_add_key] = read_add_key,
    [ACTION_KIND_delete_key] = read_delete_key,
    [ACTION_KIND_delete_account] = read_delete_account,
    [ACTION_KIND_deploy_global_contract] = read_deploy_global_contract,
    [ACTION_KIND_use_global_contract] = read_use_global_contract,
    [ACTION_KIND_transfer_to_gas_key] = read_transfer_to_gas_key,
    [ACTION_KIND_withdraw_from_gas_key] = read_withdraw_from_gas_key,
};

enum status json_read_action(const struct json_place *p, struct arena *a, struct action *out, struct error *e)
{
    struct json_place value;
    const char *name = NULL;
    enum status status = json_read_variant(p, &name, &value, e);
    if (status != STATUS_OK) return status;
    for (enum action_kind kind = 0; kind < ACTION_KIND_COUNT; kind++) {
        if (strcmp(name, action_kind_name(kind)) != 0) continue;
        if (!readers[kind]) return json_refuse(&value, e, "actions of this kind cannot be read from JSON");
        *out = (struct action){.kind = kind};
        return readers[kind](&value, a, out, e);
    }
    return json_refuse(&value, e, "there is no such action");
}
