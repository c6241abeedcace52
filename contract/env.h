/* What the chain offers a contract: every import of the module `env`, as of protocol version 88.
 *
 * Conventions of all of them:
 * - A byte string is a pair (length, pointer). With a length of IN_REGISTER (u64::MAX) the "pointer" is the number of a
 *   register whose content is taken. Exceptions are noted.
 * - A register is a numbered buffer of the host (any number, at most 100 at a time) that only register_len and
 *   read_register can look into. Functions that return byte strings write them there.
 * - Balances are pointers to 16 bytes, little-endian, in yoctoNEAR; gas is a number in gas units (10^12 is one Tgas).
 * - A promise is a number, counted from 0 within the call. Actions can be appended to what promise_batch_create and
 *   promise_batch_then return, in the order in which they shall run.
 * - What goes wrong ends the call: memory out of bounds, a wrong promise number, a malformed account id or key, too
 *   little balance or gas. Only what a comment calls a result comes back.
 * - [v]: not allowed in a view call. [n]: only since version n; a contract that imports it can't be loaded before.
 *
 * A declaration that is not used leaves no trace in the module. */
#ifndef CONTRACT_ENV_H
#define CONTRACT_ENV_H

#include <stdint.h>

#define IN_REGISTER UINT64_MAX /* as a length: the pointer is the number of a register */
#define NO_REGISTER UINT64_MAX /* what register_len says of a register that was never written */

#define IMPORT(name) __attribute__((import_module("env"), import_name(#name))) extern

/* ---- registers -------------------------------------------------------------------------------------------------- */

/* Copies the whole register to ptr. */
IMPORT(read_register) void read_register(uint64_t register_id, uint64_t ptr);
/* Length in bytes, NO_REGISTER if there is no such register. */
IMPORT(register_len) uint64_t register_len(uint64_t register_id);
/* Here a length of u64::MAX is not a register but an error. */
IMPORT(write_register) void write_register(uint64_t register_id, uint64_t data_len, uint64_t data_ptr);

/* ---- the call and its surroundings ------------------------------------------------------------------------------ */

/* The account whose contract runs. */
IMPORT(current_account_id) void current_account_id(uint64_t register_id);
/* [85] "mainnet", "testnet", … */
IMPORT(chain_id) void chain_id(uint64_t register_id);
/* [v] Who signed the transaction that started it all, and the key (Borsh: a byte of the kind, then the key). */
IMPORT(signer_account_id) void signer_account_id(uint64_t register_id);
IMPORT(signer_account_pk) void signer_account_pk(uint64_t register_id);
/* [v] The direct caller; the own account in callbacks. This is who asks, not the signer. */
IMPORT(predecessor_account_id) void predecessor_account_id(uint64_t register_id);
/* [v] Who gets back what is left of the deposit if this call fails. */
IMPORT(refund_to_account_id) void refund_to_account_id(uint64_t register_id);
/* The arguments of the call, by convention JSON. */
IMPORT(input) void input(uint64_t register_id);
/* The block's height, in spite of the name; its time in nanoseconds since 1970; the epoch's number. */
IMPORT(block_index) uint64_t block_index(void);
IMPORT(block_timestamp) uint64_t block_timestamp(void);
IMPORT(epoch_height) uint64_t epoch_height(void);
/* Bytes that the account occupies, contract and keys included, what this call did so far, too. */
IMPORT(storage_usage) uint64_t storage_usage(void);
/* 32 bytes, the same for everyone in the block: not a secret. */
IMPORT(random_seed) void random_seed(uint64_t register_id);
/* What is deployed here: 0 nothing, 1 own code (its hash in the register), 2 global code by hash (the hash), 3 global
 * code by account (the account id). */
IMPORT(current_contract_code) uint64_t current_contract_code(uint64_t register_id);

/* ---- money and gas ---------------------------------------------------------------------------------------------- */

/* Balance with the attached deposit and without what is locked by staking. */
IMPORT(account_balance) void account_balance(uint64_t balance_ptr);
IMPORT(account_locked_balance) void account_locked_balance(uint64_t balance_ptr);
IMPORT(attached_deposit) void attached_deposit(uint64_t balance_ptr);
/* [v] Gas attached to the call; gas burnt so far and promised to others. */
IMPORT(prepaid_gas) uint64_t prepaid_gas(void);
IMPORT(used_gas) uint64_t used_gas(void);

