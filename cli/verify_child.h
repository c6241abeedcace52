/* Full verification in a child of this process: what a key of the enclave signs was executed by the enclave's own
 * program, in the bytes that are signed, and whatever the proof does there costs no more than was allowed. */
#ifndef CLI_VERIFY_CHILD_H
#define CLI_VERIFY_CHILD_H

#include "base/limits.h"
#include "cli/cli.h"
#include "near/crypto_hash.h"

struct verify_limits {
    double seconds;                /* of the clock, and of the processor */
    uint64_t memory;               /* bytes more than this process has */
    struct limits counted;         /* gas, receipts, …: base/limits.def */
};

/* The defaults: a minute, 2 GiB, and those of the table. */
void verify_limits_default(struct verify_limits *limits);

/* Forks, lets the child execute the proof in full, and reads the verdict from a pipe. The child has the bytes that the
 * caller has, not the file. Call it before anything secret is in memory. Returns -1, with the statement that was
 * verified; or after a message EXIT_TRAPPED (refused, or over the limits) or EXIT_INPUT. */
int verify_in_child(const char *path, struct bytes proof, const struct bytes *codes, size_t code_count,
                    const struct verify_limits *limits, struct crypto_hash *statement);

#endif
