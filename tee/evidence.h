/* Checking evidence of any platform by one entry. */
#ifndef TEE_EVIDENCE_H
#define TEE_EVIDENCE_H

#include "tee/policy.h"

/* What the evidence must be about. Compared as a whole, never by prefix. */
struct tee_expected {
    bool has_digest;
    uint8_t digest[32];            /* statement.h makes it: report data [0:32], Nitro's user_data */
    bool has_nonce;
    struct bytes nonce;            /* at most 32 bytes, then zeros: report data [32:64]; Nitro: exactly its nonce */
    bool has_public_key;
    struct bytes public_key;       /* Nitro's public_key */
};

/* A file that came with the evidence or was given by the user: told apart by contents (dcap.h, snp.h, nitro.h say which
 * they read): collateral JSON, TCB info, PEM chain, DER or PEM certificate, CRL, SNP certificate table. */
struct tee_file {
    const char *name;              /* for messages */
    struct bytes data;
};

/* Everything that a platform's verifier gets. */
struct tee_input {
    struct bytes evidence;         /* raw: quote, document, report */
    const struct tee_file *files;  /* collateral */
    uint32_t file_count;
    const struct tee_policy *policy;
    const struct tee_expected *expected; /* null: only what the policy says */
    int64_t at;                    /* Unix seconds */
    const struct bytes *roots;     /* DER of trusted root certificates for this platform: the compiled-in ones
                                    * (roots.h), or others handed in by the caller */
    uint32_t root_count;
    bool simulated;                /* the roots are not the vendor's: verdict->simulated */
    struct chain_cache *cache;     /* may be null: certificates that were checked before (x509.h) */
};

/* Each checks all of its platform, in the order of the steps in the specification, and stops at the first thing that
 * makes going on pointless; the judgement by the policy is made in full. STATUS_OK: accepted; STATUS_INVALID: refused,
 * and both *e and the verdict say why; STATUS_NO_MEMORY. */
enum status nitro_verify(const struct tee_input *in, struct tee_verdict *v, struct error *e);
enum status dcap_verify(const struct tee_input *in, struct tee_verdict *v, struct error *e); /* SGX and TDX */
enum status snp_verify(const struct tee_input *in, struct tee_verdict *v, struct error *e);

/* Which platform raw evidence is of, by its form alone. */
enum tee_platform tee_evidence_platform(struct bytes evidence);
/* Dispatches by the policy's platform: evidence of another one is refused (platform). */
enum status tee_evidence_verify(const struct tee_input *in, struct tee_verdict *v, struct error *e);

#endif
