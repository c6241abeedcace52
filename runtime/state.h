/* Reading and writing what the state keeps under its typed keys. All reads are recorded (as in production) and none is
 * charged; all writes are pending until apply_commit. Errors: those of the trie, STATUS_INVALID for values that cannot
 * be read (a state that contradicts itself), STATUS_NO_MEMORY.
 *
 * What is read is copied to the chunk's arena where it refers to bytes, so it stays. */
#ifndef RUNTIME_STATE_H
#define RUNTIME_STATE_H

#include "near/account.h"
#include "near/receipt_queue.h"
#include "near/trie_key.h"

struct apply_state;

/* ---- bytes ------------------------------------------------------------------------------------------------------ */

enum status state_get(struct apply_state *s, const struct trie_key *key, bool *found, struct bytes *value,
                      struct error *e);
/* Without reading the value. */
enum status state_has(struct apply_state *s, const struct trie_key *key, bool *found, struct error *e);
/* The SHA-256 of a value without reading it. */
enum status state_value_hash(struct apply_state *s, const struct trie_key *key, bool *found, struct crypto_hash *out,
                             struct error *e);
/* Its length, likewise. */
enum status state_value_length(struct apply_state *s, const struct trie_key *key, bool *found, uint32_t *out,
                               struct error *e);
/* Takes so many bytes from the chunk's budget, for what stays in memory until it ends. STATUS_NO_MEMORY. */
enum status state_charge(struct apply_state *s, size_t bytes, struct error *e);
/* The same for one step of a walk over a queue or over keys: it counts whether it keeps anything or not, because a few
 * rows can be a state in which no walk ends (nodes may be shared). `bytes`: what the step keeps. STATUS_NO_MEMORY. */
enum status state_charge_step(struct apply_state *s, size_t bytes, struct error *e);
enum status state_set(struct apply_state *s, const struct trie_key *key, struct bytes value, struct error *e);
enum status state_remove(struct apply_state *s, const struct trie_key *key, struct error *e);

/* ---- accounts --------------------------------------------------------------------------------------------------- */

enum status state_get_account(struct apply_state *s, const struct account_id *id, bool *found, struct account *out,
                              struct error *e);
enum status state_set_account(struct apply_state *s, const struct account_id *id, const struct account *a,
                              struct error *e);
/* The account, its code, and all its keys (with the nonces of gas keys) and data, in the order in which production
 * removes them. Receipts, data and yields that wait for it stay, as in production. */
struct removed_account {
    uint64_t gas_key_nonces, gas_key_nonce_key_bytes;
};
enum status state_remove_account(struct apply_state *s, const struct account_id *id, struct removed_account *removed,
                                 struct error *e);

enum status state_get_access_key(struct apply_state *s, const struct account_id *id, const struct public_key *key,
                                 bool *found, struct access_key *out, struct error *e);
enum status state_set_access_key(struct apply_state *s, const struct account_id *id, const struct public_key *key,
                                 const struct access_key *value, struct error *e);
enum status state_remove_access_key(struct apply_state *s, const struct account_id *id, const struct public_key *key,
                                    struct error *e);

/* ---- code ------------------------------------------------------------------------------------------------------- */

/* Writes the code under TRIE_KEY_CONTRACT_CODE (or another key of code), and lets this chunk find it by its hash. */
enum status state_deploy(struct apply_state *s, const struct trie_key *key, struct bytes code,
                         const struct crypto_hash *hash, struct error *e);
/* Code by hash: of this chunk, or a value of the trie's store. Nothing is recorded. */
bool state_code(const struct apply_state *s, const struct crypto_hash *hash, struct bytes *code);

/* ---- receipts and data ------------------------------------------------------------------------------------------ */

enum status state_get_receipt(struct apply_state *s, const struct trie_key *key, bool *found, struct receipt *out,
                              struct error *e);
enum status state_set_receipt(struct apply_state *s, const struct trie_key *key, const struct receipt *r,
                              struct error *e);
/* TRIE_KEY_DELAYED_RECEIPT_INDICES, TRIE_KEY_YIELD_INDICES: both 0 if there is no such key. */
enum status state_get_queue(struct apply_state *s, enum trie_key_kind kind, struct queue_indices *out, struct error *e);
enum status state_set_queue(struct apply_state *s, enum trie_key_kind kind, const struct queue_indices *q,
                            struct error *e);
/* 0 if there is none. */
enum status state_get_u64(struct apply_state *s, const struct trie_key *key, bool *found, uint64_t *out,
                          struct error *e);
enum status state_set_u64(struct apply_state *s, const struct trie_key *key, uint64_t value, struct error *e);

#endif
