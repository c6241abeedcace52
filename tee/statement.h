/* What evidence is about, and how the 64 bytes of report data say so:
 *
 *     [0:32]  = SHA-256("nvm-tee-v1" ‖ 0x00 ‖ kind ‖ statement hash ‖ SHA-384 of the registers ‖ SHA-256(public key))
 *     [32:64] = the verifier's nonce and zeros
 *
 * On Nitro the first half is user_data, and nonce and public key have fields of their own. The registers' hash is
 * tee_snapshot_digest; the public key may be empty. The text in front is a separation of purposes, no authority: whoever
 * controls the guest can ask its hardware for any 64 bytes. That the right program asked is said by the measurements. */
#ifndef TEE_STATEMENT_H
#define TEE_STATEMENT_H

#include "tee/provider.h"
#include "tee/registers.h"

enum tee_statement_kind {
    STATEMENT_RUN = 1,   /* the statement of an execution proof (docs/proof.md) */
    STATEMENT_KEY,       /* a key that was made in the enclave, and for what */
    STATEMENT_CHALLENGE, /* nothing but an answer to a verifier */
};
const char *tee_statement_kind_name(enum tee_statement_kind kind); /* "run", "key", "challenge"; "unknown" */

/* Purposes that begin with "nvm-" are of keys that nvm itself has made inside, and never lets out: nobody can have a key of
 * his own attested for them. What signs statements is for TEE_PURPOSE_SIGN, perhaps with ":" and a text behind it. */
#define TEE_PURPOSE_OWN "nvm-"
#define TEE_PURPOSE_SIGN "nvm-sign-v1"
#define TEE_PURPOSE_RELEASE "nvm-release-v1"
bool tee_purpose_is(struct bytes purpose, const char *own); /* that, or that with ":" and a text */

enum { STATEMENT_SIZE = 32, TEE_NONCE_MAX = 32, TEE_PUBLIC_KEY_MAX = 1024, TEE_PURPOSE_MAX = 64 };

/* SHA-256("nvm-tee-key-v1" ‖ 0x00 ‖ le32 length ‖ purpose ‖ le64 time): the key itself is bound by the digest. `created`
 * is the enclave's clock in Unix seconds. */
void tee_key_statement(struct bytes purpose, uint64_t created, uint8_t out[STATEMENT_SIZE]);
/* SHA-256("nvm-tee-challenge-v1" ‖ 0x00 ‖ le32 length ‖ challenge). */
void tee_challenge_statement(struct bytes challenge, uint8_t out[STATEMENT_SIZE]);

/* The first half of the report data. */
void tee_statement_digest(enum tee_statement_kind kind, const uint8_t statement[STATEMENT_SIZE],
                          const struct tee_snapshot *registers, struct bytes public_key, uint8_t out[32]);

/* What a provider is asked for. Refusals: nonce (more than TEE_NONCE_MAX bytes), limit (the key). The request refers to
 * nonce and key. */
enum status tee_statement_request(const uint8_t digest[32], struct bytes nonce, struct bytes public_key,
                                  struct tee_request *out, struct error *e);

#endif
