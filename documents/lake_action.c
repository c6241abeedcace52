#include "documents/lake_block.h"
#include "documents/lake_reader.h"
#include "json/json_write.h"

/* Inside of delegate actions stand the actions themselves, elsewhere their views; the two differ in a few places. */
enum form { VIEW, INNER };

/* ---- access keys ------------------------------------------------------------------------------------------------- */

static void read_limits(struct lake_reader *r, const struct json_place *p, struct access_key *k)
{
    struct json_place methods;
    k->has_allowance = lake_option_u128(r, p, "allowance", &k->allowance);
    k->receiver_id = lake_text(r, p, "receiver_id");
    k->method_count = lake_array(r, p, "method_names", &methods);
    struct bytes *names = lake_alloc(r, k->method_count, sizeof *names);
    if (!names) {
        k->method_count = 0;
        return;
    }
    for (uint32_t i = 0; i < k->method_count && r->status == STATUS_OK; i++) {
        struct json_place name = json_element(&methods, i);
        enum status status = json_read_text(&name, &names[i], r->error);
        if (status != STATUS_OK) r->status = status;
    }
    k->method_names = names;
}

static void read_gas_key(struct lake_reader *r, const struct json_place *p, struct access_key *k)
{
    struct json_place nonces;
    k->gas_key_balance = lake_u128(r, p, "balance");
    if (lake_member(r, p, "num_nonces", &nonces)) k->num_nonces = (uint16_t)lake_u64_at(r, &nonces, UINT16_MAX);
}

/* {"nonce":…,"permission":"FullAccess" or {"FunctionCall":{…}}} */
static struct access_key read_access_key(struct lake_reader *r, const struct json_place *object)
{
    struct access_key k = {0};
    struct json_place p, permission, content;
    if (!lake_member(r, object, "access_key", &p)) return k;
    k.nonce = lake_u64(r, &p, "nonce");
    if (!lake_member(r, &p, "permission", &permission)) return k;
    const char *name = lake_variant(r, &permission, &content);
    if (!name) return k;
    if (strcmp(name, "FullAccess") == 0) {
        k.permission = PERMISSION_FULL_ACCESS;
    } else if (strcmp(name, "FunctionCall") == 0) {
        k.permission = PERMISSION_FUNCTION_CALL;
        read_limits(r, &content, &k);
    } else if (strcmp(name, "GasKeyFunctionCall") == 0) {
        bool pair = json_is(content.json, JSON_ARRAY) && json_length(content.json) == 2;
        struct json_place info = pair ? json_element(&content, 0) : content;
        struct json_place limits = pair ? json_element(&content, 1) : content;
        k.permission = PERMISSION_GAS_KEY_FUNCTION_CALL;
        read_gas_key(r, &info, &k);
        read_limits(r, &limits, &k);
    } else if (strcmp(name, "GasKeyFullAccess") == 0) {
        k.permission = PERMISSION_GAS_KEY_FULL_ACCESS;
        read_gas_key(r, &content, &k);
    } else {
        r->status = json_expected(&permission, "a permission of an access key", r->error);
    }
    return k;
}

/* ---- global contracts -------------------------------------------------------------------------------------------- */

static void set_code_hash(struct global_contract_id *id, struct crypto_hash hash)
{
    id->mode = GLOBAL_BY_CODE_HASH;
    memcpy(id->code_hash, hash.bytes, sizeof id->code_hash);
}

struct global_contract_id lake_global_contract_at(struct lake_reader *r, const struct json_place *p)
{
    struct global_contract_id id = {0};
    struct json_place content = *p;
    struct crypto_hash hash;
    const char *name = NULL;
    if (r->status != STATUS_OK) return id;
    if (json_is(p->json, JSON_OBJECT)) name = lake_variant(r, p, &content);
    bool account = name && (strcmp(name, "account_id") == 0 || strcmp(name, "AccountId") == 0);
    bool by_hash = name && (strcmp(name, "hash") == 0 || strcmp(name, "CodeHash") == 0);
    struct bytes text = {0};
    if (!name && json_read_text(p, &text, r->error) == STATUS_OK) by_hash = crypto_hash_parse(text, &hash);
    if (by_hash) {
        set_code_hash(&id, lake_hash_at(r, &content));
    } else if (account || text.size) {
        id.mode = GLOBAL_BY_ACCOUNT_ID;
        id.account_id = lake_account_at(r, &content);
    } else if (r->status == STATUS_OK) {
        r->status = json_expected(p, "a global contract: its hash or its account", r->error);
    }
    return id;
}

