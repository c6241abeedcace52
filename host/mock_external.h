/* An external over a map: for trying and testing contracts without a state trie. What contracts ask of the outside
 * beyond storage is not done but logged.
 *
 * It behaves as the mock that the production VM is tested with (near-vm-runner 0.38.0, logic/mocks/mock_external.rs),
 * so that outcomes can be compared: accesses to storage cost nothing of their own (no trie nodes), no storage proof
 * grows, a receipt's index is the length of the log when it was made, data ids are the SHA-256 of a counter from 0
 * (64 bits, little-endian), every state init is valid and counts no entries and no keys, post-quantum keys are
 * accepted. */
#ifndef HOST_MOCK_EXTERNAL_H
#define HOST_MOCK_EXTERNAL_H

#include "host/external.h"
#include "host/state_map.h"

enum mock_entry_kind {
    MOCK_CREATE_RECEIPT,
    MOCK_ACTION,
    MOCK_YIELD_CREATE,
    MOCK_YIELD_RESUME,
    MOCK_SET_REFUND_TO,
};

/* One line of the log. Everything in it belongs to the mock. */
struct mock_entry {
    enum mock_entry_kind kind;
    union {
        struct {
            const uint64_t *dependencies; /* receipts */
            size_t dependency_count;
            struct account_id receiver;
        } create_receipt;
        struct {
            uint64_t receipt;
            struct action action;        /* a deterministic state init has the entries that were set later, too: */
            struct state_entry *entries; /* the same as in the action, once one was set; room for: */
            size_t entry_capacity;
        } action;
        struct {
            uint8_t data_id[32];
            struct account_id receiver;
            bool has_yield_id;
            uint8_t yield_id[32];
        } yield_create;
        struct {
            uint8_t data_id[32];
            struct bytes data;
        } yield_resume;
        struct {
            uint64_t receipt;
            struct account_id account;
        } set_refund_to;
    };
};

/* Start with mock_external_init, release with mock_external_free; must not move in between. Hand &mock.external to
 * contract_call. One call at a time. */
struct mock_external {
    struct external_state external;
    struct state_map state;
    struct state_map validators; /* account id → stake, 16 bytes, little-endian */
    struct u128 total_stake;
    struct bytes chain_id;       /* "test" unless set */
    struct mock_entry **log;     /* entries stay where they are */
    uint32_t log_count, log_capacity;
    uint64_t data_count;         /* data ids given out */
    struct arena arena;          /* what the log points to */
};

void mock_external_init(struct mock_external *m);
void mock_external_free(struct mock_external *m);

/* The state before the call: state_map_put on m->state. What the call has changed: state_map_changes. */

/* A later stake for the same account takes the place of an earlier one. STATUS_INVALID: the stakes together exceed
 * 2^128 - 1; STATUS_NO_MEMORY. */
enum status mock_external_set_validator(struct mock_external *m, const struct account_id *account, struct u128 stake,
                                        struct error *e);
/* Copied. STATUS_NO_MEMORY. */
enum status mock_external_set_chain_id(struct mock_external *m, struct bytes chain_id, struct error *e);

#endif
