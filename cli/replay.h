/* nvm replay: what the blocks of a near-lake stream say about themselves, checked as far as it can be without the
 * state.
 *
 * The stages: replay_load.c reads files, replay_hashes.c checks headers and roots, replay_transaction.c and
 * replay_receipt.c what was executed, replay_state.c the state changes; replay_check.c keeps the results, which
 * replay_report.c and replay_json.c print. */
#ifndef CLI_REPLAY_H
#define CLI_REPLAY_H

#include "cli/limits.h"
#include "documents/lake_block.h"
#include "documents/lake_reader.h"
#include "near/parameters.h"

/* ---- results: replay_check.c ------------------------------------------------------------------------------------- */

enum replay_check {
#define X(name, title) REPLAY_##name,
#include "cli/replay_checks.def"
#undef X
    REPLAY_CHECK_COUNT,
};

const char *replay_check_title(enum replay_check check);

/* Kinds that results are counted under: those of actions, and two more. A set of them is a mask of bits. */
enum {
    REPLAY_KIND_REFUND = ACTION_KIND_COUNT, /* receipts from "system" */
    REPLAY_KIND_OTHER,                      /* receipts without actions */
    REPLAY_KIND_COUNT,
};

const char *replay_kind_name(unsigned kind);

struct replay_count {
    uint64_t equal, different, unchecked;
};

/* Why something could not be checked. */
struct replay_reason {
    enum replay_check check;
    const char *text;
    uint64_t count;
    struct replay_reason *next;
};

struct replay_difference {
    enum replay_check check;
    const char *where, *expected, *found;
    struct replay_difference *next;
};

/* Where something stands: every part but the block may be null. */
struct replay_place {
    const struct lake_block *block;
    const struct lake_shard *shard;
    const char *scenario;         /* a scenario's name instead of block and shard; null: a stream's */
    uint64_t height, shard_id;    /* of the scenario's chunk; height 0: of no chunk */
    const char *what;             /* "receipt" */
    const struct crypto_hash *id; /* of it */
    uint32_t kinds;               /* what the results count for */
};

struct receipt_entry {
    const struct crypto_hash *id;
    const struct lake_receipt *receipt;
};

/* A file of scenarios, and what was applied of it. */
struct replay_file {
    const char *path;
    uint64_t scenarios, chunks, transactions, receipts;
    struct replay_file *next;
};

/* What is known of an account or an access key from the changes before. */
struct known_account {
    struct account_id id;
    struct u128 amount, locked;
    bool present; /* false: it was deleted */
};

struct replay {
    struct arena arena;
    struct limits limits;
    struct json **documents; /* the parsed files, which what was read refers to */
    size_t document_count, document_capacity;
    struct lake_reader reader;
    struct lake_block *blocks;      /* by height */
    uint64_t version_option;        /* 0: as the block's header says */
    struct replay_file *files, **last_file; /* of scenarios */

    struct receipt_entry *receipts; /* of the whole stream, by id */
    size_t receipt_count;
    struct known_account *accounts;
    size_t account_count, account_capacity;

    struct replay_count checks[REPLAY_CHECK_COUNT], kinds[REPLAY_KIND_COUNT];
    uint64_t seen[REPLAY_KIND_COUNT]; /* how many of each kind were executed or sent by transactions */
    uint64_t block_count, shard_count, transaction_count, outcome_count;
    struct replay_reason *reasons;
    struct replay_difference *differences, **last_difference;
    bool no_memory;

    struct buffer *unpacked;        /* of each path: what xz has made of it; null: replay_unpack was not called */
    int path_count;
};

/* Frees all. */
void replay_free(struct replay *r);

void replay_equal(struct replay *r, enum replay_check check, const struct replay_place *at);
/* `reason`: a string constant. */
void replay_unchecked(struct replay *r, enum replay_check check, const struct replay_place *at, const char *reason);
void replay_different(struct replay *r, enum replay_check check, const struct replay_place *at, const char *what,
                      const char *expected, const char *found);
/* One more difference of what replay_different has counted. */
void replay_also_different(struct replay *r, enum replay_check check, const struct replay_place *at, const char *what,
                           const char *expected, const char *found);
/* One of the two. `what` says what is compared: "gas burnt". */
void replay_verdict(struct replay *r, enum replay_check check, const struct replay_place *at, bool ok, const char *what,
                    const char *expected, const char *found);
void replay_hashes(struct replay *r, enum replay_check check, const struct replay_place *at, const char *what,
                   const struct crypto_hash *expected, const struct crypto_hash *found);
void replay_u64(struct replay *r, enum replay_check check, const struct replay_place *at, const char *what,
                uint64_t expected, uint64_t found);
