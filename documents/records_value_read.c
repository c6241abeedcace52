#include "documents/records_value.h"

/* ---- small things ----------------------------------------------------------------------------------------------- */

enum status json_read_hash(const struct json_place *p, struct crypto_hash *out, struct error *e)
{
    struct bytes text;
    if (json_read_text(p, &text, NULL) == STATUS_OK && crypto_hash_parse(text, out)) return STATUS_OK;
    return json_expected(p, "a hash: 32 bytes in base58", e);
}

enum status json_read_public_key(const struct json_place *p, struct arena *a, const struct public_key **out,
                                 struct error *e)
{
    struct bytes text;
    struct error why;
    struct public_key *key = arena_alloc(a, sizeof *key);
    if (!key) return error_no_memory(e);
    enum status status = json_read_text(p, &text, e);
    if (status != STATUS_OK) return status;
    if (public_key_parse(text, key, &why) != STATUS_OK) return json_refuse(p, e, "%s", why.message);
    *out = key;
    return STATUS_OK;
}

/* The hash of a key that is too long for the state. */
static bool parse_hashed_key(struct bytes text, struct public_key_handle *out)
{
    static const char prefix[] = "ml-dsa-65-hash:";
    const size_t length = sizeof prefix - 1;
    struct crypto_hash hash;
    if (text.size <= length || memcmp(text.data, prefix, length) != 0) return false;
    if (!crypto_hash_parse(bytes_of(text.data + length, text.size - length), &hash)) return false;
    *out = (struct public_key_handle){.tag = KEY_HANDLE_ML_DSA_65_HASH};
    memcpy(out->data, hash.bytes, sizeof hash.bytes);
    return true;
}

enum status json_read_key_handle(const struct json_place *p, struct public_key_handle *out, struct error *e)
{
    struct bytes text;
    struct error why;
    struct public_key key;
    enum status status = json_read_text(p, &text, e);
    if (status != STATUS_OK || parse_hashed_key(text, out)) return status;
    if (public_key_parse(text, &key, &why) != STATUS_OK) return json_refuse(p, e, "%s", why.message);
    *out = public_key_handle_of(&key);
    return STATUS_OK;
}

enum status json_read_variant(const struct json_place *p, const char **name, struct json_place *value,
                              struct error *e)
{
    size_t position = 0;
    if (!json_is(p->json, JSON_OBJECT) || json_length(p->json) != 1)
        return json_expected(p, "an object with one member, which names the kind", e);
    json_next(p, &position, value);
    *name = value->name;
    return STATUS_OK;
}

/* ---- members ---------------------------------------------------------------------------------------------------- */

enum status json_member_hash(const struct json_place *p, const char *name, struct crypto_hash *out, struct error *e)
{
    struct json_place member;
    enum status status = json_required(p, name, &member, e);
    return status == STATUS_OK ? json_read_hash(&member, out, e) : status;
}

enum status json_member_u128(const struct json_place *p, const char *name, struct u128 *out, struct error *e)
{
    struct json_place member;
    enum status status = json_required(p, name, &member, e);
    return status == STATUS_OK ? json_read_u128(&member, out, e) : status;
}

enum status json_member_u64(const struct json_place *p, const char *name, uint64_t *out, struct error *e)
{
    struct json_place member;
    enum status status = json_required(p, name, &member, e);
    return status == STATUS_OK ? json_read_u64(&member, UINT64_MAX, out, e) : status;
}

enum status json_member_account_id(const struct json_place *p, const char *name, struct account_id *out,
                                   struct error *e)
{
    struct json_place member;
    enum status status = json_required(p, name, &member, e);
    return status == STATUS_OK ? json_read_account_id(&member, out, e) : status;
}

enum status json_member_base64(const struct json_place *p, const char *name, struct arena *a, struct bytes *out,
                               struct error *e)
{
    struct json_place member;
    enum status status = json_required(p, name, &member, e);
    return status == STATUS_OK ? json_read_base64(&member, a, out, e) : status;
}

enum status json_member_public_key(const struct json_place *p, const char *name, struct arena *a,
                                   const struct public_key **out, struct error *e)
{
    struct json_place member;
    enum status status = json_required(p, name, &member, e);
    return status == STATUS_OK ? json_read_public_key(&member, a, out, e) : status;
}

/* ---- accounts --------------------------------------------------------------------------------------------------- */

