/* What accounts, keys and contracts count for in an account's storage usage, in bytes.
 * Source: nearcore, runtime/runtime/src/{access_keys,actions}.rs. */
#ifndef RUNTIME_ACCOUNT_STORAGE_H
#define RUNTIME_ACCOUNT_STORAGE_H

#include "runtime/internal.h"

/* An access key, with the nonces of a gas key. */
uint64_t access_key_storage(const struct protocol_parameters *p, size_t key_size, const struct access_key *key);

/* STATUS_INVALID: the sum leaves 64 bits. */
enum status account_storage_add(struct account *a, uint64_t bytes, struct error *e);
/* Not below 0. */
void account_storage_subtract(struct account *a, uint64_t bytes);

/* The account's contract: its code if that is its own, or what names a global one. */
enum status contract_storage(struct apply_state *s, const struct account_id *id, const struct account *a,
                             uint64_t *bytes, struct error *e);
/* The length of the code that the state has for the account, whatever the account says; 0 if there is none. */
enum status local_code_storage(struct apply_state *s, const struct account_id *id, uint64_t *bytes, struct error *e);

/* The nonce of keys that are new at this height: above those of all transactions so far, so that none can be sent
 * again. */
uint64_t initial_nonce(uint64_t block_height);

#endif
