/* Chunks and outcome trees. Source: near-primitives 0.38.0, sharding.rs, merkle.rs, transaction.rs. */
#include "cli/replay.h"

#include "base/borsh.h"
#include "near/record_reader.h"

/* ---- receipts that a chunk sends --------------------------------------------------------------------------------- */

static bool lists(const struct execution_outcome *o, const struct crypto_hash *id)
{
    for (uint32_t i = 0; i < o->receipt_id_count; i++)
        if (crypto_hash_equal(&o->receipt_ids[i], id)) return true;
    return false;
}

/* Whether one of the transactions has made the receipt. Those of its own chunk are executed there: nobody sends
 * them. */
static bool is_made(const struct lake_transaction *transactions, uint32_t count, const struct crypto_hash *id)
{
    for (uint32_t i = 0; i < count; i++)
        if (lists(&transactions[i].outcome.outcome, id)) return true;
    return false;
}

/* Which version an action receipt has, which views do not tell: those that contracts make have version 2 in newer
 * blocks, all others version 1. False: who made it is not in the stream. */
static bool is_by_contract(const struct replay *r, const struct receipt *receipt, bool *by_contract)
{
    *by_contract = false;
    if (!receipt_has_actions(receipt) || account_id_is_system(&receipt->predecessor_id)) return true;
    for (const struct lake_block *b = r->blocks; b; b = b->next) {
        for (const struct lake_shard *s = b->shards; s; s = s->next) {
            if (is_made(s->transactions, s->transaction_count, &receipt->receipt_id)) return true;
            for (uint32_t i = 0; i < s->executed_count; i++) {
                if (!lists(&s->executed[i].outcome.outcome, &receipt->receipt_id)) continue;
                *by_contract = replay_has_call(&s->executed[i].receipt.actions);
                return true;
            }
        }
    }
    return false;
}

static bool write_sent(const struct replay *r, const struct receipt *receipt, bool newer, struct buffer *b)
{
    struct receipt copy = *receipt;
    bool by_contract, known = is_by_contract(r, receipt, &by_contract);
    if (newer && by_contract && copy.kind == RECEIPT_action) copy.kind = RECEIPT_action_v2;
    if (newer && by_contract && copy.kind == RECEIPT_promise_yield) copy.kind = RECEIPT_promise_yield_v2;
    receipt_write(&copy, b);
    return known || !newer;
}

/* The leaf of one shard's receipts: a hash of its id and the list, hashed once more as a member of the tree. False: a
 * version is not known. */
static bool receipts_root(struct replay *r, const struct lake_shard *s, bool newer, struct crypto_hash *out)
{
    struct buffer list = {0}, all = {0};
    uint32_t count = 0;
    bool known = true;
    for (uint32_t i = 0; i < s->receipt_count; i++) {
        if (is_made(s->transactions, s->transaction_count, &s->receipts[i].receipt.receipt_id)) continue;
        known = write_sent(r, &s->receipts[i].receipt, newer, &list) && known;
        count++;
    }
    borsh_write_u64(&all, s->shard_id);
    borsh_write_u32(&all, count);
    buffer_append(&all, list.data, list.size);
    if (list.failed || all.failed) r->no_memory = true;
    else *out = crypto_hash_of(bytes_of(all.data, all.size));
    *out = crypto_hash_of(crypto_hash_bytes(out));
    buffer_free(&list);
    buffer_free(&all);
    return known;
}

static bool any_code_unknown(const struct lake_shard *s)
{
    for (uint32_t i = 0; i < s->receipt_count; i++)
        if (s->receipts[i].actions.code_unknown) return true;
    return false;
}

enum { VERSION_RECEIPTS_V2 = 82 };

static void check_outgoing(const struct replay_context *c, const struct lake_shard *s, const struct replay_place *at)
{
    struct crypto_hash root = {0};
    struct replay *r = c->replay;
    if (c->block->chunk_count != 1) {
        replay_unchecked(r, REPLAY_outgoing_root, at, "which shard a receipt goes to is not in the stream");
        return;
    }
    if (any_code_unknown(s)) {
        replay_unchecked(r, REPLAY_outgoing_root, at, "the code of a contract that is deployed is not in the stream");
        return;
    }
    const bool known = receipts_root(r, s, c->version >= VERSION_RECEIPTS_V2, &root);
    if (known || crypto_hash_equal(&root, &s->header.outgoing_receipts_root))
        replay_hashes(r, REPLAY_outgoing_root, at, "outgoing_receipts_root", &root, &s->header.outgoing_receipts_root);
    else replay_unchecked(r, REPLAY_outgoing_root, at, "who made a receipt, and so its version, is not in the stream");
}

/* ---- transactions ------------------------------------------------------------------------------------------------ */

