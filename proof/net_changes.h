/* What all steps together change. For build.c and full.c. */
#ifndef PROOF_NET_CHANGES_H
#define PROOF_NET_CHANGES_H

#include "proof/build.h"

/* By key, each key once, and only those whose value is another one than before. */
struct net_changes {
    struct proof_change *changes;
    struct trie_change *values;    /* the same, with the bytes of the new values */
    uint32_t count;
};

/* Values before the steps are looked up in `old`, but for those of `known`, changes by key of which they are known to
 * be right (count 0: of none). Memory comes from `arena`; bytes are the steps'. Errors are those of trie_find, and
 * STATUS_NO_MEMORY. */
enum status net_changes_of(const struct proof_step *steps, uint32_t step_count, const struct trie *old,
                           const struct proof_change *known, uint32_t known_count, struct arena *arena,
                           struct net_changes *out, struct error *e);

#endif
