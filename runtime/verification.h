/* What the checks of transactions share (verify_transaction.c). A check returns a status for what has no outcome, and
 * has set `rejected` and the verdict's error if it says no. */
#ifndef RUNTIME_VERIFICATION_H
#define RUNTIME_VERIFICATION_H

#include "runtime/cost.h"
#include "runtime/internal.h"

struct verification {
    struct apply_state *s;
    const struct signed_transaction *signed_transaction;
    const struct transaction *t;
    const struct transaction_signer *signer;
    struct transaction_cost cost;
    bool rejected;
    struct transaction_verdict *out;
    struct error *e;
};

struct invalid_tx_error *reject_transaction(struct verification *c, enum invalid_tx_error_kind kind);
void reject_unknown_key(struct verification *c);

/* ---- pieces (verify_signer.c) ------------------------------------------------------------------------------------ */

void check_nonce(struct verification *c, uint64_t current, enum nonce_mode mode);
/* *left is what the signer has after paying all of it. */
void check_balance(struct verification *c, struct u128 *left);
/* Whether the signer, left with `amount`, lacks tokens for its storage. */
enum status storage_missing(struct verification *c, struct u128 amount, bool *lacks, struct u128 *missing);
enum status check_storage_stake(struct verification *c, struct u128 amount);
/* What a function call key does not allow. */
void check_permission(struct verification *c);

/* ---- checks against the state: they charge the signer, unless they say no ---------------------------------------- */

enum status charge_access_key(struct verification *c);
/* A gas key pays for gas, its account for deposits (verify_gas_key.c). */
enum status charge_gas_key(struct verification *c);
/* No key, but the account's id: a universal account sends its own state init (verify_bootstrap.c). */
enum status charge_bootstrap(struct verification *c);

#endif
