/* Hashes of block and chunk headers, and the roots in them. Source: near-primitives 0.38.0, block_header.rs,
 * sharding.rs, block.rs. */
#include "cli/replay.h"

#include "base/borsh.h"
#include "near/record_reader.h"

/* ---- block headers ----------------------------------------------------------------------------------------------- */

/* The layouts of the rest of a header that the views can be written in, by the protocol version that brought them. */
enum header_layout { HEADER_V3 = 49, HEADER_V4 = 63, HEADER_V5 = 72, HEADER_V6 = 85 };

static void write_stakes(const struct lake_stake *stakes, uint32_t count, bool versioned, struct buffer *b)
{
    borsh_write_u32(b, count);
    for (uint32_t i = 0; i < count; i++) {
        if (versioned) borsh_write_u8(b, 0);
        record_write_account_id(&stakes[i].account_id, b);
        public_key_write(stakes[i].public_key, b);
        borsh_write_u128(b, stakes[i].stake);
    }
}

static void write_lite(const struct lake_header *h, struct buffer *b)
{
    borsh_write_u64(b, h->height);
    record_write_hash(&h->epoch_id, b);
    record_write_hash(&h->next_epoch_id, b);
    record_write_hash(&h->prev_state_root, b);
    record_write_hash(&h->outcome_root, b);
    borsh_write_u64(b, h->timestamp);
    record_write_hash(&h->next_bp_hash, b);
    record_write_hash(&h->block_merkle_root, b);
}

static void write_chunk_parts(const struct lake_header *h, enum header_layout layout, struct buffer *b)
{
    if (layout >= HEADER_V4) record_write_hash(&h->body_hash, b);
    record_write_hash(&h->chunk_receipts_root, b);
    record_write_hash(&h->chunk_headers_root, b);
    record_write_hash(&h->chunk_tx_root, b);
    if (layout < HEADER_V6) record_write_hash(&h->challenges_root, b);
    record_write_hash(&h->random_value, b);
    write_stakes(h->proposals, h->proposal_count, true, b);
    borsh_write_u32(b, h->chunk_mask_count);
    for (uint32_t i = 0; i < h->chunk_mask_count; i++) borsh_write_bool(b, h->chunk_mask[i]);
    borsh_write_u128(b, h->gas_price);
    borsh_write_u128(b, h->total_supply);
    if (layout >= HEADER_V6) return;
    borsh_write_u32(b, h->challenge_count);
    for (uint32_t i = 0; i < h->challenge_count; i++) {
        record_write_account_id(&h->challenges_result[i].account_id, b);
        borsh_write_bool(b, h->challenges_result[i].is_double_sign);
    }
}

static void write_rest(const struct lake_header *h, enum header_layout layout, struct buffer *b)
{
    write_chunk_parts(h, layout, b);
    record_write_hash(&h->last_final_block, b);
    record_write_hash(&h->last_ds_final_block, b);
    borsh_write_u64(b, h->block_ordinal);
    borsh_write_u64(b, h->prev_height);
    borsh_write_bool(b, h->has_epoch_sync_data_hash);
    if (h->has_epoch_sync_data_hash) record_write_hash(&h->epoch_sync_data_hash, b);
    borsh_write_u32(b, h->approval_count);
    for (uint32_t i = 0; i < h->approval_count; i++) {
        borsh_write_bool(b, h->approvals[i].data.size > 0);
        if (h->approvals[i].data.size) signature_write(&h->approvals[i], b);
    }
    borsh_write_u32(b, h->latest_protocol_version);
    if (layout < HEADER_V5) return;
    borsh_write_u32(b, h->endorsement_count);
    for (uint32_t i = 0; i < h->endorsement_count; i++) borsh_write_bytes(b, h->endorsements[i]);
    if (layout < HEADER_V6) return;
    borsh_write_bool(b, h->has_shard_split);
    if (!h->has_shard_split) return;
    borsh_write_u64(b, h->split_shard);
    record_write_account_id(&h->split_account, b);
}