static bool text_is(const struct json_place *p, const char *text)
{
    struct bytes found;
    return json_read_text(p, &found, NULL) == STATUS_OK && bytes_equal(found, bytes_of_string(text));
}

static enum status read_form(const struct json_place *p, struct account *a, struct error *e)
{
    struct json_place version, state;
    a->form = ACCOUNT_V1;
    if (json_member(p, "version", &version)) {
        if (text_is(&version, "V2")) a->form = ACCOUNT_V2;
        else if (!text_is(&version, "V1")) return json_expected(&version, "\"V1\" or \"V2\"", e);
    }
    if (!json_member(p, "state", &state) || text_is(&state, "initialized")) return STATUS_OK;
    if (!text_is(&state, "uninitialized"))
        return json_expected(&state, "\"initialized\" or \"uninitialized\"", e);
    if (a->form != ACCOUNT_V1) return json_refuse(&state, e, "an uninitialized account must be of version V1");
    a->form = ACCOUNT_UNINITIALIZED;
    return STATUS_OK;
}

static enum status read_contract(const struct json_place *p, struct account *a, struct error *e)
{
    struct json_place hash, account;
    const bool by_hash = json_member(p, "global_contract_hash", &hash);
    const bool by_account = json_member(p, "global_contract_account_id", &account);
    enum status status = json_member_hash(p, "code_hash", &a->code_hash, e);
    if (status != STATUS_OK) return status;
    const bool local = !crypto_hash_is_zero(&a->code_hash);
    if (local + by_hash + by_account > 1) return json_refuse(p, e, "an account has one contract at most");
    if (local) a->code = ACCOUNT_CODE_LOCAL;
    if ((by_hash || by_account) && a->form != ACCOUNT_V2)
        return json_refuse(by_hash ? &hash : &account, e, "only accounts of version V2 use global contracts");
    if (by_hash) a->code = ACCOUNT_CODE_GLOBAL;
    if (by_account) a->code = ACCOUNT_CODE_GLOBAL_BY_ACCOUNT;
    if (by_hash) return json_read_hash(&hash, &a->code_hash, e);
    return by_account ? json_read_account_id(&account, &a->code_account, e) : STATUS_OK;
}

static enum status check_nonce(const struct json_place *p, struct account *a, struct error *e)
{
    struct json_place nonce;
    const bool given = json_member(p, "bootstrap_nonce", &nonce);
    if (a->form != ACCOUNT_UNINITIALIZED)
        return given ? json_refuse(&nonce, e, "only an uninitialized account has one") : STATUS_OK;
    if (a->code != ACCOUNT_CODE_NONE) return json_refuse(p, e, "an uninitialized account has no contract");
    if (!u128_equal(a->locked, u128_of(0))) return json_refuse(p, e, "an uninitialized account has nothing locked");
    return json_member_u64(p, "bootstrap_nonce", &a->bootstrap_nonce, e);
}

enum status json_read_account(const struct json_place *p, struct account *out, struct error *e)
{
    static const char *const names[] = {"amount", "locked", "code_hash", "storage_usage", "version", "state",
                                        "bootstrap_nonce", "global_contract_hash", "global_contract_account_id"};
    struct account a = {0};
    const struct u128 marker = {UINT64_MAX, UINT64_MAX}; /* what the forms after the first begin with */
    enum status status = JSON_CHECK_OBJECT(p, names, e);
    if (status == STATUS_OK) status = json_member_u128(p, "amount", &a.amount, e);
    if (status == STATUS_OK) status = json_member_u128(p, "locked", &a.locked, e);
    if (status == STATUS_OK) status = json_member_u64(p, "storage_usage", &a.storage_usage, e);
    if (status == STATUS_OK) status = read_form(p, &a, e);
    if (status == STATUS_OK) status = read_contract(p, &a, e);
    if (status == STATUS_OK) status = check_nonce(p, &a, e);
    if (status == STATUS_OK && a.form == ACCOUNT_V1 && u128_equal(a.amount, marker))
        status = json_refuse(p, e, "2^128 - 1 is no amount that an account can have");
    if (status == STATUS_OK) *out = a;
    return status;
}

/* ---- access keys ------------------------------------------------------------------------------------------------ */

