/* A key that is made in the enclave and attested once (its public half goes into the evidence), and that then signs
 * statements: ed25519 over
 *
 *     "nvm-tee-statement-v2" ‖ 0x00 ‖ origin ‖ statement hash (32) ‖ purpose ‖ le64 time
 *
 * The purpose alone has no fixed length, so nothing can be shifted. Time is the enclave's clock in Unix seconds. The
 * origin says how the signer knows the statement (origin.h). A bare hash, of which it knows nothing (ORIGIN_NONE), is
 * signed under another label, "nvm-tee-unchecked-v1", which no verifier takes for a result. */
#ifndef TEE_SIGNING_KEY_H
#define TEE_SIGNING_KEY_H

#include "tee/origin.h"
#include "tee/root.h"

enum { TEE_SIGNING_PUBLIC_SIZE = 32, TEE_SIGNING_SIGNATURE_SIZE = 64, TEE_SIGNING_PURPOSE_MAX = 64 };

struct tee_signing_key; /* in secret_memory.h's memory */

/* STATUS_NO_MEMORY, STATUS_IO (no random numbers). */
enum status tee_signing_key_new(const struct tee_system *system, struct tee_signing_key **out, struct error *e);
void tee_signing_key_free(struct tee_signing_key *key); /* null is allowed; wipes it */
const uint8_t *tee_signing_key_public(const struct tee_signing_key *key); /* TEE_SIGNING_PUBLIC_SIZE bytes */

struct tee_signed {
    const uint8_t *statement;      /* 32 bytes */
    enum tee_origin origin;
    struct bytes purpose;
    uint64_t time;
};

/* Refusals: limit (purpose). Constant time. */
enum status tee_signing_key_sign(const struct tee_signing_key *key, const struct tee_signed *what,
                                 uint8_t signature[TEE_SIGNING_SIGNATURE_SIZE], struct error *e);

/* Refusals: key (not 32 bytes, no point, or one of small order, for which one signature fits many statements), limit
 * (purpose), statement-signature. */
enum status tee_statement_verify(struct bytes public_key, const struct tee_signed *what,
                                 const uint8_t signature[TEE_SIGNING_SIGNATURE_SIZE], struct error *e);

/* To keep the key under a root: appends a sealed blob (SEAL_KEY), and opens it; refusals as of tee_seal and tee_unseal,
 * format if the blob is of something else. */
enum status tee_signing_key_seal(const struct tee_signing_key *key, const struct tee_root *root,
                                 const struct tee_system *system, const struct tee_seal_policy *policy,
                                 const struct tee_snapshot *registers, struct buffer *out, struct error *e);
enum status tee_signing_key_unseal(const struct tee_root *root, struct bytes blob, const struct tee_snapshot *registers,
                                   const uint8_t *code_hash, struct tee_signing_key **out, struct error *e);

#endif