/* SHA-256 of (SHA-256 of both parts' hashes) and the previous block's hash. */
static bool header_hash(const struct lake_header *h, enum header_layout layout, struct crypto_hash *out)
{
    struct buffer lite = {0}, rest = {0};
    write_lite(h, &lite);
    write_rest(h, layout, &rest);
    bool ok = !lite.failed && !rest.failed;
    if (ok) {
        struct crypto_hash a = crypto_hash_of(bytes_of(lite.data, lite.size));
        struct crypto_hash b = crypto_hash_of(bytes_of(rest.data, rest.size));
        struct crypto_hash inner = merkle_combine(&a, &b);
        *out = merkle_combine(&inner, &h->prev_hash);
    }
    buffer_free(&lite);
    buffer_free(&rest);
    return ok;
}

/* A view does not say in which layout the header was: of two that are possible, either will do. */
static void check_block_hash(const struct replay_context *c, const struct replay_place *at)
{
    const struct lake_header *h = &c->block->header;
    struct crypto_hash hash;
    if (h->is_spice || !h->has_prev_height || h->latest_protocol_version < HEADER_V3) {
        replay_unchecked(c->replay, REPLAY_block_hash, at, "this version of block headers is not known here");
        return;
    }
    enum header_layout first = h->has_endorsements ? HEADER_V5 : h->has_body_hash ? HEADER_V4 : HEADER_V3;
    bool ok = header_hash(h, first, &hash);
    if (ok && first == HEADER_V5 && !crypto_hash_equal(&hash, &h->hash)) ok = header_hash(h, HEADER_V6, &hash);
    if (!ok) c->replay->no_memory = true;
    else replay_hashes(c->replay, REPLAY_block_hash, at, "block hash", &hash, &h->hash);
}

/* ---- roots over chunks ------------------------------------------------------------------------------------------- */

enum root { ROOT_RECEIPTS, ROOT_HEADERS, ROOT_TRANSACTIONS, ROOT_STATE, ROOT_OUTCOMES };

static struct crypto_hash leaf_of(const struct lake_chunk_header *chunk, enum root root)
{
    uint8_t named[CRYPTO_HASH_SIZE + 8];
    switch (root) {
    case ROOT_RECEIPTS: return crypto_hash_of(crypto_hash_bytes(&chunk->outgoing_receipts_root));
    case ROOT_TRANSACTIONS: return crypto_hash_of(crypto_hash_bytes(&chunk->tx_root));
    case ROOT_STATE: return crypto_hash_of(crypto_hash_bytes(&chunk->prev_state_root));
    case ROOT_OUTCOMES: return crypto_hash_of(crypto_hash_bytes(&chunk->outcome_root));
    case ROOT_HEADERS: break;
    }
    memcpy(named, chunk->chunk_hash.bytes, CRYPTO_HASH_SIZE);
    store_le64(named + CRYPTO_HASH_SIZE, chunk->height_included);
    return crypto_hash_of(bytes_of(named, sizeof named));
}

static void check_root(const struct replay_context *c, const struct replay_place *at, enum root root, const char *what,
                       const struct crypto_hash *found)
{
    struct merkle_tree tree = {0};
    for (uint32_t i = 0; i < c->block->chunk_count; i++) {
        struct crypto_hash leaf = leaf_of(&c->block->chunks[i], root);
        merkle_tree_add(&tree, &leaf);
    }
    struct crypto_hash expected = merkle_tree_root(&tree);
    replay_hashes(c->replay, REPLAY_block_roots, at, what, &expected, found);
}

/* ---- chunk headers ----------------------------------------------------------------------------------------------- */

/* The versions of the inner header, as their tags in Borsh. */
enum inner { INNER_V2 = 1, INNER_V3 = 2, INNER_V4 = 3, INNER_V5 = 4, INNER_COUNT = 5 };

static void write_inner(const struct lake_chunk_header *h, enum inner inner, struct buffer *b)
{
    borsh_write_u8(b, (uint8_t)inner);
    record_write_hash(&h->prev_block_hash, b);
    record_write_hash(&h->prev_state_root, b);
    record_write_hash(&h->outcome_root, b);
    record_write_hash(&h->encoded_merkle_root, b);
    borsh_write_u64(b, h->encoded_length);
    borsh_write_u64(b, h->height_created);
    borsh_write_u64(b, h->shard_id);
    borsh_write_u64(b, h->gas_used);
    borsh_write_u64(b, h->gas_limit);
    borsh_write_u128(b, h->balance_burnt);
    record_write_hash(&h->outgoing_receipts_root, b);
    record_write_hash(&h->tx_root, b);
    write_stakes(h->proposals, h->proposal_count, true, b);
    if (inner >= INNER_V3) congestion_info_write(&h->congestion, b);
    if (inner >= INNER_V4) bandwidth_requests_write(&h->bandwidth, b);
    if (inner < INNER_V5) return;
    borsh_write_bool(b, h->has_split);
    if (!h->has_split) return;
    record_write_account_id(&h->split_account, b);
    borsh_write_u64(b, h->split_left);
    borsh_write_u64(b, h->split_right);
}

