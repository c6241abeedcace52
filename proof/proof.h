/* proof/: proofs that something was executed: binary Merkle trees over outcomes and over what blocks hold, and paths in
 * them; outcome proofs of light clients; execution proofs. It knows nothing of hardware: attestations are checked by
 * whoever the caller hands in.
 *
 * This header includes all of them; a file that needs one thing may include that thing's header alone. */
#ifndef PROOF_PROOF_H
#define PROOF_PROOF_H

#include "proof/attestation.h"
#include "proof/balance.h"
#include "proof/build.h"
#include "proof/chain.h"
#include "proof/claims.h"
#include "proof/demands.h"
#include "proof/doors.h"
#include "proof/execution_proof.h"
#include "proof/full.h"
#include "proof/light.h"
#include "proof/merkle.h"
#include "proof/outcome_proof.h"
#include "proof/refusal.h"

#endif
