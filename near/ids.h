/* Ids that follow from other ids. Source: near-primitives 0.38.0, utils.rs.
 *
 * All are made alike: SHA-256 of 32 bytes, a block height and a number, both of 64 bits, little-endian. */
#ifndef NEAR_IDS_H
#define NEAR_IDS_H

#include "near/crypto_hash.h"

struct crypto_hash id_of(const struct crypto_hash *base, uint64_t height, uint64_t number);

/* The receipt that a transaction is turned into at `height`. */
struct crypto_hash receipt_id_of_transaction(const struct crypto_hash *transaction, uint64_t height);
/* The index-th new receipt (of whatever kind) that came out of a receipt applied at `height`. */
struct crypto_hash receipt_id_of_receipt(const struct crypto_hash *receipt, uint64_t height, uint64_t index);
/* An action of a receipt; the index counts its actions. */
struct crypto_hash action_hash_of(const struct crypto_hash *receipt, uint64_t height, uint64_t index);
/* The index-th data id (promises' inputs and yields, in the order of creation) that a function call made. */
struct crypto_hash data_id_of(const struct crypto_hash *action_hash, uint64_t height, uint64_t index);
/* The index-th receipt that the block at `height` made of yields that timed out. */
struct crypto_hash receipt_id_of_timeout(const struct crypto_hash *data_id, uint64_t height, uint64_t index);
/* The random seed that the contract sees. */
struct crypto_hash random_seed_of(const struct crypto_hash *action_hash, const struct crypto_hash *block_seed);

#endif
