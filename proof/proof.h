/* proof/: proofs that something was executed: binary Merkle trees over outcomes and over what blocks hold, and paths in
 * them. It knows nothing of hardware.
 *
 * This header includes all of them; a file that needs one thing may include that thing's header alone. */
#ifndef PROOF_PROOF_H
#define PROOF_PROOF_H

#include "proof/merkle.h"

#endif
