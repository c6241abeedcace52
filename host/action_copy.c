#include "host/action_copy.h"

struct bytes bytes_copy(struct arena *a, struct bytes bytes)
{
    uint8_t *copy = arena_alloc(a, bytes.size);
    if (!copy) return (struct bytes){0};
    if (bytes.size) memcpy(copy, bytes.data, bytes.size);
    return bytes_of(copy, bytes.size);
}

static bool copy_bytes(struct arena *a, struct bytes *b)
{
    *b = bytes_copy(a, *b);
    return b->data != NULL;
}

static bool copy_key(struct arena *a, const struct public_key **key)
{
    struct public_key *copy = arena_alloc(a, sizeof *copy);
    if (!copy) return false;
    *copy = **key;
    *key = copy;
    return true;
}

static bool copy_access_key(struct arena *a, struct access_key *key)
{
    const bool calls = key->permission == PERMISSION_FUNCTION_CALL ||
                       key->permission == PERMISSION_GAS_KEY_FUNCTION_CALL;
    if (!calls) return true;
    struct bytes *names = arena_array(a, key->method_count, sizeof *names);
    if (!names || !copy_bytes(a, &key->receiver_id)) return false;
    for (uint32_t i = 0; i < key->method_count; i++) {
        names[i] = bytes_copy(a, key->method_names[i]);
        if (!names[i].data) return false;
    }
    key->method_names = names;
    return true;
}

static bool copy_state_init(struct arena *a, struct deterministic_state_init *init)
{
    struct state_entry *entries = arena_array(a, init->entry_count, sizeof *entries);
    if (!entries) return false;
    for (size_t i = 0; i < init->entry_count; i++) {
        entries[i] = init->entries[i];
        if (!copy_bytes(a, &entries[i].key) || !copy_bytes(a, &entries[i].value)) return false;
    }
    init->entries = entries;
    return true;
}

bool action_copy(struct arena *a, const struct action *action, struct action *out)
{
    struct action copy = *action;
    bool ok = true;
    switch (copy.kind) {
    case ACTION_KIND_create_account:
    case ACTION_KIND_transfer:
    case ACTION_KIND_delete_account:
    case ACTION_KIND_use_global_contract:
    case ACTION_KIND_COUNT: break;
    case ACTION_KIND_deploy_contract: ok = copy_bytes(a, &copy.deploy_contract.code); break;
    case ACTION_KIND_function_call:
        ok = copy_bytes(a, &copy.function_call.method_name) && copy_bytes(a, &copy.function_call.arguments);
        break;
    case ACTION_KIND_stake: ok = copy_key(a, &copy.stake.public_key); break;
    case ACTION_KIND_add_key:
        ok = copy_key(a, &copy.add_key.public_key) && copy_access_key(a, &copy.add_key.access_key);
        break;
    case ACTION_KIND_delete_key: ok = copy_key(a, &copy.delete_key.public_key); break;
    case ACTION_KIND_delegate:
    case ACTION_KIND_delegate_v2: ok = copy_bytes(a, &copy.delegate.borsh); break;
    case ACTION_KIND_deploy_global_contract: ok = copy_bytes(a, &copy.deploy_global_contract.code); break;
    case ACTION_KIND_deterministic_state_init:
        ok = copy_state_init(a, &copy.deterministic_state_init.state_init);
        break;
    case ACTION_KIND_universal_state_init: ok = copy_bytes(a, &copy.universal_state_init.state_init); break;
    case ACTION_KIND_transfer_to_gas_key: ok = copy_key(a, &copy.transfer_to_gas_key.public_key); break;
    case ACTION_KIND_withdraw_from_gas_key: ok = copy_key(a, &copy.withdraw_from_gas_key.public_key); break;
    }
    if (ok) *out = copy;
    return ok;
}
