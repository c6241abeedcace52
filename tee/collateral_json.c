#include "json/json_read.h"
#include "tee/collateral_parts.h"
#include "tee/signed_json.h"

/* ---- nine strings ----------------------------------------------------------------------------------------------- */

enum kind { CHAIN, ROOT_CRL, PCK_CRL, DOCUMENT, SIGNATURE };

static const struct member {
    const char *name;
    enum kind kind;
    size_t place;                  /* of the chain or document in struct dcap_collateral */
    enum tee_refusal format;       /* of a document */
} members[] = {
#define AT(field) offsetof(struct dcap_collateral, field)
    {"pck_certificate_chain", CHAIN, AT(pck_chain), TEE_OK},
    {"pck_crl_issuer_chain", CHAIN, AT(pck_crl_chain), TEE_OK},
    {"tcb_info_issuer_chain", CHAIN, AT(tcb_chain), TEE_OK},
    {"qe_identity_issuer_chain", CHAIN, AT(qe_chain), TEE_OK},
    {"root_ca_crl", ROOT_CRL, 0, TEE_OK},
    {"pck_crl", PCK_CRL, 0, TEE_OK},
    {"tcb_info", DOCUMENT, AT(tcb_info_document), TEE_TCB_FORMAT},
    {"tcb_info_signature", SIGNATURE, AT(tcb_info_document), TEE_TCB_FORMAT},
    {"qe_identity", DOCUMENT, AT(qe_identity_document), TEE_QE_ID_FORMAT},
    {"qe_identity_signature", SIGNATURE, AT(qe_identity_document), TEE_QE_ID_FORMAT},
#undef AT
};
enum { MEMBERS = sizeof members / sizeof *members };

static enum status add_member(struct dcap_collateral *c, const struct member *m, struct bytes text, struct error *e)
{
    void *place = (uint8_t *)c + m->place;
    struct crl crl;
    enum status status = STATUS_OK;
    switch (m->kind) {
    case CHAIN: return collateral_add_chain(c, place, text, e);
    case DOCUMENT: return collateral_add_document(c, place, text, m->format, e);
    case SIGNATURE: return collateral_add_signature(place, text, m->format, e);
    case ROOT_CRL:
    case PCK_CRL: break;
    }
    status = collateral_read_crl(c, text, &crl, e);
    if (status != STATUS_OK) return status;
    return m->kind == ROOT_CRL ? collateral_add_root_crl(c, &crl, e) : collateral_add_pck_crl(c, &crl, e);
}

static enum status add_members(struct dcap_collateral *c, const struct json_place *root, struct error *e)
{
    const char *names[MEMBERS];
    for (size_t i = 0; i < MEMBERS; i++) names[i] = members[i].name;
    enum status status = json_check_object(root, names, MEMBERS, e);
    for (size_t i = 0; i < MEMBERS && status == STATUS_OK; i++) {
        struct json_place place;
        struct bytes text;
        if (!json_member(root, members[i].name, &place)) continue;
        status = json_read_text(&place, &text, e);
        if (status != STATUS_OK) break;
        status = add_member(c, &members[i], text, e);
        if (status == STATUS_OK || status == STATUS_NO_MEMORY) continue;
        const struct error found = *e;
        status = tee_refuse(e, (enum tee_refusal)found.code, "%s: %s", members[i].name, found.message);
    }
    return status;
}

static enum status add_strings(struct dcap_collateral *c, struct bytes text, struct error *e)
{
    struct json *document = NULL;
    enum status status = json_read_document(text, &document, e);
    if (status == STATUS_OK) {
        const struct json_place root = json_root(document);
        status = add_members(c, &root, e);
    }
    json_free(document);
    return tcb_json_refusal(status, TEE_JSON, "collateral", e);
}

/* ---- Intel's answers -------------------------------------------------------------------------------------------- */

static const char *const signed_names[] = {"tcbInfo", "enclaveIdentity"};

static enum status add_signed(struct dcap_collateral *c, struct bytes text, struct error *e)
{
    struct signed_json found;
    enum status status = signed_json_split(text, &found, e);
    const bool is_identity = status == STATUS_OK && bytes_equal(found.name, bytes_of_string(signed_names[1]));
    if (status == STATUS_OK && !is_identity && !bytes_equal(found.name, bytes_of_string(signed_names[0])))
        status = error_set(e, STATUS_MALFORMED, 0, ERROR_NO_OFFSET, "expected tcbInfo or enclaveIdentity");
    if (status != STATUS_OK) {
        const bool names_identity = signed_json_is(text, &signed_names[1], 1) && !signed_json_is(text, signed_names, 1);
        return tcb_json_refusal(status, names_identity ? TEE_QE_ID_FORMAT : TEE_TCB_FORMAT, "signed document", e);
    }
    struct signed_document *place = is_identity ? &c->qe_identity_document : &c->tcb_info_document;
    const enum tee_refusal format = is_identity ? TEE_QE_ID_FORMAT : TEE_TCB_FORMAT;
    status = collateral_add_document(c, place, found.value, format, e);
    return status == STATUS_OK ? collateral_add_signature(place, found.signature, format, e) : status;
}

enum status collateral_add_json(struct dcap_collateral *c, struct bytes text, struct error *e)
{
    const size_t count = sizeof signed_names / sizeof *signed_names;
    return signed_json_is(text, signed_names, count) ? add_signed(c, text, e) : add_strings(c, text, e);
}
