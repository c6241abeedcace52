/* Why a proof is refused: what is the first thing that is wrong, where, and both values. */
#ifndef PROOF_REFUSAL_H
#define PROOF_REFUSAL_H

#include "proof/execution_proof.h"

/* Texts are one line of printable ASCII, cut if they are too long; always NUL-terminated. */
struct refusal {
    enum proof_error code;  /* PROOF_NO_ERROR: nothing is wrong */
    char place[240];        /* "block 0 (height 11), outcome 3 (id): gas burnt", ... */
    char claimed[200];      /* what the proof says; "" if there is nothing to say */
    char found[200];        /* what it should have said, or what was found instead; of OTHER_...: what is demanded */
};

enum { REFUSAL_VALUE_SIZE = sizeof ((struct refusal *)0)->claimed };

/* Fills *r; the place is formatted as by printf. Returns STATUS_INVALID. */
#if defined(__GNUC__)
__attribute__((format(printf, 5, 6)))
#endif
enum status refuse(struct refusal *r, enum proof_error code, const char *claimed, const char *found, const char *place,
                   ...);

/* Fills *e with all that a refusal says, in one line, and its code. Returns STATUS_INVALID. */
enum status refusal_error(const struct refusal *r, struct error *e);

/* How a sentence goes on to `found`: "found", or "demanded". */
const char *refusal_word(enum proof_error code);

/* ---- values as text: into `out`, which is returned --------------------------------------------------------------- */

const char *value_of_hash(const struct crypto_hash *h, char out[static REFUSAL_VALUE_SIZE]);
const char *value_of_u64(uint64_t v, char out[static REFUSAL_VALUE_SIZE]);
const char *value_of_u128(struct u128 v, char out[static REFUSAL_VALUE_SIZE]);
/* In quotes if it is printable ASCII, else in hex; with its length if it is cut. */
const char *value_of_bytes(struct bytes b, char out[static REFUSAL_VALUE_SIZE]);
/* "32 bytes with the SHA-256 ...", or "none". */
const char *value_of_trie_value(bool present, const struct trie_value *v, char out[static REFUSAL_VALUE_SIZE]);

/* STATUS_OK if the hashes are equal. */
enum status refuse_other_hash(enum proof_error code, const struct crypto_hash *claimed, const struct crypto_hash *found,
                              const char *place, struct refusal *r);

/* A missing row, as trie/ tells it. */
enum status refuse_missing(struct refusal *r, const struct trie_missing *missing, const char *place);

#endif
