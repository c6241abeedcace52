/* What evidence is about, and how the 64 bytes of report data say so:
 *
 *     [0:32]  = SHA-256("nvm-tee-v2" ‖ 0x00 ‖ kind ‖ origin ‖ statement hash ‖ SHA-384 of the registers
 *                       ‖ SHA-256(public key) ‖ le32 length of the nonce ‖ nonce)
 *     [32:64] = the verifier's nonce and zeros
 *
 * On Nitro the first half is user_data, and nonce and public key have fields of their own. The registers' hash is
 * tee_snapshot_digest; the public key may be empty. The nonce is in the digest, too, with its length: zeros after it
 * do not belong to it, and no nonce differs from one of zeros. The text in front is a separation of purposes, no
 * authority: whoever controls the guest can ask its hardware for any 64 bytes. That the right program asked is said by
 * the measurements. */
#ifndef TEE_STATEMENT_H
#define TEE_STATEMENT_H

#include "tee/origin.h"
#include "tee/provider.h"
#include "tee/registers.h"

enum tee_statement_kind {
    STATEMENT_RUN = 1,   /* the statement of an execution proof (docs/proof.md) */
    STATEMENT_KEY,       /* a key that was made in the enclave, and for what */
    STATEMENT_CHALLENGE, /* nothing but an answer to a verifier */
    STATEMENT_UNCHECKED, /* a hash that somebody has handed in: no verifier takes it for a result */
};
/* "run", "key", "challenge", "unchecked"; "unknown" */
const char *tee_statement_kind_name(enum tee_statement_kind kind);

/* Purposes that begin with "nvm-" are of keys that nvm itself has made inside, and never lets out: nobody can have a
 * key of his own attested for them. What signs statements is for TEE_PURPOSE_SIGN, perhaps followed by ":" and
 * a text. */
#define TEE_PURPOSE_OWN "nvm-"
#define TEE_PURPOSE_SIGN "nvm-sign-v1"
#define TEE_PURPOSE_RELEASE "nvm-release-v1"
bool tee_purpose_is(struct bytes purpose, const char *own); /* that, or that with ":" and a text */

enum { STATEMENT_SIZE = 32, TEE_NONCE_MAX = 32, TEE_PUBLIC_KEY_MAX = 1024, TEE_PURPOSE_MAX = 64 };

/* SHA-256("nvm-tee-key-v1" ‖ 0x00 ‖ le32 length ‖ purpose ‖ le64 time): the key itself is bound by the digest.
 * `created` is the enclave's clock in Unix seconds. */
void tee_key_statement(struct bytes purpose, uint64_t created, uint8_t out[STATEMENT_SIZE]);
/* SHA-256("nvm-tee-challenge-v1" ‖ 0x00 ‖ le32 length ‖ challenge). */
void tee_challenge_statement(struct bytes challenge, uint8_t out[STATEMENT_SIZE]);

/* Whether something of this kind can have come about so: a run in some way, keys and bare hashes in none; a challenge
 * may be answered for registers that a run has filled. */
bool tee_origin_fits(enum tee_statement_kind kind, enum tee_origin origin);

/* What the digest covers. */
struct tee_binding {
    enum tee_statement_kind kind;
    enum tee_origin origin;        /* of a result, or of the registers of a challenge; else ORIGIN_NONE */
    const uint8_t *statement;      /* STATEMENT_SIZE bytes */
    const struct tee_snapshot *registers;
    struct bytes public_key, nonce; /* may be empty */
};
/* The first half of the report data. */
void tee_statement_digest(const struct tee_binding *b, uint8_t out[32]);

/* What a provider is asked for. Refusals: nonce (more than TEE_NONCE_MAX bytes), limit (the key). The request refers to
 * nonce and key. */
enum status tee_statement_request(const uint8_t digest[32], struct bytes nonce, struct bytes public_key,
                                  struct tee_request *out, struct error *e);

#endif
