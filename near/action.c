#include "near/action.h"

#include "base/borsh.h"

const char *action_kind_name(enum action_kind kind)
{
    static const char *const names[ACTION_KIND_COUNT] = {
#define X(name, title, index) [ACTION_KIND_##name] = title,
#include "near/action_kinds.def"
#undef X
    };
    return (size_t)kind < ACTION_KIND_COUNT ? names[kind] : "unknown";
}

size_t global_contract_id_size(const struct global_contract_id *id)
{
    return id->mode == GLOBAL_BY_CODE_HASH ? sizeof id->code_hash : id->account_id.length;
}

bool global_contract_id_equal(const struct global_contract_id *a, const struct global_contract_id *b)
{
    if (a->mode != b->mode) return false;
    if (a->mode == GLOBAL_BY_CODE_HASH) return memcmp(a->code_hash, b->code_hash, sizeof a->code_hash) == 0;
    return account_id_equal(&a->account_id, &b->account_id);
}

void global_contract_id_write(const struct global_contract_id *id, struct buffer *out)
{
    borsh_write_u8(out, (uint8_t)id->mode);
    if (id->mode == GLOBAL_BY_CODE_HASH) buffer_append(out, id->code_hash, sizeof id->code_hash);
    else borsh_write_bytes(out, account_id_bytes(&id->account_id));
}

void deterministic_state_init_write(const struct deterministic_state_init *init, struct buffer *out)
{
    borsh_write_u8(out, 0); /* version 1 */
    global_contract_id_write(&init->code, out);
    if (init->entry_count > UINT32_MAX) {
        out->failed = true;
        return;
    }
    borsh_write_u32(out, (uint32_t)init->entry_count);
    for (size_t i = 0; i < init->entry_count; i++) {
        borsh_write_bytes(out, init->entries[i].key);
        borsh_write_bytes(out, init->entries[i].value);
    }
}

uint64_t action_prepaid_gas(const struct action *action)
{
    return action->kind == ACTION_KIND_function_call ? action->function_call.gas : 0;
}

struct u128 action_deposit(const struct action *action)
{
    switch (action->kind) {
    case ACTION_KIND_function_call: return action->function_call.deposit;
    case ACTION_KIND_transfer: return action->transfer.deposit;
    case ACTION_KIND_deterministic_state_init: return action->deterministic_state_init.deposit;
    case ACTION_KIND_universal_state_init: return action->universal_state_init.deposit;
    case ACTION_KIND_transfer_to_gas_key: return action->transfer_to_gas_key.deposit;
    default: return u128_of(0);
    }
}