/* ---- hashes and signatures -------------------------------------------------------------------------------------- */

IMPORT(sha256) void sha256(uint64_t value_len, uint64_t value_ptr, uint64_t register_id);
IMPORT(keccak256) void keccak256(uint64_t value_len, uint64_t value_ptr, uint64_t register_id);
IMPORT(keccak512) void keccak512(uint64_t value_len, uint64_t value_ptr, uint64_t register_id);
/* [87] */
IMPORT(sha3_256) void sha3_256(uint64_t value_len, uint64_t value_ptr, uint64_t register_id);
IMPORT(sha3_384) void sha3_384(uint64_t value_len, uint64_t value_ptr, uint64_t register_id);
IMPORT(sha3_512) void sha3_512(uint64_t value_len, uint64_t value_ptr, uint64_t register_id);
IMPORT(ripemd160) void ripemd160(uint64_t value_len, uint64_t value_ptr, uint64_t register_id);
/* 1: the signature (64 bytes) of the message is the key's (32 bytes). 0: it is not. Other lengths are an error. */
IMPORT(ed25519_verify)
uint64_t ed25519_verify(uint64_t signature_len, uint64_t signature_ptr, uint64_t message_len, uint64_t message_ptr,
                        uint64_t public_key_len, uint64_t public_key_ptr);
/* [85] Signature r and s, 32 bytes each, big-endian, both forms of s; the message is a hash made beforehand, at least
 * 16 bytes; the key compressed (33 bytes). Results like ed25519_verify. */
IMPORT(p256_verify)
uint64_t p256_verify(uint64_t signature_len, uint64_t signature_ptr, uint64_t message_len, uint64_t message_ptr,
                     uint64_t public_key_len, uint64_t public_key_ptr);
/* [87] ML-DSA-65 with an empty context: signature 3309 bytes, key 1952. Results like ed25519_verify. */
IMPORT(ml_dsa_verify)
uint64_t ml_dsa_verify(uint64_t signature_len, uint64_t signature_ptr, uint64_t message_len, uint64_t message_ptr,
                       uint64_t public_key_len, uint64_t public_key_ptr);
/* secp256k1: the 64 bytes of the key that signed the hash (32 bytes) with r and s (64 bytes) and recovery id v (0 to
 * 3). malleability_flag 1 refuses the upper half of s. 1: recovered; 0: there is no such key, and the register is not
 * written. */
IMPORT(ecrecover)
uint64_t ecrecover(uint64_t hash_len, uint64_t hash_ptr, uint64_t signature_len, uint64_t signature_ptr, uint64_t v,
                   uint64_t malleability_flag, uint64_t register_id);

/* ---- elliptic curves -------------------------------------------------------------------------------------------- */

/* BN254, little-endian, x and y 32 bytes each; a malformed input is an error. multiexp: (point, scalar of 32 bytes)…;
 * sum: (sign byte, 1 subtracts; point)…; pairing check: (point of G1, point of G2 of 128 bytes)…, 1 if the product is
 * one. */
IMPORT(alt_bn128_g1_multiexp)
void alt_bn128_g1_multiexp(uint64_t value_len, uint64_t value_ptr, uint64_t register_id);
IMPORT(alt_bn128_g1_sum) void alt_bn128_g1_sum(uint64_t value_len, uint64_t value_ptr, uint64_t register_id);
IMPORT(alt_bn128_pairing_check) uint64_t alt_bn128_pairing_check(uint64_t value_len, uint64_t value_ptr);

/* BLS12-381, big-endian, G1 96 bytes, G2 192 bytes (uncompressed), scalars 32 bytes little-endian. 0: the result is in
 * the register; 1: a point is malformed, not on the curve or not in the group. A length that is no multiple of an
 * element is an error. Sums take (sign byte, point)…, decompression 48 and 96 bytes for each point. */
