#include "near/action_json.h"

#include "base/base64.h"
#include "near/action_delegate.h"

/* ---- parts of actions --------------------------------------------------------------------------------------------- */

static void put_code(struct json_writer *w, struct bytes code, bool plain)
{
    const struct crypto_hash hash = crypto_hash_of(code);
    json_name_base64(w, "code", plain ? code : crypto_hash_bytes(&hash));
}

void signature_write_json(struct json_writer *w, const struct signature *s)
{
    struct buffer text = {0};
    if (signature_print(s, &text)) json_write_string(w, bytes_of(text.data, text.size));
    else json_write_null(w);
    if (text.failed) w->out->failed = true;
    buffer_free(&text);
}

static struct crypto_hash code_hash_of(const struct global_contract_id *id)
{
    struct crypto_hash hash;
    memcpy(hash.bytes, id->code_hash, sizeof hash.bytes);
    return hash;
}

void global_contract_id_write_json(struct json_writer *w, const struct global_contract_id *id, bool in_action)
{
    json_write_open(w, '{');
    if (id->mode == GLOBAL_BY_ACCOUNT_ID) {
        json_name_account_id(w, in_action ? "account_id" : "AccountId", &id->account_id);
    } else {
        const struct crypto_hash hash = code_hash_of(id);
        json_write_name(w, in_action ? "hash" : "CodeHash");
        json_write_hash(w, &hash);
    }
    json_write_close(w, '}');
}

/* ---- access keys ------------------------------------------------------------------------------------------------- */

static void put_gas_key(struct json_writer *w, const struct access_key *k)
{
    json_name_u128(w, "balance", k->gas_key_balance);
    json_name_u64(w, "num_nonces", k->num_nonces);
}

static void put_function_call(struct json_writer *w, const struct access_key *k)
{
    json_write_name(w, "allowance");
    if (k->has_allowance) json_write_u128(w, k->allowance);
    else json_write_null(w);
    json_write_name(w, "receiver_id");
    json_write_string(w, k->receiver_id);
    json_write_name(w, "method_names");
    json_write_open(w, '[');
    for (uint32_t i = 0; i < k->method_count; i++) json_write_string(w, k->method_names[i]);
    json_write_close(w, ']');
}

/* A gas key's two parts are one object in a view and a list of two otherwise. */
static void write_permission(struct json_writer *w, const struct access_key *k, bool plain)
{
    static const char *const names[] = {"FunctionCall", "FullAccess", "GasKeyFunctionCall", "GasKeyFullAccess"};
    const bool is_list = plain && k->permission == PERMISSION_GAS_KEY_FUNCTION_CALL;
    if (k->permission == PERMISSION_FULL_ACCESS) {
        json_write_text(w, names[k->permission]);
        return;
    }
    json_write_open(w, '{');
    json_write_name(w, names[k->permission]);
    if (is_list) json_write_open(w, '[');
    json_write_open(w, '{');
    if (access_key_is_gas_key(k)) put_gas_key(w, k);
    if (is_list) {
        json_write_close(w, '}');
        json_write_open(w, '{');
    }
    if (access_key_is_function_call(k)) put_function_call(w, k);
    json_write_close(w, '}');
    if (is_list) json_write_close(w, ']');
    json_write_close(w, '}');
}

static void write_add_key(struct json_writer *w, const struct action *a, bool plain)
{
    json_name_public_key(w, "public_key", a->add_key.public_key);
    json_write_name(w, "access_key");
    json_write_open(w, '{');
    json_name_u64(w, "nonce", a->add_key.access_key.nonce);
    json_write_name(w, "permission");
    write_permission(w, &a->add_key.access_key, plain);
    json_write_close(w, '}');
}

/* ---- state inits ------------------------------------------------------------------------------------------------- */

static void put_state(struct json_writer *w, const struct deterministic_state_init *init)
{
    struct buffer key = {0};
    json_write_name(w, "code");
    global_contract_id_write_json(w, &init->code, true);
    json_write_name(w, "data");
    json_write_open(w, '{');
    for (size_t i = 0; i < init->entry_count; i++) {
        key.size = 0;
        base64_encode(init->entries[i].key, &key);
        buffer_append_byte(&key, 0);
        if (key.failed) w->out->failed = true;
        else json_name_base64(w, (const char *)key.data, init->entries[i].value);
    }
    json_write_close(w, '}');
    buffer_free(&key);
}

static void write_state_init(struct json_writer *w, const struct action *a, bool plain)
{
    if (plain) {
        json_write_name(w, "state_init");
        json_write_open(w, '{');
        json_write_name(w, "V1");
        json_write_open(w, '{');
    }
    put_state(w, &a->deterministic_state_init.state_init);
    if (plain) {
        json_write_close(w, '}');
        json_write_close(w, '}');
    }
    json_name_u128(w, "deposit", a->deterministic_state_init.deposit);
}

/* ---- delegate actions -------------------------------------------------------------------------------------------- */

static void put_nonce(struct json_writer *w, const struct delegate_action *d)
{
    if (!d->is_v2) {
        json_name_u64(w, "nonce", d->nonce);
        return;
    }
    json_write_name(w, "nonce");
    json_write_open(w, '{');
    json_write_name(w, d->has_nonce_index ? "GasKeyNonce" : "Nonce");
    json_write_open(w, '{');
    json_name_u64(w, "nonce", d->nonce);
    if (d->has_nonce_index) json_name_u64(w, "nonce_index", d->nonce_index);
    json_write_close(w, '}');
    json_write_close(w, '}');
}

