/* The part of the old trie that an execution proof brings along, walked through from the root, node after node; what is
 * new stands where its path leaves the old trie. The rows may be anything: nothing recurses, no row is gone through
 * twice, and what is no trie is shown as such. */
#ifndef CLI_PROOF_TREE_H
#define CLI_PROOF_TREE_H

#include "proof/witness.h"
#include "trie/node.h"

enum {
    PROOF_TREE_DEPTH = 200,     /* nodes below one another that are shown; NEAR's longest paths have some 60 */
    PROOF_TREE_NIBBLES = 8192,  /* of a path; NEAR's longest have some 4,500 */
};

enum proof_tree_kind {
    PROOF_TREE_NODE,    /* a node that is in the proof */
    PROOF_TREE_REPEATED,/* one that has been visited before, in another place */
    PROOF_TREE_ABSENT,  /* children of the node above that are not in the proof: `children` */
    PROOF_TREE_NEW,     /* a key that is not in the old trie: `change` */
    PROOF_TREE_BAD,     /* a row that is no node, or is too deep to be shown */
};

struct proof_tree_item {
    enum proof_tree_kind kind;
    uint32_t depth;                   /* 0: the root */
    bool last;                        /* of those under the same parent */
    int nibble;                       /* under a branch: which child; else -1 */
    uint16_t children;                /* PROOF_TREE_ABSENT: a bit for each */
    struct trie_hash hash;            /* of the node */
    size_t size;                      /* of its row */
    struct node node;                 /* PROOF_TREE_NODE */
    bool has_key;                     /* the node has a value, at `key`; or it is PROOF_TREE_NEW */
    struct bytes key;                 /* until the next item */
    const struct proof_change *change;/* of that key; null: it keeps its value */
    const struct row *value;          /* the value before, if its bytes are in the proof; else null */
    const struct row *new_value;
};

/* Called for each item; parents come before their children. False ends the walk. */
typedef bool proof_tree_visit(void *context, const struct proof_tree_item *item);

/* `rows` is made by witness_of from the proof's rows; its marks are used. STATUS_NO_MEMORY. */
enum status proof_tree_walk(const struct execution_proof *p, struct witness *rows, proof_tree_visit *visit,
                            void *context, struct error *e);

#endif
