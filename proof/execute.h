/* What executes for proof_verify_full: the runtime itself. */
#ifndef PROOF_EXECUTE_H
#define PROOF_EXECUTE_H

#include "proof/full.h"

struct runtime_executor {
    struct executor executor;      /* hand this to full_options */
    struct contract_cache *contracts;
    const struct protocol_parameters *parameters;
};

/* For proofs of this protocol version. Release with runtime_executor_free. STATUS_INVALID: nothing is known of it;
 * STATUS_NO_MEMORY. */
enum status runtime_executor_init(struct runtime_executor *x, uint32_t protocol_version, struct error *e);
void runtime_executor_free(struct runtime_executor *x);

#endif
