/* Congestion info: what a chunk header says about the receipts that wait in a shard.
 * Source: near-primitives 0.38.0, congestion_info.rs. */
#ifndef NEAR_CONGESTION_INFO_H
#define NEAR_CONGESTION_INFO_H

#include "base/bytes.h"
#include "base/error.h"
#include "base/u128.h"

struct congestion_info {
    struct u128 delayed_receipts_gas, buffered_receipts_gas;
    uint64_t receipt_bytes; /* of both */
    uint16_t allowed_shard; /* may still send when the shard is fully congested */
};

/* Borsh: a version byte (0) and the fields. The whole input or nothing: STATUS_MALFORMED. */
enum status congestion_info_from_borsh(struct bytes input, struct congestion_info *out, struct error *e);
void congestion_info_write(const struct congestion_info *c, struct buffer *out);

#endif
