#include "documents/records_value.h"

struct json *json_hash(const struct crypto_hash *h)
{
    return json_base58(crypto_hash_bytes(h));
}

struct json *json_key_handle(const struct public_key_handle *key)
{
    struct buffer text = {0};
    const bool ok = public_key_handle_print(key, &text);
    struct json *json = ok ? json_text(bytes_of(text.data, text.size)) : NULL;
    buffer_free(&text);
    return json;
}

struct json *json_variant(const char *name, struct json *value)
{
    struct json_builder b = json_object_begin();
    json_put(&b, name, value);
    return json_finish(&b);
}

struct json *json_account(const struct account *a)
{
    static const struct crypto_hash none;
    struct json_builder b = json_object_begin();
    json_put(&b, "amount", json_u128(a->amount));
    json_put(&b, "locked", json_u128(a->locked));
    json_put(&b, "code_hash", json_hash(a->code == ACCOUNT_CODE_LOCAL ? &a->code_hash : &none));
    json_put(&b, "storage_usage", json_u64(a->storage_usage));
    json_put(&b, "version", json_text(bytes_of_string(a->form == ACCOUNT_V2 ? "V2" : "V1")));
    if (a->form == ACCOUNT_UNINITIALIZED) {
        json_put(&b, "state", json_text(bytes_of_string("uninitialized")));
        json_put(&b, "bootstrap_nonce", json_u64(a->bootstrap_nonce));
    }
    if (a->code == ACCOUNT_CODE_GLOBAL) json_put(&b, "global_contract_hash", json_hash(&a->code_hash));
    if (a->code == ACCOUNT_CODE_GLOBAL_BY_ACCOUNT)
        json_put(&b, "global_contract_account_id", json_account_id(&a->code_account));
    return json_finish(&b);
}

static struct json *function_call_permission(const struct access_key *k)
{
    struct json_builder b = json_object_begin(), methods = json_array_begin();
    for (uint32_t i = 0; i < k->method_count; i++) json_append(&methods, json_text(k->method_names[i]));
    if (k->has_allowance) json_put(&b, "allowance", json_u128(k->allowance));
    else json_put_null(&b, "allowance");
    json_put(&b, "receiver_id", json_text(k->receiver_id));
    json_put(&b, "method_names", json_finish(&methods));
    return json_finish(&b);
}

static struct json *gas_key_info(const struct access_key *k)
{
    struct json_builder b = json_object_begin();
    json_put(&b, "balance", json_u128(k->gas_key_balance));
    json_put(&b, "num_nonces", json_u64(k->num_nonces));
    return json_finish(&b);
}

static struct json *permission(const struct access_key *k)
{
    switch (k->permission) {
    case PERMISSION_FULL_ACCESS: return json_text(bytes_of_string("FullAccess"));
    case PERMISSION_FUNCTION_CALL: return json_variant("FunctionCall", function_call_permission(k));
    case PERMISSION_GAS_KEY_FULL_ACCESS: return json_variant("GasKeyFullAccess", gas_key_info(k));
    case PERMISSION_GAS_KEY_FUNCTION_CALL: {
        struct json_builder pair = json_array_begin();
        json_append(&pair, gas_key_info(k));
        json_append(&pair, function_call_permission(k));
        return json_variant("GasKeyFunctionCall", json_finish(&pair));
    }
    }
    return NULL;
}

struct json *json_access_key(const struct access_key *k)
{
    struct json_builder b = json_object_begin();
    json_put(&b, "nonce", json_u64(k->nonce));
    json_put(&b, "permission", permission(k));
    return json_finish(&b);
}
