/* Attestation documents of AWS Nitro Enclaves: a COSE_Sign1 message whose payload is a map in CBOR. Reading says nothing
 * about whether it is genuine: nitro_verify (evidence.h) does. */
#ifndef TEE_NITRO_DOCUMENT_H
#define TEE_NITRO_DOCUMENT_H

#include "tee/cose.h"

/* Bounds of the schema that AWS publishes. */
enum {
    NITRO_PCRS = 32,
    NITRO_PCR_SIZE = 48,           /* the digest is SHA-384 */
    NITRO_PAYLOAD_MAX = 1 << 14,
    NITRO_CERTIFICATE_MAX = 1024,
    NITRO_PUBLIC_KEY_MAX = 1024,
    NITRO_USER_DATA_MAX = 512,
    NITRO_NONCE_MAX = 512,
    NITRO_CHAIN_MAX = 16,          /* CA certificates; documents have 4 */
};

struct nitro_document {
    struct cose_sign1 message;
    struct bytes module_id;        /* UTF-8, not empty; whatever characters */
    uint64_t timestamp_ms;         /* since 1970; more than 0 */
    uint32_t pcr_mask;             /* which registers are there */
    struct bytes pcr[NITRO_PCRS];
    struct bytes certificate;      /* DER */
    struct bytes cabundle[NITRO_CHAIN_MAX]; /* from the root down to the leaf's issuer */
    uint32_t cabundle_count;
    bool has_public_key, has_user_data, has_nonce; /* null counts as absent */
    struct bytes public_key, user_data, nonce;
};

/* Reads a document to its last byte; everything refers to it. The payload may be a map of stated or unstated length, with
 * its keys in any order. Refusals: cose, alg, crit, cbor, pcr-format, chain (no CA certificate), limit. */
enum status nitro_document_read(struct bytes evidence, struct nitro_document *out, struct error *e);

/* "pcr0" … "pcr31". */
const char *nitro_pcr_name(unsigned index);

#endif
