/* The contract of accounts that stand for an Ethereum address (NEP-518). */
#ifndef RUNTIME_ETH_WALLET_H
#define RUNTIME_ETH_WALLET_H

#include "near/crypto_hash.h"

/* The global contract that they use. It depends on the chain, since signatures are bound to one. */
struct crypto_hash eth_wallet_code_hash(struct bytes chain_id);

#endif
