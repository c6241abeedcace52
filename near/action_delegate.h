/* Delegate actions: actions that somebody signed for a relayer to send (NEP-366; with gas keys NEP-611).
 * Source: near-primitives 0.38.0, action/delegate.rs and signable_message.rs. */
#ifndef NEAR_ACTION_DELEGATE_H
#define NEAR_ACTION_DELEGATE_H

#include "near/action.h"
#include "near/signature.h"

/* SignedDelegateAction, or VersionedSignedDelegateAction if is_v2. Owns nothing. */
struct delegate_action {
    bool is_v2;
    struct account_id sender_id, receiver_id;
    const struct action *actions; /* none of them a delegate action */
    uint32_t action_count;
    uint64_t nonce;
    bool has_nonce_index;         /* v2: the nonce of a gas key */
    uint16_t nonce_index;
    uint64_t max_block_height;
    const struct public_key *public_key;
    struct signature signature;
};

/* Borsh of the signed delegate action: what stands behind the action's kind. */
struct delegate_action delegate_action_read(struct record_reader *r, bool is_v2);
void delegate_action_write(const struct delegate_action *d, struct buffer *out);

/* What is signed: SHA-256 of a discriminant (NEP-461) and the Borsh bytes without the signature. STATUS_NO_MEMORY. */
enum status delegate_action_hash(const struct delegate_action *d, struct crypto_hash *out, struct error *e);
/* Sets *valid: whether public_key made the signature. STATUS_NO_MEMORY. */
enum status delegate_action_verify(const struct delegate_action *d, bool *valid, struct error *e);

#endif
