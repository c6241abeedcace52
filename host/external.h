/* The outside of a contract call: where its state is kept and where its receipts go. host/ calls these functions and
 * knows nothing of what is behind them; runtime/ puts the state trie there, mock_external.h a map.
 *
 * Every function gets `self`, the pointer from struct external_state. Byte strings that are passed in belong to the
 * caller and are copied if they are to stay. Indices of receipts are the implementation's own numbers, given back to
 * it later. */
#ifndef HOST_EXTERNAL_H
#define HOST_EXTERNAL_H

#include "base/bytes.h"
#include "base/error.h"
#include "base/u128.h"
#include "near/account_id.h"
#include "near/action.h"

/* The variants of HostError, as production names them. */
enum host_error {
    HOST_OK = 0,
#define X(name, text) HOST_##name,
#include "host/errors.def"
#undef X
    HOST_ERROR_COUNT,
    HOST_STOPPED,           /* the access tracker said stop: why is recorded there */
    HOST_EXTERNAL_FAILURE,  /* not the contract's fault: the run has no outcome. `error` of the external says why. */
};

/* Whom a storage access tells what it costs while it is done. Each returns false when the call is over (no gas): the
 * external then stops and returns HOST_STOPPED. A null tracker: nothing is charged. */
struct access_tracker {
    bool (*trie_node_touched)(struct access_tracker *t, uint64_t count);
    bool (*cached_trie_node_access)(struct access_tracker *t, uint64_t count);
    bool (*write_evicted_bytes)(struct access_tracker *t, uint64_t bytes);
    bool (*removed_value_bytes)(struct access_tracker *t, uint64_t bytes);
};

/* A value that was found, before it is read. */
struct stored_value {
    bool found;
    uint32_t length;
    uint64_t handle;        /* the external's */
};

/* What check_state_init finds; the numbers are what universal_state_init_to_account_id returns. */
enum state_init_check {
    STATE_INIT_VALID = 0,
    STATE_INIT_MALFORMED = 1,     /* does not decode */
    STATE_INIT_NOT_CANONICAL = 2, /* decodes, but its canonical encoding is another one */
};

struct state_init_counts {
    uint64_t bytes, entries, keys;
};

struct external_functions {
    /* Storage of the current account. `old` and `removed` are filled with the former value (buffers are emptied
     * first); *found says whether there was one. */
    enum host_error (*storage_set)(void *self, struct access_tracker *t, struct bytes key, struct bytes value,
                                   bool *found, struct buffer *old);
    enum host_error (*storage_get)(void *self, struct access_tracker *t, struct bytes key, struct stored_value *out);
    /* The bytes of a value that storage_get has found; valid until the next call of any function but
     * recorded_storage_size. */
    enum host_error (*storage_deref)(void *self, struct access_tracker *t, const struct stored_value *v,
                                     struct bytes *out);
    enum host_error (*storage_remove)(void *self, struct access_tracker *t, struct bytes key, bool *found,
                                      struct buffer *removed);
    enum host_error (*storage_has_key)(void *self, struct access_tracker *t, struct bytes key, bool *found);
    /* Bytes of the storage proof recorded so far, now and before this receipt. */
    uint64_t (*recorded_storage_size)(void *self);
    uint64_t (*storage_proof_size_before_receipt)(void *self);

    enum host_error (*validator_stake)(void *self, const struct account_id *account, bool *found, struct u128 *stake);
    enum host_error (*validator_total_stake)(void *self, struct u128 *stake);
    struct bytes (*chain_id)(void *self); /* valid as long as the external */

    /* An action receipt that waits for the data of `dependencies`. */
    enum host_error (*create_action_receipt)(void *self, const uint64_t *dependencies, size_t count,
                                             const struct account_id *receiver, uint64_t *receipt);
    /* A receipt that waits for a resume; its data id is 32 bytes. With a yield id (32 bytes): *created is false if
     * that id is in use. */
    enum host_error (*create_promise_yield_receipt)(void *self, const struct account_id *receiver, uint64_t *receipt,
                                                    uint8_t data_id[32]);
    enum host_error (*create_promise_yield_receipt_with_id)(void *self, const struct account_id *receiver,
                                                            const uint8_t yield_id[32], bool *created,
                                                            uint64_t *receipt, uint8_t data_id[32]);
    enum host_error (*submit_promise_resume_data)(void *self, const uint8_t data_id[32], struct bytes data,
                                                  bool *accepted);
    enum host_error (*submit_promise_resume_data_with_yield_id)(void *self, const uint8_t yield_id[32],
                                                                struct bytes data, bool *accepted);

    /* Appends any action but a state-init's data entry. *index is the action's place among those of the receipt as
     * set_state_init_data_entry wants it back (may be null). */
    enum host_error (*append_action)(void *self, uint64_t receipt, const struct action *action, uint64_t *index);
    enum host_error (*set_state_init_data_entry)(void *self, uint64_t receipt, uint64_t action, struct bytes key,
                                                 struct bytes value);
    enum state_init_check (*check_state_init)(void *self, struct bytes state_init);
    /* Counts for the fees of sending a universal state init; `canonical` is the decoding mode. */
    struct state_init_counts (*state_init_send_counts)(void *self, struct bytes state_init, bool canonical);

    const struct account_id *(*receipt_receiver)(void *self, uint64_t receipt);
    enum host_error (*set_refund_to)(void *self, uint64_t receipt, const struct account_id *account);
    bool (*post_quantum_keys_enabled)(void *self);
};

struct external_state {
    const struct external_functions *functions;
    void *self;
    /* Set by a function that returns an error with numbers in its message (HOST_InvalidActionIndex, ...): %a and %b of
     * errors.def. */
    uint64_t fault_a, fault_b;
    /* Set with HOST_EXTERNAL_FAILURE: why. */
    struct error error;
};

#endif
