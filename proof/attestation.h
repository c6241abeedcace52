/* Who can check attestations: whoever verifies a proof hands in a table, so that nothing here knows of hardware. */
#ifndef PROOF_ATTESTATION_H
#define PROOF_ATTESTATION_H

#include "base/error.h"
#include "near/crypto_hash.h"

/* One scheme. */
struct attestation_verifier {
    const char *scheme; /* as proofs name it */
    /* Whether the evidence holds for the statement. Anything but STATUS_OK refuses the proof, with *e as the reason;
     * STATUS_NO_MEMORY is no refusal. The evidence comes from the proof: nothing about it can be relied on. */
    enum status (*verify)(void *context, const struct crypto_hash *statement, struct bytes evidence, struct error *e);
    void *context;
};

struct attestation_verifiers {
    const struct attestation_verifier *list;
    size_t count;
    bool required; /* refuse a proof that has no attestation */
};

#endif
