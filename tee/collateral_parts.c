#include "tee/collateral_parts.h"

#include "base/hex.h"

static bool is_space(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct bytes collateral_trim(struct bytes text)
{
    while (text.size && is_space(text.data[0])) text = bytes_of(text.data + 1, text.size - 1);
    while (text.size && is_space(text.data[text.size - 1])) text.size--;
    return text;
}

enum status collateral_own(struct dcap_collateral *c, struct bytes data, struct bytes *out, struct error *e)
{
    uint8_t *own = arena_alloc(&c->arena, data.size);
    if (!own) return error_no_memory(e);
    if (data.size) memcpy(own, data.data, data.size);
    *out = bytes_of(own, data.size);
    return STATUS_OK;
}

enum status collateral_read_hex(struct dcap_collateral *c, struct bytes text, struct bytes *out, struct error *e)
{
    struct buffer decoded = {0};
    const struct bytes digits = collateral_trim(text);
    enum status status = STATUS_OK;
    if (hex_decode(digits, &decoded)) status = collateral_own(c, bytes_of(decoded.data, decoded.size), out, e);
    else if (decoded.failed) status = error_no_memory(e);
    else status = error_set(e, STATUS_MALFORMED, 0, ERROR_NO_OFFSET, "not an even number of hexadecimal digits");
    buffer_free(&decoded);
    return status;
}

/* ---- certificates and lists ---------------------------------------------------------------------------------------- */

enum status certificate_list_read(struct bytes pem, struct arena *a, struct certificate_list *out, struct error *e)
{
    struct certificate_list list = {0};
    struct error found = {0};
    struct bytes der;
    while (pem_next(&pem, "CERTIFICATE", a, &der, &found)) {
        if (list.count == CERTIFICATE_LIST_MAX)
            return tee_refuse(e, TEE_CHAIN, "more than %d certificates", CERTIFICATE_LIST_MAX);
        const enum status status = certificate_read(der, NULL, 0, &list.certificates[list.count], e);
        if (status != STATUS_OK) return status;
        list.count++;
    }
    if (found.status != STATUS_OK) {
        if (e) *e = found;
        return found.status;
    }
    if (list.count == 0) return tee_refuse(e, TEE_PEM, "no certificate");
    *out = list;
    return STATUS_OK;
}

static bool same_list(const struct certificate_list *a, const struct certificate_list *b)
{
    bool same = a->count == b->count;
    for (uint32_t i = 0; same && i < a->count; i++) same = bytes_equal(a->certificates[i].der, b->certificates[i].der);
    return same;
}

enum status collateral_add_chain(struct dcap_collateral *c, struct certificate_list *place, struct bytes pem,
                                 struct error *e)
{
    struct certificate_list list = {0};
    const enum status status = certificate_list_read(pem, &c->arena, &list, e);
    if (status != STATUS_OK) return status;
    if (place->count && !same_list(place, &list))
        return tee_refuse(e, TEE_COLLATERAL, "a second chain of the same kind that is another one");
    *place = list;
    return STATUS_OK;
}

static enum status crl_from_pem(struct dcap_collateral *c, struct bytes text, struct bytes *der, struct error *e)
{
    struct error found = {0};
    struct bytes more;
    bool one = pem_next(&text, "X509 CRL", &c->arena, der, &found);
    if (one && pem_next(&text, "X509 CRL", &c->arena, &more, &found)) return tee_refuse(e, TEE_PEM, "more than one CRL");
    if (found.status != STATUS_OK) {
        if (e) *e = found;
        return found.status;
    }
    return one ? STATUS_OK : tee_refuse(e, TEE_PEM, "no CRL");
}

enum status collateral_read_crl(struct dcap_collateral *c, struct bytes text, struct crl *out, struct error *e)
{
    struct bytes der;
    enum status status;
    const uint8_t first = text.size ? text.data[0] : 0;
    if (first == DER_SEQUENCE && text.size > 1 && text.data[1] >= 0x80) status = collateral_own(c, text, &der, e);
    else if (first == '-') status = crl_from_pem(c, text, &der, e);
    else status = collateral_read_hex(c, text, &der, e);
    if (status == STATUS_MALFORMED && e) {
        const struct error found = *e;
        return tee_refuse(e, TEE_CRL_FORMAT, "%s", found.message);
    }
    return status == STATUS_OK ? crl_read(der, out, e) : status;
}

enum status collateral_add_root_crl(struct dcap_collateral *c, const struct crl *crl, struct error *e)
{
    if (c->has_root_crl && !bytes_equal(c->root_crl.der, crl->der))
        return tee_refuse(e, TEE_COLLATERAL, "a second revocation list of the root that is another one");
    c->root_crl = *crl;
    c->has_root_crl = true;
    return STATUS_OK;
}

enum status collateral_add_pck_crl(struct dcap_collateral *c, const struct crl *crl, struct error *e)
{
    for (uint32_t i = 0; i < c->pck_crl_count; i++) {
        if (bytes_equal(c->pck_crls[i].der, crl->der)) return STATUS_OK;
        if (bytes_equal(c->pck_crls[i].issuer, crl->issuer))
            return tee_refuse(e, TEE_COLLATERAL, "a second revocation list of the same CA that is another one");
    }
    if (c->pck_crl_count == PCK_CRL_MAX) return tee_refuse(e, TEE_LIMIT, "more than %d revocation lists", PCK_CRL_MAX);
    c->pck_crls[c->pck_crl_count++] = *crl;
    return STATUS_OK;
}

/* ---- documents ----------------------------------------------------------------------------------------------------- */

enum status collateral_add_document(struct dcap_collateral *c, struct signed_document *place, struct bytes text,
                                    enum tee_refusal format, struct error *e)
{
    if (place->has_text && !bytes_equal(place->text, text))
        return tee_refuse(e, TEE_COLLATERAL, "a second document of the same kind that is another one");
    if (!text.size) return tee_refuse(e, format, "the document is empty");
    const enum status status = collateral_own(c, text, &place->text, e);
    place->has_text = status == STATUS_OK;
    return status;
}

enum status collateral_add_signature(struct signed_document *place, struct bytes signature, enum tee_refusal format,
                                     struct error *e)
{
    uint8_t decoded[sizeof place->signature];
    bool ok = signature.size == 2 * sizeof decoded;
    for (size_t i = 0; ok && i < sizeof decoded; i++) {
        const int high = hex_digit((char)signature.data[2 * i]), low = hex_digit((char)signature.data[2 * i + 1]);
        ok = high >= 0 && low >= 0;
        if (ok) decoded[i] = (uint8_t)(high << 4 | low);
    }
    if (!ok) return tee_refuse(e, format, "the signature is not 64 bytes in hexadecimal");
    if (place->has_signature && memcmp(place->signature, decoded, sizeof decoded) != 0)
        return tee_refuse(e, TEE_COLLATERAL, "a second signature of the same document that is another one");
    memcpy(place->signature, decoded, sizeof decoded);
    place->has_signature = true;
    return STATUS_OK;
}
