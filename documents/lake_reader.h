/* Reading the members of a near-lake document. Once something is wrong, everything that is read is zero, so that one
 * check of `status` at the end is enough; the error has the place and what was expected there.
 *
 * Members that the readers do not know are no errors, since the format grows: they are counted. */
#ifndef DOCUMENTS_LAKE_READER_H
#define DOCUMENTS_LAKE_READER_H

#include "base/arena.h"
#include "json/json_read.h"
#include "near/action.h"
#include "near/signature.h"

enum { LAKE_UNKNOWN_MAX = 64 }; /* different unknown members that are remembered by name */

struct lake_unknown {
    const char *what; /* the structure: "receipt" */
    const char *name; /* in the arena */
    uint64_t count;
};

struct lake_reader {
    struct arena *arena;
    enum status status;
    struct error *error;
    struct lake_unknown unknown[LAKE_UNKNOWN_MAX];
    uint32_t unknown_names;
    uint64_t unknown_count; /* of all, also those whose names are not kept */
};

/* Counts the members of the object that are not among `names`. */
void lake_known(struct lake_reader *r, const struct json_place *object, const char *what, const char *const *names,
                size_t count);
#define LAKE_KNOWN(r, object, what, names) lake_known(r, object, what, names, sizeof(names) / sizeof *(names))

/* A member that must be there; false (and the error) if it is not. */
bool lake_member(struct lake_reader *r, const struct json_place *object, const char *name, struct json_place *out);
/* An array that must be there: its length. */
uint32_t lake_array(struct lake_reader *r, const struct json_place *object, const char *name, struct json_place *out);
/* A variant: an object with one member, or a string (then *content is null). Null on an error. */
const char *lake_variant(struct lake_reader *r, const struct json_place *p, struct json_place *content);

/* Zeroed memory for an array. */
void *lake_alloc(struct lake_reader *r, size_t count, size_t size);

/* ---- values ------------------------------------------------------------------------------------------------------ */

uint64_t lake_u64_at(struct lake_reader *r, const struct json_place *p, uint64_t max);
struct crypto_hash lake_hash_at(struct lake_reader *r, const struct json_place *p);
struct account_id lake_account_at(struct lake_reader *r, const struct json_place *p);
struct bytes lake_base64_at(struct lake_reader *r, const struct json_place *p);
struct signature lake_signature_at(struct lake_reader *r, const struct json_place *p);

/* ---- members that must be there ---------------------------------------------------------------------------------- */

uint64_t lake_u64(struct lake_reader *r, const struct json_place *object, const char *name);
struct u128 lake_u128(struct lake_reader *r, const struct json_place *object, const char *name);
bool lake_bool(struct lake_reader *r, const struct json_place *object, const char *name);
struct crypto_hash lake_hash(struct lake_reader *r, const struct json_place *object, const char *name);
struct account_id lake_account(struct lake_reader *r, const struct json_place *object, const char *name);
struct bytes lake_text(struct lake_reader *r, const struct json_place *object, const char *name);
struct bytes lake_base64(struct lake_reader *r, const struct json_place *object, const char *name);
const struct public_key *lake_key(struct lake_reader *r, const struct json_place *object, const char *name);
struct signature lake_signature(struct lake_reader *r, const struct json_place *object, const char *name);

/* ---- members that may be missing or null: false ------------------------------------------------------------------ */

bool lake_option_hash(struct lake_reader *r, const struct json_place *object, const char *name,
                      struct crypto_hash *out);
bool lake_option_u64(struct lake_reader *r, const struct json_place *object, const char *name, uint64_t *out);
bool lake_option_u128(struct lake_reader *r, const struct json_place *object, const char *name, struct u128 *out);
bool lake_option_account(struct lake_reader *r, const struct json_place *object, const char *name,
                         struct account_id *out);

/* ---- structures: lake_action.c, lake_receipt.c, lake_outcome.c, lake_header.c, lake_change.c, lake_file.c -------- */

struct lake_actions;
struct lake_receipt;
struct lake_outcome;
struct lake_header;
struct lake_chunk_header;
struct lake_change;
struct lake_block;
struct lake_shard;
struct lake_transaction;
struct delegate_action;

/* {"hash":…}, {"account_id":…}, or, as older nodes write it, a string, or {"CodeHash":…}, {"AccountId":…}. */
struct global_contract_id lake_global_contract_at(struct lake_reader *r, const struct json_place *p);
/* The array `actions` of the object. */
void lake_read_actions(struct lake_reader *r, const struct json_place *object, struct lake_actions *out);
void lake_read_receipt(struct lake_reader *r, const struct json_place *p, struct lake_receipt *out);
void lake_read_transaction(struct lake_reader *r, const struct json_place *p, struct lake_transaction *out);
void lake_read_outcome(struct lake_reader *r, const struct json_place *p, struct lake_outcome *out);
void lake_read_header(struct lake_reader *r, const struct json_place *p, struct lake_header *out);
void lake_read_chunk_header(struct lake_reader *r, const struct json_place *p, struct lake_chunk_header *out);
void lake_read_change(struct lake_reader *r, const struct json_place *p, struct lake_change *out);

/* A block.json and a shard_N.json. */
void lake_read_block(struct lake_reader *r, const struct json_place *p, struct lake_block *out);
void lake_read_shard(struct lake_reader *r, const struct json_place *p, struct lake_shard *out);

#endif
