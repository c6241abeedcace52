/* near/: NEAR's data: protocol parameters by version, account ids, keys, amounts, actions, transactions, receipts,
 * outcomes, and the keys and records of the state. It knows nothing of execution: who runs contracts, applies receipts
 * or keeps the state includes from here.
 *
 * This header includes all of them; a file that needs one thing may include that thing's header alone. */
#ifndef NEAR_NEAR_H
#define NEAR_NEAR_H

#include "near/access_key.h"
#include "near/account.h"
#include "near/account_id.h"
#include "near/action.h"
#include "near/action_delegate.h"
#include "near/amount.h"
#include "near/bandwidth.h"
#include "near/congestion_info.h"
#include "near/crypto_hash.h"
#include "near/fees.h"
#include "near/ids.h"
#include "near/outcome.h"
#include "near/parameters.h"
#include "near/public_key.h"
#include "near/receipt.h"
#include "near/receipt_json.h"
#include "near/receipt_queue.h"
#include "near/signature.h"
#include "near/transaction.h"
#include "near/trie_key.h"

#endif