static enum status read_methods(const struct json_place *p, struct arena *a, struct access_key *out, struct error *e)
{
    size_t count = 0;
    enum status status = json_check_array(p, &count, e);
    if (status != STATUS_OK) return status;
    struct bytes *names = arena_array(a, count, sizeof *names);
    if (!names || count > UINT32_MAX) return error_no_memory(e);
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        const struct json_place name = json_element(p, i);
        status = json_read_text(&name, &names[i], e);
    }
    out->method_names = names;
    out->method_count = (uint32_t)count;
    return status;
}

static enum status read_function_call(const struct json_place *p, struct arena *a, struct access_key *out,
                                      struct error *e)
{
    static const char *const names[] = {"allowance", "receiver_id", "method_names"};
    struct json_place allowance, receiver, methods;
    enum status status = JSON_CHECK_OBJECT(p, names, e);
    out->has_allowance = json_member(p, "allowance", &allowance);
    if (status == STATUS_OK && out->has_allowance) status = json_read_u128(&allowance, &out->allowance, e);
    if (status == STATUS_OK) status = json_required(p, "receiver_id", &receiver, e);
    if (status == STATUS_OK) status = json_read_text(&receiver, &out->receiver_id, e);
    if (status == STATUS_OK) status = json_required(p, "method_names", &methods, e);
    return status == STATUS_OK ? read_methods(&methods, a, out, e) : status;
}

static enum status read_gas_key(const struct json_place *p, struct access_key *out, struct error *e)
{
    static const char *const names[] = {"balance", "num_nonces"};
    struct json_place nonces;
    uint64_t count = 0;
    enum status status = JSON_CHECK_OBJECT(p, names, e);
    if (status == STATUS_OK) status = json_member_u128(p, "balance", &out->gas_key_balance, e);
    if (status == STATUS_OK) status = json_required(p, "num_nonces", &nonces, e);
    if (status == STATUS_OK) status = json_read_u64(&nonces, UINT16_MAX, &count, e);
    out->num_nonces = (uint16_t)count;
    return status;
}

/* [GasKeyInfo, FunctionCallPermission] */
static enum status read_gas_key_function_call(const struct json_place *p, struct arena *a, struct access_key *out,
                                              struct error *e)
{
    size_t count = 0;
    enum status status = json_check_array(p, &count, e);
    if (status == STATUS_OK && count != 2) status = json_expected(p, "an array of two", e);
    if (status != STATUS_OK) return status;
    const struct json_place info = json_element(p, 0), permission = json_element(p, 1);
    status = read_gas_key(&info, out, e);
    return status == STATUS_OK ? read_function_call(&permission, a, out, e) : status;
}

static enum status read_permission(const struct json_place *p, struct arena *a, struct access_key *out,
                                   struct error *e)
{
    struct json_place value;
    const char *name = NULL;
    out->permission = PERMISSION_FULL_ACCESS;
    if (text_is(p, "FullAccess")) return STATUS_OK;
    if (!json_is(p->json, JSON_OBJECT))
        return json_expected(p, "\"FullAccess\" or {\"FunctionCall\": {...}}", e);
    enum status status = json_read_variant(p, &name, &value, e);
    if (status != STATUS_OK) return status;
    if (strcmp(name, "FunctionCall") == 0) {
        out->permission = PERMISSION_FUNCTION_CALL;
        return read_function_call(&value, a, out, e);
    }
    if (strcmp(name, "GasKeyFullAccess") == 0) {
        out->permission = PERMISSION_GAS_KEY_FULL_ACCESS;
        return read_gas_key(&value, out, e);
    }
    if (strcmp(name, "GasKeyFunctionCall") == 0) {
        out->permission = PERMISSION_GAS_KEY_FUNCTION_CALL;
        return read_gas_key_function_call(&value, a, out, e);
    }
    return json_refuse(&value, e, "there is no such permission");
}

enum status json_read_access_key(const struct json_place *p, struct arena *a, struct access_key *out, struct error *e)
{
    static const char *const names[] = {"nonce", "permission"};
    struct json_place permission;
    struct access_key key = {0};
    enum status status = JSON_CHECK_OBJECT(p, names, e);
    if (status == STATUS_OK) status = json_member_u64(p, "nonce", &key.nonce, e);
    if (status == STATUS_OK) status = json_required(p, "permission", &permission, e);
    if (status == STATUS_OK) status = read_permission(&permission, a, &key, e);
    if (status == STATUS_OK) *out = key;
    return status;
}
