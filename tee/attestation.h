/* The attestation of an execution proof (scheme "nvm-tee-v1", proof/attestation.h), which is also a file of its own:
 * evidence, and what it takes to check what the evidence is about. docs/TEE.md describes it byte by byte.
 *
 * Nothing in it but the raw evidence is trusted: verifiers compute the registers anew from the event log, the report
 * data from statement, registers and key, and refuse what differs (attestation_verify.h). */
#ifndef TEE_ATTESTATION_H
#define TEE_ATTESTATION_H

#include "tee/statement.h"

#define TEE_SCHEME "nvm-tee-v1"

enum {
    TEE_ATTESTATION_VERSION = 2,   /* version 1, which says nothing of origins, is read, and refused by verifiers */
    TEE_PROVIDER_NAME_MAX = 32,
    TEE_EVIDENCE_MAX = 1 << 16,
    TEE_AUXILIARY_MAX = 1 << 20,
    TEE_EVENT_LOG_MAX = 1 << 24,
    TEE_ATTESTATION_MAX = TEE_EVENT_LOG_MAX + (1 << 21),
    TEE_SIGNATURE_SIZE = 64,
};

/* What it refers to are the bytes that it was read from, or the maker's. */
struct tee_attestation {
    uint8_t version;               /* as it was read; what is written is always of the latest */
    enum tee_platform platform;
    bool simulated;
    struct bytes provider;         /* who made it: UTF-8, at most TEE_PROVIDER_NAME_MAX bytes */
    enum tee_statement_kind kind;
    enum tee_origin origin;
    uint8_t statement[STATEMENT_SIZE];
    struct bytes purpose;          /* STATEMENT_KEY: what the key is for (UTF-8), and when it was made; else empty, 0 */
    uint64_t created;
    struct bytes evidence;         /* raw: quote, document, report */
    struct bytes auxiliary;        /* certificate table, collateral; may be empty */
    uint32_t register_count;
    struct bytes registers;        /* that many values, one behind the other */
    struct bytes event_log;        /* tee/event_log.h */
    struct bytes nonce, public_key;
    bool is_signed;                /* STATEMENT_KEY: the key has signed a statement (tee/signing_key.h) */
    enum tee_origin signed_origin; /* ORIGIN_NONE: a bare hash */
    uint8_t signed_statement[STATEMENT_SIZE];
    uint64_t signed_at;            /* Unix seconds by the enclave's clock */
    uint8_t signature[TEE_SIGNATURE_SIZE];
};

/* Whether the bytes begin as such a file does. */
bool tee_attestation_is(struct bytes input);
/* Reads one; `input` must stay. STATUS_MALFORMED: refusal evidence (with the offset), version or limit. */
enum status tee_attestation_decode(struct bytes input, struct tee_attestation *out, struct error *e);
/* Appends the encoding: one byte string for one attestation. out->failed says whether there was memory. */
void tee_attestation_encode(const struct tee_attestation *a, struct buffer *out);

/* The digest that the evidence must carry: of statement, origin, registers as the event log gives them, key and nonce.
 * Refusals: event-log. */
enum status tee_attestation_digest(const struct tee_attestation *a, uint8_t out[32], struct error *e);

/* Appends it as JSON: hexadecimal for what people compare, base64 for evidence and auxiliary data, the log event by
 * event (as base64 if it is none). out->failed. */
void tee_attestation_json(const struct tee_attestation *a, struct buffer *out);

#endif
