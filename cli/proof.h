/* nvm proof: looking at execution proofs. */
#ifndef CLI_PROOF_H
#define CLI_PROOF_H

#include "cli/cli.h"
#include "proof/execution_proof.h"

#define X(name, summary) int proof_##name(int argc, char **argv);
#include "cli/proof_parts.def"
#undef X

/* proof_report.c: everything that a proof says, for people. STATUS_NO_MEMORY. */
enum status proof_report(FILE *out, const struct execution_proof *p, struct error *e);

/* proof_svg.c: a picture of the part of the trie that the proof brings along: one file, without scripts, the same bytes
 * for the same proof. STATUS_NO_MEMORY. */
enum status proof_svg(const struct execution_proof *p, struct buffer *out, struct error *e);

#endif
