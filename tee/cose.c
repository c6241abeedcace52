#include "tee/cose.h"

#include <bearssl.h>

#include "crypto/ecdsa.h"
#include "tee/cbor.h"

/* Labels of header parameters (RFC 9052, section 3.1). */
enum { LABEL_ALG = 1, LABEL_CRIT = 2 };

struct bytes cose_es384_header(void)
{
    static const uint8_t header[] = {0xa1, 0x01, 0x38, 0x22};
    return bytes_of(header, sizeof header);
}

/* {1: -35} and nothing else. An encoding that is not the shortest is left to the signature, which covers these bytes. */
static enum status read_protected(struct bytes header, struct error *e)
{
    if (header.size == 0) return tee_refuse(e, TEE_ALG, "the protected header names no algorithm, expected -35 (ES384)");
    struct cbor_reader r = cbor_reader_of(header);
    r.any_form = true;
    bool has_alg = false;
    struct cbor_container map = cbor_enter_map(&r);
    while (cbor_more(&r, &map)) {
        const int64_t label = cbor_read_int(&r);
        if (r.failed) break;
        if (label == LABEL_CRIT) return tee_refuse(e, TEE_CRIT, "the protected header has critical parameters");
        if (label != LABEL_ALG)
            return tee_refuse(e, TEE_COSE, "the protected header has parameter %lld, expected only 1 (alg)",
                              (long long)label);
        if (has_alg) return tee_refuse(e, TEE_COSE, "the protected header has parameter 1 (alg) twice");
        has_alg = true;
        const int64_t algorithm = cbor_read_int(&r);
        if (!r.failed && algorithm != COSE_ES384)
            return tee_refuse(e, TEE_ALG, "the algorithm is %lld, expected -35 (ES384)", (long long)algorithm);
    }
    const enum status status = cbor_finish(&r, "protected header", TEE_COSE, e);
    if (status != STATUS_OK || has_alg) return status;
    return tee_refuse(e, TEE_ALG, "the protected header names no algorithm, expected -35 (ES384)");
}

static enum status read_unprotected(struct cbor_reader *r, struct error *e)
{
    struct cbor_container map = cbor_enter_map(r);
    if (map.indefinite) return tee_refuse(e, TEE_COSE, "the unprotected header's length is not stated");
    if (!cbor_more(r, &map)) return STATUS_OK; /* or failed: the end says so */
    if (cbor_peek(r) == CBOR_UINT && cbor_read_uint(r, UINT64_MAX) == LABEL_CRIT)
        return tee_refuse(e, TEE_CRIT, "the unprotected header has critical parameters");
    return tee_refuse(e, TEE_COSE, "the unprotected header is not empty");
}

enum status cose_sign1_read(struct bytes message, struct cose_sign1 *out, struct error *e)
{
    *out = (struct cose_sign1){0};
    struct cbor_reader r = cbor_reader_of(message);
    if (cbor_peek(&r) == CBOR_TAG) {
        const uint64_t tag = cbor_read_tag(&r);
        if (!r.failed && tag != COSE_TAG_SIGN1)
            return tee_refuse(e, TEE_COSE, "tag %llu, expected 18 (COSE_Sign1)", (unsigned long long)tag);
    }
    const struct cbor_container array = cbor_enter_array(&r);
    if (array.indefinite) return tee_refuse(e, TEE_COSE, "an array of a length that is not stated, expected 4 items");
    if (!r.failed && array.left != 4)
        return tee_refuse(e, TEE_COSE, "an array of %llu items, expected 4", (unsigned long long)array.left);
    struct cose_sign1 m = {.protected_header = cbor_read_bytes(&r)};
    if (!r.failed) {
        const enum status status = read_protected(m.protected_header, e);
        if (status != STATUS_OK) return status;
    }
    const enum status status = read_unprotected(&r, e);
    if (status != STATUS_OK) return status;
    m.payload = cbor_read_bytes(&r);
    m.signature = cbor_read_bytes(&r);
    if (cbor_finish(&r, "COSE_Sign1", TEE_COSE, e) != STATUS_OK) return STATUS_INVALID;
    *out = m;
    return STATUS_OK;
}

static void hash_head(br_sha384_context *h, enum cbor_kind kind, uint64_t value)
{
    uint8_t head[CBOR_HEAD_MAX];
    br_sha384_update(h, head, cbor_head(head, kind, value));
}

static void hash_string(br_sha384_context *h, enum cbor_kind kind, struct bytes s)
{
    hash_head(h, kind, s.size);
    if (s.size) br_sha384_update(h, s.data, s.size);
}

void cose_sign1_hash(struct bytes protected_header, struct bytes payload, uint8_t out[COSE_HASH_SIZE])
{
    br_sha384_context h;
    br_sha384_init(&h);
    hash_head(&h, CBOR_ARRAY, 4);
    hash_string(&h, CBOR_TEXT, bytes_of_string("Signature1"));
    hash_string(&h, CBOR_BYTES, protected_header);
    hash_string(&h, CBOR_BYTES, (struct bytes){0}); /* external data */
    hash_string(&h, CBOR_BYTES, payload);
    br_sha384_out(&h, out);
}

void cose_sign1_write(struct buffer *out, struct bytes protected_header, struct bytes payload, struct bytes signature)
{
    cbor_write_array(out, 4);
    cbor_write_bytes(out, protected_header);
    cbor_write_map(out, 0);
    cbor_write_bytes(out, payload);
    cbor_write_bytes(out, signature);
}

enum status cose_sign1_verify(const struct cose_sign1 *m, struct bytes point, struct error *e)
{
    uint8_t hash[COSE_HASH_SIZE];
    if (m->signature.size != COSE_SIGNATURE_SIZE)
        return tee_refuse(e, TEE_SIGNATURE, "the signature has %zu bytes, expected %d", m->signature.size,
                          COSE_SIGNATURE_SIZE);
    cose_sign1_hash(m->protected_header, m->payload, hash);
    if (ecdsa_verify(ECDSA_P384, point, hash, m->signature)) return STATUS_OK;
    return tee_refuse(e, TEE_SIGNATURE, "the signature over header and payload is not the key's");
}
