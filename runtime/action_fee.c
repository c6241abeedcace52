#include "runtime/action_fee.h"

#include "near/universal_state_init.h"

void fee_add(struct fee_sum *s, struct cost c)
{
    if (!cost_add(s->total, c, &s->total)) s->overflow = true;
}

void fee_pay(struct fee_sum *s, enum action_cost kind, uint64_t units)
{
    struct cost one = s->phase == EXEC ? action_exec_fee(s->p, kind)
                                       : action_send_fee(s->p, kind, s->phase == SEND_SIR);
    struct cost product;
    if (cost_multiply(one, units, &product)) fee_add(s, product);
    else s->overflow = true;
}

static void fee_base_and_bytes(struct fee_sum *s, enum action_cost base, enum action_cost byte, uint64_t bytes)
{
    fee_pay(s, base, 1);
    fee_pay(s, byte, bytes);
}

static void fee_of_transfer(struct fee_sum *s, const struct account_id *receiver)
{
    enum account_kind kind = account_id_kind(receiver);
    fee_add(s, s->phase == EXEC ? transfer_exec_fee(s->p, kind) : transfer_send_fee(s->p, s->phase == SEND_SIR, kind));
}

/* Moving tokens to and from gas keys. Here production prices the key as it stands in the state, also for sending,
 * unless the flag says that what is sent is the key itself. */
static void fee_of_gas_key_transfer(struct fee_sum *s, const struct public_key *key, const struct account_id *receiver)
{
    size_t in_state = public_key_trie_id_size(key);
    struct split_fee fee;
    if (s->phase == EXEC) {
        fee = gas_key_transfer_exec_fee(s->p, receiver->length, in_state);
    } else {
        size_t sent = s->p->flags.fix_ml_dsa_cost_charging ? public_key_wire_size(key) : in_state;
        fee = gas_key_transfer_send_fee(s->p, s->phase == SEND_SIR, sent);
    }
    fee_add(s, split_fee_total(fee));
}

static void fee_of_add_key(struct fee_sum *s, const struct action *a, const struct account_id *receiver)
{
    const struct access_key *key = &a->add_key.access_key;
    if (access_key_is_function_call(key)) {
        uint64_t bytes = 0;
        for (uint32_t i = 0; i < key->method_count; i++) bytes += key->method_names[i].size + 1; /* a NUL for each */
        fee_base_and_bytes(s, ACTION_add_function_call_key_base, ACTION_add_function_call_key_byte, bytes);
    } else {
        fee_pay(s, ACTION_add_full_access_key, 1);
    }
    if (!access_key_is_gas_key(key)) return;
    if (s->phase != EXEC) {
        fee_add(s, gas_key_add_key_send_fee(s->p, s->phase == SEND_SIR));
        return;
    }
    size_t key_size = public_key_trie_id_size(a->add_key.public_key);
    fee_add(s, split_fee_total(gas_key_add_key_exec_fee(s->p, receiver->length, key_size, key->num_nonces)));
}

static void fee_of_deterministic_state_init(struct fee_sum *s, const struct deterministic_state_init *init)
{
    uint64_t bytes = 0;
    for (size_t i = 0; i < init->entry_count; i++) bytes += init->entries[i].key.size + init->entries[i].value.size;
    fee_base_and_bytes(s, ACTION_deterministic_state_init_base, ACTION_deterministic_state_init_byte, bytes);
    fee_pay(s, ACTION_deterministic_state_init_entry, init->entry_count);
}

static enum status fee_of_universal_state_init(struct fee_sum *s, struct bytes init, struct error *e)
{
    struct universal_state_init_counts counts;
    struct fee_term terms[4];
    enum status status = universal_state_init_count(init, &counts, e);
    if (status != STATUS_OK) return status;
    universal_state_init_size_terms(counts.num_bytes, terms);
    universal_state_init_content_terms(counts, terms + 2);
    for (size_t i = 0; i < sizeof terms / sizeof terms[0]; i++) fee_pay(s, terms[i].cost, terms[i].units);
    return STATUS_OK;
}

enum status fee_of_action(struct fee_sum *s, const struct action *a, const struct account_id *receiver,
                          struct error *e)
{
    switch (a->kind) {
    case ACTION_KIND_create_account: fee_pay(s, ACTION_create_account, 1); break;
    case ACTION_KIND_deploy_contract:
        fee_base_and_bytes(s, ACTION_deploy_contract_base, ACTION_deploy_contract_byte, a->deploy_contract.code.size);
        break;
    case ACTION_KIND_function_call:
        fee_base_and_bytes(s, ACTION_function_call_base, ACTION_function_call_byte,
                           (uint64_t)a->function_call.method_name.size + a->function_call.arguments.size);
        break;
    case ACTION_KIND_transfer: fee_of_transfer(s, receiver); break;
    case ACTION_KIND_stake: fee_pay(s, ACTION_stake, 1); break;
    case ACTION_KIND_add_key: fee_of_add_key(s, a, receiver); break;
    case ACTION_KIND_delete_key: fee_pay(s, ACTION_delete_key, 1); break;
    case ACTION_KIND_delete_account: fee_pay(s, ACTION_delete_account, 1); break;
    case ACTION_KIND_delegate:
    case ACTION_KIND_delegate_v2: fee_pay(s, ACTION_delegate, 1); break;
    case ACTION_KIND_deploy_global_contract:
        fee_base_and_bytes(s, ACTION_deploy_global_contract_base, ACTION_deploy_global_contract_byte,
                           a->deploy_global_contract.code.size);
        break;
    case ACTION_KIND_use_global_contract:
        fee_base_and_bytes(s, ACTION_use_global_contract_base, ACTION_use_global_contract_byte,
                           global_contract_id_size(&a->use_global_contract.contract));
        break;
    case ACTION_KIND_deterministic_state_init:
        fee_of_deterministic_state_init(s, &a->deterministic_state_init.state_init);
        break;
    case ACTION_KIND_transfer_to_gas_key:
        fee_of_gas_key_transfer(s, a->transfer_to_gas_key.public_key, receiver);
        break;
    case ACTION_KIND_withdraw_from_gas_key:
        fee_of_gas_key_transfer(s, a->withdraw_from_gas_key.public_key, receiver);
        break;
    case ACTION_KIND_universal_state_init:
        return fee_of_universal_state_init(s, a->universal_state_init.state_init, e);
    case ACTION_KIND_COUNT: break;
    }
    return STATUS_OK;
}
