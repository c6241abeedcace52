/* What the readers of this folder share: a Borsh reader with an arena for what is read, and the reading of the pieces
 * that many structures have. For the functions that read inside of something larger; those that read a whole input are
 * in the headers of what they read.
 *
 * As with struct borsh_reader, everything read is zero or empty once something is wrong, and the caller checks once,
 * with record_finish. What is read refers to the input and to the arena, which both must stay.
 *
 * Memory: at most some 64 times the size of the input is taken from the arena (a public key of 33 bytes becomes a
 * struct of 1,953), so the caller limits the input; the protocol's limits are max_transaction_size and
 * max_receipt_size. */
#ifndef NEAR_RECORD_READER_H
#define NEAR_RECORD_READER_H

#include "base/arena.h"
#include "base/borsh.h"
#include "near/account_id.h"
#include "near/crypto_hash.h"
#include "near/public_key.h"

struct record_reader {
    struct borsh_reader borsh;
    struct arena *arena;
    bool no_memory;
};

/* `arena` may be null for structures that need none. */
struct record_reader record_reader_of(struct bytes input, struct arena *arena);

/* STATUS_OK if nothing failed and everything was read; otherwise STATUS_NO_MEMORY, or STATUS_MALFORMED with the offset
 * and what was expected there. `what` names the structure. */
enum status record_finish(const struct record_reader *r, const char *what, struct error *e);

/* Marks the input as wrong at the `size` bytes that were read last. `problem` is a string constant. */
void record_reject(struct record_reader *r, size_t size, const char *problem);

/* Zeroed memory for `count` elements; null, and the reader failed, if there is none. */
void *record_array(struct record_reader *r, size_t count, size_t size);

struct crypto_hash record_hash(struct record_reader *r);
/* A string that is an account id. */
struct account_id record_account_id(struct record_reader *r);
/* An option of one: false, and *out zero, for none. */
bool record_option_account_id(struct record_reader *r, struct account_id *out);
/* A type byte and the key, in the arena. Once the reader has failed, a key of zeros that must not be kept. */
const struct public_key *record_public_key(struct record_reader *r);
struct public_key_handle record_key_handle(struct record_reader *r);
/* Counts and elements, in the arena. */
const struct crypto_hash *record_hashes(struct record_reader *r, uint32_t *count);
const uint64_t *record_u64s(struct record_reader *r, uint32_t *count);

/* The writers that match. */
void record_write_hash(const struct crypto_hash *h, struct buffer *out);
void record_write_account_id(const struct account_id *id, struct buffer *out);
void record_write_option_account_id(bool present, const struct account_id *id, struct buffer *out);
void record_write_hashes(const struct crypto_hash *hashes, uint32_t count, struct buffer *out);
void record_write_u64s(const uint64_t *numbers, uint32_t count, struct buffer *out);

#endif
