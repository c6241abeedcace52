/* Checking an attestation: that what it says beside the evidence follows from the evidence, that the evidence is what
 * the policy accepts, and that it is about what the caller asks. */
#ifndef TEE_ATTESTATION_VERIFY_H
#define TEE_ATTESTATION_VERIFY_H

#include "proof/execution_proof.h"
#include "tee/attestation.h"
#include "tee/evidence.h"

/* What evidence is judged by. All of it stays the caller's. */
struct tee_trust {
    const struct tee_policy *policy;
    const struct tee_file *files;          /* collateral, besides the attestation's own auxiliary data */
    uint32_t file_count;
    int64_t at;                            /* Unix seconds */
    const struct bytes *simulator_roots;   /* used, with the policy's own, only if the policy allows the simulator */
    uint32_t simulator_root_count;
    struct chain_cache *cache;             /* may be null */
};

/* What an attestation must be about; what is not demanded is only noted. */
struct tee_subject {
    const struct execution_proof *proof;   /* may be null. Its statement is `statement`; registers 1 to 3 must fit */
    bool has_statement;                    /* attested itself, or signed by the attested key */
    uint8_t statement[STATEMENT_SIZE];
    bool unchecked;                        /* it is a bare hash, of which nothing was executed or verified */
    bool has_nonce;                        /* the challenge */
    struct bytes nonce;
    bool has_public_key;
    struct bytes public_key;
    bool has_purpose;                      /* of an attested key; else what the policy says */
    struct bytes purpose;
};

/* STATUS_OK: accepted. STATUS_INVALID: refused, *e and the verdict say why. STATUS_NO_MEMORY. Refusals besides those of
 * the platform's verifier: platform, version, simulator-not-allowed, event-log, report-data, nonce, key-binding,
 * purpose, origin, unchecked, key-age, future, statement-signature. *v must be zero at first; it is for the caller to
 * free in any case. */
enum status tee_attestation_verify(const struct tee_attestation *a, const struct tee_trust *t,
                                   const struct tee_subject *about, struct tee_verdict *v, struct error *e);

/* The same for raw evidence; `expected` may be null. The vendor's roots are tried first; then, if the policy allows
 * it, the simulator's. */
enum status tee_raw_verify(struct bytes evidence, const struct tee_trust *t, const struct tee_expected *expected,
                           struct tee_verdict *v, struct error *e);

#endif