static void check_tx_root(const struct replay_context *c, const struct lake_shard *s, const struct replay_place *at)
{
    struct merkle_tree tree = {0};
    for (uint32_t i = 0; i < s->transaction_count; i++) {
        struct buffer b = {0};
        if (!s->transactions[i].block_hash_known) {
            replay_unchecked(c->replay, REPLAY_tx_root, at, "not every transaction is complete in the stream");
            return;
        }
        signed_transaction_write(&s->transactions[i].signed_transaction, &b);
        struct crypto_hash leaf = crypto_hash_of(bytes_of(b.data, b.size));
        if (b.failed) c->replay->no_memory = true;
        buffer_free(&b);
        merkle_tree_add(&tree, &leaf);
    }
    struct crypto_hash root = merkle_tree_root(&tree);
    replay_hashes(c->replay, REPLAY_tx_root, at, "tx_root", &root, &s->header.tx_root);
}

static const struct lake_chunk_header *chunk_of(const struct lake_block *b, uint64_t shard_id)
{
    for (uint32_t i = 0; i < b->chunk_count; i++)
        if (b->chunks[i].shard_id == shard_id) return &b->chunks[i];
    return NULL;
}

void replay_check_chunk(const struct replay_context *c, const struct lake_shard *s)
{
    struct replay_place at = {.block = c->block, .shard = s, .what = "chunk"};
    if (!s->has_chunk) return;
    const struct lake_chunk_header *listed = chunk_of(c->block, s->shard_id);
    if (listed) replay_compare_chunk_headers(c->replay, &at, listed, &s->header);
    else replay_different(c->replay, REPLAY_chunk_header, &at, "shard", "one of the block's", "another one");
    check_outgoing(c, s, &at);
    check_tx_root(c, s, &at);
}

/* ---- outcomes ---------------------------------------------------------------------------------------------------- */

/* The outcomes of a shard, transactions first. */
static const struct lake_outcome *outcome_at(const struct lake_shard *s, uint32_t index)
{
    return index < s->transaction_count ? &s->transactions[index].outcome
                                        : &s->executed[index - s->transaction_count].outcome;
}

/* The shard's next chunk after this block has the root. */
static const struct lake_chunk_header *next_chunk(const struct lake_block *block, uint64_t shard_id)
{
    for (const struct lake_block *b = block->next, *before = block; b; before = b, b = b->next) {
        if (!crypto_hash_equal(&b->header.prev_hash, &before->header.hash)) return NULL;
        const struct lake_chunk_header *chunk = chunk_of(b, shard_id);
        if (chunk && chunk->height_included == b->header.height) return chunk;
    }
    return NULL;
}

static void check_root(const struct replay_context *c, const struct lake_shard *s, const struct replay_place *at,
                       const struct crypto_hash *root)
{
    const struct lake_chunk_header *next = next_chunk(c->block, s->shard_id);
    if (next) replay_hashes(c->replay, REPLAY_outcome_root, at, "outcome root", root, &next->outcome_root);
    else replay_unchecked(c->replay, REPLAY_outcome_root, at,
                          "the root is in the shard's next chunk, which is not in the stream");
}

/* The leaves in the order of the file, which is that of execution unless receipts were sorted by somebody. */
static void check_tree(const struct replay_context *c, const struct replay_place *at, const struct crypto_hash *leaves,
                       uint32_t count, const struct crypto_hash *root)
{
    struct crypto_hash built = merkle_root(leaves, count);
    if (crypto_hash_equal(&built, root)) replay_equal(c->replay, REPLAY_outcome_tree, at);
    else replay_unchecked(c->replay, REPLAY_outcome_tree, at,
                          "the outcomes are not all there, or not in the order of execution");
}

void replay_check_outcomes(const struct replay_context *c, const struct lake_shard *s)
{
    const uint32_t count = s->transaction_count + s->executed_count;
    struct replay_place at = {.block = c->block, .shard = s};
    struct crypto_hash *leaves = arena_array(&c->replay->arena, count, sizeof *leaves), root = {0};
    for (uint32_t i = 0; i < count; i++) {
        const struct lake_outcome *o = outcome_at(s, i);
        if (!leaves || outcome_leaf(&o->outcome, &leaves[i], NULL) != STATUS_OK) {
            c->replay->no_memory = true;
            return;
        }
        struct crypto_hash leads_to = merkle_path_root(&o->proof, &leaves[i]);
        if (i == 0) root = leads_to;
        at.what = "outcome";
        at.id = &o->outcome.id;
        replay_hashes(c->replay, REPLAY_outcome_path, &at, "root that the proof leads to", &root, &leads_to);
        replay_hashes(c->replay, REPLAY_outcome_path, &at, "block_hash", &c->block->header.hash, &o->block_hash);
    }
    at = (struct replay_place){.block = c->block, .shard = s};
    if (count) check_tree(c, &at, leaves, count, &root);
    if (s->has_chunk || count) check_root(c, s, &at, &root);
}
