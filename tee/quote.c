#include "tee/quote.h"

enum {
    TEE_TYPE_SGX = 0,
    TEE_TYPE_TDX = 0x81,
    KEY_TYPE_ECDSA_P256 = 2,
    V5_BODY_HEADER_SIZE = 6, /* type u16, size u32 */
};

/* Intel's quoting enclaves. */
static const uint8_t intel_vendor[16] = {0x93, 0x9a, 0x72, 0x33, 0xf7, 0x9c, 0x4c, 0xa9,
                                         0x94, 0x0a, 0x0d, 0xb3, 0x95, 0x7f, 0x06, 0x07};

/* ---- a position in bytes ------------------------------------------------------------------------------------------- */

struct cursor {
    const uint8_t *start, *p, *end;
    const char *inside; /* what these bytes are, for messages */
};

static struct cursor cursor_of(const uint8_t *start, struct bytes range, const char *inside)
{
    return (struct cursor){start, range.data, range.data + range.size, inside};
}

static size_t left(const struct cursor *c)
{
    return (size_t)(c->end - c->p);
}

static enum status refuse_at(const struct cursor *c, struct error *e, enum status status)
{
    if (e) e->offset = (uint64_t)(c->p - c->start);
    return status;
}

static enum status take(struct cursor *c, size_t size, const char *what, const uint8_t **out, struct error *e)
{
    if (left(c) < size)
        return refuse_at(c, e, tee_refuse(e, TEE_LENGTH, "%s needs %zu bytes, and %s has %zu left", what, size, c->inside,
                                          left(c)));
    *out = c->p;
    c->p += size;
    return STATUS_OK;
}

static enum status take_u16(struct cursor *c, const char *what, uint16_t *out, struct error *e)
{
    const uint8_t *p;
    const enum status status = take(c, 2, what, &p, e);
    if (status == STATUS_OK) *out = load_le16(p);
    return status;
}

static enum status take_u32(struct cursor *c, const char *what, uint32_t *out, struct error *e)
{
    const uint8_t *p;
    const enum status status = take(c, 4, what, &p, e);
    if (status == STATUS_OK) *out = load_le32(p);
    return status;
}

static enum status nothing_left(const struct cursor *c, struct error *e)
{
    if (left(c) == 0) return STATUS_OK;
    return refuse_at(c, e, tee_refuse(e, TEE_LENGTH, "%s has %zu bytes more than its contents", c->inside, left(c)));
}

/* ---- header and body ----------------------------------------------------------------------------------------------- */

static enum status read_header(struct cursor *c, struct quote *q, struct error *e)
{
    const uint8_t *h;
    enum status status = take(c, QUOTE_HEADER_SIZE, "the header", &h, e);
    if (status != STATUS_OK) return status;
    const uint16_t version = load_le16(h), key_type = load_le16(h + 2);
    const uint32_t tee_type = load_le32(h + 4);
    if (version < 3 || version > 5) return tee_refuse(e, TEE_VERSION, "version %u, expected 3, 4 or 5", version);
    if (key_type != KEY_TYPE_ECDSA_P256)
        return tee_refuse(e, TEE_KEY_TYPE, "attestation key type %u, expected 2 (ECDSA with P-256)", key_type);
    if (tee_type != TEE_TYPE_SGX && (tee_type != TEE_TYPE_TDX || version == 3))
        return tee_refuse(e, TEE_TEE_TYPE, "TEE type 0x%x, expected 0 (SGX)%s", (unsigned)tee_type,
                          version == 3 ? " in version 3" : " or 0x81 (TDX)");
    if (memcmp(h + 12, intel_vendor, sizeof intel_vendor) != 0)
        return tee_refuse(e, TEE_VENDOR, "the quoting enclave's vendor is not Intel (939a7233f79c4ca9940a0db3957f0607)");
    q->version = version;
    q->platform = tee_type == TEE_TYPE_SGX ? TEE_SGX : TEE_TDX;
    q->body = tee_type == TEE_TYPE_SGX ? QUOTE_ENCLAVE : QUOTE_TD_1_0;
    return STATUS_OK;
}

