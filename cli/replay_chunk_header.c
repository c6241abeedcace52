/* The header of a chunk in the block and in the shard's file: both are there, and only the block's is hashed. */
#include "cli/replay.h"

#include "base/borsh.h"
#include "near/record_reader.h"

/* Members of several parts are compared as Borsh. */
static void write_proposals(const struct lake_chunk_header *h, struct buffer *b)
{
    borsh_write_u32(b, h->proposal_count);
    for (uint32_t i = 0; i < h->proposal_count; i++) {
        record_write_account_id(&h->proposals[i].account_id, b);
        public_key_write(h->proposals[i].public_key, b);
        borsh_write_u128(b, h->proposals[i].stake);
    }
}

static void write_congestion(const struct lake_chunk_header *h, struct buffer *b)
{
    borsh_write_bool(b, h->has_congestion);
    if (h->has_congestion) congestion_info_write(&h->congestion, b);
}

static void write_bandwidth(const struct lake_chunk_header *h, struct buffer *b)
{
    borsh_write_bool(b, h->has_bandwidth);
    if (h->has_bandwidth) bandwidth_requests_write(&h->bandwidth, b);
}

static void write_split(const struct lake_chunk_header *h, struct buffer *b)
{
    borsh_write_bool(b, h->has_split);
    if (!h->has_split) return;
    record_write_account_id(&h->split_account, b);
    borsh_write_u64(b, h->split_left);
    borsh_write_u64(b, h->split_right);
}

static void compare_parts(struct replay *r, const struct replay_place *at, const char *what,
                          const struct lake_chunk_header *block, const struct lake_chunk_header *shard,
                          void (*write)(const struct lake_chunk_header *, struct buffer *))
{
    struct buffer a = {0}, b = {0};
    write(block, &a);
    write(shard, &b);
    if (a.failed || b.failed) r->no_memory = true;
    else replay_verdict(r, REPLAY_chunk_header, at, bytes_equal(bytes_of(a.data, a.size), bytes_of(b.data, b.size)),
                        what, "as in the block", "something else");
    buffer_free(&a);
    buffer_free(&b);
}

#define COMPARE_hash(field) replay_hashes(r, REPLAY_chunk_header, at, #field, &block->field, &shard->field)
#define COMPARE_u64(field) replay_u64(r, REPLAY_chunk_header, at, #field, block->field, shard->field)
/* A shard's file has the chunk as its producer made it: no block had included it yet. */
#define COMPARE_included(field)                                                                                       \
    replay_u64(r, REPLAY_chunk_header, at, #field, block->field, shard->field ? shard->field : block->field)
#define COMPARE_u128(field) replay_u128(r, REPLAY_chunk_header, at, #field, block->field, shard->field)
#define COMPARE_proposals(field) compare_parts(r, at, #field, block, shard, write_proposals)
#define COMPARE_congestion(field) compare_parts(r, at, #field, block, shard, write_congestion)
#define COMPARE_bandwidth(field) compare_parts(r, at, #field, block, shard, write_bandwidth)
#define COMPARE_split(field) compare_parts(r, at, #field, block, shard, write_split)

void replay_compare_chunk_headers(struct replay *r, const struct replay_place *at,
                                  const struct lake_chunk_header *block, const struct lake_chunk_header *shard)
{
    replay_hashes(r, REPLAY_chunk_header, at, "chunk_hash", &block->chunk_hash, &shard->chunk_hash);
#define X(type, field) COMPARE_##type(field);
#include "cli/replay_chunk_header.def"
#undef X
}
