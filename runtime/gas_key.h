/* Gas keys: keys with tokens of their own, which pay for gas, and with many nonces (NEP-611). */
#ifndef RUNTIME_GAS_KEY_H
#define RUNTIME_GAS_KEY_H

#include "runtime/internal.h"

/* Keys and accounts are not deleted while gas keys hold more than that: it would be burnt. One NEAR. */
struct u128 gas_key_max_balance_to_burn(void);

/* All nonces of a key. */
enum status gas_key_set_nonces(struct apply_state *s, const struct account_id *id, const struct public_key *key,
                               uint16_t count, uint64_t nonce, struct error *e);
enum status gas_key_remove_nonces(struct apply_state *s, const struct account_id *id, const struct public_key *key,
                                  uint16_t count, struct error *e);

/* What all gas keys of an account hold. STATUS_INVALID: more than 128 bits. */
enum status gas_key_balance_sum(struct apply_state *s, const struct account_id *id, struct u128 *out, struct error *e);

/* Adds the compute of removing nonces from the state, `key_bytes` long altogether in keys. STATUS_INVALID. */
enum status gas_key_charge_removal(const struct protocol_parameters *p, uint64_t nonces, uint64_t key_bytes,
                                   struct action_result *r, struct error *e);

#endif
