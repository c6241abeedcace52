/* Actions in Borsh. */
#include "near/action.h"

#include "base/compare.h"
#include "near/action_delegate.h"

/* ---- writing ----------------------------------------------------------------------------------------------------- */

static void write_function_call(const struct action *a, struct buffer *out)
{
    borsh_write_bytes(out, a->function_call.method_name);
    borsh_write_bytes(out, a->function_call.arguments);
    borsh_write_u64(out, a->function_call.gas);
    borsh_write_u128(out, a->function_call.deposit);
}

static void write_fields(const struct action *a, struct buffer *out)
{
    switch (a->kind) {
    case ACTION_KIND_create_account:
    case ACTION_KIND_COUNT: break;
    case ACTION_KIND_deploy_contract: borsh_write_bytes(out, a->deploy_contract.code); break;
    case ACTION_KIND_function_call: write_function_call(a, out); break;
    case ACTION_KIND_transfer: borsh_write_u128(out, a->transfer.deposit); break;
    case ACTION_KIND_stake:
        borsh_write_u128(out, a->stake.stake);
        public_key_write(a->stake.public_key, out);
        break;
    case ACTION_KIND_add_key:
        public_key_write(a->add_key.public_key, out);
        access_key_write(&a->add_key.access_key, out);
        break;
    case ACTION_KIND_delete_key: public_key_write(a->delete_key.public_key, out); break;
    case ACTION_KIND_delete_account: record_write_account_id(&a->delete_account.beneficiary_id, out); break;
    case ACTION_KIND_delegate:
    case ACTION_KIND_delegate_v2: buffer_append(out, a->delegate.borsh.data, a->delegate.borsh.size); break;
    case ACTION_KIND_deploy_global_contract:
        borsh_write_bytes(out, a->deploy_global_contract.code);
        borsh_write_u8(out, (uint8_t)a->deploy_global_contract.mode);
        break;
    case ACTION_KIND_use_global_contract: global_contract_id_write(&a->use_global_contract.contract, out); break;
    case ACTION_KIND_deterministic_state_init:
        deterministic_state_init_write(&a->deterministic_state_init.state_init, out);
        borsh_write_u128(out, a->deterministic_state_init.deposit);
        break;
    case ACTION_KIND_universal_state_init:
        borsh_write_bytes(out, a->universal_state_init.state_init);
        borsh_write_u128(out, a->universal_state_init.deposit);
        break;
    case ACTION_KIND_transfer_to_gas_key:
        public_key_write(a->transfer_to_gas_key.public_key, out);
        borsh_write_u128(out, a->transfer_to_gas_key.deposit);
        break;
    case ACTION_KIND_withdraw_from_gas_key:
        public_key_write(a->withdraw_from_gas_key.public_key, out);
        borsh_write_u128(out, a->withdraw_from_gas_key.amount);
        break;
    }
}

void action_write(const struct action *action, struct buffer *out)
{
    borsh_write_u8(out, (uint8_t)action->kind);
    write_fields(action, out);
}

void actions_write(const struct action *actions, uint32_t count, struct buffer *out)
{
    borsh_write_u32(out, count);
    for (uint32_t i = 0; i < count; i++) action_write(&actions[i], out);
}

/* ---- reading ----------------------------------------------------------------------------------------------------- */

static enum global_contract_mode read_mode(struct record_reader *r)
{
    const uint8_t mode = borsh_read_u8(&r->borsh);
    if (mode > GLOBAL_BY_ACCOUNT_ID) record_reject(r, 1, "neither 0 (code hash) nor 1 (account id)");
    return mode == GLOBAL_BY_ACCOUNT_ID ? GLOBAL_BY_ACCOUNT_ID : GLOBAL_BY_CODE_HASH;
}

struct global_contract_id global_contract_id_read(struct record_reader *r)
{
    struct global_contract_id id = {.mode = read_mode(r)};
    if (id.mode == GLOBAL_BY_ACCOUNT_ID) {
        id.account_id = record_account_id(r);
    } else {
        const struct crypto_hash hash = record_hash(r);
        memcpy(id.code_hash, hash.bytes, sizeof id.code_hash);
    }
    return id;
}

struct deterministic_state_init deterministic_state_init_read(struct record_reader *r)
{
    struct deterministic_state_init init = {0};
    const uint8_t version = borsh_read_u8(&r->borsh);
    if (version != 0) record_reject(r, 1, "no version of a state init: 0");
    init.code = global_contract_id_read(r);
    const uint32_t count = borsh_read_count(&r->borsh, 8);
    struct state_entry *entries = record_array(r, count, sizeof *entries);
    if (!entries) return init;
    for (uint32_t i = 0; i < count && !r->borsh.failed; i++) {
        entries[i].key = borsh_read_bytes(&r->borsh);
        if (i > 0 && !r->borsh.failed && bytes_compare(entries[i - 1].key, entries[i].key) >= 0)
            record_reject(r, entries[i].key.size, "keys are not in rising order");
        entries[i].value = borsh_read_bytes(&r->borsh);
    }
    init.entries = entries;
    init.entry_count = count;
    return init;
}

