/* Congestion control: how full a shard is, and what others may send it. Source: NEP-539; near-primitives 0.38.0,
 * congestion_info.rs. */
#ifndef RUNTIME_CONGESTION_H
#define RUNTIME_CONGESTION_H

#include "near/congestion_info.h"
#include "near/parameters.h"

/* How full a shard is, from 0 to exactly 1 for what is full: the worst of waiting receipts' gas, buffered receipts'
 * gas, memory and chunks missed. */
double congestion_level(const struct protocol_parameters *p, const struct congestion_info *info,
                        uint64_t missed_chunks);

/* Whether only the allowed shard may still send. */
static inline bool congestion_is_full(double level)
{
    return level >= 1.0;
}

/* Gas that shard `sender` may send in a chunk to the shard with this info. */
uint64_t congestion_outgoing_gas_limit(const struct protocol_parameters *p, const struct congestion_info *info,
                                       uint64_t missed_chunks, uint64_t sender);

/* The shard that may send to a full one, by turns: the `seed`-th of them (height + index of the shard itself). */
uint16_t congestion_allowed_shard(const uint64_t *shard_ids, uint32_t count, uint64_t seed);

/* Receipts that come to wait, and that go: their gas and bytes. STATUS_INVALID: more than can be, or more is taken out
 * than was put in, which a state that agrees with its congestion info does not do. */
enum status congestion_add_delayed(struct congestion_info *info, struct u128 gas, uint64_t bytes, struct error *e);
enum status congestion_remove_delayed(struct congestion_info *info, struct u128 gas, uint64_t bytes,
                                      struct error *e);
enum status congestion_add_buffered(struct congestion_info *info, uint64_t gas, uint64_t bytes, struct error *e);
enum status congestion_remove_buffered(struct congestion_info *info, uint64_t gas, uint64_t bytes, struct error *e);

#endif
