#include "proof/chain.h"

#include <stdio.h>

const char *block_place(const struct execution_proof *p, uint32_t index, char out[static 64])
{
    snprintf(out, 64, "block %lu (height %llu)", (unsigned long)index,
             (unsigned long long)p->blocks[index].context.block_height);
    return out;
}

enum status proof_check_chain(const struct proof_chain *c, struct refusal *r, struct error *e)
{
    enum status status = proof_check_order(c, r, e);
    if (status == STATUS_OK) status = proof_check_lists(c, r, e);
    if (status == STATUS_OK) status = proof_check_ids(c, r, e);
    return status == STATUS_OK ? proof_check_senders(c, r) : status;
}
