/* What the files of `nvm verify-outcome` share. */
#ifndef CLI_VERIFY_OUTCOME_H
#define CLI_VERIFY_OUTCOME_H

#include "base/arena.h"
#include "base/limits.h"
#include "proof/outcome_proof.h"

/* Reads the answer of the RPC method EXPERIMENTAL_light_client_proof (or light_client_proof): {"outcome_proof", ...},
 * with or without {"jsonrpc", "id", "result": ...} around it. Members that are not needed are passed over. The proof
 * refers to the arena alone. STATUS_MALFORMED with the place in the document or line and column; STATUS_LIMIT (null:
 * the standard limits); STATUS_NO_MEMORY. */
enum status outcome_proof_read(struct bytes text, const struct limits *limits, struct arena *arena,
                               struct outcome_proof *out, struct error *e);

/* A hash as an option says it: base58 as NEAR prints it, or 64 hexadecimal digits, which are not the base58 of 32
 * bytes. False: neither. */
bool verify_parse_hash(const char *text, struct crypto_hash *out);

#endif
