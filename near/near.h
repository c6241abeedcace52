/* near/: NEAR's data: protocol parameters by version, account ids, keys, amounts, actions. It knows nothing of
 * execution: who runs contracts, applies receipts or keeps the state includes from here.
 *
 * This header includes all of them; a file that needs one thing may include that thing's header alone. */
#ifndef NEAR_NEAR_H
#define NEAR_NEAR_H

#include "near/account_id.h"
#include "near/action.h"
#include "near/amount.h"
#include "near/fees.h"
#include "near/parameters.h"
#include "near/public_key.h"

#endif
