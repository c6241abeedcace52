/* Collateral of Intel's attestation: what a verifier of quotes needs besides the quote. Read once, for any number of
 * verifications (dcap.h). */
#ifndef TEE_COLLATERAL_H
#define TEE_COLLATERAL_H

#include "tee/evidence.h"
#include "tee/qe_identity.h"
#include "tee/tcb_info.h"
#include "tee/x509.h"

enum {
    COLLATERAL_MAX_FILE = 1 << 20,
    CERTIFICATE_LIST_MAX = 4,
    PCK_CRL_MAX = 4,
};

struct certificate_list {
    struct certificate certificates[CERTIFICATE_LIST_MAX]; /* the leaf first */
    uint32_t count;
};

/* A document and the signature over its bytes. */
struct signed_document {
    struct bytes text;
    uint8_t signature[64];         /* r ‖ s */
    bool has_text, has_signature;
    struct bytes checked_under;    /* DER of the certificate under which the signature was found good; empty: not yet */
};

/* Zero-initialise; release with dcap_collateral_free. Belongs to one thread: verifications keep in it what they have
 * found out about signatures (never about times). Of the two documents nothing is read before their signatures have been
 * checked. */
struct dcap_collateral {
    struct signed_document tcb_info_document, qe_identity_document;
    struct certificate_list tcb_chain, qe_chain; /* the signers of the documents; an empty one: as the other */
    struct certificate_list pck_chain;           /* for quotes that hold none */
    struct certificate_list pck_crl_chain;
    struct crl root_crl;
    struct crl pck_crls[PCK_CRL_MAX];
    bool has_root_crl;
    uint32_t pck_crl_count;
    bool empty;                    /* there was no file at all */
    struct tcb_info tcb_info;      /* of tcb_info_document, once it is checked */
    struct qe_identity qe_identity;
    struct arena arena;            /* owns everything above */
};

/* Reads files, told apart by their contents:
 * - a JSON object with the strings pck_crl_issuer_chain, root_ca_crl, pck_crl, tcb_info_issuer_chain, tcb_info,
 *   tcb_info_signature, qe_identity_issuer_chain, qe_identity, qe_identity_signature, and pck_certificate_chain if need
 *   be: chains as PEM, CRLs and signatures in hexadecimal, documents as text;
 * - Intel's answers {"tcbInfo":{…},"signature":"…"} and {"enclaveIdentity":{…},"signature":"…"};
 * - CRLs as PEM, DER or hexadecimal; they belong to the root or a PCK CA by their issuer;
 * - chains of certificates as PEM (or one certificate as DER); what they are for is known by the leaf's name.
 * Nothing needs to be there: what a verification misses it says itself. The files may go afterwards. Refusals: collateral,
 * json, pem, tcb-format, qe-id-format, crl-format, limit, and those of certificate_read and crl_read. STATUS_NO_MEMORY.
 * On failure *out is zero. */
enum status dcap_collateral_read(const struct tee_file *files, uint32_t count, struct dcap_collateral *out,
                                 struct error *e);
void dcap_collateral_free(struct dcap_collateral *c);

/* Certificates in PEM and nothing else, at most CERTIFICATE_LIST_MAX. Refusals: pem, chain, those of certificate_read. */
enum status certificate_list_read(struct bytes pem, struct arena *a, struct certificate_list *out, struct error *e);

#endif
