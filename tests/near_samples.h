/* One action of each kind, and transactions, delegate actions and receipts around them. */
#ifndef TESTS_NEAR_SAMPLES_H
#define TESTS_NEAR_SAMPLES_H

#include "crypto/ed25519.h"
#include "near/near.h"

static const struct public_key sample_ml_dsa = {.type = KEY_ML_DSA_65, .data = {1, 2, 3}};
static const struct public_key sample_secp256k1 = {.type = KEY_SECP256K1, .data = {4, 5}};
static struct public_key sample_ed25519 = {.type = KEY_ED25519};

static const struct bytes sample_methods[] = {{(const uint8_t *)"get", 3}, {(const uint8_t *)"", 0}};
static const struct state_entry sample_entries[] = {
    {{(const uint8_t *)"a", 1}, {(const uint8_t *)"", 0}},
    {{(const uint8_t *)"ab", 2}, {(const uint8_t *)"value", 5}},
};

enum { SAMPLE_ACTIONS = 17 };

/* All but delegate actions: those are added by sample_delegate. The order is not that of the kinds. */
static inline uint32_t sample_actions(struct action out[SAMPLE_ACTIONS])
{
    const struct u128 amount = {7, UINT64_C(1) << 60};
    const struct account_id bob = account_id_of("bob.near");
    const struct access_key call = {.nonce = 5, .permission = PERMISSION_FUNCTION_CALL, .has_allowance = true,
                                    .allowance = amount, .receiver_id = bytes_of_string("Not an id"),
                                    .method_names = sample_methods, .method_count = 2};
    struct access_key gas_call = call;
    gas_call.permission = PERMISSION_GAS_KEY_FUNCTION_CALL;
    gas_call.has_allowance = false;
    gas_call.num_nonces = 3;
    const struct global_contract_id by_hash = {.mode = GLOBAL_BY_CODE_HASH, .code_hash = {9}};
    const struct global_contract_id by_account = {.mode = GLOBAL_BY_ACCOUNT_ID, .account_id = bob};
    const struct action all[] = {
        {.kind = ACTION_KIND_create_account},
        {.kind = ACTION_KIND_deploy_contract, .deploy_contract.code = bytes_of_string("\1asm")},
        {.kind = ACTION_KIND_function_call,
         .function_call = {bytes_of_string("m"), bytes_of_string("{}"), 11, 0, amount}},
        {.kind = ACTION_KIND_transfer, .transfer.deposit = amount},
        {.kind = ACTION_KIND_stake, .stake = {amount, &sample_ed25519}},
        {.kind = ACTION_KIND_add_key, .add_key = {&sample_secp256k1, call}},
        {.kind = ACTION_KIND_add_key, .add_key = {&sample_ed25519, gas_call}},
        {.kind = ACTION_KIND_add_key,
         .add_key = {&sample_ed25519, {.permission = PERMISSION_GAS_KEY_FULL_ACCESS, .gas_key_balance = amount}}},
        {.kind = ACTION_KIND_delete_key, .delete_key.public_key = &sample_ml_dsa},
        {.kind = ACTION_KIND_delete_account, .delete_account.beneficiary_id = bob},
        {.kind = ACTION_KIND_deploy_global_contract,
         .deploy_global_contract = {bytes_of_string("code"), GLOBAL_BY_ACCOUNT_ID}},
        {.kind = ACTION_KIND_use_global_contract, .use_global_contract.contract = by_account},
        {.kind = ACTION_KIND_deterministic_state_init,
         .deterministic_state_init = {{by_hash, sample_entries, 2}, amount}},
        {.kind = ACTION_KIND_universal_state_init,
         .universal_state_init = {bytes_of_string("anything at all"), amount}},
        {.kind = ACTION_KIND_transfer_to_gas_key, .transfer_to_gas_key = {&sample_ed25519, amount}},
        {.kind = ACTION_KIND_withdraw_from_gas_key, .withdraw_from_gas_key = {&sample_ed25519, amount}},
    };
    memcpy(out, all, sizeof all);
    return sizeof all / sizeof *all;
}

static inline struct ed25519_key sample_key(void)
{
    struct ed25519_key key;
    const uint8_t seed[ED25519_SEED_SIZE] = {42};
    ed25519_key_from_seed(&key, seed);
    memcpy(sample_ed25519.data, key.public_key, sizeof key.public_key);
    return key;
}

/* Signed by sample_key; `signature` keeps the 64 bytes. */
static inline struct delegate_action sample_delegate(bool is_v2, const struct action *actions, uint32_t count,
                                                     uint8_t signature[64])
{
    const struct ed25519_key key = sample_key();
    struct delegate_action d = {
        .is_v2 = is_v2, .sender_id = account_id_of("alice.near"), .receiver_id = account_id_of("bob.near"),
        .actions = actions, .action_count = count, .nonce = 3, .has_nonce_index = is_v2, .nonce_index = is_v2 ? 2 : 0,
        .max_block_height = 100, .public_key = &sample_ed25519, .signature = {KEY_ED25519, {signature, 64}}};
    struct crypto_hash hash = {0};
    if (delegate_action_hash(&d, &hash, NULL) == STATUS_OK)
        ed25519_sign(&key, crypto_hash_bytes(&hash), signature);
    return d;
}

static inline struct transaction sample_transaction(enum transaction_version version, const struct action *actions,
                                                    uint32_t count)
{
    return (struct transaction){
        .version = version, .signer_id = account_id_of("alice.near"), .receiver_id = account_id_of("bob.near"),
        .public_key = &sample_ed25519, .nonce = UINT64_MAX, .has_nonce_index = version == TRANSACTION_V1,
        .nonce_index = version == TRANSACTION_V1 ? 515 : 0,
        .nonce_mode = version == TRANSACTION_V1 ? NONCE_STRICT : NONCE_MONOTONIC, .block_hash = {{3}},
        .actions = actions, .action_count = count};
}

static const struct crypto_hash sample_hashes[2] = {{{1}}, {{2}}};
static const uint64_t sample_shards[3] = {5, 1, UINT64_MAX};

static inline struct receipt sample_receipt(enum receipt_kind kind, const struct action *actions, uint32_t count,
                                            const struct data_receiver *receivers, uint32_t receiver_count)
{
    struct receipt r = {.predecessor_id = account_id_of("alice.near"), .receiver_id = account_id_of("bob.near"),
                        .receipt_id = {{7}}, .kind = kind};
    if (receipt_has_actions(&r)) {
        r.action = (struct action_receipt){
            .signer_id = account_id_of("carol.near"), .signer_public_key = &sample_ed25519, .gas_price = u128_of(100),
            .output_data_receivers = receivers, .output_data_receiver_count = receiver_count,
            .input_data_ids = sample_hashes, .input_data_id_count = 2, .actions = actions, .action_count = count};
        r.action.has_refund_to = kind == RECEIPT_action_v2;
        if (r.action.has_refund_to) r.action.refund_to = account_id_of("dave.near");
    } else if (receipt_has_data(&r)) {
        r.data = (struct data_receipt){.data_id = {{8}}, .has_data = true, .data = bytes_of_string("data")};
    } else {
        r.global_contract_distribution = (struct global_contract_distribution){
            .version = 1, .id = {.mode = GLOBAL_BY_CODE_HASH}, .target_shard = 4,
            .already_delivered_shards = sample_shards, .already_delivered_shard_count = 3,
            .code = bytes_of_string("code")};
    }
    return r;
}

#endif