IMPORT(bls12381_p1_sum) uint64_t bls12381_p1_sum(uint64_t value_len, uint64_t value_ptr, uint64_t register_id);
IMPORT(bls12381_p2_sum) uint64_t bls12381_p2_sum(uint64_t value_len, uint64_t value_ptr, uint64_t register_id);
IMPORT(bls12381_g1_multiexp)
uint64_t bls12381_g1_multiexp(uint64_t value_len, uint64_t value_ptr, uint64_t register_id);
IMPORT(bls12381_g2_multiexp)
uint64_t bls12381_g2_multiexp(uint64_t value_len, uint64_t value_ptr, uint64_t register_id);
IMPORT(bls12381_map_fp_to_g1)
uint64_t bls12381_map_fp_to_g1(uint64_t value_len, uint64_t value_ptr, uint64_t register_id);
IMPORT(bls12381_map_fp2_to_g2)
uint64_t bls12381_map_fp2_to_g2(uint64_t value_len, uint64_t value_ptr, uint64_t register_id);
IMPORT(bls12381_p1_decompress)
uint64_t bls12381_p1_decompress(uint64_t value_len, uint64_t value_ptr, uint64_t register_id);
IMPORT(bls12381_p2_decompress)
uint64_t bls12381_p2_decompress(uint64_t value_len, uint64_t value_ptr, uint64_t register_id);
/* (G1, G2)…: 0 if the product of the pairings is 1, 2 if it is not, 1 if a point is wrong. */
IMPORT(bls12381_pairing_check) uint64_t bls12381_pairing_check(uint64_t value_len, uint64_t value_ptr);

/* ---- results and messages --------------------------------------------------------------------------------------- */

/* What the call returns; the last one counts. */
IMPORT(value_return) void value_return(uint64_t value_len, uint64_t value_ptr);
/* Ends the call as failed: nothing of what it did remains. */
IMPORT(panic) _Noreturn void panic(void);
/* For these three a length of u64::MAX means text that ends with a zero byte (utf16: two). Not a register. */
IMPORT(panic_utf8) _Noreturn void panic_utf8(uint64_t len, uint64_t ptr);
IMPORT(log_utf8) void log_utf8(uint64_t len, uint64_t ptr);
IMPORT(log_utf16) void log_utf16(uint64_t len, uint64_t ptr);
/* How AssemblyScript panics: pointers to UTF-16 text with its length in the four bytes before it. */
IMPORT(abort) _Noreturn void env_abort(uint32_t message_ptr, uint32_t file_ptr, uint32_t line, uint32_t column);
/* Burns gas as if so many instructions had been run. */
IMPORT(gas) void burn_instructions(uint32_t count);

/* ---- promises: calls to other accounts [v, all of them] --------------------------------------------------------- */

/* One function call on another account, and one that follows a promise; both return a promise. */
IMPORT(promise_create)
uint64_t promise_create(uint64_t account_id_len, uint64_t account_id_ptr, uint64_t method_len, uint64_t method_ptr,
                        uint64_t arguments_len, uint64_t arguments_ptr, uint64_t amount_ptr, uint64_t gas);
IMPORT(promise_then)
uint64_t promise_then(uint64_t promise, uint64_t account_id_len, uint64_t account_id_ptr, uint64_t method_len,
                      uint64_t method_ptr, uint64_t arguments_len, uint64_t arguments_ptr, uint64_t amount_ptr,
                      uint64_t gas);
/* All of count promises, an array of u64; something can follow it, but no action can be appended to it. */
IMPORT(promise_and) uint64_t promise_and(uint64_t promises_ptr, uint64_t count);
/* An empty promise for actions; the second runs when `promise` is done. */
IMPORT(promise_batch_create) uint64_t promise_batch_create(uint64_t account_id_len, uint64_t account_id_ptr);
IMPORT(promise_batch_then)
uint64_t promise_batch_then(uint64_t promise, uint64_t account_id_len, uint64_t account_id_ptr);
/* Who gets the deposits back if the promise fails, instead of this account. */
IMPORT(promise_set_refund_to)
void promise_set_refund_to(uint64_t promise, uint64_t account_id_len, uint64_t account_id_ptr);
/* What this promise will return is what this call returns. */
IMPORT(promise_return) void promise_return(uint64_t promise);

/* In a callback: how many results there are, and each one: 0 not there yet, 1 success (the value is in the register),
 * 2 the promise failed. */
IMPORT(promise_results_count) uint64_t promise_results_count(void);
IMPORT(promise_result) uint64_t promise_result(uint64_t result_index, uint64_t register_id);

/* ---- actions of a promise --------------------------------------------------------------------------------------- */

