/* What a verified proof is about, for people and for machines. */
#ifndef CLI_VERIFY_STATEMENT_H
#define CLI_VERIFY_STATEMENT_H

#include "cli/cli.h"
#include "near/json_values.h"
#include "proof/claims.h"
#include "proof/light.h"

/* What was found out of a proof that is read: what is given in it, and what of that is shown. */
struct verify_statement {
    const struct execution_proof *proof;
    struct crypto_hash hash;
    bool light, attested; /* how it was verified */
    struct arena arena;
    struct proof_origins origins;
    struct proof_doors doors;
    struct proof_claims claims;
};

/* `chain`: outcome proofs that hold. Release with verify_statement_free, whatever the result. STATUS_INVALID: the chain
 * says something else, *r is filled; STATUS_NO_MEMORY. */
enum status verify_statement_of(struct verify_statement *s, const struct outcome_proof *chain, size_t chain_count,
                                struct refusal *r, struct error *e);
void verify_statement_free(struct verify_statement *s);

/* The end of the verdict's line, then lines that begin with two spaces; no line's end after the last. */
void verify_statement_print(FILE *out, const struct verify_statement *s);

/* Members of an object. */
void verify_statement_json(struct json_writer *w, const struct verify_statement *s);

/* A string that need not be UTF-8: then as base/shown.h shows it. */
void verify_write_any(struct json_writer *w, struct bytes text);

#endif
