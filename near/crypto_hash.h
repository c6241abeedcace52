/* SHA-256 hashes as NEAR uses them: ids of receipts, transactions and data, code hashes, roots. */
#ifndef NEAR_CRYPTO_HASH_H
#define NEAR_CRYPTO_HASH_H

#include "base/bytes.h"

enum {
    CRYPTO_HASH_SIZE = 32,
    CRYPTO_HASH_TEXT_SIZE = 45, /* at most 44 digits of base58, and a NUL */
};

struct crypto_hash {
    uint8_t bytes[CRYPTO_HASH_SIZE];
};

static inline bool crypto_hash_equal(const struct crypto_hash *a, const struct crypto_hash *b)
{
    return memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}
static inline struct bytes crypto_hash_bytes(const struct crypto_hash *h)
{
    return (struct bytes){h->bytes, sizeof h->bytes};
}

bool crypto_hash_is_zero(const struct crypto_hash *h);
/* SHA-256 of the bytes. */
struct crypto_hash crypto_hash_of(struct bytes input);
/* Base58, as NEAR prints hashes, with a NUL. Returns out. */
const char *crypto_hash_text(const struct crypto_hash *h, char out[static CRYPTO_HASH_TEXT_SIZE]);
/* Base58 of exactly 32 bytes. False: anything else; *out is then unchanged. */
bool crypto_hash_parse(struct bytes text, struct crypto_hash *out);

#endif
