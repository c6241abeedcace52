/* COSE_Sign1 (RFC 9052, section 4.2) with ECDSA over P-384 and SHA-384 ("ES384"), the only form that Nitro uses. */
#ifndef TEE_COSE_H
#define TEE_COSE_H

#include "base/bytes.h"
#include "tee/refusal.h"

enum { COSE_TAG_SIGN1 = 18, COSE_ES384 = -35, COSE_SIGNATURE_SIZE = 96, COSE_HASH_SIZE = 48 };

/* Views of the input. */
struct cose_sign1 {
    struct bytes protected_header; /* as it was signed */
    struct bytes payload;
    struct bytes signature;        /* r ‖ s, big-endian; of any length as yet */
};

/* Reads a message to its last byte, with or without the tag. The algorithm must be ES384 in the protected header, which
 * holds nothing else; the unprotected one must be empty. Refusals: cose, alg, crit. */
enum status cose_sign1_read(struct bytes message, struct cose_sign1 *out, struct error *e);

/* The header that says ES384. */
struct bytes cose_es384_header(void);
/* What is signed: SHA-384 of the Sig_structure over header and payload, without external data. */
void cose_sign1_hash(struct bytes protected_header, struct bytes payload, uint8_t out[COSE_HASH_SIZE]);
/* Whether r ‖ s is the hash's signature by the key x ‖ y. Refusal: signature, also for a key that is no point. */
enum status cose_sign1_verify(const struct cose_sign1 *m, struct bytes point, struct error *e);
/* Appends a message (without the tag). */
void cose_sign1_write(struct buffer *out, struct bytes protected_header, struct bytes payload, struct bytes signature);

#endif
