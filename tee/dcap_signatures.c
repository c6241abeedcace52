/* Who signed what in a quote: the platform's key the quoting enclave's report, which names the attestation key, which
 * signed the quote. */
#include "crypto/ecdsa.h"
#include "crypto/sha2.h"
#include "tee/dcap_steps.h"

static bool signed_by(struct bytes key, struct bytes message, const uint8_t *signature)
{
    uint8_t hash[SHA256_SIZE];
    sha256(message, hash);
    return ecdsa_verify(ECDSA_P256, key, hash, bytes_of(signature, QUOTE_SIGNATURE_SIZE));
}

/* The report must be about SHA-256(key ‖ authentication data), and zeros behind it. */
static enum status check_key_hash(struct dcap_run *r)
{
    const struct quote *q = &r->quote;
    uint8_t expected[64] = {0};
    struct sha256 h;
    sha256_init(&h);
    sha256_update(&h, bytes_of(q->key, QUOTE_KEY_SIZE));
    sha256_update(&h, q->qe_auth);
    sha256_finish(&h, expected);
    const char *name = "attestation key's hash";
    const char *found = tee_verdict_hex(r->v, bytes_of(q->qe.report_data, sizeof expected));
    const char *wanted = tee_verdict_hex(r->v, bytes_of(expected, sizeof expected));
    if (memcmp(q->qe.report_data, expected, sizeof expected) != 0)
        return dcap_refuse(r, TEE_QE_HASH, name, found, wanted);
    tee_verdict_passed(r->v, name, found, wanted);
    return STATUS_OK;
}

enum status dcap_signatures(struct dcap_run *r)
{
    const struct quote *q = &r->quote;
    const struct bytes key = bytes_of(q->key, QUOTE_KEY_SIZE);
    if (!signed_by(r->pck.certificates[0].key.point, q->qe.raw, q->qe_signature))
        return dcap_refuse(r, TEE_QE_SIGNATURE, "quoting enclave's report", "not signed by the platform's key", "");
    tee_verdict_passed(r->v, "quoting enclave's report", "signed by the platform's key", "");
    const enum status status = check_key_hash(r);
    if (status != STATUS_OK) return status;
    if (!ecdsa_public_key_valid(ECDSA_P256, key))
        return dcap_refuse(r, TEE_KEY, "attestation key", tee_verdict_hex(r->v, key), "a point on P-256");
    if (!signed_by(key, q->signed_part, q->signature))
        return dcap_refuse(r, TEE_QUOTE_SIGNATURE, "quote", "not signed by the attestation key", "");
    tee_verdict_passed(r->v, "quote", "signed by the attestation key", "");
    return STATUS_OK;
}
