/* Issuing attestation documents of AWS Nitro Enclaves: a root, a regional, a zonal and an instance CA, the enclave's
 * certificate, and documents (COSE_Sign1 over CBOR) that it signs.
 *
 *     struct issue i = {0};
 *     struct issue_nitro n;
 *     struct issue_nitro_document d;
 *     issue_nitro_defaults(&i, seed, &n);
 *     issue_nitro_document_defaults(&i, &n, at, &d);   // takes the certificates as they are by then
 *     d.user_data = (struct issue_nitro_value){ISSUE_BYTES, statement};
 *     struct bytes document = issue_nitro_document(&i, &d);
 */
#ifndef TEE_ISSUE_NITRO_H
#define TEE_ISSUE_NITRO_H

#include "tee/issue_certificate.h"
#include "tee/issue_crl.h"

enum issue_nitro_level { NITRO_ROOT, NITRO_REGIONAL, NITRO_ZONAL, NITRO_INSTANCE, NITRO_LEAF, NITRO_LEVELS };

/* Each level is signed by the one before, the root by itself. It refers to itself: it must stay where it is. */
struct issue_nitro {
    struct issue_key keys[NITRO_LEVELS];
    struct issue_certificate certificates[NITRO_LEVELS];
    const struct issue_key *signers[NITRO_LEVELS];
};
void issue_nitro_defaults(struct issue *i, const uint8_t seed[32], struct issue_nitro *out);
void issue_nitro_wipe(struct issue_nitro *n);
struct bytes issue_nitro_certificate(struct issue *i, const struct issue_nitro *n, enum issue_nitro_level level);
/* An empty list of one of the CAs, valid around that time. */
void issue_nitro_crl_defaults(struct issue *i, const struct issue_nitro *n, enum issue_nitro_level level, int64_t at,
                              struct issue_crl *out);

enum issue_nitro_form { ISSUE_ABSENT, ISSUE_NULL, ISSUE_BYTES };
struct issue_nitro_value {
    enum issue_nitro_form form;
    struct bytes bytes;
};
struct issue_nitro_pcr {
    uint64_t index;
    struct bytes value;
};
enum { ISSUE_NITRO_PCRS = 40, ISSUE_NITRO_BUNDLE = 8 };

struct issue_nitro_document {
    const char *module_id, *digest;
    uint64_t timestamp;            /* milliseconds */
    struct issue_nitro_pcr pcrs[ISSUE_NITRO_PCRS];
    uint32_t pcr_count;
    struct bytes certificate, bundle[ISSUE_NITRO_BUNDLE]; /* DER; the root first */
    uint32_t bundle_count;
    struct issue_nitro_value public_key, user_data, nonce;
    bool definite;                 /* the payload's map has its length, as until 2023 */
    struct bytes extra;            /* further pairs of the payload's map, as CBOR */
    uint32_t extra_pairs;
    struct bytes payload;          /* in place of all of the above, if it has data */
    /* the envelope */
    bool tagged;
    uint64_t tag;                  /* 18 */
    struct bytes protected_header; /* contents of the byte string: a1 01 38 22 */
    struct bytes unprotected_header; /* CBOR: a0 */
    uint32_t items;                /* of the array as written: 4 */
    struct bytes further_items;    /* CBOR of those behind the signature */
    const struct issue_key *signer;
    enum hash hash;
    struct bytes signature;        /* in place of the right one, if it has data */
    struct bytes tail;
};
/* A document with 16 registers of which 0 to 4 and 8 are not zero, and nulls for what is optional. */
void issue_nitro_document_defaults(struct issue *i, const struct issue_nitro *n, int64_t at,
                                   struct issue_nitro_document *out);
struct bytes issue_nitro_payload(struct issue *i, const struct issue_nitro_document *d);
struct bytes issue_nitro_document(struct issue *i, const struct issue_nitro_document *d);

#endif
