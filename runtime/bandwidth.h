/* Bandwidth: how many bytes of receipts each shard may send to each other one in a chunk. All shards run the same
 * scheduler on the same input (what every shard asked for in the block before), each for itself. Source: NEP-584;
 * nearcore, runtime/runtime/src/bandwidth_scheduler; near-primitives 0.38.0, bandwidth_scheduler.rs.
 *
 * A link is a pair of shards, sender and receiver; shards are numbered by their index in the layout, so that link
 * (s, r) is number s × shard_count + r. */
#ifndef RUNTIME_BANDWIDTH_H
#define RUNTIME_BANDWIDTH_H

#include "runtime/runtime.h"

/* All in bytes. */
struct bandwidth_parameters {
    uint64_t base_bandwidth;      /* granted on every link that is open, without a request */
    uint64_t max_shard_bandwidth; /* that a shard sends, or receives, in a chunk */
    uint64_t max_single_grant;    /* on a link */
    uint64_t max_receipt_size;
    uint64_t max_allowance;       /* that a link can save up */
};

/* shard_count: at least 1. */
struct bandwidth_parameters bandwidth_parameters_of(const struct protocol_parameters *p, uint32_t shard_count);

/* The amounts that can be asked for, ascending; the last one is max_single_grant. */
void bandwidth_values(const struct bandwidth_parameters *b, uint64_t out[static BANDWIDTH_REQUEST_VALUES]);

/* What the scheduler knows about a shard from its last chunk's header. */
struct shard_status {
    bool known;                  /* else nothing is sent to it */
    bool last_chunk_missing;     /* it sends nothing and is sent nothing */
    bool fully_congested;        /* only from the allowed sender */
    bool has_allowed_sender;
    uint32_t allowed_sender;     /* index */
};

struct bandwidth_input {
    const struct shard_layout *layout;
    const struct shard_status *statuses;             /* by index */
    const struct shard_bandwidth_requests *requests; /* in ascending order of shard ids */
    uint32_t request_count;
    const uint8_t *seed;                             /* 32 bytes, the hash of the previous block: breaks ties */
};

/* Divides the bandwidth and brings *state up to date, links and sanity check hash (a zero state is where it starts).
 * *grants: bytes for each link. Both are in the arena. STATUS_NO_MEMORY. */
enum status bandwidth_schedule(const struct bandwidth_parameters *b, const struct bandwidth_input *in,
                               struct bandwidth_scheduler_state *state, struct arena *arena, const uint64_t **grants,
                               struct error *e);

/* Divides what is left of the shards' budgets (bytes, by index) among the open links (by number), the scheduler's last
 * step: sets grants[link] for those. STATUS_NO_MEMORY. */
enum status bandwidth_distribute(const uint64_t *sender_budgets, const uint64_t *receiver_budgets, const bool *open,
                                 uint32_t shard_count, struct arena *arena, uint64_t *grants, struct error *e);

/* A request being made: sizes of receipts (or groups of them) are added in the order in which they wait. */
struct bandwidth_asker {
    const struct bandwidth_parameters *parameters;
    uint64_t values[BANDWIDTH_REQUEST_VALUES];
    struct bandwidth_request request; /* to_shard is the caller's to fill in */
    uint64_t total;
    bool full;                        /* no value covers what was added last: the rest does not matter */
};

void bandwidth_asker_init(struct bandwidth_asker *a, const struct bandwidth_parameters *b);
void bandwidth_asker_add(struct bandwidth_asker *a, uint64_t size);
/* Whether anything is asked for that base_bandwidth does not cover. */
bool bandwidth_asker_needs(const struct bandwidth_asker *a);

#endif
