/* Keys and values of the state, as far as a proof tells them, for people. */
#ifndef CLI_PROOF_STATE_H
#define CLI_PROOF_STATE_H

#include "cli/proof_tree.h"

#include <stdio.h>

/* "account alice.near", "data token.near STATE"; hexadecimal if it is no key of NEAR's state. */
void proof_print_key(FILE *out, struct bytes key);

/* What stands under the key: "10 NEAR, storage 8,887 bytes", "1 (u64)"; "40 bytes" if `row` is null or says no more. */
void proof_print_value(FILE *out, struct bytes key, const struct trie_value *value, const struct row *row);

/* "+ data ... = new", "~ data ...: old -> new", "- data ...": old and new rows may be null. */
void proof_print_change(FILE *out, const struct proof_change *c, const struct row *old_row, const struct row *new_row);

/* An item of the tree on one line, without its place in the tree. */
void proof_print_item(FILE *out, const struct proof_tree_item *item);

#endif