static bool inner_possible(const struct lake_chunk_header *h, enum inner inner)
{
    if (inner == INNER_V3) return h->has_congestion;
    if (inner == INNER_V4) return h->has_congestion && h->has_bandwidth;
    if (inner == INNER_V5) return h->has_congestion && h->has_bandwidth && h->has_split_field;
    return true;
}

static bool chunk_hash(const struct lake_chunk_header *h, enum inner inner, struct crypto_hash *out)
{
    struct buffer b = {0};
    write_inner(h, inner, &b);
    bool ok = !b.failed;
    if (ok) {
        struct crypto_hash hash = crypto_hash_of(bytes_of(b.data, b.size));
        *out = merkle_combine(&hash, &h->encoded_merkle_root);
    }
    buffer_free(&b);
    return ok;
}

/* Newer nodes fill in fields that the header did not have, so every version that the fields allow is tried. */
static void check_chunk_hash(const struct replay_context *c, const struct replay_place *at,
                             const struct lake_chunk_header *h)
{
    struct crypto_hash hash, newest = {0};
    for (unsigned inner = INNER_COUNT; inner-- > INNER_V2;) {
        if (!inner_possible(h, (enum inner)inner)) continue;
        if (!chunk_hash(h, (enum inner)inner, &hash)) {
            c->replay->no_memory = true;
            return;
        }
        if (crypto_hash_equal(&hash, &h->chunk_hash)) {
            replay_equal(c->replay, REPLAY_chunk_hash, at);
            return;
        }
        if (crypto_hash_is_zero(&newest)) newest = hash;
    }
    replay_hashes(c->replay, REPLAY_chunk_hash, at, "chunk hash", &newest, &h->chunk_hash);
}

static bool is_given(const struct lake_block *b, uint64_t shard_id)
{
    for (const struct lake_shard *s = b->shards; s; s = s->next)
        if (s->shard_id == shard_id) return true;
    return false;
}

/* Shards with a new chunk in the block, whose files are not there: what they have executed is in the block's roots. */
static void check_shards_given(const struct replay_context *c)
{
    for (uint32_t i = 0; i < c->block->chunk_count; i++) {
        const struct lake_chunk_header *h = &c->block->chunks[i];
        const struct replay_place at = {.block = c->block, .what = "chunk", .id = &h->chunk_hash};
        if (h->height_included == c->block->header.height && !is_given(c->block, h->shard_id))
            replay_unchecked(c->replay, REPLAY_chunk_header, &at, "the shard's file is missing");
    }
}

void replay_check_headers(const struct replay_context *c)
{
    const struct lake_header *h = &c->block->header;
    const struct replay_place at = {.block = c->block};
    check_block_hash(c, &at);
    if (c->previous && c->previous->header.height == h->prev_height)
        replay_hashes(c->replay, REPLAY_block_hash, &at, "hash of the previous block", &c->previous->header.hash,
                      &h->prev_hash);
    else if (c->block != c->replay->blocks)
        replay_unchecked(c->replay, REPLAY_block_hash, &at, "the block before is missing; there are earlier ones");
    check_shards_given(c);
    check_root(c, &at, ROOT_HEADERS, "chunk_headers_root", &h->chunk_headers_root);
    check_root(c, &at, ROOT_TRANSACTIONS, "chunk_tx_root", &h->chunk_tx_root);
    check_root(c, &at, ROOT_RECEIPTS, "chunk_receipts_root", &h->chunk_receipts_root);
    check_root(c, &at, ROOT_STATE, "prev_state_root", &h->prev_state_root);
    check_root(c, &at, ROOT_OUTCOMES, "outcome_root", &h->outcome_root);
    for (uint32_t i = 0; i < c->block->chunk_count; i++) {
        const struct replay_place chunk = {.block = c->block, .what = "chunk", .id = &c->block->chunks[i].chunk_hash};
        check_chunk_hash(c, &chunk, &c->block->chunks[i]);
    }
}
