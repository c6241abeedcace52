/* What a reader demands of a proof beside that it holds: a proof that is true may be one of something else. */
#ifndef PROOF_DEMANDS_H
#define PROOF_DEMANDS_H

#include "proof/refusal.h"

/* Null, or a count of 0: not demanded. */
struct proof_demands {
    const struct crypto_hash *statement;
    const struct crypto_hash *old_root, *new_root;
    const struct crypto_hash *code_hashes; /* the contracts that were run: these and no others, in any order */
    size_t code_hash_count;
    const struct bytes *chain_id;
    const uint64_t *first_height, *last_height;
};

/* Compares the proof with what is demanded; `statement` is its statement's hash. To be called beside verification, in
 * any order. STATUS_OK: as demanded. STATUS_INVALID: *r and *e say what is not, with a code of the group OTHER_... of
 * proof/errors.def; `claimed` is the proof's value, `found` the one that is demanded. */
enum status proof_check_demands(const struct execution_proof *p, const struct crypto_hash *statement,
                                const struct proof_demands *demands, struct refusal *r, struct error *e);

#endif
