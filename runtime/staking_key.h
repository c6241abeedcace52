/* Which keys may stake. Source: near-crypto 0.38.0, key_conversion.rs. */
#ifndef RUNTIME_STAKING_KEY_H
#define RUNTIME_STAKING_KEY_H

#include "near/public_key.h"

/* An ED25519 key that is a point of the curve in the subgroup of prime order: block production turns it into a key of
 * ristretto. Variable time. */
bool staking_key_valid(const struct public_key *key);

#endif
