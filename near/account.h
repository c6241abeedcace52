/* The record of an account in the state. Source: near-primitives-core 0.38.0, account.rs. */
#ifndef NEAR_ACCOUNT_H
#define NEAR_ACCOUNT_H

#include "base/u128.h"
#include "near/action.h"

/* How the record is encoded, which is part of the state: an account stays in the form that it once had. */
enum account_form {
    ACCOUNT_V1,            /* 72 bytes; no contract or a local one */
    ACCOUNT_V2,            /* marked by 16 bytes of 0xff; any contract */
    ACCOUNT_UNINITIALIZED, /* a universal account whose state init is still to come: an amount and a nonce */
};

/* Which code runs when the account is called. In the protocol's order (Borsh). */
enum account_code {
    ACCOUNT_CODE_NONE = 0,
    ACCOUNT_CODE_LOCAL = 1,          /* its own, under its hash */
    ACCOUNT_CODE_GLOBAL = 2,         /* a global contract by its hash */
    ACCOUNT_CODE_GLOBAL_BY_ACCOUNT = 3,
};

/* A value: copy it freely. */
struct account {
    enum account_form form;
    struct u128 amount;             /* yoctoNEAR that are free */
    struct u128 locked;             /* staked; 0 in ACCOUNT_UNINITIALIZED */
    uint64_t storage_usage;         /* bytes */
    enum account_code code;
    struct crypto_hash code_hash;   /* ACCOUNT_CODE_LOCAL and ACCOUNT_CODE_GLOBAL, otherwise zero */
    struct account_id code_account; /* ACCOUNT_CODE_GLOBAL_BY_ACCOUNT */
    uint64_t bootstrap_nonce;       /* ACCOUNT_UNINITIALIZED */
};

/* The whole input or nothing: STATUS_MALFORMED; *out is then unchanged. */
enum status account_from_borsh(struct bytes input, struct account *out, struct error *e);
void account_write(const struct account *a, struct buffer *out);

/* Changes the code; a V1 account becomes V2 when it gets a global contract, and none becomes V1 again. A local code of
 * 32 zero bytes in V1 is no code. */
void account_set_local_code(struct account *a, const struct crypto_hash *hash);
void account_set_global_contract(struct account *a, const struct global_contract_id *id);
void account_remove_code(struct account *a);
/* True: *out names the global contract that the account uses. */
bool account_global_contract(const struct account *a, struct global_contract_id *out);

#endif
