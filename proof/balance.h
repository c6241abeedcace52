/* The books of a chunk: what came in and what was there is what went out, is there now, and was burnt. Production's
 * runtime checks the same of the accounts that it has touched (nearcore, runtime/runtime/src/balance_checker.rs); here
 * it is every value of the state that has changed. */
#ifndef PROOF_BALANCE_H
#define PROOF_BALANCE_H

#include "proof/tokens.h"
#include "trie/trie.h"

/* Two sums in yoctoNEAR, which must be equal. */
struct balance {
    struct u128 before; /* rewards, incoming receipts, changed values as they were */
    struct u128 after;  /* outgoing receipts, changed values as they are, what was burnt */
};

/* Zero-initialise; every function adds to it. STATUS_LIMIT: more than 128 bits. */
enum status balance_add(struct u128 *sum, struct u128 amount, struct error *e);
enum status balance_add_receipt(const struct protocol_parameters *p, const struct receipt *r, struct u128 *sum,
                                struct error *e);
enum status balance_add_rewards(const struct validator_accounts_update *u, struct u128 *sum, struct error *e);

/* What a value of the state has. STATUS_INVALID: it cannot be read. */
enum status balance_add_value(const struct protocol_parameters *p, struct bytes key, struct bytes value,
                              struct u128 *sum, struct error *e);

/* Of a chunk that was applied to `state`, whose recorder is not used. STATUS_INVALID: a changed value is missing or
 * cannot be read; STATUS_LIMIT; STATUS_NO_MEMORY. */
enum status balance_of_chunk(const struct chunk *c, const struct trie *state, const struct chunk_result *r,
                             struct balance *out, struct error *e);

#endif
