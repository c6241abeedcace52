/* What ties the blocks of an execution proof to each other, and what must hold within a block: all that can be known
 * without executing anything. docs/proof.md ("Checking") lists the rules.
 *
 * Source: nearcore, chain/chain (which receipts the next chunk gets, what its header says),
 * core/primitives/src/block.rs (gas price), runtime/runtime (what is sent by whom). */
#ifndef PROOF_CHAIN_H
#define PROOF_CHAIN_H

#include "proof/refusal.h"

/* A receipt among the incoming or the outgoing ones of a block. */
struct receipt_place {
    uint32_t block, index;
};

/* Where an incoming receipt comes from. */
struct receipt_origin {
    bool given;                /* it is part of the statement: no block of the proof has sent it */
    struct receipt_place sent; /* unless given: it is byte for byte what that block has sent */
};

/* A proof's blocks with their receipts and transactions read, and where every receipt comes from. */
struct proof_chain {
    const struct execution_proof *proof;
    struct chunk *chunks;                    /* one for each block */
    const struct receipt *const *outgoing;   /* for each block: its block.outgoing_count receipts */
    struct receipt_origin *const *origins;   /* for each block: those of its block.incoming_count receipts */
    const struct receipt_place *given;       /* all given receipts: places among the incoming ones, in their order */
    uint32_t given_count;
    /* What was sent to the proof's own shard and would be delivered by a block after the last one: places among the
     * outgoing ones, in their order. What was sent to other shards is not here. */
    const struct receipt_place *undelivered;
    uint32_t undelivered_count;
    struct arena arena;
};

/* Reads the blocks and finds the origins. `p` must stay. Release with proof_chain_free, whatever the result.
 * STATUS_INVALID: *r is filled (PROOF_OLD_CHUNK, PROOF_DELIVERY, PROOF_FORGED, PROOF_NO_ORIGIN); STATUS_NO_MEMORY. */
enum status proof_chain_read(const struct execution_proof *p, struct proof_chain *out, struct refusal *r,
                             struct error *e);
void proof_chain_free(struct proof_chain *c);

/* ---- the other rules: STATUS_INVALID fills *r, STATUS_NO_MEMORY fills *e ----------------------------------------- */

/* Heights, times, epochs, prices and what shards say follow from block to block. */
enum status proof_check_order(const struct proof_chain *c, struct refusal *r, struct error *e);
/* No id is there twice, nor is that of a receipt that waited in the state. `rows` has the old values. */
enum status proof_check_ids(const struct proof_chain *c, const struct trie_store *rows, struct refusal *r,
                            struct error *e);
/* Data are made by whom they are expected from. */
enum status proof_check_data(const struct proof_chain *c, struct refusal *r, struct error *e);
/* Receipts and transactions belong to the shard, and are such as somebody sends. */
enum status proof_check_senders(const struct proof_chain *c, struct refusal *r);
/* No list has a member twice, or one that there is not. */
enum status proof_check_lists(const struct proof_chain *c, struct refusal *r, struct error *e);
/* Code that was changed has the hash under which the state keeps it. `rows` has the new values. */
enum status proof_check_code_changes(const struct proof_chain *c, const struct trie_store *rows, struct refusal *r,
                                     struct error *e);
/* The changed accounts and queues have no more tokens than came in. `rows` has old and new values. */
enum status proof_check_net_balance(const struct proof_chain *c, const struct trie_store *rows, struct refusal *r,
                                    struct error *e);

/* All of them. */
enum status proof_check_chain(const struct proof_chain *c, const struct trie_store *rows, struct refusal *r,
                              struct error *e);

/* ---- with execution: full.h -------------------------------------------------------------------------------------- */

/* What block `index` says of its own shard is what the blocks before, whose results these are, have computed.
 * STATUS_INVALID: *r is filled (PROOF_CONGESTION, PROOF_BANDWIDTH). */
enum status proof_check_context(const struct execution_proof *p, const struct chunk_result *results, uint32_t index,
                                struct refusal *r);
/* Yields that a block has made are not resumed by receipts that it was given. STATUS_INVALID: *r is filled
 * (PROOF_DATA); STATUS_NO_MEMORY. */
enum status proof_check_yields(const struct execution_proof *p, const struct chunk *chunk,
                               const struct chunk_result *result, uint32_t index, struct refusal *r, struct error *e);

/* ---- for the files of these rules -------------------------------------------------------------------------------- */

/* "block 3 (height 14)", into `out`, which is returned. */
const char *block_place(const struct execution_proof *p, uint32_t index, char out[static 64]);

/* Whether the account belongs to the proof's shard; if not, `found` says which it belongs to. */
bool is_in_own_shard(const struct execution_proof *p, const struct account_id *id,
                     char found[static REFUSAL_VALUE_SIZE]);

#endif
