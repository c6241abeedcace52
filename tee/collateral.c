#include "tee/collateral.h"

#include "base/hex.h"
#include "tee/collateral_parts.h"

/* ---- what a file is ------------------------------------------------------------------------------------------------ */

enum form { FORM_UNKNOWN, FORM_JSON, FORM_PEM_CERTIFICATES, FORM_PEM_CRL, FORM_DER_CERTIFICATE, FORM_CRL };

static bool begins(struct bytes text, const char *with)
{
    const size_t size = strlen(with);
    return text.size >= size && memcmp(text.data, with, size) == 0;
}

static bool is_hex(struct bytes text)
{
    for (size_t i = 0; i < text.size; i++)
        if (hex_digit((char)text.data[i]) < 0) return false;
    return text.size > 0;
}

/* Certificates of version 3 begin with a version in a tag of its own; lists never do. */
static enum form form_of_der(struct bytes der)
{
    struct der_reader outer = der_reader_of(der);
    const struct bytes whole = der_read(&outer, DER_SEQUENCE);
    struct der_reader inner = der_inside(&outer, whole);
    const struct bytes tbs = der_read(&inner, DER_SEQUENCE);
    const struct der_reader first = der_inside(&inner, tbs);
    if (inner.failed || outer.failed) return FORM_UNKNOWN;
    return der_peek(&first) == DER_CONTEXT_CONSTRUCTED ? FORM_DER_CERTIFICATE : FORM_CRL;
}

static enum form form_of(struct bytes data)
{
    if (data.size > 1 && data.data[0] == DER_SEQUENCE && data.data[1] >= 0x80) return form_of_der(data);
    const struct bytes text = collateral_trim(data);
    if (begins(text, "{")) return FORM_JSON;
    if (begins(text, "-----BEGIN CERTIFICATE-----")) return FORM_PEM_CERTIFICATES;
    if (begins(text, "-----BEGIN X509 CRL-----")) return FORM_PEM_CRL;
    return is_hex(text) ? FORM_CRL : FORM_UNKNOWN;
}

/* ---- reading ------------------------------------------------------------------------------------------------------- */

/* What a chain is for is known by its leaf. A root alone is not needed: it is pinned. */
static enum status place_list(struct dcap_collateral *c, const struct certificate_list *list, struct error *e)
{
    const struct bytes subject = list->certificates[0].subject;
    struct certificate_list *place = NULL;
    if (name_common_name_is(subject, "Intel SGX Root CA")) return STATUS_OK;
    if (name_common_name_is(subject, "Intel SGX PCK Certificate")) place = &c->pck_chain;
    if (name_common_name_is(subject, "Intel SGX PCK Platform CA") ||
        name_common_name_is(subject, "Intel SGX PCK Processor CA"))
        place = &c->pck_crl_chain;
    if (name_common_name_is(subject, "Intel SGX TCB Signing")) place = c->tcb_chain.count ? &c->qe_chain : &c->tcb_chain;
    if (!place) return tee_refuse(e, TEE_COLLATERAL, "a certificate whose name has no place in Intel's hierarchy");
    if (place->count && !bytes_equal(place->certificates[0].der, list->certificates[0].der))
        return tee_refuse(e, TEE_COLLATERAL, "a second chain of the same kind that is another one");
    *place = *list;
    return STATUS_OK;
}

static enum status add_pem(struct dcap_collateral *c, struct bytes text, struct error *e)
{
    struct certificate_list list = {0};
    const enum status status = certificate_list_read(text, &c->arena, &list, e);
    return status == STATUS_OK ? place_list(c, &list, e) : status;
}

static enum status add_der_certificate(struct dcap_collateral *c, struct bytes der, struct error *e)
{
    struct certificate_list list = {.count = 1};
    struct bytes own;
    enum status status = collateral_own(c, der, &own, e);
    if (status == STATUS_OK) status = certificate_read(own, NULL, 0, &list.certificates[0], e);
    return status == STATUS_OK ? place_list(c, &list, e) : status;
}

static enum status add_crl(struct dcap_collateral *c, struct bytes data, struct error *e)
{
    struct crl crl;
    const enum status status = collateral_read_crl(c, data, &crl, e);
    if (status != STATUS_OK) return status;
    return name_common_name_is(crl.issuer, "Intel SGX Root CA") ? collateral_add_root_crl(c, &crl, e)
                                                                : collateral_add_pck_crl(c, &crl, e);
}

static enum status add_file(struct dcap_collateral *c, struct bytes data, struct error *e)
{
    if (data.size > COLLATERAL_MAX_FILE)
        return tee_refuse(e, TEE_LIMIT, "%zu bytes; at most %d are read", data.size, COLLATERAL_MAX_FILE);
    switch (form_of(data)) {
    case FORM_JSON: return collateral_add_json(c, collateral_trim(data), e);
    case FORM_PEM_CERTIFICATES: return add_pem(c, collateral_trim(data), e);
    case FORM_DER_CERTIFICATE: return add_der_certificate(c, data, e);
    case FORM_PEM_CRL: return add_crl(c, collateral_trim(data), e);
    case FORM_CRL: return add_crl(c, data, e);
    case FORM_UNKNOWN: break;
    }
    return tee_refuse(e, TEE_COLLATERAL, "neither a JSON object nor certificates nor a revocation list");
}

enum status dcap_collateral_read(const struct tee_file *files, uint32_t count, struct dcap_collateral *out,
                                 struct error *e)
{
    struct dcap_collateral c = {.empty = count == 0};
    struct error found = {0};
    enum status status = STATUS_OK;
    for (uint32_t i = 0; i < count && status == STATUS_OK; i++) {
        status = add_file(&c, files[i].data, &found);
        if (status == STATUS_NO_MEMORY) error_no_memory(e);
        else if (status != STATUS_OK)
            tee_refuse(e, (enum tee_refusal)found.code, "%s: %s", files[i].name ? files[i].name : "collateral",
                       found.message);
    }
    if (status != STATUS_OK) {
        arena_free(&c.arena);
        c = (struct dcap_collateral){0};
    }
    *out = c;
    return status;
}

void dcap_collateral_free(struct dcap_collateral *c)
{
    arena_free(&c->arena);
    *c = (struct dcap_collateral){0};
}
