/* Where ids are mentioned in a proof's blocks: a list that is sorted, so that what is said of one id is together. The
 * meanings of `mention` are those of the file that makes the list, in the order that it wants. Internal to proof/. */
#ifndef PROOF_NAMED_IDS_H
#define PROOF_NAMED_IDS_H

#include "near/crypto_hash.h"

struct named {
    const struct crypto_hash *id;
    unsigned mention;
    uint32_t block, index;
};

/* Start with names_begin, release with names_free. */
struct names {
    struct named *items;
    size_t count;
};

/* Room for so many. False: no memory. */
bool names_begin(struct names *n, size_t most);
void names_free(struct names *n);
/* There is room. */
void names_add(struct names *n, const struct crypto_hash *id, unsigned mention, uint32_t block, uint32_t index);
/* By id, mention, block and index. */
void names_sort(struct names *n);

#endif
