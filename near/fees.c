#include "near/fees.h"

#include "near/action.h"

static bool add(uint64_t a, uint64_t b, uint64_t *out)
{
    if (a > UINT64_MAX - b) return false;
    *out = a + b;
    return true;
}

static bool multiply(uint64_t a, uint64_t b, uint64_t *out)
{
    if (b && a > UINT64_MAX / b) return false;
    *out = a * b;
    return true;
}

bool cost_add(struct cost a, struct cost b, struct cost *out)
{
    struct cost sum;
    if (!add(a.gas, b.gas, &sum.gas) || !add(a.compute, b.compute, &sum.compute)) return false;
    *out = sum;
    return true;
}

bool cost_multiply(struct cost a, uint64_t count, struct cost *out)
{
    struct cost product;
    if (!multiply(a.gas, count, &product.gas) || !multiply(a.compute, count, &product.compute)) return false;
    *out = product;
    return true;
}

static struct cost plus(struct cost a, struct cost b)
{
    struct cost sum = {UINT64_MAX, UINT64_MAX};
    add(a.gas, b.gas, &sum.gas);
    add(a.compute, b.compute, &sum.compute);
    return sum;
}

static struct cost times(struct cost a, uint64_t count)
{
    struct cost product = {UINT64_MAX, UINT64_MAX};
    multiply(a.gas, count, &product.gas);
    multiply(a.compute, count, &product.compute);
    return product;
}

struct cost action_send_fee(const struct protocol_parameters *p, enum action_cost cost, bool sir)
{
    return sir ? p->action[cost].send_sir : p->action[cost].send_not_sir;
}

struct cost action_exec_fee(const struct protocol_parameters *p, enum action_cost cost)
{
    return p->action[cost].execution;
}

/* ---- transfers -------------------------------------------------------------------------------------------------- */

/* Whether a transfer to such an account makes it, so that it costs what CreateAccount costs, too. */
static bool transfer_creates(const struct protocol_parameters *p, enum account_kind receiver)
{
    switch (receiver) {
    case ACCOUNT_NAMED: return false;
    case ACCOUNT_NEAR_IMPLICIT: return true;
    case ACCOUNT_ETH_IMPLICIT: return p->flags.eth_implicit_accounts;
    case ACCOUNT_NEAR_DETERMINISTIC: return true;
    case ACCOUNT_UNIVERSAL: return p->flags.universal_accounts;
    }
    return false;
}

struct cost transfer_send_fee(const struct protocol_parameters *p, bool sir, enum account_kind receiver)
{
    struct cost fee = action_send_fee(p, ACTION_transfer, sir);
    if (transfer_creates(p, receiver)) fee = plus(fee, action_send_fee(p, ACTION_create_account, sir));
    if (receiver == ACCOUNT_NEAR_IMPLICIT) fee = plus(fee, action_send_fee(p, ACTION_add_full_access_key, sir));
    return fee;
}

struct cost transfer_exec_fee(const struct protocol_parameters *p, enum account_kind receiver)
{
    struct cost fee = action_exec_fee(p, ACTION_transfer);
    if (transfer_creates(p, receiver)) fee = plus(fee, action_exec_fee(p, ACTION_create_account));
    if (receiver == ACCOUNT_NEAR_IMPLICIT) fee = plus(fee, action_exec_fee(p, ACTION_add_full_access_key));
    return fee;
}

/* ---- gas keys --------------------------------------------------------------------------------------------------- */

struct cost split_fee_total(struct split_fee fee)
{
    return plus(fee.base, fee.per_byte);
}

size_t access_key_key_length(size_t account_id_length, size_t public_key_length)
{
    return 1 + account_id_length + 1 + public_key_length;
}

struct split_fee gas_key_transfer_send_fee(const struct protocol_parameters *p, bool sir, size_t public_key_length)
{
    return (struct split_fee){
        .base = action_send_fee(p, ACTION_gas_key_transfer_base, sir),
        .per_byte = times(action_send_fee(p, ACTION_gas_key_byte, sir), public_key_length),
    };
}

struct split_fee gas_key_transfer_exec_fee(const struct protocol_parameters *p, size_t account_id_length,
                                           size_t public_key_length)
{
    size_t bytes = access_key_key_length(account_id_length, public_key_length) + GAS_KEY_ACCESS_KEY_MIN_SIZE;
    return (struct split_fee){
        .base = action_exec_fee(p, ACTION_gas_key_transfer_base),
        .per_byte = times(action_exec_fee(p, ACTION_gas_key_byte), bytes),
    };
}

struct cost gas_key_add_key_send_fee(const struct protocol_parameters *p, bool sir)
{
    return times(action_send_fee(p, ACTION_gas_key_byte, sir), GAS_KEY_INFO_SIZE);
}

struct split_fee gas_key_add_key_exec_fee(const struct protocol_parameters *p, size_t account_id_length,
                                          size_t public_key_length, uint16_t num_nonces)
{
    size_t key = access_key_key_length(account_id_length, public_key_length) + NONCE_INDEX_SIZE;
    return (struct split_fee){
        .base = times(action_exec_fee(p, ACTION_gas_key_nonce_write_base), num_nonces),
        .per_byte = times(times(action_exec_fee(p, ACTION_gas_key_byte), key + NONCE_SIZE), num_nonces),
    };
}

/* ---- the rest --------------------------------------------------------------------------------------------------- */

void universal_state_init_size_terms(uint64_t num_bytes, struct fee_term out[static 2])
{
    out[0] = (struct fee_term){ACTION_universal_state_init_base, 1};
    out[1] = (struct fee_term){ACTION_universal_state_init_byte, num_bytes};
}

void universal_state_init_content_terms(struct universal_state_init_counts counts, struct fee_term out[static 2])
{
    out[0] = (struct fee_term){ACTION_universal_state_init_entry, counts.num_entries};
    out[1] = (struct fee_term){ACTION_add_full_access_key, counts.num_keys};
}

static uint64_t least_send_and_exec(const struct action_fee *fee)
{
    uint64_t send = fee->send_sir.gas < fee->send_not_sir.gas ? fee->send_sir.gas : fee->send_not_sir.gas;
    uint64_t sum = UINT64_MAX;
    add(send, fee->execution.gas, &sum);
    return sum;
}

uint64_t min_receipt_with_function_call_gas(const struct protocol_parameters *p)
{
    uint64_t sum = UINT64_MAX;
    add(least_send_and_exec(&p->action[ACTION_new_action_receipt]),
        least_send_and_exec(&p->action[ACTION_function_call_base]), &sum);
    return sum;
}

uint64_t gas_penalty_for_gas_refund(const struct protocol_parameters *p, uint64_t refund)
{
    struct ratio share = p->runtime.gas_refund_penalty;
    struct u128 part = {0, 0}, rest;
    if (!u128_multiply(u128_of(refund), u128_of(share.numerator), &part) ||
        !u128_divide(part, u128_of(share.denominator), &part, &rest) || part.high)
        return refund;
    uint64_t penalty = part.low > p->runtime.min_gas_refund_penalty ? part.low : p->runtime.min_gas_refund_penalty;
    return penalty < refund ? penalty : refund;
}
