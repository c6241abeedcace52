/* The receipt sink: where receipts go that are made in a chunk. As many as gas and bandwidth allow leave the shard with
 * the chunk, the others wait in buffers, one for each shard. Source: nearcore,
 * runtime/runtime/src/congestion_control.rs.
 *
 * What other files call is declared in runtime/internal.h. */
#ifndef RUNTIME_RECEIPT_SINK_H
#define RUNTIME_RECEIPT_SINK_H

#include "runtime/bandwidth.h"
#include "runtime/receipt_groups.h"

/* What may still leave for a shard. */
struct outgoing_limit {
    uint64_t gas, size; /* size in bytes */
};

struct receipt_sink {
    struct bandwidth_parameters bandwidth;
    const uint64_t *grants;               /* by link, see runtime/bandwidth.h */
    struct crypto_hash scheduler_hash;    /* SHA-256 of its new state */
    struct outgoing_limit *limits;        /* by index of the shard */
    struct buffered_indices buffers;      /* sorted by shard id; the array has room for all shards of the layout */
    struct receipt_groups *groups;        /* of each buffer */
};

/* Reads a receipt of a queue or buffer. What it counts for is that which it was put in with, or computed if the state
 * has the receipt alone. STATUS_INVALID, too: there is none under that key. */
enum status stored_receipt_load(struct apply_state *s, const struct trie_key *key, struct stored_receipt *out,
                                struct error *e);

/* Sets s->congestion by reading all receipts that wait: for a chunk of a shard that nothing is known of. */
enum status congestion_bootstrap(struct apply_state *s, struct error *e);

/* Requests for what is in the buffers now. */
enum status receipt_sink_requests(struct apply_state *s, struct bandwidth_requests *out, struct error *e);

#endif
