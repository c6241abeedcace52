#include "near/ids.h"

struct crypto_hash id_of(const struct crypto_hash *base, uint64_t height, uint64_t number)
{
    uint8_t input[CRYPTO_HASH_SIZE + 8 + 8];
    memcpy(input, base->bytes, CRYPTO_HASH_SIZE);
    store_le64(input + CRYPTO_HASH_SIZE, height);
    store_le64(input + CRYPTO_HASH_SIZE + 8, number);
    return crypto_hash_of(bytes_of(input, sizeof input));
}

struct crypto_hash receipt_id_of_transaction(const struct crypto_hash *transaction, uint64_t height)
{
    return id_of(transaction, height, 0);
}

struct crypto_hash receipt_id_of_receipt(const struct crypto_hash *receipt, uint64_t height, uint64_t index)
{
    return id_of(receipt, height, index);
}

/* From the other end than the receipts' ids, which are made of the same. */
struct crypto_hash action_hash_of(const struct crypto_hash *receipt, uint64_t height, uint64_t index)
{
    return id_of(receipt, height, UINT64_MAX - index);
}

struct crypto_hash data_id_of(const struct crypto_hash *action_hash, uint64_t height, uint64_t index)
{
    return id_of(action_hash, height, index);
}

struct crypto_hash receipt_id_of_timeout(const struct crypto_hash *data_id, uint64_t height, uint64_t index)
{
    return id_of(data_id, height, index);
}

struct crypto_hash random_seed_of(const struct crypto_hash *action_hash, const struct crypto_hash *block_seed)
{
    uint8_t input[2 * CRYPTO_HASH_SIZE];
    memcpy(input, action_hash->bytes, CRYPTO_HASH_SIZE);
    memcpy(input + CRYPTO_HASH_SIZE, block_seed->bytes, CRYPTO_HASH_SIZE);
    return crypto_hash_of(bytes_of(input, sizeof input));
}
