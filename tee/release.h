/* A root of sealing that somebody releases to an enclave after attestation, for hardware that has none of its own and
 * for runs that go on elsewhere.
 *
 *   receiver  makes a key inside (tee_release_key_new); its public half goes into the evidence as its public key
 *   sender    verifies the evidence by a policy, takes the public key that it binds, and wraps the root to it
 *   receiver  unwraps it, and wipes the key
 *
 * P-256 Diffie-Hellman with a fresh key of the sender's → HKDF-SHA-256, whose info binds both public keys, the digest
 * that the evidence carries and a label → AES-256-GCM. docs/sealing.md has the message's layout, and says what the
 * receiver does not learn: who the sender is. */
#ifndef TEE_RELEASE_H
#define TEE_RELEASE_H

#include "tee/root.h"

enum { TEE_RELEASE_PUBLIC_SIZE = 65 /* SEC1: 0x04 ‖ x ‖ y */, TEE_RELEASE_MESSAGE_SIZE = 137, TEE_RELEASE_LABEL_MAX = 255 };

struct tee_release_key; /* in secret_memory.h's memory */

/* A fresh key, for one release. STATUS_NO_MEMORY, STATUS_IO (no random numbers). */
enum status tee_release_key_new(const struct tee_system *system, struct tee_release_key **out, struct error *e);
void tee_release_key_free(struct tee_release_key *key); /* null is allowed; wipes it */
const uint8_t *tee_release_key_public(const struct tee_release_key *key); /* TEE_RELEASE_PUBLIC_SIZE bytes */

/* What both sides agree on. */
struct tee_release_context {
    uint8_t digest[32];            /* that the evidence carries (report data [0:32]; Nitro's user_data): never a hash of the
                                    * evidence itself, whose signature anybody can write in a second way */
    struct bytes label;            /* what the root is for; at most TEE_RELEASE_LABEL_MAX bytes, may be empty */
};

/* Appends the message. Refusals: key (not a point of the curve), limit (label). */
enum status tee_release_wrap(const struct tee_root *root, const struct tee_system *system, struct bytes receiver,
                             const struct tee_release_context *context, struct buffer *out, struct error *e);

/* *out gets kind ROOT_RELEASED; on failure it is zero. `expected_id` is the tee_release_root_id that the root must have
 * (TEE_ROOT_ID_SIZE bytes): whoever can write messages could choose another. Refusals: length, format, version, suite,
 * key, limit, seal-corrupt (changed, or wrapped for another key, digest or label, or not the expected root). */
enum status tee_release_unwrap(const struct tee_release_key *key, struct bytes message,
                               const struct tee_release_context *context, const uint8_t expected_id[32],
                               struct tee_root *out, struct error *e);

/* tee_root_id of the root as its receivers have it: of kind ROOT_RELEASED. */
void tee_release_root_id(const struct tee_root *root, uint8_t id[TEE_ROOT_ID_SIZE]);

/* To keep the key while the evidence travels, under a root of this machine: appends a sealed blob (SEAL_KEY), and
 * opens it; refusals as of tee_seal and tee_unseal, format if the blob is of something else. */
enum status tee_release_key_seal(const struct tee_release_key *key, const struct tee_root *root,
                                 const struct tee_system *system, const struct tee_seal_policy *policy,
                                 const struct tee_snapshot *registers, struct buffer *out, struct error *e);
enum status tee_release_key_unseal(const struct tee_root *root, struct bytes blob, const struct tee_snapshot *registers,
                                   const uint8_t *code_hash, struct tee_release_key **out, struct error *e);

#endif
