/* Checking an execution proof without executing anything.
 *
 * What holds afterwards, of everything that the proof says (field by field: fields.def): there is such a protocol
 * version; the partial state is a part of the state with the old root;
 * the changed keys had the old values, and setting them to the new ones, and nothing else, gives the new root; the
 * outcomes have the outcome roots, and the paths lead from one to the other; the codes have their hashes; the blocks
 * are such as follow each other on a chain (chain.h), and no tokens come from nowhere; the attestation holds for the
 * statement. That the outcomes and changes are what execution gives is said by the
 * attestation alone, or by full verification (full.h); so are the state roots between blocks, the outgoing receipts and
 * what was read. */
#ifndef PROOF_LIGHT_H
#define PROOF_LIGHT_H

#include "proof/attestation.h"
#include "proof/refusal.h"

struct light_report {
    struct crypto_hash statement;  /* always there, unless there was no memory */
    bool attested;                 /* by an attestation that one of the verifiers accepted */
    struct refusal refusal;
};

/* STATUS_OK: it holds. STATUS_INVALID: it does not, out->refusal and *e say why; STATUS_NO_MEMORY.
 * `verifiers` may be null: then an attestation is not looked at, and `attested` is false. */
enum status proof_verify_light(const struct execution_proof *p, const struct attestation_verifiers *verifiers,
                               struct light_report *out, struct error *e);

/* The same; the partial state, with what was read of it, is left in *w for execution, to be released with witness_free
 * whatever the result. */
struct witness;
enum status proof_check_light(const struct execution_proof *p, const struct attestation_verifiers *verifiers,
                              struct witness *w, struct light_report *out, struct error *e);

#endif
