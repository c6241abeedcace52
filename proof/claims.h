/* Given receipts are claims about a chain. Outcome proofs of light clients (outcome_proof.h) show of some that they
 * were on it.
 *
 * What is shown, and what is not. An outcome on the chain binds the id of what was executed, executor, status with its
 * value, logs, ids of the receipts that it made, gas and tokens burnt: nothing else. So with the outcome of the receipt
 * itself it is shown that a receipt of this id was executed there, with exactly the outcome that the proof gives; with
 * the outcome of what made it, that an account of this name made a receipt of this id there. The id of a receipt is a
 * hash of the id before it, the block and a counter: in neither case does it bind the receipt's contents (predecessor,
 * actions, amounts), and neither shows that the state before was the chain's. */
#ifndef PROOF_CLAIMS_H
#define PROOF_CLAIMS_H

#include "proof/doors.h"
#include "proof/outcome_proof.h"

/* A later one says more. */
enum proof_claim {
    CLAIM_UNSHOWN,  /* nothing is shown: it is a part of the statement */
    CLAIM_MADE,     /* an outcome on the chain has its id among the receipts that it made */
    CLAIM_EXECUTED, /* an outcome on the chain is that of its execution, and equals the proof's */
};

/* "claimed", "id made on the chain", "id executed on the chain with this outcome". */
const char *proof_claim_text(enum proof_claim claim);
const char *proof_claim_name(enum proof_claim claim); /* "claimed", "made", "executed": for machines */

struct proof_claims {
    const enum proof_claim *const *incoming;     /* by block and index */
    const enum proof_claim *const *transactions; /* likewise */
    uint64_t shown;                              /* given receipts that are not CLAIM_UNSHOWN */
    uint64_t unused;                             /* outcome proofs about nothing that is in the proof */
};

/* `proofs` have been verified with a head that is trusted, or nothing is shown. Memory comes from `arena`.
 * STATUS_INVALID: the chain has another outcome for something that the proof executes, or the outcome is of another
 * account than the receipt's predecessor, or of a block that is not after the proof's: *r and *e say which;
 * STATUS_NO_MEMORY. */
enum status proof_claims_of(const struct execution_proof *p, const struct proof_origins *origins,
                            const struct outcome_proof *proofs, size_t count, struct arena *arena,
                            struct proof_claims *out, struct refusal *r, struct error *e);

#endif
