/* Access keys: what a key may sign for an account. Source: near-primitives-core 0.38.0, account.rs. */
#ifndef NEAR_ACCESS_KEY_H
#define NEAR_ACCESS_KEY_H

#include "base/u128.h"
#include "near/record_reader.h"

/* In the order of the protocol (Borsh). */
enum access_key_permission {
    PERMISSION_FUNCTION_CALL = 0,
    PERMISSION_FULL_ACCESS = 1,
    PERMISSION_GAS_KEY_FUNCTION_CALL = 2,
    PERMISSION_GAS_KEY_FULL_ACCESS = 3,
};

enum {
    GAS_KEY_MAX_NONCES = 1024,         /* AccessKeyPermission::MAX_NONCES_FOR_GAS_KEY */
    GAS_KEY_INFO_SIZE = 16 + 2,        /* Borsh of GasKeyInfo: balance, number of nonces */
    GAS_KEY_ACCESS_KEY_MIN_SIZE = 8 + 1 + GAS_KEY_INFO_SIZE, /* Borsh of the smallest access key of a gas key */
    NONCE_SIZE = 8,
    NONCE_INDEX_SIZE = 2,
};

/* Nonces of new keys are (height - 1) times this, and those of transactions below height times this. */
#define ACCESS_KEY_NONCE_RANGE_MULTIPLIER UINT64_C(1000000)

/* Owns nothing; see near/action.h. */
struct access_key {
    uint64_t nonce;
    enum access_key_permission permission;
    /* gas keys */
    struct u128 gas_key_balance;
    uint16_t num_nonces;
    /* function call keys */
    bool has_allowance;          /* false: unlimited */
    struct u128 allowance;
    struct bytes receiver_id;    /* not a struct account_id: old states have receivers that are none */
    const struct bytes *method_names;
    uint32_t method_count;       /* 0: any method */
};

static inline bool access_key_is_gas_key(const struct access_key *k)
{
    return k->permission == PERMISSION_GAS_KEY_FUNCTION_CALL || k->permission == PERMISSION_GAS_KEY_FULL_ACCESS;
}
/* Limited to calls of one receiver's methods. */
static inline bool access_key_is_function_call(const struct access_key *k)
{
    return k->permission == PERMISSION_FUNCTION_CALL || k->permission == PERMISSION_GAS_KEY_FUNCTION_CALL;
}

/* Borsh, as it stands in actions and in the state. access_key_from_borsh takes the whole input or nothing:
 * STATUS_MALFORMED, STATUS_NO_MEMORY; *out is then unchanged. What it gives refers to the input and the arena. */
enum status access_key_from_borsh(struct bytes input, struct arena *arena, struct access_key *out, struct error *e);
struct access_key access_key_read(struct record_reader *r);
void access_key_write(const struct access_key *k, struct buffer *out);
/* Bytes that access_key_write writes. */
size_t access_key_size(const struct access_key *k);

#endif
