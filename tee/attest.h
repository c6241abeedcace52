/* Making attestations: registers, statement and nonce into evidence of a provider. */
#ifndef TEE_ATTEST_H
#define TEE_ATTEST_H

#include "tee/attestation.h"

struct tee_attest {
    const struct tee_provider *provider;
    const struct tee_system *system;
    struct tee_registers *registers;
    enum tee_statement_kind kind;
    enum tee_origin origin;         /* STATEMENT_RUN: required; STATEMENT_CHALLENGE: of the registers; else none */
    uint8_t statement[STATEMENT_SIZE];
    struct bytes nonce, public_key; /* may be empty */
    struct bytes purpose;           /* STATEMENT_KEY; tee_attest_key fills statement and kind in */
    uint64_t created;
};

/* Takes all registers at one moment, asks the provider, and appends the attestation to *out; on failure nothing is
 * appended. Refusals: nonce, limit, those of the provider (no-device, busy, …), of the registers (poisoned), and
 * evidence if the provider gives more than an attestation holds. */
enum status tee_attest(const struct tee_attest *a, struct buffer *out, struct error *e);
/* The same for a key, whose statement is made of purpose and time. */
enum status tee_attest_key(struct tee_attest *a, struct buffer *out, struct error *e);

/* The one provider of real hardware that is there. Never the simulator. Refusals: no-device, or provider if there are
 * several to choose from; *e says which were looked for. */
enum status tee_provider_present(const struct tee_system *s, const struct tee_provider **out, struct error *e);

#endif
