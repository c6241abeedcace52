/* The contract of accounts that stand for an Ethereum address (NEP-518). */
#ifndef RUNTIME_ETH_WALLET_H
#define RUNTIME_ETH_WALLET_H

#include "near/crypto_hash.h"

/* The global contract that they use. It depends on the chain, since signatures are bound to one. */
struct crypto_hash eth_wallet_code_hash(struct bytes chain_id);

/* Accounts that were made before the wallet was a global contract have a marker for local code: "near" and the hash of
 * one of the wallets of that time, in base58. They run the global contract all the same. `code_hash`: of the code. */
bool eth_wallet_is_legacy(const struct crypto_hash *code_hash);

#endif
