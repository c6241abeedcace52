/* Groups of buffered receipts: how much waits for a shard, in pieces of about 100 kB, so that a bandwidth request can
 * be made without reading the receipts. Source: nearcore, core/store/src/trie/outgoing_metadata.rs. */
#ifndef RUNTIME_RECEIPT_GROUPS_H
#define RUNTIME_RECEIPT_GROUPS_H

#include "runtime/internal.h"

/* The groups of the buffer to one shard; `exists`: the state has them. */
struct receipt_groups {
    uint64_t shard_id;
    bool exists;
    struct receipt_groups_queue queue;
};

/* Errors are those of the state (runtime/state.h); also STATUS_INVALID if the groups contradict the buffer. */
enum status receipt_groups_load(struct apply_state *s, uint64_t shard_id, struct receipt_groups *out, struct error *e);
/* A receipt of V1 was put at the end of the buffer, or taken from its front. */
enum status receipt_groups_push(struct apply_state *s, struct receipt_groups *g, uint64_t size, uint64_t gas,
                                struct error *e);
enum status receipt_groups_pop(struct apply_state *s, struct receipt_groups *g, uint64_t size, uint64_t gas,
                               struct error *e);
/* The index-th group, from queue.indices.first on. */
enum status receipt_groups_read(struct apply_state *s, const struct receipt_groups *g, uint64_t index,
                                struct receipt_group *out, struct error *e);

#endif
