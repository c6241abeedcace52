/* Fees that are made of several costs, under the names they have in near-parameters 0.38.0 (cost.rs). None of them can
 * overflow for lengths and counts that the protocol's limits let through; beyond that the result saturates. */
#ifndef NEAR_FEES_H
#define NEAR_FEES_H

#include "near/account_id.h"
#include "near/parameters.h"

/* False if either part leaves 64 bits; *out is then unchanged. */
bool cost_add(struct cost a, struct cost b, struct cost *out);
bool cost_multiply(struct cost a, uint64_t count, struct cost *out);

/* `sir`: sender is receiver. */
struct cost action_send_fee(const struct protocol_parameters *p, enum action_cost cost, bool sir);
struct cost action_exec_fee(const struct protocol_parameters *p, enum action_cost cost);

/* A transfer, which makes the account if `receiver` is of an implicit kind that the version knows. */
struct cost transfer_send_fee(const struct protocol_parameters *p, bool sir, enum account_kind receiver);
struct cost transfer_exec_fee(const struct protocol_parameters *p, enum account_kind receiver);

/* A fee in two parts, which stand under different costs in the profile. */
struct split_fee {
    struct cost base, per_byte;
};
struct cost split_fee_total(struct split_fee fee);

/* TransferToGasKey and WithdrawFromGasKey: gas_key_transfer_base, gas_key_byte. The length of the key is
 * public_key_wire_size when sending; when executing it is that, too, unless the flag fix_ml_dsa_cost_charging is on:
 * then it is public_key_trie_id_size. */
struct split_fee gas_key_transfer_send_fee(const struct protocol_parameters *p, bool sir, size_t public_key_length);
struct split_fee gas_key_transfer_exec_fee(const struct protocol_parameters *p, size_t account_id_length,
                                           size_t public_key_length);

/* What AddKey of a gas key costs beyond AddKey of any key: gas_key_byte when sending; gas_key_nonce_write_base and
 * gas_key_byte for each nonce when executing. */
struct cost gas_key_add_key_send_fee(const struct protocol_parameters *p, bool sir);
struct split_fee gas_key_add_key_exec_fee(const struct protocol_parameters *p, size_t account_id_length,
                                          size_t public_key_length, uint16_t num_nonces);

/* UniversalStateInit is priced as a sum of `units` times an action cost. */
struct fee_term {
    enum action_cost cost;
    uint64_t units;
};

struct universal_state_init_counts {
    uint64_t num_bytes;   /* length of the payload */
    uint64_t num_entries; /* storage entries in it */
    uint64_t num_keys;    /* access keys in it */
};

void universal_state_init_size_terms(uint64_t num_bytes, struct fee_term out[static 2]);
void universal_state_init_content_terms(struct universal_state_init_counts counts, struct fee_term out[static 2]);

/* Bytes of the trie key of an access key: column, account id, separator, key. */
size_t access_key_key_length(size_t account_id_length, size_t public_key_length);

/* The least gas that makes a receipt with a function call and executes it. */
uint64_t min_receipt_with_function_call_gas(const struct protocol_parameters *p);

/* What is kept of a gas refund (NEP-536); at most the refund. */
uint64_t gas_penalty_for_gas_refund(const struct protocol_parameters *p, uint64_t refund);

#endif
