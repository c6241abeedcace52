/* What the options of `nvm verify` demand of proofs, and what they show of the chain. */
#ifndef CLI_VERIFY_DEMANDS_H
#define CLI_VERIFY_DEMANDS_H

#include "cli/verify.h"

/* Texts of the options; null or an empty list: not given. */
struct demand_options {
    const char *statement, *old_root, *new_root, *chain_id, *first_height, *last_height, *head_root;
    struct text_list code_hashes, receipt_proofs;
};

/* What they say. Zero-initialise; release with demands_free. */
struct demands {
    struct crypto_hash statement, old_root, new_root, head_root;
    struct crypto_hash *code_hashes;
    struct bytes chain_id;
    uint64_t first_height, last_height;
    struct outcome_proof *chain;
    size_t chain_count;
    struct arena arena;
};

/* Reads them, and checks the receipt proofs, of which each must hold; fills in options->demands and options->chain.
 * Returns -1, or the exit code after a message. */
int demands_read(struct demands *d, const struct demand_options *o, struct verify_options *options);
void demands_free(struct demands *d);

#endif