void replay_u128(struct replay *r, enum replay_check check, const struct replay_place *at, const char *what,
                 struct u128 expected, struct u128 found);

/* ---- input: replay_load.c ---------------------------------------------------------------------------------------- */

/* Uncompresses the files whose names end in .xz: a process of its own does, which must be there before the sandbox is.
 * Returns -1, or the exit code (the error was said). */
int replay_unpack(struct replay *r, char **paths, int count);

/* After replay_unpack. Reads files and folders, ties shards to their blocks, sorts. Returns -1, or the exit code (the error was said). */
int replay_load(struct replay *r, char **paths, int count);

/* replay_scenario.c: whether the name says that there are scenarios in the file; applies all of it and compares.
 * unpacked: the file's text, if it is compressed. Returns -1, or the exit code. */
bool replay_is_scenarios(const char *path);
int replay_scenarios(struct replay *r, const char *path, const struct buffer *unpacked);
/* The one scenario of a document; `line`: where it stands, for the error. */
enum status replay_scenario(struct replay *r, struct replay_file *file, struct json *json, struct error *e);
struct replay_file *replay_add_file(struct replay *r, const char *path);

/* The receipt of that id, wherever the stream shows it; null if it does not. */
const struct lake_receipt *replay_find_receipt(const struct replay *r, const struct crypto_hash *id);

/* The same receipt at another place of the stream (as it was sent, or as it was executed). */
const struct lake_receipt *replay_find_other(const struct replay *r, const struct lake_receipt *receipt);
/* replay_codes.c: puts the code of contracts back where the stream has only its hash, if a state change has it. */
void replay_find_codes(struct replay *r);

/* ---- checks ------------------------------------------------------------------------------------------------------ */

/* What holds for a block. */
struct replay_context {
    struct replay *replay;
    const struct lake_block *block, *previous; /* previous: null if the stream does not have it */
    uint32_t version;
    const struct protocol_parameters *parameters; /* null: unknown version */
    bool price_known;
    struct u128 gas_price;                        /* of this block */
};

struct replay_context replay_context_of(struct replay *r, const struct lake_block *block,
                                        const struct lake_block *previous);

/* Kinds of the actions, as a mask. */
uint32_t replay_kinds_of(const struct lake_actions *actions);
/* Whether a contract call is among them; those inside of delegate actions come later. */
bool replay_has_call(const struct lake_actions *actions);

/* The id that is made of another one: by block height since version 77, by block hash before. */
struct crypto_hash replay_id(const struct replay_context *c, const struct crypto_hash *base, uint64_t number);

void replay_check_headers(const struct replay_context *c);
void replay_check_chunk(const struct replay_context *c, const struct lake_shard *shard);
/* replay_chunk_header.c: the header as the block has it, and as the shard's file has it. */
void replay_compare_chunk_headers(struct replay *r, const struct replay_place *at,
                                  const struct lake_chunk_header *block, const struct lake_chunk_header *shard);
void replay_check_transaction(const struct replay_context *c, const struct lake_shard *shard,
                              struct lake_transaction *t);
void replay_check_receipt(const struct replay_context *c, const struct lake_shard *shard,
                          const struct lake_executed_receipt *x);
void replay_check_outcomes(const struct replay_context *c, const struct lake_shard *shard);
void replay_check_changes(const struct replay_context *c, const struct lake_shard *shard);

/* What burning the gas of a receipt costs, and what of its gas comes back. */
struct replay_settlement {
    bool tokens_known, refund_known; /* false: not without the contract, or under rules that need the state */
    struct u128 tokens_burnt, refund;
    const char *reason;              /* why something is not known */
};

struct replay_settlement replay_settle(const struct replay_context *c, const struct lake_executed_receipt *x);
/* The price at which a transaction buys the gas of its receipt. False as above. */
bool replay_receipt_price(const struct replay_context *c, const struct lake_transaction *t, struct u128 *out,
                          const char **reason);
/* The gas that a transaction burns, and the gas that it buys for later. False as above. */
bool replay_transaction_gas(const struct replay_context *c, const struct lake_transaction *t, uint64_t *burnt,
                            uint64_t *remaining, const char **reason);
/* What a transaction takes from its signer. False as above. */
bool replay_transaction_cost(const struct replay_context *c, const struct lake_transaction *t, struct u128 *out,
                             const char **reason);
/* Gas burnt by a receipt without what its contracts burnt. */
bool replay_fees_of_receipt(const struct replay_context *c, const struct lake_executed_receipt *x, uint64_t *out,
                            const char **reason);

/* ---- reports: replay_report.c, replay_json.c --------------------------------------------------------------------- */

void replay_print(const struct replay *r, bool verbose);
/* False: no memory, or standard output cannot be written to. */
bool replay_print_json(const struct replay *r);

#endif
