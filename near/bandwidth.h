/* Bandwidth: what shards ask for to send receipts, and the state of who divides it among them.
 * Source: near-primitives 0.38.0, bandwidth_scheduler.rs.
 *
 * Every ..._from_borsh takes the whole input or nothing: STATUS_MALFORMED, STATUS_NO_MEMORY; *out is then unchanged. */
#ifndef NEAR_BANDWIDTH_H
#define NEAR_BANDWIDTH_H

#include "base/arena.h"
#include "near/crypto_hash.h"
#include "base/error.h"

enum {
    BANDWIDTH_REQUEST_VALUES = 40, /* amounts that can be asked for */
    BANDWIDTH_BITMAP_SIZE = BANDWIDTH_REQUEST_VALUES / 8,
};

struct bandwidth_request {
    uint16_t to_shard;
    uint8_t bitmap[BANDWIDTH_BITMAP_SIZE]; /* bit i % 8 of byte i / 8: the i-th value is asked for */
};

struct bandwidth_requests {
    struct bandwidth_request *requests;
    uint32_t count;
};

enum status bandwidth_requests_from_borsh(struct bytes input, struct arena *arena, struct bandwidth_requests *out,
                                          struct error *e);
void bandwidth_requests_write(const struct bandwidth_requests *b, struct buffer *out);

struct link_allowance {
    uint64_t sender, receiver; /* shard ids */
    uint64_t allowance;        /* bytes */
};

struct bandwidth_scheduler_state {
    struct link_allowance *links;
    uint32_t count;
    struct crypto_hash sanity_check_hash;
};

enum status bandwidth_scheduler_state_from_borsh(struct bytes input, struct arena *arena,
                                                 struct bandwidth_scheduler_state *out, struct error *e);
void bandwidth_scheduler_state_write(const struct bandwidth_scheduler_state *s, struct buffer *out);

#endif