static void read_function_call(struct record_reader *r, struct action *a)
{
    a->function_call.method_name = borsh_read_string(&r->borsh);
    a->function_call.arguments = borsh_read_bytes(&r->borsh);
    a->function_call.gas = borsh_read_u64(&r->borsh);
    a->function_call.deposit = borsh_read_u128(&r->borsh);
}

static void read_delegate(struct record_reader *r, struct action *a)
{
    const uint8_t *start = r->borsh.p;
    const struct delegate_action d = delegate_action_read(r, a->kind == ACTION_KIND_delegate_v2);
    struct delegate_action *kept = record_array(r, 1, sizeof *kept);
    if (!kept) return;
    *kept = d;
    a->delegate.borsh = bytes_of(start, (size_t)(r->borsh.p - start));
    a->delegate.parsed = kept;
}

static void read_fields(struct record_reader *r, struct action *a)
{
    switch (a->kind) {
    case ACTION_KIND_create_account:
    case ACTION_KIND_COUNT: break;
    case ACTION_KIND_deploy_contract: a->deploy_contract.code = borsh_read_bytes(&r->borsh); break;
    case ACTION_KIND_function_call: read_function_call(r, a); break;
    case ACTION_KIND_transfer: a->transfer.deposit = borsh_read_u128(&r->borsh); break;
    case ACTION_KIND_stake:
        a->stake.stake = borsh_read_u128(&r->borsh);
        a->stake.public_key = record_public_key(r);
        break;
    case ACTION_KIND_add_key:
        a->add_key.public_key = record_public_key(r);
        a->add_key.access_key = access_key_read(r);
        break;
    case ACTION_KIND_delete_key: a->delete_key.public_key = record_public_key(r); break;
    case ACTION_KIND_delete_account: a->delete_account.beneficiary_id = record_account_id(r); break;
    case ACTION_KIND_delegate:
    case ACTION_KIND_delegate_v2: read_delegate(r, a); break;
    case ACTION_KIND_deploy_global_contract:
        a->deploy_global_contract.code = borsh_read_bytes(&r->borsh);
        a->deploy_global_contract.mode = read_mode(r);
        break;
    case ACTION_KIND_use_global_contract: a->use_global_contract.contract = global_contract_id_read(r); break;
    case ACTION_KIND_deterministic_state_init:
        a->deterministic_state_init.state_init = deterministic_state_init_read(r);
        a->deterministic_state_init.deposit = borsh_read_u128(&r->borsh);
        break;
    case ACTION_KIND_universal_state_init:
        a->universal_state_init.state_init = borsh_read_bytes(&r->borsh);
        a->universal_state_init.deposit = borsh_read_u128(&r->borsh);
        break;
    case ACTION_KIND_transfer_to_gas_key:
        a->transfer_to_gas_key.public_key = record_public_key(r);
        a->transfer_to_gas_key.deposit = borsh_read_u128(&r->borsh);
        break;
    case ACTION_KIND_withdraw_from_gas_key:
        a->withdraw_from_gas_key.public_key = record_public_key(r);
        a->withdraw_from_gas_key.amount = borsh_read_u128(&r->borsh);
        break;
    }
}

/* Delegate actions hold no others, so that this goes at most two levels deep. */
static struct action read_action(struct record_reader *r, bool in_delegate)
{
    struct action a = {0};
    const uint8_t kind = borsh_read_u8(&r->borsh);
    if (kind >= ACTION_KIND_COUNT) record_reject(r, 1, "no kind of an action: 0 to 15");
    if (in_delegate && (kind == ACTION_KIND_delegate || kind == ACTION_KIND_delegate_v2))
        record_reject(r, 1, "a delegate action inside of a delegate action");
    if (r->borsh.failed) return a;
    a.kind = (enum action_kind)kind;
    read_fields(r, &a);
    return a;
}

struct action action_read(struct record_reader *r)
{
    return read_action(r, false);
}

static const struct action *read_actions(struct record_reader *r, uint32_t *count, bool in_delegate)
{
    *count = borsh_read_count(&r->borsh, 1);
    struct action *actions = record_array(r, *count, sizeof *actions);
    if (!actions) *count = 0;
    for (uint32_t i = 0; i < *count && !r->borsh.failed; i++) actions[i] = read_action(r, in_delegate);
    return actions;
}

const struct action *actions_read(struct record_reader *r, uint32_t *count)
{
    return read_actions(r, count, false);
}

const struct action *actions_read_in_delegate(struct record_reader *r, uint32_t *count)
{
    return read_actions(r, count, true);
}
