/* What execution proofs say, for people. Everything in a proof may have been made up by whoever sent it: nothing is
 * printed without being escaped. */
#ifndef CLI_PROOF_TEXT_H
#define CLI_PROOF_TEXT_H

#include "cli/cli.h"
#include "proof/doors.h"

enum { PROOF_NAME_SHOWN = 64 }; /* characters of a method's name, which is in quotes */

/* "\"ft_transfer\"() on token.near by alice.near", "CreateAccount, Transfer on ...", "Data on ...". */
void proof_print_receipt(FILE *out, const struct receipt *r);

/* The same for a signed transaction. */
void proof_print_transaction(FILE *out, const struct transaction *t);

/* "ok", "ok, 5", "ok, the result is that of ...", "failed: ..."; values are cut after about `limit` bytes. */
void proof_print_status(FILE *out, const struct proof_outcome *o, size_t limit);

/* What was applied first (a transaction or a receipt), how it ended, the roots before and after, and the sums, on one
 * line: "\"increment\"() on counter.near by alice.near: ok; root A -> B; 2 outcomes, 5,283,171,121,640 gas". */
void proof_print_summary(FILE *out, const struct execution_proof *p);

/* "burnt: 0.0001 NEAR"; all doors in one direction through which something goes: "burnt: ...; refunds that leave: ..."
 * or "nothing". */
void proof_print_door(FILE *out, const struct proof_doors *d, enum proof_door door);
void proof_print_doors(FILE *out, const struct proof_doors *d, bool enters);

/* Gas burnt by all outcomes; UINT64_MAX if it is more than that. */
uint64_t proof_gas(const struct execution_proof *p);
/* Outcomes in all blocks. */
uint64_t proof_outcome_total(const struct execution_proof *p);

/* The id of what was applied first; false: nothing was. */
bool proof_first_id(const struct execution_proof *p, struct crypto_hash *id);
/* How it ended: the outcome of that id, or, if it says that another receipt has the result, of that one, and so on.
 * Null: there is no outcome (yet). If the last one is not in the proof, it is the one that names it. */
const struct proof_outcome *proof_final_outcome(const struct execution_proof *p, const struct crypto_hash *id);

#endif