/* Goes one level deeper at most: there is no delegate action in it. */
static void write_delegate(struct json_writer *w, const struct delegate_action *d)
{
    json_write_name(w, "delegate_action");
    if (!d) {
        json_write_null(w);
        return;
    }
    if (d->is_v2) {
        json_write_open(w, '{');
        json_write_name(w, "V2");
    }
    json_write_open(w, '{');
    json_name_account_id(w, "sender_id", &d->sender_id);
    json_name_account_id(w, "receiver_id", &d->receiver_id);
    json_write_name(w, "actions");
    json_write_open(w, '[');
    for (uint32_t i = 0; i < d->action_count; i++) action_write_json(w, &d->actions[i], true);
    json_write_close(w, ']');
    put_nonce(w, d);
    json_name_u64(w, "max_block_height", d->max_block_height);
    json_name_public_key(w, "public_key", d->public_key);
    json_write_close(w, '}');
    if (d->is_v2) json_write_close(w, '}');
    json_write_name(w, "signature");
    signature_write_json(w, &d->signature);
}

/* ---- actions ----------------------------------------------------------------------------------------------------- */

static void write_function_call(struct json_writer *w, const struct action *a)
{
    json_write_name(w, "method_name");
    json_write_string(w, a->function_call.method_name);
    json_name_base64(w, "args", a->function_call.arguments);
    json_name_u64(w, "gas", a->function_call.gas);
    json_name_u128(w, "deposit", a->function_call.deposit);
}

static void write_deploy_global(struct json_writer *w, const struct action *a, bool plain)
{
    put_code(w, a->deploy_global_contract.code, plain);
    if (!plain) return;
    json_write_name(w, "deploy_mode");
    json_write_text(w, a->deploy_global_contract.mode == GLOBAL_BY_ACCOUNT_ID ? "AccountId" : "CodeHash");
}

static void write_use_global(struct json_writer *w, const struct global_contract_id *id, bool plain)
{
    if (plain) {
        json_write_name(w, "contract_identifier");
        global_contract_id_write_json(w, id, true);
    } else if (id->mode == GLOBAL_BY_ACCOUNT_ID) {
        json_name_account_id(w, "account_id", &id->account_id);
    } else {
        const struct crypto_hash hash = code_hash_of(id);
        json_write_name(w, "code_hash");
        json_write_hash(w, &hash);
    }
}

static void write_fields(struct json_writer *w, const struct action *a, bool plain)
{
    switch (a->kind) {
    case ACTION_KIND_create_account:
    case ACTION_KIND_COUNT: break;
    case ACTION_KIND_deploy_contract: put_code(w, a->deploy_contract.code, plain); break;
    case ACTION_KIND_function_call: write_function_call(w, a); break;
    case ACTION_KIND_transfer: json_name_u128(w, "deposit", a->transfer.deposit); break;
    case ACTION_KIND_stake:
        json_name_u128(w, "stake", a->stake.stake);
        json_name_public_key(w, "public_key", a->stake.public_key);
        break;
    case ACTION_KIND_add_key: write_add_key(w, a, plain); break;
    case ACTION_KIND_delete_key: json_name_public_key(w, "public_key", a->delete_key.public_key); break;
    case ACTION_KIND_delete_account:
        json_name_account_id(w, "beneficiary_id", &a->delete_account.beneficiary_id);
        break;
    case ACTION_KIND_delegate:
    case ACTION_KIND_delegate_v2: write_delegate(w, a->delegate.parsed); break;
    case ACTION_KIND_deploy_global_contract: write_deploy_global(w, a, plain); break;
    case ACTION_KIND_use_global_contract: write_use_global(w, &a->use_global_contract.contract, plain); break;
    case ACTION_KIND_deterministic_state_init: write_state_init(w, a, plain); break;
    case ACTION_KIND_universal_state_init:
        json_name_base64(w, "state_init", a->universal_state_init.state_init);
        json_name_u128(w, "deposit", a->universal_state_init.deposit);
        break;
    case ACTION_KIND_transfer_to_gas_key:
        json_name_public_key(w, "public_key", a->transfer_to_gas_key.public_key);
        json_name_u128(w, "deposit", a->transfer_to_gas_key.deposit);
        break;
    case ACTION_KIND_withdraw_from_gas_key:
        json_name_public_key(w, "public_key", a->withdraw_from_gas_key.public_key);
        json_name_u128(w, "amount", a->withdraw_from_gas_key.amount);
        break;
    }
}

/* In views global contracts by account have kinds of their own. */
static const char *view_name(const struct action *a)
{
    if (a->kind == ACTION_KIND_deploy_global_contract && a->deploy_global_contract.mode == GLOBAL_BY_ACCOUNT_ID)
        return "DeployGlobalContractByAccountId";
    if (a->kind == ACTION_KIND_use_global_contract && a->use_global_contract.contract.mode == GLOBAL_BY_ACCOUNT_ID)
        return "UseGlobalContractByAccountId";
    return action_kind_name(a->kind);
}

void action_write_json(struct json_writer *w, const struct action *action, bool plain)
{
    if (action->kind == ACTION_KIND_create_account && !plain) {
        json_write_text(w, "CreateAccount");
        return;
    }
    json_write_open(w, '{');
    json_write_name(w, plain ? action_kind_name(action->kind) : view_name(action));
    json_write_open(w, '{');
    write_fields(w, action, plain);
    json_write_close(w, '}');
    json_write_close(w, '}');
}