static size_t body_size(enum quote_body body)
{
    switch (body) {
    case QUOTE_ENCLAVE: return ENCLAVE_REPORT_SIZE;
    case QUOTE_TD_1_0: return TD_REPORT_1_0_SIZE;
    case QUOTE_TD_1_5: break;
    }
    return TD_REPORT_1_5_SIZE;
}

/* Version 5 says itself which body follows. */
static enum status read_body_header(struct cursor *c, struct quote *q, struct error *e)
{
    uint16_t type;
    uint32_t size;
    enum status status = take_u16(c, "the body's type", &type, e);
    if (status == STATUS_OK) status = take_u32(c, "the body's size", &size, e);
    if (status != STATUS_OK) return status;
    if (type < QUOTE_ENCLAVE || type > QUOTE_TD_1_5)
        return tee_refuse(e, TEE_BODY, "body type %u, expected 1 (enclave), 2 (TD 1.0) or 3 (TD 1.5)", type);
    if ((type == QUOTE_ENCLAVE) != (q->platform == TEE_SGX))
        return tee_refuse(e, TEE_BODY, "body type %u in a quote of %s", type, q->platform == TEE_SGX ? "SGX" : "TDX");
    q->body = (enum quote_body)type;
    if (size != body_size(q->body))
        return tee_refuse(e, TEE_BODY, "a body of type %u has %zu bytes, not %u", type, body_size(q->body),
                          (unsigned)size);
    return STATUS_OK;
}

static struct enclave_report enclave_report_at(const uint8_t *p)
{
    return (struct enclave_report){
        .raw = bytes_of(p, ENCLAVE_REPORT_SIZE),
        .cpu_svn = p,
        .misc_select = p + 16,
        .attributes = p + 48,
        .mrenclave = p + 64,
        .mrsigner = p + 128,
        .isv_prod_id = load_le16(p + 256),
        .isv_svn = load_le16(p + 258),
        .report_data = p + 320,
    };
}

static struct td_report td_report_at(const uint8_t *p, bool version_1_5)
{
    return (struct td_report){
        .tee_tcb_svn = p,
        .mr_seam = p + 16,
        .mr_signer_seam = p + 64,
        .seam_attributes = p + 112,
        .td_attributes = load_le64(p + 120),
        .xfam = load_le64(p + 128),
        .mr_td = p + 136,
        .mr_config_id = p + 184,
        .mr_owner = p + 232,
        .mr_owner_config = p + 280,
        .rtmr = {p + 328, p + 376, p + 424, p + 472},
        .report_data = p + 520,
        .tee_tcb_svn2 = version_1_5 ? p + 584 : NULL,
        .mr_service_td = version_1_5 ? p + 600 : NULL,
    };
}

static enum status read_body(struct cursor *c, struct quote *q, struct error *e)
{
    const uint8_t *p;
    enum status status = q->version == 5 ? read_body_header(c, q, e) : STATUS_OK;
    if (status == STATUS_OK) status = take(c, body_size(q->body), "the body", &p, e);
    if (status != STATUS_OK) return status;
    if (q->body == QUOTE_ENCLAVE) q->enclave = enclave_report_at(p);
    else q->td = td_report_at(p, q->body == QUOTE_TD_1_5);
    q->signed_part = bytes_of(c->start, (size_t)(c->p - c->start));
    return STATUS_OK;
}

/* ---- signature data ------------------------------------------------------------------------------------------------ */

/* Certification data: type u16, size u32, contents; the last thing in what `c` goes through. */
static enum status read_certification(struct cursor *c, const char *what, uint16_t *type, struct cursor *contents,
                                      struct error *e)
{
    uint32_t size;
    const uint8_t *p;
    enum status status = take_u16(c, what, type, e);
    if (status == STATUS_OK) status = take_u32(c, what, &size, e);
    if (status == STATUS_OK) status = take(c, size, what, &p, e);
    if (status == STATUS_OK) status = nothing_left(c, e);
    if (status == STATUS_OK) *contents = cursor_of(c->start, bytes_of(p, size), what);
    return status;
}

