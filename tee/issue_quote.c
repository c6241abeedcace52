/* Quotes of SGX and TDX, versions 3, 4 and 5. */
#include "crypto/sha2.h"
#include "tee/issue_intel.h"
#include "tee/issue_values.h"

static void append_zeros(struct buffer *b, size_t count)
{
    for (size_t k = 0; k < count; k++) buffer_append_byte(b, 0);
}

static void append_le16(struct buffer *b, uint16_t value)
{
    uint8_t out[2];
    store_le16(out, value);
    buffer_append(b, out, sizeof out);
}

static void append_le32(struct buffer *b, uint32_t value)
{
    uint8_t out[4];
    store_le32(out, value);
    buffer_append(b, out, sizeof out);
}

struct bytes issue_enclave_report(struct issue *i, const struct issue_enclave_report *r)
{
    struct buffer b = {0};
    buffer_append(&b, r->cpusvn, 16);
    append_le32(&b, r->miscselect);
    append_zeros(&b, 28);
    buffer_append(&b, r->attributes, 16);
    buffer_append(&b, r->mrenclave, 32);
    append_zeros(&b, 32);
    buffer_append(&b, r->mrsigner, 32);
    append_zeros(&b, 96);
    append_le16(&b, r->isv_prod_id);
    append_le16(&b, r->isv_svn);
    append_zeros(&b, 60);
    buffer_append(&b, r->report_data, 64);
    return issue_take(i, &b);
}

struct bytes issue_td_report(struct issue *i, const struct issue_td_report *r, bool with_td15)
{
    struct buffer b = {0};
    buffer_append(&b, r->tee_tcb_svn, 16);
    buffer_append(&b, r->mr_seam, 48);
    buffer_append(&b, r->mr_signer_seam, 48);
    buffer_append(&b, r->seam_attributes, 8);
    buffer_append(&b, r->td_attributes, 8);
    buffer_append(&b, r->xfam, 8);
    buffer_append(&b, r->mr_td, 48);
    buffer_append(&b, r->mr_config_id, 48);
    buffer_append(&b, r->mr_owner, 48);
    buffer_append(&b, r->mr_owner_config, 48);
    for (int k = 0; k < 4; k++) buffer_append(&b, r->rtmr[k], 48);
    buffer_append(&b, r->report_data, 64);
    if (with_td15) {
        buffer_append(&b, r->tee_tcb_svn2, 16);
        buffer_append(&b, r->mr_service_td, 48);
    }
    return issue_take(i, &b);
}

/* ---- what is valid ---------------------------------------------------------------------------------------------------- */

static const uint8_t enclave_attributes[16] = {0x05 /* INIT, MODE64 */, [8] = 0xe7};

static void make_enclave(const struct issue_intel *p, struct issue_enclave_report *out)
{
    *out = (struct issue_enclave_report){.isv_prod_id = 1, .isv_svn = 1};
    for (int k = 0; k < 16; k++) out->cpusvn[k] = (uint8_t)p->sgx.component[k];
    memcpy(out->attributes, enclave_attributes, sizeof out->attributes);
    issue_value_fill("mrenclave", out->mrenclave, sizeof out->mrenclave);
    issue_value_fill("mrsigner", out->mrsigner, sizeof out->mrsigner);
}

static void make_td(struct issue_td_report *out)
{
    static const char *const rtmrs[4] = {"rtmr0", "rtmr1", "rtmr2", "rtmr3"};
    *out = (struct issue_td_report){
        .tee_tcb_svn = {5, 1, 3},                    /* isvsvn 5 of the module TDX_01, microcode 3 */
        .td_attributes = {[3] = 0x10},               /* SEPT_VE_DISABLE */
        .xfam = {0xe7, 0x18, 0x06},
        .tee_tcb_svn2 = {5, 1, 3},
    };
    issue_value_fill("mr_seam", out->mr_seam, sizeof out->mr_seam);
    issue_value_fill("mr_td", out->mr_td, sizeof out->mr_td);
    for (int k = 0; k < 4; k++) issue_value_fill(rtmrs[k], out->rtmr[k], sizeof out->rtmr[k]);
}

static void make_quoting_enclave(const struct issue_intel *p, struct issue_enclave_report *out)
{
    make_enclave(p, out);
    out->attributes[0] = 0x15; /* INIT, MODE64, PROVISION_KEY */
    out->isv_prod_id = (uint16_t)p->qe_identity.isv_prod_id;
    out->isv_svn = p->platform == TEE_TDX ? 4 : 8;
    issue_value_fill("quoting enclave", out->mrenclave, sizeof out->mrenclave);
    issue_value_fill("quoting enclave signer", out->mrsigner, sizeof out->mrsigner);
}

