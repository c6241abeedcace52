/* Signatures of transactions and delegate actions. Source: near-crypto 0.38.0, signature.rs. */
#ifndef NEAR_SIGNATURE_H
#define NEAR_SIGNATURE_H

#include "near/crypto_hash.h"
#include "near/public_key.h"
#include "near/record_reader.h"

enum {
    SIGNATURE_ED25519_SIZE = 64,
    SIGNATURE_SECP256K1_SIZE = 65, /* r, s, recovery id */
    SIGNATURE_ML_DSA_65_SIZE = 3309,
};

/* A view: `data` belongs to somebody else and has signature_type_size(type) bytes. */
struct signature {
    uint8_t type; /* enum key_type */
    struct bytes data;
};

/* Bytes of a signature of that type, without the type byte; 0 for a number that is no type. */
size_t signature_type_size(unsigned type);

/* Borsh: type byte, then the data. The reader refuses ed25519 signatures with one of the three highest bits set, as
 * production does. */
struct signature signature_read(struct record_reader *r);
void signature_write(const struct signature *s, struct buffer *out);
static inline size_t signature_wire_size(const struct signature *s)
{
    return 1 + s->data.size;
}

/* Whether the key signed the 32 bytes of the hash; false, too, if key and signature are of different types. */
bool signature_verify(const struct signature *s, const struct public_key *key, const struct crypto_hash *hash);

/* "ed25519:" and base58. Appends; false, and nothing appended: no memory, or more bytes than any signature has. */
bool signature_print(const struct signature *s, struct buffer *out);

#endif
