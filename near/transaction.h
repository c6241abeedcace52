/* Transactions. Source: near-primitives 0.38.0, transaction.rs. */
#ifndef NEAR_TRANSACTION_H
#define NEAR_TRANSACTION_H

#include "near/action.h"
#include "near/signature.h"

enum transaction_version { TRANSACTION_V0, TRANSACTION_V1 };
/* How the nonce must follow that of the key: any larger one, or the next one. */
enum nonce_mode { NONCE_MONOTONIC = 0, NONCE_STRICT = 1 };

/* Owns nothing: what it refers to lies in the input that it was read from and in the arena. */
struct transaction {
    enum transaction_version version;
    struct account_id signer_id, receiver_id;
    const struct public_key *public_key;
    uint64_t nonce;
    bool has_nonce_index;      /* V1: signed with a gas key */
    uint16_t nonce_index;
    enum nonce_mode nonce_mode; /* V1 */
    struct crypto_hash block_hash;
    const struct action *actions;
    uint32_t action_count;
};

struct signed_transaction {
    struct transaction transaction;
    struct signature signature;
    struct crypto_hash hash; /* of the transaction: its id, and what is signed */
    size_t unsigned_size;    /* Borsh bytes without the signature */
    size_t size;             /* and with it */
};

/* The whole input or nothing: STATUS_MALFORMED, STATUS_NO_MEMORY; *out is then unchanged. */
enum status signed_transaction_from_borsh(struct bytes input, struct arena *arena, struct signed_transaction *out,
                                          struct error *e);
enum status transaction_from_borsh(struct bytes input, struct arena *arena, struct transaction *out, struct error *e);

void transaction_write(const struct transaction *t, struct buffer *out);
void signed_transaction_write(const struct signed_transaction *t, struct buffer *out);

/* SHA-256 of the Borsh bytes. STATUS_NO_MEMORY. */
enum status transaction_hash(const struct transaction *t, struct crypto_hash *out, struct error *e);

/* Whether transaction.public_key signed t->hash. Variable time. */
bool signed_transaction_verify(const struct signed_transaction *t);

/* A post-quantum key or signature anywhere in it, also in delegate actions: known since version
 * PostQuantumSignatures. (Keys inside of a UniversalStateInit are not looked at.) */
bool signed_transaction_is_post_quantum(const struct signed_transaction *t);

#endif
