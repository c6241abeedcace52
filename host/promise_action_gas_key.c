/* Actions on gas keys: access keys with a balance of their own for gas, and with several nonces. */
#include "host/promise.h"

#include "near/fees.h"

/* The lengths of a key that fees are charged for: sending counts its bytes on the wire, executing those in the state,
 * or also those on the wire in versions without the flag fix_ml_dsa_cost_charging. A key that can't be decoded counts
 * nothing. */
struct key_lengths {
    size_t send, execution;
};

static struct key_lengths key_lengths_of(const struct host *h, const struct promise_key *key)
{
    if (!key->valid) return (struct key_lengths){0, 0};
    size_t wire = public_key_wire_size(&key->key);
    bool in_state = h->parameters->flags.fix_ml_dsa_cost_charging;
    return (struct key_lengths){wire, in_state ? public_key_trie_id_size(&key->key) : wire};
}

enum host_error import_promise_batch_action_transfer_to_gas_key(struct host *h, const uint64_t *args,
                                                                uint64_t *result)
{
    (void)result;
    struct promise_receipt receipt;
    struct promise_key key;
    struct u128 amount;
    TRY(promise_begin(h, "promise_batch_action_transfer_to_gas_key"));
    TRY(promise_read_key(h, args[1], args[2], &key));
    TRY(memory_read_u128(h, args[3], &amount));
    TRY(promise_receipt_of(h, args[0], &receipt));
    struct key_lengths lengths = key_lengths_of(h, &key);
    struct split_fee send = gas_key_transfer_send_fee(h->parameters, receipt.sir, lengths.send);
    struct split_fee execution =
        gas_key_transfer_exec_fee(h->parameters, receipt.receiver->length, lengths.execution);
    TRY(promise_pay_fees(h, ACTION_gas_key_transfer_base, send.base, execution.base.gas));
    TRY(promise_pay_fees(h, ACTION_gas_key_byte, send.per_byte, execution.per_byte.gas));
    TRY(host_deduct_balance(h, amount));
    TRY(promise_key_check(h, &key));
    struct action action = {.kind = ACTION_KIND_transfer_to_gas_key, .transfer_to_gas_key = {&key.key, amount}};
    return promise_append(h, receipt.index, &action, NULL);
}

static enum host_error read_num_nonces(struct host *h, uint64_t value, uint16_t *out)
{
    if (value > UINT16_MAX) return host_fail(h, HOST_IntegerOverflow);
    *out = (uint16_t)value;
    return HOST_OK;
}

/* What a gas key costs more than any other key. */
static enum host_error pay_gas_key(struct host *h, const struct promise_receipt *receipt,
                                   const struct promise_key *key, uint16_t num_nonces)
{
    struct cost send = gas_key_add_key_send_fee(h->parameters, receipt->sir);
    struct split_fee execution = gas_key_add_key_exec_fee(h->parameters, receipt->receiver->length,
                                                          key_lengths_of(h, key).execution, num_nonces);
    TRY(promise_pay_fees(h, ACTION_gas_key_nonce_write_base, (struct cost){0, 0}, execution.base.gas));
    return promise_pay_fees(h, ACTION_gas_key_byte, send, execution.per_byte.gas);
}

enum host_error import_promise_batch_action_add_gas_key_with_full_access(struct host *h, const uint64_t *args,
                                                                         uint64_t *result)
{
    (void)result;
    struct promise_receipt receipt;
    struct promise_key key;
    struct access_key access = {.permission = PERMISSION_GAS_KEY_FULL_ACCESS};
    TRY(promise_begin(h, "promise_batch_action_add_gas_key_with_full_access"));
    TRY(promise_read_key(h, args[1], args[2], &key));
    TRY(read_num_nonces(h, args[3], &access.num_nonces));
    TRY(promise_receipt_of(h, args[0], &receipt));
    TRY(promise_pay_action(h, ACTION_add_full_access_key, 1, receipt.sir));
    TRY(pay_gas_key(h, &receipt, &key, access.num_nonces));
    TRY(promise_key_check(h, &key));
    struct action action = {.kind = ACTION_KIND_add_key, .add_key = {&key.key, access}};
    return promise_append(h, receipt.index, &action, NULL);
}

enum host_error import_promise_batch_action_add_gas_key_with_function_call(struct host *h, const uint64_t *args,
                                                                           uint64_t *result)
{
    (void)result;
    struct promise_receipt receipt;
    struct promise_key key;
    struct account_id receiver;
    struct bytes names;
    struct access_key access = {.permission = PERMISSION_GAS_KEY_FUNCTION_CALL};
    TRY(promise_begin(h, "promise_batch_action_add_gas_key_with_function_call"));
    TRY(promise_read_key(h, args[1], args[2], &key));
    TRY(read_num_nonces(h, args[3], &access.num_nonces));
    TRY(memory_read_u128(h, args[4], &access.allowance));
    access.has_allowance = !u128_equal(access.allowance, u128_of(0)); /* 0 means unlimited */
    TRY(memory_read_account_id(h, args[5], args[6], &receiver));
    access.receiver_id = account_id_bytes(&receiver);
    TRY(memory_or_register(h, args[7], args[8], &names));
    TRY(promise_check_method_names(h, names));
    TRY(promise_receipt_of(h, args[0], &receipt));
    TRY(promise_pay_action(h, ACTION_add_function_call_key_base, 1, receipt.sir));
    TRY(promise_pay_action(h, ACTION_add_function_call_key_byte, promise_method_names_size(names), receipt.sir));
    TRY(pay_gas_key(h, &receipt, &key, access.num_nonces));
    TRY(promise_key_check(h, &key));
    TRY(promise_split_method_names(h, names, &access.method_names, &access.method_count));
    struct action action = {.kind = ACTION_KIND_add_key, .add_key = {&key.key, access}};
    return promise_append(h, receipt.index, &action, NULL);
}