/* The quoting enclave's report, its signature, the data that it hashed with the key, and the platform's certificates. */
static enum status read_qe(struct cursor *c, struct quote *q, struct error *e)
{
    const uint8_t *report, *auth;
    uint16_t auth_size;
    struct cursor contents;
    enum status status = take(c, ENCLAVE_REPORT_SIZE, "the quoting enclave's report", &report, e);
    if (status == STATUS_OK) status = take(c, QUOTE_SIGNATURE_SIZE, "its signature", &q->qe_signature, e);
    if (status == STATUS_OK) status = take_u16(c, "the authentication data's length", &auth_size, e);
    if (status == STATUS_OK) status = take(c, auth_size, "the authentication data", &auth, e);
    if (status == STATUS_OK) status = read_certification(c, "the certification data", &q->cert_type, &contents, e);
    if (status != STATUS_OK) return status;
    if (q->cert_type < 1 || q->cert_type > QUOTE_CERT_PCK_CHAIN)
        return tee_refuse(e, TEE_CERT_TYPE, "certification data of type %u, expected 5 (certificates) or 1 to 4",
                          q->cert_type);
    q->qe = enclave_report_at(report);
    q->qe_auth = bytes_of(auth, auth_size);
    q->cert_data = bytes_of(contents.p, left(&contents));
    return STATUS_OK;
}

static enum status read_signature_data(struct cursor *c, struct quote *q, struct error *e)
{
    uint16_t type;
    struct cursor contents;
    enum status status = take(c, QUOTE_SIGNATURE_SIZE, "the signature", &q->signature, e);
    if (status == STATUS_OK) status = take(c, QUOTE_KEY_SIZE, "the attestation key", &q->key, e);
    if (status != STATUS_OK) return status;
    if (q->version == 3) return read_qe(c, q, e);
    status = read_certification(c, "the outer certification data", &type, &contents, e);
    if (status != STATUS_OK) return status;
    if (type != QUOTE_CERT_QE_REPORT)
        return tee_refuse(e, TEE_CERT_TYPE, "outer certification data of type %u, expected 6", type);
    return read_qe(&contents, q, e);
}

static enum status read_trailing(struct cursor *c, size_t size, bool allowed, struct quote *q, struct error *e)
{
    q->trailing = left(c);
    if (q->trailing && !allowed)
        return refuse_at(c, e, tee_refuse(e, TEE_TRAILING, "%zu bytes behind the quote, and the policy allows none",
                                          q->trailing));
    if (q->trailing && size > QUOTE_MAX_SIZE)
        return refuse_at(c, e, tee_refuse(e, TEE_TRAILING, "%zu bytes behind the quote: more than %d in all", q->trailing,
                                          QUOTE_MAX_SIZE));
    for (; c->p < c->end; c->p++)
        if (*c->p)
            return refuse_at(c, e, tee_refuse(e, TEE_TRAILING, "bytes behind the quote that are not zero"));
    return STATUS_OK;
}

enum status quote_read(struct bytes data, bool allow_trailing, struct quote *out, struct error *e)
{
    struct quote q = {0};
    const uint8_t *p = NULL;
    uint32_t size = 0;
    struct cursor c = cursor_of(data.data, data, "the quote");
    enum status status = data.size ? read_header(&c, &q, e) : tee_refuse(e, TEE_LENGTH, "the quote is empty");
    if (status == STATUS_OK) status = read_body(&c, &q, e);
    if (status == STATUS_OK) status = take_u32(&c, "the signature data's length", &size, e);
    if (status == STATUS_OK) status = take(&c, size, "the signature data", &p, e);
    if (status != STATUS_OK) return status;
    struct cursor signature_data = cursor_of(data.data, bytes_of(p, size), "the signature data");
    status = read_signature_data(&signature_data, &q, e);
    if (status == STATUS_OK) status = read_trailing(&c, data.size, allow_trailing, &q, e);
    if (status == STATUS_OK && data.size > QUOTE_MAX_SIZE)
        status = tee_refuse(e, TEE_LIMIT, "a quote of %zu bytes; at most %d are read", data.size, QUOTE_MAX_SIZE);
    if (status == STATUS_OK) *out = q;
    return status;
}

const uint8_t *quote_report_data(const struct quote *q)
{
    return q->body == QUOTE_ENCLAVE ? q->enclave.report_data : q->td.report_data;
}
