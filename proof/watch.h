/* Comparing a block while it is executed: what the proof does not claim ends the execution when it appears, so that a
 * false proof costs no more than its first lie. */
#ifndef PROOF_WATCH_H
#define PROOF_WATCH_H

#include "proof/full.h"

/* Lives while the block is executed; `chunk_watch` is for its chunk. */
struct watch {
    struct chunk_watch chunk_watch;
    const struct proof_block *claimed;
    uint32_t index;                /* of the block */
    const struct limits *limits;
    uint64_t *gas;                 /* burnt so far, in all blocks */
    struct refusal *refusal;
    struct buffer scratch;
};

void watch_begin(struct watch *w, const struct proof_block *claimed, uint32_t index, const struct limits *limits,
                 uint64_t *gas, struct refusal *refusal);
void watch_end(struct watch *w);

/* That what the proof claims was burnt is within the limit: nothing is executed if it is not. STATUS_LIMIT. */
enum status watch_check_gas(const struct execution_proof *p, const struct limits *limits, struct error *e);

#endif