IMPORT(promise_batch_action_create_account) void promise_batch_action_create_account(uint64_t promise);
IMPORT(promise_batch_action_deploy_contract)
void promise_batch_action_deploy_contract(uint64_t promise, uint64_t code_len, uint64_t code_ptr);
IMPORT(promise_batch_action_function_call)
void promise_batch_action_function_call(uint64_t promise, uint64_t method_len, uint64_t method_ptr,
                                        uint64_t arguments_len, uint64_t arguments_ptr, uint64_t amount_ptr,
                                        uint64_t gas);
/* Gas that is left at the end is shared between all calls by their weight. */
IMPORT(promise_batch_action_function_call_weight)
void promise_batch_action_function_call_weight(uint64_t promise, uint64_t method_len, uint64_t method_ptr,
                                               uint64_t arguments_len, uint64_t arguments_ptr, uint64_t amount_ptr,
                                               uint64_t gas, uint64_t gas_weight);
IMPORT(promise_batch_action_transfer) void promise_batch_action_transfer(uint64_t promise, uint64_t amount_ptr);
IMPORT(promise_batch_action_stake)
void promise_batch_action_stake(uint64_t promise, uint64_t amount_ptr, uint64_t public_key_len,
                                uint64_t public_key_ptr);
/* Keys in Borsh: a byte of the kind (0 ed25519, 1 secp256k1), then 32 or 64 bytes. */
IMPORT(promise_batch_action_add_key_with_full_access)
void promise_batch_action_add_key_with_full_access(uint64_t promise, uint64_t public_key_len, uint64_t public_key_ptr,
                                                   uint64_t nonce);
/* An allowance of 0 is no limit; the method names are separated by commas, none means all. */
IMPORT(promise_batch_action_add_key_with_function_call)
void promise_batch_action_add_key_with_function_call(uint64_t promise, uint64_t public_key_len, uint64_t public_key_ptr,
                                                     uint64_t nonce, uint64_t allowance_ptr, uint64_t receiver_id_len,
                                                     uint64_t receiver_id_ptr, uint64_t method_names_len,
                                                     uint64_t method_names_ptr);
IMPORT(promise_batch_action_delete_key)
void promise_batch_action_delete_key(uint64_t promise, uint64_t public_key_len, uint64_t public_key_ptr);
IMPORT(promise_batch_action_delete_account)
void promise_batch_action_delete_account(uint64_t promise, uint64_t beneficiary_id_len, uint64_t beneficiary_id_ptr);

/* Code that many accounts share, named by its hash or by the account that deployed it. */
IMPORT(promise_batch_action_deploy_global_contract)
void promise_batch_action_deploy_global_contract(uint64_t promise, uint64_t code_len, uint64_t code_ptr);
IMPORT(promise_batch_action_deploy_global_contract_by_account_id)
void promise_batch_action_deploy_global_contract_by_account_id(uint64_t promise, uint64_t code_len, uint64_t code_ptr);
IMPORT(promise_batch_action_use_global_contract)
void promise_batch_action_use_global_contract(uint64_t promise, uint64_t code_hash_len, uint64_t code_hash_ptr);
IMPORT(promise_batch_action_use_global_contract_by_account_id)
void promise_batch_action_use_global_contract_by_account_id(uint64_t promise, uint64_t account_id_len,
                                                            uint64_t account_id_ptr);

/* An account whose id follows from its code and first state. The first two return the index of the action, which
 * set_state_init_data_entry wants; a key can be set once. */
IMPORT(promise_batch_action_state_init)
uint64_t promise_batch_action_state_init(uint64_t promise, uint64_t code_hash_len, uint64_t code_hash_ptr,
                                         uint64_t amount_ptr);
IMPORT(promise_batch_action_state_init_by_account_id)
uint64_t promise_batch_action_state_init_by_account_id(uint64_t promise, uint64_t account_id_len,
                                                       uint64_t account_id_ptr, uint64_t amount_ptr);
IMPORT(set_state_init_data_entry)
void set_state_init_data_entry(uint64_t promise, uint64_t action_index, uint64_t key_len, uint64_t key_ptr,
                               uint64_t value_len, uint64_t value_ptr);
/* [88] 0: the account id is in the register; 1: not a UniversalStateInit in Borsh; 2: not its canonical encoding. */
IMPORT(universal_state_init_to_account_id)
uint64_t universal_state_init_to_account_id(uint64_t state_init_len, uint64_t state_init_ptr, uint64_t register_id);
IMPORT(promise_batch_action_universal_state_init)
void promise_batch_action_universal_state_init(uint64_t promise, uint64_t state_init_len, uint64_t state_init_ptr,
                                               uint64_t amount_ptr);

