/* Everything that a proof takes as given, for people. */
#ifndef CLI_PROOF_INPUTS_H
#define CLI_PROOF_INPUTS_H

#include "cli/cli.h"
#include "proof/doors.h"

enum { PROOF_LABEL = 11 }; /* columns of the words on the left */
void proof_label(FILE *out, const char *text);

/* A block's context: prices, limits, seeds, what other shards say, validators and their updates. */
void proof_print_context(FILE *out, const struct chunk *c);

/* A signed transaction, and whether it has expired. */
void proof_print_signed(FILE *out, struct bytes borsh, bool in_period);

/* A receipt that a block takes in, with its origin; `version`: the proof's protocol version. */
void proof_print_incoming(FILE *out, struct bytes borsh, const struct proof_origin *origin, uint32_t version);

#endif
