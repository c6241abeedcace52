/* Execution proofs: that applying certain transactions and receipts to a certain state has certain outcomes and leads
 * to a certain new state. docs/proof.md describes the format byte by byte.
 *
 *   - The *statement* is everything that is claimed: protocol version, chain, shard; what was applied, block by block;
 *     the outcomes; old and new state root; length and hash of every changed value; which contracts were run. Its
 *     SHA-256 stands for it: that is what attestations are bound to.
 *   - The *witness* is what it takes to check that: the partial state (nodes and values by their bytes) and, unless
 *     they are left out, the contracts' code. All of it are preimages of hashes that follow from the statement, so the
 *     same statement has the same hash with and without code.
 *   - An *attestation*, if there is one: evidence of some scheme for the statement's hash.
 *
 * The encoding is canonical: one byte string for one proof. build.h makes proofs, light.h and full.h check them. */
#ifndef PROOF_EXECUTION_PROOF_H
#define PROOF_EXECUTION_PROOF_H

#include "base/arena.h"
#include "near/outcome.h"
#include "proof/merkle.h"
#include "runtime/runtime.h"
#include "trie/trie.h"

enum {
    EXECUTION_PROOF_VERSION = 1,     /* what is written today; the decoder knows all that there were */
    EXECUTION_PROOF_MAX = 1 << 28,   /* bytes of a proof */
    PROOF_CHAIN_ID_MAX = 64,         /* bytes */
    PROOF_SCHEME_MAX = 64,           /* bytes of an attestation scheme's name */
    PROOF_RECEIPT_MAX = 4 << 20,     /* bytes of one transaction or receipt: NEAR's max_receipt_size */
};

enum proof_error {
    PROOF_NO_ERROR = 0,
#define X(name, text) PROOF_##name,
#include "proof/errors.def"
#undef X
    PROOF_ERROR_COUNT,
};

/* Whether a scheme may have this name: 1 to PROOF_SCHEME_MAX of a-z, 0-9 and -. */
bool proof_scheme_valid(struct bytes scheme);

const char *proof_error_name(enum proof_error code); /* "BAD_VERSION", ...; "unknown" */
const char *proof_error_text(enum proof_error code); /* "another version of the format", ...; "unknown" */

/* ---- what a proof holds ------------------------------------------------------------------------------------------ */

struct proof_outcome {
    struct execution_outcome outcome; /* without the error: it is kept as text */
    struct bytes error;               /* EXECUTION_FAILURE: JSON as nodes print it; empty if nobody knows it */
    struct bytes path;                /* Borsh of the struct merkle_path to the block's outcome root */
};

/* One chunk that was applied. */
struct proof_block {
    struct chunk context;             /* without parameters, transactions and receipts: proof_chunk adds them */
    const struct bytes *transactions; /* Borsh of signed transactions */
    const bool *transaction_in_period;
    uint32_t transaction_count;
    const struct bytes *incoming;     /* Borsh of receipts */
    uint32_t incoming_count;
    const struct proof_outcome *outcomes;
    uint32_t outcome_count;
    struct crypto_hash outcome_root;  /* Merkle root of the outcomes in their order */
    const struct bytes *outgoing;     /* Borsh of receipts */
    uint32_t outgoing_count;
    struct crypto_hash state_root;    /* after the block */
};

/* A key whose value is another one after all blocks than it was before. */
struct proof_change {
    struct bytes key;
    bool was, is;                     /* there was, is a value */
    struct trie_value old_value, new_value;
};

/* Reads are those of the execution, each time that something is read; the last three follow from the changes. */
struct proof_counters {
    uint64_t nodes_read, values_read, bytes_read;
    uint64_t keys_set, keys_removed, bytes_set;
};

struct proof_contract {
    struct crypto_hash hash;
    bool has_code;
    struct bytes code;
};

/* What it refers to lies in its arena and in the bytes that it was read from or made of. */
struct execution_proof {
    uint8_t version;                         /* of the format: it is written as it was read */
    /* How many costs its gas profiles list: those that its maker knew, at most ACTION_COST_COUNT and EXT_COST_COUNT.
     * Costs that are missing are zero. */
    uint32_t action_cost_count, host_cost_count;
    uint32_t protocol_version;
    struct bytes chain_id;
    struct shard_layout shards;
    uint32_t shard_index;
    struct crypto_hash old_root, new_root;
    const struct proof_block *blocks;        /* at least one */
    uint32_t block_count;
    const struct proof_change *changes;      /* by key */
    uint32_t change_count;
    struct proof_counters counters;
    const struct proof_contract *contracts;  /* by hash */
    uint32_t contract_count;
    const struct bytes *rows;                /* the partial state, by bytes: the order of nearcore's PartialState */
    uint32_t row_count;
    bool has_attestation;
    struct bytes scheme, evidence;
    struct arena arena;
};

/* ---- encoding ---------------------------------------------------------------------------------------------------- */

/* Reads a proof. `input` must stay as long as the proof. Release with execution_proof_free; on failure *out is zero.
 * STATUS_MALFORMED with a code of the first group of proof/errors.def, the offset, and what was expected there;
 * STATUS_NO_MEMORY. What it says is not checked here: that is verification. */
enum status execution_proof_decode(struct bytes input, struct execution_proof *out, struct error *e);
void execution_proof_free(struct execution_proof *p);

/* Appends the encoding; out->failed says whether there was memory. The proof must be in canonical order, as
 * execution_proof_decode and proof_build leave it. */
void execution_proof_encode(const struct execution_proof *p, struct buffer *out);

/* SHA-256 of the statement. STATUS_NO_MEMORY. */
enum status execution_proof_statement(const struct execution_proof *p, struct crypto_hash *out, struct error *e);

/* Appends the proof as JSON: hashes and account ids as NEAR prints them, bytes in base64, outcomes as nodes print them.
 * Without the partial state's rows and the codes unless `witness`; their numbers and sizes are always there. */
enum status execution_proof_json(const struct execution_proof *p, bool witness, struct buffer *out, struct error *e);

/* ---- use --------------------------------------------------------------------------------------------------------- */

/* The chunk that a block applies, its receipts and transactions read into `arena`. `p` must stay. STATUS_MALFORMED only
 * if they are none, which execution_proof_decode has ruled out; STATUS_NO_MEMORY. */
enum status proof_chunk(const struct execution_proof *p, const struct proof_block *b, struct arena *arena,
                        struct chunk *out, struct error *e);

/* An outcome's path and leaf. */
struct merkle_path proof_outcome_path(const struct proof_outcome *o);

static inline struct crypto_hash crypto_hash_of_trie(const struct trie_hash *h)
{
    struct crypto_hash out;
    memcpy(out.bytes, h->bytes, sizeof out.bytes);
    return out;
}
static inline struct trie_hash trie_hash_of_crypto(const struct crypto_hash *h)
{
    struct trie_hash out;
    memcpy(out.bytes, h->bytes, sizeof out.bytes);
    return out;
}
static inline bool trie_value_equal(const struct trie_value *a, const struct trie_value *b)
{
    return a->length == b->length && trie_hash_equal(&a->hash, &b->hash);
}

#endif
