/* The outside of a contract call, over the state of a chunk: host/external.h. Storage is the trie with the chunk's
 * pending changes; receipts are collected (runtime/call_receipts.h). */
#ifndef RUNTIME_EXTERNAL_H
#define RUNTIME_EXTERNAL_H

#include "host/external.h"
#include "runtime/call_receipts.h"

struct runtime_external {
    struct external_state external; /* to be handed to contract_call */
    struct apply_state *state;
    const struct action_context *action;
    struct call_receipts receipts;
    uint64_t data_count;            /* data ids given out */
    uint64_t proof_size_before;     /* from where the limit on the storage proof counts */
    struct trie_found found;        /* what storage_get has found last */
    struct buffer key;              /* of the trie */
    bool no_memory;                 /* where the interface has no way to say so: the call has no outcome */
};

/* For one call; must not move after that. Release with runtime_external_free. */
void runtime_external_init(struct runtime_external *x, const struct action_context *c);
void runtime_external_free(struct runtime_external *x);

#endif