static void read_state_init(struct lake_reader *r, const struct json_place *p, struct deterministic_state_init *out)
{
    struct json_place code, data, value, name;
    size_t position = 0;
    size_t i = 0;
    if (lake_member(r, p, "code", &code)) out->code = lake_global_contract_at(r, &code);
    if (!lake_member(r, p, "data", &data)) return;
    if (!json_is(data.json, JSON_OBJECT)) {
        r->status = json_expected(&data, "an object", r->error);
        return;
    }
    struct state_entry *entries = lake_alloc(r, (size_t)json_length(data.json), sizeof *entries);
    if (!entries) return;
    while (json_next(&data, &position, &value)) {
        struct json *key = json_text(bytes_of_string(value.name));
        if (!key) {
            r->status = error_no_memory(r->error);
            return;
        }
        name = (struct json_place){.json = key, .parent = &data, .name = value.name};
        entries[i].key = lake_base64_at(r, &name);
        entries[i++].value = lake_base64_at(r, &value);
        json_free(key);
    }
    out->entries = entries;
    out->entry_count = i;
}

/* ---- kinds of actions -------------------------------------------------------------------------------------------- */

static void read_call(struct lake_reader *r, const struct json_place *p, struct action *a)
{
    static const char *const names[] = {"method_name", "args", "gas", "deposit"};
    LAKE_KNOWN(r, p, "FunctionCall", names);
    a->function_call.method_name = lake_text(r, p, "method_name");
    a->function_call.arguments = lake_base64(r, p, "args");
    a->function_call.gas = lake_u64(r, p, "gas");
    a->function_call.deposit = lake_u128(r, p, "deposit");
}

static void read_stake(struct lake_reader *r, const struct json_place *p, struct action *a)
{
    a->stake.stake = lake_u128(r, p, "stake");
    a->stake.public_key = lake_key(r, p, "public_key");
}

static void read_state_init_action(struct lake_reader *r, const struct json_place *p, struct action *a)
{
    struct json_place versions, init = *p;
    if (json_member(p, "state_init", &versions)) {
        const char *version = lake_variant(r, &versions, &init);
        if (version && strcmp(version, "V1") != 0) r->status = json_expected(&versions, "version V1", r->error);
    }
    read_state_init(r, &init, &a->deterministic_state_init.state_init);
    a->deterministic_state_init.deposit = lake_u128(r, p, "deposit");
}

static void read_use_global(struct lake_reader *r, const struct json_place *p, const char *name, struct action *a)
{
    struct json_place id;
    struct global_contract_id *contract = &a->use_global_contract.contract;
    if (json_member(p, "contract_identifier", &id)) {
        *contract = lake_global_contract_at(r, &id);
    } else if (strcmp(name, "UseGlobalContract") == 0) {
        set_code_hash(contract, lake_hash(r, p, "code_hash"));
    } else {
        contract->mode = GLOBAL_BY_ACCOUNT_ID;
        contract->account_id = lake_account(r, p, "account_id");
    }
}

static void read_deploy_global(struct lake_reader *r, const struct json_place *p, const char *name, struct action *a)
{
    struct json_place mode;
    a->deploy_global_contract.code = lake_base64(r, p, "code");
    bool by_account = strcmp(name, "DeployGlobalContractByAccountId") == 0;
    if (json_member(p, "deploy_mode", &mode)) {
        struct bytes text = lake_text(r, p, "deploy_mode");
        by_account = bytes_equal(text, bytes_of_string("AccountId"));
    }
    a->deploy_global_contract.mode = by_account ? GLOBAL_BY_ACCOUNT_ID : GLOBAL_BY_CODE_HASH;
}

/* The simple ones: one or two members each. */
static void read_fields(struct lake_reader *r, const struct json_place *p, struct action *a)
{
    switch (a->kind) {
    case ACTION_KIND_function_call: read_call(r, p, a); break;
    case ACTION_KIND_transfer: a->transfer.deposit = lake_u128(r, p, "deposit"); break;
    case ACTION_KIND_stake: read_stake(r, p, a); break;
    case ACTION_KIND_deploy_contract: a->deploy_contract.code = lake_base64(r, p, "code"); break;
    case ACTION_KIND_add_key:
        a->add_key.public_key = lake_key(r, p, "public_key");
        a->add_key.access_key = read_access_key(r, p);
        break;
    case ACTION_KIND_delete_key: a->delete_key.public_key = lake_key(r, p, "public_key"); break;
    case ACTION_KIND_delete_account: a->delete_account.beneficiary_id = lake_account(r, p, "beneficiary_id"); break;
    case ACTION_KIND_deterministic_state_init: read_state_init_action(r, p, a); break;
    case ACTION_KIND_universal_state_init:
        a->universal_state_init.state_init = lake_base64(r, p, "state_init");
        a->universal_state_init.deposit = lake_u128(r, p, "deposit");
        break;
    case ACTION_KIND_transfer_to_gas_key:
        a->transfer_to_gas_key.public_key = lake_key(r, p, "public_key");
        a->transfer_to_gas_key.deposit = lake_u128(r, p, "deposit");
        break;
    case ACTION_KIND_withdraw_from_gas_key:
        a->withdraw_from_gas_key.public_key = lake_key(r, p, "public_key");
        a->withdraw_from_gas_key.amount = lake_u128(r, p, "amount");
        break;
    default: break; /* CreateAccount has none; the others are read elsewhere */
    }
}