void issue_quote_defaults(struct issue *i, const struct issue_intel *p, uint16_t version, struct issue_quote *out)
{
    static const uint8_t vendor[16] = {0x93, 0x9a, 0x72, 0x33, 0xf7, 0x9c, 0x4c, 0xa9,
                                       0x94, 0x0a, 0x0d, 0xb3, 0x95, 0x7f, 0x06, 0x07};
    const bool tdx = p->platform == TEE_TDX;
    *out = (struct issue_quote){
        .version = version, .key_type = 2, .tee_type = tdx ? 0x81 : 0, .outer_type = 6, .inner_type = 5,
        .body_kind = !tdx ? ISSUE_BODY_SGX : version == 5 ? ISSUE_BODY_TD15 : ISSUE_BODY_TD10,
        .authentication = issue_value(i, "authentication data", 32), .attestation_key = &p->attestation,
        .qe_signer = &p->pck, .body_size = ISSUE_RIGHT_SIZE, .signature_size = ISSUE_RIGHT_SIZE,
        .outer_size = ISSUE_RIGHT_SIZE, .authentication_size = ISSUE_RIGHT_SIZE, .inner_size = ISSUE_RIGHT_SIZE};
    out->body_type = (uint16_t)out->body_kind;
    memcpy(out->vendor, vendor, sizeof vendor);
    issue_value_fill("platform", out->user_data, sizeof out->user_data);
    make_enclave(p, &out->sgx);
    make_td(&out->td);
    make_quoting_enclave(p, &out->qe);
    if (version == 3) {
        out->qe_svn = out->qe.isv_svn;
        out->pce_svn = (uint16_t)p->sgx.pcesvn;
    }
}

/* ---- the bytes ---------------------------------------------------------------------------------------------------------- */

static uint32_t size_or(int64_t given, size_t right)
{
    return given == ISSUE_RIGHT_SIZE ? (uint32_t)right : (uint32_t)given;
}

static struct bytes body_of(struct issue *i, const struct issue_quote *q)
{
    if (q->body.data) return q->body;
    if (q->body_kind == ISSUE_BODY_SGX) return issue_enclave_report(i, &q->sgx);
    return issue_td_report(i, &q->td, q->body_kind == ISSUE_BODY_TD15);
}

/* What the attestation key signs: header and body. */
static void append_signed(struct issue *i, struct buffer *b, const struct issue_quote *q)
{
    const struct bytes body = body_of(i, q);
    append_le16(b, q->version);
    append_le16(b, q->key_type);
    append_le32(b, q->tee_type);
    append_le16(b, q->qe_svn);
    append_le16(b, q->pce_svn);
    buffer_append(b, q->vendor, sizeof q->vendor);
    buffer_append(b, q->user_data, sizeof q->user_data);
    if (q->version == 5) {
        append_le16(b, q->body_type);
        append_le32(b, size_or(q->body_size, body.size));
    }
    if (body.size) buffer_append(b, body.data, body.size);
}

static struct bytes qe_report_of(struct issue *i, const struct issue_quote *q, struct bytes point)
{
    struct issue_enclave_report qe = q->qe;
    if (q->qe_report.data) return q->qe_report;
    if (!q->qe_report_data_as_is) {
        struct sha256 h;
        memset(qe.report_data, 0, sizeof qe.report_data);
        sha256_init(&h);
        sha256_update(&h, point);
        sha256_update(&h, q->authentication);
        sha256_finish(&h, qe.report_data);
    }
    return issue_enclave_report(i, &qe);
}

static struct bytes certification_of(struct issue *i, const struct issue_intel *p, const struct issue_quote *q)
{
    struct buffer b = {0};
    if (q->certification.data) return q->certification;
    const struct bytes chain = issue_pck_chain(i, p);
    if (chain.size) buffer_append(&b, chain.data, chain.size);
    buffer_append_byte(&b, 0);
    return issue_take(i, &b);
}

/* QE report, its signature, authentication data, PCK chain. */
static void append_certification(struct issue *i, struct buffer *b, const struct issue_intel *p,
                                 const struct issue_quote *q, struct bytes point)
{
    const struct bytes qe = qe_report_of(i, q, point), data = certification_of(i, p, q);
    const struct bytes signature = q->qe_signature.data ? q->qe_signature
                                                        : issue_sign_raw(i, q->qe_signer, HASH_SHA256, qe);
    buffer_append(b, qe.data, qe.size);
    buffer_append(b, signature.data, signature.size);
    append_le16(b, (uint16_t)size_or(q->authentication_size, q->authentication.size));
    buffer_append(b, q->authentication.data, q->authentication.size);
    append_le16(b, q->inner_type);
    append_le32(b, size_or(q->inner_size, data.size));
    buffer_append(b, data.data, data.size);
}

struct bytes issue_quote(struct issue *i, const struct issue_intel *p, const struct issue_quote *q)
{
    struct buffer b = {0}, inner = {0};
    const struct bytes point = q->attestation_point.data ? q->attestation_point
                                                         : ecdsa_sign_point(&q->attestation_key->ec);
    append_signed(i, &b, q);
    const struct bytes signature =
        q->signature.data || b.failed
            ? q->signature
            : issue_sign_raw(i, q->attestation_key, HASH_SHA256, bytes_of(b.data, b.size));
    append_certification(i, &inner, p, q, point);
    if (inner.failed) b.failed = true;
    const bool outer = q->version != 3;
    append_le32(&b, size_or(q->signature_size, signature.size + point.size + (outer ? 6 : 0) + inner.size));
    buffer_append(&b, signature.data, signature.size);
    buffer_append(&b, point.data, point.size);
    if (outer) {
        append_le16(&b, q->outer_type);
        append_le32(&b, size_or(q->outer_size, inner.size));
    }
    buffer_append(&b, inner.data, inner.size);
    if (q->tail.size) buffer_append(&b, q->tail.data, q->tail.size);
    buffer_free(&inner);
    return issue_take(i, &b);
}