/* [85] Keys that carry a balance of their own to pay gas with; num_nonces calls can be under way at once. */
IMPORT(promise_batch_action_transfer_to_gas_key)
void promise_batch_action_transfer_to_gas_key(uint64_t promise, uint64_t public_key_len, uint64_t public_key_ptr,
                                              uint64_t amount_ptr);
IMPORT(promise_batch_action_add_gas_key_with_full_access)
void promise_batch_action_add_gas_key_with_full_access(uint64_t promise, uint64_t public_key_len,
                                                       uint64_t public_key_ptr, uint64_t num_nonces);
IMPORT(promise_batch_action_add_gas_key_with_function_call)
void promise_batch_action_add_gas_key_with_function_call(uint64_t promise, uint64_t public_key_len,
                                                         uint64_t public_key_ptr, uint64_t num_nonces,
                                                         uint64_t allowance_ptr, uint64_t receiver_id_len,
                                                         uint64_t receiver_id_ptr, uint64_t method_names_len,
                                                         uint64_t method_names_ptr);

/* ---- calls that wait for data [v] ------------------------------------------------------------------------------- */

/* A call of the own contract that runs when promise_yield_resume delivers its result, or with a failed result after
 * some 200 blocks. Returns a promise; the data id (32 bytes) for the resumption is in the register. */
IMPORT(promise_yield_create)
uint64_t promise_yield_create(uint64_t method_len, uint64_t method_ptr, uint64_t arguments_len, uint64_t arguments_ptr,
                              uint64_t gas, uint64_t gas_weight, uint64_t register_id);
/* [85] The same with an id that the contract chooses, 32 bytes, and a deposit. */
IMPORT(promise_yield_create_with_id)
uint64_t promise_yield_create_with_id(uint64_t method_len, uint64_t method_ptr, uint64_t arguments_len,
                                      uint64_t arguments_ptr, uint64_t amount_ptr, uint64_t gas, uint64_t gas_weight,
                                      uint64_t yield_id_len, uint64_t yield_id_ptr);
/* 1: delivered; 0: nothing waits under that id. At most 1,024 bytes; a payload length of u64::MAX is an error. The
 * second: [85]. */
IMPORT(promise_yield_resume)
uint32_t promise_yield_resume(uint64_t data_id_len, uint64_t data_id_ptr, uint64_t payload_len, uint64_t payload_ptr);
IMPORT(promise_yield_resume_with_yield_id)
uint32_t promise_yield_resume_with_yield_id(uint64_t yield_id_len, uint64_t yield_id_ptr, uint64_t payload_len,
                                            uint64_t payload_ptr);

/* ---- storage: the contract's keys and values -------------------------------------------------------------------- */

/* [v] 1: the key had a value, which is now in the register; 0: it is new. */
IMPORT(storage_write)
uint64_t storage_write(uint64_t key_len, uint64_t key_ptr, uint64_t value_len, uint64_t value_ptr,
                       uint64_t register_id);
/* 1: the value is in the register; 0: there is none. */
IMPORT(storage_read) uint64_t storage_read(uint64_t key_len, uint64_t key_ptr, uint64_t register_id);
/* [v] 1: removed, the value is in the register; 0: there was none. */
IMPORT(storage_remove) uint64_t storage_remove(uint64_t key_len, uint64_t key_ptr, uint64_t register_id);
IMPORT(storage_has_key) uint64_t storage_has_key(uint64_t key_len, uint64_t key_ptr);
/* Long switched off: each of the three ends the call. */
IMPORT(storage_iter_prefix) uint64_t storage_iter_prefix(uint64_t prefix_len, uint64_t prefix_ptr);
IMPORT(storage_iter_range)
uint64_t storage_iter_range(uint64_t start_len, uint64_t start_ptr, uint64_t end_len, uint64_t end_ptr);
IMPORT(storage_iter_next)
uint64_t storage_iter_next(uint64_t iterator_id, uint64_t key_register_id, uint64_t value_register_id);

/* ---- validators ------------------------------------------------------------------------------------------------- */

/* The stake of an account, 0 if it is no validator; the stake of all. */
IMPORT(validator_stake) void validator_stake(uint64_t account_id_len, uint64_t account_id_ptr, uint64_t stake_ptr);
IMPORT(validator_total_stake) void validator_total_stake(uint64_t stake_ptr);

#endif