static void read_list(struct lake_reader *r, const struct json_place *object, enum form form, struct lake_actions *out);

static void read_delegate(struct lake_reader *r, const struct json_place *p, struct action *a)
{
    static const char *const names[] = {"sender_id", "receiver_id", "actions", "nonce", "max_block_height",
                                        "public_key"};
    struct json_place payload, versions, nonce;
    struct lake_actions actions = {0};
    struct delegate_action *d = lake_alloc(r, 1, sizeof *d);
    if (!d || !lake_member(r, p, "delegate_action", &payload)) return;
    d->is_v2 = a->kind == ACTION_KIND_delegate_v2;
    if (d->is_v2) {
        versions = payload;
        const char *version = lake_variant(r, &versions, &payload);
        if (version && strcmp(version, "V2") != 0) r->status = json_expected(&versions, "version V2", r->error);
    }
    LAKE_KNOWN(r, &payload, "delegate action", names);
    d->sender_id = lake_account(r, &payload, "sender_id");
    d->receiver_id = lake_account(r, &payload, "receiver_id");
    read_list(r, &payload, INNER, &actions);
    d->actions = actions.items;
    d->action_count = actions.count;
    if (d->is_v2 && lake_member(r, &payload, "nonce", &versions)) {
        const char *kind = lake_variant(r, &versions, &nonce);
        d->nonce = lake_u64(r, &nonce, "nonce");
        d->has_nonce_index = kind && strcmp(kind, "GasKeyNonce") == 0;
        if (d->has_nonce_index) d->nonce_index = (uint16_t)lake_u64(r, &nonce, "nonce_index");
    } else {
        d->nonce = lake_u64(r, &payload, "nonce");
    }
    d->max_block_height = lake_u64(r, &payload, "max_block_height");
    d->public_key = lake_key(r, &payload, "public_key");
    d->signature = lake_signature(r, p, "signature");
    a->delegate.parsed = d;
    if (r->status != STATUS_OK) return;
    struct buffer borsh = {0};
    delegate_action_write(d, &borsh);
    uint8_t *copy = borsh.failed ? NULL : lake_alloc(r, borsh.size, 1);
    if (copy) memcpy(copy, borsh.data, borsh.size);
    else r->status = error_no_memory(r->error);
    a->delegate.borsh = bytes_of(copy, copy ? borsh.size : 0);
    buffer_free(&borsh);
}

static enum action_kind kind_of(const char *name)
{
    for (unsigned kind = 0; kind < ACTION_KIND_COUNT; kind++)
        if (strcmp(name, action_kind_name((enum action_kind)kind)) == 0) return (enum action_kind)kind;
    if (strcmp(name, "DeployGlobalContractByAccountId") == 0) return ACTION_KIND_deploy_global_contract;
    if (strcmp(name, "UseGlobalContractByAccountId") == 0) return ACTION_KIND_use_global_contract;
    return ACTION_KIND_COUNT;
}

/* Delegate actions hold none themselves, so the descent ends there. */
static void read_action(struct lake_reader *r, const struct json_place *p, enum form form, struct action *a,
                        bool *code_unknown)
{
    struct json_place content;
    const char *name = lake_variant(r, p, &content);
    if (!name) return;
    a->kind = kind_of(name);
    if (a->kind == ACTION_KIND_COUNT) {
        r->status = json_expected(p, "an action", r->error);
    } else if (a->kind == ACTION_KIND_delegate || a->kind == ACTION_KIND_delegate_v2) {
        if (form == INNER) r->status = json_expected(p, "an action that is no delegate action", r->error);
        else read_delegate(r, &content, a);
    } else if (a->kind == ACTION_KIND_use_global_contract) {
        read_use_global(r, &content, name, a);
    } else if (a->kind == ACTION_KIND_deploy_global_contract) {
        read_deploy_global(r, &content, name, a);
    } else {
        read_fields(r, &content, a);
    }
    bool deploys = a->kind == ACTION_KIND_deploy_contract || a->kind == ACTION_KIND_deploy_global_contract;
    if (form == VIEW && deploys) *code_unknown = true;
}

static void read_list(struct lake_reader *r, const struct json_place *object, enum form form, struct lake_actions *out)
{
    struct json_place list;
    out->count = lake_array(r, object, "actions", &list);
    out->items = lake_alloc(r, out->count, sizeof *out->items);
    if (!out->items) out->count = 0;
    for (uint32_t i = 0; i < out->count && r->status == STATUS_OK; i++) {
        struct json_place p = json_element(&list, i);
        read_action(r, &p, form, &out->items[i], &out->code_unknown);
    }
}

void lake_read_actions(struct lake_reader *r, const struct json_place *object, struct lake_actions *out)
{
    *out = (struct lake_actions){0};
    read_list(r, object, VIEW, out);
}
