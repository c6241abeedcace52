/* Attestation documents of Nitro. The input is tried as a document, as the payload of one, and as the changes to a good
 * payload. Whatever is read lies within the input, keeps to the bounds of the schema and is one CBOR item; and nothing is
 * accepted by the verifier, as nothing here is signed. */
#include <stdlib.h>

#include "fuzz/choices.h"
#include "tee/cbor.h"
#include "tee/evidence.h"
#include "tee/nitro_document.h"
#include "tee/roots.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool ok)
{
    if (!ok) abort();
}

static void check_view(struct bytes whole, struct bytes part, size_t least, size_t most)
{
    check(part.size >= least && part.size <= most);
    if (part.size) check(part.data >= whole.data && part.data + part.size <= whole.data + whole.size);
}

static void check_document(struct bytes evidence, const struct nitro_document *d)
{
    const struct bytes payload = d->message.payload;
    struct cbor_reader r = cbor_reader_of(payload);
    struct error e;
    cbor_skip(&r);
    check(cbor_finish(&r, "payload", TEE_CBOR, &e) == STATUS_OK);
    check_view(evidence, payload, 1, NITRO_PAYLOAD_MAX);
    check_view(payload, d->module_id, 1, NITRO_PAYLOAD_MAX);
    check_view(payload, d->certificate, 1, NITRO_CERTIFICATE_MAX);
    check_view(payload, d->public_key, 0, NITRO_PUBLIC_KEY_MAX);
    check_view(payload, d->user_data, 0, NITRO_USER_DATA_MAX);
    check_view(payload, d->nonce, 0, NITRO_NONCE_MAX);
    check(d->timestamp_ms > 0 && d->pcr_mask != 0);
    check(d->cabundle_count > 0 && d->cabundle_count <= NITRO_CHAIN_MAX);
    for (uint32_t i = 0; i < d->cabundle_count; i++) check_view(payload, d->cabundle[i], 1, NITRO_CERTIFICATE_MAX);
    for (unsigned i = 0; i < NITRO_PCRS; i++) {
        if (d->pcr_mask >> i & 1) check_view(payload, d->pcr[i], NITRO_PCR_SIZE, NITRO_PCR_SIZE);
        else check(d->pcr[i].size == 0);
    }
}

static void check_refused(struct bytes evidence)
{
    static const uint8_t zeros[NITRO_PCR_SIZE];
    const struct tee_identity_value value = {.name = "pcr0", .value = {zeros, sizeof zeros}};
    const struct tee_identity identity = {.label = "", .expires = INT64_MAX, .values = &value, .count = 1};
    const struct tee_policy policy = {.platform = TEE_NITRO, .identities = &identity, .identity_count = 1,
                                      .allow_debug = true, .max_age = UINT64_MAX, .skew = UINT64_MAX};
    struct tee_input in = {.evidence = evidence, .policy = &policy, .at = 1766668537};
    struct tee_verdict v = {0};
    struct error e = {0};
    in.root_count = tee_roots(TEE_NITRO, &in.roots);
    const enum status status = nitro_verify(&in, &v, &e);
    check(status == STATUS_INVALID && v.refusal != TEE_OK && e.code == (int)v.refusal && e.message[0]);
    for (uint32_t i = 0; i < v.count; i++)
        for (const char *p = v.checks[i].measured; *p; p++) check(*p >= 0x20 && *p <= 0x7e);
    tee_verdict_free(&v);
}

static void try_document(struct bytes evidence)
{
    struct nitro_document d;
    struct error e = {0};
    if (nitro_document_read(evidence, &d, &e) == STATUS_OK) check_document(evidence, &d);
    else check(e.status == STATUS_INVALID && e.code != TEE_OK && e.message[0]);
    check_refused(evidence);
}

static void try_payload(struct bytes payload)
{
    static const uint8_t signature[COSE_SIGNATURE_SIZE] = {1};
    struct buffer b = {0};
    cose_sign1_write(&b, cose_es384_header(), payload, bytes_of(signature, sizeof signature));
    if (!b.failed) try_document(bytes_of(b.data, b.size));
    buffer_free(&b);
}

static void write_bytes(struct buffer *b, const char *name, size_t size)
{
    static const uint8_t zeros[64];
    cbor_write_text(b, name);
    cbor_write_bytes(b, bytes_of(zeros, size));
}

static void write_good(struct buffer *b, bool indefinite)
{
    static const uint8_t zeros[NITRO_PCR_SIZE];
    if (indefinite) cbor_write_indefinite_map(b);
    else cbor_write_map(b, 9);
    cbor_write_text(b, "module_id");
    cbor_write_text(b, "i");
    cbor_write_text(b, "digest");
    cbor_write_text(b, "SHA384");
    cbor_write_text(b, "timestamp");
    cbor_write_uint(b, 1766668537578);
    cbor_write_text(b, "pcrs");
    cbor_write_map(b, 2);
    for (unsigned i = 0; i < 2; i++) {
        cbor_write_uint(b, i);
        cbor_write_bytes(b, bytes_of(zeros, sizeof zeros));
    }
    write_bytes(b, "certificate", 20);
    cbor_write_text(b, "cabundle");
    cbor_write_array(b, 1);
    const struct bytes *roots;
    if (tee_roots(TEE_NITRO, &roots)) cbor_write_bytes(b, roots[0]);
    write_bytes(b, "public_key", 3);
    write_bytes(b, "user_data", 32);
    cbor_write_text(b, "nonce");
    cbor_write_null(b);
    if (indefinite) cbor_write_break(b);
}

/* Changes, removes or inserts a few bytes. */
static void mutate(struct buffer *b, struct choices *c)
{
    const uint32_t at = choose(c, (uint32_t)b->size), kind = choose(c, 4);
    if (kind < 2) {
        b->data[at] = (uint8_t)choose(c, 256);
    } else if (kind == 2) {
        memmove(b->data + at, b->data + at + 1, b->size - at - 1);
        b->size--;
    } else if (buffer_reserve(b, 1)) {
        memmove(b->data + at + 1, b->data + at, b->size - at);
        b->data[at] = (uint8_t)choose(c, 256);
        b->size++;
    }
}

static void try_changed(const uint8_t *data, size_t size)
{
    struct choices c = choices_of(data, size);
    struct buffer b = {0};
    write_good(&b, chance(&c, 50));
    try_payload(bytes_of(b.data, b.size));
    for (uint32_t i = 0, count = 1 + choose(&c, 4); i < count && !b.failed && b.size > 1; i++) mutate(&b, &c);
    if (!b.failed) try_payload(bytes_of(b.data, b.size));
    buffer_free(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    try_document(bytes_of(data, size));
    try_payload(bytes_of(data, size));
    try_changed(data, size);
    return 0;
}
